"""One message for each cause: a change, with every other change that it explains.

A disabled rule leaves a dozen findings in each repository that it covered, and a deleted repository
takes its keys and its findings along. Reported one by one, the reader would have to find out what
happened. So the cause is reported once, and its consequences are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hardenme.model.access import ROLE
from hardenme.model.drift import Change, Drift, DriftStep, ItemChange, Turn
from hardenme.model.finding import Errored, Finding
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.reports.grouping import ERRORED_ACTION

RISE = frozenset({DriftStep.NEW, DriftStep.FIRST, DriftStep.WORSE, DriftStep.EXPIRED})
"""What is worse than before."""
HOLDERS = frozenset({"org", "repo", "user", "package"})
"""Kinds of subjects that others are in: a change of one explains those that its fields decide."""
LIFE = frozenset({Turn.APPEARED, Turn.VANISHED})
"""What comes or goes as a whole takes along all that is in it."""
APART = "the later run did not look at it, and it is not known to be gone"
"""Why something is out of sight of which the later run says nothing."""
BRANCHES = frozenset(
    {*(f"GHB{number}" for number in range(101, 115)), "GHB116", "GHB117", "GHO127"}
)
"""Checks of what guards branches."""
TAGS = frozenset({"GHB115", "GHB116"})
"""Checks of what guards tags."""
OWNERS = frozenset({"GHO105", "NPO102"})
"""Checks of how many owners there are."""
RULES = {
    "branch ruleset": BRANCHES,
    "branch protection": BRANCHES,
    "tag ruleset": TAGS,
    "owner": OWNERS,
}
"""What things decide together with others of their kind, for the place and all that is in it."""
SECOND_FACTOR = frozenset({"GHO101", "GHO102", "GHO103", "GHO104"})
FIELDS = {
    ("organization", "two_factor_required"): SECOND_FACTOR,
    ("organization", "base_permission"): frozenset({"GHO106"}),
}
"""Fields of a holder that decide about it and everything in it."""
OF_MEMBERS = ("two_factor", "by_text_message")
"""Fields of people that an organization's requirement decides."""


@dataclass(frozen=True, slots=True)
class DriftCause:
    """One change to report, with what it explains.

    Attributes:
        lead: the changes that are reported by name.
        caused: what is counted with it, the worst first.
    """

    lead: Change | ItemChange
    caused: tuple[Change | ItemChange, ...] = ()

    @property
    def severity(self) -> Severity:
        """The severity of its worst change; improvements do not count against it."""
        risen = (one.severity for one in self.caused if rises(one))
        return max((self.lead.severity, *risen))

    @property
    def all(self) -> tuple[Change | ItemChange, ...]:
        """Every change of it."""
        return (self.lead, *self.caused)


def rises(one: Change | ItemChange) -> bool:
    """Whether a finding is worse than before."""
    return isinstance(one, Change) and one.step in RISE


def needed(one: Change | ItemChange) -> str:
    """What it takes to see again what is no longer visible; `APART` where no one looked at it."""
    if isinstance(one, ItemChange):
        return one.needed or APART
    if one.after is None:
        return APART
    outcome = one.after.outcome
    if isinstance(outcome, Unknown):
        return outcome.needed or outcome.what_to_do
    if isinstance(outcome, Errored):
        return f"{outcome.error}: {ERRORED_ACTION}"
    return "a person's answer: `hardenme attest` records it"


def drift_causes(drift: Drift) -> list[DriftCause]:
    """Everything that changed: worse first, then no longer visible, then better."""
    every: list[Change | ItemChange] = [*drift.items, *drift.changes]
    apart = [one for one in every if no_longer_visible(one)]
    roots = _Roots(one for one in drift.items if not no_longer_visible(one))
    groups: dict[int, list[Change | ItemChange]] = {}
    leads: dict[int, Change | ItemChange] = {}
    for one in every:
        if no_longer_visible(one):
            continue
        root = roots.of(one)
        leads[id(root)] = root
        groups.setdefault(id(root), []).append(one)
    found = [_named_changes(leads[name], group) for name, group in groups.items()]
    return sorted([*found, *_by_need(apart)], key=_order)


def no_longer_visible(one: Change | ItemChange) -> bool:
    """Whether it is about what can be seen, and not about what is so."""
    return (one.step if isinstance(one, Change) else one.turn) in {
        *(DriftStep.LOST, DriftStep.SEEN),
        *(Turn.LOST, Turn.SEEN),
    }


def _by_need(those: Iterable[Change | ItemChange]) -> Iterator[DriftCause]:
    """What is no longer visible for one reason is one message, and so is what is visible again."""
    groups: dict[str, list[Change | ItemChange]] = {}
    for one in those:
        lost = (one.step is DriftStep.LOST) if isinstance(one, Change) else one.turn is Turn.LOST
        groups.setdefault(needed(one) if lost else "", []).append(one)
    for group in groups.values():
        yield DriftCause(group[0], tuple(group[1:]))


def _order(one: DriftCause) -> tuple[int, int]:
    lead = one.lead
    if isinstance(lead, ItemChange):
        tier = {Turn.LOST: 1, Turn.SEEN: 3}.get(lead.turn, 0)
    else:
        tier = 0 if lead.step in RISE else {DriftStep.LOST: 1, DriftStep.SEEN: 3}.get(lead.step, 2)
    return tier, -one.severity


