"""What the reader sees: a folder a page, each with its panels and what only it computes."""
