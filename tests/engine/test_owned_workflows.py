"""The files that workflows run are held against CODEOWNERS, through the whole run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hardenme.model.depth import Depth
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.sandbox.github.state.rules import Rule, Ruleset
from hardenme.sandbox.github.world import Repository
from hardenme.sandbox.http import Fault, Reply
from tests.engine.repository_stage import judged, one_repository
from tests.mutations import absent, replaced
from tests.running import NOW, Stage

FILES = {
    "README.md": b"Hello\n",
    ".github/workflows/ci.yml": b"on: push\n",
    ".github/workflows/release.yaml": b"on: push\n",
    ".github/actions/setup/action.yml": b"name: setup\n",
    "tools/build/action.yml": b"name: build\n",
    "src/index.js": b"",
}
TREE = ".*/git/trees/main"
ALL, PARTLY = "* @hazel\n", "/.github/ @hazel\n/tools/ @hazel\n"
REVIEW = {
    "required_approving_review_count": 1,
    "dismiss_stale_reviews_on_push": False,
    "require_code_owner_review": True,
    "require_last_push_approval": False,
    "required_review_thread_resolution": False,
}


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[Stage, Repository]]:
    with one_repository() as found:
        rules = [Rule("pull_request", dict(REVIEW))]
        found[1].rulesets.append(Ruleset(91, "main", "hazel/catkin", NOW, NOW, rules=rules))
        yield found


def results(
    place: tuple[Stage, Repository], code: str, owners: str, *faults: Fault, **order: Any
) -> tuple[str, str, Severity]:
    running, repository = place
    repository.files.clear()
    repository.files |= FILES | {".github/CODEOWNERS": owners.encode()}
    running.github.faults[:] = faults
    try:
        (finding,) = judged(running, code, **order)
    finally:
        running.github.faults.clear()
    outcome = finding.outcome
    told = outcome.needed if isinstance(outcome, Unknown) else str(outcome)
    return finding.result, told, finding.severity


CASES = [
    (ALL, "passed", ""),
    (PARTLY, "passed", ""),
    ("/.github/ @hazel\n", "failed", "tools/build/action.yml"),
    ("/.github/workflows/ @hazel\nCODEOWNERS @hazel\n", "failed", "actions/setup/action.yml"),
    (f"{ALL}/.github/workflows/release.yaml\n", "failed", ".github/workflows/release.yaml"),
    (f"{ALL}*.yaml\n*.yaml @hazel\n", "passed", ""),
    (f"{ALL}!/.github/workflows/\n", "passed", ""),
    (f"{ALL}[r-s]elease.yaml\n", "passed", ""),
    (f"{ALL}/tools/\n", "failed", "tools/build/action.yml"),
    ("/.github/workflows/any.yml @hazel\n/.github/CODEOWNERS @hazel\n", "failed", "ci.yml"),
    ("docs/ @hazel\n", "failed", ".github/workflows/ci.yml"),
]


@pytest.mark.parametrize("code", ["GHR121", "GHB106"])
@pytest.mark.parametrize(("owners", "result", "said"), CASES)
def test_files_that_are_there(
    place: tuple[Stage, Repository], code: str, owners: str, result: str, said: str
) -> None:
    found = results(place, code, owners)
    assert found[0] == result, found[1]
    assert said in found[1]
    assert found[2] is Severity.MEDIUM


def test_a_workflow_that_is_added_needs_an_owner_too(place: tuple[Stage, Repository]) -> None:
    named = "ci.yml @hazel\nrelease.yaml @hazel\naction.yml @hazel\nCODEOWNERS @hazel\n"
    result, told, severity = results(place, "GHR121", named)
    assert (result, severity) == ("failed", Severity.LOW)
    assert "new workflow files" in told
    assert results(place, "GHB106", named)[0] == "passed"


@pytest.mark.parametrize(
    "fault",
    [
        Fault(TREE, edit=lambda _request, _reply: Reply(403, {"message": "Forbidden"})),
        Fault(TREE, edit=lambda _request, _reply: Reply(404, {"message": "Not Found"})),
        Fault(TREE, edit=lambda _request, _reply: Reply(409, {"message": "Empty"})),
        Fault(TREE, edit=lambda _request, _reply: Reply(502, {"message": "no"})),
        Fault(TREE, edit=replaced("truncated", True)),  # noqa: FBT003 (GitHub's flag)
        Fault(TREE, edit=absent("truncated")),
        Fault(TREE, edit=absent("tree")),
        Fault(TREE, edit=absent("path")),
        Fault(TREE, edit=absent("type")),
        Fault(TREE, edit=replaced("tree", [7])),
    ],
)
@pytest.mark.parametrize("code", ["GHR121", "GHB106"])
def test_a_tree_that_is_not_read_leaves_it_unknown(
    place: tuple[Stage, Repository], code: str, fault: Fault
) -> None:
    assert results(place, code, PARTLY, fault)[0] == "unknown"
    assert results(place, code, ALL, fault)[0] == "passed", "no file can be left out"


def test_a_tree_that_github_cut_may_still_show_a_witness(place: tuple[Stage, Repository]) -> None:
    cut = Fault(TREE, edit=replaced("truncated", True))  # noqa: FBT003 (GitHub's flag)
    assert results(place, "GHR121", "/.github/ @hazel\n", cut)[0] == "failed"


def test_the_tree_is_asked_for_only_where_it_decides(place: tuple[Stage, Repository]) -> None:
    def asked(owners: str, depth: Depth) -> tuple[list[str], int]:
        running, repository = place
        before = len(running.github.requests)
        repository.files |= FILES | {".github/CODEOWNERS": owners.encode()}
        found = [finding.result for finding in judged(running, "GHR121", depth=depth)]
        after = running.github.requests[before:]
        return found, sum("/git/trees/" in request.path for request in after)

    assert asked(ALL, Depth.DEEP) == (["passed"], 0)
    assert asked(PARTLY, Depth.STANDARD) == (["passed"], 1)
    assert asked(PARTLY, Depth.FAST) == ([], 0), "it waits for a deeper run"
    assert asked("docs/ @hazel\n", Depth.FAST) == (["failed"], 0)
