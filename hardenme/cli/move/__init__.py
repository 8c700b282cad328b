"""`hardenme move`: packages to trusted publishing, in batches."""
