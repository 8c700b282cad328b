"""Whether a run of a workflow could have installed a version or used an action."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hardenme.exposure.installs import Install, InstallKind, installs
from hardenme.exposure.others import Followed, Others, called_elsewhere, none_read
from hardenme.exposure.project import project
from hardenme.ground.errors import ContentError
from hardenme.locks.contents import PackageVersion
from hardenme.model.exposure import (
    AskedAction,
    CommitFiles,
    ExecutedStep,
    ExposureGrade,
    ExposureSign,
    RunAttempt,
)
from hardenme.workflows.actions import NAMES, SELF, CompositeAction, action
from hardenme.workflows.expressions import strings
from hardenme.workflows.harmless_actions import FILES, GITHUB_ALONE
from hardenme.workflows.known import SCRIPTS, publishes
from hardenme.workflows.lock import COMMIT
from hardenme.workflows.scripts import published
from hardenme.workflows.source import WorkflowSource, source, steps_of, text_of
from hardenme.workflows.steps import CHECKOUT, Files, RunStep, called_file, expanded

FOLDER = ".github/workflows/"
SETS_UP = """
    actions/cache actions/cache/restore actions/cache/save actions/setup-go actions/setup-java
    actions/setup-node actions/setup-python oven-sh/setup-bun
"""
INSTALLS_NOTHING = frozenset(f"{GITHUB_ALONE} {FILES} {SETS_UP}".split()) - SCRIPTS.keys()
"""Actions that are known to install no package of npm, and to use no other action."""
NESTED = frozenset({"actions/upload-pages-artifact", "actions/attest-build-provenance"})
"""Of them, those that use other actions."""
ON_DEFAULT = frozenset({"pull_request_target"})
"""Events whose run names a commit that its file is not of."""
MERGED = frozenset({"pull_request", "pull_request_review", "pull_request_review_comment"})
"""Events whose runs check out the commit that GitHub makes of a pull request and its base."""
ON_COMMIT = frozenset(
    """
    branch_protection_rule check_run check_suite create delete deployment deployment_status
    discussion discussion_comment dynamic fork gollum issue_comment issues label merge_group
    milestone page_build public push registry_package release repository_dispatch schedule status
    watch workflow_dispatch workflow_run
    """.split()  # noqa: SIM905 (words, not a list of strings)
)
"""Events whose runs check out the commit that their record names."""
SECRET = re.compile(r"secrets\s*(?:\.\s*([A-Za-z_]\w*)|\[\s*'([A-Za-z_]\w*)'\s*\])")
EVERY_SECRET = re.compile(r"toJSON\s*\(\s*secrets\s*\)|secrets\s*\[\s*[^'\s]", re.IGNORECASE)
ELSEWHERE = frozenset({"ref", "repository", "submodules"})
"""Inputs of a checkout that bring what is not in the tree of the run's commit."""
ARTIFACT = "actions/download-artifact"
OF_OTHERS = frozenset({"run-id", "repository", "github-token"})
"""Inputs by which it brings what another run made. What its own run made, its jobs show."""
SET_UP = "Set up job"
"""The runner's own first step."""
CHECKED_OUT = ("Run actions/checkout@", "Post Run actions/checkout@")
"""What the runner calls a checkout that has no name."""
MOST_CALLS = 4
"""Workflows within one another; GitHub allows no more."""
POSSIBLE, UNKNOWN = ExposureGrade.POSSIBLE, ExposureGrade.UNKNOWN
Asked = PackageVersion | AskedAction
Jobs = list[tuple[Mapping[str, Any], list[RunStep]]]


def reads(path: str) -> bool:
    """Whether a file says what workflows do."""
    folder, _, name = path.rpartition("/")
    return name in NAMES or (f"{folder}/" == FOLDER and name.endswith((".yml", ".yaml")))


