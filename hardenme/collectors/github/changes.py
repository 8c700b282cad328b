"""Reads what was done lately in a repository that was pushed to: three requests each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from hardenme.collectors.book import Book
from hardenme.collectors.declared import read
from hardenme.collectors.github.asking import fetch, known, nothing, place
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.pages import LINK, PER_PAGE
from hardenme.collectors.github.refusal import refusal, sso_left_out, wanted
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
from hardenme.model.fact import Answer, Fact
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Reason, Unknown

F = TypeVar("F", RepositoryChange, WorkflowRun)
KINDS = (RepositoryChange, WorkflowRun, WorkflowFileChange)
PERIODS = (("day", 1), ("week", 7), ("month", 30), ("quarter", 90), ("year", 365))
"""How far back a list of activity is asked for, and its days."""
MARGIN = timedelta(hours=1)
"""A period has to be longer than the window by as much as a long run takes."""
NEVER = "0" * 40
"""The commit of a branch that is not there."""
FOLDER = ".github/workflows"
SCHEDULE = "schedule"
ENDS = (".yml", ".yaml")
MOST_FILES = 50
"""Changed workflow files of which the newest commit is asked for."""
NEEDED = "more than the newest {} of the list"
TREE = "{ __typename ... on Tree { entries { name type oid } } }"
COMMIT = "oid committedDate author { user { login } }"


def changes(github: GitHub, scope: Subject, book: Book) -> Iterator[Answer[Any]]:
    """GET …/activity, GET …/actions/runs, and the workflow files as they were and as they are."""
    repository = book.fact(Repository, scope)
    atoms = book.evidence(Repository, scope)
    pushed = None if repository is None else repository.unknown_fields().get("pushed_at")
    if repository is None or book.window is None or not atoms:
        why = Unknown(Reason.NOT_ASKED, "a run of `hardenme recent`")
        yield from (nothing(kind, scope, why) for kind in KINDS)
        return
    since = max(atom.observed_at for atom in atoms) - book.window
    if pushed is None and (repository.pushed_at is None or repository.pushed_at < since):
        # Nothing was pushed, so nothing there can have changed by a push.
        yield from (Answer(kind, scope, (), atoms) for kind in KINDS)
        return
    query = f"per_page={PER_PAGE}{_period(book.window)}"
    found = _page(github, RepositoryChange, scope, query, lambda fact: fact.at, since)
    yield found
    created = f"created=%3E%3D{since:%Y-%m-%dT%H:%M:%SZ}&per_page={PER_PAGE}"
    yield _page(github, WorkflowRun, scope, created, lambda fact: fact.created_at, since)
    yield _files(github, scope, book, found, repository)


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
    rows = data.get("workflow_runs") if isinstance(data, dict) and endpoint.counted else data
    if not isinstance(rows, list):
        needed = f"{source} must answer with a list"
        return nothing(kind, scope, Unknown(Reason.MALFORMED, needed, evidence=(response.atom,)))
    facts: list[F] = []
    older, missing = False, None
    for raw in rows:
        item = Item(raw, source)
        try:
            fact = kind(**_place(github, scope, kind, item), **read(kind, item))
            older = when(fact) < since
        except NotKnownError as error:
            missing = missing or error.unknown
            continue
        if not older:
            facts.append(fact)
    if LINK.search(response.headers.get("link", "")) and not older:
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


def _files(
    github: GitHub,
    scope: Subject,
    book: Book,
    found: Answer[RepositoryChange],
    repository: Repository,
) -> Answer[WorkflowFileChange]:
    """The workflow files of the default branch, held against those of before the window."""
    kind = WorkflowFileChange
    lost = repository.unknown_fields().get("default_branch") or found.missing
    if lost is not None:
        return nothing(kind, scope, lost)
    ref = f"{HEADS}{repository.default_branch}"
    try:
        mine = tuple(fact for fact in found.facts if fact.ref == ref)
        pushes = _Pushes(tuple(sorted(mine, key=lambda fact: fact.at, reverse=True)))
        before = pushes.before if mine else ""
    except NotKnownError as error:
        return nothing(kind, scope, error.unknown)
    if not mine:
        return Answer(kind, scope, (), found.evidence)
    answer = book.get(Workflow, scope)
    names = sorted(
        fact.subject.name.rpartition("/")[2] for fact in (answer.facts if answer else ())
    )[:MOST_FILES]
    graph = _asked(github, scope, before, names)
    if isinstance(graph, Unknown):
        return nothing(kind, scope, graph)
    return _compared(github, scope, graph, pushes, names)


def _asked(github: GitHub, scope: Subject, before: str, names: list[str]) -> Graph | Unknown:
    """The folder of workflows before the window and as it is, with the newest commits."""
    owner, _, name = scope.name.partition("/")
    head = "".join(f", $p{index}: String!" for index in range(len(names)))
    files = " ".join(
        f"f{index}: history(first: 1, path: $p{index}) {{ nodes {{ {COMMIT} }} }}"
        for index in range(len(names))
    )
    newest = f"defaultBranchRef {{ target {{ ... on Commit {{ oid {files} }} }} }}"
    document = (
        f"query WorkflowFiles($owner: String!, $name: String!, $base: String!, $was: String!{head})"
        " { repository(owner: $owner, name: $name, followRenames: false) {"
        " base: object(expression: $base) { __typename }"
        f" was: object(expression: $was) {TREE}"
        f' now: object(expression: "HEAD:{FOLDER}") {TREE}'
        f" {newest} }} }}"
    )
    variables = {"owner": owner, "name": name, "base": before, "was": f"{before}:{FOLDER}"}
    variables |= {f"p{index}": f"{FOLDER}/{file}" for index, file in enumerate(names)}
    try:
        graph = github.graphql(document, variables)
    except NoAnswerError as error:
        return error.unknown
    if not graph.response.ok:
        return refusal(graph.response, WorkflowFileChange.requirement, github.kind)
    repository = (graph.data or {}).get("repository")
    if graph.errors or not isinstance(repository, dict):
        needed = wanted(WorkflowFileChange.requirement, github.kind)
        seen, evidence = "GraphQL refused it", (graph.response.atom,)
        return graph.barred() or Unknown(Reason.NOT_PERMITTED, needed, seen, evidence)
    return graph


def _compared(
    github: GitHub, scope: Subject, graph: Graph, pushes: _Pushes, names: list[str]
) -> Answer[WorkflowFileChange]:
    item = Item(graph.data, graph.response.endpoint).item("repository")
    atoms = (graph.response.atom,)
    if not item.has_value("base") and pushes.before != NEVER:
        why = Unknown(
            Reason.NOT_VISIBLE,
            f"the commit that the default branch was at before, {pushes.before[:12]}",
            "GitHub does not show it any more",
            atoms,
        )
        return nothing(WorkflowFileChange, scope, why)
    was, now = _entries(item, "was"), _entries(item, "now")
    for one in (was, now):
        if isinstance(one, Unknown):
            return nothing(WorkflowFileChange, scope, one)
    target = item.item("defaultBranchRef").item("target")
    facts = []
    for file, blob in now.items():
        if was.get(file) == blob:
            continue
        alias = f"f{names.index(file)}" if file in names else ""
        commit: Any = next(target.item(alias).items("nodes"), None) or Item(None, item.endpoint)
        committed = commit.moment("committedDate")
        told = not isinstance(committed, Unknown)
        user = commit.item("author").item("user")
        login = user.text("login") if user.data else None
        oid = commit.text("oid")
        facts.append(
            WorkflowFileChange(
                subject=Subject("github", "workflow", f"{scope.name}/{file}"),
                within=scope,
                label=file,
                web=github.web,
                file=file,
                added=file not in was,
                commit=oid,
                at=pushes.time_of(oid, committed) if told else pushes.facts[0].at,
                author=login if commit.data else commit.absent("author"),
            )
        )
    return Answer(WorkflowFileChange, scope, tuple(facts), atoms)


def _entries(item: Item, name: str) -> Any:
    """The workflow files of a folder, by name; none where there is not such a folder."""
    if name not in item:
        return item.absent(name)
    if not item.has_value(name):
        return {}
    folder = item.item(name)
    if not folder.lists("entries"):
        return folder.absent("entries")
    files: dict[str, str] = {}
    for entry in folder.items("entries"):
        file, blob = entry.text("name"), entry.text("oid")
        if isinstance(file, Unknown) or isinstance(blob, Unknown):
            return folder.odd("entries")
        if file.endswith(ENDS):
            files[file] = blob
    return files


def scheduled(github: GitHub, scope: Subject, book: Book) -> Iterator[Answer[Any]]:
    """GET …/actions/runs?event=schedule, where a workflow of the repository has a schedule."""
    kind = ScheduledRuns
    files = book.get(Workflow, scope)
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
