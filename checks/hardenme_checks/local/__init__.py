"""Checks of this workstation; nothing that they look at leaves the machine."""
