"""A ticket without repetition: what several changes share comes before them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from hardenme.reports.plain import SENTENCE_END
from hardenme.reports.ticket.ticket import (
    Ticket,
    TicketAction,
    TicketNote,
    TicketProblem,
    TicketTask,
)

REFERS = re.compile(r"(?:It|They|That|This|These|Those|Then|Otherwise|Better|Direct)\b")
"""How a sentence begins that means nothing without the one before it."""


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
                instead=None,
            )
            for task in tasks
        ),
    )


def _task(task: TicketTask, place: str) -> TicketTask:
    actions = tuple(_merged(_named(one, place) for one in task.actions))
    said = [sentence for one in actions for sentence in _sentences(one.text)]
    risks: list[str] = []
    for text in task.risks:
        left = _unsaid(text, said)
        if left and left not in risks:
            risks.append(left)
    return replace(
        task,
        problems=tuple(_problem(one, place) for one in task.problems),
        actions=actions,
        risks=tuple(risks),
    )


def _problem(problem: TicketProblem, place: str) -> TicketProblem:
    """A problem whose cases do not repeat its title, or the name of the place of the ticket."""
    cases = dict.fromkeys(
        (_within(name, place), "" if _plain(text) == _plain(problem.title) else text)
        for name, text in problem.cases
    )
    return replace(problem, cases=tuple(case for case in cases if any(case)))


def _named(action: TicketAction, place: str) -> TicketAction:
    names = (_within(name, place) for name in action.names)
    return replace(action, names=tuple(dict.fromkeys(filter(None, names))))


def _within(name: str, place: str) -> str:
    """What a thing is called in a ticket about one place; empty for the place itself."""
    if not place:
        return name
    return "" if name == place else name.removeprefix(f"{place}: ")


def _merged(actions: Iterable[TicketAction]) -> Iterator[TicketAction]:
    """Actions with the same words and pages are one, of several things."""
    found: dict[tuple[object, ...], list[TicketAction]] = {}
    for one in actions:
        found.setdefault((one.text, one.pages, one.own), []).append(one)
    for those in found.values():
        names = dict.fromkeys(name for one in those for name in one.names)
        commands = dict.fromkeys(command for one in those for command in one.commands)
        yield replace(those[0], names=tuple(names), commands=tuple(commands))


def _sentences(text: str) -> list[str]:
    return [_plain(one) for one in SENTENCE_END.split(text)]


def _unsaid(note: str, said: Sequence[str]) -> str:
    """A note without the sentences that the actions repeat, if the rest makes sense alone."""
    sentences = SENTENCE_END.split(note)
    left = [one for one in sentences if not any(own.startswith(_plain(one)) for own in said)]
    # What refers to the sentence before it keeps it.
    alone = not left or left == sentences or not REFERS.match(left[0])
    return " ".join(left) if alone else note


def _plain(text: str) -> str:
    return " ".join(text.replace("`", "").split()).rstrip(".").casefold()


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
