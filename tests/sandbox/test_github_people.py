"""Teams and the audit log of the sandbox's organizations."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.world import AuditEntry
from tests.moment import NOW
from tests.sandbox.github_reader import Reader
from tests.sandbox.test_github_contract import needs_contract, validator
from tests.worlds.github import (
    STRICT_ORG_TOKEN,
    WEAK_ORG_APP,
    WEAK_ORG_FINE_GRAINED,
    WEAK_ORG_MEMBER,
    WEAK_ORG_TOKEN,
    strict_organization,
    weak_organization,
)

TEAMS = """query($org: String!, $who: [String!]) {
  organization(login: $org) { teams(first: 10, userLogins: $who) { totalCount nodes { slug } } }
}"""


@pytest.fixture
def weak() -> Iterator[Reader]:
    with github_sandbox(weak_organization(NOW)) as server, Reader(server) as read:
        yield read


@pytest.fixture
def strict() -> Iterator[Reader]:
    with github_sandbox(strict_organization(NOW)) as server, Reader(server) as read:
        yield read


@pytest.mark.parametrize(
    ("who", "slugs"),
    [
        (None, ["keepers", "reviewers"]),
        (["Maple"], ["keepers", "reviewers"]),
        (["birch"], ["reviewers"]),
        (["guest"], []),
        ([], []),
    ],
)
def test_teams_of_somebody(strict: Reader, who: list[str] | None, slugs: list[str]) -> None:
    data = strict.graphql(TEAMS, STRICT_ORG_TOKEN, org="cedar-labs", who=who)["data"]
    teams = data["organization"]["teams"]
    assert [team["slug"] for team in teams["nodes"]] == slugs
    assert teams["totalCount"] == len(slugs)


def test_an_outsider_is_shown_no_teams(strict: Reader) -> None:
    token = strict.world.token(STRICT_ORG_TOKEN)
    assert token is not None
    token.login = "guest"
    data = strict.graphql(TEAMS, STRICT_ORG_TOKEN, org="cedar-labs")
    assert data["data"]["organization"]["teams"]["totalCount"] == 0
    token.scopes = frozenset({"repo"})
    refused = strict.graphql(TEAMS, STRICT_ORG_TOKEN, org="cedar-labs")
    assert refused["errors"][0]["type"] == "INSUFFICIENT_SCOPES"


def log(read: Reader, token: str, phrase: str = "", more: str = "") -> list[tuple[str, str]]:
    answer = read(f"/orgs/bramble-labs/audit-log?phrase={quote(phrase)}{more}", token)
    assert answer.status == 200, answer.body
    return [(entry["actor"], entry["action"]) for entry in answer.data]


@pytest.mark.parametrize("token", [WEAK_ORG_TOKEN, WEAK_ORG_FINE_GRAINED, WEAK_ORG_APP])
def test_the_audit_log_is_searched(weak: Reader, token: str) -> None:
    assert log(weak, token)[0] == ("nettle", "team.add_member"), "the newest first"
    assert log(weak, token, more="&order=asc")[0][0] == "burdock"
    assert log(weak, token, "actor:Thorn") == [("thorn", "repo.create")]
    assert log(weak, token, "action:repo.destroy created:>=2026-05-28")[0][0] == "burdock"
    assert log(weak, token, "actor:burdock created:>=2026-10-01") == []
    assert log(weak, token, "operation:create") == []


def test_what_git_did_is_told_where_it_is_asked_for(weak: Reader) -> None:
    organization = weak.world.organization("bramble-labs")
    assert organization is not None
    assert organization.staff.audit_log is not None
    organization.staff.audit_log.append(AuditEntry("thistle", "git.push", NOW, git=True))
    assert log(weak, WEAK_ORG_TOKEN, "actor:thistle") == []
    for included in ("git", "all"):
        found = log(weak, WEAK_ORG_TOKEN, "actor:thistle", f"&include={included}")
        assert found == [("thistle", "git.push")]


def test_the_audit_log_is_the_owners(weak: Reader, strict: Reader) -> None:
    path = "/orgs/bramble-labs/audit-log"
    assert weak(path, WEAK_ORG_MEMBER).status == 403
    token = weak.world.token(WEAK_ORG_TOKEN)
    assert token is not None
    token.scopes -= {"read:audit_log"}
    assert weak(path, WEAK_ORG_TOKEN).status == 403
    fine_grained = weak.world.token(WEAK_ORG_FINE_GRAINED)
    assert fine_grained is not None
    del fine_grained.permissions["organization_administration"]
    assert weak(path, WEAK_ORG_FINE_GRAINED).status == 403
    other = strict.world.token(STRICT_ORG_TOKEN)
    assert other is not None
    other.scopes |= {"read:audit_log"}
    assert strict("/orgs/cedar-labs/audit-log", STRICT_ORG_TOKEN).status == 404, "no such log"


@needs_contract
@pytest.mark.parametrize(
    "path",
    ["/orgs/{org}/audit-log", "/orgs/{org}/invitations", "/orgs/{org}/outside_collaborators"],
)
def test_the_answers_have_the_shape_of_the_description(weak: Reader, path: str) -> None:
    answer = weak(path.replace("{org}", "bramble-labs"), WEAK_ORG_TOKEN)
    assert (answer.status, bool(answer.data)) == (200, True)
    check = validator(path, 200)
    assert check is not None
    assert [error.message for error in check.iter_errors(answer.data)] == []
