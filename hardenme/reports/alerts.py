"""What a watch prints: one line on whether something is unusual, then what it is and what to do.

A person who was woken by it reads it in a hurry. So releases with the same signs are grouped, the
worst first, and what to do is given once for the group.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hardenme.model.accounted import AccountedVersion
from hardenme.model.finding import Errored, Finding
from hardenme.model.finding_summary import weight
from hardenme.model.incident import COMMAND
from hardenme.model.report import Report
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix
from hardenme.reports.columns import fit, wrap
from hardenme.reports.grouping import checklist_of, name_of
from hardenme.reports.outline.accepted import idle, waived
from hardenme.reports.outline.report import could_not, warning
from hardenme.reports.outline.terminal import SEVERITY, Terminal
from hardenme.reports.plain import counted, flowing
from hardenme.reports.sheet import BOLD, PAINT, PARTIAL, UNDERLINED, Sheet
from hardenme.reports.style import Style
from hardenme.reports.waived import Lapsed, history

GROUPS = 20
"""Groups of releases before the rest is counted."""
NAMES = 12
"""Releases that are named in a group before the rest is counted."""
COMMANDS = 6
"""Releases of a group whose commands are shown before the rest is counted."""


def render(report: Report, style: Style) -> str:
    """One line where nothing is unusual, and with `quiet` nothing; else the alerts first."""
    sheet = Sheet(style)
    known = {one.subject for one in report.accounted}
    failed = [item for item in report.findings if item.fails and item.subject not in known]
    checklist = checklist_of(report)
    _headline(sheet, report, failed, checklist.waived)
    terminal = Terminal(sheet)
    terminal.warn(warning(report))
    _groups(sheet, _alike(failed))
    if not style.quiet:
        _accounted(sheet, report.accounted)
    sections = [*could_not(checklist.causes)]
    if not style.quiet:
        sections += [*waived(checklist.accepted), *idle(report.waivers)]
    for section in sections:
        terminal.section(section)
    for note in report.warnings:
        if COMMAND in note and (failed or not style.quiet) and not style.lines:
            # As one line, so that the command can be copied.
            sheet.add(sheet.paint(sheet.value(note), PARTIAL))
        elif not style.quiet:
            sheet.say(sheet.value(note), PARTIAL)
    return sheet.text() if sheet.lines else ""


def _headline(sheet: Sheet, report: Report, failed: Sequence[Finding], accepted: int) -> None:
    """Whether something is unusual that no incident accounts for."""
    unknown = any(isinstance(item.outcome, Unknown | Errored) for item in report.findings)
    packages, releases = seen(report.findings)
    looked_at = _in_words(packages, releases)
    beside = f", {accepted} waived" if accepted else ""
    beside += f", {len(report.accounted)} accounted for" if report.accounted else ""
    if failed:
        sheet.say(f"ALERT: {_in_words(*seen(failed))} unusual{beside}; {looked_at} looked at", BOLD)
    elif unknown and not releases:
        sheet.say(f"no release could be looked at{beside}", BOLD)
    elif unknown or report.partial:
        sheet.say(f"{looked_at} looked at, nothing unusual in what could be read{beside}", BOLD)
    elif report.accounted:
        sheet.say(f"{looked_at} looked at, nothing else unusual{beside}", BOLD)
    elif not sheet.style.quiet:
        sheet.say(f"{looked_at} looked at, nothing unusual{beside}")


def _accounted(sheet: Sheet, some: Iterable[AccountedVersion]) -> None:
    """What still fails, and the incident in which someone saw to it."""
    for one in some:
        left = "it fails until npm has removed it"
        sheet.say(sheet.value(f"{one.subject.name}: accounted for by {one.by}; {left}"))


def seen(findings: Iterable[Finding]) -> tuple[int, int]:
    """How many packages and releases findings are about."""
    packages, releases = set[str](), set[str]()
    for finding in findings:
        # A scope begins with the same character that comes before a version or a dist-tag.
        name, _, version = finding.subject.name.rpartition("@")
        if name and version[:1].isdigit():
            releases.add(finding.subject.name)
        packages.add(name or finding.subject.name)
    return len(packages), len(releases)


def _in_words(packages: int, releases: int) -> str:
    """The same as people say it: `2 packages, 3 releases`."""
    return f"{counted(packages, 'package')}, {counted(releases, 'release')}"


Signs = list[Finding]
"""What is unusual about one release, the worst first."""


def _alike(failed: Iterable[Finding]) -> list[list[Signs]]:
    """Releases with the same signs, together; the worst and the largest groups first."""
    by_release: dict[str, Signs] = {}
    for finding in failed:
        by_release.setdefault(str(finding.subject), []).append(finding)
    groups: dict[tuple[str, ...], list[Signs]] = {}
    for signs in by_release.values():
        signs.sort(key=lambda item: (-weight(item), item.code))
        groups.setdefault(tuple(item.code for item in signs), []).append(signs)
    return sorted(
        groups.values(),
        key=lambda group: (-weight(group[0][0]), -len(group[0]), -len(group)),
    )


def _groups(sheet: Sheet, groups: Sequence[Sequence[Signs]]) -> None:
    """The releases with the same signs; quiet, all of them without a line between."""
    style = sheet.style
    for number, group in enumerate(groups[:GROUPS]):
        sheet.add(*([] if style.quiet and number else [""]))
        if style.quiet:
            _brief(sheet, group, lines=style.lines)
        else:
            _group(sheet, group)
    if len(groups) > GROUPS:
        sheet.say(f"and {len(groups) - GROUPS} more groups of releases: --format json has them all")


def _group(sheet: Sheet, group: Sequence[Signs]) -> None:
    names = sheet.names([name_of(signs[0]) for signs in group], NAMES)
    sheet.add(*(sheet.paint(line, BOLD) for line in wrap(names, sheet.width)))
    first = group[0]
    room = max(sheet.readable - 2, 2)
    for sign in first:
        severity = weight(sign)
        head = f"{severity!s:<{SEVERITY}} {sign.code} "
        lines = wrap(sheet.value(flowing(_message(sign))), max(room - len(head), 2))
        painted = sheet.paint(head, PAINT[severity])
        sheet.add(f"  {painted}{lines[0]}", *(f"  {' ' * len(head)}{line}" for line in lines[1:]))
        if sign.lapsed is not None:
            once = sheet.value(flowing(history(Lapsed(sign.lapsed, (name_of(sign),), 1))))
            sheet.add(*(f"  {line}" for line in sheet.labelled("Once", once, room)))
    _first_aid(sheet, group, room)


def _brief(sheet: Sheet, group: Sequence[Signs], *, lines: bool) -> None:
    """The signs and the worst of them in one line, and what to do first in another."""
    sign = group[0][0]
    codes = ", ".join(one.code for one in group[0])
    head = f"{weight(sign)!s:<{SEVERITY}} {codes} "
    names = sheet.names([name_of(signs[0]) for signs in group], NAMES)
    text = f"{names}: {sheet.value(flowing(_message(sign)))}"
    line = fit(text, max(sheet.width - len(head), 2), sheet.dots)
    sheet.add(sheet.paint(head, PAINT[weight(sign)]) + line)
    if not lines and isinstance(sign.outcome, Failed):
        fixes = {_how(one[0].outcome.fix) for one in group if isinstance(one[0].outcome, Failed)}
        # The first is a command that can be copied with everything after it.
        more = f"  # and {len(fixes) - 1} more, alike" if len(fixes) > 1 else ""
        sheet.add(f"  {sheet.value(_how(sign.outcome.fix))}{more}")


def _how(fix: Fix) -> str:
    """The command; where there is none the page, or what to do."""
    return next(iter(fix.commands), "") or fix.page or fix.step


def _first_aid(sheet: Sheet, group: Sequence[Signs], room: int) -> None:
    """What to do first, by the worst sign, with the commands of each release."""
    worst = group[0][0].outcome
    if not isinstance(worst, Failed):
        return
    sheet.add(*(f"  {line}" for line in sheet.labelled("First", sheet.value(worst.fix.step), room)))
    fixes = [signs[0].outcome.fix for signs in group if isinstance(signs[0].outcome, Failed)]
    pages = dict.fromkeys(fix.page for fix in fixes[:COMMANDS] if fix.page)
    sheet.add(*(f"  {sheet.paint(sheet.value(page), UNDERLINED)}" for page in pages))
    sheet.add(*(f"  {sheet.value(line)}" for fix in fixes[:COMMANDS] for line in fix.commands))
    if len(fixes) > COMMANDS:
        sheet.add(f"  and {len(fixes) - COMMANDS} more, alike")


def _message(sign: Finding) -> str:
    return sign.outcome.message if isinstance(sign.outcome, Failed) else ""
