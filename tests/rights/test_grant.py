"""What a GitHub token holds, tried at the sandbox with each kind of token."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from hardenme.collectors.github.client import GitHub
from hardenme.credentials.app import AppCredential
from hardenme.facts.github.canaries import APPS_ONLY, CANARIES
from hardenme.facts.github.token import WITNESSES
from hardenme.model.fact import Fact
from hardenme.model.grant import Grant, PermissionStatus, includes, shortfall, surplus
from hardenme.model.permission import Permission, Scheme, classic, fine_grained, role
from hardenme.model.secret import Secret
from hardenme.model.unknown import Reason, Unknown
from hardenme.rights.grant import MOST_REQUESTS, github_grant
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.github.state.connected import Installation
from hardenme.sandbox.github.world import App, Environment, Token
from tests.collectors.reader import QUICK
from tests.credentials.app_keys import key_file, pem, public, rsa_key
from tests.running import NOW
from tests.sandbox.github_reader import APP_USER, OAUTH, every_kind
from tests.worlds.github import (
    HARDENED_CLASSIC,
    HARDENED_ORGANIZATION,
    HARDENED_TOKEN,
    STRICT_ORG_APP,
    WEAK_FINE_GRAINED,
    WEAK_TOKEN,
    hardened_maintainer,
    strict_organization,
    weak_maintainer,
)

pytestmark = [
    pytest.mark.second_tier("whole runs, token by token", one_of=8),
    pytest.mark.sampled(6),
]

ORG = "cedar-labs"
LEAST = "github_pat_CANARYleast00000_" + "0" * 54
JOB = "ghs_CANARYjob0000000000000000000000000000"
IN_AN_ORGANIZATION = sorted(
    name.removesuffix(":read")
    for name, endpoint in CANARIES.items()
    if not endpoint.path.startswith("/user/") and name not in APPS_ONLY
)
OF_A_PERSON = sorted(
    name.removesuffix(":read")
    for name, endpoint in CANARIES.items()
    if "/orgs/" not in endpoint.path
)


def ask(server: GitHubServer, value: str, owner: str = "", repository: str = "") -> Grant:
    client = GitHub.connect(server.url, Secret(value), bounds=QUICK)
    before = len(server.requests)
    found = github_grant(client, owner, repository)
    assert found.requests == len(server.requests) - before <= MOST_REQUESTS
    for request in server.requests[before:]:
        assert request.method == "GET" or request.path == "/graphql"
    assert value not in repr(found)
    return found


def names(grant: Grant, standing: PermissionStatus) -> set[str]:
    return {item.permission.name for item in grant.permissions if item.standing is standing}


@pytest.fixture
def weak() -> Iterator[GitHubServer]:
    world = weak_maintainer(NOW)
    every_kind(world, "mallow", "acorn-labs")
    with github_sandbox(world) as server:
        yield server


@pytest.fixture
def hardened() -> Iterator[GitHubServer]:
    with github_sandbox(hardened_maintainer(NOW)) as server:
        yield server


@pytest.fixture
def strict() -> Iterator[GitHubServer]:
    world = strict_organization(NOW)
    world.limit = world.graphql_limit = 10**6
    closed = next(item for item in world.repositories if item.private)
    if not closed.environments:
        closed.environments.append(Environment(7001, "release", NOW, NOW))
    with github_sandbox(world) as server:
        yield server


def test_a_classic_token(weak: GitHubServer) -> None:
    found = ask(weak, WEAK_TOKEN)
    assert (found.kind, found.identity, found.expires_at) == ("classic", "mallow", None)
    assert found.scopes is not None
    assert "delete_repo" in found.scopes
    assert (found.whole, found.permissions, found.writes, found.requests) == (True, (), (), 1)
    needed = [classic("repo"), classic("read:org"), classic("read:audit_log")]
    assert shortfall(found, needed).missing == (classic("read:audit_log"),)
    assert shortfall(found, needed).untold == ()
    beyond = surplus(found, needed)
    assert classic("delete_repo") in beyond.held
    assert classic("admin:org") in beyond.held
    assert classic("repo") not in beyond.held
    assert beyond.untold == ""


def test_an_oauth_app_s_token(weak: GitHubServer) -> None:
    found = ask(weak, OAUTH)
    assert (found.kind, found.identity, found.scopes) == (
        "oauth",
        "mallow",
        frozenset({"repo", "read:org", "gist"}),
    )
    # GitHub tells no end of such a token, and that is not "never".
    assert isinstance(found.expires_at, Unknown)
    assert surplus(found, [classic("repo"), classic("read:org")]).held == (classic("gist"),)


def test_a_fine_grained_token_of_a_person(hardened: GitHubServer) -> None:
    found = ask(hardened, HARDENED_TOKEN)
    assert (found.kind, found.identity, found.scopes) == ("fine-grained", "hazel", None)
    assert found.expires_at == hardened.world.token(HARDENED_TOKEN).expires_at  # type: ignore[union-attr]  # the world has it
    assert {"keys:read", "gpg_keys:read", "administration:read"} <= names(
        found, PermissionStatus.HELD
    )
    assert found.writes == ()
    assert not found.whole
    assert "does not show" in surplus(found, []).untold


def test_a_fine_grained_token_of_an_organization(hardened: GitHubServer) -> None:
    found = ask(hardened, HARDENED_ORGANIZATION, "willow-works")
    assert "willow-works" in found.tried_at
    assert "organization_administration:read" in names(found, PermissionStatus.HELD)
    assert {"keys:read", "emails:read"} <= names(found, PermissionStatus.REFUSED)


def test_a_fine_grained_token_that_writes(weak: GitHubServer) -> None:
    found = ask(weak, WEAK_FINE_GRAINED)
    assert {item.proves.name for item in found.writes} == {"administration:write", "contents:write"}
    beyond = surplus(found, [fine_grained("administration:read")])
    assert fine_grained("administration:write") in beyond.held
    assert fine_grained("administration:read") not in beyond.held
    assert fine_grained("metadata:read") not in beyond.held
    assert shortfall(found, [fine_grained("contents:read")]).missing == ()
    assert shortfall(found, [fine_grained("secrets:read")]).missing == (
        fine_grained("secrets:read"),
    )


def test_an_app_s_token_for_a_user(weak: GitHubServer) -> None:
    found = ask(weak, APP_USER)
    assert (found.kind, found.identity) == ("app-user", "mallow")
    assert found.expires_at == NOW + timedelta(hours=8)
    assert "administration:read" in names(found, PermissionStatus.HELD)
    assert "keys:read" in names(found, PermissionStatus.REFUSED)


def test_an_installation_s_token(strict: GitHubServer) -> None:
    found = ask(strict, STRICT_ORG_APP)
    assert (found.kind, found.identity) == ("installation", None)
    assert found.tried_at == (ORG, f"{ORG}/resin")
    assert set(APPS_ONLY) <= names(found, PermissionStatus.HELD)
    assert {"keys:read", "emails:read"} <= names(found, PermissionStatus.UNTOLD)
    assert found.writes == ()


def test_the_token_of_a_job(strict: GitHubServer) -> None:
    """GITHUB_TOKEN is an installation's token that reaches one repository, with few permissions."""
    job = {"metadata": "read", "contents": "write", "actions": "read"}
    chosen = frozenset({"resin"})
    strict.world.tokens.append(
        Token(JOB, "installation", None, frozenset(), job, ORG, chosen, NOW + timedelta(hours=1))
    )
    found = ask(strict, JOB)
    assert (found.kind, found.identity) == ("installation", None)
    assert names(found, PermissionStatus.HELD) == {"metadata:read", "contents:read", "actions:read"}
    assert [item.proves.name for item in found.writes] == ["contents:write"]
    refused = names(found, PermissionStatus.REFUSED)
    assert {"administration:read", "secrets:read", "members:read"} <= refused


