"""`hardenme permissions`: the least token."""
