from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import hardenme.collectors.github.pages as pages_module
from hardenme.collectors.github.client import GitHub, api_url, token_kind
from hardenme.collectors.transport.session import Wait
from hardenme.model.fact import NAME, Endpoint
from hardenme.model.pages import web_url
from hardenme.model.secret import Secret
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.collectors.reader import QUICK, TOKEN, unanswered
from tests.collectors.scripted import github
from tests.declared import GITHUB as ENDPOINTS

RESET = {"x-ratelimit-remaining": "0", "Date": "Tue, 24 Nov 2026 12:00:00 GMT"}
NOON = 1795521600


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("ghp_CANARY", "classic"),
        ("github_pat_CANARY", "fine-grained"),
        ("gho_CANARY", "oauth"),
        ("ghu_CANARY", "app-user"),
        ("ghs_CANARY", "installation"),
        ("0123456789abcdef" * 2 + "01234567", "classic"),
        ("ghr_CANARY", ""),
        ("npm_CANARY", ""),
        ("0123456789abcdef" * 2, ""),
        ("", ""),
    ],
)
def test_the_kind_of_a_token(value: str, kind: str) -> None:
    assert token_kind(value) == kind


@pytest.mark.parametrize(
    ("named", "api", "web"),
    [
        ("github.com", "https://api.github.com", "https://github.com"),
        ("https://www.github.com/", "https://api.github.com", "https://github.com"),
        ("https://api.github.com", "https://api.github.com", "https://github.com"),
        ("octo.ghe.com", "https://api.octo.ghe.com", "https://octo.ghe.com"),
        ("https://ghe.example", "https://ghe.example/api/v3", "https://ghe.example"),
        ("https://ghe.example:8443", "https://ghe.example:8443/api/v3", "https://ghe.example:8443"),
        ("https://ghe.example/api/v3/", "https://ghe.example/api/v3", "https://ghe.example"),
        ("http://127.0.0.1:80", "http://127.0.0.1", "http://127.0.0.1"),
        # A look-alike is a host of its own: it never becomes GitHub's.
        (
            "api.github.com.evil.example",
            "https://api.github.com.evil.example/api/v3",
            "https://api.github.com.evil.example",
        ),
        ("evilghe.com", "https://evilghe.com/api/v3", "https://evilghe.com"),
        ("GITHUB.COM.", "https://api.github.com", "https://github.com"),
    ],
)
def test_addresses(named: str, api: str, web: str) -> None:
    assert api_url(named) == api
    assert web_url(api) == web


@pytest.mark.parametrize("named", ["http://github.com", "user@github.com", "github.com\r\nX: y"])
def test_an_address_that_is_refused(named: str) -> None:
    with pytest.raises(ValueError):
        api_url(named)


def test_what_every_request_says() -> None:
    with github({"/user": {}}) as (client, server):
        client.get("/user")
        client.graphql("query Q { viewer { login } }", {})
    for request in server.requests:
        assert request.headers["authorization"] == f"token {TOKEN}"
        assert request.headers["x-github-api-version"] == "2022-11-28"
        assert request.headers["accept"] == "application/vnd.github+json"
        assert request.headers["accept-encoding"] == "gzip"
        assert request.headers["user-agent"].startswith("hardenme/")
    rest, graph = server.requests
    assert (rest.method, rest.path) == ("GET", "/user")
    assert (graph.method, graph.path) == ("POST", "/graphql")


def test_an_enterprise_server_has_its_own_paths() -> None:
    with LoopbackServer(lambda _: Reply(data={})) as server:
        client = GitHub.connect(f"{server.url}/api/v3", Secret(TOKEN), bounds=QUICK)
        client.get("/user")
        client.graphql("query Q { viewer { login } }", {})
    assert [request.path for request in server.requests] == ["/api/v3/user", "/api/graphql"]


def test_without_a_token_nothing_is_presented() -> None:
    with github({"/x": {}}, token="") as (client, server):
        client.get("/x")
    assert "authorization" not in server.requests[0].headers


