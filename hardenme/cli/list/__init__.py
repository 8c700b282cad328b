"""`hardenme list`: checks, profiles, and the controls of standards."""
