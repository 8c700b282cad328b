from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.collectors.github.asking import fetch, listed
from hardenme.collectors.github.client import Graph
from hardenme.collectors.github.policies import barred
from hardenme.collectors.github.refusal import refusal, sso_left_out
from hardenme.collectors.transport.response import Response
from hardenme.facts.github.account import SshKey
from hardenme.model.permission import Requirement, any_of, classic, fine_grained
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import Reply
from tests.collectors.reader import TOKEN
from tests.collectors.scripted import github

PAT = "github_pat_CANARY00000000000000_" + "0" * 54
NEEDED = any_of(classic("admin:org"), fine_grained("members:read"))
USER = Subject("github", "user", "hazel")
SSO = "https://github.example/orgs/acorn/sso?authorization_request=CANARY"


def response() -> Response:
    url = "https://github.example/graphql"
    return Response("POST /graphql", url, 200, {}, b"", datetime(2026, 11, 24, tzinfo=UTC))


def why(
    status: int,
    message: str = "",
    *,
    token: str = PAT,
    needed: Requirement = NEEDED,
    **headers: str,
) -> Unknown:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    with github({"/x": Reply(status, {"message": message}, told)}, token=token) as (client, _):
        return refusal(client.get("/x"), needed, client.kind)


@pytest.mark.parametrize(
    ("status", "message", "headers", "reason"),
    [
        (401, "Bad credentials", {}, Reason.REJECTED),
        (401, "Requires authentication", {}, Reason.REJECTED),
        (403, "Resource not accessible by personal access token", {}, Reason.NOT_PERMITTED),
        (403, "Resource not accessible by integration", {}, Reason.NOT_PERMITTED),
        (403, "Must have admin rights to Repository.", {}, Reason.NOT_PERMITTED),
        (403, "You must be an organization owner or a security manager", {}, Reason.NOT_PERMITTED),
        (403, "Only owners can use this filter.", {}, Reason.NOT_PERMITTED),
        (422, "Only owners can use this filter.", {}, Reason.NOT_PERMITTED),
        (403, "Something new", {}, Reason.NOT_PERMITTED),
        (403, "", {"x_github_sso": f"required; url={SSO}"}, Reason.NEEDS_SSO),
        (404, "", {"x_github_sso": f"required; url={SSO}"}, Reason.NEEDS_SSO),
        (404, "Not Found", {}, Reason.NOT_VISIBLE),
        (404, "Branch not found", {}, Reason.NOT_VISIBLE),
        (302, "", {}, Reason.NOT_PERMITTED),
        (422, "Validation Failed", {}, Reason.MALFORMED),
        (410, "Gone", {}, Reason.MALFORMED),
        (451, "Repository access blocked", {}, Reason.MALFORMED),
        (204, "", {}, Reason.MALFORMED),
        (202, "", {}, Reason.MALFORMED),
    ],
)
def test_what_a_refusal_means(
    status: int, message: str, headers: dict[str, str], reason: Reason
) -> None:
    found = why(status, message, **headers)
    assert found.reason is reason
    assert found.needed
    assert found.evidence[0].status == status


def test_a_refusal_names_what_this_kind_of_token_needs() -> None:
    assert why(403).needed == "members:read (fine-grained token)"
    assert why(403, token=TOKEN).needed == "the scope admin:org (classic token)"
    only = why(403, needed=any_of(classic("user")))
    assert only.needed == "the scope user (classic token)"


def test_single_sign_on_names_the_organization_and_not_the_personal_link() -> None:
    found = why(403, x_github_sso=f"required; url={SSO}")
    assert "single sign-on of acorn" in found.needed
    assert "authorization_request" not in repr(found)
    assert "single sign-on" in why(403, x_github_sso="required").needed
    odd = why(403, x_github_sso="required; url=https://github.example/orgs/a b/sso")
    assert "the organization's single sign-on" in odd.needed


def test_without_a_token_authentication_is_a_permission() -> None:
    assert why(401, "Requires authentication", token="").reason is Reason.NOT_PERMITTED


