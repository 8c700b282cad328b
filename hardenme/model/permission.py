"""Rights in the providers' own words: what a fact requires and what a token grants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Scheme(StrEnum):
    """In which system of rights a permission is spelled."""

    CLASSIC = "classic"
    """A scope of a classic GitHub token or OAuth app, like `read:org`."""
    FINE_GRAINED = "fine-grained"
    """A permission of a fine-grained GitHub token or GitHub App, like `members:read`."""
    NPM = "npm"
    """A kind of npm token: `session`, or a right of a granular token like `org:read`."""
    ROLE = "role"
    """What the person must be, like `organization owner`."""


APP = "GitHub App"
"""The role that no person has."""


@dataclass(frozen=True, slots=True, order=True)
class Permission:
    """One right in the provider's own words."""

    scheme: Scheme
    name: str

    def __str__(self) -> str:
        if self.scheme is Scheme.CLASSIC:
            return f"the scope {self.name} (classic token)"
        if self.scheme is Scheme.FINE_GRAINED:
            return f"{self.name} (fine-grained token)"
        if self.scheme is Scheme.NPM:
            return (
                f"{self.name} (granular npm token)" if ":" in self.name else f"an npm {self.name}"
            )
        return "a GitHub App" if self.name == APP else f"the role {self.name}"


def classic(name: str) -> Permission:
    """The scope of that name."""
    return Permission(Scheme.CLASSIC, name)


def fine_grained(name: str) -> Permission:
    """The fine-grained permission of that name and level, like `keys:read`."""
    return Permission(Scheme.FINE_GRAINED, name)


def npm(name: str) -> Permission:
    """The kind or right of an npm token."""
    return Permission(Scheme.NPM, name)


def role(name: str) -> Permission:
    """What the person behind the token must be."""
    return Permission(Scheme.ROLE, name)


@dataclass(frozen=True, slots=True)
class Requirement:
    """Any-of over all-of permissions; no alternative at all means that nothing is required."""

    alternatives: tuple[frozenset[Permission], ...] = ()

    def __str__(self) -> str:
        return "; or ".join(
            " and ".join(str(item) for item in sorted(alternative))
            for alternative in self.alternatives
        )

    def within(self, scheme: Scheme) -> Requirement:
        """The alternatives that a token of this scheme can meet; any may include roles."""
        return Requirement(
            tuple(
                alternative
                for alternative in self.alternatives
                if all(item.scheme in {scheme, Scheme.ROLE} for item in alternative)
            )
        )


NOTHING = Requirement()
"""Public, or open to any valid token."""


def any_of(*alternatives: Permission | Iterable[Permission]) -> Requirement:
    """A requirement that one of the alternatives meets; an iterable is an all-of."""
    return Requirement(
        tuple(
            frozenset({item}) if isinstance(item, Permission) else frozenset(item)
            for item in alternatives
        )
    )


SCOPE_CHILDREN: dict[str, tuple[str, ...]] = {
    "repo": (
        "repo:status",
        "repo_deployment",
        "public_repo",
        "repo:invite",
        "security_events",
    ),
    "admin:repo_hook": ("write:repo_hook",),
    "write:repo_hook": ("read:repo_hook",),
    "admin:org": ("write:org",),
    "write:org": ("read:org",),
    "admin:public_key": ("write:public_key",),
    "write:public_key": ("read:public_key",),
    "admin:gpg_key": ("write:gpg_key",),
    "write:gpg_key": ("read:gpg_key",),
    "admin:ssh_signing_key": ("write:ssh_signing_key",),
    "write:ssh_signing_key": ("read:ssh_signing_key",),
    "audit_log": ("read:audit_log",),
    "user": ("read:user", "user:email", "user:follow"),
    "write:packages": ("read:packages",),
    "project": ("read:project",),
    "write:discussion": ("read:discussion",),
    "codespace": ("codespace:secrets",),
    "admin:enterprise": (
        "manage_runners:enterprise",
        "manage_billing:enterprise",
        "read:enterprise",
    ),
}
"""What a classic scope includes.

Source: GitHub's "Scopes for OAuth apps". Answers list the normalized set, with the included scopes
left out, so that a granted set has to be expanded before it is compared.
"""


def expand_scopes(scopes: Iterable[str]) -> frozenset[str]:
    """The scopes and all that they include."""
    expanded: set[str] = set()
    waiting = list(scopes)
    while waiting:
        scope = waiting.pop()
        if scope not in expanded:
            expanded.add(scope)
            waiting.extend(SCOPE_CHILDREN.get(scope, ()))
    return frozenset(expanded)


def least_scopes(requirements: Iterable[Requirement]) -> frozenset[str]:
    """The smallest set of classic scopes that meets every requirement that scopes can meet.

    A scope that another chosen one includes is left out. Of several alternatives the one that is
    already met is taken, else the one that adds the fewest scopes, counting those that it includes.
    """
    chosen: set[str] = set()
    options = sorted(
        (
            [
                sorted(item.name for item in alternative if item.scheme is Scheme.CLASSIC)
                for alternative in requirement.within(Scheme.CLASSIC).alternatives
            ]
            for requirement in requirements
        ),
        key=len,
    )
    for alternatives in options:
        have = expand_scopes(chosen)
        if alternatives and not any(have.issuperset(option) for option in alternatives):
            chosen.update(
                min(alternatives, key=lambda option: (len(expand_scopes(option) - have), option))
            )
    return frozenset(
        scope
        for scope in chosen
        if not any(scope in expand_scopes({other}) for other in chosen - {scope})
    )
