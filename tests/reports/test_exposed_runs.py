"""What a reader sees of the runs of a search: one screen, with what to rotate first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.exposure.reach import OIDC, PUBLISHING
from hardenme.ground.exit_code import Exit
from hardenme.model.exposed_record import ExposedRow
from hardenme.model.exposure import (
    RANKS,
    Exposure,
    ExposureGrade,
    ExposureRow,
    ExposureSign,
    RepositoryExposure,
    RunAttempt,
)
from hardenme.model.reached import can_publish, reached
from hardenme.reports.exposed_runs import ROTATE
from hardenme.reports.exposure import ExposureShown, render
from hardenme.reports.style import Style

CONFIRMED, POSSIBLE, UNKNOWN, NOT_SEEN = ExposureGrade
AT = datetime(2026, 3, 31, 1, 2, tzinfo=UTC)
FAULT = "GitHub shows no run from before 2026-01-25: records of runs expire with the retention"
REACHES = (
    ("secret NPM_TOKEN", "GITHUB_TOKEN: what it wrote stays"),
    (OIDC, PUBLISHING, "secret AWS_KEY"),
    ("GITHUB_TOKEN: what it wrote stays",),
)


def row(number: int, grade: ExposureGrade, *reach: str) -> ExposureRow:
    file = f".github/workflows/ci-{number % 7}.yml"
    ran = RunAttempt(number, 1, "push", file, "0" * 40, AT, AT, AT, f"https://host.test/{number}")
    why = f"packages/part-{number % 11}/package-lock.json resolves axios@1.14.1"
    return ExposureRow(ran, grade, (ExposureSign(grade, why),), reach)


def shown(rows: Sequence[ExposureRow], repositories: int, faults: int) -> ExposureShown:
    found = [
        RepositoryExposure(
            f"acme-laboratories/repository-{number:03}",
            tuple(rows[number::repositories]),
            tuple(f"{FAULT} {part}" for part in range(faults)),
        )
        for number in range(repositories)
    ]
    return ExposureShown(Exposure(("axios@1.14.1",), AT, AT.replace(hour=4), tuple(found)))


def text_of(told: ExposureShown, width: int = 80) -> str:
    return render(told, "table", Style(width))


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("faults", [0, 1, 5])
@pytest.mark.parametrize("repositories", [1, 2, 90])
def test_all_is_on_one_screen_whatever_was_found(
    repositories: int, faults: int, width: int
) -> None:
    rows = [row(n, tuple(ExposureGrade)[n % 4], *REACHES[n % 3]) for n in range(400)]
    text = text_of(shown(rows, repositories, faults), width)
    assert len(text.splitlines()) <= 24
    # What is left out is counted, and the numbers add up.
    assert "confirmed in 100 runs, possible in 100 runs, unknown in 100 runs" in _flat(text)
    left = re.search(r"and (\d+) more runs: --full", text)
    listed = sum(
        int(several) if several else 1
        for several in re.findall(
            r"(?:confirmed|possible|unknown): (?:\S+\s+)?ci-\d.yml, (?:(\d+) runs|run)", text
        )
    )
    assert left is not None
    assert int(left[1]) + listed == 300


@pytest.mark.parametrize("repositories", [1, 2, 90])
def test_the_verdict_and_what_to_rotate_first_are_within_the_first_lines(repositories: int) -> None:
    rows = [row(n, tuple(ExposureGrade)[n % 4], *REACHES[n % 3]) for n in range(400)]
    lines = text_of(shown(rows, repositories, 5)).splitlines()[:24]
    assert any(line.startswith("EXPOSED: ") for line in lines[:4])
    text = _flat("\n".join(lines))
    assert ROTATE in text
    assert "confirmed: secret NPM_TOKEN" in text
    assert any(line.startswith("── Where ") for line in lines)


@pytest.mark.parametrize(("refused", "lost"), [(True, ""), (False, "Some answers did not come.")])
@pytest.mark.parametrize("repositories", [1, 90])
def test_a_search_that_looked_at_nothing_says_so_first_and_why(
    repositories: int, lost: str, *, refused: bool
) -> None:
    found = shown([], repositories, 1).found
    each = tuple(replace(one, refused=refused) for one in found.repositories)
    told = ExposureShown(replace(found, repositories=each), lost=lost)
    assert told.unread
    assert told.exit_code is Exit.UNKNOWN
    text = _flat(text_of(told))
    assert f"NOT KNOWN: nothing was looked at. {FAULT} 0." in text
    # A run that was looked at is worth a row in an incident, whatever is missing elsewhere.
    one = replace(each[0], rows=(row(1, NOT_SEEN),))
    other = ExposureShown(replace(found, repositories=(one, *each[1:])), lost=lost)
    assert not other.unread


def _flat(text: str) -> str:
    return " ".join(text.split())


@given(
    st.lists(
        st.tuples(st.sampled_from(list(ExposureGrade)), st.sampled_from(REACHES)), max_size=12
    ),
    st.integers(1, 4),
)
def test_everything_is_there_in_full(
    grades: list[tuple[ExposureGrade, tuple[str, ...]]], repositories: int
) -> None:
    rows = [row(number, grade, *reach) for number, (grade, reach) in enumerate(grades)]
    told = shown(rows, repositories, 1)
    text = text_of(ExposureShown(told.found, full=True))
    for one in rows:
        seen = one.grade is not NOT_SEEN
        assert (f"run {one.attempt.run} attempt 1 (push" in text) is seen
    where = "{}: GitHub" if repositories > 1 else "GitHub"
    assert all(where.format(one.name) in _flat(text) for one in told.found.repositories)


def test_what_to_rotate_comes_first_and_of_that_what_can_publish() -> None:
    rows = [row(1, CONFIRMED, "secret AWS_KEY"), row(2, POSSIBLE, OIDC, "secret NPM_TOKEN")]
    text = _flat(text_of(ExposureShown(shown(rows, 1, 0).found, full=True)))
    order = [
        *("EXPOSED", "possible: secret NPM_TOKEN", "possible: OIDC", "confirmed: secret AWS_KEY"),
        *("run 1 attempt 1", "run 2 attempt 1"),
    ]
    places = [text.index(one) for one in order]
    assert places == sorted(places)


@given(
    st.lists(
        st.tuples(st.sampled_from(list(ExposureGrade)), st.sampled_from(REACHES)), max_size=12
    ),
    st.integers(1, 4),
)
def test_what_could_be_read_is_listed_or_counted_whatever_is_known_of_the_run(
    grades: list[tuple[ExposureGrade, tuple[str, ...]]], repositories: int
) -> None:
    rows = [row(number, grade, *reach) for number, (grade, reach) in enumerate(grades)]
    told = shown(rows, repositories, 0)
    # Where all runs are of one grade, the first line says it, unless that is not known.
    of = {one.grade for one in rows} - {NOT_SEEN}
    alike = len(of) == 1 and UNKNOWN not in of
    lines = rotated(ExposureShown(told.found, full=True))
    for one in told.found.repositories:
        for ran in one.rows:
            for what in ran.reach if ran.grade is not NOT_SEEN else ():
                where = f", of .*{one.name}" if repositories > 1 else ""
                known = "|".join(each.value for each in RANKS if RANKS[each] <= RANKS[ran.grade])
                begins = "" if alike else f"(?:{known}): "
                pattern = f"{begins}{re.escape(what)}{where}"
                assert any(re.search(pattern, line) for line in lines)
    brief = rotated(told)
    left = re.search(r"and (\d+) more lines?: --full", _flat(text_of(told)))
    assert len(brief) + (int(left[1]) if left else 0) == len(lines)
    unsure = [line.startswith("unknown") for line in lines]
    assert unsure == sorted(unsure)


def rotated(told: ExposureShown) -> list[str]:
    """The lines of what to rotate, each as one."""
    section = text_of(told).partition(ROTATE)[2].partition("\n── ")[0]
    lines = [_flat(line) for line in re.split(r"\n  (?! )", section)[1:]]
    return [line for line in lines if not line.startswith("and ")]


@pytest.mark.parametrize(
    ("what", "publishes"),
    [
        ("secret NPM_TOKEN", True),
        ("secret node_auth_token", True),
        ("secret RELEASE_PAT", True),
        ("secret AWS_KEY", False),
        ("the secrets of environment release, whose names are not known: refused (404)", True),
        ("the secrets of environment x: AWS_KEY, NPM_TOKEN", True),
        ("the secrets of environment staging: AWS_KEY", False),
        ("publishing @acme/web: npm trusts this workflow", True),
        ("all secrets of the repository and organization", True),
        (OIDC, True),
        (PUBLISHING, True),
        ("npm token in ~/.npmrc line 1", True),
        ("SSH key ~/.ssh/id", False),
        ("GITHUB_TOKEN: what it wrote stays", False),
    ],
)
def test_what_can_publish(what: str, *, publishes: bool) -> None:
    assert can_publish(what) is publishes


@given(
    st.lists(
        st.builds(
            ExposedRow,
            st.sampled_from(list(ExposureGrade)),
            st.sampled_from(["acme/web", "acme/api"]),
            st.just("run"),
            reach=st.sampled_from(REACHES),
        ),
        max_size=8,
    )
)
def test_each_is_rotated_once_with_its_heaviest_grade(rows: list[ExposedRow]) -> None:
    found = reached(rows)
    assert len({(one.where, one.what) for one in found}) == len(found)
    for one in found:
        grades = [row.grade for row in rows if row.where == one.where and one.what in row.reach]
        assert one.grade is min(grades, key=RANKS.__getitem__)
    assert [one.publishes for one in found] == sorted(
        (one.publishes for one in found), reverse=True
    )


@pytest.mark.parametrize(
    ("grades", "faults", "verdict"),
    [
        ((NOT_SEEN, NOT_SEEN), 0, "NOT SEEN in 2 runs; 0 commits and 0 lock files were read."),
        (
            (NOT_SEEN,),
            1,
            "NOT KNOWN: not seen in 1 run; 0 commits and 0 lock files were read, but not all that",
        ),
        ((POSSIBLE,), 1, "POSSIBLE in 1 run; 0 commits and 0 lock files were read."),
        ((POSSIBLE, NOT_SEEN), 0, "POSSIBLE: possible in 1 run, not seen in 1 run; 0 commits"),
        ((CONFIRMED,), 0, "EXPOSED: confirmed in 1 run; 0 commits"),
        ((UNKNOWN,), 0, "NOT KNOWN: unknown in 1 run; 0 commits"),
    ],
)
def test_the_verdict_says_each_thing_once_and_no_calm_word_where_not_all_was_read(
    grades: Sequence[ExposureGrade], faults: int, verdict: str
) -> None:
    rows = [row(number, grade) for number, grade in enumerate(grades)]
    assert f" {verdict}" in _flat(text_of(shown(rows, 1, faults), 300))


def test_a_reason_that_many_repositories_have_is_said_once() -> None:
    text = _flat(text_of(shown([], 90, 1)))
    assert text.count("records of runs expire") == 1
    assert f"GitHub lists no run of the window. {FAULT}" in text
    # In full, each repository has it.
    full = _flat(text_of(ExposureShown(shown([], 90, 1).found, full=True), 300))
    assert f"acme-laboratories/repository-089: {FAULT}" in full
    some = replace(shown([row(1, UNKNOWN)], 1, 1).found.repositories[0], name="acme/other")
    found = shown([], 90, 1).found
    told = ExposureShown(replace(found, repositories=(*found.repositories, some)))
    assert f"acme-laboratories/repository-000 and 90 more repositories: {FAULT}" in _flat(
        text_of(told)
    )
