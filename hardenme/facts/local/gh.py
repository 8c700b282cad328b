"""GitHub's command line `gh`: where it keeps its tokens."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.facts.local.machine import LocalFact
from hardenme.model.fact import key


@dataclass(frozen=True, slots=True, kw_only=True)
class GhHosts(LocalFact):
    """The file of hosts that `gh` is signed in to (subject `local:gh/PATH`).

    Attributes:
        token_lines: the lines with a token in plain text, counted from 1.
    """

    source = "FILE ~/.config/gh/hosts.yml"
    noun = "sign-in of gh"

    token_lines: tuple[int, ...] = key("oauth_token")
