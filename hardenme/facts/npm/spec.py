"""What a dependency's text in a manifest means (npm's package.json documentation)."""

from __future__ import annotations

import re

from hardenme.ground.names import PACKAGE

ADDRESS = re.compile(
    r"(?:git(?:\+\w+)?|https?|ssh):|git@|(?:github|gitlab|bitbucket|gist):|file:|link:"
    r"|[A-Za-z0-9][A-Za-z0-9_.-]*/[A-Za-z0-9_.-]+(?:#.*)?$",
    re.IGNORECASE,
)
"""A repository, a tarball or a folder: something that the registry does not hold."""
ALIAS = "npm:"


def address_of(spec: str) -> str:
    """The address outside of the registry that a dependency is taken from; empty for none."""
    spec = spec.strip()
    return spec if ADDRESS.match(spec) else ""


def package_of(name: str, spec: str) -> str:
    """The package of the registry that a dependency is; empty if it comes from elsewhere.

    An alias names another package than the one that it is called by.
    """
    if address_of(spec):
        return ""
    spec = spec.strip()
    if spec.startswith(ALIAS):
        own = spec.removeprefix(ALIAS)
        name = own[: own.rindex("@")] if "@" in own[1:] else own
    return name if PACKAGE.fullmatch(name) else ""
