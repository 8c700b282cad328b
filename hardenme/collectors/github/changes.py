"""Reads what was done lately in a repository that was pushed to: three requests each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from hardenme.collectors.answer import known, nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import fetch, place
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.pages import LINK, PER_PAGE, wrapped
from hardenme.collectors.github.refusal import refusal, sso_left_out
from hardenme.collectors.github.workflow_history import FOLDER, WorkflowHistory, history
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github.changes import (
    HEADS,
    RepositoryChange,
    ScheduledRuns,
    WorkflowFileChange,
    WorkflowRun,
)
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.workflow import Workflow
from hardenme.model.depth import BEYOND, Depth
from hardenme.model.fact import Answer, Fact
from hardenme.model.known import field
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Reason, Unknown
from hardenme.model.watch import LATER

F = TypeVar("F", RepositoryChange, WorkflowRun)
KINDS = (RepositoryChange, WorkflowRun, WorkflowFileChange)
PERIODS = (("day", 1), ("week", 7), ("month", 30), ("quarter", 90), ("year", 365))
"""How far back a list of activity is asked for, and its days."""
MARGIN = timedelta(hours=1)
"""A period has to be longer than the window by as much as a long run takes."""
UNHELD = Unknown(Reason.NOT_ASKED, "the workflow files of its commit")
"""Why it is not known whether the file of a run is an ordinary one."""
DIFFER = Unknown(Reason.INCOMPLETE, "a run during which no workflow file is added or removed")
SCHEDULE = "schedule"
NEEDED = "more than the newest {} of the list"


def changes(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET …/activity, GET …/actions/runs, and the workflow files as they were and as they are."""
    repository = store.fact(Repository, scope)
    atoms = store.evidence(Repository, scope)
    pushed = None if repository is None else repository.unknown_fields().get("pushed_at")
    if repository is None or store.window is None or not atoms:
        why = Unknown(Reason.NOT_ASKED, "a run of `hardenme recent`")
        yield from (nothing(kind, scope, why) for kind in KINDS)
        return
    doubt = _doubt(github)
    since = max(atom.observed_at for atom in atoms) - store.window - doubt
    created = f"created=%3E%3D{since:%Y-%m-%dT%H:%M:%SZ}&per_page={PER_PAGE}"
    if pushed is None and (repository.pushed_at is None or repository.pushed_at < since):
        # Nothing was pushed, so nothing there can have changed by a push. A workflow can have run:
        # by hand, by another repository, at a time of day, or for an issue.
        yield from (Answer(kind, scope, (), atoms) for kind in (KINDS[0], KINDS[2]))
        if store.depth < Depth.STANDARD:
            yield nothing(WorkflowRun, scope, BEYOND[Depth.STANDARD])
        else:
            ran = _page(github, WorkflowRun, scope, created, lambda fact: fact.created_at, since)
            yield from _held(github, scope, ran)
        return
    if store.pushes is not None and not store.pushes.takes(scope):
        yield from (nothing(kind, scope, LATER) for kind in KINDS)
        return
    query = f"per_page={PER_PAGE}{_period(store.window + doubt)}"
    found = _page(github, RepositoryChange, scope, query, lambda fact: fact.at, since)
    yield found
    ran = _page(github, WorkflowRun, scope, created, lambda fact: fact.created_at, since)
    yield from _files(github, scope, store, found, repository, ran, since)


def _doubt(github: GitHub) -> timedelta:
    """How far apart the server's clock and this machine's are, where that is too far."""
    skew = github.session.clock_skew
    return timedelta() if skew is None else abs(skew[0] - skew[1])


def _period(window: timedelta) -> str:
    for name, days in PERIODS:
        if window + MARGIN <= timedelta(days=days):
            return f"&time_period={name}"
    return ""


def _page(  # noqa: PLR0913, PLR0917 (what a page is asked and read by)
    github: GitHub,
    kind: type[F],
    scope: Subject,
    query: str,
    when: Callable[[F], datetime],
    since: datetime,
) -> Answer[F]:
    """The first page of a list that begins with the newest, as far as it is of the window."""
    endpoint = kind.endpoint
    try:
        response = github.get(endpoint.asking(query).at(scope.name), store=False)
        if not response.ok:
            return nothing(kind, scope, refusal(response, kind.requirement, github.kind))
        data = response.json()
    except NoAnswerError as error:
        return nothing(kind, scope, error.unknown)
    if (left_out := sso_left_out(response)) is not None:
        return nothing(kind, scope, left_out)
    source = f"GET {endpoint.at(scope.name)}"
    rows = wrapped(data) if endpoint.counted else data
    if not isinstance(rows, list):
        counted = " and its total_count" if endpoint.counted else ""
        needed = f"{source} must answer with a list{counted}"
        return nothing(kind, scope, Unknown(Reason.MALFORMED, needed, evidence=(response.atom,)))
    facts: list[F] = []
    beyond: dict[str, Any] = {"ordinary": UNHELD} if endpoint == WorkflowRun.endpoint else {}
    older, missing = False, None
    for raw in rows:
        item = Item(raw, source)
        try:
            fact = kind(**_place(github, scope, kind, item), **read(kind, item), **beyond)
            older = when(fact) < since
        except NotKnownError as error:
            missing = missing or error.unknown
            continue
        if not older:
            facts.append(fact)
    cut = endpoint.counted and data["total_count"] != len(rows)
    if (cut or LINK.search(response.headers.get("link", ""))) and not older:
        seen = f"{len(rows)} of the window"
        needed = NEEDED.format(len(rows))
        missing = missing or Unknown(Reason.INCOMPLETE, needed, seen, (response.atom,))
    return Answer(kind, scope, tuple(facts), (response.atom,), missing)


