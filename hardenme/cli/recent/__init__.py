"""`hardenme recent`: what appeared or changed in a window, without an earlier report."""
