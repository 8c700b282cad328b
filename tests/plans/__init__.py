"""Runs every command of a fix plan in the printed order, by the real clients.

The hosts are loopback servers that take what changes something and refuse what GitHub and npm
refuse. `python -m tests.plans` runs all worlds and prints what came of each kind of step.
"""
