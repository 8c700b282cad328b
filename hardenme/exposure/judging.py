"""Whether a run of a workflow could have installed a version or used an action."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from hardenme.exposure.install_kind import LONGEST, Install, InstallKind
from hardenme.exposure.installs import installs
from hardenme.exposure.job_clients import JobClients
from hardenme.exposure.jobs import INSTALLS_NOTHING, NESTED, ExpandedJob, jobs_of
from hardenme.exposure.known_commands import ScriptPlace
from hardenme.exposure.known_expressions import values_of, variants
from hardenme.exposure.known_jobs import (
    ARTIFACT,
    CACHES,
    any_shell,
    brings_files,
    unknown_inputs,
    unknown_parts,
)
from hardenme.exposure.known_paths import is_known_folder
from hardenme.exposure.others import IN_FOLDER, Others, none_read
from hardenme.exposure.project import BY_FILES, Project
from hardenme.exposure.project_files import committed, project
from hardenme.exposure.reach import NOT_KNOWN, reach
from hardenme.ground.errors import ContentError
from hardenme.locks.contents import PackageVersion
from hardenme.model.exposure import (
    LAST_STEP,
    AskedAction,
    CommitFiles,
    ExecutedStep,
    ExposureGrade,
    ExposureSign,
    RunAttempt,
)
from hardenme.workflows.actions import NAMES, SELF
from hardenme.workflows.expressions import OPEN
from hardenme.workflows.lock import COMMIT
from hardenme.workflows.source import text_of
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
SHELLS = re.compile(
    r"(?:(?:bash|sh|pwsh|powershell|cmd)"
    r"(?: (?:-[euox]+|-eo pipefail|pipefail|--noprofile|--norc))*(?: \{0\})?)?"
)
"""What runs no more than the script that it is given; empty for the usual one."""
OF_UNIX = re.compile(r"(?:bash|sh)\b.*")
WORKSPACE = re.compile(r"\$\{\{\s*github\.workspace\s*\}\}")
OF_MATRIX = re.compile(r"\$\{\{\s*(?P<path>matrix\.[\w.-]+)\s*\}\}")
SET_UP = "Set up job"
"""The runner's own first step."""
WRITES = frozenset({ARTIFACT, *CACHES})
"""Actions that write into folders which their inputs name."""
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
        return [*signs, ExposureSign(UNKNOWN, f"{attempt.file}: {error}")], [NOT_KNOWN]
    jobs = ran.jobs
    signs += [ExposureSign(UNKNOWN, doubt) for doubt in ran.doubts]
    there = project(files)
    actions_at = frozenset(
        part
        for path in files.texts
        if path.rpartition("/")[2] in NAMES
        for part in path.split("/")[:-1]
    )
    packages = [one for one in asked if isinstance(one, PackageVersion)]
    if packages:
        found = [one for job in jobs for one in _of_job(job, ran.steps, there)]
        for package in packages:
            signs += there.signs(package, found)
            signs += committed(files, package) if any(job.steps for job in jobs) else ()
    actions = [one for one in asked if isinstance(one, AskedAction)]
    for job in jobs:
        for uses in (text_of(job.raw, "uses"), *(text_of(one.raw, "uses") for one in job.steps)):
            signs += _used(uses, actions, known=uses in ran.actions) if uses else ()
        signs += _changed(job, ran.steps, there, actions_at)
    more = [NOT_KNOWN] if ran.partial or attempt.event in ON_DEFAULT else []
    return list(dict.fromkeys(signs)), [*reach(jobs), *more]


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
        if ran.doubts:
            # A step that was not read can have the name of the runner's own.
            return True
        for raw in (step.raw for job in ran.jobs for step in job.steps):
            # A script without a name is called by its first line.
            line = text_of(raw, "run").strip().partition("\n")[0]
            named |= {text_of(raw, "name"), f"Run {line}" if line else ""}
    begins = [name.partition(OPEN)[0] for name in named if OPEN in name]
    alike = any(usual.startswith(one) for one in begins for usual in (*CHECKED_OUT, LAST_STEP))
    return (
        not files
        or alike
        or not all(
            (one.number == 1 and one.name == SET_UP)
            or (one.name.startswith(CHECKED_OUT) and one.name not in named)
            or (one.name == LAST_STEP and one.name not in named)
            for one in steps
        )
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
    parts = list(unknown_parts(job))
    usual, clients = _place(job, there), JobClients(job, there)
    has_commit, replaced = False, ""
    for step in job.steps:
        if text_of(step.raw, "uses") in known:
            continue
        clients.take(step)
        inner = [
            replace(one, versions=clients.versions(one.client))
            for one in _installs(step, job, usual, there)
        ]
        by_files = any(one.kind in BY_FILES for one in inner)
        if by_files and not has_commit:
            inner.append(_unread("what it installs by files before a checkout"))
        if by_files and replaced:
            inner.append(_unread(f"{replaced} may bring other files"))
        found += inner
        has_commit = has_commit or (step.action == CHECKOUT and step.surely)
        if brings_files(step, usual.folders) or _into_link(step, usual):
            replaced = text_of(step.raw, "uses")
    if found or any(step.script for step in job.steps):
        found += map(_unread, parts)
    if found:
        found += map(_unread, dict.fromkeys(job.settings))
    return found


def _place(job: ExpandedJob, there: Project) -> ScriptPlace:
    """Where the scripts of a job run."""
    names = there.folders | _checked_out(job)
    return ScriptPlace(names, any_shell=any_shell(job), links=there.links)


def _changed(
    job: ExpandedJob, known: Collection[str], there: Project, folders: frozenset[str]
) -> Iterator[ExposureSign]:
    """Actions of the working folder that a step before them can have replaced.

    Args:
        known: `uses` that were seen to run no more than the steps after them.
        folders: names of those that have actions, and of those around them.
    """
    if not any(text_of(step.raw, "uses").startswith(IN_FOLDER) for step in job.steps):
        return
    usual, by = _place(job, there), ""
    usual = replace(usual, folders=usual.folders | folders)
    for step in job.steps:
        uses = text_of(step.raw, "uses")
        if by and uses.startswith(IN_FOLDER):
            yield ExposureSign(UNKNOWN, f"{uses} can have been changed by {by}")
        if uses in known or by:
            continue
        inner = _installs(step, job, usual, there)
        by = next((one.text for one in inner if one.kind is InstallKind.UNREAD), "")
        if brings_files(step, usual.folders) or _into_link(step, usual):
            by = uses


def _into_link(step: RunStep, place: ScriptPlace) -> bool:
    """Whether an action may write through a symbolic link of the commit."""
    paths = step.inputs.get("path", "").splitlines()
    return step.action in WRITES and any(place.is_linked(one.strip(), within=True) for one in paths)


def _unread(text: str) -> Install:
    return Install(InstallKind.UNREAD, text[:LONGEST])


def _checked_out(job: ExpandedJob) -> frozenset[str]:
    """The folders that a job puts its commit into."""
    paths = (step.inputs.get("path", "") for step in job.steps if step.action == CHECKOUT)
    return frozenset(part for path in paths for part in path.strip("./").split("/") if part)


def _installs(
    step: RunStep, job: ExpandedJob, usual: ScriptPlace, there: Project
) -> Iterator[Install]:
    uses = text_of(step.raw, "uses")
    if step.action and not (step.action.startswith(SELF) or step.action in INSTALLS_NOTHING):
        yield _unread(uses)
    yield from map(_unread, unknown_inputs(step, job, usual.folders))
    if not step.script:
        return
    shell, folder = (
        text_of(step.raw, key) or job.default(key) for key in ("shell", "working-directory")
    )
    if not SHELLS.fullmatch(shell):
        yield _unread(f"shell: {shell}")
    unlike = usual.any_shell if not shell else not OF_UNIX.fullmatch(shell)
    place = replace(usual, any_shell=unlike)
    scripts = variants(step.script, job.raw)
    found = [one for script in scripts for one in installs(script, there.script, place)]
    yield from dict.fromkeys(found)
    known = _is_known_place(folder, job, usual.folders) and not usual.is_linked(folder)
    if found and not known:
        yield _unread(f"working-directory: {folder}")


def _is_known_place(folder: str, job: ExpandedJob, folders: frozenset[str]) -> bool:
    """Whether a `working-directory` is a folder of the commit that has packages."""
    place = WORKSPACE.sub(".", folder).strip()
    named = OF_MATRIX.search(place)
    if named is None:
        return is_known_folder(place, folders)
    values = values_of(job.raw, named["path"])
    return values is not None and all(
        is_known_folder(OF_MATRIX.sub(value, place, count=1), folders) for value in values
    )


def _short(ref: str) -> str:
    """A tag or branch without what GitHub allows in front of it."""
    return re.sub(r"^refs/(?:tags|heads)/", "", ref)


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
        if _short(ref) == _short(one.ref):
            yield ExposureSign(POSSIBLE, f"it uses {uses}")
        elif COMMIT.fullmatch(one.ref) and not COMMIT.fullmatch(ref):
            yield ExposureSign(POSSIBLE, f"it uses {uses}, which can have led to that commit")
        elif not COMMIT.fullmatch(one.ref):
            # Another tag, or a commit, can be what the one that was asked about led to.
            why = f"it uses {uses}: name the commits that {one} led to"
            yield ExposureSign(UNKNOWN, why)
    known = known or path.lower() in INSTALLS_NOTHING - NESTED
    if not known and not any(one.name == name for one in asked):
        yield ExposureSign(UNKNOWN, f"what {uses} uses in turn was not read")
