"""The jobs of a workflow file, with those of the repository's reusable workflows that it calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hardenme.facts.github.workflow import ALL, GITHUB, LOCAL, OTHER, OWN, Job, LineRange, Use
from hardenme.model.secret_name import names_npm_token
from hardenme.workflows import known, scripts
from hardenme.workflows.actions import SELF
from hardenme.workflows.conditions import survives_skipping
from hardenme.workflows.context_values import ContextValues
from hardenme.workflows.expressions import secrets
from hardenme.workflows.fetching import fetched
from hardenme.workflows.flow import FileFlow
from hardenme.workflows.level import Level
from hardenme.workflows.lock import pin_of
from hardenme.workflows.outsiders import Start
from hardenme.workflows.places import at_key, of_keys, of_step
from hardenme.workflows.source import (
    CACHE_MODE,
    COMPUTED_MODE,
    cache_mode,
    permissions,
    text_of,
)
from hardenme.workflows.steps import RunStep
from hardenme.workflows.unpinned import unpinned
from hardenme.workflows.yaml import lines_of

COMMIT = re.compile(r"[0-9a-fA-F]{40}")
DIGEST = re.compile(r"@sha256:[0-9a-fA-F]{64}$")
DOCKER = "docker://"
LONGEST = 160
"""Characters of a name that are kept."""
Starts = Mapping[Start, Level]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a job is read in.

    Attributes:
        owner: of the repository, in lower case.
        starts: how outsiders can start it, each way with its certainty.
        held: events by which they would, but for a condition.
        values: what contexts hold after each of these starts.
        prefix: names of the jobs that call the file, each with ` / ` behind it.
        writes: the write permissions of the calling job's token, which apply unless others are set.
        trusted: whether secrets reach it: it was not called without any.
        cache_mode: what the calling job lets be done with caches.
        line: of the job that calls the file, in the workflow's own; 0 for the workflow itself.
    """

    owner: str
    file: FileFlow
    starts: Starts
    values: Mapping[Start, ContextValues]
    held: tuple[str, ...] = ()
    prefix: str = ""
    writes: tuple[str, ...] | None = None
    trusted: bool = True
    cache_mode: str = ""
    line: int = 0


def jobs(place: Surroundings) -> Iterator[Job]:
    """Each job, and after one that calls a file of the repository the jobs in there."""
    opens = _openings(place)
    for key, raw in place.file.source.jobs.items():
        callee = place.file.callee(key)
        job = _job(place, key, opens[key])
        yield job
        if callee is not None:
            called = {start: item.callee(key) for start, item in place.values.items()}
            inner = Surroundings(
                place.owner,
                callee,
                opens[key],
                {start: item for start, item in called.items() if item is not None},
                _held(place, opens[key]),
                f"{job.name} / ",
                job.writes,
                place.trusted and bool(raw.get("secrets")),
                job.cache_mode,
                job.line,
            )
            yield from jobs(inner)


def _openings(place: Surroundings) -> dict[str, Starts]:
    """How an outsider can start each job, by its own condition and its needs."""
    raws = place.file.source.jobs
    found = {
        key: {
            start: min(level, place.values[start].job(key)) for start, level in place.starts.items()
        }
        for key in raws
    }
    changed = True
    while changed:
        changed = False
        for key, raw in raws.items():
            needs = raw.get("needs")
            needed = [needs] if isinstance(needs, str) else needs
            if not isinstance(needed, list) or survives_skipping(raw.get("if")):
                continue
            own = found[key]
            for need in needed:
                above = found.get(need) if isinstance(need, str) else None
                if above is not None and any(level > above[start] for start, level in own.items()):
                    own = {start: min(level, above[start]) for start, level in own.items()}
                    found[key], changed = own, True
    return {
        key: {start: level for start, level in starts.items() if level is not Level.NO}
        for key, starts in found.items()
    }


def _job(place: Surroundings, key: str, starts: Starts) -> Job:
    source, raw, flow = place.file.source, place.file.source.jobs[key], place.file.job(key)
    own = permissions(raw)
    writes = own if own is not None else source.writes
    writes = writes if writes is not None else place.writes
    inner = [view.step.raw for view in flow.views if view.step.frame is not None]
    names = secrets([source.env, {k: v for k, v in raw.items() if k != "if"}, inner])
    if raw.get("secrets") == "inherit":
        names.add(ALL)
    if not place.trusted and "environment" not in raw:
        names = set()
    held = _held(place, starts)
    steps = [view.step for view in flow.views]

    def passes(step: RunStep, start: Start) -> Level:
        return place.values[start].step(key, step)

    code = fetched(flow, starts, held, passes)
    reached = [step for step in steps if any(passes(step, start) for start in starts)]
    opens = _events(starts, Level.YES)
    scripted = [step for step in steps if step.script]
    loose = [*unpinned([step.script for step in scripted])]
    found = [*code.steps.items(), *((what, scripted[number]) for number, what in loose)]
    return Job(
        name=f"{place.prefix}{key[:LONGEST]}",
        called=bool(place.prefix),
        uses=tuple(_uses(raw, steps, place.owner)),
        writes=writes,
        secrets=tuple(sorted(name[:LONGEST] for name in names)),
        opens=opens,
        unsure=tuple(event for event in _events(starts, Level.MAYBE) if event not in opens),
        fetches=_once(code.certain),
        refused=_once(code.refused),
        raced=_once(code.raced),
        doubts=_once(code.doubts),
        agents=_once(_agents(steps)),
        obeys=_once(_agents(reached, known.obeys_anyone)),
        caches=_once(s.action for s in steps if known.restores_cache(s.action, s.inputs)),
        may_restore=_once(s.action[:LONGEST] for s in steps if known.may_restore_cache(s.action)),
        cache_mode=cache_mode(raw) or source.cache_mode or place.cache_mode,
        publishes=_once(_publishes(steps, names, writes or ())),
        loose=_once(what for _, what in loose),
        opaque=_once(_unread(place.file, key, steps)),
        line=place.line or source.job_lines.get(key, 0),
        places=() if place.line else tuple(_places(place, raw, steps, writes or (), found)),
    )


