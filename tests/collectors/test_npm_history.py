"""The releases of a packument, each field by whether it is there."""

from __future__ import annotations

import json
import tracemalloc
from datetime import UTC, datetime
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.npm import package
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.trim import trim
from hardenme.collectors.transport.cache import Cache
from hardenme.facts.npm.history import PastRelease, ReleaseHistory
from hardenme.facts.npm.manifest import Maintainer
from hardenme.facts.npm.package import Package
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply
from tests.collectors.reader import QUICK
from tests.collectors.scripted import of, registry, server

LAMP = Subject("npm", "package", "@hazel/lamp")
PATH = "/@hazel%2Flamp"
OLD: dict[str, Any] = {
    "_id": "@hazel/lamp@1.0.0",
    "name": "@hazel/lamp",
    "version": "1.0.0",
    "_npmUser": {"name": "hazel", "email": "hazel@mail.example"},
    "maintainers": [{"name": "hazel", "email": "hazel@mail.example"}],
    "dist": {
        "integrity": "sha512-AA",
        "shasum": "aa",
        "signatures": [{"keyid": "a", "sig": "b"}],
        "fileCount": 3,
        "unpackedSize": 1000,
    },
    "repository": {"type": "git", "url": "git+https://github.com/hazel/lamp.git"},
    "gitHead": "0a1b2c",
    "scripts": {"test": "true", "postinstall": "node x.js"},
    "dependencies": {"wick": "^1.0.0"},
    "optionalDependencies": {"flint": "^2.0.0"},
    "peerDependencies": {"oil": "^3.0.0"},
}
NEW: dict[str, Any] = OLD | {
    "_id": "@hazel/lamp@2.0.0",
    "version": "2.0.0",
    "_npmUser": {
        "name": "GitHub Actions",
        "email": "npm-oidc-no-reply@github.com",
        "trustedPublisher": {"id": "github", "oidcConfigId": "oidc:7"},
        "approver": {"name": "rowan", "email": "rowan@mail.example"},
    },
    "scripts": {},
    "deprecated": "use another",
}
FULL: dict[str, Any] = {
    "_id": "@hazel/lamp",
    "name": "@hazel/lamp",
    "dist-tags": {"latest": "2.0.0"},
    "maintainers": [{"name": "hazel", "email": "hazel@mail.example"}],
    "time": {
        "created": "2026-10-01T00:00:00.000Z",
        "modified": "2026-11-02T00:00:00.000Z",
        "1.5.0": "2026-10-05T00:00:00.000Z",
        "2.0.0": "2026-11-01T00:00:00.000Z",
        "1.0.0": "2026-10-01T00:00:00.000Z",
    },
    "versions": {"2.0.0": NEW, "1.0.0": OLD},
}


LEFT_OUT = {"dependencies", "deprecated"}
"""What an old release says by leaving it out; one that is stripped says nothing."""


def read(said: Any) -> ReleaseHistory:
    with registry({PATH: said}) as (client, _):
        answer = of(ReleaseHistory, list(package.packument(client, LAMP, FactStore())))
    fact: ReleaseHistory = answer.facts[0]
    return fact


def release(**change: Any) -> PastRelease:
    version = {name: value for name, value in (OLD | change).items() if value is not ...}
    return read(FULL | {"versions": {"1.0.0": version}}).releases[0]


def unread(**change: Any) -> set[str]:
    return set(release(**change).unknown_fields())


def test_releases_oldest_first_and_what_was_removed() -> None:
    found = read(FULL)
    assert [one.version for one in found.releases] == ["1.0.0", "2.0.0"]
    assert found.tags == {"latest": "2.0.0"}
    assert found.removed == {"1.5.0": datetime(2026, 10, 5, tzinfo=UTC)}
    old, new = found.releases
    assert not old.unknown_fields()
    assert not new.unknown_fields()
    assert (old.publisher, old.publisher_email) == ("hazel", "hazel@mail.example")
    assert (old.trusted_publisher, old.approver, old.provenance) == ("", "", False)
    assert old.scripts == {"postinstall": "node x.js"}
    assert old.dependencies == {"wick": "^1.0.0", "flint": "^2.0.0", "oil": "^3.0.0"}
    assert old.maintainers == (Maintainer("hazel", "hazel@mail.example"),)
    assert (old.files, old.size, old.commit) == (3, 1000, "0a1b2c")
    assert (old.repository, old.deprecated) == ("hazel/lamp", False)
    assert (new.trusted_publisher, new.approver) == ("oidc:7", "rowan")
    assert new.deprecated
    assert new.dependencies is old.dependencies, "what is said alike is held once"


