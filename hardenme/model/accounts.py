"""Whose answers a report holds, so that reports of two accounts are not taken for one history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hardenme.model.report import Identity

Accounts = Mapping[str, frozenset[str]]
"""The logins by provider and host, in lower case. A host that told none has no entry."""


def accounts_of(identities: Iterable[Identity]) -> Accounts:
    """For whom the providers answered, as far as they said."""
    found: dict[str, frozenset[str]] = {}
    for one in identities:
        if one.login:
            name = f"{one.provider} {one.host}"
            found[name] = found.get(name, frozenset()) | {one.login.lower()}
    return found


def contradict(one: Accounts, other: Accounts) -> bool:
    """Whether two reports are of different accounts.

    A host that told of no account contradicts nothing: a credential that ended or went away is the
    same person's, who sees less. What it showed before is lost sight of, and no history begins.
    """
    shared = one.keys() & other.keys()
    return any(one[name].isdisjoint(other[name]) for name in shared)


def joined(one: Accounts, other: Accounts) -> Accounts:
    """All that either of them tells."""
    names = one.keys() | other.keys()
    return {name: one.get(name, frozenset()) | other.get(name, frozenset()) for name in names}
