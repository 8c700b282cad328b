"""Sends messages to people, by apprise (extra `notify`), which is loaded only then."""
