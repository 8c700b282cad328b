"""Reports: what a run found, as a table for the terminal, as Markdown, as JSON, and as drawings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any, Unpack

from hardenme.model.forecast import Forecast
from hardenme.model.report import Report
from hardenme.model.secret import redact
from hardenme.reports.plain import showable
from hardenme.reports.style import Options, Style

SCREEN = "screen"
"""What a person sees first; a file, or who asks for the findings alone, gets the whole table."""
ALERTS = "alerts"
"""The format in which a watch reports unusual releases; only `hardenme watch` has it."""
FORMATS = {
    SCREEN: "screen",
    "table": "table",
    "markdown": "markdown",
    "json": "jsonfile",
    "html": "html",
    "sarif": "sarif",
    "junit": "junit",
    "csv": "csvfile",
    "github": "actions",
    "mermaid": "mermaid",
    "commands": "commands",
}
"""Every format by its name on the command line, with the module whose `render` makes it. One is
loaded where it is made: no one asks for more than a few of them."""
STREAMED = frozenset({"json", "html", "sarif", "junit", "csv"})
"""Formats whose module has `pieces`, which makes them piece by piece. A piece holds whole values,
so that no secret is cut."""
SPLIT = frozenset({"sarif"})
"""Formats whose readers limit the size of a file. `files` in their module makes one iterator of
pieces for each file, and each is read to its end before the next is taken. On standard output the
pieces are one text."""
OF_PACKAGES = frozenset({"mermaid"})
"""Formats that report publish paths only."""
GATHERED = 1 << 16
"""Characters that are written at once."""


def _module(form: str) -> Any:
    """The module that makes a format."""
    return import_module(f"hardenme.reports.{FORMATS.get(form, form)}")


def render(report: Report, form: str, **options: Unpack[Options]) -> str:
    """The report in a format, ending with a line break.

    Secrets are removed from each value before it is laid out, and from the whole text once more.

    Args:
        report: what to show.
        form: a name of `FORMATS`, or `ALERTS`.
        options: the fields of a `Style`; the table alone heeds the width and the colours.

    Raises:
        ValueError: there is no format of that name; the message lists them.
    """
    if form not in FORMATS and form != ALERTS:
        raise ValueError(f"{form!r} is not a format; one of: {', '.join(FORMATS)}")
    style = Style(**options)
    text = showable(_module(form).render(report, style), ascii_only=style.ascii_only)
    return text if not text or text.endswith("\n") else f"{text}\n"


def pieces(report: Report, form: str, **options: Unpack[Options]) -> Iterator[str]:
    """What `render` makes, piece by piece, so that a large report need not be held as a whole.

    Raises:
        ValueError: there is no format of that name; the message lists them.
    """
    if form not in STREAMED:
        yield render(report, form, **options)
        return
    style = Style(**options)
    yield from _gathered(_module(form).pieces(report, style), style)


def files(report: Report, form: str, **options: Unpack[Options]) -> Iterator[Iterator[str]]:
    """What goes into files: one iterator of pieces a file, read to its end before the next.

    Most formats are one file.

    Raises:
        ValueError: there is no format of that name; the message lists them.
    """
    if form not in SPLIT:
        yield pieces(report, form, **options)
        return
    style = Style(**options)
    for one in _module(form).files(report, style):
        yield _gathered(one, style)


def step_summary(report: Report, room: int, *, with_members: bool = False) -> str:
    """The report as the summary of a step of GitHub Actions, in so many bytes at most.

    It is empty if there is no room for anything.
    """
    from hardenme.reports import actions  # noqa: PLC0415 (start-up is a feature)

    return redact(actions.summary(report, Style(with_members=with_members), room))


def _gathered(made: Iterable[str], style: Style) -> Iterator[str]:
    """Pieces put together to a size that is worth a write, without secrets."""
    gathered: list[str] = []
    size = 0
    for piece in made:
        gathered.append(piece)
        size += len(piece)
        if size >= GATHERED:
            yield showable("".join(gathered), ascii_only=style.ascii_only)
            gathered.clear()
            size = 0
    if gathered:
        yield showable("".join(gathered), ascii_only=style.ascii_only)


def render_forecast(
    foretold: Forecast,
    form: str,
    *,
    width: int = 80,
    color: bool = False,
    ascii_only: bool = False,
) -> str:
    """What a run would ask: as JSON, or for the terminal whatever other format is named."""
    from hardenme.reports import forecast  # noqa: PLC0415 (start-up is a feature)

    style = Style(width=width, color=color, ascii_only=ascii_only)
    if form == "json":
        return redact(forecast.document(foretold))
    return showable(forecast.render(foretold, style), ascii_only=ascii_only)
