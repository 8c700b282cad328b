"""What a whole run knows of a change in one place: other steps, and others who use the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from hardenme.model.finding import Finding
from hardenme.model.report import Report
from hardenme.reports.fixplan.build import plan_of, steps_of_run
from hardenme.reports.fixplan.plan import Action, Closed, FixPlan, Step
from hardenme.reports.fixplan.step_notes import ALARM, NOTE, OF_PLACE
from hardenme.reports.impersonal import PEOPLE
from hardenme.reports.plain import counted
from hardenme.reports.ticket.problems import CHECK
from hardenme.reports.ticket.ticket import TicketTask

REVOKING = re.compile(r"npm token revoke |gh api (?:--hostname \S+ )?-X DELETE .*/secrets/")
"""How a command begins that takes a credential from everything that uses it."""
NAMED = re.compile(r"\(step ([a-z2-7]{6})\)")
"""How a text names another step."""
REFERRED = "{title} (reference {id})"
AGAIN = "Also in {title} (reference {id}): do it once."
SHARED = "{name} is used by {number}: revoke it only when {first} is done for all of them."


def known_in_run(task: TicketTask, step: Step, plan: FixPlan, part: Report) -> TicketTask:
    """A change in one place, with what the whole run knows of it.

    A step of the run can do the same in several places. What it waits for there is done before it
    here, and what several packages use is not taken from them by the command of one.

    Args:
        task: the change.
        step: of the plan of the place alone, which the change is made from.
        plan: that plan.
        part: the findings of the place.
    """
    if part.whole is None:
        return replace(task, steps=_of_run(step, plan_of(part).steps))
    publishing = part.whole.report.publishing
    packages = {one.package for one in publishing.packages} if publishing else set[str]()
    whole = steps_of_run(part.whole)
    steps = {one.id: one for one in whole}
    same: dict[str, Step] = {}
    risks = [*_noted(step, whole)]
    shared = set[str]()
    for other, action in _doing_the_same(step, whole):
        same.setdefault(other.id, other)
        if (text := _users(action, other, steps, packages)) is not None:
            risks.append(text)
            shared.add(action.fix.command)
    # How an owner does it for all names the same step already.
    wider = "" if task.instead is None else task.instead[0]
    risks += [
        AGAIN.format(title=one.title, id=one.id)
        for one in same.values()
        if one.id != step.id and REFERRED.format(title=one.title, id=one.id) not in wider
    ]
    before = dict.fromkeys(task.before)
    for other in same.values():
        waits = (steps[name] for name in other.waits)
        first = [one for one in waits if _comes_first(one, step, other, part)]
        before |= dict.fromkeys(_elsewhere(first, plan))
    actions = tuple(
        replace(one, commands=tuple(word for word in one.commands if word not in shared))
        for one in task.actions
    )
    alarm = any(map(ALARM.match, risks))
    # The whole run has all signs of an attack, the place only its own.
    kept = [one for one in task.risks if not (alarm and ALARM.match(one))]
    return replace(
        task,
        before=tuple(before),
        risks=(*kept, *dict.fromkeys(risks)),
        actions=actions,
        steps=_of_run(step, whole),
    )


def _of_run(step: Step, whole: Iterable[Step]) -> tuple[str, ...]:
    """The ids of the run's steps that close the same findings, or else the same ways to publish."""
    steps, paths = [*whole], frozenset(step.paths)
    return steps_closing(_closes(step), steps) or tuple(
        one.id for one in steps if one.id == step.id or paths.intersection(one.paths)
    )


def steps_closing(findings: Iterable[object], steps: Iterable[Step]) -> tuple[str, ...]:
    """The ids of the steps that close any of some findings, in their order.

    Args:
        findings: what names them, as `finding_key` does.
        steps: those of the run.
    """
    wanted = frozenset(findings)
    return tuple(one.id for one in steps if wanted & _closes(one))


def risks_of(step: Step) -> tuple[str, ...]:
    """What to know before a step is taken, for a reader without hardenme."""
    # What another check then says means nothing to such a reader.
    return tuple(NAMED.sub(r"(reference \1)", one) for one in step.risks if not CHECK.search(one))


def closed_key(closed: Closed) -> object:
    """By what the finding is known that an action closes."""
    return closed.code, closed.subject, closed.within


