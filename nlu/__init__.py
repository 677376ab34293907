"""Understanding: the components of Rasa's pipeline, the training sentences and the lexicon."""

import os

# before numpy is loaded: a message's sums are too small for two threads, which only wait for each other busily
os.environ.setdefault("OMP_NUM_THREADS", "1")
