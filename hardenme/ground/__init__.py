"""The lowest layer: the clock, files and locks of this machine, and names of repositories."""
