"""The fix plan: what to do about a report, in order, in several forms."""

from __future__ import annotations

from collections.abc import Callable

from hardenme.model.report import Report
from hardenme.model.secret import redact
from hardenme.reports.fixplan import document, markdown, script, table
from hardenme.reports.fixplan.making import plan_of
from hardenme.reports.fixplan.plan import Plan, Step
from hardenme.reports.plain import to_ascii
from hardenme.reports.style import Style

Renderer = Callable[[Plan, Style], str]

TABLE = "table"
RENDERERS: dict[str, Renderer] = {
    TABLE: table.render,
    "markdown": markdown.render,
    "json": document.render,
    "sh": script.render,
}
FORMS = tuple(RENDERERS)
"""The names of the forms on the command line."""


def render(plan: Plan, form: str, style: Style) -> str:
    """The plan in a form, ending with a line break.

    Secrets are removed from each value before it is laid out, and from the whole text once more.

    Args:
        plan: what to show.
        form: a name of `FORMS`.
        style: what the reader can show.
    """
    return _safe(RENDERERS[form](plan, style), style)


def of_report(report: Report, style: Style) -> str:
    """The plan of a report as a script, without the commands that check again."""
    return render(plan_of(report, lambda _codes, _places: ()), "sh", style)


def render_step(step: Step, style: Style) -> str:
    """One step in full, for a terminal."""
    return _safe(table.whole(step, style), style)


def _safe(text: str, style: Style) -> str:
    text = redact(text)
    return to_ascii(text) if style.ascii_only else text
