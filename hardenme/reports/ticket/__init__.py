"""Tickets: what someone else has to change, for a reader who does not have hardenme."""
