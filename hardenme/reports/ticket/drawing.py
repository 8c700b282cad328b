"""A ticket as Markdown, which reads as plain text as well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from hardenme.model.pages import GUIDES
from hardenme.model.secret import redact
from hardenme.reports.outline.markdown import Markdown
from hardenme.reports.outline.parts import (
    Names,
    Words,
    command,
    ours,
    page,
    sentence,
)
from hardenme.reports.plain import begun, in_lines
from hardenme.reports.ticket.confirming import expected
from hardenme.reports.ticket.readers import OWN, THE_SENDER
from hardenme.reports.ticket.remaining_text import stems
from hardenme.reports.ticket.shortened import shortened
from hardenme.reports.ticket.sign_in import signed_in
from hardenme.reports.ticket.ticket import Ticket, TicketAction, TicketProblem, TicketTask

WRITER = Markdown()
EVERY = 1_000_000
READS = "These commands only read. They show it:"
PAGES = "These pages show it:"
THE_REST = "Pages alone show the rest:"
ADVICE = "Advice"
SHOWS = re.compile(
    r"/(?:new|support)(?:[?#]|$)|/package/(?:@[^/]+/)?[^/]+$"
    r"|^https?://[^/]+/(?!settings/)[^/]+/[^/]+/?$"
)
"""Addresses of a form, of a desk, of a repository's front page, or of what is published: they do
not show a change."""
SAME_PAGE = "The page above shows it."
SAME_PAGES = "The pages above show it."
LAST = "Only if this applies, and what comes first is done, run"
NEEDS = "{}. A change that takes something else says so."
ONLY = "Only {} can do this"
OWN_ACCOUNT = frozenset({OWN, "your own account", "the account's own session"})
"""Rights that are an account itself."""
REFERENCE = "{name}: `{id}`{run}. Name it when you ask {who} about this."
OF_RUN = ", from the check of {}"
OF_STEP, OF_LIST = "Reference", "Reference of this list"
OF_CHANGE = "Reference of this change: {}"
OWNER = "An owner of the organization does these. They are not yours to do:"
FIRST_DONE = f"Whether that is done: ask {THE_SENDER}, by its reference."
WIDER = "An owner of the organization can make changes for all of its repositories. Ask before you"
WIDER += " start:"
SENDER = "The person who sent you this makes these changes:"
UNKNOWN = "These could not be checked. The person who sent you this has the reason for each:"
QUESTIONS = "No API shows these. Answer the person who sent you this:"
GUIDE = "Background: {}"
ANYONE_WHO_SENT = re.compile(rf"\b[{THE_SENDER[0].upper()}{THE_SENDER[0]}]{THE_SENDER[1:]}\b")
"""How a ticket refers to whom its reader asks; the account replaces it where it is known."""


def drawn(ticket: Ticket) -> str:
    """All of a ticket, ending with a line break."""
    return redact("\n".join(lines_of(ticket)) + "\n")


def lines_of(ticket: Ticket) -> Iterator[str]:
    """The lines of a ticket; nothing is left out or repeated. Whom to ask is named."""
    who = _text(ticket.ask)
    for line in _lines(shortened(ticket)):
        yield ANYONE_WHO_SENT.sub(lambda _: who, line) if who else line


def _lines(ticket: Ticket) -> Iterator[str]:
    yield f"# {_text(ticket.title)}"
    for text in ticket.lead:
        yield from ("", _text(text))
    by = ticket.account or OWN
    if ticket.needs:
        yield from ("", NEEDS.format(_needed(ticket.needs, by)))
    if takes := signed_in(ticket):
        yield from ("", _text(takes))
    noted = (f"{_text(one.changes)}: {_text(one.text)}" for one in ticket.notes)
    yield from _bullets("To know before you start", noted)
    wider = (f"{_text(one.changes)}: {_text(one.text)} {_page(one.page)}" for one in ticket.wider)
    yield from _bullets(WIDER, wider)
    for number, task in enumerate(ticket.tasks, 1):
        if task.title != ticket.title:
            yield from ("", f"## {number}. {_text(task.title)}")
            ids = ", ".join(f"`{one}`" for one in task.steps)
            yield from ("", OF_CHANGE.format(ids)) if ids else ()
        yield from _task(task, by)
    yield from _listed("For an owner", OWNER, map(_text, ticket.owner))
    yield from _listed("For the sender", SENDER, map(_text, ticket.sender))
    yield from _listed("Not known", UNKNOWN, map(_text, ticket.unknown))
    asked = (f"[ ] {_text(text)} {_answered(address)}" for text, address in ticket.questions)
    yield from _listed("Questions", QUESTIONS, asked)
    yield from ("", reference_of(ticket))


def reference_of(ticket: Ticket) -> str:
    """The line by which a ticket is named to its sender: a step, or a list, and its run."""
    # The id of a step is the same in each run, and the commands of the sender take it.
    step = any(ticket.id in task.steps for task in ticket.tasks)
    run = OF_RUN.format(ticket.run) if ticket.run else ""
    name, who = OF_STEP if step else OF_LIST, _text(ticket.ask) or THE_SENDER
    return REFERENCE.format(name=name, id=ticket.id, run=run, who=who)


def _needed(needs: str, by: str) -> str:
    """What it takes, in a sentence: a right is needed, and an account is someone's."""
    mine, _, more = needs.partition("; ")
    if mine in OWN_ACCOUNT:
        return ". ".join([ONLY.format(_text(by)), *([_text(begun(more))] if more else [])])
    return f"You need: {_text(needs)}"


