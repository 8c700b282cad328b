from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import repositories, sbom
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.transport.cache import Cache
from hardenme.facts.github.code_owners import rules_of
from hardenme.facts.github.files import (
    RepositoryCodeOwners,
    RepositoryDependencyUpdates,
    RepositoryLockFile,
    RepositoryNpmrc,
    RepositoryRelease,
)
from hardenme.model.fact import Fact
from hardenme.model.secret import Secret
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.reports import FORMATS
from hardenme.reports.style import Style
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.github.world import Release, Repository, Token, User, World
from hardenme.sandbox.http import Fault, Reply, Request
from tests.collectors.reader import QUICK, TOKEN
from tests.collectors.scripted import of
from tests.failing import weak_organization
from tests.running import NOW
from tests.worlds.organizations.files import TOKEN as COMMITTED

OWNER = Subject("github", "user", "hazel")
REPO = Subject("github", "repo", "hazel/catkin")
PAT = "github_pat_CANARY00000000000000_" + "0" * 54
KINDS: tuple[type[Fact], ...] = (
    RepositoryCodeOwners,
    RepositoryLockFile,
    RepositoryDependencyUpdates,
    RepositoryNpmrc,
)
Files = dict[str, bytes]


def world(files: Files | None = None, **traits: Any) -> World:
    """One person with one repository, a classic token and a fine-grained one without contents."""
    then = NOW - timedelta(days=90)
    repository = Repository("hazel", "catkin", 71, then, then, files=files or {}, **traits)
    permissions = {"metadata": "read", "administration": "read"}
    return World(
        now=NOW,
        users=[User("hazel", 7, then)],
        repositories=[repository],
        tokens=[
            Token(TOKEN, "classic", "hazel", frozenset({"repo"})),
            Token(PAT, "fine-grained", "hazel", permissions=permissions, owner="hazel"),
        ],
    )


@contextmanager
def asked(state: World, token: str = TOKEN) -> Iterator[tuple[GitHub, GitHubServer]]:
    with github_sandbox(state) as server:
        yield GitHub.connect(server.url, Secret(token), bounds=QUICK), server


def facts(
    state: World, token: str = TOKEN, edit: Callable[[Any], None] | None = None
) -> dict[type[Fact], Any]:
    """By kind the one fact, or why there is none; `edit` changes the data of each answer."""

    def change(_request: Request, reply: Reply) -> Reply:
        data = json.loads(reply.encoded())
        assert edit is not None
        edit(data["data"])
        return Reply(reply.status, data, reply.headers)

    with asked(state, token) as (client, server):
        if edit is not None:
            server.faults.append(Fault("/graphql", edit=change))
        answers = list(repositories.owned(client, OWNER, FactStore()))
    found = {}
    for kind in (*KINDS, RepositoryRelease):
        answer = of(kind, answers)
        found[kind] = answer.missing or answer.facts[0]
    return found


def node(data: dict[str, Any]) -> dict[str, Any] | None:
    """The repository in the answer to the first query."""
    owner = data.get("repositoryOwner")
    found: dict[str, Any] | None = owner["repositories"]["nodes"][0] if owner else None
    return found


def test_a_repository_with_nothing_in_it_but_a_file() -> None:
    found = facts(world({"README.md": b"Hello\n"}))
    owners, lock = found[RepositoryCodeOwners], found[RepositoryLockFile]
    assert (owners.path, owners.rules, owners.errors) == (None, (), 0)
    assert (lock.package, lock.lock_files) == (False, ())
    assert found[RepositoryDependencyUpdates].settings == ()
    assert found[RepositoryDependencyUpdates].cooldown_days == 0
    npmrc = found[RepositoryNpmrc]
    assert (npmrc.committed, npmrc.credential_lines) == (False, ())
    assert found[RepositoryRelease].tag is None


def test_an_empty_repository() -> None:
    found = facts(world(default_branch=None))
    assert not any(isinstance(fact, Unknown) for fact in found.values())
    assert found[RepositoryNpmrc].committed is False


