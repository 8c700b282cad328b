"""Valid facts about a workflow file with everything in order; a test overrides what it is about."""

from __future__ import annotations

from typing import Any

from hardenme.facts.github.actions import SettingPlace, WorkflowTokenPolicy
from hardenme.facts.github.workflow import (
    Job,
    ScanFinding,
    Use,
    Workflow,
    WorkflowLock,
    WorkflowScan,
)
from hardenme.facts.github.workflow_state import FOLDER, WorkflowState
from hardenme.model.subject import Subject
from tests.factories.github import REPO
from tests.factories.github import repository as of_a_repository
from tests.factories.given import made

FILE = Subject("github", "workflow", f"{REPO.name}/ci.yml")
PINNED = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8"
_PLACE: dict[str, Any] = {"subject": FILE, "within": REPO, "label": "ci.yml"}


def use(reference: str = PINNED, **overrides: Any) -> Use:
    """GitHub's own action, by its commit."""
    return Use(**{"reference": reference, "origin": "github", "pinned": True} | overrides)


def loose(reference: str = "sprout-tools/build@v1", **overrides: Any) -> Use:
    """Somebody's action, by a tag."""
    return use(reference, **{"origin": "other", "pinned": False} | overrides)


def job(**overrides: Any) -> Job:
    """A job that checks out and tests, with a token that reads."""
    what = "secrets opens unsure fetches refused raced doubts agents obeys caches"
    lists = f"{what} may_restore publishes loose opaque"
    nothing: dict[str, Any] = dict.fromkeys(lists.split(), ())
    given = {"name": "test", "cache_mode": "", "called": False, "uses": (use(),), "writes": ()}
    return Job(**nothing | given | {"line": 0, "places": ()} | overrides)


def workflow(*jobs: Job, **overrides: Any) -> Workflow:
    """A file that runs on each push."""
    given: dict[str, Any] = {
        "blob": "b" * 40,
        "events": ("push",),
        "outside": (),
        "releases": (),
        "starts": (),
        "writes": (),
        "places": (),
        "jobs": jobs or (job(),),
        "injections": (),
        "opaque": (),
        "unfollowed_code": (),
        "unfollowed_guards": (),
        "unfollowed_text": (),
        "unfollowed_caches": (),
    }
    return Workflow(**_PLACE | given | overrides)


def lock(*pins: str, **overrides: Any) -> WorkflowLock:
    """A lock file that names the workflow where it pins something."""
    given = {"onboarded": bool(pins), "pins": pins, "open_ends": ()}
    return WorkflowLock(**_PLACE | given | overrides)


def workflow_state(
    state: str = "active", *, file: str = "release.yml", **overrides: Any
) -> WorkflowState:
    """A workflow that GitHub runs."""
    path = f"{FOLDER}{file}"
    place = {"subject": Subject("github", "workflow-state", f"{REPO.name}/{file}"), "within": REPO}
    return WorkflowState(**place | {"label": path, "path": path, "state": state} | overrides)


def scan(*findings: ScanFinding, **overrides: Any) -> WorkflowScan:
    """zizmor finds nothing."""
    return WorkflowScan(**_PLACE | {"findings": findings} | overrides)


def finding(rule: str, **overrides: Any) -> ScanFinding:
    """Something that it finds, and is sure of."""
    given = {"rule": rule, "severity": "High", "confidence": "High", "line": 7}
    return ScanFinding(**given | overrides)


repository = made(of_a_repository)
"""The repository that the file lies in."""


def token(default: Any = "read") -> WorkflowTokenPolicy:
    """The default for workflows that say nothing of permissions."""
    return WorkflowTokenPolicy(
        subject=REPO,
        within=REPO,
        label=REPO.name,
        default=default,
        approves=False,
        at=SettingPlace(""),
    )
