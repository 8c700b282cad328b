"""Whose access ends, and how."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.model.handover import Mode
from hardenme.model.npm_address import REGISTRY
from hardenme.model.pages import GITHUB_WEB


@dataclass(frozen=True, slots=True)
class PersonLeaving:
    """Whose access ends, and how.

    Attributes:
        login: on GitHub.
        npm: on npm; empty if no account is known.
        mode: why.
        successor: who takes over on GitHub; empty for no one.
        npm_successor: the same on npm.
        web: the address of GitHub's pages.
        registry: the registry's address.
    """

    login: str
    npm: str
    mode: Mode
    successor: str = ""
    npm_successor: str = ""
    web: str = GITHUB_WEB
    registry: str = REGISTRY