def test_files_at_their_places() -> None:
    found = facts(
        world(
            {
                "docs/CODEOWNERS": b"* @hazel\n",
                "package.json": b"{}",
                "yarn.lock": b"",
                "package-lock.json": b"{}",
                "sub/.npmrc": b"_auth=x\n",
                "renovate.json": b'{"minimumReleaseAge": "9 days"}',
                ".github/dependabot.yaml": b"version: 2\nupdates:\n  - package-ecosystem: npm\n",
            }
        )
    )
    owners = found[RepositoryCodeOwners]
    assert (owners.path, owners.rules) == ("docs/CODEOWNERS", rules_of("* @hazel"))
    assert found[RepositoryLockFile].lock_files == ("package-lock.json", "yarn.lock")
    updates = found[RepositoryDependencyUpdates]
    assert updates.settings == (".github/dependabot.yaml", "renovate.json")
    assert updates.cooldown_days == 3, "the shorter of the two counts"
    assert found[RepositoryNpmrc].committed is False


def test_the_first_file_of_code_owners_counts() -> None:
    state = world(
        {
            "CODEOWNERS": b"*\n",
            ".github/CODEOWNERS": b"/.github/ @hazel\n",
            "docs/CODEOWNERS": b"",
        }
    )
    state.repositories[0].code_owners_errors = [(1, "Unknown owner"), (2, "Invalid pattern")]
    owners = facts(state)[RepositoryCodeOwners]
    assert (owners.path, owners.rules) == (".github/CODEOWNERS", rules_of("/.github/ @hazel"))
    assert owners.errors == 2


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (b"//r.example.test/:_authToken=${NPM_TOKEN}\nsave-exact=true\n", ()),
        (b"; //r.example.test/:_authToken=npm_CANARY\n", ()),
        (b"a=1\n//r.example.test/:_authToken=npm_CANARY\n", (2,)),
        (b"_auth=Q0FOQVJZ\r\n//r.example.test/:_password=CANARY\r\n", (1, 2)),
        (b"_authToken = 'npm_CANARY'\n", (1,)),
        (b"//r.example.test/:_authToken=npm_CANARY${X}\n", (1,)),
        (b"", ()),
    ],
)
def test_credentials_in_npmrc(text: bytes, lines: tuple[int, ...]) -> None:
    npmrc = facts(world({".npmrc": text}))[RepositoryNpmrc]
    assert (npmrc.committed, npmrc.credential_lines) == (True, lines)


def test_a_folder_by_that_name_is_no_file() -> None:
    found = facts(world({".npmrc/x": b"", "package.json/x": b"", "docs/CODEOWNERS/x": b""}))
    assert found[RepositoryNpmrc].committed is False
    assert found[RepositoryLockFile].package is False
    assert found[RepositoryCodeOwners].path is None


def test_what_is_large_or_binary_is_not_read() -> None:
    large = facts(world({".npmrc": b"#" * 200_000, "CODEOWNERS": b"\0* @hazel\n"}))
    unread = large[RepositoryNpmrc].unknown_fields()
    assert unread["credential_lines"].reason is Reason.INCOMPLETE
    assert "128 KiB" in unread["credential_lines"].needed
    assert "rules" in large[RepositoryCodeOwners].unknown_fields()
    odd = facts(world({".github/dependabot.yml": b"a: ["}))[RepositoryDependencyUpdates]
    assert odd.settings == (".github/dependabot.yml",)
    assert "in a form that hardenme can read" in odd.unknown_fields()["cooldown_days"].needed


def test_a_link_is_not_read() -> None:
    def link(data: dict[str, Any]) -> None:
        if (found := node(data)) is not None:
            found["rootTree"]["entries"][0]["mode"] = 0o120000

    npmrc = facts(world({".npmrc": b"../elsewhere"}), edit=link)[RepositoryNpmrc]
    assert npmrc.committed is True
    assert "not as a link" in npmrc.unknown_fields()["credential_lines"].needed


def without(*path: str | int) -> Callable[[Any], None]:
    """Take a key of the first answer's repository away."""

    def edit(data: dict[str, Any]) -> None:
        found: Any = node(data)
        if found is not None:
            for step in path[:-1]:
                found = found[step]
            del found[path[-1]]

    return edit


def setting(value: Any, *path: str | int) -> Callable[[Any], None]:
    """Give a key of the first answer's repository another value."""

    def edit(data: dict[str, Any]) -> None:
        found: Any = node(data)
        if found is not None:
            for step in path[:-1]:
                found = found[step]
            found[path[-1]] = value

    return edit


