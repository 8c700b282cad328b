"""What the GitHub sandbox says to a token that lacks something, case by case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta, timezone

import pytest

from hardenme.sandbox.github.permits import (
    ADMIN_RIGHTS,
    BY_INTEGRATION,
    BY_TOKEN,
    PUSH_ACCESS,
    SSO_REQUIRED,
)
from hardenme.sandbox.github.rest.branch import UPGRADE
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.state.token import SCOPE_CHILDREN, expanded
from hardenme.sandbox.github.world import BypassActor, Token
from tests.moment import NOW
from tests.sandbox.github_reader import APP_USER, BARE, INSTALLATION, Reader, every_kind
from tests.worlds.github import (
    HARDENED_ORGANIZATION,
    HARDENED_TOKEN,
    WEAK_FINE_GRAINED,
    WEAK_NARROW,
    WEAK_TOKEN,
    hardened_maintainer,
    weak_maintainer,
)

OAKLEY = "ghp_CANARYoakley000000000000000000000000"
OAKLEY_FINE = "github_pat_CANARYoakley0000_" + "0" * 54


@pytest.fixture
def weak() -> Iterator[Reader]:
    world = weak_maintainer(NOW)
    every_kind(world, "mallow", "acorn-labs")
    scopes = frozenset({"repo", "admin:org", "user"})
    world.tokens.append(Token(OAKLEY, "classic", "oakley", scopes))
    with github_sandbox(world) as server, Reader(server) as read:
        yield read


@pytest.fixture
def hardened() -> Iterator[Reader]:
    with github_sandbox(hardened_maintainer(NOW)) as server, Reader(server) as read:
        yield read


def test_a_credential_that_does_not_count(weak: Reader) -> None:
    wrong = weak("/user", "ghp_CANARYnobody000000000000000000000000")
    assert (wrong.status, wrong.message) == (401, "Bad credentials")
    none = weak("/user")
    assert (none.status, none.message) == (401, "Requires authentication")
    token = weak.world.token(WEAK_TOKEN)
    assert token is not None
    token.revoked = True
    assert weak("/user", WEAK_TOKEN).status == 401
    token.revoked, token.expires_at = False, NOW
    assert weak("/rate_limit", WEAK_TOKEN).status == 401
    token.expires_at = NOW + timedelta(seconds=1)
    assert weak("/user", WEAK_TOKEN).status == 200


def test_the_two_families_of_headers_never_meet(weak: Reader) -> None:
    for target in ("/user", "/user/keys", "/repos/mallow/ladle/keys", "/orgs/acorn-labs"):
        for token in weak.world.tokens:
            headers = weak(target, token.value).headers
            assert ("x-oauth-scopes" in headers) == token.scoped
            assert ("x-accepted-oauth-scopes" in headers) == token.scoped
            assert ("x-accepted-github-permissions" in headers) != token.scoped
        bare = weak(target).headers
        assert not {"x-oauth-scopes", "x-accepted-github-permissions"} & set(bare)
    assert weak("/user", BARE).headers["x-oauth-scopes"] == ""


def test_accepted_permissions_are_written_as_github_writes_them(weak: Reader) -> None:
    header = "x-accepted-github-permissions"
    assert weak("/user", WEAK_FINE_GRAINED).headers[header] == "allows_permissionless_access=true"
    answer = weak("/repos/mallow/ladle/actions/secrets", WEAK_FINE_GRAINED)
    assert (answer.status, answer.message) == (403, BY_TOKEN)
    assert answer.headers[header] == "secrets=read"
    assert weak("/user/keys", APP_USER).message == BY_INTEGRATION
    assert weak("/user", INSTALLATION).message == BY_INTEGRATION


@pytest.mark.parametrize(
    ("offset", "text"),
    [
        (0, "2026-12-24 12:00:00 UTC"),
        (2, "2026-12-24 14:00:00 +0200"),
        (-7, "2026-12-24 05:00:00 -0700"),
    ],
)
def test_the_expiry_header_in_its_three_recorded_forms(
    hardened: Reader, offset: int, text: str
) -> None:
    token = hardened.world.token(HARDENED_TOKEN)
    assert token is not None
    assert token.expires_at is not None
    token.expires_at = token.expires_at.astimezone(timezone(timedelta(hours=offset)))
    assert hardened("/user", HARDENED_TOKEN).headers["github-authentication-token-expiration"] == (
        text
    )


def test_no_expiry_no_header(weak: Reader) -> None:
    assert "github-authentication-token-expiration" not in weak("/user", WEAK_TOKEN).headers


def test_the_key_for_two_factor_is_absent_unless_it_may_be_read(weak: Reader) -> None:
    key = "two_factor_authentication"
    assert weak("/user", WEAK_TOKEN).data[key] is False
    for token in (WEAK_NARROW, WEAK_FINE_GRAINED, BARE):
        data = weak("/user", token).data
        assert key not in data
        assert data["user_view_type"] == "public"
    weak.world.fine_grained_reads_two_factor = True
    assert weak("/user", WEAK_FINE_GRAINED).data[key] is False
    narrow = weak.world.token(WEAK_NARROW)
    assert narrow is not None
    narrow.scopes = frozenset({"read:user"})
    assert key not in weak("/user", WEAK_NARROW).data
    weak.world.read_user_reads_two_factor = True
    assert weak("/user", WEAK_NARROW).data[key] is False


def test_the_three_404_of_protection_and_the_403_of_the_plan(weak: Reader) -> None:
    def ask(path: str, token: str = WEAK_TOKEN) -> tuple[int, str]:
        answer = weak(f"/repos/mallow/{path}", token)
        return answer.status, answer.message

    assert ask("ladle/branches/main/protection") == (404, "Branch not protected")
    assert ask("ladle/branches/gone/protection") == (404, "Branch not found")
    assert ask("ladle/branches/main/protection", BARE) == (404, "Not Found")
    assert ask("whisk/branches/main/protection", OAKLEY) == (404, "Not Found")
    for path in ("branches/main/protection", "rules/branches/main", "rulesets", "rulesets/1"):
        assert ask(f"cellar/{path}") == (403, UPGRADE)
    weak.world.users[0].plan = "pro"
    assert weak("/repos/mallow/cellar/branches/main/protection", WEAK_TOKEN).status == 200


def test_private_repositories_hide(weak: Reader) -> None:
    for token in (WEAK_NARROW, OAKLEY, BARE, ""):
        for path in ("", "/branches/main", "/actions/permissions", "/keys"):
            answer = weak(f"/repos/mallow/cellar{path}", token)
            assert (answer.status, answer.message) == (404, "Not Found")
    assert weak("/repos/mallow/cellar", WEAK_TOKEN).status == 200
    assert weak("/repos/mallow/cellar", WEAK_FINE_GRAINED).status == 200
    chosen = weak.world.token(WEAK_FINE_GRAINED)
    assert chosen is not None
    chosen.repository_selection = frozenset({"ladle"})
    assert weak("/repos/mallow/cellar", WEAK_FINE_GRAINED).status == 404
    assert weak("/repositories/4006", WEAK_FINE_GRAINED).status == 404


def test_a_fine_grained_token_reads_the_public_part_of_what_it_was_not_given(
    weak: Reader,
) -> None:
    assert weak("/repos/mallow/whisk", WEAK_FINE_GRAINED).status == 200
    assert weak("/repos/mallow/whisk/rules/branches/main", WEAK_FINE_GRAINED).status == 200
    keys = weak("/repos/mallow/whisk/keys", WEAK_FINE_GRAINED)
    assert (keys.status, keys.message) == (403, BY_TOKEN)


def test_roles_that_are_too_low(weak: Reader) -> None:
    repository = weak.world.repository("mallow/ladle")
    assert repository is not None
    repository.collaborators["oakley"] = "read"
    actions = weak("/repos/mallow/ladle/actions/permissions", OAKLEY)
    assert (actions.status, actions.message) == (403, ADMIN_RIGHTS)
    people = weak("/repos/mallow/ladle/collaborators", OAKLEY)
    assert (people.status, people.message) == (403, PUSH_ACCESS)
    assert weak("/repos/mallow/ladle/hooks", OAKLEY).status == 404
    assert weak("/orgs/acorn-labs/invitations", OAKLEY).status == 404
    repository.collaborators["oakley"] = "write"
    assert weak("/repos/mallow/ladle/collaborators", OAKLEY).status == 200
    assert weak("/repos/mallow/ladle/actions/permissions", OAKLEY).status == 403


def test_keys_that_only_some_see_are_absent(weak: Reader) -> None:
    full = weak("/repos/mallow/ladle", WEAK_TOKEN).data
    assert full["security_and_analysis"]["secret_scanning"] == {"status": "disabled"}
    assert full["allow_squash_merge"] is True
    seen = weak("/repos/mallow/ladle", BARE).data
    assert not {"security_and_analysis", "allow_squash_merge"} & set(seen)
    assert "allow_squash_merge" in weak("/repos/mallow/ladle", WEAK_FINE_GRAINED).data
    chosen = weak.world.token(WEAK_FINE_GRAINED)
    assert chosen is not None
    chosen.permissions = {"contents": "read", "administration": "read"}
    narrowed = weak("/repos/mallow/ladle", WEAK_FINE_GRAINED).data
    assert "allow_squash_merge" not in narrowed
    assert "security_and_analysis" in narrowed
    listed = weak("/user/repos", WEAK_TOKEN).data
    assert all("security_and_analysis" not in repository for repository in listed)
    of_organization = weak("/orgs/acorn-labs/repos", WEAK_TOKEN).data
    assert all("security_and_analysis" in repository for repository in of_organization)


def test_organization_settings_are_an_owner_s(weak: Reader) -> None:
    key, other = "two_factor_requirement_enabled", "default_repository_permission"
    owned = weak("/orgs/acorn-labs", WEAK_TOKEN).data
    assert (owned[key], owned[other], owned["plan"]["name"]) == (False, "write", "free")
    member = weak("/orgs/acorn-labs", OAKLEY).data
    assert member[key] is None
    assert other not in member
    for token in (BARE, ""):
        assert not {key, other, "plan"} & set(weak("/orgs/acorn-labs", token).data)
    assert weak("/orgs/acorn-labs", INSTALLATION).data[key] is False


def test_two_factor_filters_are_an_owner_s(weak: Reader) -> None:
    def logins(target: str, token: str) -> list[str]:
        return [user["login"] for user in weak(target, token).data]

    assert logins("/orgs/acorn-labs/members", WEAK_TOKEN) == ["fern", "mallow", "oakley"]
    disabled = "/orgs/acorn-labs/members?filter=2fa_disabled"
    assert logins(disabled, WEAK_TOKEN) == ["fern", "mallow"]
    assert logins("/orgs/acorn-labs/members?filter=2fa_insecure", WEAK_TOKEN) == ["oakley"]
    assert logins("/orgs/acorn-labs/members?role=admin", WEAK_TOKEN) == ["mallow"]
    assert logins("/orgs/acorn-labs/members", BARE) == ["oakley"]
    for token in (OAKLEY, BARE):
        refused = weak(disabled, token)
        assert (refused.status, refused.message) == (422, "Only owners can use this filter.")
    assert logins("/orgs/acorn-labs/outside_collaborators", WEAK_TOKEN) == ["wren"]


def test_lists_that_are_silently_short(weak: Reader, hardened: Reader) -> None:
    assert weak("/user/orgs", WEAK_FINE_GRAINED).data == []
    assert [o["login"] for o in weak("/user/orgs", WEAK_TOKEN).data] == ["acorn-labs"]
    assert weak("/user/orgs", BARE).status == 403
    refused = hardened("/user/memberships/orgs", HARDENED_TOKEN)
    assert (refused.status, refused.message) == (403, BY_TOKEN)
    one = "/user/memberships/orgs/willow-works"
    assert hardened(one, HARDENED_ORGANIZATION).data["role"] == "admin"
    assert hardened(one, HARDENED_TOKEN).status == 403


def test_single_sign_on(weak: Reader) -> None:
    token = weak.world.token(WEAK_TOKEN)
    assert token is not None
    token.sso_blocked = frozenset({"acorn-labs"})
    refused = weak("/orgs/acorn-labs/members", WEAK_TOKEN)
    assert (refused.status, refused.message) == (403, SSO_REQUIRED)
    assert refused.headers["x-github-sso"].startswith("required; url=http://127.0.0.1:")
    for target in ("/user/repos", "/user/orgs", "/user/memberships/orgs"):
        answer = weak(target, WEAK_TOKEN)
        assert answer.status == 200
        assert answer.headers["x-github-sso"] == "partial-results; organizations=2001"
        assert b"sapling" not in answer.body


def test_an_organization_that_refuses_classic_tokens(weak: Reader) -> None:
    organization = weak.world.organization("acorn-labs")
    assert organization is not None
    organization.classic_tokens_forbidden = True
    refused = weak("/orgs/acorn-labs", WEAK_TOKEN)
    assert refused.status == 403
    assert "forbids access via a personal access token (classic)" in refused.message
    assert weak("/orgs/acorn-labs", WEAK_FINE_GRAINED).status == 200


def test_reads_that_need_a_permission_to_write(weak: Reader, hardened: Reader) -> None:
    cap = "/repos/{}/interaction-limits/pulls/creation-cap"
    assert weak(cap.format("mallow/ladle"), WEAK_FINE_GRAINED).status == 200
    assert hardened(cap.format("hazel/lantern"), HARDENED_TOKEN).status == 403
    assert weak("/orgs/acorn-labs/rulesets", WEAK_TOKEN).status == 200
    refused = hardened("/orgs/willow-works/rulesets", HARDENED_ORGANIZATION)
    needed = refused.headers["x-accepted-github-permissions"]
    assert (refused.status, needed) == (403, "organization_administration=write")


def test_bypass_actors_are_absent_without_a_permission_to_write(
    weak: Reader, hardened: Reader
) -> None:
    known = weak("/repos/mallow/grater/rulesets/7002", WEAK_TOKEN).data
    assert known["bypass_actors"] == [
        {"actor_type": "RepositoryRole", "actor_id": 5, "bypass_mode": "always"}
    ]
    assert known["current_user_can_bypass"] == "always"
    unknown = hardened("/repos/hazel/lantern/rulesets/7101", HARDENED_TOKEN).data
    assert "bypass_actors" not in unknown
    assert unknown["current_user_can_bypass"] == "never"
    ruleset = weak.world.rulesets_of(weak.world.repositories[3])[0]
    ruleset.bypass_actors = [BypassActor("User", 1001, "pull_request")]
    again = weak("/repos/mallow/grater/rulesets/7002", WEAK_TOKEN).data
    assert again["current_user_can_bypass"] == "pull_requests_only"


def test_scopes_expand_to_what_they_include() -> None:
    assert "read:org" in expanded(frozenset({"admin:org"}))
    assert {"public_repo", "repo:invite", "read:repo_hook"} <= expanded(frozenset({"repo"}))
    assert expanded(frozenset({"gist"})) == {"gist"}
    assert all(
        parent not in expanded(frozenset(SCOPE_CHILDREN[parent])) for parent in SCOPE_CHILDREN
    )
