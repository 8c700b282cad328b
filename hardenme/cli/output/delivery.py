"""How a report reaches its reader: printed, or written to files."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Self

from hardenme.cli.options.given import OptionValues
from hardenme.cli.output.inplace import in_place
from hardenme.cli.output.pseudonyms import pseudonyms
from hardenme.cli.output.step_summary import add_summary
from hardenme.cli.terminal.console import Console
from hardenme.config.table.result import FORMAT, FULL, LINES, OUTPUT, QUIET, REDACT, WITH_MEMBERS
from hardenme.engine.settle import exit_code, failed
from hardenme.ground.errors import OutputError, UnsafeFileError
from hardenme.ground.exit_code import Exit
from hardenme.ground.files import PrivateFile, write_parts
from hardenme.model.report import NOT_FOUND, Report, absence
from hardenme.model.severity import Severity
from hardenme.reports import FORMATS, OF_PACKAGES, SCREEN, SPLIT, files, pieces
from hardenme.reports.pseudonyms import Pseudonyms, shared
from hardenme.reports.sign_in import elsewhere
from hardenme.store.runs import KeptRun

NO_PACKAGE = (
    "this format shows who can publish, and no package was checked: name one, as npm:PACKAGE, and"
    " leave the PUB checks selected"
)
MARKDOWN = "markdown"
"""The format that is written into a file that holds more."""
NOTHING = "no selected check has anything to look at here; `hardenme list` shows all"
ACTIONS = "github"
"""The format whose lines the runner of GitHub Actions carries out."""
TABLE = "table"
PAGE = "html"
JSON = "json"
AT_ONCE = 65_536
"""Bytes of a kept report that are copied at a time, and the rest of the last line."""
NOT_COUNTING = "this is the demo: its accounts are invented, and their findings do not count"
CODES: dict[int, str] = {
    Exit.USAGE: "the report could not be written",
    Exit.UNKNOWN: "something is not known",
    Exit.NO_CREDENTIAL: "no credential was accepted",
    Exit.NOTHING_MATCHED: "nothing was looked at",
}
"""Why a run that found nothing is not a success."""
STOPPED = {"interrupted": Exit.INTERRUPTED, "terminated": Exit.TERMINATED}


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where a report goes, and how.

    Attributes:
        output_format: a key of `FORMATS`.
        file: None for standard output.
        quiet: the findings alone, two lines each.
        lines: with that, one line each.
        alarm: what was found counts more than that not everything was looked at.
        names: makes the pseudonyms that replace names; None for the names themselves.
        with_members: results about individuals are included even where many people read it.
        above: a text before the report, for the formats of `reports.drift.ABOVE`.
        kept: this very report, where it was kept: its JSON is not made a second time.
        invented: the accounts are those of the demo, and their findings do not count.
        page: the file is a page whose place the user did not choose, so its path is printed.
        named: the user named the format.
    """

    output_format: str
    file: Path | None = None
    quiet: bool = False
    alarm: bool = False
    names: Pseudonyms | None = None
    with_members: bool = False
    above: str = ""
    kept: KeptRun | None = None
    invented: bool = False
    lines: bool = False
    page: bool = False
    named: bool = False

    @property
    def form(self) -> str:
        """The format in which it goes out: all, where a file or --quiet is asked for alone."""
        fits = self.file is None or self.named
        short = self.output_format == SCREEN and fits and not self.quiet
        return self.output_format if short or self.output_format != SCREEN else TABLE

    @property
    def numbered(self) -> bool:
        """Whether a person sees the steps, with the numbers that `hardenme fix` takes."""
        return self.form == SCREEN


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
    closing = _closing(report, code, invented=delivery.invented)
    if delivery.invented:
        # The last line is the first action.
        console.say(NOT_COUNTING)
    if show(console, report, delivery, place, closing=closing) is not Exit.CLEAN:
        code = Exit.USAGE
    if report.partial in STOPPED:
        console.say(f"{report.partial}: the report holds what was found until then")
        return STOPPED[report.partial]
    if code is Exit.NOTHING_MATCHED and not report.not_found:
        console.say(empty or NOTHING)
    return code


def delivered(
    given: OptionValues,
    *,
    formats: Iterable[str] = FORMATS,
    alarm: bool = False,
    invented: bool = False,
) -> Delivery:
    """How a command's options want a report; `Delivery` says what the others are.

    Raises:
        UsageError: the format is none of these; the key of pseudonyms cannot be read or made.
    """
    return Delivery(
        whole(given.one_of(FORMAT, formats), full=given[FULL]),
        None if given[OUTPUT] in {"", "-"} else Path(given[OUTPUT]),
        quiet=given[QUIET] or given[LINES],
        alarm=alarm,
        names=pseudonyms(wanted=given[REDACT]),
        with_members=given[WITH_MEMBERS],
        invented=invented,
        lines=given[LINES],
        named=given.stated(FORMAT),
    )


def whole(output_format: str, *, full: bool) -> str:
    """The format that was asked for; in full, where the screen would leave something out."""
    return TABLE if full and output_format == SCREEN else output_format