def test_a_token_with_a_line_break_is_never_sent() -> None:
    with github({"/x": {}}, token="ghp_CANARY\r\nX-Evil: 1") as (client, server):
        why = unanswered(lambda: client.get("/x"))
    assert server.requests == []
    assert why.reason is Reason.UNREACHABLE
    assert "CANARY" not in f"{why.needed}{why.seen}"


def test_an_answer_is_asked_for_once() -> None:
    with github({"/x": {}, "/y": []}) as (client, server):
        for _ in range(3):
            client.get("/x")
            client.pages("/y", counted=False)
    assert len(server.requests) == 2


def listed(*pages: list[Any], total: int | None = None, last: int | None = None) -> Any:
    """A list in pages; `total` wraps it, `last` is what the links claim."""

    def answer(request: Request) -> Reply:
        number = int(request.query.get("page", 1))
        found = pages[number - 1]
        base = f"http://{request.headers['host']}{request.path}"
        links = []
        if number < len(pages):
            links.append(f'<{base}?per_page=100&page={number + 1}>; rel="next"')
        if len(pages) > 1 or last:
            links.append(f'<{base}?per_page=100&page={last or len(pages)}>; rel="last"')
        data = found if total is None else {"total_count": total, "things": found}
        return Reply(data=data, headers={"Link": ", ".join(links)} if links else {})

    return answer


def ids(*numbers: int) -> list[dict[str, int]]:
    return [{"id": number} for number in numbers]


def test_all_pages_are_read_and_looked_at_again() -> None:
    with github({"/l": listed(ids(1, 2), ids(3), ids(4))}) as (client, server):
        found = client.pages("/l", counted=False)
    assert [item["id"] for item in found.items] == [1, 2, 3, 4]
    assert found.missing is None
    assert (found.evidence[0].pages_read, found.evidence[0].pages_expected) == (3, 3)
    asked = [request.query.get("page", "1") for request in server.requests]
    assert asked == ["1", "2", "3", "1", "2"]
    assert server.requests[0].query["per_page"] == "100"


def test_one_page_is_read_once() -> None:
    with github({"/l": listed(ids(1)), "/w": listed(ids(1), total=1)}) as (client, server):
        assert client.pages("/l", counted=False).missing is None
        assert client.pages("/w?a=b", counted=False).items == ({"id": 1},)
    assert len(server.requests) == 2
    assert server.requests[1].query == {"a": "b", "per_page": "100"}


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (listed(ids(1), [], ids(2)), 2),
        (listed(ids(1), last=3), 1),
        (listed(ids(1), total=2), 1),
        (listed(ids(1), ids(2), total=3), 2),
        (listed(ids(1, 2), ids(2), total=3), 2),
        (listed(ids(1, 2), ids(2)), 2),
        ({"things": [], "message": "x"}, 1),
        ({"total_count": 0, "a": [], "b": []}, 1),
        ({"total_count": True, "a": "b"}, 1),
        ({}, 1),
    ],
    ids=[
        "empty page",
        "lost last page",
        "total",
        "total over pages",
        "twice, with a total that fits",
        "twice",
        "object",
        "two lists",
        "no list",
        "empty object",
    ],
)
def test_a_list_that_is_not_whole(said: Any, read: int) -> None:
    with github({"/l": said}) as (client, _):
        found = client.pages("/l", counted=False)
    assert found.missing is not None
    assert found.missing.reason is Reason.INCOMPLETE
    assert found.missing.evidence
    assert len(found.responses) == read


