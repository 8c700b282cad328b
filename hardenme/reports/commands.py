"""All steps of all packages as one batch for a shell: to be read, and then run by a person."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence

from hardenme.model.publishing import PackagePaths
from hardenme.model.report import Report
from hardenme.reports.batch import Stage, Task, tasks_of
from hardenme.reports.closing import NOT_WHOLE, REDACTED
from hardenme.reports.plain import flowing, plain, plain_name, timestamp
from hardenme.reports.publishing import stopping, who, worst_first
from hardenme.reports.style import Style

WINDOW = 80
"""Commands that one window of npm's holds: five minutes, and some two seconds between them."""
PAUSE = "sleep 2"
ASK = "read -r -p '{} Press Enter to go on, Ctrl-C to stop. '"
"""Waits for a person, and ends the batch where there is none."""
NAMED = 20
"""Packages or paths that stand in one comment before the rest is counted."""

HEAD = """\
#!/usr/bin/env bash
# Who can publish: the steps that close every path but the intended one.
# Written by hardenme {version}, {started}. hardenme itself runs none of it.
#
# Read it to its end before you run anything: names in it come from npm and from GitHub. Take out
# what you do not want. The order is safe: the new way is set up before the old ones are closed.
#
# It takes npm 11.15 or newer after `npm login`, your second factor, and for GitHub's part `gh`.
set -eu
"""
GUARD = """\
echo 'Read this file first, then take out this line and the next.' >&2
exit 1
"""
JANUARY = "January 2027: tokens that bypass the second factor stop publishing"
TITLES: dict[Stage, str] = {
    Stage.SET_UP: "1. Set up the new way",
    Stage.CLOSE: "2. Close the old ways",
    Stage.REVOKE: "3. Revoke what is left over",
}
TRUST = "npm trust "
NOTHING = "No package was looked at."
CLEAN = "There is no step to take."


def render(report: Report, style: Style) -> str:  # noqa: ARG001  (every format takes a style)
    """The batch, in ASCII. Everything but the commands is a comment."""
    head = HEAD.format(version=_text(report.version), started=timestamp(report.started))
    packages = worst_first(report.publishing.packages) if report.publishing else []
    tasks = tasks_of(packages)
    body = [*_comment(f"{NOT_WHOLE}: {report.partial}")] if report.partial else []
    batch = [*_batch(tasks)]
    if report.redacted:
        body += _comment(f"{REDACTED}, so these commands lead nowhere, and stand as comments.")
        batch = [line if line[:1] in {"", "#"} else f"#   {line}" for line in batch]
    body += [*_readiness(report, packages), *batch]
    if not tasks:
        body += _comment(CLEAN if packages else NOTHING)
    guard = GUARD if tasks and not report.redacted else ""
    return head + guard + "\n".join(body) + "\n"


def _text(text: str) -> str:
    return plain(flowing(text), ascii_only=True)


def _comment(*texts: str) -> Iterator[str]:
    """Comments of one line each; no name can end one."""
    return (f"# {_text(text)}".rstrip() for text in texts)


def _heading(text: str) -> list[str]:
    return ["", *_comment(f"== {text} ==")]


def _readiness(report: Report, packages: Sequence[PackagePaths]) -> Iterator[str]:
    if not packages:
        return
    stop, unclear = stopping(report)
    yield from _heading(JANUARY)
    if stop:
        number = "1 package stops" if len(stop) == 1 else f"{len(stop)} packages stop"
        yield from _comment(f"As it is set up today, {number} publishing then:")
        yield from _names(stop)
    if unclear:
        yield from _comment("Not known of:")
        yield from _names(unclear)
    if not stop and not unclear:
        yield from _comment("No package is known to stop publishing then.")


def _names(names: Iterable[str]) -> Iterator[str]:
    return (f"#   {plain_name(name, ascii_only=True)}" for name in names)


def _batch(tasks: Sequence[Task]) -> Iterator[str]:
    present = sum(task.step.presence and bool(task.words) for task in tasks)
    windows = -(-present // WINDOW)
    asked = 0
    stage = None
    for number, task in enumerate(tasks, start=1):
        if task.stage is not stage:
            yield from _heading(TITLES[task.stage])
            if stage is Stage.SET_UP and any(map(_publishes, tasks)):
                yield ASK.format("Make a release by the new way before the old ones are closed.")
            stage = task.stage
        asks = task.step.presence and bool(task.words)
        if asks and asked % WINDOW == 0:
            yield ""
            yield from _comment(
                f"Window {asked // WINDOW + 1} of {windows}: npm asks for the second factor, and "
                f"can then do without it for five minutes, about {WINDOW} commands."
            )
        yield ""
        yield from _told(task, f"{number} of {len(tasks)}")
        if asks and asked:
            yield PAUSE
        asked += asks
        if task.words:
            yield shlex.join(task.words)
        else:
            yield ASK.format(f"Step {number} is done by hand.")


def _publishes(task: Task) -> bool:
    """Whether the step sets up a new way to publish."""
    return task.stage is Stage.SET_UP and task.step.fix.command.startswith(TRUST)


def _told(task: Task, position: str) -> Iterator[str]:
    fix = task.step.fix
    yield from _comment(f"{position}: {fix.step}", f"For: {_some(_packages(task))}")
    closes = _closed(task)
    effect = f"closes {_some(closes)}" if closes else "sets up; by itself it closes nothing"
    yield from _comment(f"Effect: {effect}")
    for label, text in (("Needs", fix.needs), ("Undo", fix.undo)):
        if text:
            yield from _comment(f"{label}: {text}")
    if not task.words:
        yield from _comment("By hand:")
        if fix.page:
            yield from _comment(f"  {fix.page}")
        if fix.command:
            yield from _comment(f"  {fix.command}", "  (not run as it stands: look at it first)")


def _packages(task: Task) -> list[str]:
    return [package.package for package in task.packages]


def _closed(task: Task) -> list[str]:
    """The paths that a step closes, in words."""
    closes = set(task.step.closes)
    names = (
        who(path.way, path.name)
        for package in task.packages
        for path in package.paths
        if path.key in closes
    )
    return list(dict.fromkeys(names))


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(plain_name(flowing(name)) for name in names[:NAMED])
    rest = len(names) - NAMED
    return f"{shown} and {rest} more" if rest > 0 else shown
