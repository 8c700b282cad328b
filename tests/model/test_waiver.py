"""What a waiver is about, and until when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hardenme.model.subject import Subject
from hardenme.model.waiver import Waiver, plain_id

DAY = date(2026, 11, 30)


def waiver(subject: str = "github:repo/acme/web", **parts: Any) -> Waiver:
    given = {"check": "GHR102", "reason": "r", "until": DAY, "by": "hazel"}
    return Waiver(subject=subject, **given | parts)


@pytest.mark.parametrize(
    ("pattern", "subject", "covered"),
    [
        ("github:repo/acme/web", "github:repo/acme/web", True),
        ("github:repo/acme/web", "github:repo/acme/webs", False),
        ("github:repo/acme/web", "github:deploy-key/acme/web/1", False),
        ("github:repo/ACME/Web", "github:repo/acme/web", True),
        ("github:repo/acme/web", "github:repo/Acme/WEB", True),
        ("github:repo/acme/*", "github:repo/Acme/web", True),
        ("github:repo/acme/*", "github:repo/acme-labs/web", False),
        ("github:repo/acme/*-docs", "github:repo/acme/API-Docs", True),
        ("github:deploy-key/acme/*", "github:deploy-key/acme/web/77", True),
        ("github:workflow/Acme/web/CI.yml", "github:workflow/acme/Web/CI.yml", True),
        ("github:workflow/acme/web/ci.yml", "github:workflow/acme/web/CI.yml", False),
        ("npm:package/@acme/*", "npm:package/@acme/web", True),
        ("npm:package/Left", "npm:package/left", False),
        ("github:repo/acme/w?b", "github:repo/acme/web", False),
        ("github:repo/acme/w?b", "github:repo/acme/w?b", True),
        ("github:repo/acme/[w]*", "github:repo/acme/web", False),
        ("github:repo/acme/[w]*", "github:repo/acme/[w]eb", True),
        ("github:repo/acme/{web,api}", "github:repo/acme/web", False),
        ("npm:token/73e3*", "npm:token/73e3a20d-1d51", True),
        ("npm:package/a*", "npm:package/a\nb", True),
        (r"github:secret/acme/web/\u202eX", "github:secret/acme/web/\u202eX", True),
    ],
)
def test_a_pattern_has_one_wildcard_and_github_no_case(
    pattern: str, subject: str, *, covered: bool
) -> None:
    assert waiver(pattern).covers(Subject.parse(subject)) is covered


def test_it_counts_until_the_day_before_its_end() -> None:
    one = waiver()
    assert not one.expired(DAY - timedelta(days=1))
    assert one.days_left(DAY - timedelta(days=1)) == 1
    assert one.expired(DAY)
    assert one.days_left(DAY) == 0


def test_where_it_stands_does_not_make_it_another() -> None:
    assert waiver(origin="a") == waiver(origin="b")


@given(st.text(max_size=30))
@example("a/b/c")
@example("İ/ẞ/x")
def test_an_id_without_a_wildcard_covers_itself_alone(name: str) -> None:
    subject = Subject("github", "repo", name or "x")
    exact = waiver(str(subject).replace("*", ""))
    if "*" not in name and name.isprintable():
        assert exact.covers(subject)
    assert not exact.covers(Subject("github", "repo", f"{subject.name}x"))
    assert plain_id(plain_id(name)) == plain_id(name)
