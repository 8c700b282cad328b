"""Facts that are computed from other facts. A function's annotations say from what, and what.

A function may return `Unknown` in place of its fact. It returns `Every[...]` if it makes a list:
that carries both what is known and why the list is incomplete.
"""
