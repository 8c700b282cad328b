"""`hardenme waive`: findings that are accepted for a time."""
