"""The contexts of jobs and steps in a run that an outsider has started.

Values are followed through `env`, outputs, inputs and matrices to the expressions that make them.
What a program makes is not followed: it may be anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from hardenme.ground.errors import ContentError
from hardenme.workflows.assignments import (
    Assignment,
    assignments,
    sets_variable,
    without_expressions,
)
from hardenme.workflows.conditions import passes, survives_skipping
from hardenme.workflows.evaluation import (
    FREE,
    NULL,
    UNSEEN,
    Anything,
    PartialObject,
    Value,
    evaluated,
    merged,
    of,
)
from hardenme.workflows.expressions import (
    CLOSE,
    OPEN,
    bodies,
    exact,
)
from hardenme.workflows.flow import FileFlow
from hardenme.workflows.level import Level
from hardenme.workflows.outsiders import ENDED, Start, contexts, names
from hardenme.workflows.source import CALLED, text_of
from hardenme.workflows.steps import ActionCall, RunStep
from hardenme.workflows.text_values import EMPTY, as_text, filled, or_empty, typed

ROOTS = re.compile(r"\b(?:needs|steps|env|inputs|matrix)\b", re.IGNORECASE)
VARIABLE = re.compile(r"\$\{(\w+)\}|\$(\w+)")
GOES_ON = "continue-on-error"
"""The key of a step or a job of which a failure stops nothing: what it gives may be missing."""
DEEPEST = 20
"""Values that are made of one another."""
Levels = tuple[Any, ...]


class _Lazy(Mapping[str, Value]):
    """Members that are worked out when they are asked for."""

    def __init__(self, find: Callable[[str], Value]) -> None:
        self.find = find

    def __getitem__(self, key: str) -> Value:
        return self.find(key)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def get(self, key: str, _default: Any = None) -> Value:
        """The value of a key."""
        return self.find(key)


def _object(find: Callable[[str], Value]) -> Value:
    return of(PartialObject(_Lazy(find), UNSEEN))


class ContextValues:
    """The values of one file in a run that was started in one way.

    Attributes:
        start: how it was started.
        caller: the values of the file that calls it, and the job that does; None for none.
    """

    def __init__(
        self,
        file: FileFlow,
        start: Start,
        caller: tuple[ContextValues, str] | None = None,
        depth: int = 0,
    ) -> None:
        self.file = file
        self.start = start
        self.caller = caller
        self.depth = depth
        self._known: dict[tuple[Any, ...], Value] = {}
        self._callees: dict[str, ContextValues | None] = {}
        self._steps: dict[RunStep, Level] = {}

    def _once(self, place: tuple[Any, ...], find: Callable[[], Value]) -> Value:
        """A value that is worked out once; one that is made of itself is not known."""
        if place not in self._known:
            self._known[place] = UNSEEN
            self._known[place] = find()
        return self._known[place]

    def job(self, key: str) -> Level:
        """How surely an outsider gets past the `if` of a job, its needs left aside."""
        condition = self.file.source.jobs[key].get("if")
        return self._passes(condition, lambda: self.of_job(key, condition))

    def step(self, key: str, step: RunStep) -> Level:
        """How surely an outsider gets past the `if`s of a step."""
        if step not in self._steps:
            self._steps[step] = self._step(key, step)
        return self._steps[step]

    def _step(self, key: str, step: RunStep) -> Level:
        outer = step.frame.caller if step.frame is not None else None
        found = Level.YES if outer is None else self.step(key, outer)
        for condition in step.conditions[len(outer.conditions) if outer is not None else 0 :]:
            known = partial(self._of_step, key, step, condition)
            found = min(found, self._passes(condition, known))
        return found

    def _passes(self, condition: Any, known: Callable[[], Mapping[str, Value]]) -> Level:
        follows = isinstance(condition, str) and ROOTS.search(condition)
        return passes([condition], self.start, known() if follows else None)

    def of_job(self, key: str, condition: Any = None) -> dict[str, Value]:
        """What contexts hold for a job as a whole."""
        late = survives_skipping(condition)
        return {
            "needs": _object(lambda need: self._needed(key, need, late=late)),
            "inputs": _object(self._input),
            "matrix": FREE,
        }

    def _of_step(self, key: str, step: RunStep, condition: Any = None) -> dict[str, Value]:
        late = survives_skipping(condition)
        known = self.of_job(key) | {
            "steps": _object(lambda name: self._ran(key, step, name, late=late)),
            "env": _object(lambda name: self._variable(key, step, name, step.env)),
            "matrix": _object(lambda name: self._chosen(key, name)),
        }
        if step.frame is not None:
            frame = step.frame
            known["inputs"] = _object(lambda name: self._given(key, frame, name))
            known["needs"] = UNSEEN
        return known

    def text(self, written: str, known: Mapping[str, Value]) -> Value:
        """What a string with expressions in it comes to."""
        if OPEN not in written:
            return of(written)
        if self.depth > DEEPEST:
            return UNSEEN
        self.depth += 1
        try:
            return self._put_together(written, known)
        except ContentError:
            return UNSEEN
        finally:
            self.depth -= 1

    def _put_together(self, written: str, known: Mapping[str, Value]) -> Value:
        look_up = names({**contexts(self.start), **known})
        found = [evaluated(exact(body), look_up) for body in bodies(written)]
        fences = [f"{OPEN}{body}{CLOSE}" for body in bodies(written)]
        if [written] == fences:
            return found[0]
        pattern = written.replace("{", "{{").replace("}", "}}")
        for number, fence in enumerate(fences):
            doubled = fence.replace("{", "{{").replace("}", "}}")
            pattern = pattern.replace(doubled, f"{{{number}}}", 1)
        return filled(pattern, found)

    def _input(self, name: str) -> Value:
        """An input of the file: what its caller gives, or nothing."""
        if self.caller is None:
            return NULL
        outer, key = self.caller
        settings = self.file.source.events.get(CALLED)
        declared = settings.get("inputs") if isinstance(settings, dict) else None
        item = _named(declared, name)
        kind = text_of(item, "type") if isinstance(item, dict) else ""
        written = _named(outer.file.source.jobs[key].get("with"), name)
        if isinstance(written, str):
            found = outer.text(written, outer.of_job(key))
            return self._once(("input", name), lambda: typed(written, found, kind))
        default = item.get("default") if isinstance(item, dict) else None
        return typed(default, of(default), kind) if isinstance(default, str) else NULL

    def _needed(self, key: str, need: str, *, late: bool) -> Value:
        """What another job that a job needs has come to."""
        named = self.file.source.jobs[key].get("needs")
        needs = [named] if isinstance(named, str) else named or ()
        spelled = next((n for n in needs if isinstance(n, str) and n.lower() == need), None)
        if spelled is None or spelled not in self.file.source.jobs:
            return NULL
        found = {"result": ENDED, "outputs": _object(lambda n: self._output(spelled, n, late=late))}
        return of(PartialObject(found, UNSEEN))

    def _output(self, key: str, name: str, *, late: bool) -> Value:
        place = ("output", key, name)
        late = late or GOES_ON in self.file.source.jobs[key]
        return or_empty(self._once(place, lambda: self._made(key, name)), late=late)

    def _made(self, key: str, name: str) -> Value:
        """An output of a job, where all of its steps ran."""
        raw = self.file.source.jobs[key]
        if text_of(raw, "uses"):
            callee = self.callee(key)
            return UNSEEN if callee is None else callee.output(name)
        written = _named(raw.get("outputs"), name)
        if not isinstance(written, str):
            return NULL
        known = self.of_job(key) | {
            "steps": _object(lambda id_: self._ran(key, None, id_, late=False)),
            "env": _object(lambda n: self._variable(key, None, n, ())),
        }
        return as_text(self.text(written, known))

    def callee(self, key: str) -> ContextValues | None:
        """The values of the file that a job calls; None if it calls none that was read."""
        if key not in self._callees:
            file = self.file.callee(key)
            self._callees[key] = (
                None if file is None else ContextValues(file, self.start, (self, key), self.depth)
            )
        return self._callees[key]

    def output(self, name: str) -> Value:
        """An output of the file, where it is called."""
        settings = self.file.source.events.get(CALLED)
        item = _named(settings.get("outputs") if isinstance(settings, dict) else None, name)
        if not isinstance(item, dict):
            return NULL

        def job(key: str) -> Value:
            outputs = _object(lambda output: self._output_of(key, output))
            return of(PartialObject({"outputs": outputs}, UNSEEN))

        known = {"jobs": _object(job), "inputs": _object(self._input)}
        return as_text(self.text(text_of(item, "value"), known))

    def _output_of(self, job: str, output: str) -> Value:
        spelled = next((key for key in self.file.source.jobs if key.lower() == job), None)
        return NULL if spelled is None else self._output(spelled, output, late=True)

    def _ran(self, key: str, before: RunStep | None, name: str, *, late: bool) -> Value:
        """The outcome of a step of the same job or action, as seen from another."""
        frame = before.frame if before is not None else None
        found: RunStep | None = None
        for step in self.file.job(key).steps:
            if step is before:
                break
            if step.frame is frame and text_of(step.raw, "id").lower() == name:
                found = step
        if found is None:
            return NULL
        ran = found
        own = ran.conditions[len(frame.caller.conditions) if frame else 0 :]
        skipped = late or bool(own) or GOES_ON in ran.raw
        outputs = _object(lambda output: self._set_by(key, ran, output, skipped=skipped))
        return of(
            PartialObject({"outcome": ENDED, "conclusion": ENDED, "outputs": outputs}, UNSEEN)
        )

    def _set_by(self, key: str, step: RunStep, name: str, *, skipped: bool) -> Value:
        """An output of a step: of a script that only sets some, or of the repository's action."""
        place = ("step", key, step.number, name)
        find = self._echoed if step.script else self._handed_on
        return or_empty(self._once(place, lambda: find(key, step, name)), late=skipped)

    def _handed_on(self, key: str, step: RunStep, name: str) -> Value:
        """An output of the repository's own action that a step calls."""
        inner = (other.frame for other in self.file.job(key).steps if other.frame is not None)
        frame = next((frame for frame in inner if frame.caller is step), None)
        if frame is None or name not in frame.action.outputs:
            return UNSEEN
        last = RunStep({}, f"{step.number}.", step.conditions, step.env, frame)
        return as_text(self.text(frame.action.outputs[name], self._of_step(key, last)))

    def _echoed(self, key: str, step: RunStep, name: str) -> Value:
        """What a script sets an output to, where it does nothing but set what is not free text."""
        found = EMPTY
        for written in assignments(step.script):
            if written is None:
                return UNSEEN
            value = self._shown(key, step, written)
            if any(isinstance(option, Anything) for option, _level in value.options):
                # A text that anyone chooses may end the line, and set whatever it likes.
                return value
            if written.name == name and written.output:
                found = value
        return found

    def _shown(self, key: str, step: RunStep, written: Assignment) -> Value:
        """What a shell makes of a text: an expression is filled in before, a variable by it."""
        bare = without_expressions(written.value)
        if "$" not in bare or written.single:
            return as_text(self.text(written.value, self._of_step(key, step)))
        variable = VARIABLE.fullmatch(written.value)
        if variable is None:
            return UNSEEN
        return self._variable(key, step, (variable[1] or variable[2]).lower(), step.env)

    def _variable(self, key: str, step: RunStep | None, name: str, env: Levels) -> Value:
        """A variable of the environment, by the innermost level that sets it."""
        number = step.number if step is not None else ""
        place = ("variable", key, number, name, len(env))
        return self._once(place, lambda: self._of_levels(key, step, name, env))

    def _of_levels(self, key: str, step: RunStep | None, name: str, env: Levels) -> Value:
        job = self.file.job(key)
        if any(sets_variable(other.script, name) for other in job.steps if other is not step):
            return UNSEEN
        levels = (self.file.source.env, job.raw.get("env"), *env)
        setting = [
            number
            for number, level in enumerate(levels)
            if isinstance(level, str) or isinstance(_named(level, name), str)
        ]
        if not setting or isinstance(levels[setting[-1]], str):
            return UNSEEN
        number = setting[-1]
        within = levels[2:number] if number > 1 else ()
        known = self.of_job(key) if step is None else self._of_step(key, step)
        known["env"] = _object(lambda inner: self._variable(key, step, inner, within))
        return as_text(self.text(_named(levels[number], name), known))

    def _given(self, key: str, frame: ActionCall, name: str) -> Value:
        """An input of an action of the repository: what its caller gives, or its default."""
        written = frame.given.get(name, frame.action.defaults.get(name))
        if written is None:
            return NULL
        return as_text(self.text(written, self._of_step(key, frame.caller)))

    def _chosen(self, key: str, name: str) -> Value:
        """A value of the job's matrix, one of those that are listed."""
        strategy = self.file.source.jobs[key].get("strategy")
        matrix = strategy.get("matrix") if isinstance(strategy, dict) else None
        if not isinstance(matrix, dict) or {"include", "exclude"} & {k.lower() for k in matrix}:
            return FREE
        listed = next((item for k, item in matrix.items() if k.lower() == name), None)
        if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
            return FREE if listed is not None else NULL
        known = self.of_job(key)
        return merged(
            option for item in listed for option in typed(item, self.text(item, known)).options
        )


def _named(holder: Any, name: str) -> Any:
    """The value of a key, ignoring case; None if there is none."""
    items = holder.items() if isinstance(holder, dict) else ()
    return next((item for spelled, item in items if spelled.lower() == name), None)
