"""Understanding: the components of Rasa's pipeline, the training sentences and the lexicon."""

import os

# before anything loads OpenMP: the encoder's threads wait for each other busily, 640 ms a sentence in place of 19
os.environ.setdefault("OMP_NUM_THREADS", "1")
