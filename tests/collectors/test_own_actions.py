"""The repository's own actions as GitHub answers for them: one that is not read is never clean."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import repositories
from hardenme.collectors.github.batch import own_actions
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.workflow import Workflow
from hardenme.model.unknown import Unknown
from hardenme.sandbox.http import Reply, Request
from hardenme.sandbox.npm import scenarios as npm
from tests.collectors.scripted import github
from tests.collectors.test_github_workflows import ONE, blob, entry, node, without
from tests.running import NOW, stage
from tests.worlds import github as scenarios

HEAD = "runs:\n  using: composite\n  steps: [{run: gh pr checkout 5, shell: bash}]\n"
CLEAN = "runs:\n  using: composite\n  steps: [{run: echo hello, shell: bash}]\n"
CALLS = "runs:\n  using: composite\n  steps: [{uses: ./%s}]\n"
PROGRAM = "runs: {using: node24, main: index.js}\n"
USES = (
    "on: pull_request_target\npermissions: {}\njobs:\n  a:\n    runs-on: x\n"
    "    steps: [{uses: ./act}]\n"
)

Answered = Callable[[dict[str, Any]], Reply]


def read(
    files: Mapping[str, str | None], spoil: Answered | None = None, text: str = USES
) -> Workflow:
    """What is known of a workflow where the repository holds these files, asked for by query."""
    asked: list[str] = []

    def answer(request: Request) -> Reply:
        query = json.loads(request.body)
        if not query["query"].startswith("query Actions"):
            return Reply(data={"data": {"repository": node(entry(object=blob(text)))}})
        names = {k: v for k, v in query["variables"].items() if k.startswith("e0_")}
        found: dict[str, Any] = {"nameWithOwner": ONE.name}
        for name, expression in names.items():
            path = expression.removeprefix("HEAD:")
            asked.append(path)
            held = files.get(path)
            found[name.replace("e0_", "f")] = None if held is None else blob(held, byteSize=9)
        said = {"r0": found}
        return spoil(said) if spoil else Reply(data={"data": said})

    with github({"graphql": answer}) as (client, _):
        every = list(repositories.one(client, ONE, FactStore(frozenset({Repository, Workflow}))))
    assert len(asked) == len(set(asked)), "nothing is asked for twice"
    (found,) = next(item for item in every if item.kind is Workflow).facts
    return found


def fetches(file: Workflow) -> tuple[str, ...]:
    return tuple(how for job in file.jobs for how in job.fetches)


def unread(file: Workflow) -> bool:
    """Whether the verdict cannot do without what was not read."""
    return isinstance(file.unknown_fields().get("opaque"), Unknown)


@pytest.mark.parametrize("name", ["action.yml", "action.yaml"])
def test_both_names_are_read(name: str) -> None:
    assert fetches(read({f"act/{name}": HEAD})) == ("gh pr checkout",)
    clean = read({f"act/{name}": CLEAN})
    assert not fetches(clean)
    assert not unread(clean)


def test_where_both_are_there_github_takes_the_first() -> None:
    assert fetches(read({"act/action.yml": HEAD, "act/action.yaml": CLEAN}))
    assert not fetches(read({"act/action.yml": CLEAN, "act/action.yaml": HEAD}))


def test_one_within_another() -> None:
    assert fetches(read({"act/action.yml": CALLS % "b/c", "b/c/action.yaml": HEAD}))
    assert unread(read({"act/action.yml": CALLS % "b/c"}))
    assert unread(read({"act/action.yml": CALLS % "b/c", "b/c/action.yml": PROGRAM}))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(None, id="not there"),
        pytest.param(PROGRAM, id="a program"),
        pytest.param("runs: {using: docker, image: Dockerfile}\n", id="an image"),
        pytest.param("", id="empty"),
        pytest.param("runs: [", id="no YAML"),
        pytest.param("a: 1\n", id="no action"),
        pytest.param("runs: {using: composite}\n", id="no steps"),
        pytest.param("runs: {using: composite, steps: [1]}\n", id="steps of no known form"),
        pytest.param(CLEAN + "inputs: [a]\n", id="inputs of no known form"),
        pytest.param(CLEAN * 2, id="the same key twice"),
        pytest.param(f"{CLEAN}---\n{CLEAN}", id="two documents"),
        pytest.param("../other/action.yml", id="a link to another file"),
        pytest.param("#" * 600_000, id="large"),
    ],
)
def test_an_action_that_is_not_read(text: str | None) -> None:
    file = read({"act/action.yml": text})
    assert unread(file)
    assert "./act" in str(file.unknown_fields()["opaque"].needed)


def _refused(kind: str) -> Answered:
    def spoil(said: dict[str, Any]) -> Reply:
        said["r0"]["f0"] = None
        error = {"type": kind, "path": ["r0", "f0"], "message": "no"}
        return Reply(data={"data": said, "errors": [error]})

    return spoil


@pytest.mark.parametrize("kind", ["FORBIDDEN", "INTERNAL", "SERVICE_UNAVAILABLE"])
def test_a_refused_file_is_not_one_that_is_not_there(kind: str) -> None:
    file = read({"act/action.yml": HEAD, "act/action.yaml": CLEAN}, _refused(kind))
    assert unread(file)


def _without(name: str) -> Answered:
    def spoil(said: dict[str, Any]) -> Reply:
        said["r0"]["f0"] = without(said["r0"]["f0"], name)
        return Reply(data={"data": said})

    return spoil


def _saying(change: Mapping[str, Any]) -> Answered:
    def spoil(said: dict[str, Any]) -> Reply:
        said["r0"]["f0"] |= change
        return Reply(data={"data": said})

    return spoil


SPOILT: dict[str, Answered] = {
    "a server's fault": lambda _: Reply(502, {"message": "Bad Gateway"}),
    "refused as a whole": lambda _: Reply(403, {"message": "Resource not accessible"}),
    "no data": lambda _: Reply(data={"data": None, "errors": [{"message": "timeout"}]}),
    "no repository": lambda _: Reply(data={"data": {"r0": None}}),
    "another repository": lambda said: Reply(
        data={"data": {"r0": {**said["r0"], "nameWithOwner": "hazel/other"}}}
    ),
    "the file's key is absent": lambda said: Reply(
        data={"data": {"r0": without(said["r0"], "f0")}}
    ),
    "a number for a file": lambda said: Reply(data={"data": {"r0": {**said["r0"], "f0": 5}}}),
    "a folder": lambda said: Reply(data={"data": {"r0": {**said["r0"], "f0": {}}}}),
    "no text": _without("text"),
    "not known whether cut": _without("isTruncated"),
    "cut": _saying({"isTruncated": True}),
    "binary": _saying({"isBinary": True, "text": None}),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT.keys())
def test_an_answer_that_is_not_whole(spoil: Answered) -> None:
    assert unread(read({"act/action.yml": CLEAN, "act/action.yaml": CLEAN}, spoil))


def test_an_action_that_uses_itself() -> None:
    begun = time.process_time()
    assert unread(read({"act/action.yml": CALLS % "act"}))
    many = "runs:\n  using: composite\n  steps:\n" + "    - uses: ./act\n" * 20
    file = read({"act/action.yml": many})
    assert file.unknown_fields(), "it leads to more steps than are followed"
    assert time.process_time() - begun < 20


def test_actions_within_one_another() -> None:
    chain = {f"a{n}/action.yml": CALLS % f"a{n + 1}" for n in range(12)}
    for last, known in ((8, True), (12, False)):
        files = {**chain, f"a{last}/action.yml": HEAD, "act/action.yml": CALLS % "a0"}
        file = read(files)
        assert bool(fetches(file)) is known
        assert unread(file) is not known


def test_more_actions_than_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_actions, "MOST", 1)
    two = USES.replace("[{uses: ./act}]", "[{uses: ./act}, {uses: ./more}]")
    assert unread(read({"act/action.yml": CLEAN, "more/action.yml": CLEAN}, text=two))


@pytest.mark.parametrize("reference", ["./../act", "../act", ".//etc/act", "./act/../../act"])
def test_a_path_that_leaves_the_repository(reference: str) -> None:
    text = USES.replace("./act", reference)
    assert unread(read({"act/action.yml": CLEAN, "etc/act/action.yml": CLEAN}, text=text))


@pytest.mark.parametrize("reference", ["./act", "./act/", "././act", "$/act", "./x/../act"])
def test_a_path_of_the_repository(reference: str) -> None:
    file = read({"act/action.yml": HEAD}, text=USES.replace("./act", reference))
    assert fetches(file) or unread(file)


def test_over_the_sandbox() -> None:
    world = scenarios.hardened_maintainer(NOW)
    repository = next(item for item in world.repositories if item.full_name == ONE.name)
    verdicts = {}
    given = {
        "yml": {"act/action.yml": CLEAN},
        "yaml": {"act/action.yaml": CLEAN},
        "both": {"act/action.yml": HEAD, "act/action.yaml": CLEAN},
        "nested": {"act/action.yaml": CALLS % "b", "b/action.yml": HEAD},
        "missing": {"other/action.yml": CLEAN},
        "program": {"act/action.yml": PROGRAM},
        "root": {"action.yml": HEAD},
    }
    world.repositories[:] = []
    for name, files in given.items():
        text = USES.replace("./act", "./") if name == "root" else USES
        held = {path: body.encode() for path, body in files.items()}
        held[".github/workflows/ci.yml"] = text.encode()
        world.repositories.append(replace(repository, name=name, files=held))
    targets = [f"github:{item.full_name}" for item in world.repositories]
    with stage(world, npm.hardened_maintainer(NOW), scenarios.HARDENED_CLASSIC) as found:
        report = found.audit(*targets, select_=("GHW202",))
    for finding in report.findings:
        verdicts[finding.subject.name.split("/")[1]] = finding.result
    assert verdicts == {
        "yml": "passed",
        "yaml": "passed",
        "both": "failed",
        "nested": "failed",
        "missing": "unknown",
        "program": "unknown",
        "root": "failed",
    }
