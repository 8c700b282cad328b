"""The GitHub sandbox's REST answers have the shapes of GitHub's own OpenAPI description."""

from __future__ import annotations

import gzip
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from hardenme.sandbox.github.calls import Route
from hardenme.sandbox.github.rest import ROUTES
from hardenme.sandbox.github.rest.contents import blob_id
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.state.connected import SentEvent
from hardenme.sandbox.github.world import FeedEntry, Hook, World
from tests.moment import NOW
from tests.sandbox.github_reader import Reader, every_kind
from tests.worlds.github import (
    hardened_maintainer,
    strict_organization,
    weak_maintainer,
    weak_organization,
)

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = Path(os.environ.get("HARDENME_CONTRACTS", ROOT.parent / "shared" / "contracts"))
CONTRACT = CONTRACTS / "github-rest.openapi.json.gz"

needs_contract = pytest.mark.skipif(
    not CONTRACT.is_file(),
    reason="github-rest.openapi.json.gz is absent; HARDENME_CONTRACTS names its folder",
)

# The description begins at named endpoints; the directory and the root folder are not among them.
UNDESCRIBED = {
    "/",
    "/repos/{owner}/{repo}/contents",
    # GitHub documents it; the part of the description that the project has leaves it out.
    "/repos/{owner}/{repo}/pulls",
    # Younger than the description.
    "/orgs/{org}/actions/policies",
    "/orgs/{org}/actions/policies/{policy_id}",
}
QUERIES = {
    "/user/keys": ["?per_page=2&page=2"],
    "/user/memberships/orgs": ["?state=active", "?state=pending", "?state=lost"],
    "/user/repos": ["?affiliation=owner&per_page=3", "?visibility=private", "?visibility=odd"],
    "/orgs/{org}/members": ["?filter=2fa_disabled", "?filter=2fa_insecure", "?role=admin"],
    "/orgs/{org}/outside_collaborators": ["?filter=2fa_disabled"],
    "/orgs/{org}/repos": ["?type=public", "?per_page=1"],
    "/orgs/{org}/hooks/{hook_id}/deliveries": ["?per_page=1", "?per_page=1&cursor=Y3Vyc29y1"],
    "/repos/{owner}/{repo}/git/trees/{tree_sha}": ["?recursive=1"],
    "/repos/{owner}/{repo}/rulesets": ["?includes_parents=false&targets=tag"],
    "/repos/{owner}/{repo}/collaborators": ["?affiliation=outside", "?permission=admin"],
}
HOOK = 82_020
SENT = [
    SentEvent(
        2, NOW, "https://audit.example.test/x", "organization", "member_added", 0, redelivery=True
    ),
    SentEvent(1, NOW, "https://audit.example.test/x", repository=7),
]
"""What a webhook of each world sent."""
PAYLOADS = {"PushEvent": "push-event", "WatchEvent": "watch-event", "PublicEvent": "public-event"}
FORMATS = FormatChecker(formats=["email"])


@FORMATS.checks("date-time", raises=ValueError)
def is_date_time(text: object) -> bool:
    if not isinstance(text, str):
        return True
    return datetime.fromisoformat(text).tzinfo is not None


@FORMATS.checks("uri", raises=ValueError)
def is_uri(text: object) -> bool:
    return not isinstance(text, str) or bool(urlsplit(text).scheme)


def converted(node: Any) -> Any:
    """OpenAPI 3.0's schemas as JSON Schema: `nullable` becomes a type of its own."""
    if isinstance(node, list):
        return [converted(item) for item in node]
    if not isinstance(node, dict):
        return node
    schema = {key: converted(value) for key, value in node.items() if key != "nullable"}
    return {"anyOf": [schema, {"type": "null"}]} if node.get("nullable") is True else schema


@cache
def contract() -> Any:
    with gzip.open(CONTRACT, "rt", encoding="utf-8") as file:
        described = converted(json.load(file))
    event = described["components"]["schemas"]["event"]
    # One of the sixteen payloads there, `public-event`, fits any object, so "exactly one of
    # them" can hold for no event: each type is held against its own payload instead.
    del event["properties"]["payload"]
    event["allOf"] = [
        {
            "if": {"properties": {"type": {"const": kind}}},
            "then": {"properties": {"payload": {"$ref": f"#/components/schemas/{schema}"}}},
        }
        for kind, schema in PAYLOADS.items()
    ]
    event["properties"]["type"] = {"enum": list(PAYLOADS)}
    return described


def resolved(node: Any) -> Any:
    while "$ref" in node:
        name = node["$ref"].removeprefix("#/").split("/")
        node = contract()
        for part in name:
            node = node[part]
    return node


@cache
def validator(pattern: str, status: int) -> Draft202012Validator | None:
    """The check of one answer; None where the description gives it no JSON body."""
    responses = contract()["paths"][pattern]["get"]["responses"]
    if str(status) not in responses:
        return Draft202012Validator(
            {"$ref": "#/components/schemas/basic-error", "components": contract()["components"]}
        )
    content = resolved(responses[str(status)]).get("content", {}).get("application/json")
    if content is None:
        return None
    schema = {**content["schema"], "components": contract()["components"]}
    return Draft202012Validator(schema, format_checker=FORMATS)


