"""What is read and answered: the dictionary, and the readers of files, one format a file."""
