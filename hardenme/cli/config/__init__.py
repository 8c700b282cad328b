"""`hardenme config`: the settings in force."""
