"""`hardenme waive add`: what was typed becomes an entry of a configuration file."""

from __future__ import annotations

import getpass
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TextIO

from hardenme.cli.stored.runs import latest
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.interview import Interview
from hardenme.cli.terminal.picking import pick
from hardenme.cli.terminal.texts import clean, shown
from hardenme.cli.waive.files import WaiverFile, code_of, target
from hardenme.cli.waive.subject import subject_of
from hardenme.config import waivers
from hardenme.config.editing import add, change, entries
from hardenme.engine.catalogue import find
from hardenme.ground import clock
from hardenme.ground.errors import ContentError, NoRunError, UsageError
from hardenme.ground.exit_code import Exit
from hardenme.model.finding import Finding
from hardenme.model.verdict import Failed
from hardenme.model.waiver import LONGEST, plain_id
from hardenme.reports.grouping import name_of
from hardenme.reports.reading import load

DAYS = 90
"""How long a waiver lasts by default."""
DAY = re.compile(r"\d{4}-\d\d-\d\d")
SHARED_LOGINS = frozenset({"root", "runner", "nobody"})
"""Logins that name no person."""
NOTHING = (
    "there is no terminal to pick on, and nothing was written: hardenme waive add {} SUBJECT"
    " --reason TEXT"
)
MOST = 200
"""Subjects that are listed."""
LONGEST_SUBJECT = 400
"""Characters of an id that are shown: it is to be copied."""


@dataclass(frozen=True, slots=True)
class WaiveOptions:
    """The arguments and options.

    Attributes:
        code: the check's code or slug.
        subject: what it fails for; empty if nothing was named.
        reason: why it is accepted.
        by: who accepts it; empty for the user's login.
        days: for how long; None for the usual time.
        until: a date in place of `days`; empty for none.
        issue: where it is talked about; empty for nowhere.
    """

    code: str
    subject: str = ""
    reason: str = ""
    by: str = ""
    days: int | None = None
    until: str = ""
    issue: str = ""

    def entry(self, now: date) -> dict[str, Any]:
        """The waiver, as a file has it.

        Raises:
            UsageError: there is no such check.
            UsageError: the subject is none.
            UsageError: a text is too long, or holds a token.
            UsageError: something is missing, or of another form.
        """
        check = find(self.code)
        most = waivers.LONGEST_PART
        found = {
            "check": check.code,
            "subject": subject_of(check, self.subject),
            "reason": clean("--reason", self.reason, most["reason"]),
            "by": clean("--by", self.by, most["by"]) or _login(),
            "until": self._end(now),
        }
        if self.issue:
            found["issue"] = clean("--issue", self.issue, most["issue"])
        if not found["reason"]:
            raise UsageError("--reason is missing: say why it is accepted")
        for key, why in waivers.wrong(found, now):
            raise UsageError(f"--{key} {why}")
        return found

    def _end(self, now: date) -> date:
        if self.until and self.days is not None:
            raise UsageError("--days and --until both say when it ends; give one of them")
        if not self.until:
            days = DAYS if self.days is None else self.days
            if not 1 <= days <= LONGEST.days:
                raise UsageError(f"--days takes a number from 1 to {LONGEST.days}")
            return now + timedelta(days=days)
        try:
            end = date.fromisoformat(self.until if DAY.fullmatch(self.until) else "")
        except ValueError:
            raise UsageError(f"--until takes a date, like {now + timedelta(days=DAYS)}") from None
        if end <= now:
            raise UsageError(f"--until {end} is past: a waiver lasts a day at least")
        return end


def _login() -> str:
    """Who is at this machine.

    Raises:
        UsageError: no person is known by that login.
    """
    login = _user()
    if not _names_someone(login):
        raise UsageError("--by is missing: your login on this machine names no person")
    return login


