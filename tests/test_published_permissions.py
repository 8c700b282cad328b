"""What facts require and what the sandbox accepts is what GitHub publishes of its endpoints.

`tests/sandbox/published_permissions.json` holds it, with where it is from: by endpoint, which
permissions are accepted and which kinds of token are answered. The headers by which GitHub says the
same are compared with it too, as other people recorded them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from hardenme.collectors.github.accepted import ACCEPTED, accepted
from hardenme.collectors.transport.response import Response
from hardenme.credentials.app import READS
from hardenme.engine.catalogue import catalogue
from hardenme.engine.plan import sources
from hardenme.facts.github.canaries import ACCOUNT, APPS_ONLY, CANARIES
from hardenme.facts.github.token import WITNESSES
from hardenme.model.depth import Depth
from hardenme.model.fact import Fact
from hardenme.model.permission import Scheme
from hardenme.rights.least import permissions_cost
from hardenme.sandbox.github.permits import BY_INTEGRATION, BY_TOKEN
from hardenme.sandbox.github.rest import ROUTES
from hardenme.sandbox.github.router import find
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.state.token import TokenKind
from hardenme.sandbox.github.world import Token
from hardenme.sandbox.npm import scenarios as npm
from tests.each import each
from tests.moment import NOW
from tests.running import stage
from tests.sandbox.github_reader import Reader
from tests.test_accepted_permissions import (
    FACTS,
    FIELDS,
    FREE,
    NAMES,
    PERMISSIONS,
    Options,
    fits,
    groups,
    names_of,
    permissions,
)
from tests.worlds import github
from tests.worlds.organizations import base

ORG, REPO = "/orgs/{org}", "/repos/{owner}/{repo}"
LISTS = json.loads(
    (Path(__file__).parent / "sandbox/published_permissions.json").read_text(encoding="utf-8")
)
PUBLISHED = {name.removeprefix("GET "): entry for name, entry in LISTS["endpoints"].items()}
SAME = {
    f"{REPO}/contents": f"{REPO}/contents/{{path}}",
    f"{REPO}/git/matching-refs/tags/{{tag}}": f"{REPO}/git/matching-refs/{{ref}}",
}
"""How the lists write what is written otherwise here."""
SERVED = {route.pattern for route in ROUTES}
UNLISTED = {
    "/": "the API's addresses, for everybody",
    "/meta": "GitHub's own addresses and keys, for everybody",
    "/rate_limit": "how many requests are left, for everybody",
    "/user": "the token's own account: any token of an account",
    "/user/orgs": "any token of an account, which is told what it may know",
    "/users/{username}": "a public profile",
    "/users/{username}/orgs": "public memberships",
    "/users/{username}/ssh_signing_keys": "public keys",
    "/users/{username}/events": "public activity",
    "/users/{username}/events/public": "public activity",
    ORG: "a public profile; owners are shown more",
    "/installation/repositories": "what an installation reaches: its own token, and no other",
    f"{ORG}/installation": "an app's own signed word, and no token",
    "/app/installations": "an app's own signed word, and no token",
    "/user/memberships/orgs": "no token that has permissions",
}
"""What the lists do not have, since no permission opens it, with who is answered."""
CLOSED = "/user/memberships/orgs"
"""The one of them that no permission and no such token opens."""
OF_OTHERS = {
    f"{REPO}/actions/runs/{{run_id}}/attempts/{{attempt_number}}",
    f"{REPO}/actions/runs/{{run_id}}/attempts/{{attempt_number}}/jobs",
    f"{REPO}/actions/jobs/{{job_id}}/logs",
    f"{REPO}/actions/caches",
    f"{REPO}/git/blobs/{{file_sha}}",
    *(
        f"{owner}/hooks/{{hook_id}}/deliveries{part}"
        for owner in (ORG, REPO)
        for part in ("", "/{delivery_id}")
    ),
}
"""What `exposed`, `recent` and `watch` ask for, and an audit does not."""
UNTOLD = {
    f"{REPO}/interaction-limits/pulls/creation-cap": "what was read of apps is older than it is",
    **dict.fromkeys(
        (
            f"{ORG}/actions/variables",
            f"{REPO}/actions/workflows",
            f"{REPO}/compare/{{basehead}}",
            *OF_OTHERS,
            f"{ORG}/custom-repository-roles",
            *(
                f"{ORG}/organization-roles{part}"
                for part in ("", "/{role_id}/teams", "/{role_id}/users")
            ),
        ),
        "an app can be given their permissions; whether its tokens are answered was not read",
    ),
}
"""What the sandbox answers although its kinds of token were not all looked up, with why."""
KEPT = {
    "CollaboratorInvitation": "what else is accepted, `private_repository_invitations`, is the"
    " account's: an organization's token and an app cannot hold it, and nobody has recorded that"
    " all open invitations are listed by it",
}
"""Facts that require more than the least that is published, with why."""
NEVER_ASKED = {
    "ExecutionPolicies": "such a token would have to be allowed to write what it reads",
}
"""Facts that no token with permissions is used for, although one opens their endpoints."""
KINDS: dict[str, TokenKind] = {
    "fine-grained": "fine-grained",
    "user": "app-user",
    "installation": "installation",
}
ADDRESS = {**NAMES, "ref": "tags/v", "path": "README.md", "secret_name": "GONE"}
ALWAYS = "metadata:read"
"""Every token that reaches a repository holds it."""


def options(path: str) -> Options:
    """The published alternatives of an endpoint; none at all where it takes no permission."""
    path = path.partition("?")[0]
    entry = PUBLISHED.get(SAME.get(path, path))
    if entry is None:
        assert path in UNLISTED, f"{path} is neither published nor known to be left out"
        return []
    return [frozenset(every) for every in entry["accepts"]]


def usable(kind: type[Fact]) -> Iterator[list[Options]]:
    """What each of a fact's groups of endpoints accepts; not those that are closed."""
    for group in groups(kind):
        if CLOSED not in group:
            yield [options(path) for path in group]


