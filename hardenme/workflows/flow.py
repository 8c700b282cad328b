"""Follows values through a workflow file: variables, outputs of steps and jobs, inputs, a matrix.

Each step is seen once, in order, with where everything that it looks up comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from hardenme.workflows import known, scripts
from hardenme.workflows.artifacts import Artifacts
from hardenme.workflows.expressions import ANY, Path, strings
from hardenme.workflows.level import Level
from hardenme.workflows.origins import (
    OURS,
    UNFOLLOWED,
    WHOLE,
    ValueOrigin,
    of_event,
    origin,
)
from hardenme.workflows.running import SCRIPTED
from hardenme.workflows.source import (
    CALLED,
    WorkflowSource,
    default_of_scripts,
    inputs_of,
    text_of,
)
from hardenme.workflows.steps import ActionCall, Files, RunStep, called_file, expanded
from hardenme.workflows.written import ENVIRONMENT, OUTPUT, Script, Written

Names = Mapping[str, ValueOrigin]
SET_AT_RUN_TIME = ValueOrigin(code=Level.MAYBE)
"""A variable that nothing seen sets: it is empty, unless the runner's machine has it."""
DEEPEST = 10
"""Reusable workflows within one another; GitHub allows no more."""


@dataclass(frozen=True, slots=True, eq=False)
class StepView:
    """A step, and where what it looks up comes from.

    Attributes:
        origin: where a string of it comes from.
        variable: where a variable of its environment comes from.
        script: its `run`, or a script that its action is given, to be taken apart.
        foreign: what was downloaded from outsiders before it.
    """

    step: RunStep
    origin: Callable[[str], ValueOrigin]
    variable: Callable[[str], ValueOrigin]
    script: Script
    foreign: Artifacts


@dataclass(frozen=True, slots=True)
class _Scope:
    """What the steps of a job or of one call of an action share.

    Attributes:
        inputs: the values of `inputs.NAME`; None if others choose them.
        outputs: of the steps so far, by their id.
    """

    inputs: Names | None
    outputs: dict[str, Written] = field(default_factory=dict)


class FileFlow:
    """One workflow file.

    Attributes:
        files: what its jobs may lead to.
        inputs: the values of its inputs if a file of the repository calls it.
        called: whether one does.
    """

    def __init__(
        self, source: WorkflowSource, files: Files, inputs: Names | None = None, depth: int = 0
    ) -> None:
        self.source = source
        self.files = files
        self.inputs = inputs
        self.called = inputs is not None
        self.depth = depth
        self._jobs: dict[str, JobFlow] = {}
        self._callees: dict[str, FileFlow | None] = {}
        self._busy: set[str] = set()

    def job(self, key: str) -> JobFlow:
        """One of its jobs."""
        if key not in self._jobs:
            self._jobs[key] = JobFlow(self, key)
        return self._jobs[key]

    def callee(self, key: str) -> FileFlow | None:
        """The file of the repository that a job calls; None if it calls none that was read."""
        if key not in self._callees:
            raw = self.source.jobs[key]
            file = None if self.depth >= DEEPEST else called_file(raw, self.files.workflows)
            given = {name: self.job(key).of(text) for name, text in inputs_of(raw).items()}
            self._callees[key] = (
                None if file is None else FileFlow(file, self.files, given, self.depth + 1)
            )
        return self._callees[key]

    def needed(self, key: str, name: str) -> ValueOrigin:
        """Where an output of a job comes from; `*` means all of them."""
        spelled = next((job for job in self.source.jobs if job.lower() == key), None)
        if spelled is None or spelled in self._busy:
            return UNFOLLOWED
        self._busy.add(spelled)
        try:
            if text_of(self.source.jobs[spelled], "uses"):
                callee = self.callee(spelled)
                return UNFOLLOWED if callee is None else callee.output(name)
            return self.job(spelled).output(name)
        finally:
            self._busy.discard(spelled)

    def output(self, name: str) -> ValueOrigin:
        """Where an output of the file comes from, where it is called."""
        settings = self.source.events.get(CALLED)
        outputs = settings.get("outputs") if isinstance(settings, dict) else None
        found = OURS
        for key, item in outputs.items() if isinstance(outputs, dict) else ():
            if name in {key.lower(), ANY} and isinstance(item, dict):
                found |= origin(text_of(item, "value"), self._result)
        return found

    def _result(self, path: Path) -> ValueOrigin:
        root, *rest = path.parts
        if root == "jobs" and rest[1:2] == ["outputs"]:
            return self.needed(rest[0], rest[2] if rest[2:] else ANY)
        return of_event(path) if root == "github" else UNFOLLOWED

    def input(self, name: str, given: Names | None) -> ValueOrigin:
        """Where an input comes from: what is not seen to be given names code, as far as known."""
        if given is None:
            return OURS
        return given.get(name, ValueOrigin(code=Level.MAYBE))


