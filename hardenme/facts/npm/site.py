"""Where a fix is clicked on npm's site, and how a command names the registry in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hardenme.model import commands, npm_address
from hardenme.model.fact import Fact
from hardenme.model.pages import npm_page
from hardenme.model.subject import Subject

REGISTRY = npm_address.REGISTRY
"""The address of npm's own registry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmFact(Fact):
    """The base of facts from a registry.

    Attributes:
        registry: the address that was asked, without a trailing slash.
    """

    asked_at = "npm"

    registry: str = REGISTRY

    def placed(self, within: Subject | None = None) -> dict[str, Any]:
        """The fields by which another fact is about the same subject.

        Args:
            within: what it belongs to, where that is not the same.
        """
        place = {"subject": self.subject, "within": within or self.within, "label": self.label}
        return {**place, "registry": self.registry}

    def page(self, name: str, **names: str) -> str:
        """The address of a page; of another registry than npm's own, the registry's address.

        Args:
            name: a key of `NPM`.
            names: the `user`, `package` or `org` that the page belongs to.
        """
        return npm_page(self.registry, name, **names)

    def npm(self, *words: str) -> str:
        """An `npm` command for this registry; each word is quoted for a shell."""
        return commands.npm(self.registry, *words)

    def says(self, field: str) -> bool:
        """Whether a field is known and true.

        It returns False for an unknown field, so it may only add weight to a failure that holds
        without it. No pass may depend on it.
        """
        return field not in self.unknown_fields() and getattr(self, field) is True
