"""Runs for a timer: compared with the last one, stored, reported."""
