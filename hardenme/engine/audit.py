"""One run: from targets and credentials to a report."""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime

from hardenme import __version__
from hardenme.collectors.attested import Statements
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.protocol import Collector
from hardenme.collectors.registry import giving
from hardenme.collectors.transport.session import Session
from hardenme.engine.adjusting import Adjusting
from hardenme.engine.attested import account_names, accounts
from hardenme.engine.clients import Clients
from hardenme.engine.clocks import apart, timeless
from hardenme.engine.collect import Collection, stopped_by
from hardenme.engine.identity import (
    ABSENT,
    GitHubOwner,
    UnknownLogins,
    Who,
    github_owner,
    github_who,
    npm_who,
    other_than_meant,
)
from hardenme.engine.joins import Joins
from hardenme.engine.judge import Judge
from hardenme.engine.owner_age import disown
from hardenme.engine.progress import Progress
from hardenme.engine.recorder import Ending, Recorder, RecordingJudge, RunContext
from hardenme.engine.related_targets import related_targets
from hardenme.engine.results import MemoryResultStore, ResultStore
from hardenme.engine.run_config import RunConfig
from hardenme.engine.summary import report_of
from hardenme.engine.target import Target
from hardenme.engine.waive import Waiving
from hardenme.ground import clock
from hardenme.ground.errors import CredentialError
from hardenme.model.depth import Depth
from hardenme.model.fact import fact_name
from hardenme.model.given import Targets
from hardenme.model.profile import PROFILES
from hardenme.model.report import Identity, Report, Traffic
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

THIS_MACHINE = Subject("local", "workstation", "this")
NPM_TARGETS = frozenset({"npm-scope", "npm-package"})
HOPELESS = frozenset({Reason.REJECTED, Reason.UNREACHABLE, Reason.RATE_LIMITED})
"""With these, no other question is worth asking. An installation's token, though, may read a
repository and not the account, for it has none."""
UNNAMED = "me"
"""The account's name if no credential shows it."""


def audit(
    config: RunConfig,
    clients: Clients,
    progress: Progress,
    recorder: Recorder | None = None,
    result_store: ResultStore | None = None,
) -> Report:
    """Ask, judge, and report.

    Args:
        progress: receives each step.
        recorder: takes what was learnt, so that it can be judged again; None for no one.
        result_store: keeps the findings about repositories; None for in memory.

    Raises:
        CredentialError: before anything is asked, where the token is of another account.
    """
    begun, started = time.monotonic(), clock.now()
    run = _Run(config, clients)
    store = _fact_store(config)
    lanes = clients.lanes()
    statements: Statements = lanes["attested"]
    waiving, adjusting = Waiving(config.waivers), Adjusting(config.adjustments)
    judge = Judge(
        config.selection,
        config.profile,
        store,
        roots=lambda: run.roots,
        beside=lambda: run.aside,
        targets=run.targets,
        timeless=run.timeless,
        result_store=result_store or MemoryResultStore(),
        release_days=config.release_days,
        statements=statements,
        waiving=waiving,
        adjusting=adjusting,
        started=started,
        progress=progress,
    )
    recording = RecordingJudge(recorder, judge, store, lambda: run.context(started, statements))
    collection = Collection(
        collectors=run.collectors(),
        clients=lanes,
        refused=clients.refused,
        store=store,
        chosen=config.chosen,
        workers=config.workers,
        progress=progress,
        lane_of=clients.lane,
        begin=recording.begin,
        settle=recording.settle,
        join=recording.join,
        leave=recording.leave,
        barred=run.strangers.bar,
        known_already=judge.known_already,
        turn=config.turn,
    )
    try:
        run.identify()
    except KeyboardInterrupt as stop:
        collection.partial = stopped_by(stop)
        recording.begin()
    else:
        _connect(run, statements, collection)
        collection.run((*run.roots, *run.aside))
    judge.finish()
    run.rest()
    ending = Ending(
        partial=collection.partial or config.unlisted,
        halted=collection.halted,
        left_out=collection.left_out,
        traffic=run.traffic(time.monotonic() - begun),
        identities=run.identities(),
        warnings=(*config.warnings, *statements.warnings, *run.apart()),
    )
    recording.end(ending)
    return report_of(config, judge, store, started, ending, run.roots)


def _fact_store(config: RunConfig) -> FactStore:
    """An empty store for what a run asks."""
    days = config.release_days or max(one.limits.release_days for one in PROFILES.values())
    depth = config.selection.depth if config.turn is None else Depth.FAST
    return FactStore(config.selection.facts, depth, release_days=days, window=config.window)


