"""`hardenme demo`: the real check on built-in accounts."""
