"""What Desmi knows and says, with no messenger."""

import os

# before numpy is loaded: a message's sums are too small for two threads, which only wait for each other busily
os.environ.setdefault("OMP_NUM_THREADS", "1")
