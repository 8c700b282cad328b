"""How each check fails, and how that is fixed: from the runs that its tests make.

The scenarios of the tests have invented people, repositories and packages. Their names stand on a
page as placeholders, like OWNER/REPO, so that a command can be copied and filled in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields, replace
from functools import cache
from types import SimpleNamespace
from typing import Any
from unittest import mock

from hardenme.facts.github.site import GitHubFact
from hardenme.facts.npm.site import REGISTRY, NpmFact
from hardenme.model.finding import Finding
from hardenme.model.pages import GITHUB_WEB
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, Manual
from tests.failing import reports

ORGS = "acorn-labs|bramble-labs"
OWNERS = f"{ORGS}|hazel|mallow|wren"
PEOPLE = "burdock|campion|hazel|mallow|nettle|sorrel|stray|thistle|yarrow"
BELOW_OWNER = (
    "actions|credential-authorizations|hooks|invitations|members|memberships"
    "|outside[_-]collaborators|packages|people|personal-access-tokens|profile|rulesets|settings|teams|tfa|tokens"
)
"""What stands behind an owner's name in an address and is no repository."""
PLACEHOLDERS: tuple[tuple[str, str], ...] = (
    (r"https?://127\.0\.0\.1:\d+", "https://REGISTRY"),
    (r"//127\.0\.0\.1:\d+", "//REGISTRY"),
    (r"@[a-z-]+/[a-z-]+", "PACKAGE"),
    (r"\bmallow-trivet\b", "PACKAGE"),
    (r"\b(?:wire-mesh|mesh-weaver)\b", "DEPENDENCY"),
    (r"\bgithub:sorrel/DEPENDENCY\b", "github:OWNER/REPO"),
    (rf"\b(?:{ORGS})(?=/(?:{PEOPLE})\b)", "ORG"),
    (rf"\b(?:{OWNERS})/(?!(?:{BELOW_OWNER})\b)[a-z][\w.-]*", "OWNER/REPO"),
    (rf"\b(?:{ORGS})\b", "ORG"),
    (rf"\b(?:{PEOPLE})@[a-z.-]+", "you@mail.example"),
    (rf"\b(?:{PEOPLE})\b", "LOGIN"),
    (r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", "ID"),
    (r"\([0-9a-f]{8}\)", "(ID)"),
    (r"(?<=/)\d{3,}\b|(?<=runner-groups/)\d+|(?<=^github:runner-group/ORG/)\d+", "ID"),
    (r"(LOGIN from PACKAGE|npm owner rm LOGIN PACKAGE)(?:(?:, | && )\1)+", r"\1"),
    (r"/tmp/\w+/", "/usr/local/"),  # noqa: S108 (where a scenario had its files)
)
"""What of the scenarios gives way to what, in this order."""


@dataclass(frozen=True, slots=True)
class Example:
    """How a check fails, or what it asks.

    Attributes:
        subject: what was judged.
        says: the message, or the question.
        severity: what the failure weighs.
        fix: how it is closed; None for a question whose page says it.
        asked: the page of a question; empty for a failure.
    """

    subject: str
    says: str
    severity: Severity
    fix: Fix | None
    asked: str = ""

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """What explains best comes first: a failure, a fix by command, little to read."""
        fix = self.fix
        told = len(fix.command) + len(fix.step) if fix else 0
        return (bool(self.asked), not (fix and fix.command), told + len(self.says))


def anonymous(text: str) -> str:
    """A text of a scenario with placeholders in place of its names."""
    for pattern, placeholder in PLACEHOLDERS:
        text = re.sub(pattern, placeholder, text)
    return text


@cache
def examples() -> dict[str, Example]:
    """The simplest failure or question of each check, by its code.

    It is taken from the first run in which the check fails, so that what a later run brings changes
    no page that stands.
    """
    found: dict[str, Example] = {}
    with _public_addresses():
        for report in reports():
            here: dict[str, Example] = {}
            for finding in report.findings:
                example = _example(finding)
                if example:
                    known = here.setdefault(finding.code, example)
                    here[finding.code] = min(known, example, key=lambda item: item.rank)
            found = here | found
    return {code: _anonymous(example) for code, example in sorted(found.items())}


def _example(finding: Finding) -> Example | None:
    outcome = finding.outcome
    if isinstance(outcome, Failed):
        return Example(str(finding.subject), outcome.message, finding.severity, outcome.fix)
    if isinstance(outcome, Manual):
        return Example(
            str(finding.subject), outcome.question, finding.severity, outcome.fix, outcome.page
        )
    return None


def _anonymous(example: Example) -> Example:
    return replace(
        example,
        subject=anonymous(example.subject),
        says=anonymous(example.says),
        fix=_fix(example.fix),
        asked=anonymous(example.asked),
    )


def _fix(fix: Fix | None) -> Fix | None:
    if fix is None:
        return None
    texts = {
        item.name: anonymous(getattr(fix, item.name))
        for item in fields(fix)
        if item.name != "wider"
    }
    return Fix(**texts, wider=_fix(fix.wider))


@contextmanager
def _public_addresses() -> Iterator[None]:
    """Have facts name the pages of github.com and of npm's own site, not those of a sandbox."""
    with ExitStack() as stack:
        for kind, name, address in (
            (GitHubFact, "page", SimpleNamespace(web=GITHUB_WEB)),
            (GitHubFact, "gh", SimpleNamespace(web=GITHUB_WEB)),
            (NpmFact, "page", SimpleNamespace(registry=REGISTRY)),
            (NpmFact, "npm", SimpleNamespace(registry=REGISTRY)),
        ):
            stack.enter_context(mock.patch.object(kind, name, _as(getattr(kind, name), address)))
        yield


def _as(method: Any, address: SimpleNamespace) -> Any:
    def called(_: Any, *words: str, **names: str) -> str:
        return str(method(address, *words, **names))

    return called
