"""The output of a run for a timer: what changed, and the current state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from hardenme.cli.output.delivery import MARKDOWN, TABLE, Delivery, under
from hardenme.cli.output.forms import style_of
from hardenme.cli.output.inplace import in_place
from hardenme.cli.terminal.console import Console
from hardenme.cli.timer.heartbeat import Page, Touched
from hardenme.cli.timer.notifications import Addresses
from hardenme.ground.files import PrivateFile
from hardenme.model.drift import Drift
from hardenme.model.report import Report
from hardenme.reports import SCREEN
from hardenme.reports import pieces as pieces_of
from hardenme.reports.drift import ABOVE, render
from hardenme.reports.heading import top
from hardenme.reports.message import Stored, quiet
from hardenme.reports.plain import to_ascii
from hardenme.reports.style import Style

FORMS = (*ABOVE, "json", "github")
"""The formats by their names on the command line."""


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """The options of a run for a timer.

    Attributes:
        delivery: the format, and where the result goes.
        digest: list every failed check, even where nothing changed.
        keep: how many reports are kept.
        interval: seconds between runs; 0 if the user does not say.
        heartbeat: the sign of life; None for none.
        ca_file: certificate authorities in place of the usual ones; empty for these.
        addresses: who is sent a message.
        evidence: messages hold what was seen.
        issue: the repository for whose issue the text is printed, and nothing else; empty for none.
        standing: the format of the standing list in the terminal; empty for the one of `delivery`.
    """

    delivery: Delivery
    digest: bool
    keep: int
    interval: int
    heartbeat: Page | Touched | None
    ca_file: str
    addresses: Addresses
    evidence: bool
    issue: str
    standing: str = ""


@dataclass(frozen=True, slots=True)
class RunNotes:
    """What else to know of a run that compares.

    Attributes:
        alarms: what is wrong with this run, shown even where nothing changed.
        notes: what a reader has to know of the comparison, shown with what changed.
        stored: where the reports are.
    """

    alarms: tuple[str, ...]
    notes: tuple[str, ...]
    stored: Stored

    def on(self, drift: Drift, *more: str) -> Drift:
        """What changed, with the alarms and notes of the run, and further alarms."""
        return replace(drift, notes=(*self.alarms, *more, *self.notes, *drift.notes))


@dataclass(frozen=True, slots=True)
class Text:
    """What is printed, or written into a file.

    Attributes:
        console: where it is printed.
        options: the format, and how much.
        report: the current state.
        drift: what changed.
        notes: what else to know of it.
        place: the file; None if it is printed.
        met: someone was shown the current state before.
        compared: there is something to say of what changed.
    """

    console: Console
    options: ReportOptions
    report: Report
    drift: Drift
    notes: RunNotes
    place: PrivateFile | None
    met: bool
    compared: bool

    @property
    def numbered(self) -> bool:
        """Whether a person sees the steps, with the numbers that `hardenme fix` takes."""
        return self._form == SCREEN and not (self._brief or self.options.standing)

    def written(self) -> Iterable[Iterable[str]]:
        """What goes into a file; a Markdown file that holds more keeps all around the marks."""
        if self.place is None or self.options.delivery.output_format != MARKDOWN:
            return (self.pieces(),)
        marked = under(self._changed(Style()), self._standing(Style()))
        return (in_place(self.console, marked, self.place.target),)

    def pieces(self) -> Iterator[str]:
        """What is printed, piece by piece."""
        style = style_of(self.console, filed=self.place is not None)
        if self._form in ABOVE:
            return chain(self._changed(style), self._standing(style))
        return iter((_rendered(self.notes.on(self.drift), self._form, style),))

    @property
    def _form(self) -> str:
        """The format in which it goes out: a file holds all of it, unless the screen is named."""
        delivery = self.options.delivery
        form, filed = delivery.output_format, self.place is not None
        return TABLE if form == SCREEN and filed and not delivery.named else form

    @property
    def _brief(self) -> bool:
        """Whether the current state fits one line; it is shown where no one has seen it yet."""
        options = self.options
        printed = options.delivery.quiet and self.place is None
        return printed and self.met and not options.standing

    def _changed(self, style: Style) -> Iterator[str]:
        """What has to be known, and what changed."""
        form, known = self._form, (*self.notes.alarms, *self.notes.notes)
        if self._brief:
            yield top((*known, *self.drift.notes), form, style)
            text = quiet(
                self.drift,
                self.report,
                markdown=form == MARKDOWN,
                digest=self.options.digest,
                stored=self.notes.stored,
                short=self.options.delivery.lines,
                width=self.console.width if self.console.wraps else 0,
            )
            yield to_ascii(text) if style.ascii_only else text
            return
        yield top(known, form, style)
        if self.compared:
            yield f"{_rendered(self.drift, ABOVE[form], style)}\n"

    def _standing(self, style: Style) -> Iterator[str]:
        """The current state, changed or not; nothing if one line has given it."""
        form = self._form
        if self._brief:
            return iter(())
        return pieces_of(
            self.report,
            form if form == MARKDOWN else self.options.standing or form,
            width=style.width,
            color=style.color,
            ascii_only=style.ascii_only,
        )


def _rendered(drift: Drift, form: str, style: Style) -> str:
    return render(drift, form, width=style.width, color=style.color, ascii_only=style.ascii_only)
