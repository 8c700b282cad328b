"""The npm packages that trust the workflow of a run come first in what it could reach."""

from __future__ import annotations

import pytest

from hardenme.exposure.publishers import NOT_KNOWN, has_identity, with_publishers
from hardenme.exposure.reach import OIDC
from hardenme.model.exposure import (
    Exposure,
    ExposureGrade,
    ExposureRow,
    RepositoryExposure,
    RunAttempt,
)
from hardenme.model.inventory import InventoryItem, Place, State
from hardenme.model.subject import Subject
from tests.moment import NOW

NAME = "mallow/pantry"
RUN = RunAttempt(2, 1, "push", ".github/workflows/release.yml", "a" * 40, NOW, NOW, NOW, "")
PACKAGE = Subject("npm", "package", "@mallow/sieve")


def exposure(*reach: str) -> Exposure:
    row = ExposureRow(RUN, ExposureGrade.POSSIBLE, (), reach)
    return Exposure(("axios@1.14.1",), NOW, NOW, (RepositoryExposure(NAME, (row,)),))


def place(subject: Subject = PACKAGE, kind: str = "trusted publisher", **state: State) -> Place:
    given = {"repository": NAME, "workflow": "release.yml", **state}
    kept = {name: value for name, value in given.items() if value != "?"}
    return Place(subject, {kind: None}, (InventoryItem(kind, subject, "", "1", kept),))


def reach(*places: Place, had: tuple[str, ...] = (OIDC, "secret NPM_TOKEN")) -> tuple[str, ...]:
    return with_publishers(exposure(*had), places).repositories[0].rows[0].reach


TRUSTS = "publishing @mallow/sieve: npm trusts this workflow"


@pytest.mark.parametrize(
    "one",
    [
        place(),
        place(repository="Mallow/Pantry"),
        place(workflow=""),
        place(workflow="?"),
        place(environment="release"),
    ],
)
def test_a_package_that_trusts_the_workflow_comes_first(one: Place) -> None:
    assert reach(one) == (TRUSTS, OIDC, NOT_KNOWN, "secret NPM_TOKEN")


@pytest.mark.parametrize(
    "one",
    [
        place(workflow="ci.yml"),
        place(repository="mallow/other"),
        place(kind="maintainer"),
        place(Subject("github", "repo", NAME)),
    ],
)
def test_a_package_that_trusts_another_does_not(one: Place) -> None:
    assert reach(one) == (OIDC, NOT_KNOWN, "secret NPM_TOKEN")


def test_without_a_check_it_is_not_known() -> None:
    assert reach() == (OIDC, NOT_KNOWN, "secret NPM_TOKEN")


def test_a_run_without_an_identity_is_left_as_it_is() -> None:
    assert reach(place(), had=("secret NPM_TOKEN",)) == ("secret NPM_TOKEN",)
    assert not has_identity(exposure("secret NPM_TOKEN"))
    assert has_identity(exposure(OIDC))
