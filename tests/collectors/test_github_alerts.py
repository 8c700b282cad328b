from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import alerts, code_scanning, repositories
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.transport.cache import Cache
from hardenme.facts.github.alerts import (
    RepositoryCodeScanning,
    RepositoryDependabotAlerts,
    RepositoryMalwareAlerts,
    RepositorySecretAlerts,
)
from hardenme.facts.github.repository import Repository as RepositoryFact
from hardenme.model.depth import Depth, is_beyond
from hardenme.model.fact import Fact
from hardenme.model.secret import Secret
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.github.world import (
    Organization,
    Repository,
    SecretAlert,
    Token,
    User,
    VulnerabilityAlert,
    World,
)
from hardenme.sandbox.http import Fault, Reply, Request
from tests.collectors.reader import QUICK, TOKEN
from tests.passing import organization
from tests.running import NOW

PAT = "github_pat_CANARY00000000000000_" + "0" * 54
MEMBER = "ghp_CANARYmember0000000000000000000000000"
THEN = NOW - timedelta(days=90)
FOUND = {
    "dependabot": RepositoryDependabotAlerts,
    "malware": RepositoryMalwareAlerts,
    "secrets": RepositorySecretAlerts,
}


def repository(owner: str, name: str, number: int, *severities: str, **traits: Any) -> Repository:
    found = Repository(owner, name, number, THEN, THEN, vulnerability_alerts_enabled=True, **traits)
    found.security.secret_scanning = "enabled"
    for index, severity in enumerate(severities):
        alert = VulnerabilityAlert(index + 1, "sandglass", THEN, severity)  # type: ignore[arg-type]  # one of the words
        found.vulnerability_alerts.append(alert)
        if severity == "critical":
            alert.classification = "malware"
            found.secret_alerts.append(SecretAlert(index + 1, THEN))
    return found


def world() -> World:
    """An organization of two repositories, one of them with two critical alerts; a person's two."""
    permissions = dict.fromkeys(("vulnerability_alerts", "secret_scanning_alerts"), "read")
    return World(
        now=NOW,
        users=[User("hazel", 7, THEN), User("maple", 8, THEN)],
        organizations=[
            Organization("acorn-labs", 3, THEN, members={"hazel": "admin", "maple": "member"})
        ],
        repositories=[
            repository("acorn-labs", "bad", 71, "critical", "low", "critical"),
            repository("acorn-labs", "good", 72, "high"),
            repository("hazel", "bad", 73, "moderate", "critical", visibility="private"),
            repository("hazel", "good", 74, "moderate"),
        ],
        tokens=[
            Token(TOKEN, "classic", "hazel", frozenset({"repo", "read:org"})),
            Token(MEMBER, "classic", "maple", frozenset({"repo", "read:org"})),
            Token(PAT, "fine-grained", "hazel", permissions=permissions, owner="hazel"),
        ],
    )


@contextmanager
def asked(
    state: World, token: str = TOKEN, cache: Cache | None = None
) -> Iterator[tuple[GitHub, GitHubServer]]:
    with github_sandbox(state) as server:
        yield GitHub.connect(server.url, Secret(token), bounds=QUICK, cache=cache), server


def read(
    client: GitHub, target: Subject, depth: Depth = Depth.DEEP
) -> dict[tuple[str, type[Fact]], Any]:
    """By the repository's name and the kind, the fact or why there is none."""
    store = FactStore(depth=depth)
    listing = repositories.one if target.kind == "repo" else repositories.owned
    for answer in listing(client, target, store):
        store.put(answer)
    found = {}
    for answer in [said for said in store.answers(RepositoryFact) if said.facts]:
        for collector in alerts.COLLECTORS:
            for said in collector.read(client, answer.scope, store):
                store.put(said)
            for kind in collector.gives:
                told = store.get(kind, answer.scope)
                assert told is not None
                name = answer.scope.name.partition("/")[2]
                found[name, kind] = told.missing or told.facts[0]
    return found


def paths(server: GitHubServer) -> list[str]:
    return [request.path for request in server.requests if request.method == "GET"]


ORGANIZATION = Subject("github", "org", "acorn-labs")
PERSON = Subject("github", "user", "hazel")


