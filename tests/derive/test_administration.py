from __future__ import annotations

import time
from typing import Any

import pytest

from hardenme.derive.administration import organization_administration
from hardenme.facts.github.collaborators import Administration, RepositoryAdministrators
from hardenme.facts.github.organization import OrganizationProfile
from hardenme.model.depth import BEYOND, Depth
from hardenme.model.fact import Every
from hardenme.model.subject import Subject
from tests.factories.given import LOST, MISSING, every

ORG = Subject("github", "org", "cedar-labs")
PROFILE = OrganizationProfile(subject=ORG, within=ORG, label="cedar-labs", verified=True)
DEEPER = BEYOND[Depth.DEEP]


def repository(name: str, *logins: str, **overrides: Any) -> RepositoryAdministrators:
    subject = Subject("github", "repo", f"cedar-labs/{name}")
    number = len(logins)
    given: dict[str, Any] = dict.fromkeys(("count", "least", "writers"), number)
    given["logins"] = given["pushers"] = frozenset(logins)
    return RepositoryAdministrators(subject=subject, within=subject, **given | overrides)


def made(*facts: RepositoryAdministrators, missing: Any = None) -> Any:
    return organization_administration(PROFILE, every(*facts, missing=missing))


def test_each_person_is_counted_once_a_repository() -> None:
    found = made(
        repository("cone", "linden", "maple"),
        repository("resin", "linden"),
        repository("bark"),
    )
    assert isinstance(found, Administration)
    assert found.counts == {"linden": 2, "maple": 1}
    assert found.whole is True
    assert (found.subject, found.within, found.label) == (ORG, ORG, "cedar-labs")


def test_an_organization_without_repositories_has_no_administrators_of_any() -> None:
    assert (made().counts, made().whole) == ({}, True)


@pytest.mark.parametrize(
    ("more", "missing"),
    [
        ([], LOST),
        ([repository("resin", logins=MISSING)], None),
        ([repository("resin", "maple", count=DEEPER)], None),
        ([repository("resin", "maple", count=2)], None),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_what_is_lacking_makes_the_counts_a_least(
    more: list[RepositoryAdministrators],
    missing: Any,
    first: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    known = [repository("cone", "linden")]
    found = made(*(more + known if first else known + more), missing=missing)
    assert found.whole is False
    assert found.counts["linden"] == 1
    assert found.counts.get("maple", 0) <= 1


@pytest.mark.parametrize(
    ("repositories", "why"),
    [
        (every(missing=LOST), LOST),
        (every(repository("cone", logins=MISSING)), MISSING),
        (every(repository("cone", logins=MISSING), missing=LOST), LOST),
    ],
)
def test_where_nothing_is_told_nothing_is_known(repositories: Every[Any], why: Any) -> None:
    assert organization_administration(PROFILE, repositories) is why


@pytest.mark.second_tier("takes long")
def test_ten_thousand_repositories_are_counted_in_one_pass() -> None:
    logins = frozenset(f"member-{number}" for number in range(40))
    facts = [repository(f"r{number}", logins=logins, count=40) for number in range(10_000)]
    started = time.process_time()
    found = made(*facts)
    assert time.process_time() - started < 5
    assert found.counts["member-7"] == 10_000
