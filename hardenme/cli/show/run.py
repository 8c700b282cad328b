"""From a kept run, or a stored report, to its reader: the whole, or a part."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from hardenme.cli.audit.people import about_no_one, for_person
from hardenme.cli.output.delivery import PAGE as PAGE_FORM
from hardenme.cli.output.delivery import Delivery, Made, hand_out, whole
from hardenme.cli.output.delivery import show as hand_over
from hardenme.cli.output.forms import style_of
from hardenme.cli.output.place import place_of
from hardenme.cli.output.pseudonyms import pseudonyms
from hardenme.cli.show import practices
from hardenme.cli.show.folder import write_members, write_places
from hardenme.cli.show.selection import (
    TICKET,
    TICKETS,
    ShowOptions,
    ShowSelection,
    asked_of,
    missing,
)
from hardenme.cli.show.tickets import demand_one, ticket_text
from hardenme.cli.stored.lately import signs_in, with_lately
from hardenme.cli.stored.reports import stored
from hardenme.cli.stored.runs import RUN_NONE, Kept, is_demo, latest, note_shown, whose
from hardenme.cli.stored.since import with_since
from hardenme.cli.stored.trend_points import with_trend
from hardenme.cli.terminal.browser import open_page
from hardenme.cli.terminal.console import Console
from hardenme.engine.catalogue import catalogue
from hardenme.engine.report_filter import cut
from hardenme.ground.errors import OutputError, UnsafeFileError
from hardenme.ground.exit_code import Exit
from hardenme.ground.files import PrivateFile
from hardenme.ground.places import state_folder
from hardenme.ground.private import private_folder
from hardenme.model.report import Report
from hardenme.reports import counted_by as counting
from hardenme.reports.pseudonyms import shared
from hardenme.reports.signs import signs_line

PAGE = "page.html"
"""The file of the page, in the state folder."""
NOTHING_TO_CHANGE = "no repository of this run has anything to change"
FOR_PEOPLE = frozenset({"table", "markdown", "html"})
"""The formats that a person reads, in which an empty part would look like a run of nothing."""


def show(console: Console, wanted: ShowOptions, stdin: TextIO | None) -> int:
    """Show what is asked for; returns the exit code."""
    asked = asked_of(wanted)
    if wanted.form in TICKETS and not (wanted.each_member or wanted.each_repository):
        demand_one(wanted, asked)
    # Of a part there is no screen: who asks for it wants to see it.
    form = whole(wanted.form, full=bool(asked.cut) and not wanted.output_format)
    names = pseudonyms(wanted=wanted.redact)
    found = latest(demo=wanted.demo) if not asked.file else None
    report = stored(asked.file, stdin) if found is None else found.report
    paged = _paged(console, wanted)
    delivery = Delivery(
        form,
        _page() if paged else wanted.file,
        wanted.quiet,
        names=names,
        with_members=wanted.with_members,
        lines=wanted.lines,
        page=paged,
        named=bool(wanted.output_format),
    )
    return _Showing(console, wanted, asked, report, delivery, found).go()


@dataclass(frozen=True, slots=True)
class _Showing:
    """A report, and which part of it is wanted."""

    console: Console
    wanted: ShowOptions
    asked: ShowSelection
    report: Report
    delivery: Delivery
    kept: Kept | None

    def go(self) -> int:
        """Say whose run it is, then show what is wanted.

        Raises:
            OutputError: a file cannot be written.
        """
        folder = self.wanted.each_member or self.wanted.each_repository
        place = None if folder else place_of(self.delivery)
        try:
            if not self.wanted.quiet:
                self.console.say(". ".join(self._head()))
                self._say_signs()
            if folder:
                write = write_members if self.wanted.each_member else write_places
                return write(self.console, self.report, Path(folder), self.delivery)
            return self._show(place)
        finally:
            if place is not None:
                place.discard()

    def _say_signs(self) -> None:
        """What looks like an attack, where what is shown does not open with it."""
        part = self.asked.things or self.asked.cut or self.asked.member
        if self.delivery.names is not None or not (part or self.wanted.by or self.wanted.practices):
            return
        kept = self.kept
        line = signs_line(self.report) if kept is None else signs_in(self.report, kept.run)
        if line:
            self.console.say(line)

    def _head(self) -> Iterator[str]:
        names = self.delivery.names
        if self.kept is not None and self.kept.refused:
            yield self.kept.refused.removesuffix(".")
        yield whose(self.report if names is None else shared(self.report, names))
        if is_demo(self.report):
            yield RUN_NONE

    def _show(self, place: PrivateFile | None) -> int:
        absent = missing(self.report, self.asked)
        for text in absent:
            self.console.say(text)
        if absent and len(absent) == self.asked.things:
            return Exit.NOTHING_MATCHED
        if self.delivery.output_format in TICKETS:
            return self._ticket(place) or (Exit.NOTHING_MATCHED if absent else Exit.CLEAN)
        part = self._part()
        if part is None:
            self.console.say(self._about_no_one())
            return Exit.NOTHING_MATCHED
        if not part.findings and self.report.findings and self.delivery.output_format in FOR_PEOPLE:
            self.console.say(self._nothing())
            return Exit.NOTHING_MATCHED if absent else Exit.CLEAN
        other = self.wanted.by or self.wanted.practices
        code = self._counted(part, place) if other else self._whole(part, place)
        if code is Exit.CLEAN and self.wanted.opened:
            self._open(place)
        return Exit.NOTHING_MATCHED if absent and code is Exit.CLEAN else code

    def _ticket(self, place: PrivateFile | None) -> Exit:
        text = ticket_text(self.report, self.wanted, self.asked)
        if not text:
            self.console.say(self._about_no_one() if self.asked.member else NOTHING_TO_CHANGE)
            return Exit.NOTHING_MATCHED
        what = "the ticket" if self.delivery.output_format == TICKET else "the script"
        return hand_out(self.console, Made.of(text), self.delivery, place, what=what)

    def _part(self) -> Report | None:
        """The wanted part of the report; None if nothing in it is about the person."""
        login = self.asked.member
        if not login:
            return cut(self.report, self.asked.cut)
        everything = for_person(self.report, catalogue(), login)
        if not everything.findings or not self.asked.cut:
            return everything if everything.findings else None
        return for_person(self.report, catalogue(), login, self.asked.cut)

    def _whole(self, part: Report, place: PrivateFile | None) -> Exit:
        shown = part
        if self.kept is not None and part is self.report:
            shown = with_lately(part, self.kept.run)
            if self.delivery.form == PAGE_FORM:
                shown = with_trend(shown, self.kept.run, demo=self.wanted.demo)
        if self.kept is not None and part is self.report and self.delivery.numbered:
            shown = with_since(shown, self.kept.run, named=self.delivery.names is None)
        code = hand_over(self.console, shown, self.delivery, place)
        if self.kept is not None and part is self.report and self.delivery.numbered:
            note_shown(self.kept.run, demo=self.wanted.demo)
        return code

    def _counted(self, part: Report, place: PrivateFile | None) -> Exit:
        style = style_of(self.console, filed=place is not None, quiet=self.wanted.quiet)
        names = self.delivery.names
        part = part if names is None else shared(part, names)
        form = self.delivery.output_format
        if self.wanted.practices:
            own = names is None and not is_demo(part)
            text = practices.render(part, form, style, own=own)
        else:
            text = counting.render(part, self.wanted.by, form, style)
        return hand_out(self.console, Made.of(text), self.delivery, place)

    def _nothing(self) -> str:
        """The sentence where nothing that was looked at is of the wanted kind."""
        number = len(self.report.findings)
        return f"None of the {number} results of this run is {self.asked.kinds}"

    def _about_no_one(self) -> str:
        """That nothing is about the member, and the command that shows whom findings are about."""
        file = [self.asked.file] if self.asked.file else []
        words = ["hardenme", "show", *file, "--by", "person"]
        command = shlex.join([*words, "--demo"] if self.wanted.demo else words)
        return f"{about_no_one(self.asked.member)}. `{command}` shows whom it is about"

    def _open(self, place: PrivateFile | None) -> None:
        page = "" if place is None else place.target.absolute().as_uri()
        if page and not open_page(page):
            self.console.say(f"no browser was found; open {page}")


def _paged(console: Console, wanted: ShowOptions) -> bool:
    """Whether the page goes to a file that the user has not named: no screen shows its source."""
    if wanted.file is not None or wanted.each_member or wanted.each_repository:
        return False
    return wanted.opened or (wanted.html and not wanted.output and console.out.isatty())


def _page() -> Path:
    """The file of the page, which only the user can read.

    Raises:
        OutputError: it cannot be made.
    """
    try:
        return private_folder(state_folder()) / PAGE
    except (OSError, UnsafeFileError) as error:
        raise OutputError(
            f"no page can be written for the browser: {error}; name a file, by -o"
        ) from None
