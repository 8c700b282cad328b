"""Reads which self-hosted runners there are, and whom they serve."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import known, nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import fetch, visibility, why_not_whole
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.declared import single_of
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item, all_known
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.runners import (
    RepositoryRunners,
    RunnerGroup,
    RunnerGroupRepositories,
    RunnerGroupRunners,
)
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown


def served(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """What is in a group that may serve public repositories, and which ones it serves."""
    kinds = (RunnerGroupRunners, RunnerGroupRepositories)
    group = store.fact(RunnerGroup, scope)
    if group is None:
        why = Unknown(Reason.NOT_ASKED, "the runner group")
        yield from (nothing(kind, scope, why) for kind in kinds)
        return
    unknown = group.unknown_fields()
    names = ("number", "visibility", "allows_public")
    lost = next((unknown[name] for name in names if name in unknown), None)
    if lost is not None:
        yield from (nothing(kind, scope, lost) for kind in kinds)
        return
    evidence = store.evidence(RunnerGroup, scope)
    if not group.open:
        yield from (Answer(kind, scope, (), evidence) for kind in kinds)
        return
    organization = group.within.name
    place: dict[str, Any] = {
        "subject": scope,
        "within": group.within,
        "label": group.label,
        "web": github.web,
    }
    path = RunnerGroupRunners.endpoint.at(organization, runner_group_id=group.number)
    found = fetch(github, path, RunnerGroupRunners.requirement)
    if isinstance(found, Unknown):
        yield nothing(RunnerGroupRunners, scope, found)
    else:
        response, item = found
        fact = RunnerGroupRunners(**place, **read(RunnerGroupRunners, item))
        yield known(RunnerGroupRunners, scope, response, fact)
    if group.visibility != "selected":
        yield Answer(RunnerGroupRepositories, scope, (), evidence)
        return
    path = RunnerGroupRepositories.endpoint.at(organization, runner_group_id=group.number)
    yield _repositories(github, scope, path, place)


def _repositories(
    github: GitHub, scope: Subject, path: str, place: dict[str, Any]
) -> Answer[RunnerGroupRepositories]:
    listing = github.pages(path, counted=RunnerGroupRepositories.endpoint.counted)
    requirement = RunnerGroupRepositories.requirement
    names: list[Any] = [Item(raw, f"GET {path}").text("full_name") for raw in listing.items]
    missing = why_not_whole(listing, requirement, github.kind) or all_known(names)
    if missing is not None:
        return Answer(RunnerGroupRepositories, scope, (), listing.evidence, missing)
    fact = RunnerGroupRepositories(**place, repositories=tuple(name.lower() for name in names))
    return Answer(RunnerGroupRepositories, scope, (fact,), listing.evidence)


def repository_runners(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/actions/runners, of public repositories."""
    shown = visibility(scope, store)
    if isinstance(shown, Unknown):
        yield nothing(RepositoryRunners, scope, shown)
    elif shown != "public":
        yield Answer(RepositoryRunners, scope, (), store.evidence(Repository, scope))
    else:
        yield single_of(github, RepositoryRunners, scope)


def _groups(github: GitHub, owner: Subject) -> int:
    """How many runner groups an organization has."""
    if owner.kind != "org":
        return 0
    endpoint = RunnerGroup.endpoint
    return len(github.pages(endpoint.at(owner.name), counted=endpoint.counted).items)


COLLECTORS = (
    Collector(
        "what runner groups serve",
        (RunnerGroupRunners, RunnerGroupRepositories),
        served,
        priced=(
            Price(Per.ITEM, at_most=True, counted=_groups),
            Price(
                Per.ITEM,
                at_most=True,
                counted=_groups,
                what="repositories of runner groups",
                endpoint=RunnerGroupRepositories.source,
            ),
        ),
    ),
    Collector(
        "repository runners",
        (RepositoryRunners,),
        repository_runners,
        priced=(Price(Per.PUBLIC),),
    ),
)
