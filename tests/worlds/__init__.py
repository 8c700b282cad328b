"""Worlds that tests and benchmarks add to those of the demo, and the writes that change them."""