@pytest.mark.parametrize(
    "edit",
    [
        without("rootTree"),
        setting(None, "rootTree"),
        setting({}, "rootTree"),
        setting(None, "rootTree", "entries"),
        setting([{}], "rootTree", "entries"),
        without("rootTree", "entries", 0, "name"),
        setting("socket", "rootTree", "entries", 0, "type"),
        without("rootTree", "entries", 0, "size"),
        without("rootTree", "entries", 0, "mode"),
        without("githubTree"),
        setting(None, "githubTree"),
        setting({}, "githubTree"),
        without("docsOwners"),
        setting("x", "docsOwners"),
    ],
)
def test_files_that_are_not_shown_whole(edit: Callable[[Any], None]) -> None:
    state = world({".npmrc": b"", ".github/x": b"", "docs/CODEOWNERS": b"* @hazel"})
    found = facts(state, edit=edit)
    assert all(isinstance(found[kind], Unknown) for kind in KINDS)


def test_a_token_that_may_not_read_the_contents() -> None:
    state = world({".npmrc": b"_auth=x"}, visibility="private")
    found = facts(state, PAT)
    for kind in (*KINDS, RepositoryRelease):
        assert isinstance(found[kind], Unknown), kind


@pytest.mark.parametrize(
    "reply",
    [
        Reply(403, {"message": "Resource not accessible by personal access token"}),
        Reply(200, {"data": None, "errors": [{"message": "no"}]}),
        Reply(200, {"data": {"r0": None}}),
        Reply(200, {"data": {"r0": {"nameWithOwner": "mallow/other", "f0": {}}}}),
        Reply(200, {"data": {"r0": {"nameWithOwner": "hazel/catkin"}}}),
        Reply(200, {"data": {"r0": {"nameWithOwner": "hazel/catkin", "f0": None}}}),
        Reply(200, {"data": {"r0": {"nameWithOwner": "hazel/catkin", "f0": {"text": "a=1"}}}}),
        Reply(200, {"data": {"r0": {"f0": {"text": "a=1"}}}}),
        Reply(502, {"message": "no"}),
    ],
)
def test_a_text_that_does_not_come_is_not_empty(reply: Reply) -> None:
    with asked(world({".npmrc": b"_auth=x"})) as (client, server):
        server.faults.append(
            Fault(
                "/graphql",
                edit=lambda _request, _reply: Reply(reply.status, reply.data),
                match=lambda request: b"query Files" in request.body,
            )
        )
        answers = list(repositories.owned(client, OWNER, FactStore()))
    npmrc = of(RepositoryNpmrc, answers).facts[0]
    assert npmrc.committed is True
    assert "credential_lines" in npmrc.unknown_fields()


def test_the_files_of_a_page_take_one_more_query_and_none_where_there_are_none() -> None:
    state = world({".npmrc": b"a=1", "CODEOWNERS": b"* @hazel"})
    with asked(state) as (client, server):
        list(repositories.owned(client, OWNER, FactStore()))
        assert [b"query Files" in request.body for request in server.requests] == [False, True]
    with asked(world({"README.md": b""})) as (client, server):
        list(repositories.owned(client, OWNER, FactStore()))
        assert len(server.requests) == 1
    with asked(state) as (client, server):
        list(repositories.owned(client, OWNER, FactStore(frozenset({RepositoryRelease}))))
        assert len(server.requests) == 1


def released(*assets: str, draft: bool = False) -> World:
    state = world({"README.md": b""})
    state.repositories[0].releases.append(
        Release(1, "v1.0.0", NOW - timedelta(days=3), "hazel", draft=draft, assets=list(assets))
    )
    return state


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("sbom.json", True),
        ("bom.xml", True),
        ("catkin.spdx.json", True),
        ("catkin-1.0.0.cdx.json", True),
        ("CATKIN_SBOM.JSON", True),
        ("catkin-sbom-linux.spdx", True),
        ("catkin.cyclonedx.json.gz", True),
        ("bombay.json", False),
        ("catkin.tgz", False),
        ("sbom.sig", False),
    ],
)
def test_names_of_bills_of_materials(name: str, *, is_one: bool) -> None:
    release = facts(released("catkin.tgz", name))[RepositoryRelease]
    assert release.tag == "v1.0.0"
    assert len(str(release.commit)) == len("a" * 40)
    assert release.sboms == ((name,) if is_one else ())


