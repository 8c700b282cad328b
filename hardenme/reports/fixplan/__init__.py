"""The fix plan: what to do about a report, in order, in several forms."""

from __future__ import annotations

from collections.abc import Callable

from hardenme.reports.fixplan import document, script
from hardenme.reports.fixplan.outline import entry, head, outline_of, place
from hardenme.reports.fixplan.plan import FixPlan, Step
from hardenme.reports.outline.markdown import Markdown
from hardenme.reports.outline.terminal import Terminal
from hardenme.reports.plain import showable
from hardenme.reports.sheet import Sheet
from hardenme.reports.style import Style

Renderer = Callable[[FixPlan, Style], str]


def _table(plan: FixPlan, style: Style) -> str:
    """The plan for a terminal, bounded whatever its size."""
    sheet = Sheet(style)
    terminal = Terminal(sheet)
    if style.quiet:
        for step in plan.steps:
            sheet.say(_line(plan, step, sheet.value(step.title)), hang=3)
            if not style.lines:
                sheet.add(f"   {sheet.value(place(plan, step).text)}")
        return sheet.text() if sheet.lines else ""
    terminal.outline(outline_of(plan))
    return sheet.text()


def _line(plan: FixPlan, step: Step, title: str) -> str:
    number = f"{step.number}. " if plan.numbered else ""
    return f"{number}{step.id} {title}"


def _markdown(plan: FixPlan, style: Style) -> str:
    """The plan as a GitHub task list."""
    writer = Markdown(ascii_only=style.ascii_only)
    if style.quiet:
        lines = [line for step in plan.steps for line in _brief(writer, plan, step, style)]
    else:
        lines = [*writer.outline(outline_of(plan))]
    return "".join(f"{line}\n" for line in lines)


def _brief(writer: Markdown, plan: FixPlan, step: Step, style: Style) -> list[str]:
    line = writer.head(head(step, numbered=plan.numbered))
    return [line] if style.lines else [line, f"  - {writer.words((place(plan, step),))}"]


TABLE = "table"
RENDERERS: dict[str, Renderer] = {
    TABLE: _table,
    "markdown": _markdown,
    "json": document.render,
    "sh": script.render,
}
FORMS = tuple(RENDERERS)
"""The names of the forms on the command line."""


def render(plan: FixPlan, form: str, style: Style) -> str:
    """The plan in a form, ending with a line break.

    Secrets are removed from each value before it is laid out, and from the whole text once more.

    Args:
        plan: what to show.
        form: a name of `FORMS`.
        style: what the reader can show.
    """
    return showable(RENDERERS[form](plan, style), ascii_only=style.ascii_only)


def render_step(step: Step, style: Style) -> str:
    """One step in full, for a terminal."""
    sheet = Sheet(style)
    sheet.add(*Terminal(sheet, whole=True).entry(entry(step)))
    return showable(sheet.text(), ascii_only=style.ascii_only)