@pytest.mark.parametrize(
    ("change", "unknown"),
    [
        (
            {"_npmUser": ...},
            {"publisher", "publisher_email", "trusted_publisher", "approver", *LEFT_OUT},
        ),
        (
            {"_npmUser": {"email": "hazel@mail.example"}},
            {"publisher", "publisher_email", "trusted_publisher", "approver", *LEFT_OUT},
        ),
        (
            {"_npmUser": "hazel"},
            {"publisher", "publisher_email", "trusted_publisher", "approver", *LEFT_OUT},
        ),
        ({"_npmUser": {"name": "hazel", "trustedPublisher": True}}, {"trusted_publisher"}),
        ({"_npmUser": {"name": "hazel", "trustedPublisher": {"x": 1}}}, {"trusted_publisher"}),
        ({"_npmUser": {"name": "hazel", "approver": "rowan"}}, {"approver"}),
        ({"_npmUser": {"name": "hazel", "email": 5}}, {"publisher_email"}),
        (
            {"dist": {"integrity": "sha512-AA"}},
            {"provenance", "files", "size", "shasum", *LEFT_OUT},
        ),
        ({"maintainers": ...}, {"maintainers"}),
        ({"maintainers": []}, {"maintainers"}),
        ({"dependencies": ["wick"]}, {"dependencies"}),
        ({"optionalDependencies": {"wick": 1}}, {"dependencies"}),
        ({"peerDependencies": {"wick": 1}}, {"dependencies"}),
        ({"scripts": {"install": 1}}, {"scripts"}),
        ({"hasInstallScript": "yes"}, {"scripts"}),
        ({"gypfile": "yes"}, {"scripts"}),
        ({"gitHead": 1}, {"commit"}),
        ({"deprecated": 1}, {"deprecated"}),
        ({"repository": 1}, {"repository"}),
        # A manifest that is not whole says nothing by what it leaves out.
        ({"_id": ..., "scripts": ...}, {"scripts", "dependencies", "deprecated"}),
        (
            {"_id": ..., "repository": ..., "gitHead": ...},
            {"dependencies", "deprecated", "commit", "repository"},
        ),
    ],
)
def test_a_field_that_is_not_there_is_unknown(change: dict[str, Any], unknown: set[str]) -> None:
    assert unread(**change) == unknown


def test_a_mark_without_a_script_is_a_script() -> None:
    assert release(scripts=..., hasInstallScript=True).scripts == {"install": ""}
    assert release(scripts=..., hasInstallScript=False).scripts == {}
    assert release(scripts=...).scripts == {}


def test_a_binding_gyp_runs_node_gyp_where_no_earlier_script_stands_in_its_place() -> None:
    own = {"install": "node-gyp rebuild"}
    assert release(scripts=..., gypfile=True).scripts == own
    assert release(scripts={"postinstall": "x"}, gypfile=True).scripts == own | {"postinstall": "x"}
    assert release(scripts={"install": "x"}, gypfile=True).scripts == {"install": "x"}
    assert release(scripts={"preinstall": "x"}, gypfile=True).scripts == {"preinstall": "x"}
    assert release(scripts=..., gypfile=False).scripts == {}


@pytest.mark.parametrize("change", [{"deprecated": ""}, {"deprecated": False}])
def test_a_mark_that_was_taken_back(change: dict[str, Any]) -> None:
    assert not release(**change).deprecated


