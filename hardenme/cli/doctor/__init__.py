"""`hardenme doctor`: what a run would use."""
