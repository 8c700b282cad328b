"""A statement counts for an owner that was there when it was made, and for no other."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.collectors.attested import Statements
from hardenme.engine.owner_age import disown, owner_of
from hardenme.model.statement import Statement, Word
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
    assert owner_of(said(subject)) == owner


@given(st.sampled_from([*SUBJECTS]), st.none() | st.integers(-(10**6), 10**6))
def test_it_counts_where_the_owner_is_older(subject: str, minutes: int | None) -> None:
    statements = Statements.of([said(subject)])
    statements.account = lambda _within: ACCOUNT
    at = None if minutes is None else NOW + timedelta(minutes=minutes)
    asked: list[str] = []

    def created(owner: str) -> datetime | None:
        asked.append(owner)
        return at

    disown(statements, [ROOT], created)
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