def test_an_app_knows_its_token_s_permissions(strict: GitHubServer, tmp_path: Path) -> None:
    held = {"administration": "write", "metadata": "read", "organization_hooks": "read"}
    app = App(5301, "hardenme-audit", "linden", public(rsa_key()))
    strict.world.apps.append(app)
    strict.world.organizations[0].connected.installations.append(
        Installation(9001, app, NOW, held, "all")
    )
    credential = AppCredential.from_file(5301, key_file(tmp_path, pem(rsa_key())))
    token = credential.installed_on(ORG, strict.url, bounds=QUICK)
    assert token.permissions is None
    client = GitHub.connect(strict.url, token, bounds=QUICK)
    found = github_grant(client, ORG, told=lambda: token.permissions)
    assert (found.kind, found.identity, found.whole) == ("installation", None, True)
    # The app asks for less than its installation holds.
    assert names(found, PermissionStatus.HELD) == {f"{name}:read" for name in held}
    assert found.requests == 1
    needed = [fine_grained("organization_hooks:read"), fine_grained("members:read")]
    assert shortfall(found, needed).missing == (fine_grained("members:read"),)
    assert surplus(found, needed).held == (fine_grained("administration:read"),)


def subsets(every: list[str]) -> Iterator[frozenset[str]]:
    yield frozenset()
    yield frozenset(every)
    for name in every:
        yield frozenset({name})
        yield frozenset(every) - {name}


@pytest.mark.parametrize("level", ["read", "write"])
def test_nothing_is_called_held_that_is_not_and_nothing_refused_that_is_held(
    strict: GitHubServer, level: str
) -> None:
    """Over sets of permissions: what the grant tells is what the token was made with."""
    told: set[str] = set()
    for chosen in subsets(IN_AN_ORGANIZATION):
        held = dict.fromkeys(chosen, level)
        strict.world.tokens = [Token(LEAST, "fine-grained", "linden", frozenset(), held, ORG)]
        found = ask(strict, LEAST, ORG)
        holds = {f"{name}:{level}" for name in chosen} | {"metadata:read"}
        assert all(
            any(includes(other, name) for other in holds)
            for name in names(found, PermissionStatus.HELD)
        )
        assert all(
            not any(includes(other, name) for other in holds)
            for name in names(found, PermissionStatus.REFUSED)
        )
        assert {item.proves.name for item in found.writes} <= holds
        told |= names(found, PermissionStatus.HELD)
    assert told == {f"{name}:read" for name in IN_AN_ORGANIZATION}


