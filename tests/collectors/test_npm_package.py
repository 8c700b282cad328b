from __future__ import annotations

from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.npm import package
from hardenme.facts.npm.package import NewestRelease, Package, PackageGrant, WeeklyDownloads
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply
from tests.collectors.scripted import GONE, of, registry

USER = Subject("npm", "user", "hazel")
ACORN = Subject("npm", "org", "acorn")
LAMP = Subject("npm", "package", "@hazel/lamp")
PATH = "/@hazel%2Flamp"
SEARCH = "/-/v1/search"
VERSION = {
    "_id": "@hazel/lamp@2.0.0",
    "_npmUser": {"name": "hazel", "email": "hazel@mail.example"},
    "dist": {
        "integrity": "sha512-AA",
        "signatures": [{"keyid": "SHA256:A", "sig": "AA"}],
        "attestations": {"provenance": {"predicateType": "https://slsa.dev/provenance/v1"}},
    },
    "scripts": {"test": "true"},
}
FULL = {
    "name": "@hazel/lamp",
    "dist-tags": {"latest": "2.0.0"},
    "maintainers": [{"name": "hazel", "email": "hazel@mail.example"}],
    "time": {"2.0.0": "2026-11-01T00:00:00.000Z"},
    "versions": {"2.0.0": VERSION},
}


def packument(said: Any) -> list[Answer[Any]]:
    with registry({PATH: said}) as (client, _):
        return list(package.packument(client, LAMP, FactStore()))


def release(**change: Any) -> NewestRelease:
    without = [name for name, value in change.items() if value is ...]
    version = {name: value for name, value in (VERSION | change).items() if name not in without}
    answer = of(NewestRelease, packument(FULL | {"versions": {"2.0.0": version}}))
    fact: NewestRelease = answer.facts[0]
    return fact


def unread(**change: Any) -> set[str]:
    return set(release(**change).unknown_fields())


def test_a_full_packument() -> None:
    found = packument(FULL)
    fact = of(Package, found).facts[0]
    assert not fact.unknown_fields()
    assert [person.name for person in fact.maintainers] == ["hazel"]
    newest = release()
    assert not newest.unknown_fields()
    assert (newest.version, newest.publisher, newest.trusted_publisher) == ("2.0.0", "hazel", False)
    assert (newest.provenance, newest.install_script) == (True, False)


def test_an_abbreviated_packument_proves_nothing() -> None:
    """It leaves out `_npmUser`, `_id`, `time` and `maintainers`."""
    short = {"dist": VERSION["dist"]}
    said = {key: FULL[key] for key in ("name", "dist-tags")} | {"versions": {"2.0.0": short}}
    found = packument(said)
    assert "maintainers" in of(Package, found).facts[0].unknown_fields()
    unknown = of(NewestRelease, found).facts[0].unknown_fields()
    assert {"publisher", "trusted_publisher", "install_script", "published_at"} <= unknown.keys()


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"_npmUser": ...}, {"publisher", "trusted_publisher"}),
        ({"_npmUser": None}, {"publisher"}),
        ({"_npmUser": {}}, {"publisher"}),
        ({"dist": ...}, {"provenance"}),
        ({"dist": {}}, {"provenance"}),
        ({"dist": {"shasum": "a", "attestations": {}}}, {"provenance"}),
        ({"dist": {"shasum": "a", "attestations": {"provenance": {}}}}, {"provenance"}),
        (
            {"dist": {"shasum": "a", "attestations": {"provenance": {"predicateType": "x"}}}},
            {"provenance"},
        ),
        ({"hasInstallScript": "no"}, {"install_script"}),
        ({"scripts": ["postinstall"]}, {"install_script"}),
        ({"scripts": ..., "_id": ...}, {"install_script"}),
        ({"_npmUser": ...}, {"install_script"}),
        ({"dist": {"integrity": "sha512-AA"}}, {"install_script", "provenance"}),
        ({"gypfile": 1}, {"install_script"}),
    ],
)
def test_a_release_that_is_not_read(change: dict[str, Any], fields: set[str]) -> None:
    assert fields <= unread(**change)


