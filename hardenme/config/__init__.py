"""Configuration files: where they are, how far each is trusted, and what in them is refused."""
