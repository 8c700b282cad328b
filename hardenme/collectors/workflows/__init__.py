"""Reads workflow files: what they say by our own reading, and what zizmor finds in them."""
