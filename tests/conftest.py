"""What holds for all tests."""

import os

from hypothesis import settings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the app, before NumPy is imported

settings.register_profile("untimed", deadline=None)  # a test does not time: a machine may be busy with other things
settings.load_profile("untimed")