class JobFlow:
    """One job of a file: its steps in order."""

    def __init__(self, file: FileFlow, key: str) -> None:
        self.file = file
        self.raw = file.source.jobs[key]
        self.steps = expanded(self.raw, file.files)
        self._scopes: dict[ActionCall | None, _Scope] = {None: _Scope(file.inputs)}
        self._set: dict[str, ValueOrigin] = {}
        self._unset = OURS
        self._base: Names = {}
        for level in (file.source.env, self.raw.get("env")):
            self._base = self._base | self._values(level, self._base, self._scopes[None])

    def of(self, text: str) -> ValueOrigin:
        """Where a string of the job itself comes from."""
        return origin(text, lambda path: self._look_up(path, self._base, self._scopes[None]))

    @property
    def folder(self) -> str:
        """The folder that scripts run in, where their steps do not say."""
        return default_of_scripts(self.raw, self.file.source.defaults, "working-directory")

    @cached_property
    def views(self) -> list[StepView]:
        """Its steps, each with what it looks up."""
        return list(self._walk())

    def output(self, name: str) -> ValueOrigin:
        """Where an output comes from; `*` means all of them."""
        outputs = self.raw.get("outputs")
        if not self.views and not isinstance(outputs, dict):
            return OURS
        found = OURS
        for key, value in outputs.items() if isinstance(outputs, dict) else ():
            if name in {key.lower(), ANY} and isinstance(value, str):
                found |= self.of(value)
        return found

    def _walk(self) -> Iterator[StepView]:
        foreign, brought = Artifacts(), False
        for step in self.steps:
            scope = self._scope(step.frame)
            env = self._base
            for level in step.env:
                env = {**env, **self._values(level, env, scope)}
            view = self._view(step, env, scope, foreign, brought=brought)
            yield view
            foreign = foreign.after(step, view.script.text)
            brought = brought or _brings(view)
            self._note(step, view, scope)

    def _view(
        self, step: RunStep, env: Names, scope: _Scope, foreign: Artifacts, *, brought: bool
    ) -> StepView:
        def look_up(path: Path) -> ValueOrigin:
            return self._look_up(path, env, scope)

        def of(text: str) -> ValueOrigin:
            return origin(text, look_up)

        def variable(name: str) -> ValueOrigin:
            return self._variable(name.lower(), env)

        text = step.script or step.inputs.get(known.SCRIPTS.get(step.action, ""), "")
        files = UNFOLLOWED if foreign or brought else OURS
        given = frozenset(env.keys() | self._set.keys())
        return StepView(step, of, variable, Script(text, of, variable, given, files), foreign)

    def _scope(self, frame: ActionCall | None) -> _Scope:
        """The scope of an action's steps: its inputs come from where it is called."""
        if frame not in self._scopes and frame is not None:
            outer = self._scope(frame.caller.frame)
            env = self._base
            for level in frame.caller.env:
                env = {**env, **self._values(level, env, outer)}
            texts = {**frame.action.defaults, **frame.given}
            inputs = {
                name: origin(text, lambda path: self._look_up(path, env, outer))
                for name, text in texts.items()
            }
            self._scopes[frame] = _Scope(inputs)
        return self._scopes[frame]

    def _values(self, level: Any, env: Names, scope: _Scope) -> dict[str, ValueOrigin]:
        if isinstance(level, str):
            return {ANY: origin(level, lambda path: self._look_up(path, env, scope))}
        if not isinstance(level, dict):
            return {}
        return {
            name.lower(): origin(value, lambda path: self._look_up(path, env, scope))
            for name, value in level.items()
            if isinstance(value, str)
        }

    def _look_up(self, path: Path, env: Names, scope: _Scope) -> ValueOrigin:
        root, *rest = path.parts
        name = rest[0] if rest else ANY
        if root == "github":
            return of_event(path)
        if root == "env":
            return _all(env) if name == ANY else self._variable(name, env)
        if root == "inputs":
            if name == ANY:
                return _all(scope.inputs or {})
            return self.file.input(name, scope.inputs)
        if root in {"steps", "needs"}:
            return self._result(root, rest, scope)
        return self._chosen(name) if root == "matrix" else OURS

    def _result(self, root: str, rest: list[str], scope: _Scope) -> ValueOrigin:
        """Where what a step or another job gives comes from."""
        if rest[1:2] and rest[1] not in {"outputs", ANY}:
            return OURS
        key, _kind, name, *_more = [*rest, ANY, ANY, ANY]
        if root == "needs":
            return UNFOLLOWED if key == ANY else self.file.needed(key, name)
        if key not in scope.outputs:
            return UNFOLLOWED
        found = scope.outputs[key]
        return found.all if name == ANY else found.get(name)

    def _variable(self, name: str, env: Names) -> ValueOrigin:
        if name in env:
            return env[name] | self._set.get(name, OURS)
        if name == "github_head_ref":
            return WHOLE
        if ANY in env:
            # An expression makes the whole environment, this name perhaps too.
            return env[ANY] | self._set.get(name, SET_AT_RUN_TIME)
        return self._set.get(name, SET_AT_RUN_TIME | self._unset)

    def _chosen(self, name: str) -> ValueOrigin:
        """Where a value of the matrix comes from."""
        strategy = self.raw.get("strategy")
        matrix = strategy.get("matrix") if isinstance(strategy, dict) else strategy
        if isinstance(matrix, dict):
            named = {name, "include"} if name != ANY else {key.lower() for key in matrix}
            matrix = {key: value for key, value in matrix.items() if key.lower() in named}
        found = OURS
        for text in strings(matrix):
            found |= origin(text, self._within_strategy)
        return found

    def _within_strategy(self, path: Path) -> ValueOrigin:
        if path.parts[0] == "matrix":
            return OURS
        return self._look_up(path, {}, self._scopes[None])

    def _note(self, step: RunStep, view: StepView, scope: _Scope) -> None:
        """Keep the outputs and variables of a step for the steps after it."""
        outputs, variables = self._handed_on(step, view)
        for name, found in variables.names.items():
            self._set[name] = self._set.get(name, OURS) | found
        self._unset |= variables.rest
        key = text_of(step.raw, "id").lower()
        if key:
            scope.outputs[key] = outputs
        # The outputs of an action are what its steps have given so far: the last of them counts.
        frame = step.frame
        while frame is not None:
            caller = text_of(frame.caller.raw, "id").lower()
            inner = self._scope(frame)
            if caller:
                given = {
                    name: origin(text, lambda path, inner=inner: self._look_up(path, {}, inner))  # type: ignore[misc]  # bound now
                    for name, text in frame.action.outputs.items()
                }
                self._scope(frame.caller.frame).outputs[caller] = Written(given)
            frame = frame.caller.frame

    def _handed_on(self, step: RunStep, view: StepView) -> tuple[Written, Written]:
        if step.script:
            return view.script.written(OUTPUT), view.script.written(ENVIRONMENT)
        if step.action == SCRIPTED:
            return Written(rest=UNFOLLOWED), Written(
                rest=UNFOLLOWED if "exportVariable" in view.script.text else OURS
            )
        if not step.action or step.action.startswith("./"):
            return Written(rest=UNFOLLOWED), Written(rest=UNFOLLOWED if step.unread else OURS)
        return Written(rest=known.gives(step.action)), Written()


def _brings(view: StepView) -> bool:
    """Whether a step may put the files of a pull request into the folder."""
    if "checkout" in view.step.action:
        chosen = (view.step.inputs.get(name, "") for name in ("ref", "repository"))
        return any(view.origin(text).code or view.origin(text).account for text in chosen)
    if not view.step.script:
        return False

    def word_of(body: str) -> str:
        return scripts.HEAD if view.origin(f"${{{{{body}}}}}").code else scripts.OTHER

    script = scripts.replaced(view.step.script, word_of)
    names = {name for name in scripts.variables(script) if view.variable(name).code is Level.YES}
    return any(scripts.fetched(script, names))


def _all(names: Names) -> ValueOrigin:
    found = OURS
    for item in names.values():
        found |= item
    return found
