"""The texts of checks and standards, as a stored report holds them."""

from __future__ import annotations

from collections.abc import Callable

from hardenme.model.report import CheckText
from hardenme.model.severity import Severity
from hardenme.model.standard import Control, Standard, Support
from hardenme.reports.reading.error import ReportError
from hardenme.reports.reading.fields import CODE, SLUG, Fields

TitleOf = Callable[[str], str]
"""The problem that a check of this version names, by its code; empty where it has no such check."""


def untitled(code: str) -> str:  # noqa: ARG001 (it is a `TitleOf`)
    """Knows no check, so that what a report of before 1.5 requires stands for the problem."""
    return ""


def checks_of(fields: Fields | None, title_of: TitleOf) -> dict[str, CheckText]:
    """The texts of checks by code.

    Args:
        fields: as the report has them.
        title_of: names the problem where a report of before 1.5 does not.

    Raises:
        ReportError: something in it is not of its form.
    """
    if fields is None:
        return {}
    if not all(map(CODE.fullmatch, fields.raw)):
        raise ReportError("`checks` of the report names what is not a check")
    return {code: _check(code, fields.part(code), title_of) for code in fields.raw}


def _check(code: str, fields: Fields, title_of: TitleOf) -> CheckText:
    slug = fields.named("slug", SLUG)
    return CheckText(
        code=code,
        slug=slug,
        title=fields.text("title", "") or title_of(code) or fields.text("summary") or slug,
        severity=fields.word("severity", Severity.parse),
        summary=fields.text("summary"),
        why=fields.text("why"),
        fix=fields.text("fix", ""),
        limits=fields.text("limits", ""),
        controls=fields.texts("controls"),
    )


def standards_of(fields: Fields) -> tuple[Standard, ...]:
    """What published standards ask for.

    Raises:
        ReportError: something in it is not of its form.
    """
    return tuple(map(_standard, fields.parts("standards")))


def _standard(fields: Fields) -> Standard:
    return Standard(
        name=fields.text("name"),
        title=fields.text("title"),
        version=fields.text("version"),
        page=fields.text("page"),
        read=fields.day("read"),
        controls=tuple(map(_control, fields.parts("controls"))),
    )


def _control(fields: Fields) -> Control:
    try:
        return Control(
            key=fields.text("key"),
            title=fields.text("title"),
            support=fields.word("support", Support),
            checks=fields.texts("checks"),
            gap=fields.text("gap", ""),
        )
    except ReportError:
        raise
    except ValueError as error:
        raise ReportError(f"a control cannot be: {error!s:.200}") from None