@dataclass(slots=True)
class RunJobs:
    """The jobs of a run, those of called workflows included.

    Attributes:
        jobs: each with its steps.
        doubts: what of them was not read.
        actions: `uses` that were seen to use no other action than the steps show.
        steps: `uses` that were seen to run no more than the steps show.
    """

    jobs: Jobs = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    actions: set[str] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)


def judged(
    attempt: RunAttempt,
    files: CommitFiles,
    asked: Sequence[Asked],
    others: Others = none_read,
) -> tuple[list[ExposureSign], list[str]]:
    """What the files of a run's commit show, and what its jobs could reach.

    Args:
        others: reads the files of other repositories.
    """
    signs = list(_of_events(attempt))
    for uses, commit in attempt.called:
        signs += _resolved(uses, commit, asked)
    try:
        ran = jobs_of(attempt, files, others)
    except (ContentError, RecursionError, UnicodeDecodeError) as error:
        return [*signs, ExposureSign(UNKNOWN, f"{attempt.file}: {error}")], []
    jobs = ran.jobs
    signs += [ExposureSign(UNKNOWN, doubt) for doubt in ran.doubts]
    packages = [one for one in asked if isinstance(one, PackageVersion)]
    if packages:
        there = project(files)
        found = [
            one
            for _job, steps in jobs
            for step in steps
            if text_of(step.raw, "uses") not in ran.steps
            for one in _installs(step, there)
        ]
        for package in packages:
            signs += there.signs(package, found)
    actions = [one for one in asked if isinstance(one, AskedAction)]
    for job, steps in jobs:
        for uses in (text_of(job, "uses"), *(text_of(step.raw, "uses") for step in steps)):
            signs += _used(uses, actions, known=uses in ran.actions) if uses else ()
    return list(dict.fromkeys(signs)), reach(jobs)


def reached(
    attempt: RunAttempt,
    files: Sequence[CommitFiles],
    steps: Sequence[ExecutedStep],
    asked: Sequence[Asked],
    others: Others = none_read,
) -> bool:
    """Whether a step executed that can have installed a package, or any that fetches actions.

    Args:
        files: of each commit that the run can have checked out.
        others: reads the files of other repositories.
    """
    if not steps or any(isinstance(one, AskedAction) for one in asked):
        # Actions are fetched before the first step.
        return bool(steps)
    named: set[str] = set()
    for one in files:
        try:
            ran = jobs_of(attempt, one, others)
        except (ContentError, RecursionError, UnicodeDecodeError):
            return True
        named |= {text_of(raw, "name") for job, _steps in ran.jobs for raw in steps_of(job)}
    return not files or not all(
        (one.number == 1 and one.name == SET_UP)
        or (one.name.startswith(CHECKED_OUT) and one.name not in named)
        for one in steps
    )


def _of_events(attempt: RunAttempt) -> Iterator[ExposureSign]:
    if attempt.event in ON_DEFAULT:
        why = f"a run by {attempt.event} has the default branch's file of its time"
        yield ExposureSign(UNKNOWN, f"{why}, which was not read")
    elif attempt.event not in ON_COMMIT | MERGED:
        yield ExposureSign(UNKNOWN, f"what a run by {attempt.event} checks out is not known")


def _resolved(uses: str, commit: str, asked: Sequence[Asked]) -> Iterator[ExposureSign]:
    """A called workflow by the commit that GitHub says it had."""
    name = "/".join(uses.lower().split("/")[:2])
    for one in asked:
        if isinstance(one, AskedAction) and one.name == name and one.ref == commit:
            yield ExposureSign(ExposureGrade.CONFIRMED, f"GitHub resolved {uses} to {commit}")


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
    followed = Followed(
        others, Files(workflows, actions), INSTALLS_NOTHING - NESTED, found.actions, found.steps
    )
    _walk(first, workflows, attempt, followed, found, 0)
    return found


