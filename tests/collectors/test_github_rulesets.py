from __future__ import annotations

from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import repositories, rulesets
from hardenme.collectors.github.client import GitHub
from hardenme.facts.github.branch import ActiveRulesets, RulesetBypass
from hardenme.facts.github.repository import Repository
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.sandbox.http import Reply
from hardenme.sandbox.npm import scenarios as npm
from tests.collectors.scripted import GONE, github, of
from tests.collectors.test_github_repositories import NODE, ONE
from tests.factories import github as made
from tests.factories.given import NOW
from tests.running import NOW as THEN
from tests.running import stage
from tests.worlds.github import STRICT_ORG_TOKEN, strict_organization

EVIDENCE = (Atom("POST /graphql", 200, NOW.time),)
NEVER = {"current_user_can_bypass": "never"}


def asked(
    client: GitHub, name: str, *, admin: bool = True, shared: bool = True
) -> list[Answer[Any]]:
    """What is told of ruleset 7, as a repository of cedar-labs shows it."""
    subject = Subject("github", "repo", f"cedar-labs/{name}")
    place: dict[str, Any] = {"subject": subject, "within": subject, "label": subject.name}
    store = FactStore()
    repository = made.repository(**place, full_name=subject.name, viewer_is_admin=admin)
    active = made.active_rulesets(made.ruleset(7, above=shared), **place)
    store.put(Answer(Repository, subject, (repository,), EVIDENCE))
    store.put(Answer(ActiveRulesets, subject, (active,), EVIDENCE))
    return list(rulesets.bypass(client, subject, store))


def told(client: GitHub, name: str, *, admin: bool = True, shared: bool = True) -> Any:
    """What ruleset 7 shows as a repository of cedar-labs shows it."""
    (fact,) = of(RulesetBypass, asked(client, name, admin=admin, shared=shared)).facts
    return fact.details[0]


def bypass(client: GitHub, name: str, *, admin: bool = True, shared: bool = True) -> Any:
    """How the account itself may bypass ruleset 7; None where that is not known."""
    found = told(client, name, admin=admin, shared=shared)
    return None if "viewer" in found.unknown_fields() else found.viewer


def path(name: str) -> str:
    return f"/repos/cedar-labs/{name}/rulesets/7"


def test_an_organizations_ruleset_is_asked_for_once() -> None:
    with github({path("cone"): NEVER, path("resin"): NEVER}) as (client, server):
        assert bypass(client, "cone") == "never"
        assert bypass(client, "resin") == "never"
        assert [request.path for request in server.requests] == [path("cone")]


def test_a_repositorys_own_ruleset_is_its_own() -> None:
    with github({path("cone"): NEVER, path("resin"): NEVER}) as (client, server):
        bypass(client, "cone", shared=False)
        bypass(client, "resin", shared=False)
        assert len(server.requests) == 2


def test_what_a_member_is_shown_is_not_taken_for_an_administrators() -> None:
    always = {"current_user_can_bypass": "always"}
    with github({path("cone"): NEVER, path("resin"): always}) as (client, server):
        assert bypass(client, "cone", admin=False) == "never"
        assert bypass(client, "resin") == "always"
        assert len(server.requests) == 2


@pytest.mark.parametrize(
    "refused", [GONE, Reply(403, {"message": "Must have admin rights"}), Reply(data={})]
)
def test_a_refusal_is_not_shared(refused: Reply) -> None:
    with github({path("cone"): refused, path("resin"): NEVER}) as (client, server):
        assert bypass(client, "cone") is None
        assert bypass(client, "resin") == "never"
        assert [request.path for request in server.requests] == [path("cone"), path("resin")]


@pytest.mark.parametrize(
    ("source", "above"),
    [
        ({"__typename": "Organization"}, True),
        ({"__typename": "Enterprise"}, True),
        ({"__typename": "Repository"}, False),
        ({"__typename": "Something"}, False),
        ({}, None),
        (None, None),
        (..., None),
    ],
)
def test_which_rulesets_are_shared(source: Any, above: bool | None) -> None:  # noqa: FBT001 (a case's answer)
    ruleset = {"databaseId": 7} | ({} if source is ... else {"source": source})
    nodes = [{"type": "DELETION", "parameters": None, "repositoryRuleset": ruleset}]
    branch = {"name": "main", "rules": {"totalCount": 1, "nodes": nodes}}
    said = {"data": {"repository": NODE | {"defaultBranchRef": branch}}}
    with github({"graphql": said}) as (client, _):
        (fact,) = of(ActiveRulesets, list(repositories.one(client, ONE, FactStore()))).facts
    (found,) = fact.rulesets
    assert found.number == 7
    assert (None if "above" in found.unknown_fields() else found.above) is above


def test_one_ruleset_binds_many_repositories() -> None:
    world = strict_organization(THEN)
    with stage(world, npm.hardened_maintainer(THEN), STRICT_ORG_TOKEN) as running:
        report = running.audit("github:cedar-labs", select_=("GHB110",))
        asked = [r.path for r in running.github.requests if "/rulesets/" in r.path]
    assert {finding.result for finding in report.findings} == {"passed"}
    assert len(report.findings) == 2
    assert len(asked) == 1
