"""The table of options: each that several commands have, or that a file or a variable may set.

An option of one command alone that nothing else sets is declared in that command's folder.
"""
