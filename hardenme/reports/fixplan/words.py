"""The sentences that all forms of a fix plan say."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from itertools import groupby

from hardenme.model.report import Report
from hardenme.reports.checklist import ANY, Cause
from hardenme.reports.closing import NOT_WHOLE
from hardenme.reports.fixplan.plan import Action, FixPlan, Step
from hardenme.reports.fixplan.staying import in_words
from hardenme.reports.plain import counted
from hardenme.reports.shapes import hosts_of

OF_FILES = ("fix", "show")
"""How our commands begin that take the file of a report."""
OF_RUNS = (*OF_FILES, "people", "attest")
"""How our commands begin that take a kept run."""
NOTHING = "Nothing to fix: no finding of the report has failed."
OF_OTHERS = "No step needs a right with {!r} in it."
OF_DEMO = "The accounts are invented. Do not run the commands: real accounts may have these names."
HIDDEN = (
    "Redacted for sharing: names are pseudonyms, so no command is given, which would name someone"
    " else. Make the plan from the original report."
)
BY_RELEASE = "Publish one release this way before you continue."
HELD = "Release {names} another way first: `hardenme rehearse` has to show that way as accepted."


def command_of(about: FixPlan | Report, words: str) -> str:
    """One of our own commands about the run of a plan or a report, or about its file.

    Runs of the demo are kept apart. Of a run that is not kept, only a new run shows more.
    """
    if not about.kept and words.startswith(OF_RUNS):
        return again(about)
    if about.file and words.startswith(OF_FILES):
        return f"hardenme {words} {about.file}"
    return f"hardenme {words}{' --demo' if about.demo else ''}"


def again(about: FixPlan | Report) -> str:
    """The command that makes a run anew, and shows all of it."""
    return f"hardenme {'demo' if about.demo else shlex.join(('check', *about.targets))} --full"


def alone(plan: FixPlan, step: Step) -> str:
    """The command that shows a step in full, by its id: a number is another step's elsewhere."""
    return command_of(plan, f"fix {step.id}")


def headline(plan: FixPlan) -> str:
    """How much there is to do, in one sentence."""
    if not plan.steps:
        return OF_OTHERS.format(plan.needs) if plan.others else NOTHING
    closes = sum(step.closes for step in plan.steps)
    told = f"{counted(len(plan.steps), 'step')} {'closes' if len(plan.steps) == 1 else 'close'}"
    told = f"{told} {counted(closes, 'finding')}"
    if plan.others:
        return f"{told} of {plan.failed}"
    # What stays failed for a while is in the count of findings too.
    later = sum(step.left for step in plan.steps)
    return f"{told}, {later:,} later" if later else told


def notes(plan: FixPlan) -> Iterator[str]:
    """What a reader has to know before the first step."""
    if plan.partial:
        yield f"{NOT_WHOLE}: {plan.partial}. There may be more to fix than stands here."
    yield from plan.warnings
    if plan.hidden:
        yield HIDDEN
    hosts = _other_hosts(plan)
    if hosts:
        yield f"Commands in it go to {', '.join(hosts)}, with what you are signed in with there."
    if plan.others and plan.steps:
        left = counted(plan.others, "step")
        yield f"Only what needs a right with {plan.needs!r} in it: {left} for others left out."


def _other_hosts(plan: FixPlan) -> list[str]:
    """The hosts other than github.com and npm's that commands name."""
    calls = (call for step in plan.steps for one in step.runnable for call in one.calls)
    return list(dict.fromkeys(host for call in calls for host in hosts_of(call.words)))


def held(step: Step) -> str:
    """What has to be seen before a step is taken that ends the last accepted way of packages."""
    return HELD.format(names=", ".join(step.held_for))


def closing(step: Step) -> str:
    """What a step closes, in numbers."""
    stays = in_words(step.stays)
    if not step.closes:
        if step.paths:
            return _paths(step)
        return f"nothing yet: {stays}" if step.left else "nothing itself; later steps need it"
    levels = ", ".join(f"{number} {level}" for level, number in step.counts.items())
    paths = f", {_paths(step)}" if step.paths else ""
    unknown = f", {step.unknown:,} unknown" if step.unknown else ""
    more = f"; {stays}" if step.left else ""
    about = f" ({levels})" if not step.left else ""
    return f"{counted(step.closes, 'finding')}{about}{paths}{unknown}{more}"


def _paths(step: Step) -> str:
    """How many publish paths it closes, and how many of these are not known to be open."""
    unsure = len(step.unsure)
    of_them = f" ({unsure:,} of them unknown)" if unsure else ""
    return f"{counted(len(step.paths), 'publish path')}{of_them}"


def effect(step: Step) -> str:
    """The same as a predicate."""
    return f"closes {closing(step)}"


def unknown(cause: Cause) -> str:
    """What is not known, what it takes, and what to do."""
    are = "is" if cause.count == 1 else "are"
    return (
        f"{counted(cause.count, 'result')} {are} not known. Needed: {cause.needed.rstrip('.')}."
        f" {cause.action}"
    )


def after(step: Step, *, numbered: bool) -> str:
    """The steps that come before it, by number if all steps are shown, otherwise by id."""
    names = [*map(str, step.after)] if numbered else [*step.waits]
    return f"step{'s' * (len(names) > 1)} {', '.join(names)}"


def alike(action: Action) -> str:
    """What an action says without its subject's own names: what says the same is alike."""
    text = action.fix.step.rstrip(".")
    for name in action.own:
        text = text.replace(name, ANY)
    return text


def by_words(actions: Iterable[Action], *, ordered: bool = False) -> list[list[Action]]:
    """Those that say the same together, in the order of the first of them.

    Args:
        ordered: they are taken in their order, so that only neighbours are together.
    """
    if ordered:
        return [[*same] for _, same in groupby(actions, alike)]
    kinds: dict[str, list[Action]] = {}
    for action in actions:
        kinds.setdefault(alike(action), []).append(action)
    return [*kinds.values()]
