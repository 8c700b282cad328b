"""`hardenme attest` alone: the open questions of the last kept run, one by one. It asks no host."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

from hardenme.cli.attest.answers import AnswerPrompt
from hardenme.cli.attest.noted import noted
from hardenme.cli.attest.questions import OpenQuestion
from hardenme.cli.attest.request import ACCOUNT, AttestOptions
from hardenme.cli.stored.runs import latest
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.texts import shown
from hardenme.collectors.attested import Statements
from hardenme.config.table.access import STDIN, TOKEN_FILE, USE_GH
from hardenme.engine.attested import account_name, login_of
from hardenme.engine.catalogue import find
from hardenme.facts.attested import PublishingAccess
from hardenme.facts.npm.site import REGISTRY
from hardenme.ground import clock
from hardenme.ground.errors import UsageError
from hardenme.ground.exit_code import Exit
from hardenme.model.finding import Finding, question_in
from hardenme.model.pages import npm_page
from hardenme.model.practice import PROVIDER as PRACTICE
from hardenme.model.report import Report
from hardenme.model.statement import Statement, attest_command, key_of, lasting
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Manual
from hardenme.reports.closing import listed
from hardenme.reports.plain import counted

NOTHING = "The last run left no question open."
UNRECORDED = "The last run left no question whose answer can be recorded. It also asks: {}."
CLOSED = "the last run left no such question open"
AFTER = "`hardenme check` counts your answers."


def walk(console: Console, options: AttestOptions, stdin: TextIO | None) -> int:
    """Put each open question of the last kept run, and write down each answer as it is given.

    Where there is no terminal the questions are printed with their commands; nothing is recorded.
    """
    _demand(options)
    kept = latest()
    report = kept.report
    person = console.can_ask(stdin)
    answers = noted(options.answers) if options.answers else {}
    stating = AnswerPrompt.of(console, options, stdin, explains=True, noted=answers)
    asked = _Asked(report, options, stating.said)
    questions = list(asked.open())
    console.say(kept.headline)
    if options.answers:
        questions = [one for one in questions if one.key in answers]
        if closed := len(answers) - len(questions):
            console.say(f"{counted(closed, 'noted answer')} left out: {CLOSED}")
        if not questions:
            return Exit.NOTHING_MATCHED
    if not questions and not asked.unclear:
        left = UNRECORDED.format(listed(sorted(asked.unrecorded)))
        console.say(left if asked.unrecorded else NOTHING)
        return Exit.CLEAN
    if not person:
        console.tell("".join(map(_listed, [*questions, *asked.unclear])))
        return Exit.CLEAN
    code = stating.all_of(questions) if questions else Exit.NOTHING_MATCHED
    if asked.unclear:
        account = shown(options.account)
        why = (
            f"did not ask as {account}"
            if account
            else "does not show for whom: add --account LOGIN"
        )
        console.say(f"these were left out, since the last run {why}")
        console.put(*(f"  {_command(question)}" for question in asked.unclear))
    if code == Exit.CLEAN:
        console.say(AFTER)
    return code


def _demand(options: AttestOptions) -> None:
    """See to it that the options fit.

    Raises:
        UsageError: one does not.
    """
    if options.given[STDIN] or options.given[TOKEN_FILE] or options.given[USE_GH]:
        raise UsageError("no token is needed for the questions of the last run: name a check")
    if options.account and not ACCOUNT.fullmatch(options.account):
        raise UsageError(f"--account takes a login; not {options.account!r}")
    options.end(clock.now())


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a report asks a person.

    Attributes:
        report: the run.
        options: what the user typed.
        said: the newest answer to each question.
        unclear: questions of which it is not known for which account they are answered.
        unrecorded: the checks whose question is not put, since no answer to it can be recorded.
    """

    report: Report
    options: AttestOptions
    said: dict[tuple[str, str], Statement]
    unclear: list[OpenQuestion] = field(default_factory=list)
    unrecorded: set[str] = field(default_factory=set)

    def open(self) -> Iterator[OpenQuestion]:
        """The questions that have no answer that counts, the most severe first."""
        order = sorted(self.report.findings, key=lambda one: (-one.severity, one.code))
        for finding in order:
            question = self._question(finding)
            if question is None or self._answered(question, finding):
                continue
            if question.account:
                yield question
            else:
                self.unclear.append(question)

    def _question(self, finding: Finding) -> OpenQuestion | None:
        asked = question_in(finding.outcome) or self._again(finding)
        if asked is None:
            return None
        if not lasting(finding.subject):
            self.unrecorded.add(finding.code)
            return None
        try:
            check = find(finding.code)
        except UsageError:
            # A run of another version may have asked what is asked no more.
            self.unrecorded.add(finding.code)
            return None
        account = self._account(finding.within.provider)
        return OpenQuestion(check, str(finding.subject), asked.question, asked.page, account)

    def _again(self, finding: Finding) -> Manual | None:
        """What NPP106 asks anew: it goes by an answer as by a fact, and only says that none counts.

        Its unknown has no question, since other checks go by the same fact.
        """
        kind, outcome = PublishingAccess, finding.outcome
        before = self.said.get(key_of(finding.code, finding.subject))
        if finding.code != kind.asked_by or not isinstance(outcome, Unknown) or before is None:
            return None
        hosts = [one.host for one in self.report.identities if one.provider == "npm"]
        page = npm_page((*hosts, REGISTRY)[0], "package-access", package=finding.subject.name)
        return Manual(kind.question, page)

    def _account(self, provider: str) -> str:
        """For which account the run asked; empty if that is not known, or not the one named."""
        provider = "github" if provider == PRACTICE else provider
        asked = [one for one in self.report.identities if one.provider == provider]
        named = self.options.account
        known = {account_name(provider, one.login, one.host) for one in asked if one.login}
        if not known and named:
            known = {account_name(provider, named, one.host) for one in asked}
        fitting = {one for one in known if not named or login_of(one).lower() == named.lower()}
        return fitting.pop() if len(fitting) == 1 else ""

    def _answered(self, question: OpenQuestion, finding: Finding) -> bool:
        said = Statements(self.said, account=lambda _: question.account)
        counts = said.about(
            finding.code, finding.subject, question.text, finding.within, clock.now()
        )
        return isinstance(counts, Statement)


def _listed(question: OpenQuestion) -> str:
    """A question as lines, with the command for each answer."""
    return (
        f"{question.check.code} {shown(question.subject)}\n"
        f"  {shown(question.text, longest=1000)}\n"
        f"  {shown(question.page, longest=1000)}\n"
        f"  {_command(question)} --yes\n"
        f"  {_command(question)} --no\n"
    )


def _command(question: OpenQuestion) -> str:
    return attest_command(question.check.code, question.subject)
