from __future__ import annotations

import shlex
from typing import Any

import pytest

from hardenme.facts.npm.access import PackageVisibility
from hardenme.facts.npm.package import WeeklyDownloads
from hardenme.facts.npm.provenance import (
    ABSENT,
    EXPIRED_KEY,
    INVALID,
    OTHER_ARTIFACT,
    UNKNOWN_KEY,
    UNVERIFIABLE,
)
from hardenme.model.severity import Severity
from hardenme.model.unknown import NotKnownError, Unknown
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme_checks.npm.release_proof import (
    package_provenance,
    package_signature_valid,
    package_staged_release,
)
from tests.factories.given import LOST, MISSING, TEAM
from tests.factories.npm import PACKAGE, newest_release, weekly_downloads
from tests.factories.npm_proof import package_repository, registry_signature, release_provenance

FEW = weekly_downloads()
MANY = weekly_downloads(weekly=2_000_000)
EMPTY: dict[str, Any] = dict.fromkeys(
    ("provider", "address", "repository", "workflow", "ref", "commit"), ""
)


def provenance(
    downloads: WeeklyDownloads | Unknown = FEW,
    named: Any = None,
    visibility: PackageVisibility | Unknown = LOST,
    **proof: Any,
) -> Passed | Failed | NotApplicable | Unknown:
    given = package_repository() if named is None else named
    found = release_provenance(**proof)
    verdict: Any = package_provenance(found, given, visibility, downloads, TEAM)
    return verdict


def seen_by(public: Any) -> PackageVisibility:
    fact = release_provenance()
    return PackageVisibility(
        subject=fact.subject, within=fact.within, registry=fact.registry, public=public
    )


def failed(verdict: object) -> Failed:
    assert isinstance(verdict, Failed)
    assert verdict.fix.needs
    assert verdict.fix.undo
    assert PACKAGE not in verdict.message
    return verdict


def test_provenance_that_holds_and_is_of_the_repository_passes() -> None:
    verdict = provenance(LOST, commit=MISSING, provider=MISSING)
    assert isinstance(verdict, Passed)
    assert verdict.seen["workflow"] == ".github/workflows/release.yml"
    assert isinstance(provenance(repository="Hazel/Catkin"), Passed), "GitHub ignores case"


def test_a_private_package_can_have_no_provenance() -> None:
    nothing: Any = {"outcome": ABSENT, **EMPTY}
    assert isinstance(provenance(visibility=seen_by(public=False), **nothing), NotApplicable)
    for shown in (seen_by(public=True), seen_by(public=MISSING), LOST):
        assert isinstance(provenance(visibility=shown, **nothing), Failed)
    false: Any = {"outcome": OTHER_ARTIFACT, **EMPTY}
    assert isinstance(provenance(visibility=seen_by(public=False), **false), Failed)


@pytest.mark.parametrize(
    ("proof", "named", "severity"),
    [
        ({"outcome": ABSENT, **EMPTY}, {}, Severity.MEDIUM),
        ({"outcome": OTHER_ARTIFACT, **EMPTY}, {}, Severity.HIGH),
        ({"outcome": UNVERIFIABLE, **EMPTY}, {}, Severity.HIGH),
        ({"outcome": "something new", **EMPTY}, {}, Severity.HIGH),
        ({"repository": "stranger/catkin"}, {}, Severity.HIGH),
        ({}, {"named": "x", "repository": ""}, Severity.HIGH),
        ({}, {"named": "", "repository": ""}, Severity.MEDIUM),
    ],
)
def test_each_other_outcome_fails_and_a_false_proof_weighs_more_than_none(
    proof: dict[str, Any], named: dict[str, Any], severity: Severity
) -> None:
    few = failed(provenance(FEW, package_repository(**named), **proof))
    many = failed(provenance(MANY, package_repository(**named), **proof))
    assert (few.severity, many.severity) == (severity, Severity(severity + 1))


def test_messages_differ_by_outcome() -> None:
    outcomes = (ABSENT, OTHER_ARTIFACT, UNVERIFIABLE)
    told = {failed(provenance(outcome=item, **EMPTY)).message for item in outcomes}
    told.add(failed(provenance(repository="stranger/catkin")).message)
    told.add(failed(provenance(named=package_repository(named="", repository=""))).message)
    assert len(told) == 5


