"""Learning: what staff correct, what of it may be taught, and how a better model comes of it."""
