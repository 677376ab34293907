"""Understanding: the components of Rasa's pipeline, the training sentences and the lexicon."""
