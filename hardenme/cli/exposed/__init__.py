"""`hardenme exposed`: whether a bad version or action ran, and what its jobs could reach."""
