"""The jobs of a workflow file, with those of the repository's reusable workflows that it calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hardenme.collectors.workflows import known, scripts
from hardenme.collectors.workflows.conditions import admits, survives_skipping
from hardenme.collectors.workflows.expressions import secrets
from hardenme.collectors.workflows.origins import names_head, variables
from hardenme.collectors.workflows.source import (
    Source,
    inputs_of,
    permissions,
    steps,
    text_of,
)
from hardenme.facts.github.secret_name import names_npm_token
from hardenme.facts.github.workflow import ALL, GITHUB, LOCAL, OTHER, OWN, Job, Use

COMMIT = re.compile(r"[0-9a-fA-F]{40}")
DIGEST = re.compile(r"@sha256:[0-9a-fA-F]{64}$")
SELF = ("./", "$/")
"""How a path within the repository starts: in the folder that is checked out, or at the commit that
the workflow was read from."""
DOCKER = "docker://"
WORKFLOWS = ".github/workflows/"
DEEPEST = 10
"""Reusable workflows within one another; GitHub allows no more."""
LONGEST = 160
"""Characters of a name that are kept."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a job is read in.

    Attributes:
        owner: of the repository, in lower case.
        others: the repository's workflow files by name; None for one that was not read.
        source: the file that it stands in.
        events: those by which strangers start it.
        prefix: names of the jobs that call the file, each with ` / ` behind it.
        writes: what the calling job's token may write, which holds where nothing else is said.
        trusted: whether secrets reach it: it was not called without any.
        depth: how many calls led here.
    """

    owner: str
    others: Mapping[str, Source | None]
    source: Source
    events: tuple[str, ...]
    prefix: str = ""
    writes: tuple[str, ...] | None = None
    trusted: bool = True
    depth: int = 0

    @property
    def called(self) -> bool:
        """Whether another file calls this one."""
        return bool(self.prefix)


def jobs(place: Surroundings) -> Iterator[Job]:
    """Each job, and after one that calls a file of the repository the jobs in there."""
    opens = _openings(place)
    for key, raw in place.source.jobs.items():
        callee = _callee(place, raw)
        job = _job(place, key, raw, opens[key], tuple(_unread(raw, callee)))
        yield job
        if callee is not None:
            inner = Surroundings(
                place.owner,
                place.others,
                callee,
                opens[key],
                f"{job.name} / ",
                job.writes,
                place.trusted and bool(raw.get("secrets")),
                place.depth + 1,
            )
            yield from jobs(inner)


def _openings(place: Surroundings) -> dict[str, tuple[str, ...]]:
    """By which events a stranger starts each job: its own condition, and those of what it needs."""
    raws = place.source.jobs
    found = {
        key: {event for event in place.events if admits(raw.get("if"), event)}
        for key, raw in raws.items()
    }
    changed = True
    while changed:
        changed = False
        for key, raw in raws.items():
            needs = raw.get("needs")
            needed = [needs] if isinstance(needs, str) else needs
            if not isinstance(needed, list) or survives_skipping(raw.get("if")):
                continue
            before = len(found[key])
            for need in needed:
                if isinstance(need, str) and need in found:
                    found[key] &= found[need]
            changed = changed or len(found[key]) < before
    return {key: tuple(e for e in place.events if e in events) for key, events in found.items()}


def _callee(place: Surroundings, raw: Mapping[str, Any]) -> Source | None:
    """The reusable workflow of the repository that a job calls, where it was read."""
    return None if place.depth >= DEEPEST else called_file(raw, place.others)


def called_file(raw: Mapping[str, Any], others: Mapping[str, Source | None]) -> Source | None:
    """The file of the repository that a job calls; None where it calls none, or one not read."""
    uses = text_of(raw, "uses")
    path = uses[2:] if uses.startswith(SELF) else ""
    return others.get(path.removeprefix(WORKFLOWS)) if path.startswith(WORKFLOWS) else None


def _unread(raw: Mapping[str, Any], callee: Source | None) -> Iterator[str]:
    if "uses" in raw and callee is None:
        yield text_of(raw, "uses")[:LONGEST]
    for step in steps(raw):
        if text_of(step, "uses").startswith(SELF):
            yield text_of(step, "uses")[:LONGEST]


def _job(
    place: Surroundings,
    key: str,
    raw: Mapping[str, Any],
    opens: tuple[str, ...],
    unread: tuple[str, ...],
) -> Job:
    source = place.source
    own = permissions(raw)
    writes = own if own is not None else source.writes
    writes = writes if writes is not None else place.writes
    names = secrets([source.env, {k: v for k, v in raw.items() if k != "if"}])
    if raw.get("secrets") == "inherit":
        names.add(ALL)
    if not place.trusted and "environment" not in raw:
        names = set()
    parts = _Parts(place, raw, opens)
    published = list(parts.publishes(names, writes or ()))
    return Job(
        name=f"{place.prefix}{key[:LONGEST]}",
        called=place.called,
        uses=tuple(_uses(raw, place.owner)),
        writes=writes,
        secrets=tuple(sorted(name[:LONGEST] for name in names)),
        opens=opens,
        fetches=tuple(dict.fromkeys(parts.fetches())),
        agents=tuple(dict.fromkeys(parts.agents(steps(raw)))),
        obeys=tuple(dict.fromkeys(parts.agents(parts.reached(), known.obeys_anybody))),
        caches=tuple(dict.fromkeys(parts.caches())),
        publishes=tuple(dict.fromkeys(published)),
        opaque=tuple(dict.fromkeys(unread)),
    )


def _uses(raw: Mapping[str, Any], owner: str) -> Iterator[Use]:
    for holder in (raw, *steps(raw)):
        if "uses" in holder:
            yield use(text_of(holder, "uses"), owner)
    container = raw.get("container")
    image = container if isinstance(container, str) else None
    if isinstance(container, dict):
        image = text_of(container, "image")
    if image:
        own = image.lower().startswith(f"ghcr.io/{owner}/")
        yield Use(image, OWN if own else OTHER, bool(DIGEST.search(image)), image=True)


def use(reference: str, owner: str) -> Use:
    """Where an action comes from, and whether it can change."""
    shown = reference[:LONGEST]
    if reference.startswith(SELF):
        return Use(shown, LOCAL, pinned=True)
    if reference.startswith(DOCKER):
        return Use(shown, OTHER, bool(DIGEST.search(reference)))
    name, _at, version = reference.partition("@")
    who = name.partition("/")[0].lower()
    origin = GITHUB if who in {"actions", "github"} else OTHER
    return Use(shown, OWN if who == owner else origin, bool(COMMIT.fullmatch(version)))


def action_of(step: Mapping[str, Any]) -> str:
    """The action of a step, like `actions/checkout`, in lower case; empty where it has none."""
    return text_of(step, "uses").partition("@")[0].lower()[:LONGEST]


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the steps of a job do.

    Attributes:
        place: where the job stands.
        raw: the job.
        opens: by which events a stranger starts it.
    """

    place: Surroundings
    raw: Mapping[str, Any]
    opens: tuple[str, ...]

    def reached(self) -> Iterator[dict[str, Any]]:
        """The steps that a stranger can get to run."""
        for step in steps(self.raw):
            if any(admits(step.get("if"), event) for event in self.opens):
                yield step

    def fetches(self) -> Iterator[str]:
        """Where a pull request's code is fetched."""
        for step in self.reached():
            levels = (self.place.source.env, self.raw.get("env"), step.get("env"))
            env = variables(*levels)
            action, inputs = action_of(step), inputs_of(step)
            if "checkout" in action:
                chosen = [inputs.get("ref", ""), inputs.get("repository", "")]
                own = action != "actions/checkout" and ("pr" in re.split(r"[^a-z]+", action))
                if own or any(names_head(text, env, inputs=self.place.called) for text in chosen):
                    yield action
            if "run" in step:
                head = {
                    name
                    for level in levels
                    if isinstance(level, dict)
                    for name, value in level.items()
                    if isinstance(value, str) and names_head(value, env, surely=True)
                }
                script = scripts.replaced(
                    text_of(step, "run"),
                    lambda body, env=env: names_head(f"${{{{{body}}}}}", env, surely=True),  # type: ignore[misc]  # bound now
                )
                yield from scripts.fetched(script, head)

    def agents(
        self,
        among: Iterable[Mapping[str, Any]],
        such: Callable[[str, Mapping[str, str]], bool] = known.is_agent,
    ) -> Iterator[str]:
        """AI agents in these steps; a command has nothing of its own that keeps people out."""
        for step in among:
            if such(action_of(step), inputs_of(step)):
                yield action_of(step)
            yield from scripts.agents(text_of(step, "run"))

    def caches(self) -> Iterator[str]:
        """Steps that restore a cache."""
        for step in steps(self.raw):
            if known.restores_cache(action_of(step), inputs_of(step)):
                yield action_of(step)

    def publishes(self, names: set[str], writes: tuple[str, ...]) -> Iterator[str]:
        """What the job publishes with."""
        for step in steps(self.raw):
            if known.publishes(action_of(step), inputs_of(step)):
                yield action_of(step)
            yield from scripts.published(text_of(step, "run"))
            if "registry-url" in inputs_of(step) and {"id-token", ALL} & set(writes):
                yield "registry-url with id-token: write"
        yield from sorted(name for name in names if names_npm_token(name))