@pytest.mark.parametrize("kind", FOUND.values())
@pytest.mark.parametrize("depth", Depth)
def test_an_organization_is_asked_once(kind: Any, depth: Depth) -> None:
    with asked(world()) as (client, server):
        found = read(client, ORGANIZATION, depth)
    assert (found["bad", kind].open, found["bad", kind].seen) == (2, 2)
    assert (found["good", kind].open, found["good", kind].seen) == (0, 0)
    assert sorted(paths(server)) == [
        "/orgs/acorn-labs",
        "/orgs/acorn-labs/dependabot/alerts",
        "/orgs/acorn-labs/dependabot/alerts",
        "/orgs/acorn-labs/secret-scanning/alerts",
    ]
    assert not any(b"vulnerabilityAlerts" in request.body for request in server.requests)


def test_pages_are_followed_by_their_cursors() -> None:
    state = world()
    state.repositories[1].vulnerability_alerts += [
        VulnerabilityAlert(number, "hourglass", THEN, "critical") for number in range(10, 230)
    ]
    with asked(state) as (client, server):
        found = read(client, ORGANIZATION)
    assert found["good", RepositoryDependabotAlerts].open == 220
    assert found["bad", RepositoryDependabotAlerts].open == 2
    assert paths(server).count("/orgs/acorn-labs/dependabot/alerts") == 6, "and looked at again"


def test_a_lost_page_is_not_an_empty_one() -> None:
    state = world()
    state.repositories[0].vulnerability_alerts += [
        VulnerabilityAlert(number, "hourglass", THEN, "critical") for number in range(10, 230)
    ]
    with asked(state) as (client, server):
        server.faults.append(
            Fault("/orgs/.*/alerts.*", edit=lambda *_: Reply(403, {"message": ""}), after=1)
        )
        found = read(client, ORGANIZATION, Depth.FAST)
    good, bad = (found[name, RepositoryDependabotAlerts] for name in ("good", "bad"))
    assert good.seen == 0
    assert good.unknown_fields()["open"].reason is Reason.NOT_PERMITTED
    assert bad.seen == 100, "what came counts"
    assert "open" in bad.unknown_fields()


@pytest.mark.parametrize("kind", FOUND.values())
def test_a_member_is_refused_and_goes_on_with_single_repositories(kind: Any) -> None:
    state = world()
    for item in state.repositories[:2]:
        item.collaborators["maple"] = "admin"
    with asked(state, MEMBER) as (client, server):
        server.faults.append(Fault("/repos/.*/bad/.*", edit=lambda *_: Reply(403, {"message": ""})))
        fast = read(client, ORGANIZATION, Depth.STANDARD)
        assert not [path for path in paths(server) if path.startswith("/repos/")]
        deep = read(client, ORGANIZATION, Depth.DEEP)
    reason = fast["good", kind].unknown_fields()["open"].reason
    assert reason in {Reason.NOT_PERMITTED, Reason.NOT_VISIBLE}
    assert deep["good", kind].open == 0
    assert "open" in deep["bad", kind].unknown_fields()


def edited(change: Callable[[list[Any]], Any]) -> Callable[[Request, Reply], Reply]:
    """The list with a change."""

    def edit(_request: Request, reply: Reply) -> Reply:
        data = json.loads(reply.encoded())
        change(data)
        return Reply(reply.status, data, reply.headers)

    return edit


@pytest.mark.parametrize(
    ("tail", "change"),
    [
        ("dependabot", lambda items: items[0].pop("state")),
        ("dependabot", lambda items: items[0].update(state="asleep")),
        ("dependabot", lambda items: items[0].pop("security_vulnerability")),
        ("dependabot", lambda items: items[0]["security_vulnerability"].update(severity="dire")),
        ("dependabot", lambda items: items[0]["repository"].pop("full_name")),
        ("dependabot", lambda items: items[0].update(repository=None)),
        ("dependabot", lambda items: items.__setitem__(0, "alert")),
        ("malware", lambda items: items[0].pop("state")),
        ("malware", lambda items: items[0].pop("security_advisory")),
        ("malware", lambda items: items[0]["security_advisory"].pop("classification")),
        ("malware", lambda items: items[0]["security_advisory"].update(classification="worm")),
        ("malware", lambda items: items[0]["security_advisory"].update(classification=None)),
        ("secrets", lambda items: items[0].pop("state")),
        ("secrets", lambda items: items[0].update(state=None)),
        ("secrets", lambda items: items[0].pop("repository")),
    ],
)
def test_an_alert_that_is_not_understood_may_be_anybody_s(
    tail: str, change: Callable[[list[Any]], Any]
) -> None:
    kind = FOUND[tail]
    with asked(world()) as (client, server):
        server.faults.append(Fault("/orgs/.*", edit=edited(change)))
        found = read(client, ORGANIZATION, Depth.FAST)
    assert "open" in found["good", kind].unknown_fields()
    assert found["bad", kind].seen == 1
    assert "open" in found["bad", kind].unknown_fields()


