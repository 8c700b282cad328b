from __future__ import annotations

import pytest

from hardenme.facts.npm.package import WeeklyDownloads
from hardenme.model.check import Check
from hardenme.model.given import Limits
from hardenme.model.severity import Severity
from hardenme.model.unknown import NotKnownError, Unknown
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme_checks.npm.package import (
    package_has_second_owner,
    package_without_install_script,
    package_writers_minimal,
)
from tests.factories.npm import (
    LOST,
    MISSING,
    PACKAGE,
    SOLO,
    STRICT,
    TEAM,
    maintainer,
    newest_release,
    package,
    weekly_downloads,
)

FEW = weekly_downloads()
PEOPLE = tuple(maintainer(name) for name in ("rowan", "hazel", "alder", "aspen"))

FAULTY = [
    (package_writers_minimal, package(maintainers=PEOPLE), Severity.MEDIUM),
    (package_has_second_owner, package(maintainers=PEOPLE[:1]), Severity.LOW),
    (package_without_install_script, newest_release(install_script=True), Severity.LOW),
]
"""Each check with a package that fails it, and what that weighs for one that few depend on."""


@pytest.mark.parametrize(("check", "fact", "base"), FAULTY)
@pytest.mark.parametrize(
    ("downloads", "step"),
    [
        (FEW, 0),
        (weekly_downloads(weekly=999_999, dependents=499), 0),
        (weekly_downloads(weekly=1_000_000, dependents=0), 1),
        (weekly_downloads(weekly=0, dependents=500), 1),
        (weekly_downloads(weekly=2_000_000, dependents=MISSING), 1),
        (weekly_downloads(weekly=MISSING, dependents=600), 1),
        (weekly_downloads(weekly=MISSING, dependents=1), 0),
        (weekly_downloads(weekly=MISSING, dependents=MISSING), 0),
        (LOST, 0),
    ],
)
def test_a_fault_weighs_more_for_a_package_that_much_depends_on(
    check: Check, fact: object, base: Severity, downloads: WeeklyDownloads | Unknown, step: int
) -> None:
    verdict = check(fact, downloads, TEAM)
    assert isinstance(verdict, Failed)
    assert check.severity is base
    assert verdict.severity is Severity(base + step)
    assert verdict.fix.needs
    assert verdict.fix.undo
    assert PACKAGE not in verdict.message


@pytest.mark.parametrize(
    ("check", "fact"),
    [
        (package_writers_minimal, package(latest=MISSING)),
        (package_has_second_owner, package(latest=MISSING)),
        (package_without_install_script, newest_release(provenance=MISSING)),
    ],
)
def test_a_package_in_order_passes_whatever_else_is_not_known(check: Check, fact: object) -> None:
    verdict = check(fact, LOST, TEAM)
    assert isinstance(verdict, Passed)
    assert verdict.seen


@pytest.mark.parametrize(
    ("check", "fact"),
    [
        (package_writers_minimal, package(maintainers=MISSING)),
        (package_has_second_owner, package(maintainers=MISSING)),
        (package_without_install_script, newest_release(install_script=MISSING)),
        (package_without_install_script, newest_release(version=MISSING)),
    ],
)
def test_what_decides_and_is_not_told_is_not_judged(check: Check, fact: object) -> None:
    with pytest.raises(NotKnownError):
        check(fact, FEW, TEAM)


@pytest.mark.parametrize(("limits", "allowed"), [(SOLO, 3), (TEAM, 3), (STRICT, 2)])
def test_as_many_writers_as_the_profile_allows(limits: Limits, allowed: int) -> None:
    at = package_writers_minimal(package(maintainers=PEOPLE[:allowed]), FEW, limits)
    assert isinstance(at, Passed)
    beyond = package_writers_minimal(package(maintainers=PEOPLE[: allowed + 1]), FEW, limits)
    assert isinstance(beyond, Failed)
    assert beyond.message == f"{allowed + 1} accounts can publish, {allowed} are allowed"
    assert beyond.seen == {"maintainers": sorted(one.name for one in PEOPLE[: allowed + 1])}
    assert beyond.fix.command == f"npm owner rm USER {PACKAGE}"


def test_a_writer_listed_twice_is_one() -> None:
    twice = package(maintainers=PEOPLE[:1] * 4)
    assert isinstance(package_writers_minimal(twice, FEW, TEAM), Passed)
    assert isinstance(package_has_second_owner(twice, FEW, TEAM), Failed)


@pytest.mark.parametrize("check", [package_writers_minimal, package_has_second_owner])
def test_a_registry_that_names_no_maintainers_decides_nothing(check: Check) -> None:
    verdict = check(package(maintainers=()), FEW, TEAM)
    assert isinstance(verdict, NotApplicable)
    assert verdict.seen == {"maintainers": []}


def test_one_owner_alone_fails_and_two_pass() -> None:
    alone = package_has_second_owner(package(maintainers=PEOPLE[:1]), FEW, TEAM)
    assert isinstance(alone, Failed)
    assert alone.message == "one account alone can publish"
    assert alone.fix.command == f"npm owner add USER {PACKAGE}"
    two = package_has_second_owner(package(maintainers=PEOPLE[:2]), FEW, TEAM)
    assert isinstance(two, Passed)
    assert two.message == "2 accounts can publish"


def test_an_install_script_is_deleted_in_the_packages_folder() -> None:
    verdict = package_without_install_script(newest_release(install_script=True), FEW, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.seen == {"version": "1.4.0", "hasInstallScript": True}
    assert verdict.fix.command.startswith("npm pkg delete scripts.preinstall scripts.install")
    assert verdict.fix.page.endswith(f"/package/{PACKAGE}")