COUNTED = {
    "/installation/repositories",
    "/repos/{owner}/{repo}/actions/caches",
    "/orgs/{org}/actions/policies",
    "/orgs/{org}/actions/runner-groups",
    "/orgs/{org}/actions/runners",
    "/orgs/{org}/actions/variables",
    "/repos/{owner}/{repo}/actions/workflows",
    "/repos/{owner}/{repo}/actions/runs",
    "/repos/{owner}/{repo}/actions/runs?event=schedule",
    "/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs",
    "/orgs/{org}/actions/runner-groups/{runner_group_id}/repositories",
    "/orgs/{org}/actions/secrets",
    "/orgs/{org}/custom-repository-roles",
    "/orgs/{org}/actions/secrets/{secret_name}/repositories",
    "/orgs/{org}/dependabot/secrets",
    "/orgs/{org}/installations",
    "/orgs/{org}/organization-roles",
    "/repos/{owner}/{repo}/actions/organization-secrets",
    "/repos/{owner}/{repo}/actions/secrets",
    "/repos/{owner}/{repo}/environments",
    "/repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies",
    "/repos/{owner}/{repo}/environments/{environment_name}/secrets",
}
"""The lists that GitHub wraps beside their count, by its description of each."""


def test_a_list_that_comes_with_its_count_is_declared_so() -> None:
    declared = {one.path: one.counted for one in ENDPOINTS}
    assert {path for path, counted in declared.items() if counted} == COUNTED
    assert declared.keys() > COUNTED


@pytest.mark.sampled(3)
@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.path)
def test_a_list_that_comes_with_its_count_is_not_taken_without(endpoint: Endpoint) -> None:
    path = endpoint.at(**dict.fromkeys(NAME.findall(endpoint.path), "secrets"))
    with github({path.partition("?")[0]: []}) as (client, _):
        found = client.pages(path, counted=endpoint.counted)
    assert (found.missing is None) is (endpoint.path not in COUNTED)
    with github({path.partition("?")[0]: {"total_count": 0, "things": []}}) as (client, _):
        assert client.pages(path, counted=endpoint.counted).missing is None


@pytest.mark.parametrize("remove", [True, False], ids=["removed", "added"])
def test_a_list_that_shifts_while_it_is_read(*, remove: bool) -> None:
    things = list(range(1, 301))

    def answer(request: Request) -> Reply:
        number = int(request.query.get("page", 1))
        part = things[(number - 1) * 100 : number * 100]
        following = f'<{request.path}?per_page=100&page={number + 1}>; rel="next"'
        if number == 1 and len(things) == 300:
            if remove:
                del things[4]
            else:
                things.insert(0, 0)
        return Reply(data=ids(*part), headers={"Link": following} if len(part) == 100 else {})

    with github({"/l": answer}) as (client, _):
        found = client.pages("/l", counted=False)
    assert found.missing is not None
    assert found.missing.reason is Reason.INCOMPLETE


def test_a_page_that_fails_leaves_what_came() -> None:
    with github({"/l": listed(ids(1), ids(2))}) as (client, server):
        server.fault(r"/l\?.*page=2", edit=lambda *_: Reply(500, {}))
        found = client.pages("/l", counted=False)
        server.faults.clear()
        server.fault(r"/m.*", edit=lambda *_: Reply(403, {"message": "no"}))
        refused = client.pages("/m", counted=False)
    assert found.items == ({"id": 1},)
    assert found.missing is not None
    assert found.missing.reason is Reason.UNREACHABLE
    assert refused.missing is None
    assert refused.responses[0].status == 403
    assert refused.evidence[0].pages_read == 0
    assert not refused.evidence[0].complete


FORMS = ["{evil}/x", "//{host}/x", "{own}@{host}/x", "{own}.evil.example/x", "file:///x", "\\\\x"]


@pytest.mark.parametrize("form", FORMS)
def test_a_link_to_another_origin_is_not_followed(form: str) -> None:
    with LoopbackServer(lambda _: Reply(data=ids(9))) as evil:

        def answer(request: Request) -> Reply:
            own = f"http://{request.headers['host']}"
            link = form.format(evil=evil.url, host=evil.url[7:], own=own)
            return Reply(data=ids(1), headers={"Link": f'<{link}>; rel="next"'})

        with github({"/l": answer}) as (client, server):
            found = client.pages("/l", counted=False)
    assert evil.requests == []
    assert len(server.requests) == 1
    assert found.missing is not None
    assert found.missing.reason is Reason.INCOMPLETE


