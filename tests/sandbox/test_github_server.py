"""The GitHub sandbox as a server: paging, ETags, budgets, renames, versions, addresses."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from hardenme.sandbox.github.server import github_sandbox
from tests.moment import NOW
from tests.sandbox.github_reader import Reader
from tests.worlds.github import (
    SCALED_TOKEN,
    WEAK_FINE_GRAINED,
    WEAK_NARROW,
    WEAK_TOKEN,
    scaled_maintainer,
    weak_maintainer,
)


@pytest.fixture
def weak() -> Iterator[Reader]:
    with github_sandbox(weak_maintainer(NOW)) as server, Reader(server) as read:
        yield read


@pytest.fixture
def large() -> Iterator[Reader]:
    world = scaled_maintainer(NOW, repositories=250, keys=7, organizations=1, members=40)
    with github_sandbox(world) as server, Reader(server) as read:
        yield read


def links(header: str) -> dict[str, str]:
    return {name: url for url, name in re.findall(r'<([^>]+)>; rel="(\w+)"', header)}


def test_pages_are_linked_until_the_last(large: Reader) -> None:
    names: list[str] = []
    target, pages = "/user/repos?per_page=100", 0
    while target:
        answer = large(target, SCALED_TOKEN)
        names += [repository["full_name"] for repository in answer.data]
        found = links(answer.headers.get("link", ""))
        assert all(url.startswith(large.server.url) for url in found.values())
        target = found.get("next", "").removeprefix(large.server.url)
        pages += 1
    assert pages == 3
    assert len(names) == len(set(names)) == 250


def test_page_sizes(large: Reader) -> None:
    assert len(large("/user/repos", SCALED_TOKEN).data) == 30
    assert len(large("/user/repos?per_page=500", SCALED_TOKEN).data) == 100
    assert len(large("/user/repos?per_page=odd", SCALED_TOKEN).data) == 30
    assert len(large("/user/repos?per_page=0", SCALED_TOKEN).data) == 30
    middle = links(large("/user/repos?per_page=100&page=2", SCALED_TOKEN).headers["link"])
    assert set(middle) == {"prev", "next", "last", "first"}
    assert middle["last"].endswith("per_page=100&page=3")
    beyond = large("/user/repos?per_page=100&page=9", SCALED_TOKEN)
    assert beyond.data == []
    assert set(links(beyond.headers["link"])) == {"prev", "first"}
    assert "link" not in large("/user/keys?per_page=7", SCALED_TOKEN).headers


def test_wrapped_lists_have_a_total(weak: Reader) -> None:
    answer = weak("/repos/mallow/ladle/actions/secrets?per_page=1", WEAK_TOKEN)
    assert answer.data["total_count"] == 2
    assert [secret["name"] for secret in answer.data["secrets"]] == ["NPM_TOKEN"]
    assert links(answer.headers["link"])["next"].endswith("per_page=1&page=2")


def test_an_etag_saves_the_budget_and_belongs_to_one_token(weak: Reader) -> None:
    first = weak("/repos/mallow/ladle/keys", WEAK_TOKEN)
    left = int(first.headers["x-ratelimit-remaining"])
    tag = first.headers["etag"]
    again = weak("/repos/mallow/ladle/keys", WEAK_TOKEN, if_none_match=f'"other", {tag}')
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert int(again.headers["x-ratelimit-remaining"]) == left
    other = weak("/repos/mallow/ladle/keys", WEAK_FINE_GRAINED, if_none_match=tag)
    assert other.status == 200
    assert other.headers["etag"] != tag
    weak.world.repositories[0].deploy_keys.pop()
    changed = weak("/repos/mallow/ladle/keys", WEAK_TOKEN, if_none_match=tag)
    assert (changed.status, len(changed.data)) == (200, 1)
    assert "etag" not in weak("/repos/mallow/ladle/branches/gone", WEAK_TOKEN).headers


def test_the_budget_of_a_user_is_shared_and_runs_out(weak: Reader) -> None:
    weak.world.limit = 3
    first = weak("/user", WEAK_TOKEN).headers
    assert (first["x-ratelimit-limit"], first["x-ratelimit-remaining"]) == ("3", "2")
    assert first["x-ratelimit-reset"] == str(int(NOW.timestamp()) + 3600)
    assert first["x-ratelimit-resource"] == "core"
    assert weak("/user", WEAK_NARROW).headers["x-ratelimit-remaining"] == "1"
    assert weak("/user", WEAK_TOKEN).headers["x-ratelimit-remaining"] == "0"
    refused = weak("/user", WEAK_TOKEN)
    assert (refused.status, refused.headers["x-ratelimit-remaining"]) == (403, "0")
    assert refused.message == "API rate limit exceeded for user ID 1001."
    free = weak("/rate_limit", WEAK_TOKEN)
    assert free.status == 200
    assert free.data["resources"]["core"]["remaining"] == 0
    assert free.data["resources"]["graphql"]["remaining"] == 5000


def test_without_a_token_the_budget_is_small(weak: Reader) -> None:
    for _ in range(60):
        assert weak("/users/mallow").status == 200
    assert weak("/users/mallow").status == 403


def test_a_former_name_redirects_to_the_number(weak: Reader) -> None:
    moved = weak("/repos/mallow/soup-spoon/branches/main/protection", WEAK_TOKEN)
    assert moved.status == 301
    assert moved.message == "Moved Permanently"
    target = moved.headers["location"].removeprefix(weak.server.url)
    assert target == "/repositories/4001/branches/main/protection"
    assert weak(target, WEAK_TOKEN).message == "Branch not protected"
    weak.world.repositories[0].visibility = "private"
    assert weak("/repos/mallow/soup-spoon", WEAK_NARROW).status == 404
    assert weak("/repositories/0", WEAK_TOKEN).status == 404


def test_names_ignore_case_and_new_ones_are_seen(weak: Reader) -> None:
    assert weak("/repos/MALLOW/Ladle", WEAK_TOKEN).data["full_name"] == "mallow/ladle"
    assert weak("/orgs/Acorn-Labs", WEAK_TOKEN).data["login"] == "acorn-labs"
    repository = weak.world.repositories[0]
    repository.former_names.append(repository.full_name)
    repository.name = "scoop"
    assert weak("/repos/mallow/scoop", WEAK_TOKEN).status == 200
    assert weak("/repos/mallow/ladle", WEAK_TOKEN).status == 301
    del weak.world.repositories[0]
    assert weak("/repos/mallow/scoop", WEAK_TOKEN).status == 404


def test_an_enterprise_server_s_prefix_stays_in_every_address(weak: Reader) -> None:
    answer = weak("/api/v3/user/repos?per_page=2", WEAK_TOKEN)
    base = f"{weak.server.url}/api/v3"
    assert answer.data[0]["url"].startswith(f"{base}/repos/")
    assert links(answer.headers["link"])["next"].startswith(f"{base}/user/repos?")
    moved = weak("/api/v3/repos/mallow/soup-spoon", WEAK_TOKEN)
    assert moved.headers["location"] == f"{base}/repositories/4001"
    assert weak("/api/v3", WEAK_TOKEN).data["current_user_url"] == f"{base}/user"


def test_versions(weak: Reader) -> None:
    old = weak("/rate_limit", WEAK_TOKEN)
    assert "rate" in old.data
    new = weak("/rate_limit", WEAK_TOKEN, x_github_api_version="2026-03-10")
    assert "rate" not in new.data
    assert new.headers["x-github-api-version-selected"] == "2026-03-10"
    assert weak("/user", WEAK_TOKEN, x_github_api_version="2001-01-01").status == 400


def test_the_clock_is_the_world_s(weak: Reader) -> None:
    headers = weak("/user", WEAK_TOKEN).headers
    assert headers["date"] == "Tue, 24 Nov 2026 12:00:00 GMT"
    assert (
        weak("/user", WEAK_TOKEN).headers["x-github-request-id"] != (headers["x-github-request-id"])
    )


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_written_and_the_attempt_is_recorded(weak: Reader, method: str) -> None:
    before = weak("/repos/mallow/ladle/keys", WEAK_TOKEN).body
    refused = weak("/repos/mallow/ladle/keys/6001", WEAK_TOKEN, method, body="{}")
    assert refused.status == 404
    assert [r.method for r in weak.server.requests] == ["GET", method]
    assert weak("/repos/mallow/ladle/keys", WEAK_TOKEN).body == before


def test_head_answers_headers_only(weak: Reader) -> None:
    answer = weak("/user", WEAK_TOKEN, "HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["content-length"]) > 100


def test_a_request_without_an_agent_is_refused(weak: Reader) -> None:
    assert weak("/user", WEAK_TOKEN, user_agent="").status == 403


def test_faults_break_one_request(weak: Reader) -> None:
    weak.server.fault(r"/user/emails", edit=lambda _request, reply: reply, cut=10, times=1)
    weak.server.fault(r"/user/keys", after=1, edit=_hidden)
    assert weak("/user/keys", WEAK_TOKEN).status == 200
    assert weak("/user/keys", WEAK_TOKEN).data == []
    assert weak.server.crashes == []


def _hidden(_request: object, reply: object) -> object:
    reply.data = []  # type: ignore[attr-defined]
    return reply


def test_a_scenario_s_own_mistake_is_told(weak: Reader, capsys: pytest.CaptureFixture[str]) -> None:
    weak.world.repositories[0].collaborators["nobody-knows-them"] = "admin"
    with pytest.raises(ConnectionError):
        weak("/repos/mallow/ladle/collaborators", WEAK_TOKEN)
    assert "a user that it does not have" in str(weak.server.crashes[0])
    assert "nobody-knows-them" in capsys.readouterr().err


def test_files_and_folders(weak: Reader) -> None:
    base = "/repos/mallow/ladle/contents"
    assert [e["name"] for e in weak(base, WEAK_TOKEN).data] == [
        ".github",
        "README.md",
        "package.json",
    ]
    nested = weak(f"{base}/.github/workflows/release.yml", WEAK_TOKEN).data
    assert (nested["type"], nested["encoding"]) == ("file", "base64")
    assert weak(f"{base}/gone", WEAK_TOKEN).status == 404
    assert weak(f"{base}/README.md?ref=gone", WEAK_TOKEN).status == 404
    empty = weak("/repos/mallow/blank-slate/contents", WEAK_TOKEN)
    assert (empty.status, empty.message) == (404, "This repository is empty.")


def test_rest_loads_neither_graphql_nor_a_client() -> None:
    code = (
        "import sys\n"
        "from datetime import UTC, datetime\n"
        "from urllib.request import Request, urlopen\n"
        "from tests.worlds.github import WEAK_TOKEN, weak_maintainer\n"
        "from hardenme.sandbox.github.server import github_sandbox\n"
        "with github_sandbox(weak_maintainer(datetime(2026, 11, 24, tzinfo=UTC))) as server:\n"
        "    headers = {'Authorization': f'Bearer {WEAK_TOKEN}'}\n"
        "    assert urlopen(Request(f'{server.url}/user', headers=headers)).status == 200\n"
        "heavy = {'graphql', 'requests', 'github', 'rich', 'typer', 'cryptography', 'tabulate'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(  # noqa: S603  # our own interpreter and our own text
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
