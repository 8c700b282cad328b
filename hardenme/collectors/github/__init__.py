"""Reads GitHub."""
