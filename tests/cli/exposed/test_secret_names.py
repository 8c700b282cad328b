"""The secrets of environments of jobs that could be exposed are named, or said not to be known."""

from __future__ import annotations

import pytest

from hardenme.cli.exposed.search import repository_exposure
from hardenme.model.exposure import ExposureGrade, RepositoryExposure
from hardenme.sandbox.github.state.repository import Environment, RepositorySecret
from hardenme.sandbox.http import Reply
from tests.cli.exposed.search_scene import (
    CHECKOUT,
    INSIDE,
    NAME,
    OLD,
    lock,
    project,
    question,
    run,
    served,
    workflow,
    world,
)
from tests.moment import NOW

ASKED = f"/repos/{NAME}/environments/release/secrets"


def looked(
    *, environment: str = "release", held: tuple[str, ...] = (), bad: bool = True, status: int = 200
) -> tuple[RepositoryExposure, list[str]]:
    """What two runs show, and the paths of environments that were asked for."""
    ci = workflow(CHECKOUT, "run: npm ci", job=f"    environment: {environment}\n")
    files = {"old": project(None), "new": project(lock(axios="1.14.1" if bad else "1.14.0"), ci)}
    there = world([OLD, run(2, INSIDE, "new"), run(3, INSIDE, "new")], files)
    secrets = [RepositorySecret(one, NOW, NOW) for one in held]
    there.repositories[-1].environments.append(Environment(7, "release", NOW, NOW, secrets=secrets))
    with served(there) as (server, github):
        if status != 200:
            server.fault(ASKED, edit=lambda _r, _a: Reply(status, {"message": "no"}))
        found = repository_exposure(question("axios@1.14.1"), github, NAME, lambda _text: None)
        return found, [one.path for one in server.requests if "/environments/" in one.path]


def reaches(found: RepositoryExposure) -> list[str]:
    return [part for row in found.rows for part in row.reach if "environment" in part]


def test_the_secrets_of_an_environment_are_named_and_asked_for_once() -> None:
    found, asked = looked(held=("NPM_TOKEN", "DEPLOY_KEY"))
    assert reaches(found) == ["the secrets of environment release: NPM_TOKEN, DEPLOY_KEY"] * 2
    assert asked == [ASKED]


def test_an_environment_without_secrets_says_so_of_today() -> None:
    found, _asked = looked()
    assert set(reaches(found)) == {"environment release, which has no secret today"}


@pytest.mark.parametrize("status", [403, 404])
def test_what_is_not_shown_is_not_known_and_changes_no_grade(status: int) -> None:
    found, _asked = looked(held=("NPM_TOKEN",), status=status)
    (part,) = set(reaches(found))
    assert part.startswith("the secrets of environment release, whose names are not known: ")
    assert str(status) in part
    assert {row.grade for row in found.rows} == {ExposureGrade.POSSIBLE}


def test_the_name_of_an_environment_that_a_run_computed_is_not_asked_for() -> None:
    found, asked = looked(environment="${{ inputs.where }}")
    (part,) = set(reaches(found))
    assert part.endswith("whose name the run computed")
    assert not asked


def test_runs_that_are_free_of_doubt_ask_for_none() -> None:
    found, asked = looked(held=("NPM_TOKEN",), bad=False)
    assert {row.grade for row in found.rows} == {ExposureGrade.NOT_SEEN}
    assert not asked