def _closing(report: Report, code: int, *, invented: bool) -> str:
    """What the exit code is, and why."""
    if invented:
        would = f"If these accounts were yours, hardenme check would exit with {code:d}"
        return f"{would}: {_why(report, code)}"
    return f"Exit code {code:d}: {_why(report, code)}"


def _why(report: Report, code: int) -> str:
    if code not in {Exit.CLEAN, Exit.FINDINGS}:
        return CODES.get(code, "see above")
    levels = [str(level) for level in sorted(Severity, reverse=True) if level >= report.fail_on]
    named = " or ".join(filter(None, (", ".join(levels[:-1]), levels[-1])))
    number = failed(report)
    if not number:
        return f"no finding is {named}"
    return f"1 finding is {named}" if number == 1 else f"{number:,} findings are {named}"


def say_not_found(console: Console, report: Report) -> None:
    """Print which targets were not found, before anything about the others."""
    if wrong := elsewhere(report):
        console.say(f"{wrong}. Nothing was checked. Check the address: `hardenme config`.")
        return
    for name in report.not_found:
        why = absence(name, report.identities)
        provider = name.partition(":")[0]
        then = "auth status" if why == NOT_FOUND else f"auth login {provider}"
        console.say(f"{name}: {why}. Check the name, then `hardenme {then}`.")


def show(
    console: Console,
    report: Report,
    delivery: Delivery,
    place: PrivateFile | None = None,
    *,
    closing: str = "",
) -> Exit:
    """Print or write a report, whatever it contains; the exit code is about that alone.

    Args:
        report: what is shown.
        delivery: where it goes, and how.
        place: the file; None for standard output.
        closing: a last line for the screen.
    """
    form, quiet = delivery.form, delivery.quiet
    if delivery.kept is not None and form == JSON and delivery.names is None:
        copied = partial(_copied, delivery.kept, report)
        return hand_out(console, Made(copied, lambda: (copied(),)), delivery, place)
    if delivery.names is not None:
        report = shared(report, delivery.names)
    if form == PAGE:
        report = _with_holders(report)
    made = Made(
        printed=partial(
            pieces,
            report,
            form,
            width=console.width,
            color=console.color and place is None,
            quiet=quiet,
            lines=delivery.lines,
            closing=closing,
            ascii_only=console.ascii_only and place is None,
            with_members=delivery.with_members,
        ),
        written=partial(
            files,
            report,
            form,
            width=console.width,
            quiet=quiet,
            lines=delivery.lines,
            closing=closing,
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


def _with_holders(report: Report) -> Report:
    """The report with who reaches what; a part of a run does not show that."""
    if report.whole is not None or not report.inventory:
        return report
    from hardenme.derive.holders import holders, linked  # noqa: PLC0415 (start-up)

    return replace(report, holders=holders(report, linked(report)))


def _copied(kept: KeptRun, report: Report) -> Iterator[str]:
    """The JSON of a report that was kept a moment ago; made anew where it is gone already."""
    with ExitStack() as open_files:
        try:
            file = open_files.enter_context(kept.open())
        except (OSError, UnsafeFileError):
            yield from pieces(report, JSON)
            return
        # Whole lines, so that no character is cut.
        for lines in iter(partial(file.readlines, AT_ONCE), []):
            yield b"".join(lines).decode()


def _below(delivery: Delivery, made: Made) -> Made:
    """The report with a text before it. In Markdown it is between the marks of the report.

    So the next one takes its place, too.
    """
    above = [f"{delivery.above}\n"]

    def printed() -> Iterator[str]:
        markdown = delivery.output_format == MARKDOWN
        yield from under(above, made.printed()) if markdown else chain(above, made.printed())

    return Made(printed, lambda: (printed(),))


def under(above: Iterable[str], report: Iterable[str]) -> Iterator[str]:
    """A report in Markdown with a text above it, both of them between the report's marks."""
    pieces = iter(report)
    mark, line, rest = next(pieces).partition("\n")
    yield f"{mark}{line}"
    yield from above
    yield rest
    yield from pieces


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


def hand_out(
    console: Console,
    made: Made,
    delivery: Delivery,
    place: PrivateFile | None,
    *,
    what: str = "the report",
) -> Exit:
    """Print a text, or write it where it should go, and say what is there."""
    if place is not None:
        try:
            written = write_parts(place, made.written())
        except OutputError as error:
            console.say(str(error))
        else:
            if delivery.page:
                console.say(f"the page is {written[0]}")
            elif not delivery.quiet:
                console.say(_where(what, written))
            return Exit.CLEAN
    for piece in made.printed():
        console.print(piece, commands=delivery.output_format == ACTIONS)
    return Exit.CLEAN if place is None else Exit.USAGE


def _where(what: str, written: tuple[Path, ...]) -> str:
    first, *more = written
    if not more:
        return f"{what} is in {first}"
    return f"{what} is in {len(written)} files: {first} to {more[-1].name}"
