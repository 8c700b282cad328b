"""Who is asked in a run, and by which credential."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hardenme.collectors.attested import Statements
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.npm.client import Npm
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown


@dataclass(slots=True)
class Clients:
    """Who is asked, and by which credential.

    Attributes:
        github: None without a token.
        github_by_owner: for owners that have a token of their own, by their lower-case login.
        npm: always there: what is public needs no token.
        others: the clients for `mail` and `local`, and the statements on record for `attested`.
        refused: why a provider cannot be asked.
        sources: where each provider's credential was found.
    """

    github: GitHub | None
    npm: Npm
    others: Mapping[str, Any] = field(default_factory=dict)
    refused: dict[str, Unknown] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    github_by_owner: Mapping[str, GitHub] = field(default_factory=dict)

    def lane(self, provider: str, subject: Subject) -> str:
        """By which name a client is asked about a subject: `github/OWNER`, or the provider's."""
        owner = subject.name.partition("/")[0].lower()
        of_owner = provider == subject.provider == "github" and subject.kind != "token"
        own = of_owner and owner in self.github_by_owner
        return f"github/{owner}" if own else provider

    def lanes(self) -> dict[str, Any]:
        """Every client by its lane; without statements, there are no lanes for them."""
        own = {f"github/{owner}": client for owner, client in self.github_by_owner.items()}
        named = {"github": self.github, "npm": self.npm, "attested": Statements()}
        return {**named, **self.others, **own}

    def of_owner(self, owner: str) -> GitHub | None:
        """Who is asked about an owner's things."""
        return self.github_by_owner.get(owner.lower(), self.github)