def test_every_endpoint_of_the_sandbox_is_published_or_known_to_be_left_out() -> None:
    served = {SAME.get(path, path) for path in SERVED}
    assert served <= PUBLISHED.keys() | UNLISTED.keys()
    assert UNLISTED.keys() <= served
    assert not PUBLISHED.keys() & UNLISTED.keys()
    untold = {path for path in served & PUBLISHED.keys() if "untold" in PUBLISHED[path]}
    assert untold == UNTOLD.keys(), "GitHub's list for apps tells which of their tokens it answers"


WORLDS = [
    (github.weak_maintainer, github.WEAK_TOKEN, "me"),
    (github.weak_maintainer, github.WEAK_FINE_GRAINED, "me"),
    (github.weak_organization, github.WEAK_ORG_FINE_GRAINED, f"github:{base.WEAK}"),
    (github.weak_organization, github.WEAK_ORG_APP, f"github:{base.WEAK}"),
]


@pytest.mark.second_tier("takes long in all", one_of=2)
@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("world", "token", "target"),
    WORLDS,
    ids=["classic", "fine-grained", "of an organization", "installation"],
)
def test_nothing_else_is_asked(world: object, token: str, target: str) -> None:
    assert callable(world)
    with stage(world(NOW), npm.weak_maintainer(NOW), token) as running:
        running.audit(target, depth=Depth.DEEP, profile="team")
        asked = {item.path for item in running.github.requests if item.method == "GET"}
    assert len(asked) > len(SERVED - UNLISTED.keys() - OF_OTHERS) // 2
    for path in asked:
        found = find(path)
        assert found is not None, f"the sandbox has no route for {path}"
        options(found.route.pattern)


@cache
def headers() -> dict[str, str]:
    """What the sandbox says that each of its endpoints accepts."""
    world = github.weak_organization(NOW)
    token = Token("ghs_CANARYpublished" + "0" * 20, "installation", None, owner=base.WEAK)
    world.tokens.append(token)
    with github_sandbox(world) as server, Reader(server) as read:
        return {
            pattern: read(pattern.format(**ADDRESS), token.value).headers[PERMISSIONS]
            for pattern in SERVED
        }


@each(sorted(SERVED))
def test_the_sandbox_accepts_what_is_published(pattern: str) -> None:
    if pattern in UNLISTED:
        assert headers()[pattern] == FREE
    else:
        assert set(permissions(headers()[pattern])) == set(options(pattern))


