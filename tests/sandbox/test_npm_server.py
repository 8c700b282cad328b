"""Who may read what of the npm sandbox: accounts, tokens, organizations."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest

from hardenme.sandbox.http import Reply, Request
from hardenme.sandbox.npm.mallow import CI_TOKEN
from hardenme.sandbox.npm.scenarios import hardened_maintainer, weak_maintainer
from hardenme.sandbox.npm.server import npm_sandbox
from hardenme.sandbox.npm.world import ClientToken, TokenKind, canary, shown_ends
from tests.moment import NOW
from tests.sandbox.npm_reader import Reader

LADLE = "@acorn-labs%2fladle"
GRANULAR = [TokenKind.READ, TokenKind.WRITE, TokenKind.BYPASS, TokenKind.STAGE_ONLY]


@pytest.fixture
def mallow() -> Iterator[Reader]:
    with npm_sandbox(weak_maintainer(NOW)) as sandbox:
        yield Reader(sandbox)


@pytest.fixture
def hazel() -> Iterator[Reader]:
    with npm_sandbox(hardened_maintainer(NOW)) as sandbox:
        yield Reader(sandbox)


def test_without_a_token_account_reads_are_challenged(mallow: Reader) -> None:
    for target in ("/-/whoami", "/-/npm/v1/user", "/-/npm/v1/tokens", "/-/stage"):
        answer = mallow(target)
        assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_an_expired_session_is_challenged(mallow: Reader) -> None:
    token = mallow.world.token("mallow")
    seen = mallow("/-/whoami", token)
    assert (seen.status, seen.headers["date"]) == (200, "Tue, 24 Nov 2026 12:00:00 GMT")
    mallow.world.now += timedelta(hours=3)
    assert mallow("/-/whoami", token).status == 401


def test_a_listed_tokens_end_ends_its_credential(mallow: Reader) -> None:
    world = mallow.world
    expired = next(t for t in world.tokens if t.name == "old-laptop")
    value = next(c.value for c in world.credentials if c.key == expired.key)
    assert mallow("/-/whoami", value).status == 401
    expired.expiry = NOW + timedelta(days=1)
    assert mallow("/-/whoami", value).status == 200
    expired.revoked = NOW
    assert mallow("/-/whoami", value).status == 401


def test_a_bad_token_still_reads_what_is_public(mallow: Reader) -> None:
    answer = mallow(f"/{LADLE}", canary("nobody"))
    assert answer.status == 200
    assert "expired or revoked" in answer.headers["npm-notice"]
    assert "npm-notice" not in mallow(f"/{LADLE}").headers


def test_address_ranges_of_token_and_account(hazel: Reader) -> None:
    token = hazel.world.token("hazel", TokenKind.READ)
    refused = hazel("/-/whoami", token)
    assert (refused.status, refused.headers["www-authenticate"]) == (401, "ipaddress")
    hazel.world.client_address = "203.0.113.5"
    assert hazel("/-/whoami", token).status == 200
    hazel.world.users[0].cidr_whitelist = ("198.51.100.0/24",)
    assert hazel("/-/whoami", token).status == 401


@pytest.mark.parametrize("kind", GRANULAR)
def test_granular_tokens_are_refused_what_only_sessions_read(
    mallow: Reader, kind: TokenKind
) -> None:
    token = mallow.world.token("mallow", kind)
    if kind is TokenKind.WRITE:
        token = next(
            c.value for c in mallow.world.credentials if c.kind is kind and not c.organizations
        )
    for target in (
        "/-/npm/v1/tokens",
        "/-/org/acorn-labs/user",
        "/-/user/mallow/package",
        f"/-/package/{LADLE}/visibility",
    ):
        assert mallow(target, token).status == 403, target
    assert mallow("/-/whoami", token).data == {"username": "mallow"}


def test_a_granular_token_with_organization_access_reads_the_roster(mallow: Reader) -> None:
    entry = next(t for t in mallow.world.tokens if t.name == "org-helper")
    value = next(c.value for c in mallow.world.credentials if c.key == entry.key)
    assert mallow("/-/org/acorn-labs/user", value).data["mallow"] == "owner"
    assert mallow("/-/npm/v1/tokens", value).status == 403


def test_what_a_granular_token_sees_of_two_factor(mallow: Reader) -> None:
    token = mallow.world.token("mallow", TokenKind.READ)
    assert mallow("/-/npm/v1/user", token).data["tfa"] is False
    mallow.world.granular_profile = "honest"
    assert mallow("/-/npm/v1/user", token).data["tfa"]["mode"] == "auth-only"
    mallow.world.granular_profile = "refused"
    assert mallow("/-/npm/v1/user", token).status == 403


def test_forms_of_two_factor(mallow: Reader) -> None:
    token, user = mallow.world.token("mallow"), mallow.world.users[0]
    user.tfa_pending = True
    assert mallow("/-/npm/v1/user", token).data["tfa"] == {"mode": "auth-only", "pending": True}
    user.tfa = None
    assert mallow("/-/npm/v1/user", token).data["tfa"] is None
    user.absent = frozenset({"tfa"})
    assert "tfa" not in mallow("/-/npm/v1/user", token).data


def test_a_ci_runs_token_is_nobody(mallow: Reader) -> None:
    for target, status in (
        ("/-/whoami", 401),
        ("/-/npm/v1/user", 401),
        ("/-/npm/v1/tokens", 403),
        ("/-/stage", 403),
        (f"/-/package/{LADLE}/trust", 403),
    ):
        assert mallow(target, CI_TOKEN).status == status, target


def test_tokens_are_paged_on_the_own_host(mallow: Reader) -> None:
    token = mallow.world.token("mallow")
    first = mallow("/-/npm/v1/tokens", token)
    assert "Security notice" in first.headers["npm-notice"]
    assert first.data["total"] == 12
    assert len(first.data["objects"]) == 10
    following = first.data["urls"]["next"]
    assert following == f"{mallow.sandbox.url}/-/npm/v1/tokens?page=1&perPage=10"
    second = mallow(following.removeprefix(mallow.sandbox.url), token).data
    assert second["objects"][0]["name"] == "deploy-all"
    assert "next" not in second["urls"]
    assert mallow("/-/npm/v1/tokens?perPage=100", token).data["urls"] == {}


def test_the_shown_ends_belong_to_the_credential(mallow: Reader) -> None:
    shown = {token.key: token.shown for token in mallow.world.tokens}
    linked = [c for c in mallow.world.credentials if c.key in shown]
    assert len(linked) == 12
    assert all(shown[str(c.key)] == shown_ends(c.value) for c in linked)
    assert len(set(shown.values())) == 12


def test_every_weakness_of_the_token_list(mallow: Reader) -> None:
    token = mallow.world.token("mallow")
    objects = mallow("/-/npm/v1/tokens?perPage=50", token).data["objects"]
    classic = objects.pop(9)
    assert set(classic) == {"key", "token", "cidr_whitelist", "readonly", "created", "updated"}
    assert len(classic["key"]) == 128
    by_name = {entry["name"]: entry for entry in objects}
    assert by_name["deploy-all"] == objects[9]
    assert by_name["deploy-all"]["bypass_2fa"] is True
    assert by_name["deploy-all"]["expiry"] is None
    assert by_name["deploy-all"]["scopes"] == by_name["deploy-all"]["cidr"] == []
    assert by_name["org-helper"]["accessed"] is None
    assert {"name": "org", "action": "write"} in by_name["org-helper"]["permissions"]
    assert by_name["old-laptop"]["expiry"] < "2026-11"
    assert by_name["stage-sieve"]["publish_policy"] == "stage_only"
    assert "publish_policy" not in by_name["ci-ladle"]
    assert [entry["name"] for entry in objects].count("release-bot") == 2
    assert "" in by_name
    owned = set(mallow("/-/user/mallow/package", token).data)
    named = {scope["name"] for entry in objects for scope in entry["scopes"]}
    assert named - owned == {"@acorn-labs/colander-retired", "acorn-labs"}
    assert any("\x1b" in name and "\u202e" in name for name in by_name)


def test_the_hardened_account_has_nothing_to_harden(hazel: Reader) -> None:
    token = hazel.world.token("hazel")
    profile = hazel("/-/npm/v1/user", token).data
    assert profile["tfa"] == {"mode": "auth-and-writes", "pending": False}
    assert profile["email_verified"] is True
    (entry,) = hazel("/-/npm/v1/tokens", token).data["objects"]
    assert entry["permissions"] == [{"name": "package", "action": "read"}]
    assert entry["expiry"] == "2026-12-24T12:00:00.000Z"
    assert entry["accessed"] == "2026-11-23T12:00:00.000Z"
    assert entry["cidr"] == ["203.0.113.0/28"]
    packages = hazel("/-/user/hazel/package", token).data
    assert len(packages) == 3
    for name in packages:
        packument = hazel(f"/{name}").data
        newest = packument["versions"][packument["dist-tags"]["latest"]]
        assert newest["dist"]["attestations"]
        assert newest["_npmUser"]["trustedPublisher"]["id"] == "github"
        assert newest["_npmUser"]["approver"]["name"] == "rowan"
        assert "hasInstallScript" not in newest
        assert len(hazel(f"/-/package/{name}/collaborators").data) == 2


def test_organizations_and_teams(mallow: Reader) -> None:
    world = mallow.world
    token = world.token("mallow")
    assert mallow("/-/org/acorn-labs/team?format=cli", token).data == ["@acorn-labs:developers"]
    for target in ("/-/team/acorn-labs/developers/user", "/-/org/acorn-labs/developers/user"):
        assert mallow(target, token).data == ["mallow", "sorrel", "teasel"]
    grants = "/-/team/acorn-labs/developers/package"
    assert mallow(grants, token).data == {"@acorn-labs/ladle": "write"}
    world.long_access_words = True
    assert mallow(grants, token).data == {"@acorn-labs/ladle": "read-write"}
    assert mallow("/-/team/acorn-labs/none/user", token).status == 404
    assert mallow("/-/org/nobody/user", token).status == 404
    world.credentials += [
        ClientToken(canary("teasel"), "teasel", TokenKind.SESSION),
        ClientToken(canary("yarrow"), "yarrow", TokenKind.SESSION),
    ]
    assert mallow("/-/org/acorn-labs/user", world.token("teasel")).status == 200
    assert mallow("/-/org/acorn-labs/package", world.token("teasel")).status == 403
    assert mallow("/-/org/acorn-labs/user", world.token("yarrow")).status == 403


def test_the_address_of_an_account(mallow: Reader) -> None:
    target = "/-/user/org.couchdb.user:teasel"
    assert mallow(target).status == 401
    answer = mallow(target, mallow.world.token("mallow"))
    assert answer.data["email"] == "teasel@acorn-labs.example"


def test_web_login_and_logout(mallow: Reader) -> None:
    done = mallow("/-/v1/login", method="POST").data["doneUrl"]
    target = done.removeprefix(mallow.sandbox.url)
    assert mallow(target).status == 202
    token = mallow(target).data["token"]
    assert mallow("/-/whoami", token).data == {"username": "mallow"}
    assert mallow(f"/-/user/token/{token}", token, method="DELETE").status == 200
    assert mallow("/-/whoami", token).status == 401
    mallow.world.web_login_as = None
    assert mallow("/-/v1/login", method="POST").status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_writes_are_not_offered(mallow: Reader, method: str) -> None:
    token = mallow.world.token("mallow")
    for target in ("/-/npm/v1/tokens", f"/-/package/{LADLE}/access", f"/{LADLE}"):
        assert mallow(target, token, method=method).status == 405


def test_unknown_paths_are_not_found(mallow: Reader) -> None:
    for target in ("/", "/-/nothing", "/-/npm/v1/hooks", "/no-such-package", "/-"):
        assert mallow(target).status == 404


def test_faults_apply_to_the_registry(mallow: Reader) -> None:
    def away(_: Request, reply: Reply) -> Reply:
        reply.data["urls"]["next"] = "http://127.0.0.2:1/-/npm/v1/tokens?page=1"
        return reply

    mallow.sandbox.fault(r"/-/npm/v1/tokens", edit=away, times=1)
    mallow.sandbox.fault(
        r"/-/whoami",
        edit=lambda *_: Reply(429, {"message": "Too Many Requests"}, {"retry-after": "7"}),
        times=1,
    )
    token = mallow.world.token("mallow")
    assert "127.0.0.2" in mallow("/-/npm/v1/tokens", token).data["urls"]["next"]
    assert "127.0.0.2" not in mallow("/-/npm/v1/tokens", token).data["urls"]["next"]
    assert mallow("/-/whoami", token).headers["retry-after"] == "7"
    assert mallow("/-/whoami", token).status == 200


def test_starts_without_heavy_modules() -> None:
    program = (
        "import sys\n"
        "from datetime import UTC, datetime\n"
        "from hardenme.sandbox.npm.scenarios import weak_maintainer\n"
        "from hardenme.sandbox.npm.server import npm_sandbox\n"
        "with npm_sandbox(weak_maintainer(datetime(2026, 11, 24, tzinfo=UTC))):\n"
        "    print(sorted({'cryptography', 'requests', 'github', 'rich'} & set(sys.modules)))\n"
    )
    done = subprocess.run(  # noqa: S603 (our own interpreter and program)
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
