"""Judges what was learned: each repository as it comes, and what is above them at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache

from hardenme.collectors.attested import Statements
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.registry import collectors
from hardenme.engine import fitting, plan_offers
from hardenme.engine.adjusting import Adjusting, owner_of
from hardenme.engine.attested import login_of, settled
from hardenme.engine.catalogue import catalogue
from hardenme.engine.evaluate import evaluate
from hardenme.engine.index import Index, Instance
from hardenme.engine.inventory import Inventory
from hardenme.engine.plan import Selection, of_repository, plan
from hardenme.engine.progress import Progress
from hardenme.engine.reach import concerned
from hardenme.engine.results import Results, ResultStore
from hardenme.engine.target import Target
from hardenme.engine.waive import Waiving
from hardenme.facts.github.repository import Repository
from hardenme.facts.npm.organization import NpmOrganization
from hardenme.facts.npm.package import Package, PackageGrant
from hardenme.model.access_change import without_own
from hardenme.model.check import Check
from hardenme.model.depth import Depth
from hardenme.model.fact import Answer, Fact
from hardenme.model.finding import Finding
from hardenme.model.given import Given, Limits, NeededScopes, Now, SafeVersions, Targets
from hardenme.model.profile import PROFILES, strictest
from hardenme.model.publishing import Publishing
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Manual


def kept(finding: Finding, login: str) -> Finding:
    """The finding, whose fix leaves the account in use what it has until everything is done.

    Args:
        finding: as it was judged.
        login: the account for which the finding's provider answered; empty if none is known.
    """
    outcome = finding.outcome
    if not isinstance(outcome, Failed | Manual) or outcome.fix is None or not login:
        return finding
    fix = without_own(outcome.fix, finding.subject.provider, login)
    return finding if fix is outcome.fix else replace(finding, outcome=replace(outcome, fix=fix))


TAKEN_OVER = Unknown(
    Reason.INCOMPLETE,
    "a run from the start: an earlier one that was broken off judged a repository, and what it"
    " read there is gone",
)
"""The marker for what is judged together with the organization, in a resumed run."""

LISTING: dict[str, tuple[type[Fact], ...]] = {
    "repo": (Repository,),
    "package": (Package,),
    "org": (PackageGrant, NpmOrganization),
}
"""The facts that show whether a subject exists, by its kind."""


class Judge:
    """Runs the checks of a plan.

    Attributes:
        plan: what is checked.
        profile: the name of the profile in force; empty until all above repositories is known.
        fitting: the one that fits what is above repositories and packages, and what was named
            alone; empty if the user names one.
        chosen: whether the profile was chosen from what was seen.
        checks: those of the plan that belong to the profile.
        results: the outcomes.
        inventory: what was seen.
        publishing: who can publish the packages that were looked at; None if none were.
        waiving: accepts failures, as the user's waivers say.
        adjusting: the severities and thresholds that the user's files set.
    """

    def __init__(  # noqa: PLR0913 (what a judgement depends on)
        self,
        plan: Selection,
        profile: str,
        store: FactStore,
        *,
        roots: Callable[[], Iterable[Subject]],
        beside: Callable[[], Iterable[Subject]],
        targets: Callable[[], Targets],
        timeless: Callable[[], Unknown | None] = lambda: None,
        result_store: ResultStore,
        release_days: int | None = None,
        statements: Statements | None = None,
        waiving: Waiving | None = None,
        adjusting: Adjusting | None = None,
        started: datetime,
        progress: Progress,
    ) -> None:
        self.plan = plan
        self.profile = profile
        self.fitting = ""
        self.chosen = False
        self.checks: tuple[Check, ...] = ()
        self.results = Results(result_store, self._settled)
        self.inventory = Inventory(result_store, roots)
        self._result_store = result_store
        self.publishing: Publishing | None = None
        self._release_days = release_days
        self._store = store
        self._roots = roots
        self._beside = beside
        self._targets = targets
        self._timeless = timeless
        self._started = started
        self._statements = statements or Statements()
        self.waiving = waiving or Waiving()
        self.adjusting = adjusting or Adjusting()
        self._clock = Now(started)
        self._progress = progress
        self._known = frozenset(result_store.known())
        self._kept = plan.kept()
        self._joined = plan.joined()
        self._of_repositories: dict[str, str] = {}
        """The profile that fits each repository, by its name in lower case."""
        self._judged_by: Counter[str] = Counter()
        self._limits_in_force: dict[tuple[str, str], Limits] = {}
        """The thresholds by profile and owner."""
        self._hidden: set[Subject] = set()

    def begin(self) -> None:
        """Choose the profile and the time, which are the same for everything from here on."""
        roots = tuple(self._roots())
        self._alone = frozenset(root for root in roots if root.kind in {"repo", "package"})
        if not self.profile:
            self._choose(fitting.of_run(self._store, (*roots, *self._beside())))
        observed = (atom.observed_at for answer in self._store.all() for atom in answer.evidence)
        self._now = Now(max(observed, default=self._started))
        # A person's statement expires by whichever clock is ahead: a wrong one must not extend it.
        self._clock = Now(max(self._now.time, self._started))
        rest = (self._now, self._needed_scopes(), self._targets())
        self._givens: tuple[Given, ...] = (*rest, self._safe_versions(rest))
        self.checks = tuple(
            check
            for check in self.plan.checks
            if not check.profiles or self.profile in check.profiles
        )
        self._below = [check for check in self.checks if of_repository(check.subject_fact)]
        self._above = self._index()

    def _safe_versions(self, rest: Sequence[Given]) -> SafeVersions:
        if "npm" not in self.plan.providers():
            return SafeVersions(lambda _package, _tag, _version: "")
        from hardenme.engine.safe_versions import safe_versions  # noqa: PLC0415 (start-up)

        return safe_versions(self._store, rest, self._now, self._limits(self.profile))

    def _index(self) -> Index:
        """Everything above the repositories."""
        return Index(self._store, self._givens, limits=self._limits_of, timeless=self._timeless())

    def _choose(self, fits: str) -> None:
        self.fitting = fits
        self.profile, self.chosen = self.adjusting.profile(fits)

    def _in_force(self, subject: Subject, fits: str) -> str:
        """The profile by which a subject is judged; it is the run's, where it was named alone."""
        if not self.fitting:
            return self.profile
        fits = strictest(self.fitting, fits)
        if subject in self._alone:
            self._choose(fits)
        return self.adjusting.profile(fits)[0]

    def notes(self) -> Iterator[str]:
        """Sentences on what was judged by another profile than the run."""
        for profile, number in sorted(self._judged_by.items()):
            if profile != self.profile:
                yield (
                    f"{number} {'repository was' if number == 1 else 'repositories were'} judged by"
                    f" the profile {profile}: others can push, or it is not known who can"
                )

    def _limits_of(self, ancestors: tuple[Subject, ...]) -> Limits:
        """The thresholds for the contents of these, which are above repositories."""
        owner = next(filter(None, map(owner_of, ancestors)), "")
        if any(subject.kind == "org" for subject in ancestors):
            return self._limits(self._in_force(ancestors[0], fitting.ORG), owner)
        package = next((one for one in ancestors if one.kind == "package"), None)
        if package is None:
            return self._limits(self.profile, owner)
        fits = fitting.of_package(self._store, package)
        if repository := self._store.joined(package):
            its = self._of_repositories.get(repository.lower(), fitting.TEAM)
            fits = strictest(fits, its)
        return self._limits(self._in_force(package, fits), owner)

    def _limits(self, profile: str, owner: str = "") -> Limits:
        found = self._limits_in_force.get((profile, owner))
        if found is None:
            found = self.adjusting.limits(PROFILES[profile].limits, owner)
            if self._release_days is not None:
                found = replace(found, release_days=self._release_days)
            self._limits_in_force[profile, owner] = found
        return found

    def _needed_scopes(self) -> NeededScopes:
        """The scopes that the whole catalogue needs for such targets, whatever part of it runs.

        GitHub's tokens are compared with them; without a request to GitHub they are not needed.
        """
        if "github" not in self.plan.providers():
            return NeededScopes(frozenset())
        return _scopes_for(frozenset(f"{root.provider}:{root.kind}" for root in self._roots()))

    def settle(self, repository: Subject, scoped: FactStore) -> None:
        """Judge a repository, and keep of it what the end needs."""
        self._place(repository, scoped)
        self._notice(repository, scoped)
        profile = self._in_force(repository, self._fits(repository, scoped))
        self._judged_by[profile] += 1
        limits = self._limits(profile, owner_of(repository))
        index = Index(
            scoped, self._givens, self._above, limits=lambda _: limits, timeless=self._timeless()
        )
        judged = evaluate(self._below, index, self._clock, wanted=_in_repository)
        findings = (plan_offers.offered(finding, scoped) for finding in judged)
        places = self.inventory.seen(repository, scoped)
        self.results.add(repository, findings, places)
        self.inventory.take(repository, places)
        self._keep(repository, scoped)
        self._progress.found(self.results.counts["failed"])

    def join(self, repository: Subject, scoped: FactStore) -> None:
        """Keep what was learned about a repository that is not a target, for its packages."""
        self._fits(repository, scoped)
        self.inventory.join(repository, scoped)
        self._put(scoped, self._joined)

    def not_found(self, targets: Iterable[Target]) -> Iterator[str]:
        """The targets that there are not, or that the token does not see."""
        roots = tuple(self._roots())
        for target in targets:
            if target.kind == "github-owner":
                owner = target.name.lower()
                known = {one.name.lower() for one in roots if one.kind in {"org", "user"}}
                if owner not in known:
                    yield target.text
            elif target.subject in self._hidden:
                yield target.text

    def _fits(self, repository: Subject, scoped: FactStore) -> str:
        fits = fitting.of_repository(scoped, repository)
        self._of_repositories[repository.name.lower()] = fits
        return fits

    def _notice(self, subject: Subject, store: FactStore) -> None:
        """Note a subject of which nothing is shown, where what lists it says that it is not."""
        answers = [store.get(kind, subject) for kind in LISTING.get(subject.kind, ())]
        told = [answer for answer in answers if answer is not None]
        if any(answer.facts for answer in told):
            return
        missing = (answer.missing for answer in told)
        if any(why is not None and why.reason is Reason.NOT_VISIBLE for why in missing):
            self._hidden.add(subject)

    def _place(self, repository: Subject, scoped: FactStore) -> None:
        """Put a repository that was named into its owner, if that is looked at as well.

        Otherwise the owner's checks would leave it out, and the owner's settings would not count.
        """
        for one in self._beside():
            if _owns(one, repository):
                scoped.set_parent(repository, one)
        roots = tuple(self._roots())
        owners = [one for one in roots if _owns(one, repository)]
        answer = scoped.get(Repository, repository) if repository in roots else None
        # Of an owner that may be a person or an organization, both are roots.
        if answer is not None and len(owners) == 1:
            facts = tuple(fact.changed(within=owners[0]) for fact in answer.facts)
            scoped.put(replace(answer, facts=facts))
            self._store.set_parent(repository, owners[0])

    def leave(self, repository: Subject, scoped: FactStore) -> None:
        """Take note of a repository that was left out by name, or as archived."""
        self.inventory.leave(repository, scoped)

    def known_already(self, repository: Subject, scoped: FactStore) -> bool:
        """Whether an earlier run judged it for good; its findings are taken over.

        What is judged together with the organization is not among these: it counts as far as the
        listing has shown it, and is unknown otherwise.
        """
        if repository not in self._known:
            return False
        self.results.resume(repository)
        self.inventory.take(repository, self._result_store.places(repository))
        for kind in self._keep(repository, scoped):
            if not any(True for _ in scoped.answers(kind)):
                self._store.put(Answer(kind, repository, (), (), TAKEN_OVER))
        return True

    def _keep(self, repository: Subject, scoped: FactStore) -> frozenset[type[Fact]]:
        """Keep the facts of a repository that are judged with what is above it, or on npm."""
        on_npm = repository.name.lower() in self._store.joins()
        kept = self._kept | self._joined if on_npm else self._kept
        self._put(scoped, kept)
        return kept

    def _put(self, scoped: FactStore, kinds: frozenset[type[Fact]]) -> None:
        for kind in kinds:
            for answer in scoped.answers(kind):
                self._store.put(answer)

    def finish(self) -> None:
        """Judge everything above the repositories, except related subjects."""
        for root in self._roots():
            self._notice(root, self._store)
        index = self._index()
        apart = frozenset(self._beside())

        def wanted(instance: Instance) -> bool:
            return not _in_repository(instance) and apart.isdisjoint(instance.ancestors)

        judged = evaluate(self.checks, index, self._clock, wanted)
        self.results.add_above(plan_offers.offered(finding, self._store) for finding in judged)
        asked = self.plan.providers()
        if "npm" in asked:
            from hardenme.engine.publishing import publishing  # noqa: PLC0415 (start-up)

            self.publishing = publishing(self.checks, index, wanted)
        if not asked.isdisjoint({"github", "npm"}):
            # Nothing else has places, in which things are.
            self.inventory.finish(self._store)

    @property
    def now(self) -> datetime:
        """The moment by which statements and waivers end."""
        return self._clock.time

    @property
    def observed(self) -> datetime:
        """When the newest answer above the repositories came, by the servers' clocks."""
        return self._now.time

    def weight(self, check: Check) -> Severity:
        """The severity of a failure of the check unless it returns another."""
        return self.adjusting.severity(check.code, check.severity)

    def _settled(self, finding: Finding) -> Finding:
        now = self._clock.time
        found = self.adjusting.finding(settled(finding, self._statements, now))
        login = login_of(self._statements.account(finding.within))
        return self.waiving.settled(kept(found, login), now)


def _in_repository(instance: Instance) -> bool:
    return any(ancestor.kind == "repo" for ancestor in instance.ancestors)


@cache
def _scopes_for(kinds: frozenset[str]) -> NeededScopes:
    checks = concerned(catalogue(), collectors(), kinds)
    return NeededScopes(plan(checks, depth=Depth.DEEP).least_scopes())


def _owns(subject: Subject, repository: Subject) -> bool:
    """Whether a subject is the account or the organization of a repository."""
    owner = repository.name.partition("/")[0].lower()
    is_owner = subject.provider == "github" and subject.kind in {"org", "user"}
    return is_owner and subject.name.lower() == owner