def test_a_page_that_leads_to_itself() -> None:
    def answer(request: Request) -> Reply:
        here = f"http://{request.headers['host']}/l?per_page=100"
        return Reply(data=ids(1), headers={"Link": f'<{here}>; rel="next"'})

    with github({"/l": answer}) as (client, server):
        found = client.pages("/l", counted=False)
    assert found.missing is not None
    assert found.missing.reason is Reason.INCOMPLETE
    assert len(server.requests) <= 2


def test_pages_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_module, "MOST_PAGES", 20)

    def answer(request: Request) -> Reply:
        number = int(request.query.get("page", 1))
        return Reply(data=ids(number), headers={"Link": f'</l?page={number + 1}>; rel="next"'})

    with github({"/l": answer}) as (client, server):
        found = client.pages("/l", counted=False)
    assert found.missing is not None
    assert found.missing.reason is Reason.INCOMPLETE
    assert len(server.requests) == 20


def limited(status: int, said: Any = None, **headers: str) -> Wait | None:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    told = {"Date": RESET["Date"]} | told
    with github({"/x": Reply(status, said or {"message": "no"}, told)}) as (client, _):
        response = client.session._opening.wire().exchange(
            "GET", f"{client.session.base}/x", "GET /x", {}
        )
        return client.session._provider.limited(response)


HOUR = {"x_ratelimit_remaining": "0", "x_ratelimit_reset": str(NOON + 600)}


@pytest.mark.parametrize(
    ("status", "said", "headers", "wait"),
    [
        (403, None, HOUR, Wait(601.0, "primary")),
        (429, None, HOUR, Wait(601.0, "primary")),
        (403, None, HOUR | {"retry_after": "7"}, Wait(7.0, "primary")),
        (403, None, HOUR | {"x_ratelimit_reset": str(NOON - 600)}, Wait(1.0, "primary")),
        (403, None, HOUR | {"x_ratelimit_reset": "9" * 30}, Wait(60.0, "primary")),
        (403, None, HOUR | {"x_ratelimit_reset": str(NOON + 10**7)}, Wait(3600.0, "primary")),
        (403, None, {"x_ratelimit_remaining": "0"}, Wait(60.0, "primary")),
        (403, {"message": "You have exceeded a secondary rate limit."}, {}, Wait(60, "secondary")),
        (403, None, {"retry_after": "30"}, Wait(30.0, "secondary")),
        (403, None, {"retry_after": "Tue, 24 Nov 2026 12:00:20 GMT"}, Wait(20.0, "secondary")),
        (429, None, {"retry_after": "Tue, 24 Nov 2026 11:00:00 GMT"}, Wait(1.0, "secondary")),
        (429, None, {"retry_after": "-5"}, Wait(1.0, "secondary")),
        (429, None, {"retry_after": "1000000000"}, Wait(3600.0, "secondary")),
        (429, None, {"retry_after": "inf"}, Wait(3600.0, "secondary")),
        (429, None, {"retry_after": "nan"}, Wait(60.0, "secondary")),
        (429, None, {"retry_after": "soon"}, Wait(60.0, "secondary")),
        (429, None, {}, Wait(60.0, "secondary")),
        (403, {"message": "Resource not accessible by personal access token"}, {}, None),
        (403, {"message": "Must have admin rights"}, {"x_ratelimit_remaining": "17"}, None),
        (404, None, HOUR, None),
        (200, {"a": 1}, HOUR, None),
    ],
)
def test_limits_are_told_from_refusals(
    status: int, said: Any, headers: dict[str, str], wait: Wait | None
) -> None:
    assert limited(status, said, **headers) == wait


def graph(answer: dict[str, Any], **headers: str) -> Callable[[Request], Reply]:
    return lambda _: Reply(data=answer, headers=headers)


