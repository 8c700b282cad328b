from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.client import GitHub
from hardenme.facts.github.actions import (
    OrganizationActions,
    OrganizationForkWorkflows,
    OrganizationWorkflowToken,
    RepositoryActions,
    RepositoryForkApproval,
    RepositoryForkWorkflows,
    RepositoryWorkflowToken,
)
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.selected_actions import (
    OrganizationSelectedActions,
    RepositorySelectedActions,
)
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer, Fact
from hardenme.model.known import field
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.github.world import ActionsPolicy
from hardenme.sandbox.http import Fault, Reply
from hardenme.sandbox.npm import scenarios as npm
from tests.collectors.scripted import github, reads
from tests.derive.test_actions import repository
from tests.factories.github_actions import ORGANIZATION, REPOSITORY
from tests.factories.given import MISSING
from tests.running import NOW, stage
from tests.worlds.github import (
    STRICT_ORG_APP,
    STRICT_ORG_FINE_GRAINED,
    STRICT_ORG_TOKEN,
    WEAK_ORG_MEMBER,
    strict_organization,
    weak_organization,
)

ORG, REPO = "/orgs/cedar-labs/actions/permissions", "/repos/cedar-labs/cone/actions/permissions"
FREE = {"enabled_repositories": "all", "allowed_actions": "all", "sha_pinning_required": False}
BOUND = FREE | {"allowed_actions": "selected", "sha_pinning_required": True}
CHOSEN: dict[str, Any] = {
    "github_owned_allowed": True,
    "verified_allowed": False,
    "patterns_allowed": ["alder/*", "!alder/press@*", "*/checkout@v4", "octo-*"],
}
OWN = {"enabled": True, "allowed_actions": "local_only", "sha_pinning_required": True}
READS = {"default_workflow_permissions": "read", "can_approve_pull_request_reviews": False}
FORKS = {
    "run_workflows_from_fork_pull_requests": True,
    "send_write_tokens_to_workflows": False,
    "send_secrets_and_variables": False,
    "require_approval_for_fork_pr_workflows": True,
}
APPROVAL = {"approval_policy": "all_external_contributors"}


def ask(client: GitHub, kind: type[Fact], of: Repository | None = None) -> Answer[Any]:
    """What the collector of that fact answers."""
    store = FactStore()
    if of is not None:
        store.put(Answer(Repository, of.subject, (of,), (Atom("POST /graphql", 200, NOW),)))
    scope = ORGANIZATION if kind.listed_by is None else REPOSITORY
    (answer,) = reads(kind)(client, scope, store)
    return answer


def read(
    kind: type[Fact], paths: dict[str, Any], of: Repository | None = None
) -> tuple[Answer[Any], list[str]]:
    with github(paths) as (client, server):
        answer = ask(client, kind, of)
        return answer, [request.path for request in server.requests]


def test_an_organizations_settings() -> None:
    answer, _ = read(OrganizationActions, {ORG: BOUND})
    (fact,) = answer.facts
    assert fact.subject == ORGANIZATION
    assert (fact.enabled_repositories, fact.allowed, fact.pinned) == ("all", "selected", True)
    (token,) = read(OrganizationWorkflowToken, {f"{ORG}/workflow": READS})[0].facts
    assert (token.default, token.approves) == ("read", False)
    path = f"{ORG}/fork-pr-workflows-private-repos"
    (forks,) = read(OrganizationForkWorkflows, {path: FORKS})[0].facts
    assert (forks.runs, forks.write_tokens, forks.secrets, forks.waits) == (
        True,
        False,
        False,
        True,
    )


@pytest.mark.parametrize(
    ("kind", "own", "path", "said", "bound"),
    [
        (RepositoryActions, OWN, "", BOUND, True),
        (RepositoryActions, OWN, "", FREE | {"enabled_repositories": "none"}, True),
        (RepositoryActions, OWN, "", FREE, False),
        (RepositoryActions, OWN, "", BOUND | {"sha_pinning_required": "yes"}, False),
        (RepositoryActions, OWN, "", BOUND | {"allowed_actions": "some"}, False),
        (RepositoryActions, OWN, "", Reply(403, {"message": "Must have admin rights"}), False),
        (RepositoryActions, OWN, "", {}, False),
        (RepositoryWorkflowToken, READS, "/workflow", READS, True),
        (RepositoryWorkflowToken, READS, "/workflow", {}, False),
    ],
)
def test_a_repository_is_asked_only_where_the_organization_leaves_something_open(
    kind: type[Fact], own: dict[str, Any], path: str, said: Any, *, bound: bool
) -> None:
    paths = {f"{ORG}{path}": said, f"{REPO}{path}": own}
    answer, asked = read(kind, paths, repository())
    assert (f"{REPO}{path}" in asked) is not bound
    assert bool(answer.facts) is not bound
    if bound:
        assert answer.missing is not None
        assert answer.missing.reason is Reason.NOT_ASKED


