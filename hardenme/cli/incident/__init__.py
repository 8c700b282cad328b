"""`hardenme incident`: an attack from its first minute to the last credential that it could use."""
