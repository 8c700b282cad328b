"""`hardenme watch`: new releases, looked at for signs of an attack."""
