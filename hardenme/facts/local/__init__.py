"""Facts about this workstation. They hold names, places and rights; never a secret's value."""
