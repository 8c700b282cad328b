"""What npm's own scan came to: over a socket, from the answer to the verdict."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.npm import package
from hardenme.collectors.npm.version_status import version_status
from hardenme.facts.npm.package import Status, VersionStatus
from hardenme.model.depth import Depth
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Reason, Unknown
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme.sandbox.http import Reply
from hardenme.sandbox.npm import scenarios
from hardenme.sandbox.npm.server import npm_sandbox
from hardenme.sandbox.npm.world import ClientToken, TokenKind
from hardenme_checks.npm.release_status import package_version_not_blocked
from tests.collectors.scripted import GONE, NPM_TOKEN, registry
from tests.passing import fine_grained
from tests.running import NOW
from tests.sandbox.npm_reader import Reader

NAME = "@hazel/lamp"
LAMP = Subject("npm", "package", NAME)
PACKUMENT: dict[str, Any] = {
    "name": NAME,
    "dist-tags": {"latest": "2.0.0"},
    "time": {"2.0.0": "2026-11-01T00:00:00.000Z"},
    "versions": {"2.0.0": {"_id": f"{NAME}@2.0.0"}},
}
STATUS = "/-/package/@hazel%2flamp/version/2.0.0/status"
SAID: dict[str, Any] = {"packageName": NAME, "version": "2.0.0", "status": "published"}


def read(said: Any, token: str = NPM_TOKEN, **packument: Any) -> tuple[Answer[Any], list[str]]:
    paths = {"/@hazel%2flamp": PACKUMENT | packument, STATUS: said}
    paths |= {path.replace("%2f", "%2F"): answer for path, answer in paths.items()}
    with registry(paths, token) as (client, server):
        store = FactStore()
        for answer in package.packument(client, LAMP, store):
            store.put(answer)
        (found,) = version_status(client, LAMP, store)
        return found, [request.path for request in server.requests[1:]]


@pytest.mark.parametrize("status", get_args(Status))
def test_what_npm_says(status: str) -> None:
    found, paths = read(SAID | {"status": status})
    assert found.facts[0].status == status
    assert len(paths) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"status": "quarantined"},
        {"status": None},
        {"packageName": "@hazel/desk"},
        {"packageName": None},
        {"version": "1.9.0"},
        {"version": 2},
    ],
)
def test_a_status_that_is_not_understood(change: dict[str, Any]) -> None:
    fact = read(SAID | change)[0].facts[0]
    assert fact.unknown_fields()
    with pytest.raises(NotKnownError):
        package_version_not_blocked(fact)


@pytest.mark.parametrize("said", [GONE, Reply(403, {}), Reply(401, {}), Reply(500, {}), []])
def test_a_status_that_is_not_told(said: Any) -> None:
    found, _ = read(said)
    assert found.facts == ()
    assert found.missing is not None


def test_what_is_not_asked() -> None:
    for found, paths in (read(SAID, token=""), read(SAID, **{"dist-tags": {}})):
        assert found.missing is not None
        assert paths == []


def status(word: str) -> VersionStatus:
    return VersionStatus(subject=LAMP, within=LAMP, package=NAME, version="2.0.0", status=word)


def test_what_it_means() -> None:
    results = {word: type(package_version_not_blocked(status(word))) for word in get_args(Status)}
    undecided = dict.fromkeys(("validating", "staged", "deleted"), NotApplicable)
    assert results == {"published": Passed, "blocked": Failed, **undecided}
    found = package_version_not_blocked(status("validating"))
    assert isinstance(found, NotApplicable)
    assert "scanning" in found.message
    bad = package_version_not_blocked(status("blocked"))
    assert isinstance(bad, Failed)
    assert bad.message == "npm blocked 2.0.0"


@pytest.mark.second_tier("takes long in all", one_of=3)
@pytest.mark.parametrize(
    ("word", "result"),
    [("published", "passed"), ("blocked", "failed"), ("validating", "not_applicable")],
)
def test_what_a_run_says(word: Any, result: str) -> None:
    with fine_grained() as running:
        world = running.npm.world  # type: ignore[attr-defined]  # the registry's
        for item in world.packages:
            item.versions[-1].status = word
        report = running.audit("me", select_=("NPP117",))
        assert {finding.result for finding in report.findings} == {result}
        before = len(running.npm.requests)
        running.audit("me", select_=("NPP",), depth=Depth.STANDARD)
        paths = [request.path for request in running.npm.requests[before:]]
        assert not any(path.endswith("/status") for path in paths), "it takes the deep run"


def test_to_whom_the_sandbox_tells_it() -> None:
    world = scenarios.hardened_maintainer(NOW)
    item = world.packages[0]
    version = item.versions[-1].version
    world.credentials += [
        ClientToken("npm_CANARYother", "hazel", TokenKind.READ, packages=()),
        ClientToken("npm_CANARYread", "hazel", TokenKind.READ, packages=(item.name,)),
    ]
    path = f"/-/package/{item.name.replace('/', '%2f')}/version/{version}/status"
    with npm_sandbox(world) as server:
        ask = Reader(server)
        assert ask(path, "npm_CANARYread").data == {
            "packageName": item.name,
            "version": version,
            "status": "published",
        }
        assert ask(path, world.token("hazel")).status == 200
        assert ask(path, "").status == 401
        assert ask(path, "npm_CANARYother").status == 404
        assert ask(path.replace(version, "99.0.0"), world.token("hazel")).status == 404


def test_a_refusal_names_what_it_takes() -> None:
    found, _ = read(GONE)
    assert isinstance(found.missing, Unknown)
    assert found.missing.reason is Reason.NOT_VISIBLE
