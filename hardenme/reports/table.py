"""The checklist for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.reports.checklist import (
    ERRORED,
    Cause,
    Checklist,
    Place,
    Question,
    Statement,
)
from hardenme.reports.closing import NOT_WHOLE, counts_line, facts_of_run, notes_of_run
from hardenme.reports.columns import fit, width_of, wrap
from hardenme.reports.grouping import checklist_of
from hardenme.reports.members import OFF, TEXT, Member, by_organization, sentence, summary
from hardenme.reports.plain import flowing, timestamp
from hardenme.reports.publishing_table import who_can_publish
from hardenme.reports.sheet import BOLD, DIM, PAINT, PARTIAL, UNDERLINED, Block, Sheet, lay
from hardenme.reports.style import Style
from hardenme.reports.tasks import NAMES, READABLE, SEVERITY, row
from hardenme.reports.waived_table import idle, waived

NOTHING = ("0 manual", "0 attested", "0 waived")
"""Parts of the last line that it can do without."""
PAGES = 8
"""Addresses above a group before the rest is counted."""
GROUPS = 80
"""Groups of a section before the rest is counted."""
MEMBERS = 40
"""Members of an organization before the rest is counted."""
ORGANIZATIONS = 20
"""Organizations before the rest is counted."""
COLUMNS, WIDE = 80, 94
"""Columns from which members stand in a table, and from which it tells how far back was looked."""
LOGIN = 20
"""Columns of a login at these widths."""
FACTORS = {OFF: Severity.CRITICAL, TEXT: Severity.HIGH}
"""What a second factor weighs that is none, or that others may read."""
BAR = 24
"""Columns of the longest bar of the headline."""


def render(report: Report, style: Style) -> str:
    """The report as terminal lines of at most the terminal's width.

    Addresses, commands and the last line stay whole, so that they can be copied or read by `tail`.
    """
    sheet = Sheet(style)
    checklist = checklist_of(report)
    if style.quiet:
        _quiet(sheet, report, checklist)
    else:
        _head(sheet, report, checklist)
        _members(sheet, checklist.members)
        _to_fix(sheet, checklist)
        _questions(sheet, checklist.questions)
        could_not(sheet, checklist.causes)
        _statements(sheet, checklist.statements)
        waived(sheet, checklist.accepted)
        idle(sheet, report.waivers)
        who_can_publish(sheet, report)
        _foot(sheet, report)
    _last_line(sheet, report)
    return sheet.text()


def _quiet(sheet: Sheet, report: Report, checklist: Checklist) -> None:
    for item in checklist.items:
        head = f"{item.severity!s:<{SEVERITY}} {item.code} "
        what = sheet.value(flowing(item.title))
        line = f"{what}: {sheet.names(item.names, NAMES, item.others)}"
        line = fit(line, max(sheet.width - len(head), 2), sheet.dots)
        sheet.add(sheet.paint(head, PAINT[item.severity]) + line)
    partial(sheet, report)


def partial(sheet: Sheet, report: Report) -> None:
    """Why the run did not go to its end, if it did not."""
    if report.partial:
        sheet.say(f"{NOT_WHOLE}: {sheet.value(report.partial)}", PARTIAL)


def _head(sheet: Sheet, report: Report, checklist: Checklist) -> None:
    started = timestamp(report.started)
    sheet.say(f"hardenme {sheet.value(report.version)} {sheet.dot} {started}", BOLD)
    room = max(sheet.width - 12, 2)
    sheet.grid(
        (
            [sheet.paint(sheet.value(label), DIM)],
            wrap(sheet.value(text), room),
        )
        for label, text in facts_of_run(report)
    )
    if report.partial:
        sheet.add("")
        partial(sheet, report)
    sheet.add("")
    for name in report.not_found:
        sheet.say(f"{sheet.value(name)}: not found, or not visible to this token", BOLD)
    if report.not_found and {*report.not_found} == {*report.targets}:
        return
    if not checklist.failed:
        what = "No check failed." if report.findings else "Nothing was checked."
        if checklist.waived:
            what = f"Nothing to fix, but for {checklist.waived} waived."
        if lost := sum(cause.count for cause in checklist.causes):
            what = f"{what} Not known: {lost} {'result' if lost == 1 else 'results'}."
        sheet.say(what, BOLD)
        return
    beside = f", {checklist.waived} waived" if checklist.waived else ""
    sheet.say(f"{checklist.failed} to fix{beside}", BOLD)
    most = max(checklist.severities.values())
    longest = min(BAR, sheet.width - SEVERITY - len(str(most)) - 6)
    # A count that is small beside the others still shows one mark.
    sheet.grid(
        (
            (
                [sheet.paint(str(severity), PAINT[severity])],
                [str(number)],
                [
                    sheet.paint(
                        sheet.bar * max(number * min(longest, most) // most, 1), PAINT[severity]
                    )
                ],
            )
            for severity, number in checklist.severities.items()
        ),
        align=("left", "right", "left"),
    )


def _members(sheet: Sheet, members: Sequence[Member]) -> None:
    if not members:
        return
    sheet.section("Members")
    organizations = by_organization(members)
    for organization, people in islice(organizations.items(), ORGANIZATIONS):
        sheet.add("")
        sheet.say(f"{sheet.name(organization)}: {summary(people)}", BOLD)
        if sheet.width >= COLUMNS:
            sheet.grid(_columns(sheet, people[:MEMBERS]))
        else:
            for one in people[:MEMBERS]:
                text = f"{sheet.name(one.login)}: {sheet.value(sentence(one))}"
                sheet.add(*(f"  {line}" for line in wrap(text, sheet.width - 2, hang=2)))
        if len(people) > MEMBERS:
            sheet.say(f"and {len(people) - MEMBERS} more, see --format json")
    rest = len(organizations) - ORGANIZATIONS
    if rest > 0:
        sheet.add("")
        sheet.say(f"and {rest} more organization{'s' if rest > 1 else ''}, see --format json")


def _columns(sheet: Sheet, people: Iterable[Member]) -> Iterator[Sequence[Block]]:
    heads = ("login", "role", "two-factor", "teams", "administers", "last sign")
    yield [[sheet.paint(head, DIM)] for head in heads]
    wide = sheet.width >= WIDE
    room = sheet.width - (WIDE if wide else COLUMNS) + LOGIN
    for one in people:
        bad = PAINT[FACTORS[one.two_factor]] if one.two_factor in FACTORS else ""
        teams = "?" if one.teams is None else str(one.teams)
        yield [
            [fit(sheet.name(one.login), room, sheet.dots)],
            [one.role or "unknown"],
            [sheet.paint(one.two_factor, bad)],
            [teams],
            [sheet.value(one.rule or "?")],
            [sheet.value(one.sign if wide else one.brief_sign)],
        ]


def _to_fix(sheet: Sheet, checklist: Checklist) -> None:
    """What failed, by the page where it is fixed."""
    if not checklist.places:
        return
    sheet.section("To fix")
    places = checklist.places[:GROUPS]
    rows = iter(lay(row(sheet, item) for place in places for item in place.items))
    for place in places:
        sheet.add("")
        _pages(sheet, place)
        for number, _ in enumerate(place.items):
            sheet.add(*([""] if number else []), *next(rows))
    _and_more(sheet, checklist.places, "page")


def _pages(sheet: Sheet, place: Place) -> None:
    if not place.pages:
        sheet.say("By command", BOLD)
        return
    if len(place.pages) > 1:
        sheet.say(f"Each on its own page ({len(place.pages)})", BOLD)
    # An address stays on one line, whatever the width, so that it can be clicked and copied.
    sheet.add(*(sheet.paint(sheet.value(page), UNDERLINED) for page in place.pages[:PAGES]))
    if len(place.pages) > PAGES:
        sheet.say(f"and {len(place.pages) - PAGES} more, alike")


def _questions(sheet: Sheet, questions: Sequence[Question]) -> None:
    if not questions:
        return
    sheet.section("To confirm by hand")
    page = ""
    for question in questions[:GROUPS]:
        if question.page != page:
            page = question.page
            sheet.add("", sheet.paint(sheet.value(page), UNDERLINED))
        codes, names = ", ".join(question.codes), sheet.names(question.names, NAMES)
        asked = f"{sheet.value(flowing(question.text))} ({codes}: {names})"
        sheet.add(*(f"  {line}" for line in wrap(asked, min(sheet.width - 2, READABLE))))
    _and_more(sheet, questions, "question")
    told = wrap("hardenme attest CODE records your answer", min(sheet.width - 2, READABLE))
    sheet.add("", *(f"  {line}" for line in told))


def could_not(sheet: Sheet, causes: Sequence[Cause]) -> None:
    """What is not known, and what it takes to know it."""
    if not causes:
        return
    sheet.section("Could not be checked")
    room = min(sheet.width, READABLE) - 2
    for cause in causes[:GROUPS]:
        needed = sheet.value(flowing(cause.needed))
        names = sheet.names(cause.names, NAMES)
        sheet.add("")
        results = "1 result" if cause.count == 1 else f"{cause.count} results"
        sheet.say(f"{cause.reason} {sheet.dot} {results}", BOLD)
        block = [
            *sheet.labelled("Error" if cause.reason == ERRORED else "Needs", needed, room),
            *sheet.labelled("Seen", sheet.value(flowing(cause.seen)), room),
            *sheet.labelled("Do", cause.action, room),
            *sheet.labelled("Hides", f"{', '.join(cause.codes)} for {names}", room),
        ]
        sheet.add(*(f"  {line}" for line in block))
    _and_more(sheet, causes, "cause")


def _statements(sheet: Sheet, statements: Sequence[Statement]) -> None:
    if not statements:
        return
    sheet.section("Taken on somebody's word")
    sheet.add("")
    for stated in statements[:GROUPS]:
        until = timestamp(stated.until)[:10]
        text = (
            f"{stated.code} {sheet.name(stated.name)}: {sheet.value(flowing(stated.message))} "
            f"({sheet.name(stated.by)}, until {until})"
        )
        sheet.add(*(f"  {line}" for line in wrap(text, min(sheet.width - 2, READABLE), hang=2)))
    _and_more(sheet, statements, "statement")


def _and_more(sheet: Sheet, groups: Sequence[object], thing: str) -> None:
    rest = len(groups) - GROUPS
    if rest > 0:
        sheet.add("")
        sheet.say(f"and {rest} more {thing}{'s' if rest > 1 else ''}: --format json has them all")


def _foot(sheet: Sheet, report: Report) -> None:
    sheet.section("About this run")
    sheet.add("")
    room = max(min(sheet.width - 12, READABLE), 2)
    sheet.grid(
        ([sheet.paint(label, DIM)], wrap(sheet.value(flowing(text)), room))
        for label, text in notes_of_run(report)
    )
    sheet.add("")


def _last_line(sheet: Sheet, report: Report) -> None:
    parts = counts_line(report)
    line = f" {sheet.dot} ".join(parts)
    if width_of(line) > sheet.width:
        parts = counts_line(report, short=True)
        line = ", ".join(parts)
    if width_of(line) > sheet.width:
        # That nothing failed or is unknown is said; that nothing is attested or waived need not be.
        line = ", ".join(part for part in parts if part not in NOTHING)
    sheet.say(line, BOLD)
