from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import security_settings
from hardenme.facts.github.repository import Repository, RepositorySecuritySettings
from hardenme.model.depth import BEYOND, Depth
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply, Request
from tests.collectors.scripted import GONE, Say, github
from tests.factories.github import repository
from tests.factories.given import MISSING, NOW

OWNER = Subject("github", "org", "cedar-labs")
HERE = Subject("github", "repo", "cedar-labs/cone")
LIST, ALONE = "/orgs/cedar-labs/repos", "/repos/cedar-labs/cone"
ON, OFF = {"status": "enabled"}, {"status": "disabled"}
BOTH_ON = {"secret_scanning": ON, "secret_scanning_push_protection": ON}
BOTH_OFF = {"secret_scanning": OFF, "secret_scanning_push_protection": OFF}


def row(name: str, block: Any = ...) -> dict[str, Any]:
    """A repository of a list; `...` leaves the block out."""
    shown = {} if block is ... else {"security_and_analysis": block}
    return {"id": abs(hash(name)), "full_name": name, "default_branch": "main", **shown}


def store(depth: Depth = Depth.STANDARD, **traits: Any) -> FactStore:
    """What is known of the repository; within its organization where nothing else is said."""
    given = {"subject": HERE, "within": OWNER, "full_name": HERE.name, "in_organization": True}
    found = FactStore(depth=depth)
    fact = repository(**given | traits)
    found.put(Answer(Repository, HERE, (fact,), (Atom("POST /graphql", 200, NOW.time),)))
    return found


def read(
    paths: dict[str, Say], depth: Depth = Depth.STANDARD, **traits: Any
) -> tuple[Answer[Any], list[str]]:
    """The answer, and the paths that were asked for."""
    with github(paths) as (client, server):
        (answer,) = security_settings.security_settings(client, HERE, store(depth, **traits))
        return answer, [request.path for request in server.requests]


# --- a repository by itself


def alone(block: Any) -> Answer[Any]:
    said = {"id": 1} if block is ... else {"security_and_analysis": block}
    answer, asked = read({ALONE: said}, in_organization=False)
    assert asked == [ALONE]
    return answer


def test_a_repository_of_a_person_is_asked_for_by_itself() -> None:
    block = {"secret_scanning": ON, "secret_scanning_push_protection": OFF}
    fact = alone(block).facts[0]
    assert (fact.secret_scanning, fact.push_protection) == ("enabled", "disabled")


@pytest.mark.parametrize("block", [..., None])
def test_settings_that_are_not_shown_take_a_permission(block: Any) -> None:
    missing = alone(block).missing
    assert missing is not None
    assert missing.reason is Reason.NOT_PERMITTED


@pytest.mark.parametrize(
    "block", [{}, {"secret_scanning": None}, {"secret_scanning": {"status": "new"}}, [], "on"]
)
def test_a_setting_that_is_not_shown_is_not_off(block: Any) -> None:
    answer = alone(block)
    assert answer.kind is RepositorySecuritySettings
    assert "secret_scanning" in answer.facts[0].unknown_fields()


def test_one_repository_that_was_named_does_not_take_the_list_of_all() -> None:
    said = {"security_and_analysis": BOTH_ON}
    answer, asked = read({LIST: [row(HERE.name, BOTH_OFF)], ALONE: said}, within=HERE)
    assert asked == [ALONE]
    assert answer.facts[0].secret_scanning == "enabled"


def test_a_fast_run_does_not_ask_for_a_repository_by_itself() -> None:
    answer, asked = read({ALONE: {}}, Depth.FAST, in_organization=False)
    assert (asked, answer.missing) == ([], BEYOND[Depth.STANDARD])


# --- all repositories of an organization


@pytest.mark.parametrize("depth", list(Depth))
def test_the_list_of_an_organization_tells_it_at_every_depth(depth: Depth) -> None:
    rows = [row("cedar-labs/bark", BOTH_OFF), row("Cedar-Labs/Cone", BOTH_ON)]
    answer, asked = read({LIST: rows}, depth)
    assert asked == [LIST]
    fact = answer.facts[0]
    assert (fact.subject, fact.within) == (HERE, HERE)
    assert (fact.secret_scanning, fact.push_protection) == ("enabled", "enabled")
    assert answer.evidence[0].endpoint == "GET /orgs/cedar-labs/repos?type=all"


