"""What the sandbox takes besides reading: what GitHub's description says of it, and no more.

`tests/sandbox/published_writes.json` holds the description, with where it is from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator

from hardenme.sandbox.github.body import NOTHING, Body, Choice, Kind, Many, Maybe, read
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.github.world import Token
from hardenme.sandbox.http import Reply, Request
from tests.moment import NOW
from tests.sandbox.test_github_contract import converted
from tests.worlds.github import WEAK_ORG_TOKEN, weak_organization
from tests.worlds.github_writes import CHANGES, by_method
from tests.worlds.github_writes.change import Change

PUBLISHED = json.loads(
    (Path(__file__).parent / "published_writes.json").read_text(encoding="utf-8")
)["endpoints"]
ORG, REPO = "orgs/bramble-labs", "repos/bramble-labs/briar"
RULESET = {"name": "a", "enforcement": "active"}
READER = "ghp_CANARYreaderofbramble00000000000000000"


@cache
def schema(endpoint: str) -> Draft202012Validator | None:
    """The schema of an endpoint's body; None where it takes none."""
    body = PUBLISHED[endpoint].get("body")
    return None if body is None else Draft202012Validator(converted(body))


def sample(kind: Kind) -> Any:
    """A value of that kind, as small as it can be."""
    if isinstance(kind, Choice):
        return kind.names[0]
    if isinstance(kind, Many):
        return [sample(kind.kind)]
    if isinstance(kind, Maybe):
        return sample(kind.kind)
    if isinstance(kind, Body):
        return {name: sample(item) for name, item in kind.required.items()}
    return {str: "0", bool: True, int: 1}[kind]


def bodies(body: Body) -> Iterator[dict[str, Any]]:
    """The smallest body, and that with each of the other fields and each of their choices."""
    least = {name: sample(kind) for name, kind in body.required.items()}
    yield least
    for name, kind in body.fields.items():
        choices = kind.names if isinstance(kind, Choice) else (sample(kind),)
        if isinstance(kind, Body):
            choices = tuple(bodies(kind))
        yield from (least | {name: choice} for choice in choices)


def sent(body: Any) -> Request:
    return Request("PUT", "/", {}, {}, json.dumps(body).encode())


def endpoint(change: Change) -> str:
    return f"{change.method} {change.pattern}"


@pytest.mark.parametrize("change", CHANGES, ids=endpoint)
def test_what_an_endpoint_takes_is_what_github_publishes(change: Change) -> None:
    published = schema(endpoint(change))
    if published is None:
        assert change.body is NOTHING
        return
    for body in bodies(change.body):
        published.validate(body)
        assert read(sent(body), change.body) == body
        for name in change.body.required:
            short = {key: value for key, value in body.items() if key != name}
            assert not published.is_valid(short)
            assert isinstance(read(sent(short), change.body), Reply)
    required = set(PUBLISHED[endpoint(change)]["body"].get("required", []))
    assert required == set(change.body.required)


@pytest.mark.parametrize("change", CHANGES, ids=endpoint)
def test_an_unknown_field_and_a_wrong_kind_are_refused(change: Change) -> None:
    least = sample(change.body)
    for wrong in ({"surely_unknown": 1}, *({name: {"odd": 1}} for name in change.body.fields)):
        refused = read(sent(least | wrong), change.body)
        assert isinstance(refused, Reply), wrong
        assert refused.status == 422
    for name, kind in change.body.fields.items():
        if kind is bool or kind is int:
            assert isinstance(read(sent(least | {name: "true"}), change.body), Reply)
            number = 1 if kind is bool else True
            assert isinstance(read(sent(least | {name: number}), change.body), Reply)


@pytest.fixture
def server() -> Iterator[GitHubServer]:
    with github_sandbox(weak_organization(NOW), writes=by_method()) as running:
        running.world.tokens.append(
            Token(READER, "classic", "bramble", scopes=frozenset({"read:org"}))
        )
        yield running


def ask(
    server: GitHubServer, method: str, path: str, body: Any = None, token: str = WEAK_ORG_TOKEN
) -> requests.Response:
    return requests.request(
        method,
        f"{server.url}/{path}",
        json=body,
        headers={"Authorization": f"token {token}"},
        timeout=60,
    )