@pytest.mark.parametrize(
    ("held", "accepted", "reason"),
    [
        ("repo", "admin:org, read:org", Reason.NOT_PERMITTED),
        ("", "read:org", Reason.NOT_PERMITTED),
        ("admin:org", "read:org", Reason.NOT_VISIBLE),
        ("read:org", "admin:org, read:org", Reason.NOT_VISIBLE),
        ("repo", "", Reason.NOT_VISIBLE),
    ],
)
def test_the_headers_may_prove_that_a_scope_is_missing(
    held: str, accepted: str, reason: Reason
) -> None:
    headers = {"x_oauth_scopes": held, "x_accepted_oauth_scopes": accepted}
    assert why(404, "Not Found", token=TOKEN, **headers).reason is reason


CORRECT = "Although you appear to have the correct authorization credentials, "
LIVES = "if the token's lifetime is greater than {} days. Please adjust your token's lifetime"
SENTENCES = [
    (
        (
            "`acorn` forbids access via a personal access token (classic). Please use a GitHub App,"
            " OAuth App, or a personal access token with fine-grained permissions."
        ),
        "a fine-grained token: acorn does not admit classic ones",
    ),
    (
        "`acorn` forbids access via a fine-grained personal access token. Please use another.",
        "a GitHub App's token, or a classic one: acorn does not admit fine-grained tokens",
    ),
    (
        "The 'acorn' organization forbids access via a fine-grained personal access tokens "
        + LIVES.format(366),
        "a token that expires within 366 days: acorn refuses a longer lifetime",
    ),
    (
        "The 'Acorn Labs' enterprise forbids access via a personal access tokens (classic) "
        + LIVES.format(8),
        (
            "a token that expires within 8 days: the organization or its enterprise refuses a"
            " longer lifetime"
        ),
    ),
    (
        CORRECT + "the `acorn` organization has an IP allow list enabled, and your IP address is"
        " not permitted to access this resource.",
        "a run from an address on the IP allow list of acorn",
    ),
    (
        CORRECT + "the `acorn` organization has an IP allow list enabled, and 192.0.2.7 is not"
        " permitted to access this resource.",
        "a run from an address on the IP allow list of acorn",
    ),
    (
        CORRECT + "the `acorn` organization has enabled OAuth App access restrictions, meaning that"
        " data access to third-parties is limited.",
        "an OAuth app that an owner of acorn approved, or a fine-grained token",
    ),
    ("This installation has been suspended", "an installation of the GitHub App that is not"),
    ("Sorry. Your account was suspended.", "a token of an account that is not suspended"),
    (
        (
            "Resource protected by organization SAML enforcement. You must grant your OAuth token"
            " access to this organization."
        ),
        "a token that is authorized for the organization's single sign-on",
    ),
    ("Repository access blocked", "GitHub to lift its block"),
]
"""What GitHub says where no permission helps, and the one thing that does."""


@pytest.mark.parametrize(("said", "needed"), SENTENCES)
@pytest.mark.parametrize("token", [PAT, TOKEN])
def test_a_policy_that_refuses_whatever_the_permissions(said: str, needed: str, token: str) -> None:
    for written in (said, said.upper(), said.replace(" ", "\n ")):
        found = why(403, written, token=token)
        assert found.needed.lower().startswith(needed.lower())
        assert "members:read" not in found.needed
        assert "admin:org" not in found.needed
    graph = Graph(None, ({"type": "FORBIDDEN", "message": said},), response())
    refused = graph.barred()
    assert refused is not None
    assert refused.needed == why(403, said, token=token).needed


@pytest.mark.parametrize(
    "said",
    [
        "Resource not accessible by personal access token",
        "personal access token (classic)",
        "`acorn` forbids access via a personal access token (classic) whose lifetime is too long.",
        "forbids access",
        "an IP allow list",
        "",
    ],
)
def test_anything_else_takes_the_permission(said: str) -> None:
    assert why(403, said).needed == "members:read (fine-grained token)"
    assert Graph(None, ({"message": said}, {"message": 7}, {}), response()).barred() is None


