"""The manifests in the folders that packages name; what is unread or odd is not known."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import folder_manifests
from hardenme.facts.github.source_manifest import FolderManifest, WorkspaceFiles
from hardenme.facts.npm.workspaces import plain_folder
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer, Fact
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply
from tests import moment
from tests.collectors.scripted import Say, github
from tests.factories.github import REPO
from tests.factories.given import MISSING
from tests.factories.npm_paths import package_repository, trusted_publisher

ATOM = Atom("test", 200, moment.NOW)
MANIFEST = {
    "name": "catkin",
    "version": "1.5.0",
    "private": False,
    "repository": {"type": "git", "url": "git+https://github.com/hazel/catkin.git"},
    "publishConfig": {"access": "public", "tag": "next", "directory": "dist", "provenance": True},
    "workspaces": {"packages": ["a/*"]},
}


def named(directory: Any, package: str = "catkin", repository: str = REPO.name) -> Fact:
    """The repository that a package names, with a folder in it."""
    subject = Subject("npm", "package", package)
    place = {"subject": subject, "within": subject, "label": package}
    return package_repository(**place, repository=repository, directory=directory)


def blob(text: str | None, **fields: Any) -> dict[str, Any]:
    shown = {"byteSize": 9, "isBinary": False, "isTruncated": False, "text": text}
    return {**shown, **fields}


def files(*found: Any, **more: Any) -> dict[str, Any]:
    """An answer with the files in the order in which they are asked for."""
    aliases = {f"f{place}": one for place, one in enumerate(found)}
    return {"data": {"r0": {"nameWithOwner": REPO.name, **aliases}}, **more}


def asked(say: Say, *facts: Fact) -> tuple[Answer[Any], Answer[Any], list[Any]]:
    """What is known of the folders and of the workspaces, and the requests."""
    store = FactStore()
    for fact in facts or (named("packages/catkin"),):
        store.put(Answer(type(fact), fact.subject, (fact,), (ATOM,)))
    with github({"graphql": say}) as (client, server):
        manifests, workspaces = folder_manifests.manifests(client, REPO, store.scoped())
        return manifests, workspaces, [json.loads(one.body) for one in server.requests]


def only(say: Say) -> FolderManifest:
    (fact,) = asked(say)[0].facts
    assert isinstance(fact, FolderManifest)
    return fact


def test_a_manifest_with_all_that_matters() -> None:
    text = json.dumps(MANIFEST)
    fact = only(files(blob(text), None, None))
    assert str(fact.subject) == f"github:manifest/{REPO.name}/packages/catkin"
    assert (fact.path, fact.there, fact.name) == ("packages/catkin/package.json", True, "catkin")
    assert (fact.version, fact.private, fact.access) == ("1.5.0", False, "public")
    assert (fact.tag, fact.directory, fact.provenance) == ("next", "dist", "on")
    assert fact.repository == "git+https://github.com/hazel/catkin.git"
    assert (fact.to_registry, fact.extensions, fact.workspaces) == ("", False, ("a/*",))


def test_all_folders_of_a_repository_are_one_query() -> None:
    facts = [named(f"packages/p{number}", f"p{number}") for number in range(7)]
    found, _, requests = asked(files(*[blob("{}")] * 9), *facts)
    assert [one.folder for one in found.facts] == [f"packages/p{number}" for number in range(7)]
    assert len(requests) == 1
    paths = {text for name, text in requests[0]["variables"].items() if name.startswith("e")}
    assert "HEAD:packages/p6/package.json" in paths
    assert {"HEAD:pnpm-workspace.yaml", "HEAD:lerna.json"} <= paths


def test_a_hundred_folders_are_a_query(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_manifests, "MOST", 2)
    facts = [named(f"packages/p{number}", f"p{number}") for number in range(5)]
    found, workspaces, requests = asked(files(*[blob('{"name": "p"}')] * 4), *facts)
    assert len(requests) == 3
    assert {one.name for one in found.facts} == {"p"}
    assert workspaces.facts


@pytest.mark.parametrize(
    "directory", ["", ".", "./", "../b", "a/../b", "/a", "a\\b", "a//b", MISSING]
)
def test_a_folder_that_is_the_root_or_leads_elsewhere_is_not_asked_for(directory: Any) -> None:
    found, workspaces, requests = asked(files(), named(directory))
    assert requests == []
    for answer in (found, workspaces):
        assert answer.missing is not None
        assert answer.missing.reason is Reason.NOT_ASKED


def test_only_packages_of_the_repository_count() -> None:
    other = named("packages/b", "b", "hazel/other")
    found, _, _ = asked(files(blob("{}"), None, None), named("packages/catkin"), other)
    assert [one.folder for one in found.facts] == ["packages/catkin"]


def test_the_package_of_a_publisher_of_the_repository_counts() -> None:
    """It may release from another repository than the one that its newest release names."""
    elsewhere = named("packages/catkin", "@hazel-grove/catkin", "hazel/other")
    publisher = trusted_publisher(repository=REPO.name)
    assert publisher.within == elsewhere.subject
    found, _, requests = asked(files(blob("{}"), None, None), elsewhere, publisher)
    assert len(requests) == 1
    assert [one.folder for one in found.facts] == ["packages/catkin"]


ODD = {
    "not JSON": "{",
    "a link": "../../package.json",
    "a list": "[]",
    "a name that is none": '{"name": 5}',
    "private in words": '{"name": "catkin", "private": "true"}',
    "publishConfig in words": '{"publishConfig": "public"}',
    "provenance in words": '{"publishConfig": {"provenance": "true"}}',
    "a folder that is none": '{"publishConfig": {"directory": ["dist"]}}',
    "an address that is none": '{"repository": {"url": 5}}',
    "workspaces in words": '{"workspaces": "packages/*"}',
    "workspaces of numbers": '{"workspaces": [5]}',
}


@pytest.mark.parametrize("name", ODD)
def test_a_manifest_that_is_not_understood_is_not_known(name: str) -> None:
    fact = only(files(blob(ODD[name]), None, None))
    unread = fact.unknown_fields()
    assert {"there", "name", "private", "repository", "workspaces"} <= set(unread)
    assert {one.reason for one in unread.values()} == {Reason.MALFORMED}


def test_a_file_that_is_not_there() -> None:
    fact = only(files(None, None, None))
    assert not fact.there
    assert fact.name == ""


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (blob("{}", isTruncated=True), Reason.INCOMPLETE),
        (blob("{}", isBinary=True), Reason.INCOMPLETE),
        (blob(None), Reason.MALFORMED),
        ({}, Reason.NOT_VISIBLE),
    ],
)
def test_a_file_that_is_not_shown_whole(said: Any, reason: Reason) -> None:
    assert {one.reason for one in only(files(said, None, None)).unknown_fields().values()} == {
        reason
    }


@pytest.mark.parametrize(
    ("say", "reason"),
    [
        (Reply(403, {"message": "Resource not accessible"}), Reason.NOT_PERMITTED),
        ({"data": {"r0": None}, "errors": [{"path": ["r0"]}]}, None),
        ({"data": {"r0": {"nameWithOwner": "hazel/other", "f0": blob("{}")}}}, Reason.NOT_VISIBLE),
        (files(None, errors=[{"path": ["r0", "f0"], "message": "no"}]), Reason.NOT_PERMITTED),
        ({"data": {"r0": {"nameWithOwner": REPO.name}}}, Reason.NOT_VISIBLE),
    ],
)
def test_files_that_are_not_shown(say: Say, reason: Reason | None) -> None:
    found, workspaces, _ = asked(say)
    unread = found.facts[0].unknown_fields()
    assert {"there", "name", "private"} <= set(unread)
    if reason is not None:
        assert unread["name"].reason is reason
    assert {"pnpm", "lerna"} <= set(workspaces.facts[0].unknown_fields())


def patterns(pnpm: Any, lerna: Any, manifest: Any = None) -> WorkspaceFiles:
    shown = blob("{}") if manifest is None else manifest
    (fact,) = asked(files(shown, pnpm, lerna))[1].facts
    assert isinstance(fact, WorkspaceFiles)
    return fact


def test_the_files_of_workspaces() -> None:
    yaml = "packages:\n  - 'packages/*'\n  - '!**/test/**'\ncatalog:\n  a: 1\n"
    fact = patterns(blob(yaml), blob('{"packages": ["libs/*"], "version": "independent"}'))
    assert (fact.pnpm, fact.lerna) == (("packages/*", "!**/test/**"), ("libs/*",))
    assert (patterns(None, None).pnpm, patterns(None, None).lerna) == (None, None)
    fact = patterns(blob("onlyBuiltDependencies: []\n"), blob('{"version": "1.0.0"}'))
    assert (fact.pnpm, fact.lerna) == (None, None)
    assert patterns(blob("\n"), None).pnpm is None


@pytest.mark.parametrize(
    "text", ["packages: all", "packages: [{a: b}]", "- a", "a: [", "a: 1\n---\nb: 2"]
)
def test_files_of_workspaces_that_are_not_understood(text: str) -> None:
    assert "pnpm" in patterns(blob(text), None).unknown_fields()
    assert "lerna" in patterns(None, blob(text)).unknown_fields()


def test_that_a_file_of_workspaces_is_not_there_shows_next_to_a_manifest() -> None:
    fact = patterns(None, None, {"__typename": "Tree"})
    assert {"pnpm", "lerna"} <= set(fact.unknown_fields())


@pytest.mark.parametrize(
    ("written", "folder"),
    [
        ("packages/a", "packages/a"),
        ("./packages/a/", "packages/a"),
        (" packages/a ", "packages/a"),
        (".", ""),
        ("", ""),
        ("packages/.a", "packages/.a"),
        ("packages/../a", None),
        ("..", None),
        ("/packages/a", None),
        ("packages\\a", None),
        ("packages//a", None),
        ("packages/a:b", None),
        ("a" * 301, None),
        ("a\nb", None),
    ],
)
def test_a_folder_in_one_form(written: str, folder: str | None) -> None:
    assert plain_folder(written) == folder


def test_the_answers_name_what_they_were_read_from() -> None:
    found, workspaces, _ = asked(files(blob("{}"), None, None))
    assert found.evidence
    assert found.evidence == workspaces.evidence
