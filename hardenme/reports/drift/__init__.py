"""A drift in every form: for a terminal, as Markdown, as JSON, as annotations, and in one line."""

from __future__ import annotations

from collections.abc import Callable

from hardenme.model.drift import Drift
from hardenme.reports.drift import actions, jsonfile
from hardenme.reports.drift.outline import outline_of
from hardenme.reports.drift.words import headline
from hardenme.reports.outline.forms import as_markdown, as_table
from hardenme.reports.plain import showable
from hardenme.reports.style import Style

__all__ = ["ABOVE", "FORMS", "headline", "render"]


def _line(drift: Drift, _style: Style) -> str:
    return f"{headline(drift)}\n"


FORMS: dict[str, Callable[[Drift, Style], str]] = {
    "table": lambda drift, style: as_table(outline_of(drift, quiet=style.quiet), style),
    "markdown": lambda drift, style: as_markdown(outline_of(drift, quiet=style.quiet), style),
    "json": jsonfile.render,
    "github": actions.render,
    "line": _line,
}
"""Every form by its name on the command line."""
SHORT = frozenset({"table", "markdown", "line"})
"""Forms that say nothing with `quiet` where nothing changed."""
ABOVE = {"screen": "table", "table": "table", "markdown": "markdown"}
"""The form in which changes are shown above a report, by the report's format. The other formats are
for programs, and have no text above them."""


def render(  # noqa: PLR0913 (each option is a word of the command line)
    drift: Drift,
    form: str,
    *,
    width: int = 80,
    color: bool = False,
    quiet: bool = False,
    ascii_only: bool = False,
    with_members: bool = False,
) -> str:
    """The drift in a form.

    Args:
        drift: what to show.
        form: a name of `FORMS`.
        width: columns of the terminal; the table alone heeds it.
        color: whether the table may use colours.
        quiet: the changes alone, and nothing if there are none; JSON is always whole.
        ascii_only: nothing but ASCII, for a terminal that shows nothing else.
        with_members: whether `github` says what changed about individuals.

    Raises:
        ValueError: there is no form of that name; the message lists them.
    """
    if form not in FORMS:
        raise ValueError(f"{form!r} is not a form; one of: {', '.join(FORMS)}")
    if quiet and form in SHORT and drift.empty and not drift.incomparable:
        return ""
    style = Style(width, color, quiet, ascii_only, with_members)
    return showable(FORMS[form](drift, style), ascii_only=ascii_only)
