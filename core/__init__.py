"""A recurrent network in NumPy, written to be read: equations (1)–(4) of the lecture, forward and backward."""
