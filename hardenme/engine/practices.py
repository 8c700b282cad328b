"""What is asked today about how a person works, without a run that asks anyone."""

from __future__ import annotations

import hashlib
import re

from hardenme.engine.catalogue import catalogue
from hardenme.facts.github.account import AccountPractice
from hardenme.facts.github.organization import OrganizationPractice
from hardenme.model.check import Check
from hardenme.model.practice import PROVIDER, practice_of
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.verdict import Manual

FAMILY = "ATT"
FLEETING = frozenset(
    {"dist-tag", "staged version", "release tag", "workflow", "pending invitation", "release"}
)
"""Kinds of things that change with each release, and no plan names."""
MARK = re.compile(r"\binventory ([0-9a-f]{12})\b")


def asked_of_accounts() -> tuple[Check, ...]:
    """The checks that ask about an account's owner, by their codes."""
    return tuple(
        check
        for check in catalogue()
        if check.family == FAMILY and check.subject_fact is AccountPractice
    )


def question(check: Check, login: str) -> Manual | None:
    """What a check asks about an account; None if it asks nothing about one."""
    account = Subject("github", "user", login)
    about = AccountPractice(subject=practice_of(account), within=account, login=login)
    return _question(check, about)


def _question(check: Check, about: AccountPractice | OrganizationPractice) -> Manual | None:
    asked = check(about) if check.subject_fact is type(about) else None
    return asked if isinstance(asked, Manual) else None


def asked_about(code: str, subject: str) -> str:
    """What a check asks about a subject like `practice:org/hazel-grove`, as it reads today.

    Empty if it asks nothing about one, or only a run shows what.
    """
    provider, _, rest = subject.partition(":")
    kind, _, name = rest.partition("/")
    of = Subject("github", kind, name)
    facts: dict[str, AccountPractice | OrganizationPractice] = {
        "user": AccountPractice(subject=practice_of(of), within=of, login=name),
        "org": OrganizationPractice(subject=practice_of(of), within=of, name=name),
    }
    about = facts.get(kind) if provider == PROVIDER else None
    check = next((one for one in catalogue() if one.code == code), None)
    if about is None or check is None:
        return ""
    asked = _question(check, about)
    return "" if asked is None else asked.question


def questions(login: str) -> dict[str, str]:
    """The text of each question about an account, by the check's code."""
    asked = {check.code: question(check, login) for check in asked_of_accounts()}
    return {code: one.question for code, one in asked.items() if one is not None}


def mark_of(report: Report) -> str:
    """By what the same accounts are known again: what a run saw that can do or hold something."""
    seen = sorted(
        (str(place.subject), item.kind, item.identity)
        for place in report.inventory
        for item in place.items
        if item.kind not in FLEETING
    )
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:12]


def marked(report: Report) -> str:
    """The same as the note of an answer that holds for these accounts."""
    return f"inventory {mark_of(report)}"


def mark_in(evidence: str) -> str:
    """The mark in the note of an answer; empty if there is none."""
    found = MARK.search(evidence)
    return found[1] if found else ""
