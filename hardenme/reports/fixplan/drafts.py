"""Steps while the findings that they close come in."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hardenme.model.finding import Finding
from hardenme.model.finding_summary import weight
from hardenme.model.publishing import ClosingStep
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.verdict import Fix
from hardenme.reports.calls import ProgramCall, plain_calls
from hardenme.reports.fixplan.changes import change_of
from hardenme.reports.fixplan.one_object import one_change
from hardenme.reports.fixplan.plan import Action, Closed
from hardenme.reports.fixplan.precedence import TRANSFERRING
from hardenme.reports.fixplan.rulesets import merged, place_of
from hardenme.reports.fixplan.staying import counted_by, until
from hardenme.reports.fixplan.step_kind import StepKind
from hardenme.reports.grouping import name_of, own_names

Key = tuple[str, ...]
"""Two fixes that share it are one action: the same command, or the same step on the same page."""
IDENTITY = 6
"""Characters of a step's id."""
ALL = "/*"
"""What ends the scope of a step that closes it for all of an organization."""
LEVELS = sorted(Severity, reverse=True)
"""The worst first."""
BUILDS = frozenset({"GHR102"})
"""Checks whose setting builds on that of another action of the step: push protection."""
ENDS = "npm trust revoke "
"""How a command begins that ends a trusted publisher; some set up another one behind that."""
AGAIN = " && "
IN_CHECKOUT = re.compile(r"npm (?:install|pkg|audit)\b")
"""How a command begins that names nothing: it is about the folder in which it is run."""


def key_of(fix: Fix) -> Key:
    """By what a fix is the same as another one.

    What ends the same trusted publisher is one action: it can be ended once. So are rulesets for
    the same branches or tags of one place: they can be one. What runs in a checkout is another
    action in each repository, however it reads. A repository is transferred once.
    """
    if fix.command.startswith(ENDS):
        return "ends", fix.command.partition(AGAIN)[0]
    if place := place_of(fix):
        return "ruleset", place
    if IN_CHECKOUT.match(fix.command):
        return "checkout", fix.command, fix.page
    if fix.step.startswith(TRANSFERRING):
        return "transfer", fix.page
    return ("command", fix.command) if fix.command else ("page", fix.page, fix.step.rstrip("."))


def _sets_up_again(fix: Fix) -> bool:
    return fix.command.startswith(ENDS) and AGAIN in fix.command


def closed(finding: Finding, kind: StepKind) -> Closed:
    """What a plan keeps of a finding that a step of this kind is to close."""
    subject, within = finding.subject, finding.within
    name, left = name_of(finding), until(finding, kind)
    return Closed(finding.code, weight(finding), subject, within, name, left)


def _worst_first(found: Closed) -> tuple[int, str, Subject]:
    return -found.severity, found.code, found.subject


@dataclass(slots=True)
class ActionDraft:
    """An action while it gathers what it closes.

    Attributes:
        fixes: what to do, as the findings say it, each once; more than one where they can be one.
        own: what names its subject.
        kind: the kind of its step.
        closes: the findings.
        names: whom or what it is for.
        paths: the publish paths that it closes.
        unsure: those of them that are not known to be open.
        rank: how well its finding describes the action: first whether it closes there, then the
            severity.
    """

    fixes: dict[Fix, None]
    own: tuple[str, ...]
    kind: StepKind
    closes: list[Closed] = field(default_factory=list)
    names: dict[str, None] = field(default_factory=dict)
    paths: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    rank: tuple[bool, int, str] | None = None

    @classmethod
    def of(cls, finding: Finding, fix: Fix, kind: StepKind) -> ActionDraft:
        """An action for a finding, which does not close anything yet."""
        return cls({fix: None}, own_names(finding), kind)

    def take(
        self, finding: Finding, fix: Fix | None = None, *, whole: bool = False, left: str = ""
    ) -> None:
        """Add a finding that the action closes; the texts come from the fix of the worst one.

        Args:
            fix: how the finding says so; None if it has a way of its own.
            whole: what the other findings say is done as well.
            left: until when it still fails; empty if nothing else has to be done.
        """
        found = closed(finding, self.kind)
        found = replace(found, until=left) if left else found
        self.closes.append(found)
        self.names.setdefault(found.name)
        # What is to go for one reason is not set up again for another.
        rank = fix is not None and _sets_up_again(fix), -found.severity, found.code
        better = self.rank is None or rank < self.rank
        if fix is not None and (whole or place_of(fix)):
            self.fixes = {fix: None, **self.fixes} if better else {**self.fixes, fix: None}
        elif fix is not None and better and self.rank is not None:
            self.fixes, self.own = {fix: None}, own_names(finding)
        if better:
            self.rank = rank

    @property
    def fix(self) -> Fix:
        """What to do."""
        first = next(iter(self.fixes))
        if len(self.fixes) == 1:
            return first
        if place_of(first):
            return merged(self.fixes)
        return one_change(self.fixes)

    def action(self) -> Action:
        """What was gathered."""
        fix = self.fix
        return Action(
            fix=fix,
            closes=tuple(sorted(self.closes, key=_worst_first)),
            calls=calls_of(fix),
            names=tuple(self.names),
            paths=self.paths,
            unsure=self.unsure,
            own=self.own,
        )


def calls_of(fix: Fix) -> tuple[ProgramCall, ...]:
    """The calls of a fix, where each of them is one that a script may run."""
    calls = plain_calls(fix.command) if fix.command else ()
    return calls if all(change_of(call) is not None for call in calls) else ()


