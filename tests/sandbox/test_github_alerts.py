"""Alerts, code scanning, files and releases of the sandbox, and to whom it shows them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.world import SecretAlert
from tests.moment import NOW
from tests.sandbox.github_reader import Reader
from tests.sandbox.test_github_contract import needs_contract, validator
from tests.worlds.github import (
    STRICT_ORG_APP,
    WEAK_ORG_APP,
    WEAK_ORG_FINE_GRAINED,
    WEAK_ORG_MEMBER,
    WEAK_ORG_TOKEN,
    strict_organization,
    weak_organization,
)

DEPENDABOT, SECRETS = "/orgs/{org}/dependabot/alerts", "/orgs/{org}/secret-scanning/alerts"
ONE = "/repos/bramble-labs/{}"
FILES = """query {
  repository(owner: "bramble-labs", name: "briar") {
    codeowners { errors { kind line path } }
    latestRelease { tagName releaseAssets(first: 5) { totalCount nodes { name } } }
    object(expression: "HEAD:") { ... on Tree { entries { name mode } } }
  }
}"""


@pytest.fixture
def weak() -> Iterator[Reader]:
    with github_sandbox(weak_organization(NOW)) as server, Reader(server) as read:
        yield read


def weakly(pattern: str) -> str:
    return pattern.replace("{org}", "bramble-labs")


@pytest.mark.parametrize("token", [WEAK_ORG_TOKEN, WEAK_ORG_FINE_GRAINED, WEAK_ORG_APP])
def test_an_owner_sees_the_alerts_of_all_repositories(weak: Reader, token: str) -> None:
    all_of_them = weak(weakly(DEPENDABOT), token).data
    assert [item["number"] for item in all_of_them] == [1, 2, 3]
    critical = weak(f"{weakly(DEPENDABOT)}?state=open&severity=critical", token).data
    assert [item["number"] for item in critical] == [1]
    assert critical[0]["repository"]["full_name"] == "bramble-labs/briar"
    (found,) = weak(f"{weakly(SECRETS)}?state=open", token).data
    assert "CANARY" in found["secret"]
    (hidden,) = weak(f"{weakly(SECRETS)}?hide_secret=true", token).data
    assert "secret" not in hidden


def test_others_do_not(weak: Reader) -> None:
    assert weak(weakly(DEPENDABOT), WEAK_ORG_MEMBER).status == 403
    assert weak(weakly(SECRETS), WEAK_ORG_MEMBER).status == 404
    assert weak(weakly(SECRETS)).status == 401


def test_a_token_for_some_repositories_leaves_the_others_out_in_silence(weak: Reader) -> None:
    token = next(item for item in weak.world.tokens if item.value == WEAK_ORG_APP)
    token.repository_selection = frozenset({"graft"})
    assert weak(weakly(DEPENDABOT), WEAK_ORG_APP).data == []


def test_where_a_feature_is_off(weak: Reader) -> None:
    off = weak(ONE.format("graft/dependabot/alerts"), WEAK_ORG_TOKEN)
    assert (off.status, "disabled" in off.message) == (403, True)
    archived = weak(ONE.format("stump/dependabot/alerts"), WEAK_ORG_TOKEN)
    assert (archived.status, "archived" in archived.message) == (403, True)
    unscanned = weak(ONE.format("graft/secret-scanning/alerts"), WEAK_ORG_TOKEN)
    assert (unscanned.status, "disabled" in unscanned.message) == (404, True)
    setup = ONE.format("briar/code-scanning/default-setup")
    assert weak(setup, WEAK_ORG_TOKEN).data["state"] == "not-configured"
    weak.world.repositories[0].code_scanning = "not offered"
    assert weak(setup, WEAK_ORG_TOKEN).status == 403
    assert weak(ONE.format("briar/dependency-graph/sbom"), WEAK_ORG_TOKEN).status == 404


def test_pages_have_cursors(weak: Reader) -> None:
    found = weak.world.repositories[0].secret_alerts
    found += [SecretAlert(number, NOW) for number in range(2, 6)]
    url, numbers = f"{weakly(SECRETS)}?per_page=2", []
    while url:
        answer = weak(url, WEAK_ORG_TOKEN)
        numbers.append([item["number"] for item in answer.data])
        link = answer.headers.get("link", "")
        assert 'rel="last"' not in link
        parts = urlsplit(link.partition(">")[0].strip("<"))
        url = f"{parts.path}?{parts.query}" if link else ""
    assert numbers == [[1, 2], [3, 4], [5]]


def test_files_code_owners_and_releases(weak: Reader) -> None:
    found = weak.graphql(FILES, WEAK_ORG_TOKEN)["data"]["repository"]
    assert found["codeowners"]["errors"] == [
        {"kind": "Unknown owner", "line": 2, "path": "CODEOWNERS"}
    ]
    assert found["latestRelease"]["releaseAssets"] == {"totalCount": 0, "nodes": []}
    modes = {entry["name"]: entry["mode"] for entry in found["object"]["entries"]}
    assert modes[".npmrc"] == 0o100644
    hidden = weak.graphql(FILES.replace("briar", "seed"), WEAK_ORG_TOKEN)["data"]["repository"]
    assert hidden == {"codeowners": None, "latestRelease": None, "object": None}


@needs_contract
def test_they_have_github_s_shape(weak: Reader) -> None:
    of_one = "/repos/{owner}/{repo}/"
    for tail in ("dependabot/alerts", "secret-scanning/alerts", "releases"):
        answer = weak(ONE.format(f"briar/{tail}"), WEAK_ORG_APP)
        check = validator(of_one + tail, answer.status)
        assert answer.data
        assert check is not None
        assert not [*check.iter_errors(answer.data)], tail
    for pattern in (DEPENDABOT, SECRETS):
        answer = weak(weakly(pattern), WEAK_ORG_TOKEN)
        check = validator(pattern, 200)
        assert answer.data
        assert check is not None
        assert not [*check.iter_errors(answer.data)], pattern


@needs_contract
def test_a_release_with_files_has_github_s_shape() -> None:
    with github_sandbox(strict_organization(NOW)) as server, Reader(server) as read:
        answer = read("/repos/cedar-labs/cone/releases", STRICT_ORG_APP)
        check = validator("/repos/{owner}/{repo}/releases", 200)
        assert check is not None
        assert len(answer.data[0]["assets"]) == 2
        assert not [*check.iter_errors(answer.data)]
        answer = read("/repos/cedar-labs/cone/dependency-graph/sbom", STRICT_ORG_APP)
        check = validator("/repos/{owner}/{repo}/dependency-graph/sbom", 200)
        assert check is not None
        assert not [*check.iter_errors(answer.data)]
