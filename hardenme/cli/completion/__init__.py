"""`hardenme completion`: what a shell offers for a word that is begun."""
