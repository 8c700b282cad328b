"""Options that several commands have: their declaration, their settings, their values."""
