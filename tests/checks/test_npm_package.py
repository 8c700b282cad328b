from __future__ import annotations

import pytest

from hardenme.facts.npm.package import WeeklyDownloads
from hardenme.model.check import Check
from hardenme.model.severity import Severity
from hardenme.model.unknown import NotKnownError, Unknown
from hardenme.model.verdict import Failed, Passed
from hardenme_checks.npm.package import (
    package_without_install_script,
)
from tests.factories.given import LOST, MISSING, TEAM
from tests.factories.npm import PACKAGE, newest_release, weekly_downloads

FEW = weekly_downloads()

FAULTY = [
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
        (package_without_install_script, newest_release(install_script=MISSING)),
        (package_without_install_script, newest_release(version=MISSING)),
    ],
)
def test_what_decides_and_is_not_told_is_not_judged(check: Check, fact: object) -> None:
    with pytest.raises(NotKnownError):
        check(fact, FEW, TEAM)


def test_an_install_script_is_deleted_in_the_packages_folder() -> None:
    verdict = package_without_install_script(newest_release(install_script=True), FEW, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.seen == {"version": "1.4.0", "install script": True}
    assert verdict.fix.command.startswith("npm pkg delete scripts.preinstall scripts.install")
    assert verdict.fix.page.endswith(f"/package/{PACKAGE}")
