"""Findings of zizmor about text in a script that no one outside chooses.

zizmor counts what is not on a list of its own as a risk, `github.sha` in a variable and
`github.action` in a script among them. Here only what is known to be harmless is left out.
"""

from __future__ import annotations

import re

from hardenme.ground.errors import ContentError
from hardenme.workflows.expressions import (
    CLOSE,
    OPEN,
    Path,
    bodies,
    parse,
    walk,
)
from hardenme.workflows.level import Level
from hardenme.workflows.origins import of_event
from hardenme.workflows.scripts import variables

SET_BY_THE_RUNNER = frozenset(
    {"CI", "GITHUB_ACTION", "GITHUB_ACTIONS", "GITHUB_ENV", "GITHUB_JOB", "GITHUB_PATH"}
    | {"GITHUB_REPOSITORY", "GITHUB_REPOSITORY_OWNER", "GITHUB_RUN_ATTEMPT", "GITHUB_RUN_ID"}
    | {"GITHUB_RUN_NUMBER", "GITHUB_SERVER_URL", "GITHUB_SHA", "GITHUB_WORKSPACE", "HOME"}
    | {"RUNNER_ARCH", "RUNNER_OS", "RUNNER_TEMP", "RUNNER_TOOL_CACHE"}
)
"""Variables of which the runner sets the value, and no outsider chooses any letter.
Source: https://docs.github.com/en/actions/reference/workflows-and-actions/variables"""
WRITES = re.compile(r"(?:(?:echo|printf)\s[^`|<;&]*)?")
"""A line of a script that does nothing but write a text, if it does anything."""


def harmless(rule: str, expression: str, script: str) -> bool:
    """Whether a finding is about values alone that no outsider chooses.

    Args:
        rule: zizmor's name of it.
        expression: the part of an expression that zizmor names; empty for none.
        script: that of the step that zizmor names; empty for none.
    """
    if rule == "template-injection":
        return _expressions_are([expression])
    if rule == "github-env":
        return _only_writes(script)
    return False


def _expressions_are(found: list[str]) -> bool:
    """Whether there are expressions, and all look up what no outsider chooses."""
    try:
        looked_up = [node for body in found for node in walk(parse(body)) if isinstance(node, Path)]
    except ContentError:
        return False
    return bool(looked_up) and all(
        path.parts[0] == "github" and of_event(path).text is Level.NO for path in looked_up
    )


def _only_writes(script: str) -> bool:
    """Whether a script does nothing but write such values."""
    found = list(bodies(script))
    if found and not _expressions_are(found):
        return False
    bare = script
    for body in found:
        bare = bare.replace(f"{OPEN}{body}{CLOSE}", "")
    if not script or "$(" in bare or not variables(bare) <= SET_BY_THE_RUNNER:
        return False
    return all(WRITES.fullmatch(line.strip()) for line in bare.splitlines())
