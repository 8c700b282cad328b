"""The terminal, the pipe or the file at the other end, and the person in front of it."""
