"""The pages: what the reader chose -> what the network did -> what is drawn."""

__version__ = "2.0.0"
