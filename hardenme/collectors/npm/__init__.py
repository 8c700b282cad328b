"""Reads npm's registry, or another that speaks like it."""
