"""How a report reaches its reader: printed, or written to files."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Self

from hardenme.cli.console import Console
from hardenme.cli.inplace import before, in_place
from hardenme.cli.step_summary import add_summary
from hardenme.engine.settle import Exit, exit_code
from hardenme.model.report import NOT_FOUND, Report
from hardenme.reports import OF_PACKAGES, SPLIT, files, pieces
from hardenme.reports.pseudonyms import Pseudonyms, shared
from hardenme.store.files import OutputError, PrivateFile, write_parts

NO_PACKAGE = (
    "this format tells who can publish, and no package was looked at: name one, as npm:PACKAGE, and"
    " leave the PUB checks selected"
)
DEFAULT_VIEW, FULL_VIEW = "table", "table"
"""What a person is shown who asks for no format, and who asks for all of it."""
MARKDOWN = "markdown"
"""The format that is written into a file that holds more."""
NOTHING = "no selected check has anything to look at here; `hardenme list` shows all"
ACTIONS = "github"
"""The format whose lines the runner of GitHub Actions carries out."""
ABOVE = frozenset({"table", MARKDOWN})
"""The formats that may have a text of their kind before them."""
STOPPED = {"interrupted": Exit.INTERRUPTED, "terminated": Exit.TERMINATED}


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where a report goes, and how.

    Attributes:
        output_format: a key of `FORMATS`.
        file: None for standard output.
        quiet: the findings alone.
        alarm: what was found counts more than that not everything was looked at.
        names: makes the pseudonyms that stand in place of names; None for the names themselves.
        with_members: what is said of single people goes where many read it, too.
        above: a text that stands before the report, in one of the formats of `ABOVE`.
    """

    output_format: str
    file: Path | None = None
    quiet: bool = False
    alarm: bool = False
    names: Pseudonyms | None = None
    with_members: bool = False
    above: str = ""

    @property
    def numbered(self) -> bool:
        """Whether a person sees the steps, with the numbers that `hardenme fix` takes."""
        seen = self.output_format in {DEFAULT_VIEW, FULL_VIEW}
        return seen and self.file is None and not self.quiet


@dataclass(frozen=True, slots=True)
class Made:
    """A text that is made when it is asked for, and may be large.

    Attributes:
        printed: its pieces, for standard output.
        written: the pieces of each file that it takes.
    """

    printed: Callable[[], Iterable[str]]
    written: Callable[[], Iterable[Iterable[str]]]

    @classmethod
    def of(cls, text: str) -> Self:
        """A text that is there already."""
        return cls(lambda: (text,), lambda: ((text,),))


def place_of(delivery: Delivery) -> PrivateFile | None:
    """See to it, before the work, that the place can be written; None for standard output.

    Raises:
        OutputError: it cannot be.
    """
    if delivery.file is None:
        return None
    if delivery.output_format == MARKDOWN:
        before(delivery.file)
    return PrivateFile(delivery.file)


def deliver(
    console: Console,
    report: Report,
    delivery: Delivery,
    place: PrivateFile | None = None,
    *,
    empty: str = "",
) -> int:
    """Print or write the report of a run; returns the exit code.

    A report that cannot be written where it should go is printed: nothing that was found is lost.
    """
    code = exit_code(report, alarm=delivery.alarm)
    if show(console, report, delivery, place) is not Exit.CLEAN:
        code = Exit.USAGE
    if report.partial in STOPPED:
        console.say(f"{report.partial}: the report holds what was found until then")
        return STOPPED[report.partial]
    if code is Exit.NOTHING_MATCHED and not report.not_found:
        console.say(empty or NOTHING)
    return code


def say_not_found(console: Console, report: Report) -> None:
    """Say which targets were not found, before anything of the others is told."""
    for name in report.not_found:
        console.say(f"{name}: {NOT_FOUND}. Check the name, then `hardenme auth status`.")


def show(
    console: Console, report: Report, delivery: Delivery, place: PrivateFile | None = None
) -> Exit:
    """Print or write a report, whatever it tells; the exit code is about that alone."""
    form, quiet = delivery.output_format, delivery.quiet
    if delivery.names is not None:
        report = shared(report, delivery.names)
    made = Made(
        printed=partial(
            pieces,
            report,
            form,
            width=console.width,
            color=console.color and place is None,
            quiet=quiet,
            ascii_only=console.ascii_only and place is None,
            with_members=delivery.with_members,
        ),
        written=partial(
            files,
            report,
            form,
            width=console.width,
            quiet=quiet,
            with_members=delivery.with_members,
        ),
    )
    if delivery.above:
        made = _below(delivery, made)
    if place is not None and form == MARKDOWN:
        made = replace(made, written=lambda: (in_place(console, made.printed(), place.target),))
    code = hand_out(console, made, delivery, place)
    if form == ACTIONS:
        add_summary(console, report, with_members=delivery.with_members)
    if form in OF_PACKAGES and not (report.publishing and report.publishing.packages):
        console.say(NO_PACKAGE)
    if form in SPLIT and place is None and not quiet:
        _tell_of_parts(console, _count(made.written()))
    return code


def _below(delivery: Delivery, made: Made) -> Made:
    """The report with a text before it. In Markdown it stands between the marks of the report.

    So the next one takes its place, too.
    """
    text = f"{delivery.above}\n"

    def printed() -> Iterator[str]:
        first = True
        for piece in made.printed():
            if first and delivery.output_format == MARKDOWN:
                mark, line, rest = piece.partition("\n")
                yield f"{mark}{line}{text}{rest}"
            else:
                yield f"{text}{piece}" if first else piece
            first = False

    return Made(printed, lambda: (printed(),))


def _count(parts: Iterable[Iterable[str]]) -> int:
    """How many files there are, each of which has to be read to its end."""
    number = 0
    for part in parts:
        deque(part, maxlen=0)
        number += 1
    return number


def _tell_of_parts(console: Console, number: int) -> None:
    if number > 1:
        console.say(
            f"this is more than one file of it may hold where it is read: -o FILE writes {number}"
            " files, and leaves nothing out"
        )


def hand_out(console: Console, made: Made, delivery: Delivery, place: PrivateFile | None) -> Exit:
    """Print a text, or write it where it should go."""
    if place is not None:
        try:
            written = write_parts(place, made.written())
        except OutputError as error:
            console.say(str(error))
        else:
            if not delivery.quiet:
                console.say(_where(written))
            return Exit.CLEAN
    for piece in made.printed():
        console.print(piece, commands=delivery.output_format == ACTIONS)
    return Exit.CLEAN if place is None else Exit.USAGE


def _where(written: tuple[Path, ...]) -> str:
    first, *more = written
    if not more:
        return f"the report is in {first}"
    return f"the report is in {len(written)} files: {first} to {more[-1].name}"
