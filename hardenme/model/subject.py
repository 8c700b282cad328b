"""What is inspected."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """Something that is inspected, by an id like `github:repo/acme/web`.

    Attributes:
        provider: `github`, `npm`, `local` or `practice`.
        kind: `user`, `org`, `repo`, `ssh-key`, `package`, …
        name: the provider's own name or number for it.
    """

    provider: str
    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.provider}:{self.kind}/{self.name}"

    @classmethod
    def parse(cls, text: str) -> Subject:
        """Read an id as `str()` writes it.

        Raises:
            ValueError: the text is not `provider:kind/name`.
        """
        provider, colon, rest = text.partition(":")
        kind, slash, name = rest.partition("/")
        if not (provider and colon and kind and slash and name):
            raise ValueError(f"{text!r} is not a subject; it reads provider:kind/name")
        return cls(provider, kind, name)
