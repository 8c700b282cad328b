"""Files: where they lie, and how they are written: whole, and readable by their owner only."""