@pytest.mark.parametrize(
    "change",
    [
        {"versions": {}},
        {"versions": "something-new"},
        {"versions": {"2.0.0": "something-new"}},
        {"time": "something-new"},
        {"time": {}},
        {"time": {"1.0.0": "2026-10-01T00:00:00.000Z"}},
        {"time": {"1.0.0": "2026-10-01T00:00:00.000Z", "2.0.0": "soon"}},
    ],
)
def test_without_an_order_there_is_no_history(change: dict[str, Any]) -> None:
    assert "releases" in read(FULL | change).unknown_fields()


def test_tags_that_are_not_understood() -> None:
    assert "tags" in read(FULL | {"dist-tags": {"latest": 2}}).unknown_fields()
    assert "tags" in read(FULL | {"dist-tags": None}).unknown_fields()


def test_an_unpublished_package_shows_no_versions() -> None:
    gone = {"name": "hazel", "time": "2026-11-01T00:00:00.000Z", "versions": ["1.0.0"]}
    found = read(FULL | {"versions": {}, "time": {"unpublished": gone}})
    assert {"releases", "removed"} <= found.unknown_fields().keys()


def test_slimming_leaves_what_is_read_as_it_is() -> None:
    told = '\U0001f4a1 \u00e9\ud7ff\x00"\\'
    version = OLD | {"deprecated": told, "readme": "r" * 9, "jest": {"dist": {}, "version": "1"}}
    body = json.dumps(
        FULL | {"versions": {"1.0.0": version}, "readme": told * 20_000}, ensure_ascii=False
    ).encode()
    less = json.loads(trim(body))
    assert less["versions"]["1.0.0"] == OLD | {"deprecated": told}
    assert less.keys() == FULL.keys()
    assert trim(trim(body)) == trim(body)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b'{"versions": {}, "versions": {}}',
        b'{"a": NaN}',
        b'{"a": "\xff\xfe"}',
        b"[" * 100_000,
        b"",
    ],
)
def test_what_cannot_be_slimmed_is_left_for_its_reader(body: bytes) -> None:
    assert trim(body) == body


@pytest.mark.second_tier("takes over half a second")
def test_slimming_holds_little_more_than_the_text() -> None:
    versions = {
        f"1.0.{n}": OLD | {"version": f"1.0.{n}", "jest": {"x": ["y" * 40] * 60}}
        for n in range(2000)
    }
    body = json.dumps(FULL | {"versions": versions}).encode()
    tracemalloc.start()
    try:
        less = trim(body)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(less) < len(body) / 3
    assert most < 4 * len(body)


def test_packuments_are_not_held_for_the_run(tmp_path: Any) -> None:
    etag = '"1"'

    def answer(request: Any) -> Reply:
        if request.headers.get("if-none-match") == etag:
            return Reply(304, headers={"etag": etag})
        return Reply(data=FULL, headers={"etag": etag, "content-type": "application/json"})

    with server({PATH: answer}) as running:
        for _ in range(2):
            client = Npm.connect(running.url, None, bounds=QUICK, cache=Cache(tmp_path))
            found = of(ReleaseHistory, list(package.packument(client, LAMP, FactStore())))
            assert len(found.facts[0].releases) == 2
            assert client.memo._futures == {}
        assert [request.headers.get("if-none-match") for request in running.requests] == [
            None,
            etag,
        ]
        kept = Npm.connect(running.url, None, bounds=QUICK, cache=Cache(tmp_path))
        assert kept.packument("/@hazel%2flamp", kept=True).json()["name"] == "@hazel/lamp"
        assert len(running.requests) == 2, "what is kept is not asked for"


def test_a_packument_that_is_too_large_is_refused_in_its_own_words() -> None:
    large = Reply(data=FULL | {"readme": "r" * 33 * 2**20})
    with registry({PATH: large}) as (client, _):
        found = of(Package, list(package.packument(client, LAMP, FactStore())))
    assert found.missing is not None
    assert found.missing.reason is Reason.MALFORMED
    assert found.missing.needed == "GET /@hazel%2flamp answers more than 32 MiB, which is not read"
