"""Workflow files as GitHub's GraphQL answers them: one that is not read is unknown, never clean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import repositories
from hardenme.collectors.github.batch import workflows as batch
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.transport.bounds import Bounds
from hardenme.collectors.zizmor import Analyser
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.workflow import Workflow, WorkflowScan
from hardenme.model.fact import Answer, Fact
from hardenme.model.secret import Secret
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.world import Token, World
from tests.collectors.scripted import github
from tests.running import NOW, QUICK
from tests.worlds import github as scenarios

ONE = Subject("github", "repo", "hazel/lantern")
TEXT = (
    "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: x\n"
    "    steps: [{uses: 'actions/checkout@v4'}]\n"
)
WANTED = frozenset({Repository, Workflow, WorkflowScan})


def blob(text: Any = TEXT, **change: Any) -> dict[str, Any]:
    return {"isBinary": False, "isTruncated": False, "text": text} | change


def entry(name: str = "ci.yml", **change: Any) -> dict[str, Any]:
    return {"name": name, "type": "blob", "oid": "b" * 40, "object": blob()} | change


def without(data: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in names}


def node(*entries: dict[str, Any], **change: Any) -> dict[str, Any]:
    folder = {"__typename": "Tree", "entries": list(entries)}
    return {
        "nameWithOwner": ONE.name,
        "viewerCanAdminister": True,
        "isEmpty": False,
        "defaultBranchRef": {"name": "main"},
        "headTree": {"__typename": "Tree"},
        "workflowFiles": folder,
    } | change


def answers(item: dict[str, Any], errors: Any = None) -> dict[type[Fact], Answer[Any]]:
    said = {"data": {"repository": item}} | ({"errors": errors} if errors else {})
    with github({"graphql": said}) as (client, _):
        found = list(repositories.one(client, ONE, FactStore(WANTED)))
    return {answer.kind: answer for answer in found}


def files(item: dict[str, Any]) -> dict[str, Workflow]:
    answer = answers(item)[Workflow]
    assert answer.missing is None
    return {fact.label: fact for fact in answer.facts}


def lost(fact: Fact) -> Unknown:
    """Why nothing of a file is known, but its digest."""
    found = fact.unknown_fields()
    assert "blob" not in found
    (why,) = set(found.values())
    return why


def test_a_file() -> None:
    found = answers(node(entry(), entry("other.txt"), entry("old", type="tree")))
    (fact,) = found[Workflow].facts
    (scan,) = found[WorkflowScan].facts
    assert fact.subject == scan.subject == Subject("github", "workflow", f"{ONE.name}/ci.yml")
    assert fact.within == ONE
    assert fact.events == ("push",)
    assert fact.blob == "b" * 40
    assert [item.rule for item in scan.findings] == ["unpinned-uses"]
    assert [atom.endpoint for atom in found[Workflow].evidence] == ["POST /graphql Repository"]


def test_both_endings_count() -> None:
    assert files(node(entry("a.yaml"), entry("b.YML"), entry("c.yml.bak"))).keys() == {
        "a.yaml",
        "b.YML",
    }


NOTHING: dict[str, Any] = {"workflowFiles": None, "headTree": None, "defaultBranchRef": None}


@pytest.mark.parametrize(
    "change",
    [
        NOTHING,
        {"isEmpty": True},
        NOTHING | {"isEmpty": None},
        {"headTree": {"__typename": "Blob"}},
        {"headTree": "something"},
        {"headTree": {}},
        {"headTree": None},
    ],
)
def test_no_workflows_are_shown(change: dict[str, Any]) -> None:
    for kind in (Workflow, WorkflowScan):
        answer = answers(node(**change))[kind]
        assert answer.facts == ()
        assert answer.missing is not None


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(node(), id="an empty folder"),
        pytest.param(node(workflowFiles=None), id="no folder"),
        pytest.param(node(workflowFiles={"__typename": "Blob"}), id="a file of that name"),
        pytest.param(node(**NOTHING, isEmpty=True), id="nothing pushed"),
    ],
)
def test_no_workflows_at_all(item: dict[str, Any]) -> None:
    for kind in (Workflow, WorkflowScan):
        answer = answers(item)[kind]
        assert (answer.facts, answer.missing) == ((), None)
        assert answer.evidence


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (node(workflowFiles=None, headTree=None), Reason.NOT_PERMITTED),
        (without(node(), "workflowFiles"), Reason.NOT_VISIBLE),
        (without(node(), "headTree"), Reason.NOT_VISIBLE),
        (node(workflowFiles={"entries": []}), Reason.NOT_VISIBLE),
        (node(workflowFiles={"__typename": "Tree"}), Reason.NOT_VISIBLE),
        (node(workflowFiles={"__typename": "Tree", "entries": None}), Reason.MALFORMED),
        (node(workflowFiles={"__typename": "Strange", "entries": []}), Reason.MALFORMED),
        (node(without(entry(), "name")), Reason.NOT_VISIBLE),
        (node(entry(type="socket")), Reason.MALFORMED),
        (node(without(entry(), "type")), Reason.NOT_VISIBLE),
    ],
)
def test_a_folder_that_was_not_shown(item: dict[str, Any], reason: Reason) -> None:
    for kind in (Workflow, WorkflowScan):
        answer = answers(item)[kind]
        assert answer.facts == ()
        assert answer.missing is not None
        assert answer.missing.reason is reason


def test_a_folder_that_was_refused() -> None:
    errors = [{"type": "FORBIDDEN", "path": ["repository", "workflowFiles"], "message": "no"}]
    answer = answers(node(workflowFiles=None), errors)[Workflow]
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NOT_PERMITTED
    assert "scope repo" in answer.missing.needed


def test_too_many_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "MOST_FILES", 1)
    missing = answers(node(entry("a.yml"), entry("b.yml")))[Workflow].missing
    assert missing is not None
    assert missing.reason is Reason.INCOMPLETE


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param(entry(object=None), id="no object"),
        pytest.param(without(entry(), "object"), id="object absent"),
        pytest.param(entry(object=blob(isBinary=True, text=None)), id="binary"),
        pytest.param(entry(object=blob(isBinary=None)), id="not known whether binary"),
        pytest.param(entry(object=blob(isTruncated=True)), id="truncated"),
        pytest.param(entry(object=without(blob(), "isTruncated")), id="truncated absent"),
        pytest.param(entry(object=without(blob(), "isBinary")), id="binary absent"),
        pytest.param(entry(object=without(blob(), "text")), id="text absent"),
        pytest.param(entry(object=blob(None)), id="text null"),
        pytest.param(entry(object=blob("")), id="empty"),
        pytest.param(entry(object=blob("on: [push")), id="no YAML"),
        pytest.param(entry(object=blob("a: 1")), id="no workflow"),
        pytest.param(entry(object=blob("\ud800")), id="half a character"),
        pytest.param(entry(object=blob("x" * 600_000)), id="large"),
    ],
)
def test_a_file_that_is_not_read_hides_no_other(spoilt: dict[str, Any]) -> None:
    found = answers(node(spoilt, entry("good.yml")))
    for kind in (Workflow, WorkflowScan):
        assert found[kind].missing is None
        bad, good = found[kind].facts
        assert lost(bad).evidence, "where it was seen"
        assert not good.unknown_fields()


def test_without_zizmor_our_own_reading_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "Analyser", lambda: Analyser(program=None))
    found = answers(node(entry()))
    assert not found[Workflow].facts[0].unknown_fields()
    assert lost(found[WorkflowScan].facts[0]).reason is Reason.NOT_ASKED


def test_where_zizmor_fails_our_own_reading_stands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(batch, "Analyser", lambda: Analyser(program=tmp_path / "gone"))
    found = answers(node(entry()))
    assert not found[Workflow].facts[0].unknown_fields()
    assert "could not be started" in lost(found[WorkflowScan].facts[0]).seen


def test_no_text_of_a_file_stays() -> None:
    secret = "CANARY-in-a-script"
    text = TEXT.replace("[{uses: 'b/c@v1'}]", f"[{{run: 'echo {secret}'}}]")
    found = answers(node(entry(object=blob(text))))
    kept = [fact for kind in (Workflow, WorkflowScan) for fact in found[kind].facts]
    assert not any(fact.unknown_fields() for fact in kept)
    assert secret not in repr(kept)


@contextmanager
def sandbox(world: World, token: str, bounds: Bounds = QUICK) -> Iterator[GitHub]:
    with github_sandbox(world) as server:
        yield GitHub.connect(server.url, Secret(token), bounds=bounds)


def owned(client: GitHub, login: str) -> dict[str, Answer[Any]]:
    """The answers about workflow files, by repository."""
    owner = Subject("github", "org", login)
    found = repositories.owned(client, owner, FactStore(WANTED))
    return {answer.scope.name: answer for answer in found if answer.kind is Workflow}


def test_a_whole_organization() -> None:
    with sandbox(scenarios.weak_organization(NOW), scenarios.WEAK_ORG_TOKEN) as client:
        found = owned(client, "bramble-labs")
    assert {fact.label for fact in found["bramble-labs/briar"].facts} >= {"ci.yml", "release.yml"}
    assert found["bramble-labs/seed"].facts == ()
    assert found["bramble-labs/seed"].missing is None
    broken = next(f for f in found["bramble-labs/hedge"].facts if f.label == "broken.yml")
    assert lost(broken).reason is Reason.MALFORMED


def test_a_token_that_may_not_read_contents() -> None:
    world = scenarios.strict_organization(NOW)
    value = "github_pat_CANARYnocontents000000_" + "0" * 54
    rights = {"metadata": "read", "administration": "read"}
    world.tokens.append(
        Token(value, "fine-grained", "linden", permissions=rights, owner="cedar-labs")  # type: ignore[arg-type]  # as written
    )
    with sandbox(world, value) as client:
        found = owned(client, "cedar-labs")
    assert found["cedar-labs/cone"].facts, "everybody reads what is public"
    private = found["cedar-labs/resin"]
    assert private.facts == ()
    assert private.missing is not None
    assert private.missing.reason is Reason.NOT_PERMITTED
    assert "contents:read" in private.missing.needed


def test_a_page_that_is_too_large_is_asked_for_in_smaller_ones() -> None:
    world = scenarios.weak_organization(NOW)
    for repository in world.repositories:
        if repository.default_branch:
            padded = TEXT + "#" * 40_000
            repository.files[".github/workflows/ci.yml"] = padded.encode()
    bounds = replace(QUICK, largest=180_000)
    with sandbox(world, scenarios.WEAK_ORG_TOKEN, bounds) as client:
        found = owned(client, "bramble-labs")
        assert client.pace.size < 25
    assert not any(answer.missing for answer in found.values())
    assert len(found) == len([r for r in world.repositories if r.owner == "bramble-labs"])