@dataclass(slots=True)
class StepDraft:
    """A step while it gathers its actions.

    Attributes:
        kind: the kind of change.
        scope: whose: an organization or account, or one object.
        actions: by what they are the same as others, in the order in which they came.
        apart: the same for each repository by itself, where `actions` do it for all.
        ordered: the actions have to be taken in this order.
        releases: it sets up a new way to publish.
        packages: the packages whose publish paths it is about; empty for other steps.
        unknown: how many results that are not known are gone with its object.
        closing: the same steps as the publish paths have them.
    """

    kind: StepKind
    scope: str
    actions: dict[Key, ActionDraft] = field(default_factory=dict)
    apart: dict[Key, ActionDraft] = field(default_factory=dict)
    ordered: bool = False
    releases: bool = False
    packages: dict[str, None] = field(default_factory=dict)
    unknown: int = 0
    closing: list[ClosingStep] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Made from the change and whose it is, and of nothing else."""
        text = f"{self.kind.key}\n{self.scope}".encode(errors="surrogatepass")
        return base64.b32encode(hashlib.sha256(text).digest()).decode().lower()[:IDENTITY]

    def take(self, finding: Finding, fix: Fix, *, for_all: bool = False) -> None:
        """One more finding, which this fix closes.

        Args:
            for_all: it is done at the organization, once for all that it closes.
        """
        whole = self.kind.once if for_all else self.kind.whole
        about = fix.page if for_all else str(finding.subject)
        key = ("whole", about) if whole else key_of(fix)
        self._put(self.actions, key, finding, fix, whole=whole)

    def take_apart(self, finding: Finding, fix: Fix) -> None:
        """The way of a finding by itself, where the actions are for all."""
        self._put(self.apart, key_of(fix), finding, fix)

    def _put(
        self,
        drafts: dict[Key, ActionDraft],
        key: Key,
        finding: Finding,
        fix: Fix,
        *,
        whole: bool = False,
    ) -> None:
        if key not in drafts:
            drafts[key] = ActionDraft.of(finding, fix, self.kind)
        drafts[key].take(finding, fix, whole=whole)

    def closes(self) -> Iterator[Closed]:
        """The findings of all its actions."""
        return (found for one in self.actions.values() for found in one.closes)

    def fixes(self) -> list[Fix]:
        """What is done, for all and for each by itself."""
        drafts = (*self.actions.values(), *self.apart.values())
        return [fix for one in drafts for fix in one.fixes]

    def counts(self) -> dict[Severity, int]:
        """How many findings it closes of each severity, the worst first."""
        counted = Counter(found.severity for found in self.closes())
        return {level: counted[level] for level in LEVELS if counted[level]}

    def stays(self) -> dict[str, int]:
        """How many of the findings still fail once it is taken, by until when."""
        return counted_by(found.until for found in self.closes())

    def codes(self) -> list[str]:
        """The checks whose findings it closes, the worst first."""
        worst: dict[str, Severity] = {}
        for found in self.closes():
            worst[found.code] = max(found.severity, worst.get(found.code, Severity.INFO))
        return sorted(worst, key=lambda code: (-worst[code], code))

    def finished(self) -> tuple[Action, ...]:
        """The actions, by whom or what they are for; what does the same for all is first."""
        drafts = self.actions.values()
        once = drafts if self.ordered else _each_once(_uncovered(drafts, self.kind.covers))
        return in_order(once, ordered=self.ordered)


def _uncovered(
    drafts: Iterable[ActionDraft], covers: Mapping[str, Collection[str]]
) -> Iterator[ActionDraft]:
    """The actions; what another one asks of the same object already is part of that."""
    every = list(drafts)
    whole = {
        (code, found.subject): one
        for one in every
        for found in one.closes
        for code in covers.get(found.code, ())
    }
    parts: dict[int, list[ActionDraft]] = {id(one): [one] for one in every}
    for one in every:
        wholes = {id(whole.get((found.code, found.subject))) for found in one.closes} or {0}
        into = parts.get(next(iter(wholes))) if len(wholes) == 1 else None
        if into is not None and into[0] is not one:
            into.append(one)
            del parts[id(one)]
    return (_joined(parts[id(one)]) for one in every if id(one) in parts)


def _each_once(drafts: Iterable[ActionDraft]) -> Iterator[ActionDraft]:
    """The actions; one whose commands another one runs as well, among more, is part of that."""
    lines = [(one, frozenset(one.fix.commands)) for one in drafts]
    having: dict[str, list[int]] = {}
    for at, (_, own) in enumerate(lines):
        for line in own:
            having.setdefault(line, []).append(at)
    parts: dict[int, list[ActionDraft]] = {}
    for at, (one, own) in enumerate(lines):
        near = having[next(iter(own))] if own else ()
        wholes = [other for other in near if own < lines[other][1]]
        into = max(wholes, key=lambda other: len(lines[other][1])) if wholes else at
        parts.setdefault(into, [lines[into][0]])
        if into != at:
            parts[into].append(one)
    return (_joined(found) for found in parts.values())


def _joined(drafts: Sequence[ActionDraft]) -> ActionDraft:
    """The first action, with what the others close."""
    if len(drafts) == 1:
        return drafts[0]
    names = {name: None for one in drafts for name in one.names}
    closes = [found for one in drafts for found in one.closes]
    return replace(drafts[0], closes=closes, names=names)


def in_order(drafts: Iterable[ActionDraft], *, ordered: bool = False) -> tuple[Action, ...]:
    """Actions in the order in which they came, or the worst first."""
    actions = [draft.action() for draft in drafts]
    if ordered:
        return tuple(actions)
    return tuple(sorted(actions, key=_place))


def _place(action: Action) -> tuple[bool, tuple[str, ...], bool, int, str]:
    above = any(found.subject.kind == "org" for found in action.closes)
    worst = max((found.severity for found in action.closes), default=Severity.INFO)
    builds = any(found.code in BUILDS for found in action.closes)
    return not above, action.names, builds, -worst, action.fix.step
