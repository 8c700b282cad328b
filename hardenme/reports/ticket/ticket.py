"""A ticket: what someone has to change, whole, for a reader who does not have hardenme."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.model.severity import Severity


@dataclass(frozen=True, slots=True)
class TicketProblem:
    """What a check found wrong.

    Attributes:
        title: the problem.
        severity: what it weighs where it is worst.
        why: why it matters.
        cases: where it was found, in words, and what was found there.
        advice: how to go about it, in sentences that the actions do not say.
    """

    title: str
    severity: Severity
    why: str
    cases: tuple[tuple[str, str], ...]
    advice: str = ""


@dataclass(frozen=True, slots=True)
class TicketAction:
    """One thing to do.

    Attributes:
        text: what, beginning with a verb.
        names: whom or what it is for; empty if the text says it.
        pages: where it is done.
        commands: what does the same.
        own: it is in the words of the person whose account it is about.
        needs: what it takes, where the actions of a change differ in that.
        last: the commands take away what the text replaces first.
        undo: how to undo it.
        seen: a command that only reads shows it.
        who: whom it can name, in a sentence; empty if it asks for no one.
    """

    text: str
    names: tuple[str, ...]
    pages: tuple[str, ...]
    commands: tuple[str, ...]
    own: bool = False
    needs: str = ""
    last: bool = False
    undo: tuple[str, ...] = ()
    seen: bool = False
    who: str = ""


@dataclass(frozen=True, slots=True)
class TicketTask:
    """One change.

    Attributes:
        title: the change, beginning with a verb.
        problems: what it closes, the worst first.
        needs: what it takes to be allowed to.
        before: what has to be done before, in sentences.
        risks: what can go wrong, in sentences.
        instead: who does it once for all of an organization, and how, with the page; None if no one
            can.
        actions: what to do, in order.
        undo: how to undo it.
        holds: what is true afterwards; of several things, the lines after the first.
        pages: the pages that show what no command does.
        shown_by: commands that show it, and only read.
        steps: the ids of the run's steps that close the same.
    """

    title: str
    problems: tuple[TicketProblem, ...]
    needs: str
    before: tuple[str, ...]
    risks: tuple[str, ...]
    instead: tuple[str, str] | None
    actions: tuple[TicketAction, ...]
    undo: tuple[str, ...]
    holds: tuple[str, ...]
    pages: tuple[str, ...]
    shown_by: tuple[str, ...]
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketNote:
    """A remark about several changes.

    Attributes:
        changes: their numbers, in words.
        text: what holds, in sentences.
        page: where that is done; empty for none.
    """

    changes: str
    text: str
    page: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What one reader has to change.

    Attributes:
        id: six characters, made from what it is about: the same in every run.
        title: what it is about.
        lead: the addressee and the basis of the ticket, in sentences.
        tasks: the changes, in order.
        owner: the changes in the same place that only an owner of the organization makes.
        unknown: what is not known, in sentences.
        questions: what a person has to look at, each with its page.
        sender: the changes that anyone who sent the ticket makes.
        place: the one place that all of it is about, as its names begin; empty for several.
        needs: what it takes to make the changes that name nothing else.
        notes: remarks about several changes.
        wider: what an owner does in place of changes, once for all of an organization.
        run: when the run began that it comes from, as commands print it; empty if not known.
        ask: whom its reader asks and answers, by account; empty if the run shows no one.
        account: the one account that all of it is about; empty for several, or none.
    """

    id: str
    title: str
    lead: tuple[str, ...]
    tasks: tuple[TicketTask, ...]
    owner: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    questions: tuple[tuple[str, str], ...] = ()
    sender: tuple[str, ...] = ()
    place: str = ""
    needs: str = ""
    notes: tuple[TicketNote, ...] = ()
    wider: tuple[TicketNote, ...] = ()
    run: str = ""
    ask: str = ""
    account: str = ""
