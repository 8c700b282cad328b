"""Reads what the domain name system and registries say of mail domains."""

from __future__ import annotations

from hardenme.collectors.mail.domains import COLLECTORS

__all__ = ["COLLECTORS"]