@pytest.mark.second_tier("several whole runs")
def test_the_same_of_a_person_s_token(hardened: GitHubServer) -> None:
    repository = hardened.world.repositories[0].full_name
    private = next(item.full_name for item in hardened.world.repositories if item.private)
    for place in (repository, private):
        for chosen in subsets(OF_A_PERSON):
            held = dict.fromkeys(chosen, "read")
            hardened.world.tokens = [
                Token(LEAST, "fine-grained", "hazel", frozenset(), held, "hazel")
            ]
            found = ask(hardened, LEAST, "hazel", place)
            allowed = {f"{name}:read" for name in chosen} | {"metadata:read"}
            assert names(found, PermissionStatus.HELD) <= allowed
            assert not names(found, PermissionStatus.REFUSED) & allowed
            if place == repository and not hardened.world.repositories[0].private:
                assert "contents:read" not in names(found, PermissionStatus.HELD)


def test_what_a_public_repository_shows_to_everybody_proves_nothing(weak: GitHubServer) -> None:
    public = next(item for item in weak.world.repositories if not item.private)
    found = ask(weak, APP_USER, repository=public.full_name)
    assert {"contents:read", "metadata:read", "actions:read"} <= names(
        found, PermissionStatus.UNTOLD
    )
    missing = shortfall(found, [fine_grained("contents:read")])
    assert missing.missing == ()
    assert "public" in missing.untold[0].why


def test_a_role_that_the_account_lacks_is_no_refusal(strict: GitHubServer) -> None:
    """A member's token may hold the permission: what is missing is the owner's role."""
    held = dict.fromkeys(IN_AN_ORGANIZATION, "read")
    strict.world.tokens = [Token(LEAST, "fine-grained", "maple", frozenset(), held, ORG)]
    found = ask(strict, LEAST, ORG)
    assert names(found, PermissionStatus.REFUSED).isdisjoint(f"{name}:read" for name in held)
    assert "organization_hooks:read" in names(found, PermissionStatus.UNTOLD)


@pytest.mark.parametrize("value", [HARDENED_CLASSIC, HARDENED_TOKEN])
def test_a_token_that_does_not_count(hardened: GitHubServer, value: str) -> None:
    token = hardened.world.token(value)
    assert token is not None
    token.revoked = True
    found = ask(hardened, value)
    assert found.refused is not None
    assert found.refused.reason is Reason.REJECTED
    assert found.held == frozenset()
    needed = [classic("repo"), fine_grained("members:read")]
    assert shortfall(found, needed).missing == ()
    assert len(shortfall(found, needed).untold) == 2


def test_single_sign_on_tells_nothing_and_its_link_is_not_in_the_grant(
    hardened: GitHubServer,
) -> None:
    token = hardened.world.token(HARDENED_ORGANIZATION)
    assert token is not None
    token.sso_blocked = frozenset({"willow-works"})
    found = ask(hardened, HARDENED_ORGANIZATION, "willow-works")
    of_it = [i for i in found.permissions if i.permission.name.startswith("organization_")]
    assert {item.standing for item in of_it} == {PermissionStatus.UNTOLD}
    assert any("single sign-on" in item.why for item in of_it)
    assert "authorization_request" not in repr(found)


def needed_by_facts(kind: type[Fact] = Fact) -> Iterator[Permission]:
    # Other tests make facts of their own.
    own = (sub for sub in kind.__subclasses__() if sub.__module__.startswith("hardenme."))
    for sub in own:
        for alternative in sub.requirement.alternatives:
            yield from alternative
        yield from needed_by_facts(sub)


def test_every_permission_that_a_fact_needs_can_be_told() -> None:
    from hardenme.collectors.registry import collectors  # noqa: PLC0415

    collectors()  # It makes all facts known.

    needed = {item.name for item in needed_by_facts() if item.scheme is Scheme.FINE_GRAINED}
    # Rights to write show more in some answers, and nobody is asked for them.
    # A plan is one key of an answer that everybody gets, so that no refusal tells of it.
    assert {name for name in needed if name.endswith(":read")} == {
        *CANARIES,
        "organization_plan:read",
    }


def test_a_permission_of_another_kind_is_not_dropped(weak: GitHubServer) -> None:
    found = ask(weak, WEAK_TOKEN)
    other: Iterable[Permission] = [fine_grained("members:read"), role("organization owner")]
    assert {item.permission for item in shortfall(found, other).untold} == set(other)


def test_what_can_be_witnessed_is_what_a_token_can_write() -> None:
    for _, permission in WITNESSES.values():
        assert permission.endswith(":write")
