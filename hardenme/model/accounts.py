"""The accounts behind a report, so that reports of two accounts do not become one history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hardenme.model.report import Identity

Accounts = Mapping[str, frozenset[str]]
"""The logins by provider and host, in lower case. A host that named no account has no entry."""


def accounts_of(identities: Iterable[Identity]) -> Accounts:
    """The accounts that the providers named, as far as they named any."""
    found: dict[str, frozenset[str]] = {}
    for one in identities:
        if one.login:
            name = f"{one.provider} {one.host}"
            found[name] = found.get(name, frozenset()) | {one.login.lower()}
    return found


def contradict(one: Accounts, other: Accounts) -> bool:
    """Whether two reports are of different accounts.

    A host that named no account contradicts nothing. The credential may have expired or gone and
    still belong to the same person, who now sees less. What it showed before is no longer visible,
    and the history continues.
    """
    shared = one.keys() & other.keys()
    return any(one[name].isdisjoint(other[name]) for name in shared)


def joined(one: Accounts, other: Accounts) -> Accounts:
    """The accounts of both."""
    names = one.keys() | other.keys()
    return {name: one.get(name, frozenset()) | other.get(name, frozenset()) for name in names}
