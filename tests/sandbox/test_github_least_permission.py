"""Each REST route's declared permission is needed and is enough."""

from __future__ import annotations

from dataclasses import replace

from hardenme.sandbox.github.permits import BY_INTEGRATION, BY_TOKEN
from hardenme.sandbox.github.rest import ROUTES
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.state.token import TokenKind
from hardenme.sandbox.github.world import Token, User, World
from tests.moment import NOW
from tests.sandbox.github_reader import Reader
from tests.worlds.github import hardened_maintainer


def requests_of(world: World) -> list[str]:
    """One address for each route, about what the world's owner owns."""
    owner, repository, organization = world.users[0].login, world.repositories[0], "willow-works"
    names = {
        "owner": owner,
        "repo": repository.name,
        "org": organization,
        "username": owner,
        "branch": "main",
        "ruleset_id": "7101",
        "environment_name": "release",
        "runner_group_id": "1",
        "hook_id": "1",
        "delivery_id": "1",
        "role_id": "8136",
        "policy_id": "1",
        "secret_name": "GONE",
        "path": "SECURITY.md",
        "ref": "tags/v",
        "tree_sha": "main",
        "basehead": "main...main",
        "file_sha": "gone",
        "run_id": "1",
        "job_id": "1",
        "attempt_number": "1",
    }
    return [route.pattern.format_map(names) for route in ROUTES]


def test_each_declared_permission_is_needed_and_is_enough() -> None:
    """For every route: the least token passes, and without its permission it is refused."""
    world = hardened_maintainer(NOW)
    world.users.append(User("stranger", 1199, NOW))
    least = "github_pat_CANARYleast00000_" + "0" * 54
    tried = 0
    with github_sandbox(world) as server, Reader(server) as read:
        for route, target in zip(ROUTES, requests_of(world), strict=True):
            if not route.permit.permissions or route.permit.open_to_public:
                continue
            owner = "willow-works" if "{org}" in route.pattern else "hazel"
            kind: TokenKind = "installation" if route.permit.apps_only else "fine-grained"
            refusal = BY_INTEGRATION if route.permit.apps_only else BY_TOKEN
            login = None if route.permit.apps_only else "hazel"
            for every in route.permit.permissions:
                held = dict(permission.split(":") for permission in every)
                token = Token(least, kind, login, permissions=held, owner=owner)
                world.tokens = [token]
                enough = read(target, least)
                assert enough.status not in {401, 403}, target
                for name in set(held) - {"metadata"}:
                    fewer = {n: level for n, level in held.items() if n != name}
                    world.tokens = [replace(token, permissions=fewer)]
                    refused = read(target, least)
                    assert (refused.status, refused.message) == (403, refusal), target
                    tried += 1
                world.tokens = [replace(token, owner="stranger")]
                assert read(target, least).status == 403, target
    assert tried >= 20
