"""What everything stands on: this machine's clock, files and locks, and names of repositories."""
