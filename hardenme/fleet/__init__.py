"""Many organizations on many machines: who reads which, and the results."""
