"""What a rehearsal shows of each way to release, and of what it did not look at."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from hardenme.model.acceptance import (
    AcceptanceState,
    RefusedCause,
    ReleaseWay,
    UnreadCause,
    UnseenCause,
)
from hardenme.model.way import Way
from hardenme.reports.header import header_of
from hardenme.reports.rehearsal import RehearsalShown, RehearsedPackage, render
from hardenme.reports.style import Style
from tests.reports.sample import report_of

UNSEEN = (UnseenCause("T9", "Actions policies"), UnseenCause("E16", "outages"))
ACCEPTED = ReleaseWay(
    "publisher/1",
    Way.PUBLISHER,
    "release.yml of acme/web",
    AcceptanceState.ACCEPTED,
    unseen=UNSEEN,
)
REFUSED = replace(
    ACCEPTED,
    key="publisher/2",
    name="old.yml of acme/web",
    verdict=AcceptanceState.REFUSED,
    refused=(RefusedCause("E5", "the file is gone", "Add it"),),
    unseen=(UnseenCause("V9", "the comparison"),),
)


def shown(*ways: ReleaseWay, full: bool = False) -> RehearsalShown:
    return RehearsalShown(
        (RehearsedPackage("web", ways),),
        ("npm:web",),
        "0.1.0",
        header_of(report_of([])),
        everything="hardenme rehearse npm:web --full",
        full=full,
    )


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("form", ["table", "markdown"])
def test_what_was_not_looked_at_of_an_accepted_way_is_named(form: str, full: bool) -> None:  # noqa: FBT001 (a case)
    text = " ".join(render(shown(ACCEPTED, REFUSED, full=full), form, Style()).split())
    assert "Actions policies; outages" in text
    assert "the comparison" not in text
    assert text.count("Actions policies") == 1


def test_of_what_is_refused_nothing_else_is_named() -> None:
    text = render(shown(REFUSED), "table", Style())
    assert "Of what is accepted" not in text
    assert "Nothing else: each way says what it lacks." in text


def test_json_has_what_was_not_looked_at_of_each_way() -> None:
    (package,) = json.loads(render(shown(ACCEPTED, REFUSED), "json", Style()))["packages"]
    rows = [[one["row"] for one in way["unseen"]] for way in package["ways"]]
    assert rows == [["T9", "E16"], ["V9"]]


UNREAD = ReleaseWay(
    "publisher/3",
    Way.PUBLISHER,
    "ci.yml of acme/web",
    AcceptanceState.UNKNOWN,
    unread=(
        UnreadCause(
            ("T3", "T4"),
            "actions:read",
            asks=("The workflow is not disabled", "An event starts the workflow file"),
        ),
    ),
)


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_a_person_reads_words_and_no_numbers_of_rows(form: str) -> None:
    text = render(shown(ACCEPTED, REFUSED, UNREAD, full=True), form, Style())
    lines = [line.strip() for line in re.sub(r"<[^>]*>", " ", text).splitlines()]
    # Each on a line of its own: there can be forty.
    assert [line for line in lines if line.endswith("The workflow is not disabled")]
    assert [line for line in lines if line.endswith("An event starts the workflow file")]
    plain = " ".join(lines)
    assert not re.findall(r"\b(?:T|J|CL|E|P|V|K|N|ST|H)\d+\b", plain)
