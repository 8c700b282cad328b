"""One run: from targets and credentials to a report."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hardenme import __version__
from hardenme.collectors.book import Book
from hardenme.collectors.every import COLLECTORS
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.protocol import Collector
from hardenme.engine.catalogue import catalogue
from hardenme.engine.collect import Collection, Filter, Progress, stopped_by
from hardenme.engine.evaluate import evaluate
from hardenme.engine.identity import Who, github_owner_kind, github_who, npm_who
from hardenme.engine.index import Index
from hardenme.engine.plan import Plan, plan
from hardenme.engine.target import Target
from hardenme.facts.github.account import Membership
from hardenme.facts.npm.package import Package
from hardenme.model.check import Check
from hardenme.model.finding import Errored, Finding
from hardenme.model.given import Given, NeededScopes, Now, Targets
from hardenme.model.profile import PROFILES
from hardenme.model.report import CheckText, Coverage, Identity, Report, Traffic
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Manual, NotApplicable, Passed

THIS_MACHINE = Subject("local", "workstation", "this")
NPM_TARGETS = frozenset({"npm-scope", "npm-package"})
HOPELESS = frozenset({Reason.REJECTED, Reason.UNREACHABLE, Reason.RATE_LIMITED})
"""With these, no other question is worth asking. An installation's token, though, may read a
repository and not the account, for it has none."""
UNNAMED = "me"
"""Stands for the account's name where no credential tells it."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the user asks of a run.

    Attributes:
        targets: what to look at.
        plan: what to check.
        profile: by name; empty to choose from what is seen.
        fail_on: the severity from which a failure counts.
        allowed_unknown: what may stay unknown.
        chosen: which repositories of a listing are looked at.
        workers: how many requests run at once.
        expected_login: the account that the GitHub token must be of; empty for any.
        local: whether `me` takes in this machine.
        warnings: sentences that a reader of the report has to know.
    """

    targets: tuple[Target, ...]
    plan: Plan
    profile: str = ""
    fail_on: Severity = Severity.HIGH
    allowed_unknown: tuple[str, ...] = ()
    chosen: Filter = field(default_factory=Filter)
    workers: int = 4
    expected_login: str = ""
    local: bool = True
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class Clients:
    """Who is asked, and by which credential.

    Attributes:
        github: None without a token.
        npm: always there: what is public needs no token.
        others: the clients for `mail` and `local`.
        refused: why a provider cannot be asked.
        sources: where each provider's credential was found.
    """

    github: GitHub | None
    npm: Npm
    others: Mapping[str, Any] = field(default_factory=dict)
    refused: dict[str, Unknown] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)


class WrongAccountError(Exception):
    """The token belongs to another account than the user expects."""


def audit(order: Order, clients: Clients, progress: Progress) -> Report:
    """Ask, judge, and report.

    Raises:
        WrongAccountError: before anything is asked, where the token is of another account.
    """
    begun, started = time.monotonic(), datetime.now(UTC)
    run = _Run(order, clients)
    collection = Collection(
        collectors=run.collectors(),
        needed=order.plan.facts,
        clients={"github": clients.github, "npm": clients.npm, **clients.others},
        refused=clients.refused,
        chosen=order.chosen,
        workers=order.workers,
        progress=progress,
    )
    try:
        run.identify()
    except KeyboardInterrupt as stop:
        collection.partial = stopped_by(stop)
    else:
        collection.run(run.roots)
    return run.report(collection, collection.book, started, time.monotonic() - begun)


class _Run:
    """The steps of a run that share what they found."""

    def __init__(self, order: Order, clients: Clients) -> None:
        self.order = order
        self.clients = clients
        self.github: Who = Who()
        self.npm: Who = Who()
        self.roots: tuple[Subject, ...] = ()
        """The subjects that the targets name; empty until they are found out."""

    def identify(self) -> None:
        """Find out for whom the providers answer, as far as the targets need it."""
        kinds = {target.kind for target in self.order.targets}
        providers = self.order.plan.providers()
        if "github" in providers and kinds & {"me", "github-owner", "github-repo"}:
            self.github = github_who(self.clients.github)
            self._demand_expected()
        held = self.clients.npm.secret is not None
        if "npm" in providers and ("me" in kinds or (held and kinds & NPM_TARGETS)):
            self.npm = npm_who(self.clients.npm)
        if self.github.refused is not None and (
            self.clients.github is None or "me" in kinds or self.github.refused.reason in HOPELESS
        ):
            self.clients.refused["github"] = self.github.refused
        if self.npm.refused is not None:
            # What is public on npm is still read.
            self.clients.npm.drop_token(self.npm.refused)
        found = (root for target in self.order.targets for root in self._roots(target))
        self.roots = tuple(dict.fromkeys(found))

    def _demand_expected(self) -> None:
        expected, who = self.order.expected_login, self.github
        if not expected or who.login.lower() == expected.lower():
            return
        if who.refused is not None:
            raise WrongAccountError(
                f"whether the GitHub token is of {expected} is not known: it takes"
                f" {who.refused.needed}"
            )
        raise WrongAccountError(
            f"the GitHub token is of {who.login or 'nobody'}, not of {expected}"
        )

    def collectors(self) -> tuple[Collector, ...]:
        """Those that give a fact of the plan, of the providers that there is a client for."""
        needed = self.order.plan.facts
        return tuple(item for item in COLLECTORS if needed.intersection(item.gives))

    def _roots(self, target: Target) -> tuple[Subject, ...]:
        if target.kind == "me":
            github = (
                Subject("github", "user", self.github.login or UNNAMED),
                Subject("github", "token", self.github.kind or "none"),
            )
            npm = (Subject("npm", "user", self.npm.login or UNNAMED),)
            return (*github, *npm, *((THIS_MACHINE,) if self.order.local else ()))
        if target.kind == "local":
            return (THIS_MACHINE,)
        if target.kind == "github-repo":
            return (Subject("github", "repo", target.name),)
        if target.kind == "npm-package":
            return (Subject("npm", "package", target.name),)
        if target.kind == "npm-scope":
            return (Subject("npm", "org", target.name),)
        if target.name.lower() == self.github.login.lower():
            return (Subject("github", "user", self.github.login),)
        kind = github_owner_kind(self.clients.github, target.name)
        return (Subject("github", kind, target.name),)

    def report(
        self, collection: Collection, book: Book, started: datetime, seconds: float
    ) -> Report:
        """Judge what was learnt."""
        name = self.order.profile or self._profile(book)
        profile = PROFILES[name]
        checks = tuple(
            check
            for check in self.order.plan.checks
            if not check.profiles or name in check.profiles
        )
        now = Now(
            max((atom.observed_at for a in book.all() for atom in a.evidence), default=started)
        )
        givens: tuple[Given, ...] = (
            now,
            profile.limits,
            NeededScopes(plan(catalogue()).least_scopes()),
            self._targets(),
        )
        findings = evaluate(checks, Index(book, givens), now)
        return Report(
            version=__version__,
            started=started,
            targets=tuple(target.text for target in self.order.targets),
            profile=name,
            profile_chosen=not self.order.profile,
            identities=self._identities(),
            findings=findings,
            checks={check.code: _text(check) for check in checks},
            coverage=self._coverage(checks, findings, collection),
            traffic=self._traffic(seconds),
            fail_on=self.order.fail_on,
            allowed_unknown=self.order.allowed_unknown,
            partial=collection.partial,
            warnings=self.order.warnings,
        )

    def _profile(self, book: Book) -> str:
        """The profile that fits what was seen: an organization, several people, or one."""
        if any(root.kind == "org" for root in self.roots):
            return "org"
        owns = any(
            fact.role == "admin"
            for answer in book.answers(Membership)
            for fact in answer.facts
            if not fact.unknown_fields()
        )
        shared = any(
            len(fact.maintainers) > 1
            for answer in book.answers(Package)
            for fact in answer.facts
            if not fact.unknown_fields()
        )
        return "team" if owns or shared else "solo"

    def _targets(self) -> Targets:
        owners, repositories = set[str](), set[str]()
        for target in self.order.targets:
            if target.kind == "me":
                owners.add(self.github.login.lower())
            elif target.kind == "github-owner":
                owners.add(target.name.lower())
            elif target.kind == "github-repo":
                repositories.add(target.name.lower())
        return Targets(frozenset(owners), frozenset(repositories))

    def _identities(self) -> tuple[Identity, ...]:
        found = []
        for provider, who, client in (
            ("github", self.github, self.clients.github),
            ("npm", self.npm, self.clients.npm),
        ):
            if client is not None and (who.login or client.session.meter.sent):
                source = self.clients.sources.get(provider, "")
                host = str(client.session.origin)
                found.append(Identity(provider, host, who.login, who.kind, source))
        return tuple(found)

    def _traffic(self, seconds: float) -> Traffic:
        clients = (self.clients.github, self.clients.npm)
        used = [client.session for client in clients if client is not None]
        sent = {str(session.origin): session.meter.sent for session in used if session.meter.sent}
        return Traffic(sent, sum(session.meter.spared for session in used), seconds)

    def _coverage(
        self, checks: tuple[Check, ...], findings: tuple[Finding, ...], collection: Collection
    ) -> Coverage:
        asked = [item for item in findings if not isinstance(item.outcome, Manual)]
        known = [
            item for item in asked if isinstance(item.outcome, Passed | Failed | NotApplicable)
        ]
        left_out = dict(self.order.plan.left_out)
        dropped = len(self.order.plan.checks) - len(checks)
        if dropped:
            left_out["belongs to another profile"] = dropped
        notes = []
        if collection.left_out:
            notes.append(f"{collection.left_out} repositories were left out as archived or by name")
        errored = sum(isinstance(item.outcome, Errored) for item in findings)
        if errored:
            notes.append(f"{errored} checks broke: this is a fault of hardenme, please report it")
        return Coverage(len(known), len(asked), len(checks), left_out, tuple(notes))


def _text(check: Check) -> CheckText:
    texts = check.texts
    return CheckText(
        check.code,
        check.slug,
        check.severity,
        texts["summary"],
        texts["why"],
        texts["fix"],
        texts["limits"],
    )
