"""`hardenme completion`: what a shell offers for a word that is begun."""

VARIABLE = "_HARDENME_COMPLETE"
"""By this a shell asks for words; typer reads it."""
