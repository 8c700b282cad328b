"""Whether a run of a workflow could have installed a version or used an action."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from hardenme.exposure.installs import LONGEST, Install, InstallKind, installs
from hardenme.exposure.jobs import INSTALLS_NOTHING, NESTED, ExpandedJob, jobs_of
from hardenme.exposure.others import Others, none_read
from hardenme.exposure.project import Project, project
from hardenme.exposure.reach import reach
from hardenme.exposure.replacing import is_elsewhere
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
from hardenme.workflows.actions import SELF
from hardenme.workflows.lock import COMMIT
from hardenme.workflows.source import steps_of, text_of
from hardenme.workflows.steps import CHECKOUT, RunStep

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
ELSEWHERE = frozenset({"ref", "repository", "submodules"})
"""Inputs of a checkout that bring what is not in the tree of the run's commit."""
ARTIFACT = "actions/download-artifact"
OF_OTHERS = frozenset({"run-id", "repository", "github-token"})
"""Inputs by which it brings what another run made. What its own run made, its jobs show."""
SHELLS = re.compile(
    r"(?:(?:bash|sh|pwsh|powershell|cmd)(?: -(?!c\b)[\w-]+(?: pipefail)?)*(?: \{0\})?)?"
)
"""What runs no more than the script that it is given; empty for the usual one."""
SET_UP = "Set up job"
"""The runner's own first step."""
CHECKED_OUT = ("Run actions/checkout@", "Post Run actions/checkout@")
"""What the runner calls a checkout that has no name."""
POSSIBLE, UNKNOWN = ExposureGrade.POSSIBLE, ExposureGrade.UNKNOWN
Asked = PackageVersion | AskedAction


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
        found = [one for job in jobs for one in _of_job(job, ran.steps, there)]
        for package in packages:
            signs += there.signs(package, found)
    actions = [one for one in asked if isinstance(one, AskedAction)]
    for job in jobs:
        for uses in (text_of(job.raw, "uses"), *(text_of(one.raw, "uses") for one in job.steps)):
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
        named |= {text_of(raw, "name") for job in ran.jobs for raw in steps_of(job.raw)}
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


def _of_job(job: ExpandedJob, known: Collection[str], there: Project) -> list[Install]:
    """What a job installs; where it sets what is not known, no lock file decides that.

    Args:
        known: `uses` that were seen to run no more than the steps after them.
    """
    found: list[Install] = []
    for step in job.steps:
        if text_of(step.raw, "uses") in known:
            continue
        inner = list(_installs(step, there))
        found += inner
        shell, folder = (
            text_of(step.raw, key) or job.default(key) for key in ("shell", "working-directory")
        )
        if step.script and not SHELLS.fullmatch(shell):
            found.append(Install(InstallKind.UNREAD, f"shell: {shell}"[:LONGEST]))
        if inner and is_elsewhere(folder):
            found.append(Install(InstallKind.UNREAD, f"working-directory: {folder}"[:LONGEST]))
    if found:
        settings = dict.fromkeys(job.settings)
        found += (Install(InstallKind.UNREAD, setting[:LONGEST]) for setting in settings)
    return found


def _installs(step: RunStep, there: Project) -> Iterator[Install]:
    uses = text_of(step.raw, "uses")
    if step.script:
        yield from installs(step.script, there.script)
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
