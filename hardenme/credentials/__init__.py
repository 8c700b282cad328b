"""Finds the tokens: from where, in which order, for which host, and never from an argument."""