@pytest.mark.parametrize("kind", ["RATE_LIMITED", "RATE_LIMIT"])
def test_a_limit_in_a_graphql_answer(kind: str) -> None:
    said = {"errors": [{"type": kind, "message": "API rate limit exceeded"}]}
    with github({"graphql": graph(said)}) as (client, _):
        why = unanswered(lambda: client.graphql("query Q { viewer { login } }", {}))
    assert why.reason is Reason.RATE_LIMITED


def test_data_that_speaks_of_a_limit_is_none() -> None:
    said = {"data": {"repository": {"name": "rate limit", "a": "RATE_LIMITED"}}}
    with github({"graphql": graph(said)}) as (client, _):
        found = client.graphql("query Q { viewer { login } }", {})
    assert found.data == said["data"]


def test_errors_beside_data_say_where() -> None:
    said = {"data": {"a": {"b": None}}, "errors": [{"type": "FORBIDDEN", "path": ["a", "b"]}, 7]}
    with github({"graphql": graph(said)}) as (client, _):
        found = client.graphql("query Q { viewer { login } }", {})
    assert found.denied("a", "b")
    assert found.denied("a", "b", "c")
    assert found.denied("a") is None
    assert found.denied("x") is None


@pytest.mark.parametrize("said", [[], {}, {"data": None}, {"data": []}, {"data": "x", "errors": 5}])
def test_a_graphql_answer_without_data(said: Any) -> None:
    with github({"graphql": lambda _: Reply(data=said)}) as (client, _):
        assert client.graphql("query Q { viewer { login } }", {}).data is None


def test_single_sign_on_leaves_a_query_unanswered() -> None:
    told = graph({"data": {}}, **{"X-GitHub-SSO": "partial-results; organizations=21,22"})
    with github({"graphql": told}) as (client, _):
        why = unanswered(lambda: client.graphql("query Q { viewer { login } }", {}))
    assert why.reason is Reason.NEEDS_SSO
    assert "21, 22" in why.needed


def test_what_a_query_sends() -> None:
    with github({"graphql": graph({"data": {}})}) as (client, server):
        client.graphql("query Q($a: Int) { viewer { login } }", {"a": 1})
    sent = json.loads(server.requests[0].body)
    assert sent == {"query": "query Q($a: Int) { viewer { login } }", "variables": {"a": 1}}


def test_a_renamed_repository_is_followed_on_the_origin() -> None:
    moved = Reply(301, {"message": "Moved Permanently"}, {"Location": "/repositories/7"})
    with github({"/repos/a/old": moved, "/repositories/7": {"full_name": "a/new"}}) as (client, _):
        assert client.get("/repos/a/old").json() == {"full_name": "a/new"}


@pytest.mark.parametrize("status", [302, 303])
def test_another_list_in_the_place_of_the_one_asked_for_is_not_taken(status: int) -> None:
    moved = Reply(status, {}, {"Location": "/orgs/a/public_members"})
    paths = {"/orgs/a/members": moved, "/orgs/a/public_members": ids(1)}
    with github(paths) as (client, server):
        found = client.pages("/orgs/a/members?filter=2fa_insecure", counted=False)
    assert found.items == ()
    assert found.responses[0].status == status
    assert len(server.requests) == 1


def test_a_limit_is_waited_out_once_for_a_query() -> None:
    waits: list[Wait] = []
    replies = [
        Reply(403, {"message": "You have exceeded a secondary rate limit"}, {"retry-after": "1"}),
        Reply(data={"data": {"viewer": {"login": "a"}}}),
    ]
    bounds = replace(QUICK, retries=1, patience=2.0)
    with LoopbackServer(lambda _: replies.pop(0)) as server:
        client = GitHub.connect(server.url, Secret(TOKEN), bounds=bounds, on_wait=waits.append)
        assert client.graphql("query Q { viewer { login } }", {}).data
    assert waits == [Wait(1.0, "secondary")]
