"""What package managers downloaded and installed on this machine; nothing is run."""
