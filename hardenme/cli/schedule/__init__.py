"""`hardenme schedule`: files for a timer."""
