"""How a guard is written changes no verdict."""

from __future__ import annotations

from typing import Any

import pytest

from hardenme.model.unknown import Unknown
from hardenme.workflows.actions import action
from hardenme.workflows.reading import parsed, workflow_facts
from hardenme.workflows.source import WorkflowSource
from tests.workflows.rewriting import FORMS, Files

HEAD = "github.event.pull_request.head.repo"
RUN = "{workflow_run: {workflows: [CI]}}"
PRT = "pull_request_target"
MEMBERS = 'fromJSON(\'["OWNER", "MEMBER"]\')'
GUARDS = [
    (f"{HEAD}.full_name == github.repository", PRT),
    (f"{HEAD}.full_name != github.repository", PRT),
    (f"{HEAD}.fork == false", PRT),
    (f"{HEAD}.fork == false", "issue_comment"),
    (f"!{HEAD}.fork", PRT),
    (f"!{HEAD}.fork", "issue_comment"),
    (f"!{HEAD}.fork", RUN),
    (f"{HEAD}.fork != 'true'", PRT),
    ("github.actor == 'hazel'", PRT),
    ("github.actor != 'hazel'", PRT),
    ("github.event.workflow_run.event == 'push'", RUN),
    ("github.event.workflow_run.event != 'pull_request'", RUN),
    ("github.event.workflow_run.head_repository.full_name == github.repository", RUN),
    (f"contains({MEMBERS}, github.event.pull_request.author_association)", PRT),
    (f"contains({MEMBERS}, github.event.comment.author_association)", "issue_comment"),
    (f"contains({MEMBERS}, github.event.comment.author_association)", PRT),
    ("contains(github.event.comment.body, '/test')", "issue_comment"),
    ("contains(fromJSON(github.event.comment.body), github.actor)", "issue_comment"),
    ("contains(github.event.pull_request.labels.*.name, 'safe')", PRT),
    ("github.event_name == 'push'", PRT),
    ("vars.ON == 'true'", PRT),
    (f"github.event_name == 'issues' || {HEAD}.full_name == github.repository", PRT),
    ("github.event.pull_request.merged == true", PRT),
    (f"{HEAD}.fork == false", "{pull_request_target: {types: [edited]}}"),
]


def judged(files: Files) -> tuple[bool, bool]:
    """Whether code of outsiders gets into the workflow for sure, and whether that is unknown."""
    folders = {name: text for name, text in files.items() if "/" in name}
    texts = {f"{name}.yml": text for name, text in files.items() if "/" not in name}
    read = parsed(texts)
    file = read["this.yml"]
    assert isinstance(file, WorkflowSource), file
    actions = {folder: action(folder, text) for folder, text in folders.items()}
    found: Any = workflow_facts(file, "hazel", read, actions)
    assert not isinstance(found, Unknown), found
    certain = any(how for job in found["jobs"] for how in job.fetches)
    unknown = any(job.doubts or job.unsure for job in found["jobs"])
    return certain, unknown and not certain


@pytest.mark.second_tier("each guard in each form", one_of=5)
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@pytest.mark.parametrize(("guard", "on"), GUARDS)
def test_another_way_to_write_it_changes_nothing(guard: str, on: str, form: Any) -> None:
    wanted = judged(FORMS[0](guard, on))
    files = form(guard, on)
    assert judged(files) == wanted, files