def targets(world: World, route: Route) -> Iterator[str]:
    """The route's pattern with every name that the world has, and one that it has not."""
    repositories = [*world.repositories] if "{repo}" in route.pattern else [None]
    for repository in repositories:
        owned = {"owner": repository.owner, "repo": repository.name} if repository else {}
        choices = {
            "org": [o.login for o in world.organizations],
            "hook_id": [str(HOOK), "77"],
            "delivery_id": [*(str(one.id) for one in SENT), "77"],
            "username": [*(u.login for u in world.users), world.organizations[0].login, "nobody"],
        }
        if repository:
            choices |= {
                "branch": [*repository.branch_names, "gone"],
                "ruleset_id": [str(s.id) for s in world.rulesets_of(repository)] + ["1"],
                "environment_name": [e.name for e in repository.environments] + ["gone"],
                "path": [*repository.files, ".github", "gone"],
                "ref": ["tags/v", "tags/none", "heads/"],
                "tree_sha": ["main", "gone"],
                "basehead": ["main...main", "main...gone"],
                "file_sha": [*map(blob_id, [*repository.files.values()][:1]), "gone"],
                "run_id": [*(str(one.id) for one in repository.runs[:2]), "1"],
                "job_id": ["1"],
                "attempt_number": ["1", "9"],
            }
        else:
            numbers = [str(s.id) for o in world.organizations for s in o.rulesets]
            choices["ruleset_id"] = [*numbers, "1"]
            groups = [g for o in world.organizations for g in o.connected.runner_groups]
            choices["runner_group_id"] = [*(str(g.id) for g in groups), "77"]
            roles = [r for o in world.organizations for r in o.staff.roles or ()]
            choices["role_id"] = [*dict.fromkeys(str(r.id) for r in roles), "77"]
            choices["secret_name"] = [s.name for o in world.organizations for s in o.secrets] + [
                "gone"
            ]
        names = [n for n in re.findall(r"{(\w+)}", route.pattern) if n not in owned]
        expansions: list[dict[str, str]] = [owned]
        for name in names:
            expansions = [e | {name: value} for e in expansions for value in choices[name]]
        for expansion in expansions:
            path = route.pattern
            for name, value in expansion.items():
                path = path.replace(f"{{{name}}}", quote(value, safe="/"))
            yield from (path + query for query in ["", *QUERIES.get(route.pattern, [])])


def worlds() -> dict[str, World]:
    weak, hardened = weak_maintainer(NOW), hardened_maintainer(NOW)
    every_kind(weak, "mallow", "acorn-labs")
    every_kind(hardened, "hazel", "willow-works")
    mallow = weak.users[0]
    mallow.events += [
        FeedEntry(9002, "WatchEvent", "wren/nest", NOW),
        FeedEntry(9003, "PushEvent", "mallow/cellar", NOW, public=False),
    ]
    found = {"weak": weak, "hardened": hardened}
    found |= {"weak organization": weak_organization(NOW)}
    found |= {"strict organization": strict_organization(NOW)}
    for world in found.values():
        hook = Hook(HOOK, "https://audit.example.test/x", NOW, NOW, sent=SENT)
        world.organizations[0].connected.hooks.append(hook)
        world.repositories[0].hooks.append(hook)
        world.limit = world.anonymous_limit = 10**6
    return found


@needs_contract
@pytest.mark.second_tier("asks every route with every token")
@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", ["weak", "hardened", "weak organization", "strict organization"])
def test_every_answer_has_github_s_shape(
    name: str, record_property: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    world = worlds()[name]
    counted: Counter[int] = Counter()
    wrong: list[str] = []
    described = [route for route in ROUTES if route.pattern not in UNDESCRIBED]
    with github_sandbox(world) as server, Reader(server) as read:
        for route in described:
            for target in targets(world, route):
                for token in ["", *(t.value for t in world.tokens)]:
                    answer = read(target, token)
                    counted[answer.status] += 1
                    check = validator(route.pattern, answer.status)
                    if check is None or not answer.body:
                        assert answer.status in {204, 404}, (target, answer)
                        continue
                    wrong += [
                        f"{target} {token[:12]} {answer.status}: {error.json_path} "
                        f"{error.message[:200]}"
                        for error in check.iter_errors(answer.data)
                    ][:3]
    assert not wrong, "\n".join(sorted(set(wrong))[:20])
    assert counted[200] > 500
    expected = {200, 401, 403, 404, 422} | (set() if name == "weak organization" else {204})
    assert expected <= set(counted), counted
    record_property("validated", dict(counted))
    with capsys.disabled():
        total = sum(counted.values())
        print(f"\n{name}: {total} answers fit GitHub's description: {dict(counted)}")  # noqa: T201


@needs_contract
def test_every_route_stands_in_github_s_description() -> None:
    missing = {route.pattern for route in ROUTES} - set(contract()["paths"])
    assert missing == UNDESCRIBED


@needs_contract
def test_the_check_sees_a_wrong_answer() -> None:
    check = validator("/user/emails", 200)
    assert check is not None
    good = [{"email": "a@mail.example", "primary": True, "verified": True, "visibility": None}]
    assert check.is_valid(good)
    assert not check.is_valid([{**good[0], "verified": "yes"}])
    assert not check.is_valid([{k: v for k, v in good[0].items() if k != "visibility"}])
    keys = validator("/user/keys", 200)
    assert keys is not None
    key = {"key": "k", "id": 1, "url": "http://h.test", "title": "t", "verified": True}
    key |= {"created_at": "2026-01-01T00:00:00Z", "read_only": False}
    assert keys.is_valid([{**key, "last_used": None}])
    assert not keys.is_valid([{**key, "created_at": "yesterday"}])