def _connect(run: _Run, statements: Statements, collection: Collection) -> None:
    """Give the answers of people and the collection what is known about the accounts."""
    config, clients = run.config, run.clients
    statements.account = accounts(clients, run.known())
    run.aside = run.beside()
    statements.number = lambda login: run.owner(login).number
    disown(statements, (*run.roots, *run.aside), run.owner)
    collection.joins = Joins.of(config.selection, clients.github, run.aside)
    collection.answered = run.answered()


class _Run:
    """The steps of a run that share what they found."""

    def __init__(self, config: RunConfig, clients: Clients) -> None:
        self.config = config
        self.clients = clients
        self.github: Who = Who()
        self.owners: dict[str, Who] = {}
        self.npm: Who = Who()
        self.strangers = UnknownLogins()
        self.roots: tuple[Subject, ...] = ()
        """The subjects that the targets name; empty until they are found out."""
        self.aside: tuple[Subject, ...] = ()
        """What is asked about for the sake of targets; empty until it is found out."""
        self._known: dict[str, GitHubOwner] = {}
        self._limit()

    def identify(self) -> None:
        """Find out for whom the providers answer, as far as the targets need it."""
        kinds = {target.kind for target in self.config.targets}
        providers = self.config.selection.providers()
        joined = NPM_TARGETS if self.config.selection.joined() else frozenset()
        if "github" in providers and kinds & {"me", "github-owner", "github-repo", *joined}:
            self._identify_on_github()
        held = self.clients.npm.secret is not None and self.config.accounts
        if "npm" in providers and ("me" in kinds or (held and kinds & NPM_TARGETS)):
            self.npm = npm_who(self.clients.npm)
        if self.github.refused is not None and (
            self.clients.github is None or "me" in kinds or self.github.refused.reason in HOPELESS
        ):
            self.clients.refused["github"] = self.github.refused
        if self.npm.refused is not None:
            # What is public on npm is still read.
            self.clients.npm.drop_token(self.npm.refused)
        found = (root for target in self.config.targets for root in self._roots(target))
        self.roots = tuple(dict.fromkeys(found))
        self._note_strangers()

    def _identify_on_github(self) -> None:
        if self.config.accounts or self.clients.github is None:
            self.github = github_who(self.clients.github)
        if self.config.accounts:
            self._identify_owners()
            self._demand_expected()

    def _identify_owners(self) -> None:
        for owner, client in self.clients.github_by_owner.items():
            who = self.owners[owner] = github_who(client)
            # An installation's token has no account, and reads all the same.
            if who.refused is not None and who.refused.reason in HOPELESS:
                self.clients.refused[f"github/{owner}"] = who.refused

    def _demand_expected(self) -> None:
        used = [] if self.clients.github is None and self.owners else [self.github]
        for who in (*used, *self.owners.values()):
            self._demand(who)

    def _demand(self, who: Who) -> None:
        expected = self.config.expected_login
        if not expected or who.login.lower() == expected.lower():
            return
        if who.refused is not None:
            raise CredentialError(
                f"it is not known whether the GitHub token belongs to {expected}: it takes"
                f" {who.refused.needed}"
            )
        raise CredentialError(
            f"the GitHub token belongs to {who.login or 'nobody'}, not to {expected}"
        )

    def collectors(self) -> tuple[Collector, ...]:
        """Those that give a fact that the checks could use, deeper ones included."""
        return giving(self.config.selection.facts | self.config.selection.deeper)

    def _roots(self, target: Target) -> tuple[Subject, ...]:
        if target.kind == "me":
            github = (
                Subject("github", "user", self.github.login or UNNAMED),
                Subject("github", "token", self.github.kind or "none"),
            )
            npm = (Subject("npm", "user", self.npm.login or UNNAMED),)
            if not self.config.accounts:
                return npm
            return (*github, *npm, *((THIS_MACHINE,) if self.config.local else ()))
        if target.kind == "local":
            return (THIS_MACHINE,)
        if target.subject is not None:
            return (target.subject,)
        if target.number:
            return (self._numbered(target),)
        if target.name.lower() == self.github.login.lower():
            return (Subject("github", "user", self.github.login),)
        kind = self._kind_of(target.name)
        if kind == ABSENT:
            return ()
        # What cannot be distinguished is asked about as both: left out, it would look clean.
        kinds = (kind,) if kind else ("org", "user")
        roots = tuple(Subject("github", kind, target.name) for kind in kinds)
        self.strangers.undecided.update(roots[1:])
        return roots

    def _numbered(self, target: Target) -> Subject:
        """An organization that is meant by its ID; nothing is asked about another one."""
        self._kind_of(target.name)
        name = target.name.lower()
        why = other_than_meant(self._known[name], target.name, target.number)
        if why is not None:
            self.strangers.renamed[name] = why
        return Subject("github", "org", target.name)

    def _kind_of(self, owner: str) -> str:
        """Whether a login is a `user` or an `org`; empty if that cannot be found out."""
        name = owner.lower()
        if name not in self._known:
            refused = self.clients.lane("github", Subject("github", "org", owner))
            asked = None if refused in self.clients.refused else self.clients.of_owner(owner)
            self._known[name] = github_owner(asked, owner)
        return self._known[name].kind

    def owner(self, login: str) -> GitHubOwner:
        """The visible data about an account or organization."""
        own = self.github
        if own.login and own.login.lower() == login.lower() and own.created is not None:
            return GitHubOwner("user", own.created, own.number)
        self._kind_of(login)
        return self._known[login.lower()]

    def beside(self) -> tuple[Subject, ...]:
        """What is asked about for the sake of targets, and is none itself."""
        logins = self.github.login, self.npm.login
        return related_targets(self.roots, self.config.selection, *logins, self._kind_of)

    def answered(self) -> set[str]:
        """The lanes that have shown whose the credential is."""
        return {lane for lane, who in self.known().items() if who.login}

    def known(self) -> dict[str, Who]:
        """What is known about each credential's account, by lane."""
        own = {f"github/{owner}": who for owner, who in self.owners.items()}
        return {"github": self.github, "npm": self.npm, **own}

    def _note_strangers(self) -> None:
        """Find the accounts that are looked at by the token of another."""
        own = Subject("github", "user", self.github.login or UNNAMED)
        for root in self.roots:
            who = self.owners.get(root.name.lower(), self.github)
            named = (root.provider, root.kind) == ("github", "user") and root != own
            if named and who.login.lower() != root.name.lower():
                self.strangers.accounts[root] = who

    def context(self, started: datetime, statements: Statements) -> RunContext:
        """The inputs of the judgement other than the answers."""
        plan = self.config.selection
        return RunContext(
            version=__version__,
            started=started,
            targets=tuple(target.text for target in self.config.targets),
            profile=self.config.profile,
            depth=int(plan.depth),
            opted_in=tuple(sorted({kind.opt_in for kind in plan.facts if kind.opt_in})),
            facts=frozenset(fact_name(kind) for kind in plan.facts),
            release_days=self.config.release_days,
            roots=self.roots,
            beside=self.aside,
            owners=self.targets().owners,
            repositories=self.targets().repositories,
            lanes=tuple(self.clients.github_by_owner),
            accounts=account_names(self.clients, self.known()),
            statements=tuple(statements.latest.values()),
            refused=statements.refused,
            timeless=self.timeless(),
        )

    def targets(self) -> Targets:
        """What the user asked to look at."""
        owners, repositories = set[str](), set[str]()
        for target in self.config.targets:
            if target.kind == "me":
                owners.add(self.github.login.lower())
            elif target.kind == "github-owner":
                owners.add(target.name.lower())
            elif target.kind == "github-repo":
                repositories.add(target.name.lower())
        return Targets(frozenset(owners), frozenset(repositories))

    def identities(self) -> tuple[Identity, ...]:
        """For whom the providers answered."""
        asked: list[tuple[str, str, Who, GitHub | Npm | None]] = [
            ("github", "github", self.github, self.clients.github),
            ("npm", "npm", self.npm, self.clients.npm),
        ]
        for owner, client in self.clients.github_by_owner.items():
            asked.append(("github", f"github/{owner}", self.owners.get(owner, Who()), client))
        return tuple(
            Identity(
                provider,
                str(client.session.origin),
                who.login,
                who.kind,
                self.clients.sources.get(lane, ""),
            )
            for provider, lane, who, client in asked
            if client is not None and (who.login or client.session.meter.sent)
        )

    def rest(self) -> None:
        """Keep for the next run what was sent, since nothing more is."""
        for session in self._sessions():
            session.rest()

    def traffic(self, seconds: float) -> Traffic:
        """What the run cost."""
        used = self._sessions()
        sent: Counter[str] = Counter()
        for session in used:
            sent[str(session.origin)] += session.meter.sent
        spared = sum(session.meter.spared for session in used)
        return Traffic({host: count for host, count in sent.items() if count}, spared, seconds)

    def _limit(self) -> None:
        """Count the requests of a watch's cycle, those of before it included."""
        if self.config.turn is not None:
            limit = self.config.turn.limit
            for session in self._sessions():
                limit.sent += session.meter.sent
                session.limit = limit

    def timeless(self) -> Unknown | None:
        """Why the time is not known; None if it is."""
        return timeless(self._sessions())

    def apart(self) -> tuple[str, ...]:
        """A sentence on each server whose clock is far from this machine's."""
        return apart(self._sessions())

    def _sessions(self) -> list[Session]:
        """The connections to GitHub and npm."""
        clients = (self.clients.github, self.clients.npm, *self.clients.github_by_owner.values())
        return [client.session for client in clients if client is not None]