def test_what_failed_does_not_depend_on_the_repository_and_what_passes_does() -> None:
    assert isinstance(provenance(named=LOST, outcome=ABSENT, **EMPTY), Failed)
    assert provenance(named=LOST) is LOST
    for missing in ({"outcome": MISSING}, {"repository": MISSING}, {"workflow": MISSING}):
        with pytest.raises(NotKnownError):
            provenance(**missing)
    with pytest.raises(NotKnownError):
        provenance(named=package_repository(named=MISSING, repository=MISSING))


@pytest.mark.parametrize(
    ("address", "named", "same"),
    [
        ("https://gitlab.com/grove/sub/catkin", "git+https://gitlab.com/grove/sub/catkin.git", 1),
        ("https://gitlab.com/grove/catkin", "gitlab:grove/catkin", 1),
        ("https://gitlab.com/grove/catkin", "git+ssh://git@gitlab.com/Grove/catkin.git#main", 1),
        ("https://gitlab.com/grove/catkin", "https://gitlab.com/grove/catkin-fork", 0),
        ("https://gitlab.com/grove/catkin", "https://gitlab.example/grove/catkin", 0),
        ("https://gitlab.com/grove/catkin", "nonsense", 0),
        ("nonsense", "nonsense", 0),
        ("", "", 0),
    ],
)
def test_elsewhere_than_on_github_host_and_path_are_compared(
    address: str, named: str, same: int
) -> None:
    proof = release_provenance(address=address, repository="", provider="gitlab")
    assert proof.is_of(package_repository(named=named, repository="")) is bool(same)


def test_a_release_without_provenance_is_to_be_published_by_a_workflow() -> None:
    verdict = failed(provenance(outcome=ABSENT, **EMPTY))
    assert verdict.seen == {"version": "1.4.0", "provenance": ABSENT}
    assert verdict.fix.command == ""
    assert verdict.fix.page.endswith(f"/package/{PACKAGE}/access")


def test_a_false_proof_is_warned_of_in_that_version_alone() -> None:
    verdict = failed(provenance(outcome=UNVERIFIABLE, **(EMPTY | {"why": "no such key"})))
    assert verdict.seen["why"] == "no such key"
    assert shlex.split(verdict.fix.command)[:3] == ["npm", "deprecate", f"{PACKAGE}@1.4.0"]


def test_an_approved_release_passes_and_one_that_nobody_approved_fails() -> None:
    assert isinstance(package_staged_release(newest_release(), LOST, TEAM), Passed)
    alone = newest_release(approver=None)
    assert failed(package_staged_release(alone, FEW, TEAM)).severity is Severity.LOW
    assert failed(package_staged_release(alone, MANY, TEAM)).severity is Severity.MEDIUM
    with pytest.raises(NotKnownError):
        package_staged_release(newest_release(approver=MISSING), FEW, TEAM)


def test_a_signature_that_holds_passes() -> None:
    verdict = package_signature_valid(registry_signature(), LOST, TEAM)
    assert isinstance(verdict, Passed)
    assert verdict.seen["keyid"] == ["SHA256:CANARY"]
    with pytest.raises(NotKnownError):
        package_signature_valid(registry_signature(outcome=MISSING), FEW, TEAM)


@pytest.mark.parametrize(
    ("outcome", "severity"),
    [
        (ABSENT, Severity.MEDIUM),
        (INVALID, Severity.HIGH),
        (UNKNOWN_KEY, Severity.HIGH),
        (EXPIRED_KEY, Severity.HIGH),
        ("something new", Severity.HIGH),
    ],
)
def test_a_false_signature_weighs_more_than_a_missing_one(outcome: str, severity: Severity) -> None:
    signature = registry_signature(outcome=outcome)
    verdict = failed(package_signature_valid(signature, FEW, TEAM))
    assert verdict.severity is severity
    assert verdict.fix.command == "npm audit signatures"
    assert failed(package_signature_valid(signature, MANY, TEAM)).severity is Severity(severity + 1)