def test_the_list_is_read_once_for_all_repositories() -> None:
    names = [f"cedar-labs/r{number}" for number in range(5)]
    with github({LIST: [row(name, BOTH_ON) for name in names]}) as (client, server):
        for name in names:
            scope = Subject("github", "repo", name)
            known = FactStore()
            fact = repository(subject=scope, within=OWNER, full_name=name, in_organization=True)
            known.put(Answer(Repository, scope, (fact,), (Atom("POST /graphql", 200, NOW.time),)))
            (answer,) = security_settings.security_settings(client, scope, known)
            assert answer.facts[0].push_protection == "enabled"
    assert len(server.requests) == 1


def test_the_bodies_of_the_list_are_not_kept() -> None:
    with github({LIST: [row(HERE.name, BOTH_ON)]}) as (client, _):
        list(security_settings.security_settings(client, HERE, store()))
        kept = repr([future.result() for future in client.memo._futures.values()])
    assert "'secret_scanning': 'enabled'" in kept
    assert "default_branch" not in kept


def paged(*pages: Reply) -> Callable[[Request], Reply]:
    """A list in pages, each with a link to the next one."""

    def say(request: Request) -> Reply:
        number = int(request.query.get("page", "1"))
        page = pages[number - 1]
        headers = dict(page.headers)
        if number < len(pages):
            host = request.headers["host"]
            headers["link"] = f'<http://{host}{LIST}?page={number + 1}>; rel="next"'
        return Reply(page.status, page.data, headers, page.body)

    return say


def test_the_pages_are_not_looked_at_twice() -> None:
    pages = paged(
        Reply(data=[row("cedar-labs/bark", BOTH_ON)]), Reply(data=[row(HERE.name, BOTH_ON)])
    )
    answer, asked = read({LIST: pages})
    assert asked == [LIST, LIST]
    assert answer.facts[0].secret_scanning == "enabled"


@pytest.mark.parametrize("second", [GONE, Reply(500, {}), Reply(data=[]), Reply(data={})])
def test_what_came_before_a_page_was_lost_still_counts(second: Reply) -> None:
    pages = paged(Reply(data=[row(HERE.name, BOTH_ON)]), second)
    answer, _ = read({LIST: pages})
    assert answer.facts[0].push_protection == "enabled"


def test_what_the_list_leaves_out_is_asked_for_by_itself() -> None:
    said = {"security_and_analysis": BOTH_OFF}
    for rows in ([], [row("cedar-labs/bark", BOTH_ON)], [{"id": 4}]):
        answer, asked = read({LIST: rows, ALONE: said})
        assert asked == [LIST, ALONE]
        assert answer.facts[0].secret_scanning == "disabled"


def test_what_the_list_leaves_out_is_not_known_to_a_fast_run() -> None:
    answer, asked = read({LIST: []}, Depth.FAST)
    assert (asked, answer.missing) == ([LIST], BEYOND[Depth.STANDARD])
    refused, _ = read({LIST: GONE}, Depth.FAST)
    assert refused.missing is not None
    assert refused.missing.reason is Reason.NOT_VISIBLE


def test_a_list_that_single_sign_on_cut_tells_nothing() -> None:
    cut = Reply(data=[row(HERE.name, BOTH_ON)], headers={"x-github-sso": "partial-results; x"})
    answer, _ = read({LIST: cut}, Depth.FAST)
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NEEDS_SSO


def test_a_repository_of_others_is_not_asked_for_again() -> None:
    answer, asked = read({LIST: [row(HERE.name)], ALONE: {}}, viewer_is_admin=False)
    assert asked == [LIST]
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NOT_PERMITTED


@pytest.mark.parametrize("admin", [True, MISSING], ids=["admin", "not known"])
def test_an_administrators_repository_may_show_more_by_itself(admin: Any) -> None:
    said = {"security_and_analysis": BOTH_ON}
    answer, asked = read({LIST: [row(HERE.name)], ALONE: said}, viewer_is_admin=admin)
    assert asked == [LIST, ALONE]
    assert answer.facts[0].secret_scanning == "enabled"


@pytest.mark.parametrize("block", [{}, {"secret_scanning": {"status": "new"}}, [], "on"])
def test_a_setting_that_the_list_does_not_show_is_not_off(block: Any) -> None:
    answer, _ = read({LIST: [row(HERE.name, block)]})
    assert {"secret_scanning", "push_protection"} <= answer.facts[0].unknown_fields().keys()