def _named_changes(root: Change | ItemChange, group: Sequence[Change | ItemChange]) -> DriftCause:
    """Which of the changes that a cause explains is reported by name.

    It is the item that changed. If a finding about that item is at least as severe, it is the
    finding's problem, because that is what someone has to fix.
    """
    lead = root
    if isinstance(root, ItemChange):
        own = [one for one in group if isinstance(one, Change) and _key(one) == _key(root)]
        worse = [one for one in own if rises(one) and one.severity >= root.severity]
        better = [
            one for one in own if one.step is DriftStep.FIXED and root.severity == Severity.INFO
        ]
        lead = max((worse or better), key=lambda one: one.severity, default=root)
    caused = [one for one in group if one is not lead]
    caused.sort(key=lambda one: (not rises(one), -one.severity))
    return DriftCause(lead, tuple(caused))


class _Roots:
    """Finds the change of a thing that explains another change."""

    def __init__(self, items: Iterable[ItemChange]) -> None:
        self._by_subject: dict[str, ItemChange] = {}
        self._rules: dict[tuple[str, str], ItemChange] = {}
        self._fields: dict[tuple[str, str], ItemChange] = {}
        self._places: dict[int, int] = {}
        for place, one in enumerate(items):
            self._places[id(one)] = place
            known = self._by_subject.setdefault(_key(one), one)
            if one.severity > known.severity:
                self._by_subject[_key(one)] = one
            for code in OWNERS if ROLE in one.fields else RULES.get(one.kind, ()):
                self._rules.setdefault((code, _text(one.place)), one)
            for field in one.fields:
                for code in FIELDS.get((one.kind, field), ()):
                    self._fields.setdefault((code, _key(one)), one)

    def of(self, one: Change | ItemChange) -> Change | ItemChange:
        """What explains a change; itself where nothing does."""
        seen = {id(one): one}
        while (above := self._above(one)) is not None:
            if id(above) in seen:
                # What explains each other has one root, whichever of them is asked about.
                circle = list(seen)[list(seen).index(id(above)) :]
                return seen[min(circle, key=self._places.__getitem__)]
            seen[id(above)] = one = above
        return one

    def _above(self, one: Change | ItemChange) -> ItemChange | None:
        key = _key(one)
        around = list(_holders(key, within=_within(one)))
        for holder in around:
            found = self._by_subject.get(holder)
            if found is not None and found is not one and found.turn in LIFE:
                return found
        decided = self._decided(one, [key, *around])
        if decided is not None and decided is not one:
            return decided
        if isinstance(one, ItemChange) and (owner := self._owner(one)) is not None:
            return owner
        found = self._by_subject.get(key)
        same = found is not None and found is not one and key.split("/", 1)[0] not in _HOLDING
        return found if same else None

    def _decided(self, one: Change | ItemChange, places: Sequence[str]) -> ItemChange | None:
        """The rules, or the setting, that decide what a check found."""
        if isinstance(one, Change):
            codes: tuple[str, ...] = (one.code,)
        elif one.kind == "member" and set(one.fields) <= {*OF_MEMBERS} and one.fields:
            codes = ("GHO102",)
        else:
            return None
        for place in places:
            for code in codes:
                found = self._rules.get((code, place)) or self._fields.get((code, place))
                if found is not None:
                    return found
        return None

    def _owner(self, one: ItemChange) -> ItemChange | None:
        """The person who went, of what belonged to that person alone."""
        item = one.after or one.before
        login = None if item is None else item.state.get("login")
        if one.turn is not Turn.VANISHED or not isinstance(login, str):
            return None
        key = _text(Subject("github", "member", f"{one.place.name}/{login}"))
        found = self._by_subject.get(key)
        return found if found is not None and found is not one and found.turn in LIFE else None


_HOLDING = frozenset(
    f"{provider}:{kind}" for provider in ("github", "npm") for kind in sorted(HOLDERS)
)


def _text(subject: Subject) -> str:
    """A subject's id; GitHub's names have no case."""
    return str(subject).lower() if subject.provider == "github" else str(subject)


def _key(one: Change | ItemChange) -> str:
    if isinstance(one, Change):
        return _text(one.subject)
    item = one.after or one.before
    # A list as a whole belongs to a place, and is not an item of its own.
    return f"{_text(one.place)}#{one.kind}" if item is None else _text(item.subject)


def _within(one: Change | ItemChange) -> str:
    if isinstance(one, ItemChange):
        return _text(one.place)
    finding: Finding | None = one.after or one.before
    return "" if finding is None else _text(finding.within)


def _holders(key: str, *, within: str) -> Iterator[str]:
    """The ids of what something is in, itself among them, the nearest first."""
    yield key
    head, _, name = key.partition("/")
    if head.startswith("npm:") and "@" in name[1:]:
        yield f"npm:package/{name[: name.index('@', 1)]}"
    if head.startswith("github:"):
        owner, *rest = name.split("/")
        if rest:
            yield f"github:repo/{owner}/{rest[0]}"
            yield f"github:org/{owner}"
    if within:
        yield within
        if within.startswith("github:repo/"):
            yield f"github:org/{within.partition('/')[2].partition('/')[0]}"
