"""Releases that failed a check and that an incident accounts for: one step, and no alarm."""

from __future__ import annotations

from dataclasses import replace

from hardenme.model.accounted import AccountedVersion, contained
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.verdict import Fix

NEEDS = "write access to the package and 2FA"
STEP = (
    "Unpublish it where npm allows that, or report it to npm as malware on its page: lock files"
    " still install a version that is deprecated."
)


def accounted(report: Report) -> dict[Subject, AccountedVersion]:
    """What an incident accounts for, as long as it is deprecated and no tag leads to it."""
    if not report.accounted:
        return {}
    quiet = frozenset(contained(report.inventory))
    return {one.subject: one for one in report.accounted if one.subject in quiet}


def removal(fix: Fix) -> Fix:
    """What is left to do about such a version: tag and deprecation are done."""
    return replace(fix, step=STEP, command="", needs=NEEDS, undo="")