@pytest.mark.parametrize("allowed", ["all", "local_only", "selected", "curated", None])
def test_a_selection_is_asked_for_where_there_is_one(allowed: str | None) -> None:
    """Of the organization, and of a repository whose organization leaves the choice to it."""
    free = {key: value for key, value in FREE.items() if allowed or key != "allowed_actions"}
    above = free | ({"allowed_actions": allowed} if allowed else {})
    own = {"enabled": True, "sha_pinning_required": True}
    own |= {"allowed_actions": allowed} if allowed else {}
    for kind, paths, place in (
        (OrganizationSelectedActions, {ORG: above}, ORG),
        (RepositorySelectedActions, {ORG: FREE, REPO: own}, REPO),
    ):
        path = f"{place}/selected-actions"
        below = repository() if place == REPO else None
        answer, asked = read(kind, paths | {path: CHOSEN}, below)
        assert (path in asked) is (allowed == "selected")
        if allowed == "selected":
            (fact,) = answer.facts
            assert (fact.github_owned, fact.verified) == (True, False)
            assert fact.patterns == ("alder/*", "!alder/press@*", "*/checkout@v4", "octo-*")
        else:
            assert not answer.facts
            assert answer.missing is not None


@pytest.mark.parametrize("above", ["selected", "local_only"])
def test_what_an_organization_selects_no_repository_is_asked_for(above: str) -> None:
    paths = {ORG: FREE | {"allowed_actions": above}, REPO: OWN, f"{REPO}/selected-actions": CHOSEN}
    answer, asked = read(RepositorySelectedActions, paths, repository())
    assert asked == [ORG]
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NOT_ASKED


@pytest.mark.parametrize(
    "patterns",
    [
        *("*", None, {"0": "*"}, ["alder/*", 7], ["alder/*", None], [""], [" "], ["alder"]),
        *(["alder/*, *"], ["alder/*\n*"], ["alder@v1"], ["?/*"], ["{alder,*}/x"], ["/x"], ["-a/*"]),
        *(["!alder/*, *"], ["!"], ["alder/"]),
    ],
)
def test_a_pattern_that_is_not_understood_makes_the_selection_unknown(patterns: Any) -> None:
    paths = {ORG: BOUND, f"{ORG}/selected-actions": CHOSEN | {"patterns_allowed": patterns}}
    (fact,) = read(OrganizationSelectedActions, paths)[0].facts
    assert isinstance(field(fact, "patterns"), Unknown)
    assert fact.github_owned is True


def test_a_selection_that_is_refused_is_not_known() -> None:
    refused = Reply(403, {"message": "Resource not accessible by personal access token"})
    paths = {ORG: BOUND, f"{ORG}/selected-actions": refused}
    answer, _ = read(OrganizationSelectedActions, paths)
    assert not answer.facts
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NOT_PERMITTED


@pytest.mark.parametrize(
    ("patterns", "result"), [(["alder/*"], "passed"), (["alder/*", "*/*"], "failed")]
)
def test_a_selection_is_judged_in_an_organization_and_below_it(
    patterns: list[str], result: str
) -> None:
    world = strict_organization(NOW)
    world.organizations[0].actions.patterns_allowed = patterns
    with stage(world, npm.hardened_maintainer(NOW), STRICT_ORG_TOKEN) as found:
        report = found.audit("github:cedar-labs", select_=("GHW101",))
        paths = [request.path for request in found.github.requests]
    assert {finding.result for finding in report.findings} == {result}
    assert paths.count(f"{ORG}/selected-actions") == 1
    assert not [path for path in paths if path.startswith("/repos/")]


def test_a_selection_that_no_answer_shows_passes_nowhere() -> None:
    with stage(strict_organization(NOW), npm.hardened_maintainer(NOW), STRICT_ORG_TOKEN) as found:
        found.github.faults.append(Fault(".*/selected-actions", edit=lambda _q, _r: Reply(502, {})))
        report = found.audit("github:cedar-labs", select_=("GHW101",))
    assert report.findings
    assert not {finding.result for finding in report.findings} & {"passed", "failed"}
    assert "unknown" in {finding.result for finding in report.findings}


@pytest.mark.parametrize(
    ("patterns", "result"), [([], "passed"), (["*"], "failed"), (["alder"], "unknown")]
)
def test_a_repository_selects_for_itself(patterns: list[str], result: str) -> None:
    world = strict_organization(NOW)
    own = next(item for item in world.repositories if item.name == "cone")
    policy = ActionsPolicy(allowed_actions="selected", patterns_allowed=patterns)
    world.repositories.append(
        replace(own, owner="linden", name="sapling", id=33299, actions=policy)
    )
    with stage(world, npm.hardened_maintainer(NOW), STRICT_ORG_TOKEN) as found:
        report = found.audit("github:linden/sapling", select_=("GHW101",))
    assert [finding.result for finding in report.findings] == [result]


def test_an_organization_is_asked_once() -> None:
    paths = {ORG: FREE, REPO: OWN}
    with github(paths) as (client, server):
        ask(client, OrganizationActions)
        ask(client, RepositoryActions, repository())
        ask(client, RepositoryActions, repository())
        assert sorted(request.path for request in server.requests) == [ORG, REPO]


