"""A ticket without repetition: what several changes share comes before them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from hardenme.reports.ticket.remaining_text import stems, unsaid
from hardenme.reports.ticket.ticket import (
    Ticket,
    TicketAction,
    TicketNote,
    TicketProblem,
    TicketTask,
)

KIND = re.compile(r"^((?:\S+: )?)([a-z]+(?:-[a-z]+)+) (?=\S)")
"""A name that begins with what kind of thing it is of."""
WORDS_OF_ORDER = re.compile(r"\bthen\b", re.IGNORECASE)
"""A word that advice says by where its sentences are."""
KINDS = {
    "org-hook": "webhook",
    "repo-hook": "webhook",
    "org-invitation": "invitation",
    "org-secret": "secret",
    "sso-credential": "SSO credential",
}
"""Kinds whose words are others."""


def shortened(ticket: Ticket) -> Ticket:
    """The same ticket, shorter; no page, command or problem is lost.

    A step's ticket has one change, above which there is nothing to share.
    """
    tasks = [_task(task, ticket.place) for task in ticket.tasks]
    if len(tasks) < 2:  # noqa: PLR2004 (shared by two or more)
        return replace(ticket, tasks=tuple(tasks))
    needs = _most(task.needs for task in tasks)
    notes = _shared(tasks)
    told = {note.text for note in notes}
    reasons, advice = set[str](), set[str]()
    numbers = {task.title: f"change {number}" for number, task in enumerate(tasks, 1)}
    wider = tuple(_wider(tasks))
    return replace(
        ticket,
        needs=needs,
        notes=notes,
        wider=wider,
        tasks=tuple(
            replace(
                task,
                needs="" if task.needs == needs else task.needs,
                risks=tuple(one for one in task.risks if one not in told),
                before=tuple(numbers.get(one, one) for one in task.before),
                problems=tuple(_once(task.problems, reasons, advice)),
                instead=None,
            )
            for task in tasks
        ),
    )


def _task(task: TicketTask, place: str) -> TicketTask:
    cases = (name for one in task.problems for name, _ in one.cases)
    names = {*cases, *(name for one in task.actions for name in one.names)} - {place}
    # Where all is about the one thing that the title names, nothing else has to.
    title = task.title.replace("`", "") if len(names) == 1 else ""
    actions = tuple(_merged(_named(one, place, title) for one in task.actions))
    actions, task = _fuller(actions, task)
    notes = (*task.risks, *(one.advice for one in task.problems))
    left = [*unsaid(notes, [one.text for one in actions])]
    risks, advice = left[: len(task.risks)], left[len(task.risks) :]
    problems = (
        replace(_problem(one, place, title), advice=text)
        for one, text in zip(task.problems, advice, strict=True)
    )
    return replace(
        task,
        problems=tuple(problems),
        actions=actions,
        risks=tuple(filter(None, risks)),
        undo=tuple({stems(one): one for one in reversed(task.undo)}.values())[::-1],
    )


def _fuller(
    actions: tuple[TicketAction, ...], task: TicketTask
) -> tuple[tuple[TicketAction, ...], TicketTask]:
    """One action in the words of the only advice, where those say all of it and more."""
    advised = [one for one in task.problems if one.advice]
    if len(actions) != 1 or len(advised) != 1:
        return actions, task
    (action,), (problem,) = actions, advised
    said = WORDS_OF_ORDER.sub("", action.text)
    if action.own or not stems(said) <= stems(problem.advice):
        return actions, task
    problems = tuple(replace(one, advice="") for one in task.problems)
    return (replace(action, text=problem.advice),), replace(task, problems=problems)


def _once(
    problems: Iterable[TicketProblem], reasons: set[str], advice: set[str]
) -> Iterator[TicketProblem]:
    """Problems whose reasons and advice were not given before; those of these are added."""
    for one in problems:
        why = "" if one.why in reasons else one.why
        yield replace(one, why=why, advice="" if one.advice in advice else one.advice)
        reasons.add(one.why)
        advice.add(one.advice)


def _problem(problem: TicketProblem, place: str, title: str) -> TicketProblem:
    """A problem whose cases do not repeat its title, or the name of the place of the ticket."""
    cases = dict.fromkeys(
        (
            "" if _names(text, name) else _within(name, place, title),
            "" if stems(text) <= stems(problem.title) else text,
        )
        for name, text in problem.cases
    )
    return replace(problem, cases=tuple(case for case in cases if any(case)))


def _names(text: str, name: str) -> bool:
    """Whether a text begins with the version of the package that the name ends with."""
    version = text.partition(":")[0].strip("`")
    return bool(version) and name.endswith(f"@{version}")


def _named(action: TicketAction, place: str, title: str) -> TicketAction:
    names = (_within(name, place, title) for name in action.names)
    return replace(action, names=tuple(dict.fromkeys(filter(None, names))))


def _within(name: str, place: str, title: str) -> str:
    """What a thing is called in a ticket about one place; empty for the place itself."""
    if place and name == place:
        return ""
    thing = spelled(name.removeprefix(f"{place}: "))
    named = place and re.search(rf"(?<!\S){re.escape(thing)}(?![\w-])", title)
    return "" if named else thing


def spelled(name: str) -> str:
    """A name whose kind is in words: `ssh key "desktop"`, not `ssh-key "desktop"`."""
    return KIND.sub(_kind, name)


def _kind(found: re.Match[str]) -> str:
    """A kind of thing in words."""
    return f"{found[1]}{KINDS.get(found[2], found[2].replace('-', ' '))} "


def _merged(actions: Iterable[TicketAction]) -> Iterator[TicketAction]:
    """Actions with the same words and pages are one, of several things."""
    found: dict[tuple[object, ...], list[TicketAction]] = {}
    for one in actions:
        found.setdefault((one.text, one.pages, one.own, one.needs, one.last, one.who), []).append(
            one
        )
    for those in found.values():
        names = dict.fromkeys(name for one in those for name in one.names)
        commands = dict.fromkeys(command for one in those for command in one.commands)
        undo = dict.fromkeys(text for one in those for text in one.undo)
        yield replace(those[0], names=tuple(names), commands=tuple(commands), undo=tuple(undo))


def _most(texts: Iterable[str]) -> str:
    """The text that most have, if more than one has it; else empty."""
    ((text, number),) = Counter(texts).most_common(1)
    return text if number > 1 else ""


def _shared(tasks: Sequence[TicketTask]) -> tuple[TicketNote, ...]:
    """The notes that more than one change has, with the numbers of these."""
    found: dict[str, list[int]] = {}
    for number, task in enumerate(tasks, 1):
        for text in task.risks:
            found.setdefault(text, []).append(number)
    return tuple(
        TicketNote(_changes(numbers), text) for text, numbers in found.items() if len(numbers) > 1
    )


def _wider(tasks: Sequence[TicketTask]) -> Iterator[TicketNote]:
    """What does changes once for all repositories, with the numbers of these."""
    found: dict[tuple[str, str], list[int]] = {}
    for number, task in enumerate(tasks, 1):
        if task.instead is not None:
            found.setdefault(task.instead, []).append(number)
    for (text, page), numbers in found.items():
        yield TicketNote(_changes(numbers), text, page)


def _changes(numbers: Sequence[int]) -> str:
    *first, last = map(str, numbers)
    return f"Changes {', '.join(first)} and {last}" if first else f"Change {last}"