@given(st.text(max_size=300))
def test_no_message_breaks_the_table(said: str) -> None:
    found = barred(said)
    assert found is None or found.needed


def answered(path: str, token: str) -> Unknown:
    with github({path: Reply(404, {"message": "Not Found"})}, token=token) as (client, _):
        return refusal(client.get(path), NEEDED, client.kind)


@pytest.mark.parametrize(
    "path",
    [
        "/repos/acorn/web/hooks?per_page=100",
        "/repos/acorn/web/actions/secrets?per_page=100",
        "/repos/acorn/web/actions/variables",
        "/repos/acorn/web/dependabot/secrets",
        "/repos/acorn/web/environments/npm/secrets",
        "/repos/acorn/web/branches/release/1/protection",
        "/repos/acorn/web/dependabot/alerts?state=open",
        "/repos/acorn/web/invitations",
        "/user/keys",
        "/user/emails?per_page=100",
    ],
)
def test_where_a_missing_permission_is_a_403_a_404_asks_for_none(path: str) -> None:
    found = answered(path, PAT)
    assert (found.reason, found.needed) == (Reason.NOT_VISIBLE, "a token that can see it")
    assert "it may need" in answered(path, TOKEN).needed, "a classic token is answered by 404"


@pytest.mark.parametrize(
    "path", ["/repos/acorn/web/immutable-releases", "/orgs/acorn/hooks", "/repos/acorn/web"]
)
def test_elsewhere_a_404_may_be_a_missing_permission(path: str) -> None:
    assert "it may need" in answered(path, PAT).needed


@pytest.mark.parametrize(
    ("header", "hidden"),
    [
        ("partial-results; organizations=21955855,20582480", "21955855, 20582480"),
        ("partial-results", "?"),
        ("partial-results; organizations=acorn", "?"),
    ],
)
def test_what_single_sign_on_leaves_out(header: str, hidden: str) -> None:
    told = Reply(data=[{"id": 1}], headers={"X-GitHub-SSO": header})
    with github({"/x": told}) as (client, _):
        left_out = sso_left_out(client.get("/x"))
    assert left_out is not None
    assert left_out.reason is Reason.NEEDS_SSO
    assert hidden in left_out.needed


def test_a_whole_answer_leaves_nothing_out() -> None:
    with github({"/x": {}}) as (client, _):
        assert sso_left_out(client.get("/x")) is None


@pytest.mark.parametrize("said", [[], {}, "text", 7, None, [{}]])
def test_what_is_not_one_object(said: Any) -> None:
    with github({"/x": Reply(data=said)}) as (client, _):
        found = fetch(client, "/x", NEEDED)
    assert isinstance(found, Unknown)
    assert found.reason is Reason.MALFORMED


def test_a_partial_object_is_not_taken() -> None:
    told = Reply(data={"a": 1}, headers={"X-GitHub-SSO": "partial-results; organizations=1"})
    with github({"/x": told}) as (client, _):
        found = fetch(client, "/x", NEEDED)
    assert isinstance(found, Unknown)
    assert found.reason is Reason.NEEDS_SSO


def test_a_partial_list_keeps_what_came_and_is_not_whole() -> None:
    told = Reply(data=[{"id": 1}], headers={"X-GitHub-SSO": "partial-results; organizations=1"})
    with github({"/user/keys": told}) as (client, _):
        answer = listed(
            client,
            SshKey,
            USER,
            "/user/keys",
            lambda item: SshKey(
                subject=Subject("github", "ssh-key", str(item.number("id"))),
                within=USER,
                web="",
                key_id=item.number("id"),
                algorithm="ssh-ed25519",
                bits=0,
                created_at=item.moment("created_at"),
                last_used=None,
            ),
        )
    assert len(answer.facts) == 1
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NEEDS_SSO