def test_a_persons_repository_is_asked_itself() -> None:
    person = repository(within=REPOSITORY)
    answer, asked = read(RepositoryActions, {REPO: OWN}, person)
    assert asked == [REPO]
    (fact,) = answer.facts
    assert (fact.enabled, fact.allowed, fact.pinned) == (True, "local_only", True)


def test_where_actions_are_off_the_rest_is_absent() -> None:
    (fact,) = read(RepositoryActions, {REPO: {"enabled": False}}, repository())[0].facts
    assert fact.enabled is False
    assert isinstance(field(fact, "allowed"), Unknown)
    assert isinstance(field(fact, "pinned"), Unknown)


@pytest.mark.parametrize(
    ("kind", "path", "own", "visibility", "asked"),
    [
        (RepositoryForkApproval, "fork-pr-contributor-approval", APPROVAL, "public", True),
        (RepositoryForkApproval, "fork-pr-contributor-approval", APPROVAL, "private", False),
        (RepositoryForkApproval, "fork-pr-contributor-approval", APPROVAL, MISSING, False),
        (RepositoryForkWorkflows, "fork-pr-workflows-private-repos", FORKS, "public", False),
        (RepositoryForkWorkflows, "fork-pr-workflows-private-repos", FORKS, "private", True),
        (RepositoryForkWorkflows, "fork-pr-workflows-private-repos", FORKS, "internal", True),
        (RepositoryForkWorkflows, "fork-pr-workflows-private-repos", FORKS, MISSING, False),
    ],
)
def test_forks_are_asked_of_where_the_setting_is(
    kind: type[Fact], path: str, own: dict[str, Any], visibility: Any, *, asked: bool
) -> None:
    answer, paths = read(kind, {f"{REPO}/{path}": own}, repository(visibility=visibility))
    assert (f"{REPO}/{path}" in paths) is asked
    assert bool(answer.facts) is asked
    assert (answer.missing is None) is asked


def test_an_archived_repository_is_not_asked() -> None:
    answer, asked = read(RepositoryActions, {REPO: OWN}, repository(archived=True))
    assert not asked
    assert answer.missing is not None


@pytest.mark.parametrize("token", [STRICT_ORG_TOKEN, STRICT_ORG_FINE_GRAINED, STRICT_ORG_APP])
def test_a_closed_organization_spares_its_repositories(token: str) -> None:
    with stage(strict_organization(NOW), npm.hardened_maintainer(NOW), token) as found:
        report = found.audit("github:cedar-labs", select_=("GHW101", "GHW102", "GHW103", "GHW104"))
        paths = [request.path for request in found.github.requests]
    assert {finding.result for finding in report.findings} == {"passed"}
    assert len(report.findings) == 4 * 3
    assert not [path for path in paths if path.startswith("/repos/")]


def test_an_organization_that_is_not_shown_passes_no_repository() -> None:
    world = weak_organization(NOW)
    with stage(world, npm.weak_maintainer(NOW), WEAK_ORG_MEMBER) as found:
        report = found.audit("github:bramble-labs", select_=("GHW101", "GHW103", "GHW106"))
    results = {finding.result for finding in report.findings}
    assert results == {"unknown", "not_applicable", "failed"}
    failed = {str(finding.subject) for finding in report.findings if finding.result == "failed"}
    assert failed == {"github:repo/bramble-labs/hedge"}, "the member administers it and sees it"


def test_repositories_that_are_not_listed_are_not_passed_over() -> None:
    world = strict_organization(NOW)
    with stage(world, npm.hardened_maintainer(NOW), STRICT_ORG_TOKEN) as found:
        found.github.faults.append(Fault("/graphql", edit=lambda _q, _r: Reply(502, {})))
        report = found.audit("github:cedar-labs", select_=("GHW101",))
    assert [str(finding.subject) for finding in report.findings] == ["github:org/cedar-labs"]
    assert report.findings[0].result == "unknown"


def test_an_organization_without_a_repository_is_judged_itself() -> None:
    world = strict_organization(NOW)
    world.repositories.clear()
    with stage(world, npm.hardened_maintainer(NOW), STRICT_ORG_TOKEN) as found:
        report = found.audit("github:cedar-labs", select_=("GHW101", "GHW106"))
    assert [finding.result for finding in report.findings] == ["passed", "passed"]


def test_another_run_target_is_not_bound_by_the_organization() -> None:
    """A person's repository in the same run as an organization that closed everything."""
    world = strict_organization(NOW)
    own = next(item for item in world.repositories if item.name == "cone")
    world.repositories.append(
        replace(own, owner="linden", name="sapling", id=33299, actions=ActionsPolicy())
    )
    with stage(world, npm.hardened_maintainer(NOW), STRICT_ORG_TOKEN) as found:
        report = found.audit("github:cedar-labs", "github:linden/sapling", select_=("GHW101",))
    results = {finding.subject.name: finding.result for finding in report.findings}
    assert results["linden/sapling"] == "failed"
    assert results["cedar-labs/cone"] == "passed"
