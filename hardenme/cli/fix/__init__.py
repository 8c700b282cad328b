"""`hardenme fix`: the fix plan of a report, and whether a step is done."""
