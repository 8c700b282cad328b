"""Keys and tokens that someone else may have added: they are looked into before all else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from hardenme.model.finding import Finding
from hardenme.model.pages import github_page, web_url
from hardenme.model.text import visible
from hardenme.model.verdict import Failed
from hardenme.reports.calls import plain_calls
from hardenme.reports.fixplan.changes import StepEffect, change_of
from hardenme.reports.plain import counted

THINGS = {"ssh-key": "key", "gpg-key": "key", "deploy-key": "key", "token": "token"}
"""Kinds of subject that let anyone in who has them, by what they are called."""
ESCAPE = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")
"""How a name shows a character that is not plainly seen."""
LATELY = timedelta(days=7)
MADE = ("created_at", "created")
"""The fields that show when it was added."""
HIDDEN = "its name has hidden characters"
LOOK = (
    "Find out {who} added this {thing}: {why}. Delete it at once, unless you know. Do not add"
    " another in its place. Then look for what else was changed{log}. If it is yours: {own}"
)
LOG = ", in your security log"
BY = "added_by"
"""The field that shows whose account added it."""


def disguised(name: str) -> bool:
    """Whether a name has characters that are not plainly seen."""
    return ESCAPE.search(visible(name)) is not None


def looked_into(finding: Finding, at: datetime) -> Finding:
    """A finding about a key or token, with the fix that comes first where it may not be yours.

    Args:
        finding: what failed, or anything else.
        at: when the run began.
    """
    thing, outcome = THINGS.get(finding.subject.kind), finding.outcome
    if thing is None or not isinstance(outcome, Failed):
        return finding
    why = HIDDEN if disguised(finding.label) else _lately(outcome, at)
    if not why:
        return finding
    fix = outcome.fix
    log = _log(fix.page) if finding.subject.provider == "github" else ""
    own = f"{fix.step[:1].lower()}{fix.step[1:]}"
    calls = plain_calls(fix.command)
    ends = bool(calls) and all(change_of(call) is StepEffect.REMOVES for call in calls)
    by = outcome.seen.get(BY)
    who = f"why {by}" if by else "who"
    step = LOOK.format(who=who, thing=thing, why=why, log=log, own=own)
    made = replace(fix, step=step, command=fix.command if ends or not fix.page else "")
    return replace(finding, outcome=replace(outcome, fix=made))


def _log(page: str) -> str:
    """Where the account's changes are listed: on the host of the page on which it is deleted."""
    if not page:
        return LOG
    return f"{LOG}: {github_page(web_url(page), 'account-security-log')}"


def _lately(outcome: Failed, at: datetime) -> str:
    """When it was added, where that is lately."""
    shown = next(
        (outcome.seen[name] for name in MADE if isinstance(outcome.seen.get(name), str)), ""
    )
    try:
        age = at - datetime.fromisoformat(str(shown))
    except (ValueError, TypeError):
        return ""
    if not timedelta() <= age <= LATELY:
        return ""
    return f"it was added {counted(age.days, 'day')} ago" if age.days else "it was added today"
