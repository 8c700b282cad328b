"""`hardenme auth status`: what it says of each kind of token is true, and it only reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hardenme.model.depth import Depth
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.github.world import Token, World
from hardenme.sandbox.http import Reply
from hardenme.sandbox.npm.scenarios import weak_maintainer
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from tests.cli.auth.authorizing import Auth, Piped
from tests.printed import printed
from tests.running import NOW, stage
from tests.worlds import github
from tests.worlds.organizations import base

pytestmark = pytest.mark.second_tier("a server and a keyring each", one_of=3)

OAUTH = "gho_CANARYnotarealtoken0000000000000000"
APP_USER = "ghu_CANARYnotarealtoken0000000000000000"
JOB = "ghs_CANARYnotarealjobtoken00000000000000"


@pytest.fixture
def auth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Auth:
    return Auth(tmp_path, monkeypatch)


@dataclass
class Hosts:
    """Two servers, and the command that looks at tokens for them."""

    auth: Auth
    github: GitHubServer
    npm: NpmSandbox

    def status(self, *arguments: str, **environ: str) -> int:
        for name, value in environ.items():
            self.auth.monkeypatch.setenv(name, value)
        urls = ("--github-url", self.github.url, "--npm-registry", self.npm.url)
        return self.auth("status", *urls, *arguments)

    def told(self, *arguments: str, **environ: str) -> list[dict[str, Any]]:
        self.status("--format=json", *arguments, **environ)
        found: list[dict[str, Any]] = printed("tokens", self.auth.out)["tokens"]
        return found

    def only_read(self) -> None:
        for request in (*self.github.requests, *self.npm.requests):
            assert request.method in {"GET", "POST"}
            assert request.method == "GET" or request.path.endswith("/graphql")


@contextmanager
def hosts(auth: Auth, world: World) -> Iterator[Hosts]:
    with github_sandbox(world) as host, npm_sandbox(weak_maintainer(NOW)) as registry:
        found = Hosts(auth, host, registry)
        yield found
        found.only_read()


def maintainer() -> World:
    """One account with a token of every kind that a person can have."""
    world = github.weak_maintainer(NOW)
    held = {"metadata": "read", "administration": "read"}
    world.tokens += [
        Token(OAUTH, "oauth", "mallow", scopes=frozenset({"repo", "read:org", "gist"})),
        Token(APP_USER, "app-user", "mallow", permissions=held, owner="mallow"),
        Token(JOB, "installation", None, permissions={"contents": "read"}, owner="mallow"),
    ]
    return world


@pytest.mark.parametrize(
    ("token", "kind", "account", "expires", "surplus", "shortfall"),
    [
        (github.WEAK_TOKEN, "classic", "mallow", "never", "delete_repo", ""),
        (github.WEAK_NARROW, "classic", "mallow", "20", "", "repo"),
        (github.WEAK_FINE_GRAINED, "fine-grained", "mallow", "20", "contents:write", "keys:read"),
        (OAUTH, "oauth", "mallow", "None", "gist", "read:gpg_key"),
        (APP_USER, "app-user", "mallow", "None", "", "secrets:read"),
        (JOB, "installation", "None", "None", "", "secrets:read"),
    ],
)
def test_each_kind_of_github_token(  # noqa: PLR0917 (a row of the table above)
    auth: Auth, token: str, kind: str, account: str, expires: str, surplus: str, shortfall: str
) -> None:
    with hosts(auth, maintainer()) as both:
        (found,) = both.told(HARDENME_GITHUB_TOKEN=token)
    assert (found["provider"], found["source"]) == ("github", "HARDENME_GITHUB_TOKEN")
    assert (found["kind"], str(found["account"])) == (kind, account)
    assert str(found["expires"]).startswith(expires)
    over = {*found["surplus"]["held"], *(item["name"] for item in found["surplus"]["writes"])}
    assert surplus in over if surplus else not over
    assert shortfall in found["shortfall"] if shortfall else found["shortfall"] == []
    assert token not in auth.out + auth.err


@pytest.mark.parametrize("stored", [True, False], ids=["for one owner", "as a target"])
def test_the_token_s_own_account_is_no_organization(auth: Auth, *, stored: bool) -> None:
    token = github.WEAK_FINE_GRAINED
    with hosts(auth, maintainer()) as both:
        (own,) = both.told(HARDENME_GITHUB_TOKEN=token)
        if stored:
            alone = {"HARDENME_GITHUB_TOKEN__MALLOW": token, "HARDENME_GITHUB_TOKEN": ""}
            (found,) = both.told(**alone)
        else:
            (found,) = both.told("--for", "github:Mallow", HARDENME_GITHUB_TOKEN=token)
    for key in ("checks_asked", "checks_unknown", "grant", "shortfall"):
        assert found[key] == own[key], key
    (made,) = (item["how"] for item in found["repairs"] if "only the needed" in item["what"])
    assert made.endswith(" --owner mallow") is stored


@pytest.mark.parametrize(
    ("kind", "told", "standing"),
    [
        ("session", "session", {"session token": "held"}),
        ("granular-read", None, {"org:read": "not told"}),
        ("bypass", None, {"org:read": "not told"}),
    ],
)
def test_each_kind_of_npm_token(auth: Auth, kind: str, told: str | None, standing: Any) -> None:
    with hosts(auth, maintainer()) as both:
        token = next(c.value for c in both.npm.world.credentials if c.kind.value == kind)
        (found,) = both.told(HARDENME_NPM_TOKEN=token)
    assert (found["account"], found["kind"]) == ("mallow", told)
    seen = {item["name"]: item["standing"] for item in found["grant"]}
    assert standing.items() <= {"org:read": "not told", **seen}.items()
    unknown = {code for item in found["checks_unknown"] for code in item["checks"]}
    assert ("NPT101" in unknown) is (kind != "session")
    asking = {code for item in found["checks_that_ask_you"] for code in item["checks"]}
    assert ("NPP101" in asking) is (kind == "session"), "npm asks for the second factor"
    repair = {item["how"] for item in found["repairs"]}
    sign_in = f"hardenme auth login npm --host {both.npm.url}"
    assert (sign_in in repair) is (kind != "session")


@pytest.mark.second_tier("takes long")
@pytest.mark.parametrize("token", [github.WEAK_TOKEN, github.WEAK_NARROW, github.WEAK_FINE_GRAINED])
def test_what_is_said_to_be_unknown_is_unknown_in_a_run(auth: Auth, token: str) -> None:
    with hosts(auth, github.weak_maintainer(NOW)) as both:
        (found,) = both.told(HARDENME_GITHUB_TOKEN=token)
    said = {code for item in found["checks_unknown"] for code in item["checks"]}
    partly = set(found["checks_in_part"])
    with stage(github.weak_maintainer(NOW), weak_maintainer(NOW), token) as running:
        report = running.audit("me", select_=("GH",), depth=Depth.STANDARD)
    known = {item.code for item in report.findings if item.result in {"passed", "failed"}}
    lacking = {
        item.code
        for item in report.findings
        if item.result == "unknown" and item.outcome.reason == "NOT_PERMITTED"
    }
    assert not said & (known - lacking), "nothing that is known is said to be unknown"
    # GHB110 rests on what is shown to a right to write alone, which nobody asks for.
    assert lacking - known <= said | partly | {"GHB110"}


def test_the_tokens_of_owners_stand_beside_the_general_one(auth: Auth) -> None:
    with hosts(auth, github.strict_organization(NOW)) as both:
        environ = {
            "HARDENME_GITHUB_TOKEN": github.STRICT_ORG_TOKEN,
            "HARDENME_GITHUB_TOKEN__CEDAR_LABS": github.STRICT_ORG_FINE_GRAINED,
        }
        found = both.told(**environ)
    assert [item["owner"] for item in found] == ["", "cedar-labs"]
    assert found[1]["tried_at"][0].lower() == base.STRICT.lower()
    assert found[1]["shortfall"] == []


def test_what_any_of_the_targets_needs_is_no_surplus(auth: Auth) -> None:
    targets = ("--for", "me", "--for", f"github:{base.STRICT}")
    with hosts(auth, github.strict_organization(NOW)) as both:
        (found,) = both.told(*targets, HARDENME_GITHUB_TOKEN=github.STRICT_ORG_FINE_GRAINED)
    # Variables too: `recent` and `watch` read them.
    assert found["surplus"]["held"] == []
    assert "keys:read" in found["shortfall"]
    assert not [item for item in found["repairs"] if "only the needed" in item["what"]]
    unknown = {code for item in found["checks_unknown"] for code in item["checks"]}
    assert {"GHA103", "GHO115"} <= unknown
    assert found["checks_asked"] > 100, "those of both"


@pytest.mark.parametrize("why", ["single sign-on", "does not admit classic ones"])
@pytest.mark.parametrize("target", [base.STRICT, f"{base.STRICT}/resin"])
def test_an_organization_that_lets_the_token_in_nowhere(auth: Auth, why: str, target: str) -> None:
    world = github.strict_organization(NOW)
    token, organization = world.token(github.STRICT_ORG_TOKEN), world.organization(base.STRICT)
    assert token is not None
    assert organization is not None
    if "sign-on" in why:
        token.sso_blocked = frozenset({base.STRICT})
    else:
        organization.classic_tokens_forbidden = True
    with hosts(auth, world) as both:
        (found,) = both.told(
            "--for", f"github:{target}", HARDENME_GITHUB_TOKEN=github.STRICT_ORG_TOKEN
        )
    (unknown,) = found["checks_unknown"]
    assert why in unknown["needs"]
    assert len(unknown["checks"]) == found["checks_asked"] > 20
    assert "CANARYauthorization" not in auth.out + auth.err
    first, *_ = found["repairs"]
    assert (f"for single sign-on of {base.STRICT}" in first["what"]) is ("sign-on" in why)
    assert first["how"].endswith("/settings/tokens") is ("sign-on" in why)


def test_gh_passes_single_sign_on_by_signing_in_again(auth: Auth) -> None:
    world = github.strict_organization(NOW)
    owner = world.token(github.STRICT_ORG_TOKEN)
    assert owner is not None
    held = frozenset({"repo", "read:org", "gist"})
    world.tokens.append(
        Token(OAUTH, "oauth", owner.login, scopes=held, sso_blocked=frozenset({base.STRICT}))
    )
    with hosts(auth, world) as both:
        (found,) = both.told("--for", f"github:{base.STRICT}", HARDENME_GITHUB_TOKEN=OAUTH)
    first, *_ = found["repairs"]
    assert f"for single sign-on of {base.STRICT}" in first["what"]
    assert first["how"] == "gh auth refresh -h 127.0.0.1 -s gist,read:org,repo"


@pytest.mark.parametrize("targets", [(), ("--for", "github:Mallow_corp")])
def test_an_owner_with_an_underscore_is_looked_for_by_its_name(
    auth: Auth, targets: tuple[str, ...]
) -> None:
    with hosts(auth, maintainer()) as both:
        own = ("login", "github", "--host", both.github.url, "--owner", "Mallow_corp")
        assert auth(*own, stdin=Piped(github.WEAK_NARROW)) == 0
        (found,) = both.told(*targets)
        assert found["owner"] == "mallow_corp"
        auth("logout", "github", "--host", both.github.url)
        variable = {"HARDENME_GITHUB_TOKEN__MALLOW_CORP": github.WEAK_NARROW}
        (found,) = both.told(*targets, **variable)
        assert found["owner"] == ("mallow_corp" if targets else "mallow-corp")


@pytest.mark.parametrize(
    ("token", "said"),
    [
        (github.STRICT_ORG_TOKEN, r"unknown +none known, of the \d+"),
        (
            github.STRICT_ORG_FINE_GRAINED,
            r"not shown +actions:read,.*unknown +\d+ or more of the \d+",
        ),
    ],
)
def test_no_more_is_called_known_than_is(auth: Auth, token: str, said: str) -> None:
    world = github.strict_organization(NOW)
    presented = world.token(token)
    assert presented is not None
    if presented.scoped:
        presented.scopes |= {"repo", "user", "read:org", "admin:public_key", "admin:gpg_key"}
        presented.scopes |= {"read:ssh_signing_key"}
    with hosts(auth, world) as both:
        assert both.status(HARDENME_GITHUB_TOKEN=token) == 0
    assert re.search(said, auth.out, re.DOTALL), auth.out


def test_an_account_that_owns_nothing_is_told(auth: Auth) -> None:
    with hosts(auth, github.weak_organization(NOW)) as both:
        (found,) = both.told(
            "--for", f"github:{base.WEAK}", HARDENME_GITHUB_TOKEN=github.WEAK_ORG_MEMBER
        )
    why = {code: item["seen"] for item in found["checks_unknown"] for code in item["checks"]}
    assert why["GHO101"] == "the account does not own the organization"


def test_stored_tokens_are_found_and_those_of_other_hosts_are_told(auth: Auth) -> None:
    with hosts(auth, maintainer()) as both, github_sandbox(maintainer()) as other:
        for url in (both.github.url, other.url):
            assert auth("login", "github", "--host", url, stdin=Piped(github.WEAK_NARROW)) == 0
        other.requests.clear()
        assert both.status() == 0
    assert "from the keyring (hardenme:" in " ".join(auth.out.split())
    assert f"a token of mallow is stored for {other.url}; see it" in auth.err
    assert other.requests == []


def test_a_token_that_is_refused_is_told(auth: Auth) -> None:
    with hosts(auth, maintainer()) as both:
        both.github.fault(".*", edit=lambda *_: Reply(401, {"message": "Bad credentials"}))
        assert both.status(HARDENME_GITHUB_TOKEN=github.WEAK_TOKEN) == 4
    assert "refused GET /user answered 401" in " ".join(auth.out.split())
    assert "the token is wrong, expired or revoked" in auth.out
    assert f"hardenme auth login github --host {both.github.url}\n" in auth.out


def test_a_suspended_account_is_not_called_accepted(auth: Auth) -> None:
    said = {"message": "Sorry. Your account was suspended"}
    with hosts(auth, maintainer()) as both:
        both.github.fault("/user", edit=lambda _, reply: Reply(403, said, reply.headers))
        assert both.status("--format=json", HARDENME_GITHUB_TOKEN=github.WEAK_TOKEN) == 4
        (found,) = printed("tokens", auth.out)["tokens"]
    assert not found["accepted"]
    assert found["refused"]["seen"] == "GET /user answered 403"
    assert found["shortfall"] == found["grant"] == []


def test_a_host_that_fails_is_told_from_a_bad_token(auth: Auth) -> None:
    with hosts(auth, maintainer()) as both:
        both.github.fault(".*", edit=lambda *_: Reply(503))
        assert both.status(HARDENME_GITHUB_TOKEN=github.WEAK_TOKEN) == 3
    assert "no answer" in auth.out
    assert "refused" not in auth.out


def test_a_token_in_the_wrong_place_is_not_sent(auth: Auth) -> None:
    with hosts(auth, maintainer()) as both:
        npm_token = both.npm.world.token("mallow")
        assert both.status(HARDENME_GITHUB_TOKEN=npm_token) == 4
        assert both.github.requests == []
    assert "not used" in auth.out
    assert npm_token not in auth.out + auth.err


def test_without_a_token_the_next_step_is_told(auth: Auth) -> None:
    with hosts(auth, maintainer()) as both:
        assert both.status() == 4
        assert both.github.requests == both.npm.requests == []
    assert "hardenme auth login github" in auth.err


def test_the_token_of_a_job_is_told_with_its_limits(auth: Auth) -> None:
    with hosts(auth, maintainer()) as both:
        both.status(HARDENME_GITHUB_TOKEN=JOB)
    assert "it sees what the installation was granted" in " ".join(auth.out.split())


@pytest.mark.parametrize("token", [APP_USER, JOB])
def test_nobody_is_told_to_edit_the_token_of_an_app(auth: Auth, token: str) -> None:
    with hosts(auth, maintainer()) as both:
        (found,) = both.told(HARDENME_GITHUB_TOKEN=token)
    assert found["shortfall"]
    assert not [item for item in found["repairs"] if "Edit the token" in item["what"]]
    assert {item["how"] for item in found["repairs"]} == {
        f"hardenme auth login github --host {both.github.url}"
    }


def test_requests_are_few(auth: Auth) -> None:
    with hosts(auth, github.weak_organization(NOW)) as both:
        both.status(
            "--for", f"github:{base.WEAK}", HARDENME_GITHUB_TOKEN=github.WEAK_ORG_FINE_GRAINED
        )
        sent = len(both.github.requests)
    assert sent <= 34
    assert f"\n{sent} requests, to read only\n" in auth.out