def test_what_the_filter_should_have_left_out_is_not_counted() -> None:
    def add(items: list[Any]) -> None:
        for place, name, value in (
            (None, "state", "fixed"),
            ("security_vulnerability", "severity", "low"),
            ("security_advisory", "classification", "general"),
        ):
            other = json.loads(json.dumps(items[0]))
            other["number"] = 90 + len(items)
            (other[place] if place else other)[name] = value
            items.append(other)

    with asked(world()) as (client, server):
        server.faults.append(Fault("/orgs/.*/dependabot/.*", edit=edited(add)))
        found = read(client, ORGANIZATION)
    assert found["bad", RepositoryDependabotAlerts].open == 3, "one of them is no malware"
    assert found["bad", RepositoryMalwareAlerts].open == 3, "one of them is of low severity"


def test_secrets_are_not_asked_for_and_not_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")

    def shown(items: list[Any]) -> None:
        for item in items:
            item["secret"] = "CANARYshown"

    with asked(world(), cache=cache) as (client, server):
        server.faults.append(Fault(".*secret-scanning.*", edit=edited(shown)))
        read(client, ORGANIZATION)
        read(client, PERSON)
        said = [r.query for r in server.requests if "secret-scanning" in r.path]
    assert len(said) == 3
    assert all(query["hide_secret"] == "true" for query in said)
    assert not any(b"CANARYshown" in path.read_bytes() for path in cache.folder.glob("*"))
    remembered = repr([future.result() for future in client.memo._futures.values()])
    assert "Counts(" in remembered
    assert "CANARYshown" not in remembered


def test_a_person_s_repositories_come_with_the_batch() -> None:
    with asked(world()) as (client, server):
        found = read(client, PERSON, Depth.FAST)
    assert paths(server) == []
    bad, good = (found[name, RepositoryDependabotAlerts] for name in ("bad", "good"))
    assert (bad.open, bad.seen, good.open) == (1, 1, 0)
    for kind in (RepositoryMalwareAlerts, RepositorySecretAlerts):
        assert is_beyond(found["good", kind].unknown_fields()["open"])


def test_a_single_repository_comes_with_the_batch() -> None:
    with asked(world()) as (client, server):
        one = Subject("github", "repo", "acorn-labs/bad")
        found = read(client, one, Depth.FAST)
    assert found["bad", RepositoryDependabotAlerts].open == 2
    assert paths(server) == [
        "/orgs/acorn-labs/dependabot/alerts",
        "/orgs/acorn-labs/secret-scanning/alerts",
    ]


def test_more_alerts_than_the_batch_shows() -> None:
    state = world()
    many = [VulnerabilityAlert(number, "x", THEN, "low") for number in range(10, 80)]
    for item in state.repositories[2:]:
        item.vulnerability_alerts += many
    with asked(state) as (client, server):
        fast = read(client, PERSON, Depth.FAST)
        assert fast["bad", RepositoryDependabotAlerts].seen == 1
        assert "open" in fast["bad", RepositoryDependabotAlerts].unknown_fields()
        assert is_beyond(fast["good", RepositoryDependabotAlerts].unknown_fields()["open"])
        deep = read(client, PERSON)
    assert deep["good", RepositoryDependabotAlerts].open == 0
    assert "/repos/hazel/good/dependabot/alerts" in paths(server)


