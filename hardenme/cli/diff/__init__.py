"""`hardenme diff`: what changed between two stored reports."""
