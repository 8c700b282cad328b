"""What a fact requires is what its endpoint says that it accepts.

GitHub tells it with every answer: `x-accepted-github-permissions` to fine-grained tokens and apps,
`x-accepted-oauth-scopes` to classic tokens. The sandbox sends these headers as GitHub's lists have
them, and each REST endpoint that a fact names is asked for them over a socket.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache

import pytest

from hardenme.engine.catalogue import catalogue
from hardenme.engine.plan import sources
from hardenme.model.fact import Fact
from hardenme.model.least import all_covered
from hardenme.model.permission import Requirement, Scheme
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.world import Token, World
from tests.each import each
from tests.moment import NOW
from tests.sandbox.github_reader import Reader
from tests.worlds import github
from tests.worlds.organizations import base

Options = list[frozenset[str]]

FREE = "allows_permissionless_access=true"
PERMISSIONS, SCOPES = "x-accepted-github-permissions", "x-accepted-oauth-scopes"
NAMES = {
    "tree_sha": "main",
    "basehead": "main...main",
    "org": base.WEAK,
    "owner": base.WEAK,
    "repo": "briar",
    "branch": "main",
    "username": "thorn",
    "environment_name": "production",
    "ruleset_id": "1",
    "runner_group_id": "1",
    "role_id": "8136",
    "tag": "v1",
    "policy_id": "1",
    "hook_id": "1",
    "delivery_id": "1",
    "run_id": "1",
    "job_id": "1",
    "attempt_number": "1",
    "file_sha": "main",
}
"""What stands in the addresses. An endpoint tells what it accepts whatever it then answers."""
ENDPOINT = re.compile(r"GET (/[^\s,]*)")
CLASSIC = "ghp_CANARYaccepted00000000000000000000000"
OWN = "github_pat_CANARYaccepted0000000_" + "0" * 54

BY_GRAPHQL = {
    kind.__name__
    for check in catalogue()
    for kind in sources(check.facts)
    if kind.asked_at == "github" and not ENDPOINT.search(kind.source)
}
"""GraphQL tells with no header what a field takes: `tests/test_least_token.py` takes it away."""
FIELDS = {
    "AccountTwoFactor": "a key of GET /user that comes to the scope user alone",
    "TokenVisibility": "keys of GET /user that come to the scope user alone",
    "OrganizationPlan": "a key of GET /orgs/{org} that comes to owners alone",
    "OrganizationPrivileges": "keys of GET /orgs/{org} that come to owners alone",
    "OrganizationSecurity": "keys of GET /orgs/{org} that come to owners alone",
    "OrganizationVisibility": "keys of GET /orgs/{org} that come to owners alone",
    "RepositorySecuritySettings": "a key of GET /repos/{owner}/{repo} that comes to admins alone",
}
"""Facts of keys that are guarded more closely than the endpoint, with which; the header cannot
tell. `tests/test_least_token.py` takes each right away from them."""
FACTS = sorted(
    {
        kind
        for check in catalogue()
        for kind in sources(check.facts)
        if kind.asked_at == "github"
        and kind.__name__ not in BY_GRAPHQL | FIELDS.keys()
        and kind.requirement.alternatives
    },
    key=lambda kind: kind.__name__,
)


def permissions(header: str) -> Options:
    """The alternatives of a header, as `name:level`; none at all where nothing is needed.

    A comma is "and", a semicolon "or".
    """
    if header.strip() == FREE:
        return []
    return [
        frozenset(part.strip().replace("=", ":") for part in every.split(","))
        for every in header.split(";")
    ]


def scopes(header: str) -> Options:
    """The alternatives of a header of scopes: any one of them."""
    return [frozenset({part.strip()}) for part in header.split(",") if part.strip()]


@pytest.mark.parametrize(
    ("header", "options"),
    [
        ("allows_permissionless_access=true", []),
        ("checks=read", [{"checks:read"}]),
        ("contents=write", [{"contents:write"}]),
        ("contents=write,workflows=write", [{"contents:write", "workflows:write"}]),
        (
            "pull_requests=write,contents=read; issues=write",
            [{"pull_requests:write", "contents:read"}, {"issues:write"}],
        ),
        ("issues=read; pull_requests=read", [{"issues:read"}, {"pull_requests:read"}]),
    ],
)
def test_the_grammar_of_the_header(header: str, options: list[set[str]]) -> None:
    assert permissions(header) == options


@cache
def told() -> dict[str, tuple[Options, Options]]:
    """What each endpoint says that it accepts: permissions and scopes."""
    world: World = github.weak_organization(NOW)
    ends = NOW + timedelta(days=1)
    world.tokens += [
        Token(CLASSIC, "classic", "thorn", frozenset({"repo"}), expires_at=ends),
        Token(OWN, "fine-grained", "thorn", owner="thorn", expires_at=ends),
    ]
    found: dict[str, tuple[Options, Options]] = {}
    with github_sandbox(world) as server, Reader(server) as read:
        for path in sorted({path for kind in FACTS for group in groups(kind) for path in group}):
            asked = path.format(**NAMES)
            by_permissions, by_scopes = (read(asked, token).headers for token in (OWN, CLASSIC))
            assert PERMISSIONS in by_permissions, f"no such endpoint: {asked}"
            found[path] = permissions(by_permissions[PERMISSIONS]), scopes(by_scopes[SCOPES])
    return found


def groups(kind: type[Fact]) -> Iterator[list[str]]:
    """The endpoints that a fact is read from: one group or another, all of each."""
    for part in re.split(r",? or ", kind.source):
        paths = ENDPOINT.findall(part)
        if paths:
            yield paths


def names_of(requirement: Requirement, scheme: Scheme) -> Options:
    return [
        frozenset(item.name for item in option if item.scheme is scheme)
        for option in requirement.within(scheme).alternatives
    ]


def fits(option: frozenset[str], found: list[list[Options]]) -> None:
    """Hold one alternative of a requirement against what the endpoints accept.

    Args:
        option: what is required.
        found: for each group of endpoints, what each of them accepts.
    """
    have = all_covered(option)
    enough = [
        all(not accepted or any(one <= have for one in accepted) for accepted in group)
        for group in found
    ]
    assert any(enough), f"{sorted(option)} is not enough for {found}"
    asked_for = {name for group in found for accepted in group for one in accepted for name in one}
    assert option <= asked_for, f"{sorted(option)} is more than {found}"


@each(FACTS, lambda kind: kind.__name__)
def test_a_requirement_is_what_its_endpoints_accept(kind: type[Fact]) -> None:
    for scheme, place in ((Scheme.FINE_GRAINED, 0), (Scheme.CLASSIC, 1)):
        found = [[told()[path][place] for path in group] for group in groups(kind)]
        for option in names_of(kind.requirement, scheme):
            fits(option, found)


def test_what_cannot_be_compared_is_known() -> None:
    """So that a new fact is compared, or its reason is given."""
    facts = {kind for check in catalogue() for kind in sources(check.facts)}
    on_github = {kind.__name__ for kind in facts if kind.asked_at == "github"}
    free = {kind.__name__ for kind in facts if not kind.requirement.alternatives}
    assert on_github - free - BY_GRAPHQL - FIELDS.keys() == {kind.__name__ for kind in FACTS}
    assert FIELDS.keys() <= on_github
