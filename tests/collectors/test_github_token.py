"""What answers tell of the GitHub token itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import token
from hardenme.collectors.github.client import GitHub
from hardenme.facts.github.token import (
    WITNESSES,
    Token,
    TokenReach,
    TokenScopes,
    TokenVisibility,
    TokenWriteProbe,
)
from hardenme.model.fact import Answer
from hardenme.model.secret import Secret
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.http import Reply
from tests.collectors.reader import QUICK
from tests.collectors.scripted import GONE, github, of
from tests.running import NOW
from tests.worlds.github import (
    STRICT_ORG_APP,
    WEAK_FINE_GRAINED,
    strict_organization,
    weak_maintainer,
)

PAT = "github_pat_CANARY00000000000000_" + "0" * 54
HELD = Subject("github", "token", "classic")
ME = {
    "login": "hazel",
    "public_repos": 2,
    "owned_private_repos": 1,
    "two_factor_authentication": True,
}
SCOPES = {"X-OAuth-Scopes": "repo, user"}


def ask(read: Any, paths: dict[str, Any], **how: Any) -> list[Answer[Any]]:
    with github(paths, **how) as (client, _):
        return list(read(client, HELD, FactStore()))


EXPIRY = "github-authentication-token-expiration"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        # As recorded of GitHub.
        ("2026-12-24 10:00:00 UTC", datetime(2026, 12, 24, 10, tzinfo=UTC)),
        ("2026-12-24 10:00:00 +0000", datetime(2026, 12, 24, 10, tzinfo=UTC)),
        ("2026-12-24 10:00:00 +0200", datetime(2026, 12, 24, 8, tzinfo=UTC)),
        ("2026-12-24 10:00:00 +0530", datetime(2026, 12, 24, 4, 30, tzinfo=UTC)),
        ("2026-12-24 10:00:00 -0700", datetime(2026, 12, 24, 17, tzinfo=UTC)),
        ("2026-12-24 20:00:00 -0700", datetime(2026, 12, 25, 3, tzinfo=UTC)),
        # As other clients read it.
        ("2026-12-24T10:00:00Z", datetime(2026, 12, 24, 10, tzinfo=UTC)),
        ("2026-12-24T10:00:00.000Z", datetime(2026, 12, 24, 10, tzinfo=UTC)),
        ("2026-12-24T10:00:00+02:00", datetime(2026, 12, 24, 8, tzinfo=UTC)),
    ],
)
def test_when_a_token_expires(text: str, at: datetime) -> None:
    told = Reply(data=ME, headers={**SCOPES, EXPIRY: text})
    (fact,) = of(Token, ask(token.token, {"/user": told})).facts
    assert (fact.kind, fact.expires_at) == ("classic", at)


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "never",
        "",
        "2026-12-24",
        "2026-12-24 UTC",
        "2026-12-24 +0200",
        "2026-12-24 10:00:00",
        "2026-13-24 10:00:00 UTC",
        "2026-02-30 10:00:00 UTC",
        # The letters of a zone stand for several: Go takes any for UTC.
        "2026-12-24 10:00:00 CST",
        "2026-12-24 10:00:00 +9900",
        "2026-12-24 10:00:00 UTC, 2026-12-25 10:00:00 UTC",
        "Thu, 24 Dec 2026 10:00:00 GMT",
        "1798106400",
    ],
)
def test_an_expiry_that_is_not_read_is_not_never(text: str) -> None:
    told = Reply(data=ME, headers={**SCOPES, EXPIRY: text})
    (fact,) = of(Token, ask(token.token, {"/user": told})).facts
    assert fact.unknown_fields()["expires_at"].reason is Reason.MALFORMED


@pytest.mark.parametrize(("value", "headers"), [(PAT, SCOPES), ("ghp_CANARY0000000000", {})])
def test_a_prefix_that_the_headers_speak_against(value: str, headers: dict[str, str]) -> None:
    told = Reply(data=ME, headers=headers)
    found = ask(token.token, {"/user": told}, token=value)
    assert "kind" in of(Token, found).facts[0].unknown_fields()
    assert of(TokenScopes, found).missing is not None


def test_the_scopes_of_a_token() -> None:
    for listed, granted in (("repo, user", {"repo", "user"}), ("", set()), (" repo ,", {"repo"})):
        told = Reply(data=ME, headers={"X-OAuth-Scopes": listed})
        (fact,) = of(TokenScopes, ask(token.token, {"/user": told})).facts
        assert fact.granted == granted


REPOS = "/user/repos"
HOME = "/repos/hazel/lantern"
OWN = {"full_name": "hazel/lantern", "owner": {"login": "hazel", "type": "User"}}
IN_ORGANIZATION = {"full_name": "acorn/oak", "owner": {"login": "acorn", "type": "Organization"}}
ACCEPTED = "x-accepted-github-permissions"
SHOWN: dict[str, tuple[str, Any]] = {
    "creation_cap_shown": (
        "/interaction-limits/pulls/creation-cap",
        {"enabled": False, "max_open_pull_requests": 10},
    ),
    "code_quality_shown": ("/code-quality/setup", {"state": "not-configured"}),
    "ruleset_history_shown": ("/rulesets/7/history", [{"version_id": 1}]),
    "codespaces_secrets_shown": ("/codespaces/secrets", {"total_count": 0, "secrets": []}),
}
RULESETS = {f"{HOME}/rulesets": [{"id": 6, "source_type": "Organization"}, {"id": 7}]}
RULESETS[f"{HOME}/rulesets"][1]["source_type"] = "Repository"


def probe(paths: dict[str, Any]) -> TokenWriteProbe:
    given = {REPOS: [{"full_name": "hazel/lantern"}], HOME: OWN}
    found: TokenWriteProbe
    (found,) = of(TokenWriteProbe, ask(token.write_probe, given | paths, token=PAT)).facts
    return found


@pytest.mark.parametrize("name", SHOWN)
def test_each_read_that_takes_write_proves_it(name: str) -> None:
    path, said = SHOWN[name]
    fact = probe(RULESETS | {HOME + path: said})
    assert fact.shown == (name,)
    assert fact.proved == (WITNESSES[name][1],)
    for refused in (Reply(403, {}), GONE, Reply(405, {}), Reply(503, {}), {}, [], {"a": 1}):
        assert probe(RULESETS | {HOME + path: refused}).shown == ()


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize(
    ("accepted", "shown"),
    [
        ("{}=write", True),
        ("{0}=write; {0}=write,workflows=write", True),
        ("{}=read", False),
        ("{}=write; metadata=read", False),
        ("allows_permissionless_access=true", False),
    ],
)
def test_an_answer_that_takes_less_than_write_proves_nothing(
    name: str, accepted: str, *, shown: bool
) -> None:
    path, said = SHOWN[name]
    permission = WITNESSES[name][1].removesuffix(":write")
    told = Reply(data=said, headers={ACCEPTED: accepted.format(permission)})
    assert bool(probe(RULESETS | {HOME + path: told}).shown) is shown


def test_keys_that_take_write_prove_it() -> None:
    fact = probe({HOME: OWN | {"allow_squash_merge": False}})
    assert fact.proved == ("contents:write",)


def test_what_is_proved_is_not_asked_for_again() -> None:
    paths = {REPOS: [{"full_name": "hazel/lantern"}], HOME: OWN, **RULESETS}
    paths |= {HOME + path: said for path, said in SHOWN.values()}
    with github(paths, token=PAT) as (client, server):
        (answer,) = token.write_probe(client, HELD, FactStore())
    assert answer.facts[0].proved == ("administration:write", "codespaces_secrets:write")
    asked = [request.path.removeprefix(HOME) for request in server.requests]
    assert asked == [REPOS, "", SHOWN["creation_cap_shown"][0], "/codespaces/secrets"]


def test_an_organization_s_list_that_takes_write() -> None:
    listed = {REPOS: [{"full_name": "acorn/oak"}], "/repos/acorn/oak": IN_ORGANIZATION}
    rulesets = [{"id": 1, "enforcement": "active"}]
    assert probe(listed | {"/orgs/acorn/rulesets": rulesets}).proved == (
        "organization_administration:write",
    )
    assert probe(listed | {"/orgs/acorn/rulesets": []}).proved == ()
    said = Reply(data=[], headers={ACCEPTED: "organization_administration=write"})
    assert probe(listed | {"/orgs/acorn/rulesets": said}).proved == (
        "organization_administration:write",
    )


def test_a_private_repository_is_asked_about_first() -> None:
    def listed(request: Any) -> Reply:
        if request.query.get("visibility") == "private":
            return Reply(
                data=[
                    {"full_name": "acorn/elm"},
                    {"full_name": "acorn/oak", "permissions": {"admin": True}},
                ]
            )
        return Reply(data=[{"full_name": "hazel/lantern"}])

    assert probe({REPOS: listed, "/repos/acorn/oak": IN_ORGANIZATION}).repository == "acorn/oak"


@pytest.mark.parametrize("status", [204, 302, 401, 405, 410, 422, 451, 503])
def test_an_odd_answer_does_not_say_that_a_token_cannot_write(status: int) -> None:
    fact = probe({HOME + SHOWN["creation_cap_shown"][0]: Reply(status, {})})
    assert "creation_cap_shown" in fact.unknown_fields()
    assert fact.shown == ()


def test_the_sandbox_shows_a_token_that_writes_and_one_that_reads() -> None:
    for world, value, proved in (
        (weak_maintainer(NOW), WEAK_FINE_GRAINED, ("administration:write", "contents:write")),
        (strict_organization(NOW), STRICT_ORG_APP, None),
    ):
        with github_sandbox(world) as server:
            client = GitHub.connect(server.url, Secret(value), bounds=QUICK)
            (answer,) = token.write_probe(client, HELD, FactStore())
        # An installation lists no repositories of a user, so that there is none to ask about.
        assert (answer.facts[0].proved if answer.facts else None) == proved


def test_what_a_token_reaches() -> None:
    answer = of(TokenReach, ask(token.reach, {REPOS: [{"full_name": "a/b", "id": 1}]}))
    assert answer.facts[0].private_repositories == ("a/b",)
    answer = of(TokenReach, ask(token.reach, {REPOS: [{"full_name": "a/b"}, {"id": 2}]}))
    assert "private_repositories" in answer.facts[0].unknown_fields()
    assert of(TokenReach, ask(token.reach, {REPOS: GONE})).missing is not None


def test_how_much_a_token_shows() -> None:
    hidden = Reply(data=[], headers={"X-GitHub-SSO": "partial-results; organizations=5"})
    paths = {"/user": ME, REPOS: [{"id": 1}, {"id": 2}], "/user/memberships/orgs": hidden}
    (fact,) = of(TokenVisibility, ask(token.token_visibility, paths)).facts
    assert (fact.visible, fact.owned, fact.sso_hidden) == (2, 3, ("5",))
    (fact,) = of(TokenVisibility, ask(token.token_visibility, paths | {REPOS: GONE})).facts
    assert "visible" in fact.unknown_fields()
    bare = {"login": "hazel", "public_repos": 2}
    (fact,) = of(TokenVisibility, ask(token.token_visibility, paths | {"/user": bare})).facts
    assert fact.unknown_fields()["owned"].reason is Reason.NOT_PERMITTED
