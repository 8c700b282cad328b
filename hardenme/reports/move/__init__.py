"""Moving packages to trusted publishing: a table to read, and a script that a person runs."""
