"""The only input: what is read from GitHub, npm and this machine, as facts."""
