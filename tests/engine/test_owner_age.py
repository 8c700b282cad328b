"""A statement counts for an owner that was there when it was made, and for no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.collectors.attested import Statements
from hardenme.engine.identity import GitHubOwner
from hardenme.engine.owner_age import disown
from hardenme.model.statement import Statement, Word, github_owner_of
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from tests.moment import NOW

ROOT = Subject("github", "org", "Acme")
QUESTION, ACCOUNT = "Is it so?", "github:rowan"
SUBJECTS = {
    "github:org/acme": "acme",
    "github:repo/acme/web": "acme",
    "github:secret/Acme/web/NPM_TOKEN": "acme",
    "practice:org/acme": "acme",
    "practice:user/rowan": "rowan",
    "npm:org/acme": "",
    "npm:package/@acme/web": "",
}


def said(subject: str) -> Statement:
    end = NOW + timedelta(days=90)
    return Statement("GHO131", subject, QUESTION, Word.YES, "rowan", ACCOUNT, NOW, end)


@pytest.mark.parametrize(("subject", "owner"), SUBJECTS.items())
def test_whom_a_statement_is_about(subject: str, owner: str) -> None:
    assert github_owner_of(said(subject).subject) == owner


@given(st.sampled_from([*SUBJECTS]), st.none() | st.integers(-(10**6), 10**6))
def test_it_counts_where_the_owner_is_older(subject: str, minutes: int | None) -> None:
    statements = Statements.of([said(subject)])
    statements.account = lambda _within: ACCOUNT
    at = None if minutes is None else NOW + timedelta(minutes=minutes)
    asked: list[str] = []

    def seen(owner: str) -> GitHubOwner:
        asked.append(owner)
        return GitHubOwner("org", at, "501")

    disown(statements, [ROOT], seen)
    about = Subject.parse(subject)
    found = statements.about("GHO131", about, QUESTION, ROOT, NOW + timedelta(days=1))
    ours = SUBJECTS[subject] == "acme"
    assert asked == (["acme"] if ours else [])
    if not ours or (minutes is not None and minutes <= 0):
        assert isinstance(found, Statement)
    else:
        assert isinstance(found, Unknown)
        assert found.reason is Reason.INCOMPLETE
        assert "hardenme attest GHO131" in found.needed


@given(
    st.sampled_from(["", "501", "502"]),
    st.sampled_from(["", "501"]),
    st.none() | st.integers(-(10**6), 10**6),
)
def test_it_counts_for_the_id_that_it_holds_whatever_the_owner_s_age(
    held: str, now: str, minutes: int | None
) -> None:
    """An older organization that is renamed into the name has another id."""
    made = replace(said("github:org/acme"), owner=held)
    statements = Statements.of([made])
    statements.account = lambda _within: ACCOUNT
    at = None if minutes is None else NOW + timedelta(minutes=minutes)
    disown(statements, [ROOT], lambda _owner: GitHubOwner("org", at, now))
    found = statements.about("GHO131", ROOT, QUESTION, ROOT, NOW + timedelta(days=1))
    older = minutes is not None and minutes <= 0
    same = held == now if held and now else older
    assert isinstance(found, Statement) is same
    if held and now and not same:
        assert isinstance(found, Unknown)
        assert "its id was 502, and is 501 now" in found.seen