@pytest.mark.parametrize(
    ("change", "runs"),
    [
        ({"scripts": ...}, False),
        ({"hasInstallScript": False}, False),
        ({"gypfile": False}, False),
        ({"gypfile": True}, True),
        ({"hasInstallScript": True}, True),
        ({"hasInstallScript": False, "scripts": {"postinstall": "node x"}}, True),
        ({"scripts": {"preinstall": "x"}, "_id": ...}, True),
    ],
)
def test_whether_installing_runs_code(change: dict[str, Any], *, runs: bool) -> None:
    assert release(**change).install_script is runs


def test_a_release_without_a_statement() -> None:
    whole = {"shasum": "a", "signatures": [{"keyid": "k", "sig": "s"}]}
    assert release(dist=whole).provenance is False
    assert release(dist=whole | {"attestations": None}).provenance is False


def test_a_trusted_publisher() -> None:
    fact = release(_npmUser={"name": "bot", "trustedPublisher": {"id": "github"}})
    assert (fact.trusted_publisher, fact.publisher) == (True, None)


@pytest.mark.parametrize(
    "said",
    [
        FULL | {"dist-tags": {}},
        FULL | {"dist-tags": None},
        FULL | {"versions": {}},
        FULL | {"versions": {"1.0.0": VERSION}},
        FULL | {"versions": None},
        GONE,
        Reply(403, {}),
        [],
        {},
    ],
)
def test_a_packument_without_its_newest_release(said: Any) -> None:
    assert of(NewestRelease, packument(said)).missing is not None


@pytest.mark.parametrize(
    "maintainers", [[], None, "hazel", [{}], [{"name": 5}], [None], [{"name": "a", "email": 1}]]
)
def test_maintainers_that_are_not_read(maintainers: Any) -> None:
    (fact,) = of(Package, packument(FULL | {"maintainers": maintainers})).facts
    assert "maintainers" in fact.unknown_fields()


def inventory(paths: dict[str, Any], scope: Subject = USER, **how: Any) -> Answer[PackageGrant]:
    with registry(paths, **how) as (client, _):
        (answer,) = package.inventory(client, scope, FactStore())
    return answer


def test_the_packages_of_an_account() -> None:
    listed = {"@hazel/lamp": "write", "wick": "read", "odd": "new", "older": {"write": True}}
    answer = inventory({"/-/org/hazel/package": GONE, "/-/user/hazel/package": listed})
    assert answer.missing is None
    lamp, wick, odd, older = answer.facts
    assert (lamp.writes, wick.writes) == (True, False)
    assert "writes" in odd.unknown_fields()
    assert "writes" in older.unknown_fields()


def test_the_packages_of_an_organization() -> None:
    answer = inventory({"/-/org/acorn/package": {"@acorn/a": "write"}}, ACORN)
    assert answer.missing is None
    assert "writes" in answer.facts[0].unknown_fields()


HITS = {
    "objects": [
        {"package": {"name": "@acorn/a"}, "downloads": {"weekly": 5}, "dependents": "12"},
        {"package": {"name": "lookalike"}},
        {"package": {}},
        None,
    ]
}


def test_a_search_is_a_lower_bound() -> None:
    refused = {"/-/org/acorn/package": Reply(403, {}), SEARCH: HITS}
    for how in ({}, {"token": ""}):
        answer = inventory(refused, ACORN, **how)
        assert [fact.name for fact in answer.facts] == ["@acorn/a"]
        assert answer.missing is not None
        assert answer.missing.reason is Reason.NOT_PERMITTED


def test_nobody_is_not_searched_for() -> None:
    with registry({SEARCH: HITS}, token="") as (client, server):
        (answer,) = package.inventory(client, USER, FactStore())
    assert answer.facts == ()
    assert answer.missing is not None
    assert server.requests == []


def downloads(said: Any, name: str = "@acorn/a") -> Answer[WeeklyDownloads]:
    with registry({SEARCH: said}) as (client, _):
        (answer,) = package.downloads(client, Subject("npm", "package", name), FactStore())
    return answer


def test_downloads() -> None:
    fact = downloads(HITS).facts[0]
    assert (fact.weekly, fact.dependents) == (5, 12)
    assert {"weekly", "dependents"} <= downloads(HITS, "lookalike").facts[0].unknown_fields().keys()


@pytest.mark.parametrize("said", [GONE, {}, {"objects": None}, {"objects": []}, [], Reply(500, {})])
def test_downloads_that_are_not_counted(said: Any) -> None:
    assert downloads(said).missing is not None
