"""`hardenme fleet`: many organizations, on as many machines as it takes."""
