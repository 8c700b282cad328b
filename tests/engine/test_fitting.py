"""The profile by which something is judged does not hang on how it was named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hardenme.model.finding import Finding
from hardenme.model.report import Report
from hardenme.sandbox.github.world import User
from hardenme.sandbox.http import Reply, Request
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.world import Organization
from tests.running import NOW, Stage, stage
from tests.worlds import github

pytestmark = pytest.mark.second_tier("whole runs of the engine", one_of=8)

OF_REPOSITORIES = ("GHR", "GHB", "GHW")
WORLDS = {
    "strict": (github.strict_organization, github.STRICT_ORG_TOKEN, "cedar-labs"),
    "strict, an app": (github.strict_organization, github.STRICT_ORG_APP, "cedar-labs"),
    "weak": (github.weak_organization, github.WEAK_ORG_TOKEN, "bramble-labs"),
    "weak, a member": (github.weak_organization, github.WEAK_ORG_MEMBER, "bramble-labs"),
    "weak, fine-grained": (github.weak_organization, github.WEAK_ORG_FINE_GRAINED, "bramble-labs"),
}
ALONE = "maple/repository-00001"


def verdicts(findings: Iterator[Finding]) -> dict[tuple[str, str], tuple[Any, ...]]:
    return {
        (one.code, str(one.subject)): (
            one.result,
            one.severity,
            getattr(one.outcome, "message", ""),
        )
        for one in findings
        if one.subject.kind != "org"
    }


@pytest.mark.second_tier("takes over half a second")
@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", list(WORLDS))
def test_a_repository_named_alone_is_judged_as_with_its_organization(name: str) -> None:
    make, token, login = WORLDS[name]
    with stage(make(NOW), npm.hardened_maintainer(NOW), token) as running:
        whole = running.audit(f"github:{login}", select_=OF_REPOSITORIES)
        repositories = [one for one in whole.findings if one.subject.kind == "repo"]
        names = sorted({one.subject.name for one in repositories})
        alone = [running.audit(f"github:{one}", select_=OF_REPOSITORIES) for one in names]
        together = running.audit(*(f"github:{one}" for one in names), select_=OF_REPOSITORIES)
    found: dict[tuple[str, str], tuple[Any, ...]] = {}
    for report in alone:
        assert (report.profile, report.profile_chosen) == ("org", True)
        found |= verdicts(iter(report.findings))
    assert len(names) > 1
    assert found == verdicts(iter(whole.findings)) == verdicts(iter(together.findings))


def test_two_organizations_do_not_judge_for_each_other() -> None:
    world = github.weak_organization(NOW)
    other = github.strict_organization(NOW)
    strict = next(one for one in other.repositories if one.owner == "cedar-labs")
    world.organizations += other.organizations
    known = {user.login for user in world.users}
    world.users += [user for user in other.users if user.login not in known]
    world.repositories.append(strict)
    names = ("github:bramble-labs/graft", f"github:{strict.full_name}")
    with stage(world, npm.hardened_maintainer(NOW), github.WEAK_ORG_TOKEN) as running:
        report = running.audit(*names, select_=("GHW107",))
        apart = [running.audit(one, select_=("GHW107",)) for one in names]
    found = {one.subject.name: one.result for one in report.findings}
    assert found["bramble-labs/graft"] == "failed"
    assert found == {f.subject.name: f.result for one in apart for f in one.findings}


def test_nothing_is_said_of_the_organization_itself() -> None:
    with stage(
        github.weak_organization(NOW), npm.hardened_maintainer(NOW), github.WEAK_ORG_TOKEN
    ) as running:
        report = running.audit("github:bramble-labs/graft")
        paths = [request.path for request in running.github.requests]
    assert {one.subject.kind for one in report.findings}.isdisjoint({"org", "user", "member"})
    assert not any(
        path.endswith(("/hooks", "/installations")) for path in paths if "/orgs/" in path
    )


def of_a_person(**people: Any) -> Iterator[Stage]:
    world = github.scaled_maintainer(NOW)
    for repository in world.repositories:
        if repository.full_name == ALONE:
            repository.collaborators.update(people)
    world.users.append(User("birch", 1207, NOW))
    with stage(world, npm.scaled_maintainer(NOW), github.SCALED_TOKEN) as running:
        yield running


def weighed(report: Report, name: str = ALONE) -> str:
    found = (f for f in report.findings if f.code == "GHB103" and f.subject.name == name)
    return str(next(found).severity)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("target", ["me", "github:maple", f"github:{ALONE}"])
@pytest.mark.parametrize(
    ("role", "severity"),
    [("write", "high"), ("maintain", "high"), ("admin", "high"), ("triage", "info"), ("", "info")],
)
def test_who_can_push_decides(target: str, role: str, severity: str) -> None:
    people = {"birch": role} if role else {}
    for running in of_a_person(**people):
        report = running.audit(target, select_=("GHB103",))
        assert weighed(report) == severity
    said = [text for text in report.warnings if "judged by the profile team" in text]
    named_alone = target.endswith(ALONE)
    assert report.profile == ("team" if named_alone and severity == "high" else "solo")
    assert bool(said) is (severity == "high" and not named_alone)


def changed(key: str, value: Any) -> Any:
    """Changes a key of each repository in GraphQL's answers; None takes it away."""

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if key in node:
                if value is None:
                    del node[key]
                else:
                    node[key] = value
            for inner in node.values():
                walk(inner)
        elif isinstance(node, list):
            for inner in node:
                walk(inner)

    def edit(_request: Request, reply: Reply) -> Reply:
        walk(reply.data)
        return reply

    return edit


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("isInOrganization", None),
        ("isInOrganization", True),
        ("viewerCanAdminister", False),
        ("collaborators", None),
        ("totalCount", 101),
        ("permission", "OWNER"),
        ("permission", None),
    ],
)
def test_what_is_not_known_is_judged_as_a_team(key: str, value: Any) -> None:
    for running in of_a_person():
        running.github.fault("/graphql", edit=changed(key, value))
        report = running.audit(f"github:{ALONE}", select_=("GHB103",))
    outcome = next(one for one in report.findings if one.code == "GHB103")
    assert outcome.result == "unknown" or weighed(report) == "high"
    assert report.profile in {"team", "org"}


def test_whoever_names_a_profile_gets_it() -> None:
    for running in of_a_person(birch="write"):
        report = running.audit(f"github:{ALONE}", select_=("GHB103",), profile="solo")
    assert weighed(report) == "info"
    assert not report.warnings


@pytest.mark.parametrize("owners", [1, 2])
def test_an_organization_on_npm_is_judged_as_one_whoever_leads_to_it(owners: int) -> None:
    registry = npm.scaled_maintainer(NOW)
    package = registry.packages[0]
    scope = package.name.partition("/")[0].removeprefix("@")
    assert package.name.startswith("@")
    roster = {"sedge": "owner"} | ({"alder": "owner"} if owners > 1 else {})
    registry.organizations[:] = [Organization(scope, roster)]  # type: ignore[arg-type]
    found = {}
    with stage(
        github.scaled_maintainer(NOW), registry, github.SCALED_TOKEN, registry.token("sedge")
    ) as running:
        for target in ("me", f"npm:@{scope}"):
            report = running.audit(target, select_=("NPO102",))
            found[target] = {str(one.subject): one.result for one in report.findings}
    assert set(found["me"].values()) <= {"passed" if owners > 1 else "failed"}
    assert found["me"] == found[f"npm:@{scope}"]
