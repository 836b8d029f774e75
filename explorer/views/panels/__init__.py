"""What stands below the stage on every page that shows an example: one panel a file, the same for all structures."""
