"""Each answer of a search, broken in each way, makes its result only more cautious."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from hardenme.cli.exposed.search import repository_exposure
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.transport.bounds import Bounds
from hardenme.model.exposure import ExposureGrade
from hardenme.model.secret import Secret
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.github.state.changes import Activity, Pull, PullMerge, commit_id
from hardenme.sandbox.github.state.repository import Repository
from hardenme.sandbox.github.world import World
from hardenme.sandbox.http import Reply, Request
from tests.cli.exposed.search_scene import (
    CHECKOUT,
    INSIDE,
    NAME,
    OLD,
    START,
    attempt,
    lock,
    project,
    question,
    run,
    workflow,
    world,
)
from tests.cli.exposed.test_search_others import composite
from tests.collectors.reader import QUICK
from tests.moment import NOW
from tests.worlds.github import WEAK_TOKEN

AXIOS = "axios@1.14.1"
THERE = commit_id("there")
THEIRS = {"action.yml": composite("{run: npx axios, shell: bash}")}
BEFORE = START - 5 * (INSIDE - START)
FILES = {
    "old": project(None),
    "bad": project(lock(axios="1.14.1")),
    "good": project(lock(axios="1.14.0")),
    "head": project(lock(axios="1.14.0")) | {"docs.md": b""},
    "settled": project(lock(axios="1.14.0")),
    "doubt": project(lock(axios="1.14.0"), workflow(CHECKOUT, "run: ./build.sh")),
    "other": project(lock(axios="1.14.0"), workflow(CHECKOUT, f"uses: nettle/setup@{THERE}")),
}
SCENES = {
    "bad": [OLD, run(2, INSIDE, "bad")],
    "doubt": [OLD, run(2, INSIDE, "doubt")],
    "other": [OLD, run(2, INSIDE, "other")],
    "again": [OLD, run(2, BEFORE, "bad", attempt(BEFORE), attempt(INSIDE, number=2))],
    "moved": [OLD, run(2, INSIDE, "head", event="pull_request")],
    "merged": [OLD, run(2, INSIDE, "head", event="pull_request")],
}
OPENED = INSIDE - timedelta(minutes=30)
PUSHES = [
    Activity(number, "push", at, "refs/heads/main", commit_id(before), commit_id(after), "mallow")
    for number, at, before, after in (
        (1, OPENED - timedelta(hours=1), "first", "good"),
        (2, OPENED + timedelta(minutes=1), "good", "bad"),
        (3, OPENED + timedelta(minutes=2), "bad", "settled"),
    )
]
PULLS = {
    "moved": Pull(7, OPENED, "main", commit_id("head"), began=commit_id("good")),
    "merged": Pull(
        *(7, OPENED, "main", commit_id("head")),
        began=commit_id("good"),
        merge=PullMerge(commit_id("bad"), commit_id("good"), OPENED),
    ),
}
"""Pull requests whose base has the version, and whose merge commit has it."""


def scene_world(scene: str) -> World:
    made = world(SCENES[scene], FILES)
    if scene in PULLS:
        made.repositories[-1].pulls = [PULLS[scene]]
        made.repositories[-1].activity = list(PUSHES)
        made.repositories[-1].heads = {"main": PUSHES[-1].after}
    if scene == "other":
        other = Repository("nettle", "setup", 4901, NOW, NOW, trees={THERE: dict(THEIRS)})
        made.repositories.append(other)
    return made


ENDPOINTS = {
    "repository": f"/repos/{NAME}",
    "runs": r".*/actions/runs",
    "attempt": r".*/attempts/\d+",
    "jobs": r".*/jobs",
    "tree": r".*/git/trees/.*",
    "blob": r".*/git/blobs/.*",
    "objects": r"/graphql",
    "activity": r".*/activity",
    "comparison": r".*/compare/.*",
}
BY_REST = frozenset({"tree", "blob"})
"""What is asked for where GraphQL does not answer."""
OF_PULLS = frozenset({"activity", "comparison"})
KEYS = {
    "repository": ("created_at",),
    "runs": (
        *("total_count", "workflow_runs", "id", "run_attempt", "event", "head_sha", "path"),
        *("status", "run_started_at", "updated_at", "html_url"),
    ),
    "attempt": ("id", "run_attempt", "head_sha", "run_started_at", "updated_at", "path"),
    "jobs": (
        *("total_count", "jobs", "id", "status", "conclusion", "started_at", "completed_at"),
        *("steps", "name", "number"),
    ),
    "tree": ("truncated", "tree", "path", "type", "sha", "mode"),
    "blob": ("content", "encoding"),
    "objects": (
        *("data", "repository", "oid", "tree", "entries", "nameRaw", "mode", "size", "text"),
        *("associatedPullRequests", "nodes", "createdAt", "baseRefName", "baseRef", "target"),
        *("headRefOid", "baseRepository", "nameWithOwner", "potentialMergeCommit"),
        *("committedDate", "parents", "timelineItems", "totalCount", "errors"),
    ),
    "activity": ("timestamp", "activity_type", "before", "after", "ref"),
    "comparison": ("merge_base_commit", "sha"),
}
GONE = object()
WAYS: dict[str, Any] = {
    "absent": GONE, "null": None, "text": "?", "list": [], "number": -1, "true": True,
}  # fmt: skip


def search(server: GitHubServer) -> ExposureGrade:
    bounds = Bounds(**{name: getattr(QUICK, name) for name in Bounds.__dataclass_fields__})
    github = GitHub.connect(server.url, Secret(WEAK_TOKEN), bounds=bounds)
    return repository_exposure(question(AXIOS), github, NAME, lambda _text: None).grade


def broken(scene: str, endpoint: str, edit: Callable[[Request, Reply], Reply]) -> ExposureGrade:
    with github_sandbox(scene_world(scene)) as server:
        if endpoint in BY_REST:
            server.fault(ENDPOINTS["objects"], edit=lambda _request, _reply: Reply(502, {}))
        server.fault(ENDPOINTS[endpoint], edit=edit)
        return search(server)


def changed(data: Any, key: str, value: Any) -> Any:
    """The same with a key of another value, wherever it is but in what is about other things."""
    if isinstance(data, list):
        return [changed(one, key, value) for one in data]
    if not isinstance(data, dict):
        return data
    kept = {
        name: part if name in OTHERS else changed(part, key, value) for name, part in data.items()
    }
    if key in kept:
        kept[key] = copy.copy(value)
        if value is GONE:
            del kept[key]
    return kept


OTHERS = frozenset({"repository", "head_repository", "actor", "triggering_actor", "head_commit"})


def cases() -> Iterator[tuple[str, str, str, str]]:
    for scene in SCENES:
        for endpoint, keys in KEYS.items():
            for key in keys if scene in PULLS or endpoint not in OF_PULLS else ():
                yield from ((scene, endpoint, key, way) for way in WAYS)


def test_the_scenes_are_not_free_of_doubt() -> None:
    for scene, expected in (
        *(("bad", "possible"), ("doubt", "unknown"), ("again", "possible"), ("other", "possible")),
        *(("moved", "possible"), ("merged", "possible")),
    ):
        with github_sandbox(scene_world(scene)) as server:
            assert search(server) == expected


@pytest.mark.second_tier("a search for each endpoint and status", one_of=20)
@pytest.mark.sampled(6)
@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("status", [301, 302, 401, 403, 404, 410, 500])
def test_a_refusal_is_not_an_all_clear(scene: str, endpoint: str, status: int) -> None:
    refused = Reply(status, {"message": "no"})
    assert broken(scene, endpoint, lambda _request, _reply: refused) != "not seen"


@pytest.mark.second_tier("a search for each endpoint and body", one_of=20)
@pytest.mark.sampled(6)
@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b"<html>", b'{"message": "no"}'])
def test_an_answer_of_another_kind_is_not_an_all_clear(
    scene: str, endpoint: str, body: bytes
) -> None:
    other = Reply(200, None, {"content-type": "application/json"}, body)
    assert broken(scene, endpoint, lambda _request, _reply: other) != "not seen"


@pytest.mark.second_tier("a search for each key and each way to break it", one_of=40)
@pytest.mark.sampled(30)
@pytest.mark.parametrize(("scene", "endpoint", "key", "way"), list(cases()))
def test_a_key_that_is_broken_is_not_an_all_clear(
    scene: str, endpoint: str, key: str, way: str
) -> None:
    def edit(_request: Request, reply: Reply) -> Reply:
        return Reply(reply.status, changed(reply.data, key, WAYS[way]), reply.headers)

    assert broken(scene, endpoint, edit) != "not seen"


def test_a_folder_that_lost_a_file_is_not_believed() -> None:
    """Each entry of each folder is left out once: what its digest says is read another way."""
    for place in range(3):

        def edit(_request: Request, reply: Reply, place: int = place) -> Reply:
            return Reply(reply.status, without(reply.data, place), reply.headers)

        assert broken("bad", "objects", edit) == "possible"


def without(data: Any, place: int) -> Any:
    """The same with an entry less in each folder."""
    if isinstance(data, list):
        return [without(one, place) for one in data]
    if not isinstance(data, dict):
        return data
    return {
        key: part[:place] + part[place + 1 :] if key == "entries" else without(part, place)
        for key, part in data.items()
    }


@pytest.mark.second_tier("several searches", one_of=3)
def test_a_push_that_is_not_shown_is_not_an_all_clear() -> None:
    for place in range(3):

        def edit(_request: Request, reply: Reply, place: int = place) -> Reply:
            items = reply.data
            return Reply(reply.status, items[:place] + items[place + 1 :], reply.headers)

        assert broken("moved", "activity", edit) != "not seen"


@pytest.mark.second_tier("several searches", one_of=3)
@pytest.mark.parametrize("endpoint", ["tree", "jobs", "runs"])
def test_a_list_that_lost_an_item_is_not_an_all_clear(endpoint: str) -> None:
    key = {"tree": "tree", "jobs": "jobs", "runs": "workflow_runs"}[endpoint]
    for place in range(6):

        def edit(_request: Request, reply: Reply, place: int = place) -> Reply:
            items = reply.data[key]
            return Reply(
                reply.status, reply.data | {key: items[:place] + items[place + 1 :]}, reply.headers
            )

        assert broken("bad", endpoint, edit) != "not seen"