def _place(github: GitHub, scope: Subject, kind: type[Fact], item: Item) -> dict[str, Any]:
    endpoint = kind.endpoint
    name = f"{scope.name}/{item.identity(endpoint.identity)}"
    label = item.data.get(endpoint.label[0])
    return {
        "subject": Subject("github", endpoint.kind, name),
        "within": scope,
        "label": label if isinstance(label, str) else "",
        "web": github.web,
    }


@dataclass(frozen=True, slots=True)
class _Pushes:
    """The pushes of the window to the default branch, the newest first."""

    facts: tuple[RepositoryChange, ...]

    @property
    def before(self) -> str:
        """The commit that the branch was at before all of them."""
        return self.facts[-1].before

    def time_of(self, commit: str, committed: datetime) -> datetime:
        """When GitHub accepted a commit, whose own date anyone can choose."""
        for fact in self.facts:
            if fact.after == commit:
                return fact.at
        times = [fact.at for fact in self.facts]
        inside = min(times) <= committed <= max(times)
        return min(one for one in times if one >= committed) if inside else max(times)


def _held(github: GitHub, scope: Subject, ran: Answer[WorkflowRun]) -> Iterator[Answer[Any]]:
    """The runs of a repository whose default branch was not pushed to."""
    commits = _commits(ran)
    found = history(github, scope, "", (), commits) if commits else None
    yield ran if found is None else _judged(ran, found)


def _files(  # noqa: PLR0913, PLR0917 (what is held against each other)
    github: GitHub,
    scope: Subject,
    store: FactStore,
    found: Answer[RepositoryChange],
    repository: Repository,
    ran: Answer[WorkflowRun],
    since: datetime,
) -> Iterator[Answer[Any]]:
    """The workflow files of the default branch against those of before, and the runs of them."""
    kind = WorkflowFileChange
    lost = repository.unknown_fields().get("default_branch") or found.missing
    if lost is not None:
        yield nothing(kind, scope, lost)
        yield from _held(github, scope, ran)
        return
    ref = f"{HEADS}{repository.default_branch}"
    try:
        mine = tuple(fact for fact in found.facts if fact.ref == ref)
        pushes = _Pushes(tuple(sorted(mine, key=lambda fact: fact.at, reverse=True)))
        before = pushes.before if mine else ""
    except NotKnownError as error:
        yield nothing(kind, scope, error.unknown)
        yield from _held(github, scope, ran)
        return
    if not mine:
        yield Answer(kind, scope, (), found.evidence)
        yield from _held(github, scope, ran)
        return
    answer = store.get(Workflow, scope)
    names = sorted(
        fact.subject.name.rpartition("/")[2] for fact in (answer.facts if answer else ())
    )
    seen = history(github, scope, before, names, _commits(ran))
    if isinstance(seen, Unknown):
        yield nothing(kind, scope, seen)
    else:
        yield _compared(github, scope, seen, pushes, since)
    yield _judged(ran, seen)


def _commits(ran: Answer[WorkflowRun]) -> list[str]:
    """The commits of runs whose file a push can have changed, each once."""
    told = (fact for fact in ran.facts if _unread(fact) is None)
    return list(dict.fromkeys(fact.head for fact in told if not fact.from_fork))


def _unread(fact: WorkflowRun) -> Unknown | None:
    """Why a run's commit or file is not known; None if both are."""
    unread = fact.unknown_fields()
    return next((unread[name] for name in ("head", "file", "from_fork") if name in unread), None)


def _judged(ran: Answer[WorkflowRun], seen: WorkflowHistory | Unknown) -> Answer[WorkflowRun]:
    """The runs, each with whether its file is the default branch's."""
    return replace(ran, facts=tuple(_judge(fact, seen) for fact in ran.facts))