def _walk(  # noqa: PLR0913, PLR0917 (where a workflow is, and what is collected)
    one: WorkflowSource,
    siblings: Mapping[str, WorkflowSource | None],
    attempt: RunAttempt,
    followed: Followed,
    found: RunJobs,
    depth: int,
) -> None:
    """Go through the jobs of a workflow.

    Args:
        siblings: the workflows of its commit, which it calls by `./`.
    """
    for job in one.jobs.values():
        uses = text_of(job, "uses")
        steps = followed.all(expanded(job, followed.own)) if steps_of(job) else []
        found.jobs.append((job, steps))
        found.doubts += [f"{step.unread} was not read" for step in steps if step.unread]
        if not uses:
            continue
        called, theirs = called_file(job, siblings), siblings
        elsewhere = called_elsewhere(uses, attempt, followed.others) if called is None else None
        if elsewhere is not None:
            called, theirs = elsewhere
            found.actions.add(uses)
        if called is not None and depth < MOST_CALLS:
            _walk(called, theirs, attempt, followed, found, depth + 1)
        else:
            found.doubts.append(f"the called workflow {uses} was not read")


def _installs(step: RunStep, there: Any) -> Iterator[Install]:
    uses = text_of(step.raw, "uses")
    if step.script:
        yield from installs(step.script, lambda name: there.scripts.get(name, ()))
    elif step.action == CHECKOUT and ELSEWHERE & step.inputs.keys():
        yield Install(InstallKind.UNREAD, f"{uses} of another commit or repository")
    elif step.action == ARTIFACT and OF_OTHERS & step.inputs.keys():
        yield Install(InstallKind.UNREAD, f"{uses} of another run")
    elif step.action and not (step.action.startswith(SELF) or step.action in INSTALLS_NOTHING):
        yield Install(InstallKind.UNREAD, uses)


def _used(uses: str, asked: Sequence[AskedAction], *, known: bool) -> Iterator[ExposureSign]:
    """What a `uses` shows of actions.

    Args:
        known: all that it uses in turn was read.
    """
    if not asked or uses.startswith(SELF):
        return
    path, _, ref = uses.partition("@")
    name = "/".join(path.lower().split("/")[:2])
    for one in asked:
        if one.name != name:
            continue
        if ref == one.ref:
            yield ExposureSign(POSSIBLE, f"it uses {uses}")
        elif COMMIT.fullmatch(one.ref) and not COMMIT.fullmatch(ref):
            yield ExposureSign(POSSIBLE, f"it uses {uses}, which can have led to that commit")
        elif COMMIT.fullmatch(ref) and not COMMIT.fullmatch(one.ref):
            why = f"it uses {uses}: name the commits that {one} led to"
            yield ExposureSign(UNKNOWN, why)
    known = known or path.lower() in INSTALLS_NOTHING - NESTED
    if not known and not any(one.name == name for one in asked):
        yield ExposureSign(UNKNOWN, f"what {uses} uses in turn was not read")


def reach(jobs: Jobs) -> list[str]:
    """What jobs could reach, what can publish first."""
    first: dict[str, None] = {}
    then: dict[str, None] = {}
    for job, steps in jobs:
        texts = list(strings([job, [step.raw for step in steps]]))
        given = job.get("permissions")
        if given == "write-all" or (isinstance(given, dict) and given.get("id-token") == "write"):
            first["OIDC tokens (id-token: write): every publisher and role that trusts it"] = None
        for step in steps:
            if publishes(step.action, step.inputs) or any(published(step.script)):
                first["a job that publishes"] = None
        if job.get("secrets") == "inherit" or any(map(EVERY_SECRET.search, texts)):
            first["all secrets of the repository and organization"] = None
        for text in texts:
            for one, other in SECRET.findall(text):
                then[f"secret {one or other}"] = None
        if isinstance(job.get("environment"), str | dict):
            then["the secrets of its environment"] = None
        if "self-hosted" in " ".join(strings([job.get("runs-on")])):
            then["a self-hosted machine, with all that is on it"] = None
    then["GITHUB_TOKEN: what it wrote stays"] = None
    return [*first, *then]
