"""Where a job that an outsider starts gets the outsider's code, and whether it runs it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from hardenme.workflows import scripts
from hardenme.workflows.artifacts import Artifacts
from hardenme.workflows.conditions import concerns
from hardenme.workflows.expressions import strings
from hardenme.workflows.flow import SET_AT_RUN_TIME, JobFlow, StepView
from hardenme.workflows.level import Level
from hardenme.workflows.origins import OURS, ValueOrigin, looked_up
from hardenme.workflows.outsiders import Start
from hardenme.workflows.running import (
    action_runs,
    known_not_to_run,
    known_to_bring_nothing,
    runs,
)
from hardenme.workflows.source import text_of
from hardenme.workflows.steps import CHECKOUT, RunStep
from hardenme.workflows.written import WORD

UNSAFE = "allow-unsafe-pr-checkout"
REFUSED_FOR = frozenset({"pull_request_target", "workflow_run"})
"""Events for which actions/checkout refuses a fork's code."""
REFUSES = ((4, 4, 0), (5, 1, 0), (6, 1, 0), (7, 0, 0))
"""The first version of each line of actions/checkout that does; floating tags like `v4` have it.
Source: the README and tags of actions/checkout, of July 2026."""
VERSION = re.compile(r"v(\d+)(?:\.(\d+))?(?:\.(\d+))?")
NUMBERS = frozenset(
    {"github.event.number", "github.event.pull_request.number", "github.event.issue.number"}
)
"""A ref that is made of one of these is the pull request's, however it is put together."""
APPROVED = frozenset({"issue_comment", "pull_request_review_comment"})
"""Events of a comment by someone who may, which name no commit: what is fetched is what the pull
request holds by then."""
GIT = re.compile(r"(?:^|[\s;&|(])git\s")
"""In a folder with settings of its own (`.git/config`), git runs what they name."""
OF_THE_JOB = "the image or the settings of the job"
LONGEST = 160
"""Characters of a name that are kept."""


@dataclass(slots=True)
class Fetched:
    """What of an outsider's code gets into a job.

    Attributes:
        certain: where it is fetched, in a few words each.
        refused: checkouts that would fetch it, of a version that refuses to.
        raced: where it is fetched after someone with write access asked for it, and may have
            changed since they looked.
        doubts: where it may be run, which cannot be followed.
        steps: in which step each of these is, if it is in one.
    """

    certain: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    raced: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    steps: dict[str, RunStep] = field(default_factory=dict)

    def note(self, step: RunStep) -> None:
        """Keep in which step it was that got in with it."""
        for how in (*self.certain, *self.refused, *self.doubts):
            if how != OF_THE_JOB:
                self.steps.setdefault(how, step)


def fetched(
    job: JobFlow,
    starts: Mapping[Start, Level],
    held: tuple[str, ...],
    passes: Callable[[RunStep, Start], Level],
) -> Fetched:
    """What of an outsider's code gets into a job.

    Args:
        starts: how outsiders can start it, each way with its certainty.
        held: the events by which they would, but for a condition.
        passes: how surely an outsider gets to run a step.
    """
    sure_starts = [start for start, level in starts.items() if level is Level.YES]
    found = _fetched(job, sure_starts, lambda *given: passes(*given) is Level.YES)
    # What a condition lets in that was not followed is a doubt.
    perhaps = _fetched(job, starts, lambda *given: passes(*given) is not Level.NO)
    sure = {*found.certain, *found.refused, *found.doubts}
    every = (*perhaps.certain, *perhaps.refused, *perhaps.doubts)
    found.doubts.extend(f"{how}, by a condition" for how in every if how not in sure)
    comments = APPROVED & {*(start.event for start in starts), *held}
    asked = {event for event in comments if concerns(job.raw.get("if"), event)}
    if asked:
        # What anyone starts is found already; the rest waits for someone who may.
        approved = Fetched()
        _Search((), approved, lambda step: any(step.concerns(event) for event in asked)).through(
            job
        )
        found.raced.extend(how for how in approved.certain if how not in found.certain)
        found.steps = {**approved.steps, **found.steps}
    return found


