"""`hardenme show`: a run again, or a part of it."""
