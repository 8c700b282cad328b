"""A loopback npm registry: its state, its server, and ready-made scenarios."""