@pytest.mark.parametrize("kind", KINDS)
def test_the_sandbox_answers_the_published_kinds_of_token(kind: str) -> None:
    """Each with a token that holds everything: what it is refused is refused for its kind."""
    world = github.weak_organization(NOW)
    held = {
        name.partition(":")[0] for path in PUBLISHED for every in options(path) for name in every
    }
    login = None if kind == "installation" else "thorn"
    for owner in (base.WEAK, "thorn"):
        value = f"github_pat_CANARY{owner}_" + "0" * 60
        rights = dict.fromkeys(held, "admin")
        ends = NOW + timedelta(days=1)
        world.tokens.append(
            Token(value, KINDS[kind], login, permissions=rights, owner=owner, expires_at=ends)
        )
    with github_sandbox(world) as server, Reader(server) as read:
        for path in SERVED:
            entry = PUBLISHED.get(SAME.get(path, path), {"tokens": KINDS})
            if kind in entry.get("untold", ()) or path in UNLISTED:
                continue
            owner = "thorn" if path.startswith("/user") and "{org}" not in path else base.WEAK
            answer = read(path.format(**ADDRESS), f"github_pat_CANARY{owner}_" + "0" * 60)
            refused = answer.status == 403 and answer.message in {BY_TOKEN, BY_INTEGRATION}
            assert refused == (kind not in entry["tokens"]), path


@each(FACTS, lambda kind: kind.__name__)
def test_a_requirement_is_what_is_published(kind: type[Fact]) -> None:
    """No less than is accepted, and no more than the least of it."""
    found = list(usable(kind))
    required = names_of(kind.requirement, Scheme.FINE_GRAINED)
    for option in required:
        fits(option, found)
    accepted_sets = [
        frozenset[str]().union(*chosen)
        for group in found
        for chosen in product(*(accepted or [frozenset()] for accepted in group))
    ]
    if not required or not accepted_sets:
        return
    least = min(accepted_sets, key=permissions_cost)
    asked = min(required, key=permissions_cost)
    more = permissions_cost(asked) > permissions_cost(least)
    assert more == (kind.__name__ in KEPT), f"{sorted(asked)}, where {sorted(least)} is enough"


def test_what_guards_a_field_opens_its_endpoints_too() -> None:
    """The lists tell nothing of single fields: their endpoints are answered all the same."""
    facts = {kind for check in catalogue() for kind in sources(check.facts)}
    named = [kind for kind in facts if kind.__name__ in FIELDS]
    assert len(named) == len(FIELDS)
    for kind in named:
        for option in names_of(kind.requirement, Scheme.FINE_GRAINED):
            have = option | {ALWAYS}
            for group in usable(kind):
                assert all(not any_ or any(one <= have for one in any_) for any_ in group)


def test_a_fact_that_no_such_token_reads_has_no_endpoint_that_one_opens() -> None:
    for kind in FACTS:
        if not names_of(kind.requirement, Scheme.FINE_GRAINED):
            if kind.__name__ in NEVER_ASKED:
                opened = [one for group in usable(kind) for path in group for one in path]
                assert opened
                assert all(name.endswith(":write") for one in opened for name in one)
                continue
            assert not list(usable(kind)), kind.__name__


@pytest.mark.parametrize("name", CANARIES)
def test_a_canary_asks_for_nothing_but_its_permission(name: str) -> None:
    path = CANARIES[name].path.partition("?")[0]
    assert options(path) == [{name}]
    tokens = set(PUBLISHED[path]["tokens"])
    assert ("fine-grained" in tokens) == (name not in APPS_ONLY)
    assert path in UNTOLD or ("installation" in tokens) == (name not in ACCOUNT)


@pytest.mark.parametrize("name", sorted(WITNESSES.keys() - {"merge_settings_shown"}))
def test_a_witness_takes_the_write_that_it_proves(name: str) -> None:
    request, permission = WITNESSES[name]
    assert options(request.removeprefix("GET ")) == [{permission}]


def test_an_app_is_given_what_its_installation_can_use() -> None:
    opened = {
        right.partition(":")[0]
        for path, entry in PUBLISHED.items()
        if "installation" in {*entry["tokens"], *entry.get("untold", ())}
        for every in options(path)
        for right in every
    }
    # It opens no endpoint: with it, GET /orgs/{org} tells the plan.
    assert READS - {"organization_plan"} <= opened


