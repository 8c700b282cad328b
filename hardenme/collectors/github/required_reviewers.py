"""Reads which teams a ruleset asks for approval, and of which files.

Source: GitHub's description of the rule `pull_request` (`required_reviewers`). Its file patterns
are those of `.gitignore`; an entry that asks for no approval demands nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from hardenme.collectors.reading import Item, all_known
from hardenme.facts.github.code_owners import owns, rules_of
from hardenme.model.maybe import any_of

ELSEWHERE = ("README.md", "q7", "src/index.js", "packages/q7/x9/k.ts", ".q7/k")
"""Invented files: who has to approve a change of each of these has to approve every change."""
IN_GITHUB = (
    ".github/workflows/q7.yml",
    ".github/actions/q7/action.yml",
    ".github/CODEOWNERS",
    ".github/q7",
)
"""Invented files that make what runs, or say who is asked."""
SUBTLE = re.compile(r"^!|[\[\\\s#]")
"""What a pattern can hold that is not read here: an exception, a set, an escape."""


def asked_teams(ruleset: Item) -> tuple[Any, Any]:
    """What a ruleset asks of teams.

    Returns:
        The approvals that every change needs of one team; and whether each change of a file in
        `.github` needs a team's. Either can be unknown.
    """
    if not ruleset.lists("rules"):
        unread = ruleset.absent("rules")
        return unread, unread
    pulls = (rule for rule in ruleset.items("rules") if rule.data.get("type") == "pull_request")
    entries = [
        entry
        for rule in pulls
        for entry in rule.item("parameters").items("required_reviewers")
        if entry.data.get("minimum_approvals") != 0
    ]
    everything = [_asked(entry, (*ELSEWHERE, *IN_GITHUB)) for entry in entries]
    most = all_known(everything) or max(everything, default=0)
    return most, any_of(_positive(_asked(entry, IN_GITHUB)) for entry in entries)


def _positive(number: Any) -> Any:
    return number > 0 if isinstance(number, int) else number


def _asked(entry: Item, paths: Iterable[str]) -> Any:
    """The approvals that an entry asks for where any one of the paths is changed."""
    number: Any = entry.number("minimum_approvals")
    kind: Any = entry.item("reviewer").choice("type", "Team")
    patterns = entry.data.get("file_patterns")
    if not isinstance(patterns, list) or not all(isinstance(one, str) for one in patterns):
        return entry.odd("file_patterns")
    if any(SUBTLE.search(pattern) for pattern in patterns):
        return entry.odd("file_patterns")
    owned = rules_of("".join(f"{pattern} @team\n" for pattern in patterns))
    if not all(owns(owned, path) for path in paths):
        return 0
    return all_known((number, kind)) or number
