"""Checks of GitHub accounts, tokens, branches and repositories."""
