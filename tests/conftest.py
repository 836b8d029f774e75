"""What holds for all tests."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # a test does not time: a machine may be busy with other things
settings.load_profile("untimed")
