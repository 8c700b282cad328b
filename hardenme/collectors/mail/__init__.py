"""Reads what the domain name system and registries say of mail domains."""

COLLECTORS = ()