def test_nothing_is_taken_unless_a_test_asks_for_it() -> None:
    with github_sandbox(weak_organization(NOW)) as server:
        for change in CHANGES:
            path = change.pattern.strip("/").format_map(
                {"org": "bramble-labs", "owner": "bramble-labs", "repo": "briar"}
                | dict.fromkeys(
                    (
                        "key_id", "gpg_key_id", "secret_name", "runner_group_id", "credential_id",
                        "username", "invitation_id", "ruleset_id", "hook_id", "environment_name",
                        "branch", "ref", "ssh_signing_key_id", "role_id", "team_slug",
                        "workflow_id",
                    ),
                    "1",
                )
            )  # fmt: skip
            assert ask(server, change.method, path, {}).status_code == 404, endpoint(change)
        assert server.world == weak_organization(NOW)


def test_a_setting_is_changed_and_read_back(server: GitHubServer) -> None:
    done = ask(server, "PATCH", ORG, {"default_repository_permission": "none"})
    assert (done.status_code, done.json()["default_repository_permission"]) == (200, "none")
    assert ask(server, "GET", ORG).json()["default_repository_permission"] == "none"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PATCH", ORG, {"two_factor_requirement_enabled": True}, 422),
        ("PATCH", ORG, {"members_can_delete_repositories": False}, 422),
        ("PATCH", ORG, {"members_can_fork_private_repositories": "false"}, 422),
        ("PUT", f"{ORG}/actions/permissions", {"allowed_actions": "selected"}, 422),
        ("PUT", f"{ORG}/actions/permissions/selected-actions", {}, 409),
        ("PATCH", f"{ORG}/actions/runner-groups/2", {"allows_public_repositories": False}, 422),
        ("POST", f"{REPO}/rulesets", RULESET | {"conditions": {"repository_name": {}}}, 422),
        ("POST", f"{REPO}/rulesets", RULESET | {"rules": [{"type": "pull_request"}]}, 422),
        ("DELETE", f"{REPO}/keys/1", None, 404),
        ("DELETE", f"{ORG}/hooks/1", None, 404),
    ],
)
def test_what_github_refuses(
    server: GitHubServer, method: str, path: str, body: Any, status: int
) -> None:
    assert ask(server, method, path, body).status_code == status


def test_a_body_that_is_no_json_is_refused(server: GitHubServer) -> None:
    done = requests.patch(
        f"{server.url}/{ORG}",
        data="{",
        headers={"Authorization": f"token {WEAK_ORG_TOKEN}"},
        timeout=60,
    )
    assert (done.status_code, done.json()["message"]) == (400, "Problems parsing JSON")


def test_a_token_that_only_reads_changes_nothing(server: GitHubServer) -> None:
    before = server.world.organizations[0].settings.default_repository_permission
    done = ask(server, "PATCH", ORG, {"default_repository_permission": "none"}, READER)
    assert done.status_code == 403
    assert ask(server, "PATCH", REPO, {"archived": True}, READER).status_code == 404
    assert server.world.organizations[0].settings.default_repository_permission == before


def test_no_two_rulesets_of_a_place_have_one_name(server: GitHubServer) -> None:
    assert ask(server, "POST", f"{REPO}/rulesets", RULESET).status_code == 201
    again = ask(server, "POST", f"{REPO}/rulesets", RULESET)
    assert (again.status_code, "unique" in again.json()["message"]) == (422, True)


def test_what_a_put_leaves_out_falls_back_to_the_open_default(server: GitHubServer) -> None:
    path = f"{ORG}/actions/permissions"
    first = {"enabled_repositories": "all", "sha_pinning_required": True}
    assert ask(server, "PUT", path, first).status_code == 204
    second = {"enabled_repositories": "all", "allowed_actions": "local_only"}
    assert ask(server, "PUT", path, second).status_code == 204
    assert ask(server, "GET", path).json()["sha_pinning_required"] is False


def test_an_archived_repository_takes_nothing_but_its_return(server: GitHubServer) -> None:
    assert ask(server, "PATCH", REPO, {"archived": True}).status_code == 200
    refused = ask(server, "PUT", f"{REPO}/vulnerability-alerts")
    assert (refused.status_code, "archived" in refused.json()["message"]) == (403, True)
    assert ask(server, "PATCH", REPO, {"archived": False}).status_code == 200
    assert ask(server, "PUT", f"{REPO}/vulnerability-alerts").status_code == 204


def test_the_last_owner_stays(server: GitHubServer) -> None:
    (owner,) = [
        login for login, role in server.world.organizations[0].members.items() if role == "admin"
    ]
    for method, path in (("DELETE", "members"), ("PUT", "memberships")):
        assert ask(server, method, f"{ORG}/{path}/{owner}").status_code == 403
