"""Training of what stands outside Rasa's own pipeline: run in Rasa's environment, read by `core` without it."""