def finding_key(finding: Finding) -> object:
    """The same of a finding."""
    return finding.code, finding.subject, finding.within


def _noted(step: Step, whole: tuple[Step, ...]) -> Iterator[str]:
    """The notes that the whole run has on what closes the same."""
    wanted = _closes(step)
    here = {one.within.name for action in step.actions for one in action.closes}
    for other in whole:
        if wanted & _closes(other):
            for one in filter(NOTE.match, risks_of(other)):
                place = OF_PLACE.match(one)
                if place is None or place["name"] in here:
                    yield one


def _closes(step: Step) -> frozenset[object]:
    return frozenset(closed_key(one) for action in step.actions for one in action.closes)


def _doing_the_same(step: Step, whole: tuple[Step, ...]) -> Iterator[tuple[Step, Action]]:
    """The steps of the run that do what a step does, each with the action that does it."""
    wanted = {closed_key(one) for action in step.actions for one in action.closes}
    commands = {one.fix.command for one in step.actions if one.fix.command}
    for other in whole:
        for action in other.actions:
            closes = action.fix.command and any(closed_key(one) in wanted for one in action.closes)
            if action.fix.command in commands or closes:
                yield other, action


def _users(action: Action, step: Step, steps: dict[str, Step], packages: set[str]) -> str | None:
    """Which other packages lose what an action takes away; None if no others do."""
    users = [name for name in action.names if name in packages]
    first = next((steps[one] for one in step.waits if steps[one].releases), None)
    if first is None or len(users) < 2 or not REVOKING.match(action.fix.command):  # noqa: PLR2004
        return None
    name = next((one for one in action.names if one not in packages), "This")
    return SHARED.format(
        name=name[:1].upper() + name[1:],
        number=counted(len(users), "package"),
        first=REFERRED.format(title=first.title, id=first.id),
    )


def _elsewhere(first: Iterable[Step], plan: FixPlan) -> Iterator[str]:
    """What a step of the run waits for that the plan of the place does not have."""
    here = {one.title for one in plan.steps} | {one.id for one in plan.steps}
    for one in first:
        if not {one.id, one.title} & here:
            yield REFERRED.format(title=one.title, id=one.id)


def _comes_first(one: Step, step: Step, other: Step, part: Report) -> bool:
    """Whether what a step of the run waits for comes before its part in one place, too.

    Of a step that does more, only what is about the same comes first. A package's own steps wait
    for what is its own, and for what guards the repository that they trust.
    """
    if part.publishing is not None:
        return not _repositories(one).isdisjoint(_values(step))
    return (other.id == step.id and not _elsewhere_alone(one, step)) or _shares(one, step)


def _values(step: Step) -> frozenset[str]:
    """The values of the options of a step's commands, such as a repository's name."""
    words = (word for action in step.actions for call in action.calls for word in call.words)
    return frozenset(word.partition("=")[2] for word in words if word.startswith("--"))


def _shares(other: Step, step: Step) -> bool:
    """Whether a step is about something that another one is about: an account, or a package."""
    words = {word for action in other.actions for call in action.calls for word in call.words}
    return not _about(step).isdisjoint(_about(other) | words)


def _about(step: Step) -> frozenset[str]:
    """What a step is about: whom it names, what it closes, and which packages lose a path."""
    closes = [one for action in step.actions for one in action.closes]
    names = {*step.names, *(path.rpartition(" to ")[2] for path in step.paths)}
    names |= {name for one in closes for name in (one.subject.name, one.within.name)}
    # Of a member the login alone is the same in other places.
    people = {one.subject.name.rpartition("/")[2] for one in closes if one.subject.kind in PEOPLE}
    return frozenset(names | people)


def _elsewhere_alone(first: Step, step: Step) -> bool:
    """Whether a step is about other repositories alone, while another one is about some."""
    there, here = _repositories(first), _repositories(step)
    return bool(there and here) and there.isdisjoint(here)


def _repositories(step: Step) -> frozenset[str]:
    """The repositories that a step is about; none if it is about something else as well."""
    places = {one.within for action in step.actions for one in action.closes}
    if any((one.provider, one.kind) != ("github", "repo") for one in places):
        return frozenset()
    return frozenset(one.name for one in places)