def _judge(fact: WorkflowRun, seen: WorkflowHistory | Unknown) -> WorkflowRun:
    told: Any = _unread(fact)
    if told is None:
        # GitHub runs some workflows of its own, which are not files of the repository.
        own = fact.file.startswith(f"{FOLDER}/")
        told = True
        if own:
            name = fact.file.removeprefix(f"{FOLDER}/")
            told = seen if isinstance(seen, Unknown) else seen.ordinary(fact.head, name)
    held = {one.name: field(fact, one.name) for one in fields(fact)}
    return WorkflowRun(**{**held, "ordinary": told})


def _compared(
    github: GitHub, scope: Subject, seen: WorkflowHistory, pushes: _Pushes, since: datetime
) -> Answer[WorkflowFileChange]:
    was, now = seen.was, seen.now
    if isinstance(was, Unknown):
        return nothing(WorkflowFileChange, scope, was)
    if isinstance(now, Unknown):
        return nothing(WorkflowFileChange, scope, now)
    if not now.keys() >= set(seen.names):
        # Two answers of one run differ: which of them is as the branch is now is not known.
        return nothing(WorkflowFileChange, scope, replace(DIFFER, evidence=seen.evidence))
    facts = []
    missing: Unknown | None = None
    for file in dict.fromkeys((*now, *was)):
        commit = seen.commit(file)
        restored: Any = False
        if was.get(file) == now.get(file):
            restored = _restored(commit, pushes, since)
            if not restored:
                continue
        if isinstance(restored, Unknown):
            missing = missing or replace(restored, evidence=seen.evidence)
            continue
        committed: Any = commit.moment("committedDate")
        told = not isinstance(committed, Unknown)
        user = commit.item("author").item("user")
        login: Any = user.text("login") if user.data else None
        oid: Any = commit.text("oid")
        unnamed: Any = commit.absent("author")
        facts.append(
            WorkflowFileChange(
                subject=Subject("github", "workflow", f"{scope.name}/{file}"),
                within=scope,
                label=file,
                web=github.web,
                file=file,
                added=file not in was,
                removed=file not in now,
                restored=restored,
                commit=oid,
                at=pushes.time_of(oid, committed) if told else pushes.facts[0].at,
                author=login if commit.data else unnamed,
            )
        )
    return Answer(WorkflowFileChange, scope, tuple(facts), seen.evidence, missing)


def _restored(commit: Item, pushes: _Pushes, since: datetime) -> bool | Unknown:
    """Whether a file that is as it was before the window was changed and put back within it.

    Its newest commit is of the window then. Its date alone may be false, so a commit that a push
    ended with counts, whatever it says.
    """
    oid, committed = commit.text("oid"), commit.moment("committedDate")
    if isinstance(oid, Unknown) or isinstance(committed, Unknown):
        return Unknown(Reason.INCOMPLETE, "the newest commit of each workflow file")
    return any(field(fact, "after") == oid for fact in pushes.facts) or committed >= since


def scheduled(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET …/actions/runs?event=schedule, where a workflow of the repository has a schedule."""
    kind = ScheduledRuns
    files = store.get(Workflow, scope)
    if files is not None and files.missing is None and not any(map(_on_schedule, files.facts)):
        fact = kind(**place(github, scope), files=())
        yield Answer(kind, scope, (fact,), files.evidence)
        return
    path = kind.endpoint.asking(f"per_page={PER_PAGE}").at(scope.name)
    found = fetch(github, path, kind.requirement)
    if isinstance(found, Unknown):
        yield nothing(kind, scope, found)
        return
    response, item = found
    actors: dict[str, str] = {}
    for run in item.items("workflow_runs"):
        name, actor = run.text("path"), run.item("actor").text("login")
        if isinstance(name, str) and isinstance(actor, str):
            actors.setdefault(name.partition("@")[0], actor)
    told: Any = tuple(f"{name} {actor}" for name, actor in actors.items())
    if not item.lists("workflow_runs"):
        told = item.absent("workflow_runs")
    yield known(
        kind,
        scope,
        response,
        kind(**place(github, scope), files=told),
    )


def _on_schedule(file: Workflow) -> bool:
    """Whether a workflow has a schedule; one that is not understood may have."""
    return "events" in file.unknown_fields() or SCHEDULE in file.events


COLLECTORS = (
    Collector(
        "what was done lately",
        KINDS,
        changes,
        of=(Repository,),
        priced=(
            Price(Per.REPOSITORY, at_most=True, endpoint=RepositoryChange.source),
            Price(Per.REPOSITORY, at_most=True, endpoint=WorkflowRun.source),
            Price(Per.REPOSITORY, "graphql", at_most=True, endpoint=WorkflowFileChange.source),
        ),
    ),
    Collector(
        "scheduled workflows",
        (ScheduledRuns,),
        scheduled,
        priced=(Price(Per.REPOSITORY, at_most=True),),
    ),
)
