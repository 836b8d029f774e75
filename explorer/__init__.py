"""The pages: what the reader chose -> what the network did -> what is drawn."""
