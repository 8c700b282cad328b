"""`hardenme people`: who could do harm, and who can stop whom."""
