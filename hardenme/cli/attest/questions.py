"""Finds out what a check asks a person about, by running it with no answer at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TextIO

from hardenme.cli.attest.request import AttestOptions
from hardenme.cli.audit.clients import Connection, clients, hosts_of, token_chain
from hardenme.cli.audit.faults import faults_kept
from hardenme.cli.audit.tokens import Tokens, find
from hardenme.cli.options.subjects import OWN, Meant, suggestion
from hardenme.cli.options.trust import demand_file
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.progress import ProgressLine
from hardenme.cli.terminal.texts import shown
from hardenme.collectors.attested import Statements
from hardenme.config.table.access import (
    CA_FILE,
)
from hardenme.engine.attested import account_name, login_of
from hardenme.engine.audit import audit
from hardenme.engine.plan import on_npm
from hardenme.ground.errors import UsageError
from hardenme.ground.exit_code import Exit
from hardenme.ground.places import state_folder
from hardenme.model.check import Check
from hardenme.model.finding import Finding, question_in
from hardenme.model.statement import github_owner_of, key_of, lasting
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Manual, NotApplicable, Passed
from hardenme.store.attestations import read


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question for a person.

    Attributes:
        check: the check that asks.
        subject: the id of what it is about.
        page: the page that has the answer.
        account: for which account it is answered.
        owner: GitHub's number of the account or organization that it is about; empty if it was not
            looked up.
    """

    check: Check
    subject: str
    text: str
    page: str
    account: str
    owner: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """By what an answer to it is found again."""
        return key_of(self.check.code, self.subject)


@dataclass(slots=True)
class Questions:
    """Whom to ask for what a check asks about.

    Attributes:
        console: where progress is shown.
        options: what the user typed.
        check: the check that asks.
        tokens: what was found, as `check` finds it.
        connection: whom to ask. What is on record does not come with it: all questions show.
    """

    console: Console
    options: AttestOptions
    check: Check
    tokens: Tokens
    connection: Connection
    _statements: Statements = field(default_factory=Statements)

    @classmethod
    def of(
        cls,
        console: Console,
        options: AttestOptions,
        check: Check,
        meant: Sequence[Meant],
        stdin: TextIO | None,
    ) -> Questions:
        """Find the tokens.

        Raises:
            CredentialError: one that was found must not be used.
            UsageError: an option is not of its form.
        """
        hosts, config = (
            hosts_of(options.given),
            options.config(check, [one.target.text for one in meant]),
        )
        demand_file(options.given[CA_FILE])
        places = token_chain(options.given, stdin)
        tokens = find(places, config, hosts)
        if places.fault:
            console.say(places.fault)
        statements = Statements()
        connection = Connection(*hosts, ca_file=options.given[CA_FILE], statements=statements)
        return cls(console, options, check, tokens, connection, statements)

    @property
    def provider(self) -> str:
        """Who knows what the check is about."""
        return "npm" if on_npm(self.check.subject_fact) else "github"

    def about(self, meant: Sequence[Meant]) -> list[OpenQuestion]:
        """The questions about what is meant.

        Raises:
            UsageError: there is none about one of them.
        """
        general = self.tokens.npm if self.provider == "npm" else self.tokens.github
        if general is None and any(item.target == OWN for item in meant):
            example = "npm:PACKAGE" if self.provider == "npm" else "github:NAME"
            raise UsageError(
                f"there is no {self.provider} token to find out what is yours: set"
                f" {self._variable}, or name it: hardenme attest {self.check.code} {example}",
                Exit.NO_CREDENTIAL,
            )
        findings = self._run([item.target.text for item in meant])
        found: dict[Finding, Manual] = {}
        for item in meant:
            near = [one for one in findings if item.covers(one.subject, one.within)]
            asked = {one: question for one in near if (question := question_in(one.outcome))}
            kept = {one: outcome for one, outcome in asked.items() if lasting(one.subject)}
            if not kept:
                raise self._unasked(item, list(asked.values()), near)
            found.update(kept)
        return [
            OpenQuestion(
                self.check,
                str(one.subject),
                asked.question,
                asked.page,
                self._account(one),
                self._owner(one),
            )
            for one, asked in found.items()
        ]

    def _run(self, targets: list[str]) -> list[Finding]:
        line = ProgressLine(self.console, quiet=False)
        try:
            config = self.options.config(self.check, targets)
            with faults_kept(self.console):
                report = audit(config, clients(self.connection, self.tokens), line)
            return list(report.findings)
        finally:
            line.close()

    def _unasked(
        self, meant: Meant, asked: Sequence[Manual], near: Sequence[Finding]
    ) -> UsageError:
        """Why there is no question about what is meant."""
        code, name = self.check.code, shown(meant.text)
        if asked:
            return UsageError(
                f"{code} asks about the token in use, and an answer would pass on to the next token"
                f" of its kind: look at {asked[0].page}, and leave it unrecorded"
            )
        for outcome in (one.outcome for one in near):
            if isinstance(outcome, Unknown):
                seen = f" ({outcome.seen})" if outcome.seen else ""
                text = f"{code} cannot be asked about {name}; it takes {outcome.needed}{seen}"
                return UsageError(text + self._proposal(meant), Exit.UNKNOWN)
            if isinstance(outcome, Passed | Failed | NotApplicable):
                return UsageError(f"{code} has no question about {name}: {outcome.message}")
        return UsageError(f"{code} asks about nothing in {name}{self._proposal(meant)}")

    def _proposal(self, meant: Meant) -> str:
        """What may be meant instead: of what is one's own, and of what is on record."""
        known = [item.subject for item in read(state_folder()).statements]
        if self.tokens.npm or self.tokens.github:
            known += [str(one.subject) for one in self._run([OWN.text])]
        return suggestion((meant.ids or ("",))[0], known)

    def _owner(self, finding: Finding) -> str:
        """GitHub's number of the owner of what is asked about; empty if it has none there."""
        login = github_owner_of(str(finding.subject))
        return self._statements.number(login) if login else ""

    def _account(self, finding: Finding) -> str:
        """For which account it is answered.

        Raises:
            UsageError: no token shows it, and none is named, or it is another.
        """
        told, named = self._statements.account(finding.within), self.options.account
        if told and named and login_of(told).lower() != named.lower():
            text = f"the token belongs to {login_of(told)}, not to {named}"
            raise UsageError(text, Exit.NO_CREDENTIAL)
        if not told and not named:
            raise UsageError(
                f"no token shows which account this is for: set {self._variable}, or add"
                " --account LOGIN",
                Exit.NO_CREDENTIAL,
            )
        here = self.connection
        address = here.npm_registry if self.provider == "npm" else here.github_url
        return told or account_name(self.provider, named, address)

    @property
    def _variable(self) -> str:
        return f"HARDENME_{self.provider.upper()}_TOKEN"
