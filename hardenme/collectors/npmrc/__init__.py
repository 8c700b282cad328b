"""What npm's settings files say, wherever they lie: on this machine or in a repository."""
