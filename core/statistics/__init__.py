"""Statistics: what staff may know of all conversations together, and nothing of any single person."""
