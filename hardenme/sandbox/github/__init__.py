"""GitHub on a loopback socket, for `hardenme demo`, the tests and the benchmarks."""
