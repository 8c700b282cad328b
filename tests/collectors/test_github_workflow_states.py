from __future__ import annotations

from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import workflow_states
from hardenme.facts.github.release_job import ReleaseWorkflow
from hardenme.facts.github.workflow_state import WorkflowState
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import Reply
from tests import moment
from tests.collectors.scripted import Say, github
from tests.factories.acceptance import release_workflow
from tests.factories.github import REPO
from tests.factories.given import LOST, MISSING

PATH = f"/repos/{REPO.name}/actions/workflows"
ROW = {"id": 7, "path": ".github/workflows/release.yml", "state": "active"}
RELEASING = Answer(ReleaseWorkflow, REPO, (release_workflow(),), (Atom("test", moment.NOW, 200),))


def asked(say: Say, files: Answer[Any] | None = RELEASING) -> tuple[Answer[Any], int]:
    """What is known of the workflows, and how many requests it took."""
    store = FactStore()
    if files is not None:
        store.put(files)
    with github({PATH: say}) as (client, server):
        (found,) = workflow_states.states(client, REPO, store)
    return found, len(server.requests)


def counted(*rows: Any, total: Any = None) -> dict[str, Any]:
    return {"total_count": len(rows) if total is None else total, "workflows": list(rows)}


def test_each_workflow_with_its_state() -> None:
    own = {"id": 8, "path": "dynamic/dependabot/updates", "state": "disabled_manually"}
    found, requests = asked(counted(ROW, own))
    assert (found.missing, requests) == (None, 1)
    assert [(one.file, one.state) for one in found.facts] == [
        ("release.yml", "active"),
        ("", "disabled_manually"),
    ]
    assert str(found.facts[0].subject) == f"github:workflow-state/{REPO.name}/7"


@pytest.mark.parametrize(
    ("row", "unread"),
    [
        ({**ROW, "state": "paused"}, {"state"}),
        ({**ROW, "state": None}, {"state"}),
        ({"id": 7, "path": ROW["path"]}, {"state"}),
        ({"id": 7, "state": "active"}, {"path"}),
    ],
)
def test_a_state_that_is_not_understood_is_not_known(row: Any, unread: set[str]) -> None:
    (fact,) = asked(counted(row))[0].facts
    assert isinstance(fact, WorkflowState)
    assert set(fact.unknown_fields()) == unread


@pytest.mark.parametrize(
    ("say", "reason"),
    [
        (Reply(404, {"message": "Not Found"}), Reason.NOT_VISIBLE),
        (Reply(403, {"message": "Resource not accessible"}), Reason.NOT_PERMITTED),
        (counted(ROW, total=2), Reason.INCOMPLETE),
        (counted(ROW, ROW), Reason.INCOMPLETE),
        ([ROW], Reason.INCOMPLETE),
    ],
)
def test_a_list_that_is_not_whole(say: Say, reason: Reason) -> None:
    missing = asked(say)[0].missing
    assert isinstance(missing, Unknown)
    assert missing.reason is reason


@pytest.mark.parametrize(
    ("files", "requests"),
    [
        (None, 1),
        (Answer(ReleaseWorkflow, REPO, (), (), LOST), 1),
        (Answer(ReleaseWorkflow, REPO, (release_workflow(jobs=MISSING),), RELEASING.evidence), 1),
        (Answer(ReleaseWorkflow, REPO, (release_workflow(jobs=()),), RELEASING.evidence), 0),
        (Answer(ReleaseWorkflow, REPO, (), RELEASING.evidence), 0),
    ],
)
def test_only_a_repository_that_may_publish_is_asked(files: Any, requests: int) -> None:
    found, sent = asked(counted(ROW), files)
    assert sent == requests
    assert (found.missing is None) is bool(requests)
