"""`hardenme check`: an audit, now."""
