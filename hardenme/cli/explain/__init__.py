"""`hardenme explain`: what a check means."""
