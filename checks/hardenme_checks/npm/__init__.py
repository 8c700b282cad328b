"""Checks of npm accounts, tokens and packages."""
