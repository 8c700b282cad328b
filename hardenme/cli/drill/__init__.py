"""`hardenme drill`: scenarios from real cases, and a tabletop against the own accounts; offline."""
