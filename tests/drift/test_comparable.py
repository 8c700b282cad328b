"""Which reports are compared at all, and what the exit code says of what changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.drift import compare, follow
from hardenme.drift.result import drift_code
from hardenme.ground.exit_code import Exit
from hardenme.model.accounts import accounts_of, contradict
from hardenme.model.report import Identity
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from tests.drift.compared import (
    REFUSED,
    WEB,
    finding,
    key,
    place,
    report,
    steps,
)


def identity(login: str, host: str = "https://api.github.test") -> Identity:
    return Identity("github", host, login, "classic", "env")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"identities": (identity("rowan"),)}, "answered for hazel, and then for rowan"),
        ({"identities": (identity("hazel", "https://ghe.test"),)}, "and then at https://ghe.test"),
        ({"targets": ("github:other",)}, "other targets: github:acme, and then github:other"),
        ({"redacted": "Redacted. The mark of the key: ghjkl."}, "the later report is redacted"),
    ],
)
def test_what_has_nothing_in_common_is_not_compared(changes: dict[str, object], words: str) -> None:
    after = report(finding("passed"), **changes)
    drift, kept = follow(report(finding()), after)
    assert words in drift.incomparable
    assert drift.empty
    assert drift_code(drift, after) is Exit.USAGE
    assert not kept.carried.findings


def test_redacted_reports_are_compared_where_their_key_is_the_same() -> None:
    marks = [f"Redacted. The mark of the key: {mark}." for mark in ("ghjkl", "ghjkl", "mnpqr")]
    first, same, other = (report(finding(), redacted=mark) for mark in marks)
    assert not compare(first, same).incomparable
    assert "with other keys" in compare(first, other).incomparable


@pytest.mark.parametrize("login", ["", "HAZEL"])
def test_a_credential_that_is_gone_is_no_other_account(login: str) -> None:
    drift = compare(report(finding()), report(finding("unknown"), identities=(identity(login),)))
    assert not drift.incomparable
    assert drift.lost


LOGINS = st.frozensets(st.sampled_from(["hazel", "rowan", "linden"]), min_size=1)


@given(LOGINS, LOGINS)
def test_reports_are_of_other_accounts_where_they_have_none_in_common(
    first: frozenset[str], then: frozenset[str]
) -> None:
    before, after = (
        report(finding(), identities=tuple(map(identity, sorted(logins))))
        for logins in (first, then)
    )
    drift = compare(before, after)
    assert bool(drift.incomparable) is first.isdisjoint(then)
    accounts = (accounts_of(one.identities) for one in (before, after))
    assert contradict(*accounts) is first.isdisjoint(then)


def test_of_targets_that_overlap_what_both_looked_at_is_compared() -> None:
    other = Subject("npm", "package", "left")
    before = report(finding(), finding(subject=other), targets=("github:acme", "npm:left"))
    drift, _ = follow(before, report(finding("passed"), targets=("github:ACME",)))
    assert steps(drift) == [("FIXED", f"GHR101 {WEB}")]
    assert "only the earlier run looked at npm:left" in drift.notes


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (finding("passed"), finding(), Exit.FINDINGS),
        (finding("passed"), finding(severity=Severity.MEDIUM), Exit.CLEAN),
        (finding("waived"), finding(), Exit.FINDINGS),
        (finding("passed"), finding("waived"), Exit.CLEAN),
        (finding("waived", severity=Severity.LOW), finding("waived"), Exit.CLEAN),
        (finding(severity=Severity.LOW), finding(), Exit.FINDINGS),
        (finding(), finding(severity=Severity.LOW), Exit.CLEAN),
        (finding(), finding("unknown"), Exit.UNKNOWN),
        (finding(), finding("passed"), Exit.CLEAN),
        (finding("unknown"), finding("unknown"), Exit.CLEAN),
        (finding(), finding(), Exit.CLEAN),
    ],
)
def test_the_exit_code_tells_what_is_new_or_worse_and_then_what_is_lost(
    before: object, after: object, code: Exit
) -> None:
    later = report(after)
    assert drift_code(compare(report(before), later), later) is code


def test_an_unknown_that_the_user_accepts_is_told_and_does_not_count() -> None:
    later = report(finding("unknown"), allowed_unknown=("NOT_PERMITTED",))
    drift = compare(report(finding()), later)
    assert drift.lost
    assert drift_code(drift, later) is Exit.CLEAN


def test_what_gives_access_counts_like_a_finding() -> None:
    before, after = report(places=[place(key(1))]), report(places=[place(key(1), key(2))])
    assert drift_code(compare(before, after), after) is Exit.FINDINGS
    assert drift_code(compare(after, before), before) is Exit.CLEAN
    blind = report(places=[place(why=REFUSED)])
    assert drift_code(compare(before, blind), blind) is Exit.UNKNOWN


def test_notes_tell_of_another_profile_and_another_version() -> None:
    drift = compare(report(), report(version="0.2.0", profile="team", week=-1))
    assert [note.partition(" ")[0] for note in drift.notes] == ["the", "the", "hardenme"]
