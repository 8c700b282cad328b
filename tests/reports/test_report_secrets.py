"""A secret in any text of a report is gone before the report is laid out, at every width."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from enum import Enum
from typing import Any

import pytest

from hardenme.model.secret import Secret
from hardenme.reports import FORMATS, pieces, render, render_forecast
from tests.canary_forms import seen
from tests.reports import publishing_sample, sample
from tests.reports.test_report_forecast import PLAN

pytestmark = pytest.mark.second_tier("whole reports in every format", one_of=3)

UNKNOWN_FORMAT = "CANARY.of~no-known+format/0123456789-and-long-enough-to-be-wrapped"
KNOWN_FORMAT = "ghp_CANARY000000000000000000000000000000"
CLOSED = frozenset({"code", "slug", "provider", "kind", "profile", "depth", "role", "way", "key"})
"""Fields whose words are ours, or that texts are looked up by."""

DISGUISES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "broken by a line": lambda text: f"{text[:12]}\n{text[12:]}",
    "with soft hyphens": "\u00ad".join,
    "with a colour": lambda text: f"{text[:12]}\x1b[31m{text[12:]}",
}


def infected(value: Any, tail: str, name: str = "") -> Any:
    """The same with a tail on every text that is not one of ours."""
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return value if name in CLOSED or not value else f"{value} {tail}"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changes = {
            field.name: infected(getattr(value, field.name), tail, field.name)
            for field in dataclasses.fields(value)
            if field.init
        }
        return dataclasses.replace(value, **changes)
    if isinstance(value, tuple | list | frozenset):
        return type(value)(infected(item, tail, name) for item in value)
    if isinstance(value, dict):
        return {key: infected(item, tail, name) for key, item in value.items()}
    return value


LAID_OUT = {"table", "alerts"}
"""The formats in which lines are broken where a terminal ends."""
REPORTS = {"maintainer": sample.maintainer(), "publishing": publishing_sample.five()}
SHOWN = [
    *(("maintainer", form) for form in (*FORMATS, "alerts")),
    # The formats that have a part of their own on who can publish.
    *(
        ("publishing", form)
        for form in ("table", "markdown", "json", "html", "commands", "mermaid")
    ),
]


@pytest.mark.second_tier("takes long in all", one_of=5)
@pytest.mark.sampled(6)
@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES)
@pytest.mark.parametrize(("name", "form"), SHOWN)
def test_no_format_shows_a_secret_at_any_width(
    name: str, form: str, disguise: Callable[[str], str]
) -> None:
    Secret(UNKNOWN_FORMAT)
    tail = f"{disguise(UNKNOWN_FORMAT)} {disguise(KNOWN_FORMAT)}"
    bad = infected(REPORTS[name], tail)
    for width in (40, 79, 120) if form in LAID_OUT else (79,):
        text = render(bad, form, width=width, color=True)
        assert not seen(text.encode()), form
        quiet = render(bad, form, width=width, quiet=True, ascii_only=True)
        assert not seen(quiet.encode()), form
        if form == "markdown":
            assert "[redacted]" in text
    # No secret stands in two writes, one half in each.
    assert not seen("\n".join(pieces(bad, form, width=40)).encode())


@pytest.mark.parametrize("form", ["table", "json"])
def test_no_forecast_shows_a_secret(form: str) -> None:
    Secret(UNKNOWN_FORMAT)
    bad = infected(PLAN, f"{UNKNOWN_FORMAT} {KNOWN_FORMAT}")
    for width in (40, 120):
        text = render_forecast(bad, form, width=width)
        assert not seen(text.encode())
        assert "redacted" in text.replace("\n", "")
