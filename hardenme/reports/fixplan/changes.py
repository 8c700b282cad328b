"""What a command does to what is there: whether it takes away, binds or adds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from hardenme.reports.calls import METHODS, ProgramCall


class StepEffect(StrEnum):
    """What a step does, the gravest first."""

    REMOVES = "removes"
    BINDS = "binds"
    ADDS = "adds"


RISKS: dict[StepEffect, str] = {
    StepEffect.REMOVES: "It removes or replaces something: anyone and anything that"
    " still uses it is refused, or gets the replacement, at once.",
    StepEffect.BINDS: "It applies to everyone at once: what does not comply is refused.",
    StepEffect.ADDS: "It adds or turns on something, and removes nothing.",
}
"""The one sentence for each."""
RISK_OWN = (
    "It takes a right from your own account: no step that needs it can be taken afterwards, and"
    " only someone else can give it back."
)
"""The risk of a step that does so."""

NPM: dict[tuple[str, ...], StepEffect] = {
    ("access", "grant", "read-only"): StepEffect.REMOVES,
    ("access", "grant"): StepEffect.ADDS,
    ("access", "set"): StepEffect.BINDS,
    ("access",): StepEffect.REMOVES,
    ("config", "set"): StepEffect.BINDS,
    ("deprecate",): StepEffect.REMOVES,
    ("dist-tag",): StepEffect.REMOVES,
    ("logout",): StepEffect.REMOVES,
    ("org", "set"): StepEffect.REMOVES,
    ("org", "rm"): StepEffect.REMOVES,
    ("owner", "add"): StepEffect.ADDS,
    ("owner", "rm"): StepEffect.REMOVES,
    ("profile", "enable-2fa"): StepEffect.BINDS,
    ("stage", "approve"): StepEffect.ADDS,
    ("stage", "reject"): StepEffect.REMOVES,
    ("team", "add"): StepEffect.ADDS,
    ("team", "create"): StepEffect.ADDS,
    ("team",): StepEffect.REMOVES,
    ("token", "revoke"): StepEffect.REMOVES,
    ("trust", "revoke"): StepEffect.REMOVES,
    ("trust",): StepEffect.ADDS,
}
"""npm's commands that change something by the name of what they are given, by their first words;
the first that fits. What is not in here needs a folder, makes a secret, or only shows something."""
SWITCHES_ON = re.compile(
    r"(?:^|/)(?:vulnerability-alerts|automated-security-fixes|private-vulnerability-reporting"
    r"|code-scanning/default-setup)$"
)
"""Paths of GitHub's API that switch on what refuses no one anything."""
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


def change_of(call: ProgramCall) -> StepEffect | None:
    """What a call does; None if no script may run it: it only shows, or it needs a folder."""
    words = call.words
    if words[0] == "npm":
        given = words[1:]
        fitting = (change for start, change in NPM.items() if given[: len(start)] == start)
        return next(fitting, None)
    return _by_api(words[2:]) if words[:2] == ("gh", "api") else None


def _by_api(words: Sequence[str]) -> StepEffect | None:
    method = next((words[at + 1] for at, word in enumerate(words[:-1]) if word in _METHOD), "")
    if method not in METHODS:
        return None
    if method == "DELETE" or not LOWERS.isdisjoint(words):
        return StepEffect.REMOVES
    if any(map(SWITCHES_ON.search, words)) or any(map(SWITCHED_ON.fullmatch, words)):
        return StepEffect.ADDS
    return StepEffect.BINDS


def gravest(changes: Iterable[StepEffect]) -> StepEffect | None:
    """The gravest of them; None of none."""
    return min(changes, key=list(StepEffect).index, default=None)
