"""No format says a word twice in a row, as a sentence does that is put together of two parts."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest

from hardenme.model.report import Report
from hardenme.reports import render
from tests.reports.planned import failed, fix, report, unknown
from tests.reports.publishing_sample import five
from tests.reports.sample import maintainer

TWICE = re.compile(r"\b([a-z]{2,}) \1\b")


def revoked() -> Report:
    """A token that goes with what is not known of it."""
    return report(
        failed("NPT107", "npm:token/1", fix("Revoke it", command="npm token revoke 1")),
        unknown("NPT108", "npm:token/1"),
    )


@pytest.mark.parametrize("made", [maintainer, five, revoked])
@pytest.mark.parametrize("form", ["screen", "table", "markdown", "html"])
def test_no_word_stands_twice_in_a_row(form: str, made: Callable[[], Report]) -> None:
    text = render(made(), form)
    if form == "html":
        text = unescape(re.sub(r"<(style|script).*?</\1>|<[^>]+>", "", text, flags=re.DOTALL))
    assert TWICE.findall(text) == []
