"""One audit: from checked options, through tokens and clients, to the exit code."""
