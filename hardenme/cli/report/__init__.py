"""`hardenme report`: a check for a timer."""
