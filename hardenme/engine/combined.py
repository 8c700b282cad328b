"""Several recorded runs as one: what each read of its own organization, judged together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hardenme import __version__
from hardenme.collectors.registry import giving
from hardenme.engine.plan import Selection
from hardenme.engine.recorder import Ending, RunContext
from hardenme.engine.step import CollectStep
from hardenme.model.fact import Answer
from hardenme.model.report import Traffic
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown


def one_context(contexts: Sequence[RunContext]) -> RunContext:
    """The inputs of one judgement of several runs that asked the same of other targets.

    It is as of the earliest. Whose a credential is, and that the time is known, could help a check
    to pass. Where they differ between the runs, they are left out.
    """
    first = min(contexts, key=lambda one: one.started)
    statements = {repr(one): one for context in contexts for one in context.statements}
    return replace(
        first,
        version=__version__,
        targets=_each(context.targets for context in contexts),
        roots=_each(context.roots for context in contexts),
        beside=_each(context.beside for context in contexts),
        owners=frozenset().union(*(context.owners for context in contexts)),
        repositories=frozenset().union(*(context.repositories for context in contexts)),
        lanes=_each(context.lanes for context in contexts),
        accounts=_agreed([context.accounts for context in contexts]),
        statements=tuple(statements.values()),
        refused=next((one.refused for one in contexts if one.refused is not None), None),
        timeless=next((one.timeless for one in contexts if one.timeless is not None), None),
    )


def one_ending(endings: Sequence[Ending], partial: str) -> Ending:
    """How they went, taken together.

    Args:
        partial: why they are not everything; empty if they are.
    """
    requests: Counter[str] = Counter()
    for ending in endings:
        requests.update(ending.traffic.requests)
    traffic = Traffic(
        dict(sorted(requests.items())),
        sum(ending.traffic.spared for ending in endings),
        sum(ending.traffic.seconds for ending in endings),
    )
    return Ending(
        partial=partial,
        halted=None,
        left_out=sum(ending.left_out for ending in endings),
        traffic=traffic,
        identities=_each(ending.identities for ending in endings),
        warnings=_each(ending.warnings for ending in endings),
    )


def unread(selection: Selection, root: Subject, why: Unknown) -> Iterator[Answer[Any]]:
    """What a run knows of a root that it asked nothing about: that nothing is known, and why."""
    place = f"{root.provider}:{root.kind}"
    for collector in giving(selection.facts | selection.deeper):
        if place in collector.roots:
            yield from CollectStep(collector, root).unknown(why)


def _each(parts: Iterable[Iterable[Any]]) -> tuple[Any, ...]:
    """All items in their order, each once."""
    return tuple(dict.fromkeys(item for part in parts for item in part))


def _agreed(found: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """What none of them contradicts."""
    values: dict[str, set[str]] = {}
    for one in found:
        for name, value in one.items():
            values.setdefault(name, set()).add(value)
    return {name: next(iter(own)) for name, own in values.items() if len(own) == 1}
