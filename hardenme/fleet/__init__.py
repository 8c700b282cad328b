"""Many organizations on many machines: who reads which, and what came of it."""
