"""Keys and tokens that someone else may have added: they are looked into before all else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from hardenme.model.finding import Finding
from hardenme.model.pages import github_page, web_url
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.text import disguised
from hardenme.model.verdict import Failed
from hardenme.reports.calls import plain_calls
from hardenme.reports.fixplan.changes import StepEffect, change_of
from hardenme.reports.fixplan.suspects import owned
from hardenme.reports.plain import counted

THINGS = {"ssh-key": "key", "gpg-key": "key", "deploy-key": "key", "token": "token"}
"""Kinds of subject that let anyone in who has them, by what they are called."""
LATELY = timedelta(days=7)
MADE = ("created_at", "created")
"""The fields that show when it was added."""
HIDDEN = "its name has hidden characters"
LOOK = (
    "Find out {who} added this {thing}: {why}. Delete it at once, unless you know. Do not add"
    " another in its place. Then look for what else was changed{log}. If it is yours: {own}"
)
OWN_LOG, AUDIT_LOG = "account-security-log", "org-audit-log"
LOGS = {OWN_LOG: "in your security log", AUDIT_LOG: "in the organization's audit log"}
BY = "added_by"
"""The field that shows whose account added it."""


def unfamiliar(report: Report) -> frozenset[Subject]:
    """The keys and tokens that someone else may have added, by any of a run's findings."""
    return frozenset(
        one.subject for one in report.findings if one.fails and _why(one, report.started)
    )


def logs_of(report: Report) -> dict[str, str]:
    """By owner in lower case: the page of the log that has what else was changed there."""
    organizations = (
        place.subject.name.lower()
        for place in report.inventory
        if (place.subject.provider, place.subject.kind) == ("github", "org")
    )
    return dict.fromkeys(owned(report), OWN_LOG) | dict.fromkeys(organizations, AUDIT_LOG)


def looked_into(finding: Finding, at: datetime, logs: Mapping[str, str]) -> Finding:
    """A finding about a key or token, with the fix that comes first where it may not be yours.

    Args:
        finding: what failed, or anything else.
        at: when the run began.
        logs: by owner in lower case, a page of GitHub.
    """
    thing, outcome, why = THINGS.get(finding.subject.kind), finding.outcome, _why(finding, at)
    if not why or not isinstance(outcome, Failed):
        return finding
    fix = outcome.fix
    owner = finding.within.name.partition("/")[0].lower()
    log = _log(fix.page, owner, logs.get(owner, "")) if finding.subject.provider == "github" else ""
    own = f"{fix.step[:1].lower()}{fix.step[1:]}"
    calls = plain_calls(fix.command)
    ends = bool(calls) and all(change_of(call) is StepEffect.REMOVES for call in calls)
    by = outcome.seen.get(BY)
    who = f"why {by}" if by else "who"
    step = LOOK.format(who=who, thing=thing, why=why, log=log, own=own)
    made = replace(fix, step=step, command=fix.command if ends or not fix.page else "")
    return replace(finding, outcome=replace(outcome, fix=made))


def _why(finding: Finding, at: datetime) -> str:
    """Why someone else may have added it; empty for what does not look so, or passes."""
    if finding.subject.kind not in THINGS or not isinstance(finding.outcome, Failed):
        return ""
    return HIDDEN if disguised(finding.label) else _lately(finding.outcome, at)


def _log(page: str, owner: str, name: str) -> str:
    """Where else changes are listed: on the host of the page on which the key is deleted.

    Args:
        page: that page.
        owner: whose log it is.
        name: which log; empty for one that is not known.
    """
    if not page or not name:
        return ""
    return f", {LOGS[name]}: {github_page(web_url(page), name, org=owner)}"


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
