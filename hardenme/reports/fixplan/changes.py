"""What a command does to what is there: whether it takes away, binds or adds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from hardenme.reports.calls import METHODS, Call


class Change(StrEnum):
    """What a step does, the gravest first."""

    REMOVES = "removes"
    BINDS = "binds"
    ADDS = "adds"


RISKS: dict[Change, str] = {
    Change.REMOVES: "It removes or replaces something: anyone and anything that"
    " still uses it is refused, or gets the replacement, at once.",
    Change.BINDS: "It applies to everyone at once: what does not comply is refused.",
    Change.ADDS: "It adds or turns on something, and removes nothing.",
}
"""The one sentence for each."""

NPM: dict[tuple[str, ...], Change] = {
    ("access", "grant", "read-only"): Change.REMOVES,
    ("access", "grant"): Change.ADDS,
    ("access", "set"): Change.BINDS,
    ("access",): Change.REMOVES,
    ("config", "set"): Change.BINDS,
    ("deprecate",): Change.REMOVES,
    ("dist-tag",): Change.REMOVES,
    ("logout",): Change.REMOVES,
    ("org", "set"): Change.REMOVES,
    ("org", "rm"): Change.REMOVES,
    ("owner", "add"): Change.ADDS,
    ("owner", "rm"): Change.REMOVES,
    ("profile", "enable-2fa"): Change.BINDS,
    ("stage", "approve"): Change.ADDS,
    ("stage", "reject"): Change.REMOVES,
    ("team", "add"): Change.ADDS,
    ("team", "create"): Change.ADDS,
    ("team",): Change.REMOVES,
    ("token", "revoke"): Change.REMOVES,
    ("trust", "revoke"): Change.REMOVES,
    ("trust",): Change.ADDS,
}
"""npm's commands that change something by the name of what they are given, by their first words;
the first that fits. What is not in here needs a folder, makes a secret, or only shows something."""
SWITCHES_ON = re.compile(
    r"(?:^|/)(?:vulnerability-alerts|automated-security-fixes|private-vulnerability-reporting"
    r"|code-scanning/default-setup)$"
)
"""Paths of GitHub's API that switch on what refuses nobody anything."""
SWITCHED_ON = re.compile(
    r"security_and_analysis\[secret_scanning\]\[status\]=enabled|insecure_ssl=0"
)
LOWERS = frozenset(
    {
        *("role=member", "default_repository_permission=none"),
        *("default_repository_permission=read", "deploy_keys_enabled_for_repositories=false"),
        *("permission=pull", "permission=triage", "permission=push", "permission=maintain"),
    }
)
"""Values that take something away from those who have it."""
_METHOD = frozenset({"-X", "--method"})


def change_of(call: Call) -> Change | None:
    """What a call does; None where no script may run it: it only shows, or it needs a folder."""
    words = call.words
    if words[0] == "npm":
        given = words[1:]
        fitting = (change for start, change in NPM.items() if given[: len(start)] == start)
        return next(fitting, None)
    return _by_api(words[2:]) if words[:2] == ("gh", "api") else None


def _by_api(words: Sequence[str]) -> Change | None:
    method = next((words[at + 1] for at, word in enumerate(words[:-1]) if word in _METHOD), "")
    if method not in METHODS:
        return None
    if method == "DELETE" or not LOWERS.isdisjoint(words):
        return Change.REMOVES
    if any(map(SWITCHES_ON.search, words)) or any(map(SWITCHED_ON.fullmatch, words)):
        return Change.ADDS
    return Change.BINDS


def gravest(changes: Iterable[Change]) -> Change | None:
    """The gravest of them; None of none."""
    return min(changes, key=list(Change).index, default=None)