def _fetched(
    job: JobFlow, starts: Iterable[Start], counts: Callable[[RunStep, Start], bool]
) -> Fetched:
    """What gets into the steps that count for one of these starts."""
    found, every = Fetched(), tuple(starts)
    # Without code of their own, outsiders may still name some in a comment.
    for by_comment in (False, True):
        given = [start for start in every if start.code is not by_comment]
        if given:
            events = tuple(dict.fromkeys(start.event for start in given))

            def reached(step: RunStep, given: list[Start] = given) -> bool:
                return any(counts(step, start) for start in given)

            _Search(events, found, reached, by_comment=by_comment).through(job)
    return found


@dataclass(slots=True)
class _Search:
    """A search through the steps of a job.

    Attributes:
        opens: the events by which outsiders start it; none if they do not.
        counts: whether a step does.
        named: a step has named the code of a pull request, in another way than a checkout.
        folder: that scripts run in, where their steps do not say.
        by_comment: the pull request is none of theirs: only what a comment names is.
        restored: an action that is not known, which may have brought files of theirs.
    """

    opens: tuple[str, ...]
    found: Fetched
    counts: Callable[[RunStep], bool]
    named: bool = False
    folder: str = ""
    by_comment: bool = False
    restored: str = ""

    def code(self, origin: ValueOrigin) -> Level:
        """How surely a value names the outsider's code."""
        return origin.comment if self.by_comment else origin.code

    def through(self, job: JobFlow) -> None:
        """Look at each step that an outsider gets to run."""
        self.folder = job.folder
        around = [job.raw.get("container"), job.raw.get("services"), job.raw.get("defaults")]
        if any(self.code(job.of(text)) is Level.YES for text in strings(around)):
            self.found.certain.append(OF_THE_JOB)
        for view in job.views:
            if self.counts(view.step):
                self.step(view)
                self.found.note(view.step)

    def step(self, view: StepView) -> None:
        step = view.step
        if "checkout" in step.action:
            self.checkout(view)
        elif step.script:
            certain = self.fetched(view, Level.YES)
            self.found.certain.extend(certain)
            self.found.doubts.extend(h for h in self.fetched(view, Level.MAYBE) if h not in certain)
            codes = {self.code(found) for found in _variables(view).values()}
            if Level.YES in {self.code(view.origin(step.script)), *codes}:
                self.named = True
        elif not known_not_to_run(step.action):
            self.found.certain.extend(scripts.fetched(scripts.spoken(view.script.text), set()))
            given = strings([step.raw.get("with"), step.raw.get("env")])
            codes = {self.code(found) for found in _variables(view).values()}
            codes |= {self.code(view.origin(text)) for text in given}
            self.named = self.named or Level.YES in codes
        self.executes(view)
        if step.action and not known_to_bring_nothing(step.action):
            self.restored = self.restored or step.action

    def fetched(self, view: StepView, least: Level) -> list[str]:
        """The commands of a step's script that fetch what names code at least as surely as this."""

        def word_of(body: str) -> str:
            found = view.origin(f"${{{{{body}}}}}")
            if self.code(found) >= least:
                return scripts.HEAD
            return scripts.ACCOUNT if found.account >= least else scripts.OTHER

        text = scripts.replaced(view.step.script, word_of)
        if not scripts.is_of_a_shell(text_of(view.step.raw, "shell")):
            text = scripts.spoken(text)
        given = _variables(view)
        names = {name for name, found in given.items() if self.code(found) >= least}
        accounts = {name for name, found in given.items() if found.account >= least}
        return list(scripts.fetched(text, names, accounts))

    def checkout(self, view: StepView) -> None:
        """A checkout: whether it names outsiders' code, and whether it refuses that."""
        step, inputs = view.step, view.step.inputs
        chosen = [inputs.get("ref", ""), inputs.get("repository", "")]
        by_itself = step.action != CHECKOUT and "pr" in re.split(r"[^a-z]+", step.action)
        numbered = any(NUMBERS & set(map(str, looked_up(text))) for text in chosen)
        origins = [view.origin(text) for text in chosen]
        named = max(max(self.code(found), found.account) for found in origins)
        if self.by_comment and named is not Level.YES:
            if named:
                self.found.doubts.append(step.action[:LONGEST])
            return
        if not (by_itself or numbered or named):
            return
        unsafe = inputs.get(UNSAFE, "false").strip().lower() != "false"
        if step.action == CHECKOUT and not unsafe and self.opens and self.refuses(view):
            self.found.refused.append(text_of(step.raw, "uses")[:LONGEST])
            return
        how = f"{step.action} with {UNSAFE}" if step.action == CHECKOUT and unsafe else step.action
        self.found.certain.append(how[:LONGEST])

    def refuses(self, view: StepView) -> bool:
        """Whether the checkout fails for what an outsider brings."""
        given = VERSION.fullmatch(text_of(view.step.raw, "uses").partition("@")[2])
        if given is None or not set(self.opens) <= REFUSED_FOR:
            return False
        major, *rest = (None if part is None else int(part) for part in given.groups())
        floors = {floor[0]: floor for floor in REFUSES}
        assert major is not None  # noqa: S101 (the pattern has it)
        if rest[0] is None:
            return major in floors or major > max(floors)
        floor = floors.get(major, REFUSES[-1])
        return major > REFUSES[-1][0] or (
            major in floors and (major, rest[0], rest[1] if rest[1] is not None else 99) >= floor
        )

    def executes(self, view: StepView) -> None:
        """Whether a step runs what was brought: by a name that an earlier step gave, or on disk."""
        step = view.step
        level, what = runs(step.script) if step.script else (Level.NO, "")
        if step.action and not step.action.startswith(("./", "$/")):
            level, what = action_runs(step.action, step.inputs)
        foreign = view.foreign.after(step, view.script.text)
        if level is Level.NO and foreign.here and GIT.search(step.script):
            level, what = Level.MAYBE, "git, whose settings may have come with it"
        if level is Level.NO:
            return
        how = self.brought(view, foreign)
        if how:
            (self.found.certain if level is Level.YES else self.found.doubts).append(
                f"{how}, then {what[:LONGEST]}"
            )
        elif foreign.anywhere:
            self.found.doubts.append(f"an artifact is downloaded, then {what[:LONGEST]}")
        elif self.restored and not self.by_comment:
            self.found.doubts.append(f"{self.restored[:LONGEST]}, then {what[:LONGEST]}")

    def brought(self, view: StepView, foreign: Artifacts) -> str:
        """What of outsiders a step could run, in a few words; empty for nothing."""
        if self.named:
            return "the pull request's commit is named"
        if foreign.here:
            return "an artifact is unpacked over the folder"
        raw = view.step.raw
        folder = raw.get("working-directory", self.folder)
        texts = " ".join(strings([view.step.script, raw.get("with"), folder]))
        return "an artifact is downloaded" if foreign.mentions(texts) else ""


def _variables(view: StepView) -> dict[str, ValueOrigin]:
    """Where each variable that a step's script looks up comes from.

    What the runner's machine sets is not such a thing.
    """
    script, own = view.script.text, view.script.local()
    found = {}
    # Other languages look them up by their bare names.
    bare = {word for word in WORD.findall(script) if word.lower() in view.script.given}
    for name in scripts.variables(script) | bare:
        origin = view.variable(name)
        outer = OURS if origin == SET_AT_RUN_TIME else origin
        found[name] = outer | own.get(name.lower(), OURS)
    return found