def test_a_draft_is_no_release() -> None:
    release = facts(released("sbom.json", draft=True))[RepositoryRelease]
    assert (release.tag, release.commit) == (None, None)


@pytest.mark.parametrize(
    "edit",
    [
        without("latestRelease", "releaseAssets"),
        setting(None, "latestRelease", "releaseAssets", "nodes"),
        setting(2, "latestRelease", "releaseAssets", "totalCount"),
        without("latestRelease", "releaseAssets", "totalCount"),
        setting([{}], "latestRelease", "releaseAssets", "nodes"),
    ],
)
def test_assets_that_are_not_shown_whole(edit: Callable[[Any], None]) -> None:
    release = facts(released("catkin.tgz"), edit=edit)[RepositoryRelease]
    assert "sboms" in release.unknown_fields()


@pytest.mark.parametrize(
    "edit", [without("latestRelease"), without("anyFile"), setting(None, "anyFile")]
)
def test_releases_that_are_not_shown(edit: Callable[[Any], None]) -> None:
    assert isinstance(facts(released("sbom.json"), edit=edit)[RepositoryRelease], Unknown)


def saying(reply: Reply) -> Callable[[Request, Reply], Reply]:
    return lambda _request, _reply: reply


def exported(state: World, token: str = TOKEN, faults: dict[str, Reply] | None = None) -> Any:
    """Whether the dependency graph's list can be had, or why that is not known."""
    with asked(state, token) as (client, server):
        store = FactStore()
        for answer in repositories.owned(client, OWNER, store):
            store.put(answer)
        for name, reply in (faults or {}).items():
            server.faults.append(Fault(f".*/{name}", edit=saying(reply)))
        (answer,) = sbom.export(client, REPO, store)
    fact = answer.facts[0] if answer.facts else None
    return answer.missing if fact is None else (fact.unknown_fields() or fact.available)


def test_the_export() -> None:
    assert exported(released("catkin.tgz")) is True
    off = released("catkin.tgz")
    off.repositories[0].dependency_graph = False
    assert exported(off) is False
    assert exported(off, PAT) is False, "what is public, everybody reads"


def test_an_export_that_nobody_needs_is_not_asked_for() -> None:
    assert exported(released("sbom.json")) is sbom.NO_NEED
    assert exported(world({"README.md": b""})) is sbom.NO_NEED


@pytest.mark.parametrize(
    "faults",
    [
        {"sbom": Reply(403, {"message": "no"})},
        {"sbom": Reply(404, {"message": "Not Found"}), "releases": Reply(404, {"message": ""})},
        {"sbom": Reply(404, {"message": "Not Found"}, {"x-oauth-scopes": "public_repo"})},
        {"sbom": Reply(200, {"sbom": {}})},
        {"sbom": Reply(200, {})},
        {"sbom": Reply(200, None, {"content-type": "text/html"}, b"<html>")},
        {"sbom": Reply(500, {"message": "no"})},
    ],
)
def test_an_export_that_is_not_known(faults: dict[str, Reply]) -> None:
    found = exported(released("catkin.tgz"), faults=faults)
    assert isinstance(found, Unknown) or "available" in found


def test_a_committed_token_appears_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    cache = Cache(tmp_path / "cache")
    with weak_organization() as running:
        report = running.audit("github:bramble-labs", cache=cache, select_=("GHR124", "GHR126"))
    assert {f.code for f in report.findings if f.result == "failed"} == {"GHR124", "GHR126"}
    modules = [import_module(f"hardenme.reports.{name}") for name in FORMATS.values()]
    told = [module.render(report, Style()) for module in modules]
    told += [caplog.text, repr(report)]
    kept = [path.read_bytes().decode("latin-1") for path in cache.folder.rglob("*")]
    assert kept, "nothing was kept, so nothing is shown by this"
    for text in (*told, *kept):
        assert COMMITTED[4:20] not in text
        assert "foundbyscanning" not in text
