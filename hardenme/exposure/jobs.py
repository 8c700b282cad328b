"""The jobs of a run with their steps, those of called workflows and of own actions included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hardenme.exposure.known_variables import changing_variables
from hardenme.exposure.others import Followed, Others, called_elsewhere, none_read
from hardenme.ground.errors import ContentError
from hardenme.model.exposure import CommitFiles, RunAttempt
from hardenme.model.text import visible
from hardenme.workflows.actions import NAMES, CompositeAction, action
from hardenme.workflows.harmless_actions import FILES, GITHUB_ALONE
from hardenme.workflows.known import SCRIPTS
from hardenme.workflows.source import (
    WorkflowSource,
    default_of_scripts,
    source,
    steps_of,
    text_of,
)
from hardenme.workflows.steps import Files, RunStep, called_file, expanded

FOLDER = ".github/workflows/"
SETS_UP = """
    actions/cache actions/cache/restore actions/cache/save actions/setup-go actions/setup-java
    actions/setup-node actions/setup-python oven-sh/setup-bun
"""
CHANGES_FILES = frozenset(
    """
    agronholm/release-notes casperdcl/deploy-pypi convictional/trigger-workflow-and-wait
    dsaltares/fetch-gh-release-asset scientific-python/issue-from-pytest-log-action
    stefanzweifel/changelog-updater-action stefanzweifel/git-auto-commit-action
    """.split()  # noqa: SIM905 (words, not a list of strings)
)
"""Of such actions, those that build an image, run programs or bring other files."""
INSTALLS_NOTHING = (
    frozenset(f"{GITHUB_ALONE} {FILES} {SETS_UP}".split()) - SCRIPTS.keys() - CHANGES_FILES
)
"""Actions that are known to install no package of npm, and to use no other action."""
NESTED = frozenset(
    {"actions/attest-build-provenance", "actions/attest-sbom", "actions/upload-pages-artifact"}
    | {"casperdcl/push-dir", "re-actors/alls-green", "tj-actions/changed-files"}
)
"""Of them, those that use other actions, in some of their versions."""
MOST_CALLS = 4
"""Workflows within one another; GitHub allows no more."""


@dataclass(frozen=True, slots=True)
class ExpandedJob:
    """A job of a run.

    Attributes:
        raw: its keys.
        steps: in the order in which they run.
        workflow: the file that it is of.
        callers: the jobs that called that file, the outermost first.
    """

    raw: Mapping[str, Any]
    steps: Sequence[RunStep]
    workflow: WorkflowSource
    callers: tuple[ExpandedJob, ...] = ()

    def default(self, key: str) -> str:
        """What its `defaults.run` sets for scripts, or its workflow's; empty if neither does."""
        return default_of_scripts(self.raw, self.workflow.defaults, key)

    @property
    def settings(self) -> Iterator[str]:
        """What it sets by variables for a client that may change what is installed."""
        container = self.raw.get("container")
        inside = container.get("env") if isinstance(container, dict) else None
        for env in (self.workflow.env, self.raw.get("env"), inside):
            yield from changing_variables(env)
        for step in self.steps:
            for env in step.env:
                yield from changing_variables(env)


@dataclass(slots=True)
class RunJobs:
    """The jobs of a run, those of called workflows included.

    Attributes:
        jobs: each with its steps.
        doubts: what of them was not read.
        actions: `uses` that were seen to use no other action than the steps show.
        steps: `uses` that were seen to run no more than the steps show.
        partial: jobs of a workflow that was not read are missing among them.
    """

    jobs: list[ExpandedJob] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    actions: set[str] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)
    partial: bool = False


def reads(path: str) -> bool:
    """Whether a file says what workflows do."""
    folder, _, name = path.rpartition("/")
    return name in NAMES or (f"{folder}/" == FOLDER and name.endswith((".yml", ".yaml")))


def jobs_of(attempt: RunAttempt, files: CommitFiles, others: Others = none_read) -> RunJobs:
    """The jobs of a run by the files of its commit.

    Args:
        others: reads the files of other repositories.

    Raises:
        ContentError: the file of the workflow is not understood.
    """
    path = attempt.file.partition("@")[0]
    if path not in files.texts:
        raise ContentError(files.unread.get(path, "it is not among the files of the commit"))
    workflows: dict[str, WorkflowSource | None] = {}
    actions: dict[str, CompositeAction] = {}
    for name, content in files.texts.items():
        if not reads(name):
            continue
        folder, _, last = name.rpartition("/")
        try:
            if last in NAMES:
                actions[folder] = action(folder, content.decode())
            else:
                workflows[last] = source(last, content.decode())
        except (ContentError, UnicodeDecodeError):
            # It counts as not read where something uses it.
            workflows.setdefault(last, None)
    first = source(path.rpartition("/")[2], files.texts[path].decode())
    found = RunJobs()
    named = first.name != first.path and "run-name" not in first.lines
    if named and attempt.workflow not in {"", first.name}:
        # A ruleset can require a workflow of another repository, at the same path.
        found.doubts.append(f"the file of the workflow {visible(attempt.workflow)} was not read")
        found.partial = True
    followed = Followed(
        others, Files(workflows, actions), INSTALLS_NOTHING - NESTED, found.actions, found.steps
    )
    _walk(first, workflows, attempt, followed, found, ())
    return found


def _walk(  # noqa: PLR0913, PLR0917 (where a workflow is, and what is collected)
    one: WorkflowSource,
    siblings: Mapping[str, WorkflowSource | None],
    attempt: RunAttempt,
    followed: Followed,
    found: RunJobs,
    callers: tuple[ExpandedJob, ...],
) -> None:
    """Go through the jobs of a workflow.

    Args:
        siblings: the workflows of its commit, which it calls by `./`.
        callers: the jobs that called it, the outermost first.
    """
    for job in one.jobs.values():
        uses = text_of(job, "uses")
        written = expanded(job, followed.own) if steps_of(job) else []
        steps = followed.all(written, foreign=siblings is not followed.own.workflows)
        this = ExpandedJob(job, steps, one, callers)
        found.jobs.append(this)
        found.doubts += [f"{step.unread} was not read" for step in steps if step.unread]
        if not uses:
            continue
        called, theirs = called_file(job, siblings), siblings
        elsewhere = called_elsewhere(uses, attempt, followed.others) if called is None else None
        if elsewhere is not None:
            called, theirs = elsewhere
            found.actions.add(uses)
        if called is not None and len(callers) < MOST_CALLS:
            _walk(called, theirs, attempt, followed, found, (*callers, this))
        else:
            found.doubts.append(f"the called workflow {uses} was not read")
            found.partial = True