@pytest.mark.parametrize(
    "change",
    [
        {"vulnerabilityAlerts": None},
        {"vulnerabilityAlerts": {"totalCount": 0}},
        {"vulnerabilityAlerts": {"nodes": []}},
        {"vulnerabilityAlerts": {"totalCount": 1, "nodes": []}},
        {"vulnerabilityAlerts": {"totalCount": 1, "nodes": [None]}},
        {"vulnerabilityAlerts": {"totalCount": 1, "nodes": [{"securityVulnerability": {}}]}},
        {"viewerCanAdminister": False},
    ],
)
def test_a_batch_that_does_not_settle_it(change: dict[str, Any]) -> None:
    def edit(_request: Request, reply: Reply) -> Reply:
        data = json.loads(reply.encoded())
        for node in data["data"]["repositoryOwner"]["repositories"]["nodes"]:
            node.update(change)
        return Reply(reply.status, data, reply.headers)

    with asked(world()) as (client, server):
        server.faults.append(Fault("/graphql", edit=edit))
        found = read(client, PERSON, Depth.FAST)
    assert is_beyond(found["good", RepositoryDependabotAlerts].unknown_fields()["open"])


def test_without_the_scope_a_count_of_zero_is_not_believed() -> None:
    def edit(_request: Request, reply: Reply) -> Reply:
        reply.headers["x-oauth-scopes"] = "public_repo"
        return reply

    with asked(world()) as (client, server):
        server.faults.append(Fault("/graphql", edit=edit))
        found = read(client, PERSON, Depth.FAST)
    assert "open" in found["good", RepositoryDependabotAlerts].unknown_fields()
    assert found["bad", RepositoryDependabotAlerts].seen == 1


@pytest.mark.parametrize("kind", FOUND.values())
def test_a_fine_grained_token_asks_one_at_a_time(kind: Any) -> None:
    with asked(world(), PAT) as (client, server):
        standard = read(client, PERSON, Depth.STANDARD)
        assert is_beyond(standard["bad", kind].unknown_fields()["open"])
        deep = read(client, PERSON)
    assert (deep["bad", kind].open, deep["good", kind].open) == (1, 0)
    assert not any(b"vulnerabilityAlerts(" in request.body for request in server.requests)


def test_where_alerts_are_off_nothing_is_known() -> None:
    state = world()
    state.repositories[3].vulnerability_alerts_enabled = False
    state.repositories[3].security.secret_scanning = "disabled"
    with asked(state, PAT) as (client, _):
        found = read(client, PERSON)
    for kind in FOUND.values():
        assert "open" in found["good", kind].unknown_fields()


def scanned(reply: Reply | None = None, **traits: Any) -> Any:
    state = world()
    for name, value in traits.items():
        setattr(state.repositories[0], name, value)
    scope = Subject("github", "repo", "acorn-labs/bad")
    with asked(state) as (client, server):
        if reply is not None:
            server.faults.append(Fault(".*", edit=lambda *_: reply))
        (answer,) = code_scanning.default_setup(client, scope, FactStore())
    assert answer.kind is RepositoryCodeScanning
    return answer.missing or answer.facts[0]


def test_the_default_set_up_of_code_scanning() -> None:
    assert scanned(code_scanning="configured").configured is True
    assert scanned(code_scanning="not-configured").configured is False
    lacking = scanned(code_scanning="not offered")
    assert (lacking.configured, lacking.offered) == (False, False)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(403, {"message": "Resource not accessible by personal access token"}),
        Reply(404, {"message": "Not Found"}),
        Reply(200, {}),
        Reply(500, {"message": "no"}),
    ],
)
def test_a_set_up_that_is_not_shown(reply: Reply) -> None:
    assert isinstance(scanned(reply), Unknown)


@pytest.mark.parametrize("data", [{"state": "asleep"}, {"state": None}, {"languages": []}])
def test_a_state_that_is_not_understood(data: dict[str, Any]) -> None:
    assert "configured" in scanned(Reply(200, data)).unknown_fields()


SCAN = b"""on: push
permissions: {}
jobs:
  scan:
    runs-on: ubuntu-latest
    permissions: {security-events: write}
    steps:
      - uses: github/codeql-action/init@0000000000000000000000000000000000000000
      - uses: github/codeql-action/analyze@0000000000000000000000000000000000000000
"""


def test_a_workflow_that_scans_is_seen_in_a_run() -> None:
    with organization() as running:
        for item in running.github.world.repositories:  # type: ignore[attr-defined]  # GitHub's
            item.code_scanning = "not-configured"
            if item.name == "cone":
                item.files[".github/workflows/scan.yml"] = SCAN
        report = running.audit("github:cedar-labs", select_=("GHR107",))
    found = {str(finding.subject): finding.result for finding in report.findings}
    assert found["github:repo/cedar-labs/cone"] == "passed"
    assert found["github:repo/cedar-labs/resin"] == "failed"
