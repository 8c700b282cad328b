"""Loopback GitHub and npm: they are what `demo`, the tests and the benchmarks talk to."""