def _user() -> str:
    """The login on this machine; empty if there is none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def _names_someone(login: str) -> bool:
    return login.isprintable() and login not in SHARED_LOGINS | {""}


def accept_picked(
    console: Console, wanted: WaiveOptions, file: str, stdin: TextIO | None, *, project: bool
) -> int:
    """Waive those of the subjects that fail in the last run that a person picks.

    Without a terminal they are listed, and nothing is written.

    Raises:
        EndedError: the person ends it before.
        UsageError: there is no such check, or something is of another form.
    """
    check = find(wanted.code)
    try:
        kept = latest()
    except NoRunError:
        # Without a run there is no list: it says what is missing.
        return accept(console, wanted, file, project=project)
    console.say(kept.headline)
    found = [one for one in kept.report.findings if one.code == check.code and one.fails]
    if not found:
        console.say(f"{check.code} fails for nothing in the last run")
        return Exit.NOTHING_MATCHED
    if not console.can_ask(stdin) or stdin is None:
        _list(console, [(str(one.subject), _label(one)) for one in found])
        console.say(NOTHING.format(check.code))
        return Exit.USAGE
    interview = Interview(console, stdin)
    interview.tell(f"{check.code}: {check.title}")
    rows = [
        f"{shown(name_of(one), longest=LONGEST_SUBJECT)}: {shown(_message(one))}" for one in found
    ]
    chosen = pick(interview, "Which do you accept (numbers, all, or quit)?", rows)
    reason = wanted.reason or interview.until("Why do you accept this?", _demand_text)
    by = wanted.by
    if not by and not _names_someone(_user()):
        by = interview.until("Who accepts this?", _demand_person)
    for place in chosen:
        subject = str(found[place].subject)
        picked = replace(wanted, subject=subject, reason=reason, by=by)
        accept(console, picked, file, project=project)
    return Exit.CLEAN


def _demand_text(text: str) -> str:
    if not text:
        raise ValueError("A waiver needs a reason.")
    return text


def _demand_person(text: str) -> str:
    if not _names_someone(text):
        raise ValueError("Type a name or a login.")
    return text


def _message(finding: Finding) -> str:
    return finding.outcome.message if isinstance(finding.outcome, Failed) else ""


def _label(finding: Finding) -> str:
    return "" if str(finding.subject).endswith(f"/{finding.label}") else finding.label


def accept(console: Console, wanted: WaiveOptions, file: str, *, project: bool) -> int:
    """Write the waiver down; one for the same check and subject is renewed."""
    now = clock.today()
    entry = wanted.entry(now)
    found = target(file, project=project)
    renewed = _write(found, entry)
    left = (entry["until"] - now).days
    days = "1 day" if left == 1 else f"{left} days"
    doing = "renewed in" if renewed else "written to"
    said = f"{entry['check']} {entry['subject']} is waived until {entry['until']} ({days})"
    if found.proposal:
        said = f"to waive {entry['check']} {entry['subject']} until {entry['until']} is proposed"
    console.tell(f"{said}, by {entry['by']}: {entry['reason']}\n")
    console.tell(f"{doing} {found.words}\n")
    if found.counts:
        console.say(found.counts)
    return Exit.CLEAN


def _write(found: WaiverFile, entry: dict[str, Any]) -> bool:
    """Write it into the file; whether one was there for the same."""
    renewed: list[bool] = []

    def written(text: str, table: tuple[str, ...]) -> str:
        key = (entry["check"], plain_id(entry["subject"]))
        for number, one in enumerate(entries(text, table)):
            if (code_of(one.get("check")), plain_id(str(one.get("subject")))) == key:
                renewed.append(True)
                # What it calls the check and the subject is not what is renewed.
                parts = {name: entry[name] for name in entry.keys() - {"check", "subject"}}
                return change(text, table, number, parts)
        return add(text, table, entry)

    found.change(written)
    return bool(renewed)


def failing(console: Console, code: str, report: str) -> int:
    """List the subjects for which a check fails in a stored report."""
    try:
        check = find(code)
        with Path(report).open("rb") as file:
            found = list(_failing(file, check.code))
    except ContentError as error:
        console.say(f"{report} is not a report to read: {error}")
        return Exit.USAGE
    except OSError as error:
        console.say(f"{report} cannot be read: {error.strerror}")
        return Exit.USAGE
    if not found:
        console.say(f"{check.code} fails for nothing in this report")
        return Exit.NOTHING_MATCHED
    _list(console, found)
    console.say(f"to accept one: hardenme waive add {check.code} SUBJECT --reason TEXT")
    return Exit.CLEAN


def _list(console: Console, found: Sequence[tuple[str, str]]) -> None:
    for subject, label in found[:MOST]:
        # Names are someone else's: they are shown, and not made a part of a command to paste.
        named = f"  {shown(label)}" if label else ""
        console.tell(f"{shown(subject, longest=LONGEST_SUBJECT)}{named}\n")
    if len(found) > MOST:
        console.say(f"and {len(found) - MOST} more")


def _failing(file: Any, code: str) -> Iterator[tuple[str, str]]:
    for finding in load(file).findings:
        if finding.code == code and finding.fails:
            yield str(finding.subject), _label(finding)
