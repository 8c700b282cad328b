"""Workflow files of a repository on a server, judged by the whole run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hardenme.sandbox.npm import scenarios as npm
from tests.running import NOW, Stage, stage
from tests.worlds import github

FILE = ".github/workflows/called.yml"
BODY = "jobs:\n  one:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: make\n"
BESIDE = ("push", "pull_request", "workflow_dispatch", "schedule", "release", "workflow_run")


@pytest.fixture(scope="module")
def at() -> Iterator[Stage]:
    """A repository whose workflows write by default."""
    world = github.weak_maintainer(NOW)
    for repository in world.repositories:
        repository.files = {
            name: text
            for name, text in repository.files.items()
            if not name.startswith(".github/workflows/")
        }
        repository.actions.default_workflow_permissions = "write"
    with stage(world, npm.weak_maintainer(NOW), github.WEAK_TOKEN) as found:
        yield found


@pytest.mark.parametrize(
    ("events", "result"),
    [
        (("workflow_call",), "passed"),
        *((("workflow_call", other), "failed") for other in BESIDE),
        *(((other, "workflow_call"), "failed") for other in BESIDE[:2]),
    ],
    ids=str,
)
def test_a_file_that_is_called_and_starts_by_itself_too_needs_permissions_of_its_own(
    at: Stage, events: tuple[str, ...], result: str
) -> None:
    (repository, *_) = at.github.world.repositories  # type: ignore[attr-defined]
    repository.files[FILE] = f"on: [{', '.join(events)}]\n{BODY}".encode()
    report = at.audit(f"github:{repository.full_name}", select_=("GHW203",))
    assert [finding.result for finding in report.findings] == [result]
