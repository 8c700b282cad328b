"""Answers to questions about a person that no API answers: recorded, withdrawn, shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.texts import LONGEST_BY, clean, shown
from hardenme.derive.handover import topics
from hardenme.engine.attested import account_name, login_of
from hardenme.ground import clock
from hardenme.ground.errors import UsageError
from hardenme.ground.places import state_folder
from hardenme.model.fact import Attestation
from hardenme.model.handover import Handover, Mode, Task
from hardenme.model.practice import PROVIDER
from hardenme.model.report import Report
from hardenme.model.statement import Statement, Word
from hardenme.model.subject import Subject
from hardenme.model.text import visible
from hardenme.model.unknown import Unknown
from hardenme.store.attestations import add, load

CODE = "PERSON"
"""The code of these answers on record, next to those to checks."""
COUNTS = {
    Mode.LEAVES: timedelta(days=90),
    Mode.HANDS_OVER: timedelta(days=90),
    # An answer about one theft must not count for the next.
    Mode.STOLEN: timedelta(days=7),
}
"""How long an answer counts."""


@dataclass(frozen=True, slots=True)
class PersonAnswers:
    """What the user says of the questions.

    Attributes:
        yes: those answered with yes, each by its word.
        undone: those whose answer is withdrawn.
        by: who says so; empty for the account that asks.
    """

    yes: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    by: str = ""

    @property
    def given(self) -> bool:
        """Whether there are any answers."""
        return bool(self.yes or self.undone or self.by)

    def demand(self, mode: Mode) -> None:
        """See to it that each is a question of this mode.

        Raises:
            UsageError: one is not, or they go against each other.
        """
        for option, words in (("--answered", self.yes), ("--not-answered", self.undone)):
            wrong = next((word for word in words if word not in topics(mode)), None)
            if wrong is not None:
                raise UsageError(f"{option} takes one of: {', '.join(topics(mode))}; not {wrong!r}")
        if set(self.yes) & set(self.undone):
            raise UsageError("--answered and --not-answered name the same question")
        if self.by and not self.yes:
            raise UsageError("--by goes with --answered")


def record(console: Console, found: Handover, report: Report, said: PersonAnswers) -> None:
    """Write the answers down, each as soon as it is known for which account.

    Raises:
        UsageError: no token shows which account this is, or there is no answer to withdraw.
        UsageError: `--by` is not of its form.
        StoredError: the record cannot be written, or is incomplete.
    """
    if not said.yes and not said.undone:
        return
    account, now = _account(report), clock.now().replace(microsecond=0)
    if not account:
        raise UsageError("no GitHub token shows which account this is: nothing was recorded")
    by = clean("--by", said.by, LONGEST_BY) or login_of(account)
    tasks = {task.topic: task for task in found.tasks if task.topic}
    statements = load(state_folder()).latest
    gone = [_made(found, report, tasks[word], by, account, now, now) for word in said.undone]
    for item in gone:
        before = statements.get(item.key)
        if before is None or before.answer is Word.WITHDRAWN:
            raise UsageError(f"nothing is on record of: {item.question}")
    until = now + COUNTS[found.mode]
    for word in said.yes:
        item = _made(found, report, tasks[word], by, account, now, until)
        add(state_folder(), item)
        told = f"{shown(item.question)} yes, by {shown(by)}, until {until:%Y-%m-%d}"
        console.say(f"recorded: {told}")
    for item in gone:
        add(state_folder(), replace(item, answer=Word.WITHDRAWN))
        console.say(f"withdrawn: {shown(item.question)}")


def with_answers(found: Handover, report: Report) -> Handover:
    """The list with the answers that count, and why others do not."""
    statements = load(state_folder())
    statements.account = lambda _within: _account(report)
    within = Subject("github", "user", found.login)

    def answered(task: Task) -> Task:
        if not task.topic:
            return task
        about = _subject(found, report, task)
        said = statements.about(CODE, about, task.question, within, clock.now())
        if isinstance(said, Unknown):
            return replace(task, stale=said.seen)
        if said is None or said.answer is not Word.YES:
            return task
        return replace(task, attested=Attestation(visible(said.by), said.at, said.until))

    return replace(found, tasks=tuple(map(answered, found.tasks)))


def _account(report: Report) -> str:
    named = (
        account_name("github", one.login, one.host)
        for one in report.identities
        if one.provider == "github" and one.login
    )
    return next(named, "")


def _subject(found: Handover, report: Report, task: Task) -> Subject:
    # What someone did for one organization says nothing of another.
    targets = "+".join(sorted(report.targets))
    return Subject(PROVIDER, "person", f"{found.login}/{task.topic}/{targets}")


def _made(  # noqa: PLR0913, PLR0917 (each is a field)
    found: Handover,
    report: Report,
    task: Task,
    by: str,
    account: str,
    at: datetime,
    until: datetime,
) -> Statement:
    about = str(_subject(found, report, task))
    return Statement(CODE, about, task.question, Word.YES, by, account, at, until)