RECORDED = [
    ("GET /user", "allows_permissionless_access=true", [set()]),
    (f"GET {REPO}", "metadata=read", [{"metadata:read"}]),
    (f"GET {REPO}/actions/secrets", "secrets=read", [{"secrets:read"}]),
    (f"GET {REPO}/automated-security-fixes", "administration=read", [{"administration:read"}]),
    (
        f"GET {REPO}/branches/{{branch}}/protection",
        "administration=read",
        [{"administration:read"}],
    ),
    (f"GET {REPO}/codespaces/secrets", "codespaces_secrets=write", [{"codespaces_secrets:write"}]),
    (f"GET {REPO}/collaborators", "metadata=read", [{"metadata:read"}]),
    (f"GET {REPO}/dependabot/alerts", "vulnerability_alerts=read", [{"vulnerability_alerts:read"}]),
    (f"GET {REPO}/environments", "actions=read", [{"actions:read"}]),
    (
        f"GET {REPO}/environments/{{environment_name}}/secrets",
        "environments=read",
        [{"environments:read"}],
    ),
    (f"GET {REPO}/hooks", "repository_hooks=read", [{"repository_hooks:read"}]),
    (
        f"GET {REPO}/invitations",
        "administration=read;private_repository_invitations=read",
        [{"administration:read"}, {"private_repository_invitations:read"}],
    ),
    (f"GET {REPO}/rulesets/{{ruleset_id}}", "metadata=read", [{"metadata:read"}]),
    (
        f"GET {REPO}/secret-scanning/alerts",
        "secret_scanning_alerts=read",
        [{"secret_scanning_alerts:read"}],
    ),
    ("GET /user/emails", "emails=read", [{"emails:read"}]),
    ("GET /user/gpg_keys", "gpg_keys=read", [{"gpg_keys:read"}]),
    ("GET /user/keys", "keys=read", [{"keys:read"}]),
    ("GET /user/repository_invitations", "administration=read", [{"administration:read"}]),
    (
        "GET /user/ssh_signing_keys",
        "git_signing_ssh_public_keys=read",
        [{"git_signing_ssh_public_keys:read"}],
    ),
    (f"GET {ORG}/members/{{username}}", "members=read", [{"members:read"}]),
    (
        f"GET {ORG}/copilot/billing/seats",
        "organization_copilot_seat_management=read; organization_administration=read",
        [{"organization_copilot_seat_management:read"}, {"organization_administration:read"}],
    ),
    (
        f"POST {REPO}/git/refs",
        "contents=write; contents=write,workflows=write",
        [{"contents:write"}, {"contents:write", "workflows:write"}],
    ),
    (
        f"POST {REPO}/issues/{{issue_number}}/comments",
        "issues=write; pull_requests=write",
        [{"issues:write"}, {"pull_requests:write"}],
    ),
    (
        "POST /user/repos",
        "administration=write;repository_creation=write",
        [{"administration:write"}, {"repository_creation:write"}],
    ),
]
"""Headers of GitHub's answers as they were recorded, with what they say.

Source: PyGithub's replay data (`Repository.testGetAutomatedSecurityFixes`), the answers that the
tests of ktogias/ai-peaf replay, and logs of requests in public repositories; of 2025 and 2026.
"""


@pytest.mark.parametrize(
    ("request_", "header", "said"), RECORDED, ids=[request for request, _, _ in RECORDED]
)
def test_a_recorded_header(request_: str, header: str, said: list[set[str]]) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    answer = Response(request_, "http://127.0.0.1/", 403, {ACCEPTED: header}, b"", now)
    found = accepted(answer)
    assert found is not None
    assert list(found) == said
    path = request_.removeprefix("GET ")
    if path in PUBLISHED or path in UNLISTED:
        assert permissions(header) == options(path)
    if path in SERVED:
        assert set(permissions(headers()[path])) == set(options(path))


def test_recordings_of_the_endpoints_that_are_asked() -> None:
    known = [request for request, _, _ in RECORDED if request.removeprefix("GET ") in PUBLISHED]
    assert len(known) == len(set(known)) > 12
    assert all(re.fullmatch(r"[0-9a-f]{40}", item["commit"]) for item in LISTS["source"]["files"])


def test_an_empty_list_of_own_invitations_proves_nothing_to_a_token_with_permissions() -> None:
    """It was recorded empty, with `administration=read`, while an invitation waited."""
    world = github.weak_maintainer(NOW)
    for repository in world.repositories:
        repository.invitations.clear()
    with stage(world, npm.weak_maintainer(NOW), github.WEAK_FINE_GRAINED) as running:
        report = running.audit("me", select_=("GHA112",))
    assert [item.result for item in report.findings] == ["unknown"]