def _task(task: TicketTask, by: str) -> Iterator[str]:
    if task.problems:
        yield from ("", "**What is wrong**", "")
        for problem in task.problems:
            yield from _problem(problem)
    before = [
        *([_needed(task.needs, by)] if task.needs else []),
        *(f"First: {_text(text)}" for text in task.before),
        *([FIRST_DONE] if any("(reference " in text for text in task.before) else []),
        *map(_text, task.risks),
        *([f"Instead: {_text(task.instead[0])} {_page(task.instead[1])}"] if task.instead else []),
    ]
    yield from _bullets("Before you start", before)
    yield from ("", "**What to do**", "")
    pages = {one.pages for one in task.actions}
    # If everything is done on the same pages, they are listed once.
    once = len(task.actions) > 1 and len(pages) == 1
    actions = task.actions
    if once:
        yield from (f"On this page: {_page(address)}" for address in actions[0].pages)
        yield from [""] if actions[0].pages else []
        actions = tuple(replace(one, pages=()) for one in actions)
    paged = bool(task.actions[0].pages) and once
    for number, action in enumerate(actions, 1):
        yield from _action(action, number, paged=paged)
    yield from _bullets("How to undo it", _undone(task))
    yield from ("", "**How to see that it is done**", "")
    for text in task.holds:
        first, *more = text.split("\n")
        yield f"- {_text(first)}"
        yield from (f"  - {_text(one)}" for one in more)
    yield from _confirmed(task)


def _answered(address: str) -> str:
    """The page that has the answer to a question; a guide has none, and is named as one."""
    shown = _page(address)
    return GUIDE.format(shown) if address in GUIDES.values() else shown


def _undone(task: TicketTask) -> Iterator[str]:
    """How to undo it; where that differs, with the numbers of what is undone."""
    for text in task.undo:
        same = stems(text)
        numbers = [
            str(number)
            for number, one in enumerate(task.actions, 1)
            if any(stems(undo) == same for undo in one.undo)
        ]
        of = f"{', '.join(numbers)}: " if numbers and len(task.undo) > 1 else ""
        yield f"{of}{_text(text)}"


def _confirmed(task: TicketTask) -> Iterator[str]:
    """What shows that it is done: commands that only read, or the pages."""
    above = {page for one in task.actions for page in one.pages}
    pages = [one for one in task.pages if not SHOWS.search(one)]
    if task.shown_by:
        yield from _shown(READS, map(_reading, task.shown_by))
        yield from _shown(THE_REST, (_at(one, task) for one in pages)) if pages else ()
        return
    if pages and above.issuperset(pages):
        yield f"- {SAME_PAGES if len(pages) > 1 else SAME_PAGE}"
    elif pages:
        yield from _shown(PAGES, map(_page, pages))


def _at(address: str, task: TicketTask) -> str:
    """A page, with the numbers of the actions that no command shows."""
    there = [
        str(number)
        for number, one in enumerate(task.actions, 1)
        if address in one.pages and not one.seen
    ]
    return f"{', '.join(there)}: {_page(address)}" if there else _page(address)


def _reading(text: str) -> str:
    """A command that only reads, with what it prints when all is done."""
    printed = expected(text)
    return WRITER.words((command(text),)) + (f": {_text(printed)}" if printed else "")


def _problem(problem: TicketProblem) -> Iterator[str]:
    """A problem with what was found, why it matters and advice; several cases are a list."""
    same: dict[str, list[str]] = {}
    for subject, text in problem.cases:
        same.setdefault(text, []).append(subject)
    found = [WRITER.words(_case(text, subjects)) for text, subjects in same.items()]
    alone = f": {found[0].rstrip('.')}." if len(found) == 1 else "."
    why = f" {_text(problem.why)}" if problem.why else ""
    yield f"- {_text(problem.title)} (**{problem.severity}**){alone}{why}"
    if len(found) > 1:
        yield from (f"  - {one}" for one in found)
    if problem.advice:
        yield f"  - {ADVICE}: {_text(problem.advice)}"


def _case(text: str, subjects: Iterable[str]) -> Words:
    """Of what something was found, and what."""
    names = tuple(filter(None, subjects))
    parts: Words = (Names(names, most=EVERY),) if names else ()
    parts += (ours(": "),) if names and text else ()
    return (*parts, sentence(text)) if text else parts


def _action(action: TicketAction, number: int, *, paged: bool) -> Iterator[str]:
    first, *lines = in_lines(action.text)
    yield f"{number}. [ ] {_text(first)}"
    for way in lines:
        place, _, text = way.partition(". ")
        yield f"   {place}. {_text(text)}"
    if action.names:
        yield f"   - For: {WRITER.words((Names(action.names, most=EVERY),))}"
    if action.who:
        yield f"   - {_text(action.who)}"
    if action.needs:
        yield f"   - {_needed(action.needs, OWN)}"
    for address in action.pages:
        yield f"   - Page: {_page(address)}"
    run = LAST if action.last else "Or run" if action.pages or paged else "Run"
    if len(action.commands) > 1:
        yield f"   - {run} these, one by one:"
        yield from (f"     - {WRITER.words((command(one),))}" for one in action.commands)
    else:
        yield from (f"   - {run}: {WRITER.words((command(one),))}" for one in action.commands)


def _shown(lead: str, shown: Iterable[str]) -> Iterator[str]:
    yield f"- {lead}"
    yield from (f"  - {one}" for one in shown)


def _bullets(title: str, texts: Iterable[str]) -> Iterator[str]:
    found = [*texts]
    if found:
        yield from ("", f"**{title}**", "")
        yield from (f"- {text}" for text in found)


def _listed(title: str, lead: str, texts: Iterable[str]) -> Iterator[str]:
    found = [*texts]
    if found:
        yield from ("", f"## {title}", "", lead, "")
        yield from (f"- {text}" for text in found)


def _text(text: str) -> str:
    return WRITER.words((sentence(text),))


def _page(address: str) -> str:
    return WRITER.words((page(address),))
