"""How the stored reports of one thing developed: for the terminal, and as JSON."""

from __future__ import annotations

from hardenme.reports.style import Style
from hardenme.reports.trend.course import Course, course_of
from hardenme.reports.trend.document import document
from hardenme.reports.trend.table import table

__all__ = ["FORMS", "Course", "course_of", "render"]

FORMS = ("table", "json")


def render(course: Course, form: str, style: Style) -> str:
    """A course in a format, ending with a line break.

    Raises:
        ValueError: there is no format of that name.
    """
    if form not in FORMS:
        raise ValueError(f"{form!r} is not a format; one of: {', '.join(FORMS)}")
    return document(course) if form == "json" else table(course, style)
