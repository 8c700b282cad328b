from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import runners
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.runners import (
    RepositoryRunners,
    RunnerGroup,
    RunnerGroupRepositories,
    RunnerGroupRunners,
)
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply
from tests.collectors.scripted import GONE, Say, github, of, reads
from tests.factories.github import repository
from tests.factories.github_runners import ORGANIZATION, REPOSITORY, runner_group
from tests.factories.given import MISSING

GROUPS = "/orgs/cedar-labs/actions/runner-groups"
OWN = "/repos/cedar-labs/cone/actions/runners"
GROUP = {
    "id": 1,
    "name": "Default",
    "visibility": "all",
    "allows_public_repositories": False,
    "inherited": False,
}
RUNNER = {"id": 5, "name": "builder"}


def counted(key: str, *items: Any, total: Any = None) -> dict[str, Any]:
    return {"total_count": len(items) if total is None else total, key: list(items)}


def group(**changed: Any) -> RunnerGroup:
    item = {name: value for name, value in (GROUP | changed).items() if value is not ...}
    with github({GROUPS: counted("runner_groups", item)}) as (client, _):
        (found,) = reads(RunnerGroup)(client, ORGANIZATION, FactStore())
    (fact,) = found.facts
    assert isinstance(fact, RunnerGroup)
    return fact


def served(paths: Mapping[str, Say], **changed: Any) -> tuple[list[Answer[Any]], list[str]]:
    fact = runner_group(**changed)
    with github(paths) as (client, server):
        store = FactStore()
        (listed,) = reads(RunnerGroup)(client, ORGANIZATION, FactStore())
        store.put(Answer(RunnerGroup, ORGANIZATION, (fact,), listed.evidence))
        answers = list(runners.served(client, fact.subject, store))
    return answers, [request.path for request in server.requests][1:]


def own(say: Say, **changed: Any) -> tuple[Answer[Any], int]:
    fact = repository(subject=REPOSITORY, within=ORGANIZATION, **changed)
    with github({OWN: say}) as (client, server):
        store = FactStore()
        (asked,) = reads(RunnerGroup)(client, ORGANIZATION, FactStore())
        store.put(Answer(Repository, REPOSITORY, (fact,), asked.evidence))
        (found,) = runners.repository_runners(client, REPOSITORY, store)
    return found, len(server.requests) - 1


def test_a_group() -> None:
    fact = group()
    assert str(fact.subject) == "github:runner-group/cedar-labs/1"
    assert (fact.within, fact.label, fact.number) == (ORGANIZATION, "Default", 1)
    assert (fact.visibility, fact.allows_public, fact.inherited) == ("all", False, False)


@pytest.mark.parametrize(
    ("raw", "value", "field"),
    [
        ("allows_public_repositories", ..., "allows_public"),
        ("allows_public_repositories", None, "allows_public"),
        ("allows_public_repositories", "false", "allows_public"),
        ("visibility", "public", "visibility"),
        ("inherited", ..., "inherited"),
        ("name", None, "name"),
    ],
)
def test_a_group_that_is_not_understood(raw: str, value: Any, field: str) -> None:
    assert field in group(**{raw: value}).unknown_fields()


@pytest.mark.parametrize(
    "changed", [{"allows_public": False}, {"allows_public": True, "visibility": "private"}]
)
def test_nothing_is_asked_of_a_group_that_is_closed(changed: dict[str, Any]) -> None:
    answers, asked = served({}, **changed)
    assert [(answer.facts, answer.missing) for answer in answers] == [((), None), ((), None)]
    assert all(answer.evidence for answer in answers)
    assert asked == []


def test_the_runners_of_an_open_group_are_counted() -> None:
    paths: dict[str, Say] = {f"{GROUPS}/1/runners": counted("runners", RUNNER, total=7)}
    answers, asked = served(paths, allows_public=True)
    (fact,) = of(RunnerGroupRunners, answers).facts
    assert fact.count == 7
    assert of(RunnerGroupRepositories, answers).facts == ()
    assert asked == [f"{GROUPS}/1/runners"]


def test_the_repositories_of_an_open_group_are_named() -> None:
    names = ({"id": 1, "full_name": "Cedar-Labs/Cone"}, {"id": 2, "full_name": "cedar-labs/bark"})
    paths: dict[str, Say] = {
        f"{GROUPS}/1/runners": counted("runners"),
        f"{GROUPS}/1/repositories": counted("repositories", *names),
    }
    answers, _ = served(paths, allows_public=True, visibility="selected")
    (fact,) = of(RunnerGroupRepositories, answers).facts
    assert fact.repositories == ("cedar-labs/cone", "cedar-labs/bark")


@pytest.mark.parametrize(
    "page",
    [
        GONE,
        counted("repositories", {"id": 1}),
        counted("repositories", {"id": 1, "full_name": None}),
        counted("repositories", {"id": 1, "full_name": "cedar-labs/cone"}, total=2),
    ],
)
def test_repositories_that_are_not_all_named_are_not_known(page: Say) -> None:
    paths: dict[str, Say] = {f"{GROUPS}/1/repositories": page}
    answers, _ = served(paths, allows_public=True, visibility="selected")
    for kind in (RunnerGroupRepositories, RunnerGroupRunners):
        found = of(kind, answers)
        assert found.facts == ()
        assert found.missing is not None


@pytest.mark.parametrize("field", ["number", "visibility", "allows_public"])
def test_nothing_is_known_of_what_a_strange_group_serves(field: str) -> None:
    answers, asked = served({}, **{"allows_public": True, field: MISSING})
    assert [answer.missing for answer in answers] == [MISSING, MISSING]
    assert asked == []


def test_the_runners_of_a_public_repository() -> None:
    found, _ = own(counted("runners", RUNNER, total=3))
    (fact,) = found.facts
    assert isinstance(fact, RepositoryRunners)
    assert (fact.subject, fact.count) == (REPOSITORY, 3)
    assert own(counted("runners"))[0].facts[0].count == 0


@pytest.mark.parametrize("visibility", ["private", "internal"])
def test_a_repository_that_is_not_public_is_not_asked(visibility: str) -> None:
    found, sent = own(GONE, visibility=visibility)
    assert (found.facts, found.missing, sent) == ((), None, 0)
    assert found.evidence


def test_a_repository_of_unknown_visibility_is_not_known() -> None:
    found, sent = own(GONE, visibility=MISSING)
    assert (found.missing, sent) == (MISSING, 0)


@pytest.mark.parametrize(
    "page",
    [
        {"runners": []},
        {"total_count": None, "runners": []},
        {"total_count": 0},
        {"total_count": 0, "runners": None},
        counted("runners", RUNNER, total=0),
        counted("runners", total=1),
    ],
)
def test_a_count_that_its_list_does_not_bear_out_is_not_known(page: dict[str, Any]) -> None:
    (fact,) = own(page)[0].facts
    assert "count" in fact.unknown_fields()


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (GONE, Reason.NOT_VISIBLE),
        (Reply(403, {"message": "Must have admin rights to Repository."}), Reason.NOT_PERMITTED),
    ],
)
def test_a_refusal_is_not_a_repository_without_runners(reply: Reply, reason: Reason) -> None:
    found, _ = own(reply)
    assert found.missing is not None
    assert found.missing.reason is reason


def test_subjects_of_groups_are_within_the_organization() -> None:
    assert group(id=9).subject == Subject("github", "runner-group", "cedar-labs/9")