def _places(
    place: Surroundings,
    raw: Mapping[str, Any],
    steps: Sequence[RunStep],
    writes: tuple[str, ...],
    found: Iterable[tuple[str, RunStep]],
) -> Iterator[LineRange]:
    """Where a job's keys are, and what it names.

    Args:
        writes: what its token writes.
        found: what was found in which step, with a look at those around it.
    """
    # What a job does not say, the workflow says for it.
    yield from of_keys({**place.file.source.lines, **lines_of(raw)})
    for key, one in _images(raw, place.owner):
        yield at_key(one.reference, raw, key)
    if "uses" in raw:
        yield at_key(use(text_of(raw, "uses"), place.owner).reference, raw, "uses")
    for step in steps:
        for one in _uses({}, [step], place.owner):
            yield at_key(one.reference, step.outermost, "uses")
        named = {
            step.action,
            *_agents([step]),
            *secrets([step.raw]),
            *_publishes([step], set(), writes),
        }
        yield from (of_step(what, step) for what in sorted(named) if what)
    yield from (of_step(what, step) for what, step in found)


def _events(starts: Starts, least: Level) -> tuple[str, ...]:
    """The events of starts that are at least as sure as this."""
    return _once(start.event for start, level in starts.items() if level >= least)


def _held(place: Surroundings, starts: Starts) -> tuple[str, ...]:
    """The events by which outsiders would start a job, but for a condition."""
    opens = _events(starts, Level.YES)
    every = _once((*(start.event for start in place.starts), *place.held))
    return tuple(event for event in every if event not in opens)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _unread(file: FileFlow, key: str, steps: Iterable[RunStep]) -> Iterator[str]:
    """What the job uses that could hold anything, and was not read."""
    raw = file.source.jobs[key]
    if "uses" in raw and file.callee(key) is None:
        yield text_of(raw, "uses")[:LONGEST]
    yield from (step.unread[:LONGEST] for step in steps if step.unread)
    if COMPUTED_MODE in {cache_mode(raw), file.source.cache_mode}:
        yield f"the expression at {CACHE_MODE}"


def _agents(
    among: Iterable[RunStep], such: Callable[[str, Mapping[str, str]], bool] = known.is_agent
) -> Iterator[str]:
    """AI agents in these steps; a command has nothing of its own that keeps people out."""
    for step in among:
        if such(step.action, step.inputs):
            yield step.action
        yield from scripts.agents(step.script)


def _publishes(steps: Iterable[RunStep], names: set[str], writes: tuple[str, ...]) -> Iterator[str]:
    """What the job publishes with."""
    for step in steps:
        if known.publishes(step.action, step.inputs):
            yield step.action
        yield from scripts.published(step.script)
        if "registry-url" in step.inputs and {"id-token", ALL} & set(writes):
            yield "registry-url with id-token: write"
    yield from sorted(name for name in names if names_npm_token(name))


def _uses(raw: Mapping[str, Any], steps: Iterable[RunStep], owner: str) -> Iterator[Use]:
    if "uses" in raw:
        yield use(text_of(raw, "uses"), owner)
    for step in steps:
        if "uses" in step.raw:
            found = use(text_of(step.raw, "uses"), owner)
            outside = found.origin != LOCAL and not found.reference.startswith(DOCKER)
            # A lock holds what the file itself uses, and nothing of the repository's own actions.
            pin = pin_of(text_of(step.raw, "uses")) if outside and step.frame is None else ""
            yield replace(found, pin=pin)
    yield from (one for _, one in _images(raw, owner))


def _images(raw: Mapping[str, Any], owner: str) -> Iterator[tuple[str, Use]]:
    """The images of a job and its services, each with the key that names it."""
    services = raw.get("services")
    boxes = services.values() if isinstance(services, dict) else [services]
    named = [("container", raw.get("container")), *(("services", box) for box in boxes)]
    for key, container in named:
        image = text_of(container, "image") if isinstance(container, dict) else container
        if isinstance(image, str) and image:
            own = image.lower().startswith(f"ghcr.io/{owner}/")
            pinned = bool(DIGEST.search(image))
            yield key, Use(image, OWN if own else OTHER, pinned, image=True)


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
