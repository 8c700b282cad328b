"""`hardenme cache`: answers and runs that were kept."""
