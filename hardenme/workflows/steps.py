"""The steps of a job in order: those that run in parallel, and those of own actions, included.

Nothing else takes a job's steps apart, so that what is looked for is looked for in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hardenme.ground.errors import ContentError
from hardenme.workflows.actions import SELF, CompositeAction, folder_of
from hardenme.workflows.conditions import concerns
from hardenme.workflows.source import (
    PARALLEL,
    WorkflowSource,
    inputs_of,
    steps_of,
    text_of,
)

DEEPEST = 10
"""Actions within one another; GitHub allows no more."""
MOST_STEPS = 20_000
"""Steps of one job, those of actions included."""
GOES_ON = "continue-on-error"
CHECKOUT = "actions/checkout"
WORKFLOWS = ".github/workflows/"


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a repository that a job may lead to.

    Attributes:
        workflows: by name; None for one that was not read.
        actions: the repository's actions by folder; one that is not there was not read.
    """

    workflows: Mapping[str, WorkflowSource | None] = field(default_factory=dict)
    actions: Mapping[str, CompositeAction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class ActionCall:
    """One call of an action of the repository.

    Attributes:
        given: the inputs that the calling step gives, by name in lower case.
    """

    action: CompositeAction
    given: Mapping[str, str]
    caller: RunStep


@dataclass(frozen=True, slots=True, eq=False)
class RunStep:
    """A step that runs.

    Attributes:
        raw: its keys.
        number: its place, like `3`, or `3.2` within the third.
        conditions: its own `if`, and those of what is around it.
        env: variables of what is around it within the job, the outermost first, its own last.
        frame: the call that it belongs to; None for a step of the job itself.
        unread: what it uses from the repository without being read; empty for nothing.
        unsure: it is of a group whose steps run at the same time, or its failure ends no job.
    """

    raw: Mapping[str, Any]
    number: str
    conditions: tuple[Any, ...] = ()
    env: tuple[Any, ...] = ()
    frame: ActionCall | None = None
    unread: str = ""
    unsure: bool = False

    @property
    def surely(self) -> bool:
        """Whether it is done, without a fault, before a step that follows it runs."""
        return not (self.conditions or self.unsure)

    @property
    def action(self) -> str:
        """Its action, like `actions/checkout`, in lower case; empty if it has none."""
        return text_of(self.raw, "uses").partition("@")[0].lower()

    @property
    def inputs(self) -> dict[str, str]:
        """Its `with`, keys in lower case."""
        return inputs_of(self.raw)

    @property
    def outermost(self) -> Mapping[str, Any]:
        """The keys of the job's own step that leads to it: itself, or the call of an action."""
        return self.raw if self.frame is None else self.frame.caller.outermost

    @property
    def script(self) -> str:
        """Its `run`; empty if it has none."""
        return text_of(self.raw, "run")

    @property
    def moves(self) -> bool:
        """Whether it may put another commit than the run's into the working folder."""
        elsewhere = self.action == CHECKOUT and not self.inputs.get("path")
        return elsewhere and bool({"ref", "repository"} & self.inputs.keys())

    def concerns(self, event: str) -> bool:
        """Whether an outsider can make it run with this event."""
        return all(concerns(condition, event) for condition in self.conditions)


def own_actions(steps: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The folders of the repository's actions that steps use, as they are written."""
    for raw in steps:
        yield from own_actions(raw.get(PARALLEL) or ())
        folder = folder_of(text_of(raw, "uses"))
        if folder is not None:
            yield folder


def called_file(
    job: Mapping[str, Any], workflows: Mapping[str, WorkflowSource | None]
) -> WorkflowSource | None:
    """The file of the repository that a job calls; None if it calls none, or one not read."""
    uses = text_of(job, "uses")
    path = uses[2:] if uses.startswith(SELF) else ""
    return workflows.get(path.removeprefix(WORKFLOWS)) if path.startswith(WORKFLOWS) else None


def expanded(job: Mapping[str, Any], files: Files, *, moved: bool = False) -> list[RunStep]:
    """The steps of a job.

    Args:
        moved: another commit than the run's may be in the working folder from the start.

    Raises:
        ContentError: they are too many.
    """
    walk = _Walk(files, moved=moved)
    return list(walk.each(steps_of(job), _Within()))


@dataclass(frozen=True, slots=True)
class _Within:
    """What is around a list of steps."""

    prefix: str = ""
    conditions: tuple[Any, ...] = ()
    env: tuple[Any, ...] = ()
    frame: ActionCall | None = None
    depth: int = 0
    unsure: bool = False


@dataclass(slots=True)
class _Walk:
    """Goes through the steps, and counts them.

    Attributes:
        files: what a step may lead to.
        count: the steps so far.
        moved: what is in the working folder is not, or not surely, this repository's own commit:
            another one was checked out over it.
    """

    files: Files
    count: int = 0
    moved: bool = False

    def each(self, listed: Sequence[Mapping[str, Any]], within: _Within) -> Iterator[RunStep]:
        for number, raw in enumerate(listed, 1):
            self.count += 1
            if self.count > MOST_STEPS:
                raise ContentError(f"a job leads to more than {MOST_STEPS} steps")
            own = within.conditions + ((raw["if"],) if "if" in raw else ())
            place = _Within(
                f"{within.prefix}{number}.",
                own,
                (*within.env, raw.get("env")),
                within.frame,
                within.depth,
                within.unsure or raw.get(GOES_ON) not in {None, False},
            )
            if PARALLEL in raw:
                yield from self.each(raw[PARALLEL], replace(place, unsure=True))
                continue
            called, unread = self.called(raw, within.depth)
            at = f"{within.prefix}{number}"
            step = RunStep(raw, at, own, place.env, within.frame, unread, place.unsure)
            yield step
            self.moved = self.moved or step.moves
            if called is not None:
                frame = ActionCall(called, step.inputs, step)
                inner = replace(place, frame=frame, depth=within.depth + 1)
                yield from self.each(called.steps, inner)

    def called(self, raw: Mapping[str, Any], depth: int) -> tuple[CompositeAction | None, str]:
        """The action of the repository that a step uses, and what is not read of it."""
        reference = text_of(raw, "uses")
        folder = folder_of(reference)
        if folder is None and not reference.startswith(("./", "../", "$/")):
            return None, ""
        moved = self.moved and not reference.startswith("$/")
        found = None if moved or folder is None else self.files.actions.get(folder)
        return (None, reference) if found is None or depth >= DEEPEST else (found, "")
