"""Reads this workstation."""

COLLECTORS = ()
