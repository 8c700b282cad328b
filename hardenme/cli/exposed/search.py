"""From a question to what the runs of each repository show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from functools import partial

from hardenme.cli.audit.run import PreparedRun
from hardenme.cli.exposed.caches import with_caches
from hardenme.cli.exposed.estimate import say_commits, say_doubts, say_others
from hardenme.cli.exposed.merges import MergedFiles
from hardenme.cli.exposed.question import ExposureQuestion
from hardenme.cli.exposed.resume import NONE_KEPT, KeptRuns, ResumableSearch
from hardenme.cli.exposed.secret_names import with_secret_names
from hardenme.cli.exposed.witnesses import with_logs
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import fetch
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.git_objects import GitObjects
from hardenme.collectors.github.noting import NotingGitHub
from hardenme.collectors.github.repositories import owned
from hardenme.collectors.github.run_records import LOOKBACK, executed_steps, runs_in
from hardenme.engine.identity import github_owner
from hardenme.engine.target import Target
from hardenme.exposure.jobs import reads
from hardenme.exposure.judging import MERGED, ON_DEFAULT, judged, reached
from hardenme.exposure.project_files import chooses_node, is_committed, says_what_is_installed
from hardenme.exposure.reach import NOT_KNOWN, with_machines
from hardenme.facts.github.endpoints import USER
from hardenme.facts.github.repository import Repository
from hardenme.ground.errors import CredentialError
from hardenme.ground.names import FULL_NAME
from hardenme.locks.contents import PackageVersion
from hardenme.locks.reading import is_lock
from hardenme.model.exposure import (
    CommitFiles,
    Exposure,
    ExposureGrade,
    ExposureRow,
    ExposureSign,
    LookedAtRun,
    RepositoryExposure,
    RunAttempt,
    graded,
)
from hardenme.model.permission import NOTHING
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

MANY_REPOSITORIES = 20
"""Repositories from which on a search shows how many requests follow."""
MOST_OTHERS = 200
"""Commits of other repositories that are read for the runs of one."""
NO_ACCOUNT = "GitHub does not show of what kind the account is: run again"
EACH = 5
"""Requests for a repository with a run in the window and no doubt."""


def search(resumable: ResumableSearch, run: PreparedRun) -> Exposure:
    """Look at each repository that was named or belongs to an owner that was named.

    Raises:
        CredentialError: there is no token for one.
    """
    question = resumable.question
    names: dict[str, NotingGitHub] = {}
    found: list[RepositoryExposure] = []
    listers: list[NotingGitHub] = []
    for target in map(Target.parse, question.targets):
        of_owner = run.clients.of_owner(target.name.partition("/")[0])
        if of_owner is None:
            # Which token is missing, and what to do, was printed when tokens were looked for.
            raise CredentialError
        if target.kind == "github-repo":
            names.setdefault(target.name, NotingGitHub(of_owner))
            continue
        listers.append(NotingGitHub(of_owner))
        listed, faults, sign_on = repositories_of(listers[-1], target.name)
        names |= {name: NotingGitHub(of_owner) for name in listed if name not in names}
        if faults:
            found.append(
                RepositoryExposure(
                    target.name, faults=tuple(faults), refused=not listed, sign_on=sign_on
                )
            )
    left = {name: github for name, github in names.items() if name not in resumable.done}
    if len(left) > MANY_REPOSITORIES:
        run.console.say(f"{len(left):,} repositories: about {EACH * len(left):,} requests")
    looked = dict(resumable.done)
    for one in _looked_at(resumable, left, run):
        resumable.put(one, final=not left[one.name].lost)
        looked[one.name] = one
        run.line.step(len(names) - len(left.keys() - looked), len(names), one.name)
    resumable.whole = not any(one.lost for one in (*listers, *left.values()))
    asked = tuple(map(str, question.things))
    rows = (*found, *(looked[name] for name in names))
    return Exposure(asked, question.start, question.end, rows)


def _looked_at(
    resumable: ResumableSearch, names: Mapping[str, NotingGitHub], run: PreparedRun
) -> Iterator[RepositoryExposure]:
    """The repositories in the order in which they are done; an interrupt waits for none."""
    pool = ThreadPoolExecutor(run.config.workers, thread_name_prefix="exposed")
    ended = False
    try:
        yield from (
            done.result()
            for done in as_completed(
                pool.submit(
                    repository_exposure,
                    resumable.question,
                    github,
                    name,
                    run.console.say,
                    resumable.runs_of(name, github),
                )
                for name, github in names.items()
            )
        )
        ended = True
    finally:
        if not ended:
            for github in names.values():
                github.session.stopped.set()
        pool.shutdown(wait=ended, cancel_futures=True)


def repositories_of(github: GitHub, owner: str) -> tuple[list[str], list[str], bool]:
    """The repositories of an owner, why these may not be all, and whether it is single sign-on."""
    kind = github_owner(github, owner).kind
    if kind not in {"org", "user"}:
        shown = fetch(github, USER.at(username=owner), NOTHING)
        if isinstance(shown, Unknown):
            return [], [shown.in_words], shown.reason is Reason.NEEDS_SSO
        return [], [NO_ACCOUNT], False
    scope = Subject("github", kind, owner)
    names, faults, sign_on = list[str](), list[str](), False
    for answer in owned(github, scope, FactStore(frozenset({Repository}))):
        if answer.scope != scope:
            names.append(answer.scope.name)
            continue
        lost = [one.unknown_fields().get("whole") for one in answer.facts]
        gone = [one for one in (answer.missing, *lost) if one is not None]
        faults += [f"its repositories were not all read: {one.in_words}" for one in gone]
        sign_on = sign_on or any(one.reason is Reason.NEEDS_SSO for one in gone)
    if kind == "user":
        faults.append("GitHub does not show whether these are all repositories of the account")
    return list(dict.fromkeys(names)), faults, sign_on


def repository_exposure(
    question: ExposureQuestion,
    github: GitHub,
    name: str,
    say: Callable[[str], None],
    kept: KeptRuns = NONE_KEPT,
) -> RepositoryExposure:
    """Look at the runs of a repository.

    Args:
        name: with its owner.
        say: shows what a long search costs, before it begins.
        kept: what an interrupted search looked at, and where this one's runs go.
    """
    ran = runs_in(github, name, question.start, question.end)
    if question.still_bad and github.session.clock_skew is not None:
        ran.faults.append("the clock of this machine is wrong, and it ended the window")
    done = {one: found for one in ran.attempts if (found := kept.find(one)) is not None}
    left = [one for one in ran.attempts if one not in done]
    commits = list(dict.fromkeys(one.commit for one in left))
    say_commits(say, name, len(commits))
    objects = GitObjects(github, name, partial(_is_wanted, question))
    objects.read_ahead(commits)
    looking = _Looking(question, objects, MergedFiles(objects, question.start - LOOKBACK))
    files = {commit: objects.files(commit) for commit in commits}
    read = [one for one in files.values() if not isinstance(one, Unknown)]
    say_others(say, name, read)
    first = {one: looking.row(one, files[one.commit]) for one in left}
    say_doubts(say, name, first.values(), len(left))
    looking.merges.read_ahead(one.commit for one, row in first.items() if _takes_merge(row))
    for one in left:
        done[one] = LookedAtRun(name, looking.whole(first[one]), _locks(files[one.commit]))
        kept.keep(done[one])
    rows, faults = with_caches(question, objects, tuple(done[one].row for one in ran.attempts))
    rows = with_secret_names(github, name, rows)
    read_commits = {one.row.attempt.commit for one in done.values() if one.locks is not None}
    locks = {blob for one in done.values() for blob in one.locks or ()}
    return RepositoryExposure(
        name,
        rows,
        tuple(dict.fromkeys([*ran.faults, *faults])),
        len(rows),
        len(read_commits),
        len(locks),
        ran.refused,
        ran.sign_on,
    )


def _locks(files: CommitFiles | Unknown) -> tuple[str, ...] | None:
    """The digests of the lock files of a commit; None if it was not read."""
    if isinstance(files, Unknown):
        return None
    return tuple(blob for path, blob in files.blobs.items() if is_lock(path))


def _is_wanted(question: ExposureQuestion, path: str) -> bool:
    """Whether a file of a commit decides whether its runs are exposed."""
    packages = (one for one in question.things if isinstance(one, PackageVersion))
    own = any(is_committed(path, one) for one in packages)
    return own or reads(path) or says_what_is_installed(path) or chooses_node(path)


def _takes_merge(row: ExposureRow) -> bool:
    """Whether the head alone does not decide: the run checked out a merge commit."""
    return row.attempt.event in MERGED and row.grade is ExposureGrade.NOT_SEEN


@dataclass(slots=True)
class _Looking:
    """Looks at the runs of one repository.

    Attributes:
        objects: reads its commits.
        merges: reads the merge commits of its pull requests.
    """

    question: ExposureQuestion
    objects: GitObjects
    merges: MergedFiles
    _others: dict[str, GitObjects] = field(default_factory=dict)
    _read: set[tuple[str, str]] = field(default_factory=set)

    def other(self, name: str, commit: str) -> CommitFiles | Unknown:
        """The workflows and actions of a commit of another repository."""
        self._read.add((name.lower(), commit))
        if not FULL_NAME.fullmatch(name) or len(self._read) > MOST_OTHERS:
            needed = f"at most {MOST_OTHERS} commits of other repositories"
            return Unknown(Reason.INCOMPLETE, needed)
        there = self._others.setdefault(name.lower(), GitObjects(self.objects.github, name, reads))
        there.read_ahead([commit])
        return there.files(commit)

    def row(self, attempt: RunAttempt, files: CommitFiles | Unknown) -> ExposureRow:
        """What the files of a commit show of a run."""
        if isinstance(files, Unknown):
            why = f"the files of {attempt.commit[:12]}: {files.in_words}"
            sign = ExposureSign(ExposureGrade.UNKNOWN, why)
            return ExposureRow(attempt, sign.grade, (sign,), (NOT_KNOWN,))
        signs, reach = judged(attempt, files, self.question.things, self.other)
        return ExposureRow(attempt, graded(signs), tuple(signs), tuple(reach))

    def whole(self, row: ExposureRow) -> ExposureRow:
        """A row with all that the run can have checked out, and the steps that executed."""
        attempt = row.attempt
        head = self.objects.files(attempt.commit)
        files: Sequence[CommitFiles] = () if isinstance(head, Unknown) else (head,)
        if attempt.event in MERGED | ON_DEFAULT:
            files = ()
        if _takes_merge(row):
            found = self.merges.of(attempt)
            if isinstance(found, Unknown):
                why = f"its head commit is free of doubt, its merge commit is not: {found.in_words}"
                sign = ExposureSign(ExposureGrade.UNKNOWN, why)
                row = replace(row, grade=ExposureGrade.UNKNOWN, signs=(sign,))
            else:
                files = found
                each = [self.row(attempt, one) for one in found]
                signs = tuple(dict.fromkeys(sign for one in each for sign in one.signs))
                reach = tuple(dict.fromkeys(one for part in (row, *each) for one in part.reach))
                row = ExposureRow(attempt, graded(signs), signs, reach)
        return self._executed(row, files)

    def _executed(self, row: ExposureRow, files: Sequence[CommitFiles]) -> ExposureRow:
        """A row that is not free of doubt, held against the steps that executed in the window."""
        if row.grade in {ExposureGrade.NOT_SEEN, ExposureGrade.CONFIRMED}:
            return row
        attempt, question = row.attempt, self.question
        github, name = self.objects.github, self.objects.name
        steps = executed_steps(github, name, attempt, question.start, question.end)
        if isinstance(steps, Unknown):
            why = f"its jobs: {steps.in_words}"
            return replace(row, signs=(*row.signs, ExposureSign(ExposureGrade.UNKNOWN, why)))
        if reached(attempt, files, steps, question.things, self.other):
            return with_logs(question, github, name, with_machines(row, steps), steps)
        why = "no step that installs or fetches executed in the window"
        return ExposureRow(
            attempt, ExposureGrade.NOT_SEEN, (ExposureSign(ExposureGrade.NOT_SEEN, why),)
        )
