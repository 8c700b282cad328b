"""A report on its way to its reader: printed, or written to files."""
