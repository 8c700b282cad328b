"""The steps of all packages as one list, each once, in an order that is safe for every package."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise

from hardenme.model.publishing import ClosingStep, PackagePaths
from hardenme.reports.calls import plain_call


class BatchStage(IntEnum):
    """What a step does: the new way is set up before the old ones are closed."""

    SET_UP = 0
    CLOSE = 1
    REVOKE = 2


STAGES: dict[tuple[str, ...], BatchStage] = {
    ("npm", "trust", "revoke"): BatchStage.CLOSE,
    ("npm", "trust"): BatchStage.SET_UP,
    ("npm", "owner", "add"): BatchStage.SET_UP,
    ("npm", "profile"): BatchStage.SET_UP,
    ("npm", "owner"): BatchStage.CLOSE,
    ("npm", "access"): BatchStage.CLOSE,
    ("npm", "team"): BatchStage.CLOSE,
    ("npm", "org"): BatchStage.CLOSE,
    ("npm", "token"): BatchStage.REVOKE,
    ("npm", "stage"): BatchStage.REVOKE,
    ("gh", "api", "-X", "DELETE"): BatchStage.REVOKE,
}
"""By the first words of a command; the first that fits."""
WITHOUT = {"trust": BatchStage.SET_UP, "publisher": BatchStage.CLOSE}
"""The same of steps for which no command is known, by how their keys begin."""
HOST = re.compile(r"^gh api --hostname \S+ ")
"""How a command begins for a host of one's own: it does the same there."""


@dataclass(slots=True)
class BatchTask:
    """One step, for all packages that it is for.

    Attributes:
        words: its command, where it can be run as it is; empty if a person has to look.
        packages: those that it is for.
    """

    step: ClosingStep
    words: tuple[str, ...]
    stage: BatchStage
    packages: list[PackagePaths] = field(default_factory=list)


def tasks_of(packages: Sequence[PackagePaths]) -> list[BatchTask]:
    """Every step once: stage by stage, and within each package in its own order.

    Where a package's order asks for it, a step comes in a later stage than its command says.
    """
    tasks: dict[tuple[str, str, str], BatchTask] = {}
    chains: list[list[int]] = []
    numbers: dict[tuple[str, str, str], int] = {}
    for package in packages:
        chain: list[int] = []
        for step, stage in zip(package.steps, _stages(package.steps), strict=True):
            key = (step.key, step.fix.step, step.fix.command)
            if key not in tasks:
                numbers[key] = len(tasks)
                tasks[key] = BatchTask(step, plain_call(step.fix.command), stage)
            tasks[key].packages.append(package)
            chain.append(numbers[key])
        chains.append(chain)
    everything = list(tasks.values())
    order = [everything[number] for number in _in_order(everything, chains)]
    reached = BatchStage.SET_UP
    for task in order:
        reached = task.stage = max(reached, task.stage)
    return order


def _stages(steps: Sequence[ClosingStep]) -> list[BatchStage]:
    """What each step does; one without a known command belongs to what it prepares."""
    known = [
        _stage(step.fix.command) if step.fix.command else WITHOUT.get(step.key.partition("/")[0])
        for step in steps
    ]
    found: list[BatchStage] = []
    following = BatchStage.SET_UP if not any(stage is not None for stage in known) else None
    for stage in reversed(known):
        following = stage if stage is not None else following
        found.append(BatchStage.REVOKE if following is None else following)
    return found[::-1]


def _stage(command: str) -> BatchStage | None:
    # One that has still to be filled in says as well what it is for.
    words = tuple(HOST.sub("gh api ", command).split())
    fitting = (stage for start, stage in STAGES.items() if words[: len(start)] == start)
    return next(fitting, None)


def _in_order(tasks: Sequence[BatchTask], chains: Sequence[Sequence[int]]) -> Iterator[int]:
    """The numbers of the tasks, none before what precedes it in a chain.

    Contradicting chains cannot all be kept: the earliest stage continues then.
    """
    behind: dict[int, list[int]] = {}
    waiting = [0] * len(tasks)
    for chain in chains:
        for before, after in pairwise(chain):
            behind.setdefault(before, []).append(after)
            waiting[after] += 1
    queue = [(task.stage, number) for number, task in enumerate(tasks) if not waiting[number]]
    heapq.heapify(queue)
    rest = dict.fromkeys(sorted(range(len(tasks)), key=lambda one: (tasks[one].stage, one)))
    while rest:
        number = heapq.heappop(queue)[1] if queue else next(iter(rest))
        if number not in rest:
            continue
        del rest[number]
        yield number
        for after in behind.get(number, ()):
            waiting[after] -= 1
            if not waiting[after]:
                heapq.heappush(queue, (tasks[after].stage, after))
