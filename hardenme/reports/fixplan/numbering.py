"""The steps of a plan in their order, each with its number and what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from hardenme.model.access_change import own_last
from hardenme.model.commands import NO_COMMAND, npm_takes
from hardenme.model.report import CheckText, Report
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.verdict import Fix
from hardenme.reports.fixplan.changes import RISK_OWN, RISKS, StepEffect, change_of, gravest
from hardenme.reports.fixplan.confidence import confidence
from hardenme.reports.fixplan.drafts import LEVELS, StepDraft
from hardenme.reports.fixplan.drafts import in_order as listed
from hardenme.reports.fixplan.ended_ways import EndedWays, ended_ways
from hardenme.reports.fixplan.order import Weighed, in_order
from hardenme.reports.fixplan.plan import Reached, Step, Verify
from hardenme.reports.fixplan.precedence import last
from hardenme.reports.fixplan.publishing import PATHS
from hardenme.reports.fixplan.rulesets import (
    LINEAR,
    SIGNED,
    locks_by_check,
    locks_of,
    organization_of,
)
from hardenme.reports.fixplan.sole_pusher import sole_pushers
from hardenme.reports.fixplan.step_kind import GONE, StepKind, When
from hardenme.reports.fixplan.titles import title_of

RELEASE = "release"
SEVERAL = 2
"""Commands of an action that adds rulesets one by one."""
WITHOUT_REVIEW = (
    'leave "Required approvals" at 0, and leave out "Require review from Code Owners" and "Require'
    ' approval of the most recent reviewable push"'
)
ALONE_CANNOT_MERGE = f"Where one maintainer works alone, no one can approve: {WITHOUT_REVIEW}."
NAMED_CANNOT_MERGE = (
    f"Only one person can push to {{}}, so no one can approve there: {WITHOUT_REVIEW}, or exclude"
    " {}."
)
UNSIGNED_CANNOT_PUSH = (
    'Leave out "Require signed commits" until everyone who pushes signs their commits.'
)
NO_MERGE_COMMITS = 'Leave out "Require linear history" where people merge with merge commits.'
ADMINS = ("GHR112", "fails where too few people administer a repository")
ALONE = "fails where one account alone is left"
NO_PUBLISHER = ("NPP101", "fails where the only publisher is removed")
WAITING = (
    ("NPP103", "fails until the environment exists that the publisher names"),
    ("NPP104", "fails until the repository exists that the publisher names"),
    ("NPP105", "fails until the workflow exists that the publisher names"),
    ("NPP107", "fails until a version is published by the new way"),
    ("PUB104", "fails until workflow and environment exist that the publisher names"),
)
"""What is assumed about a publisher that was set up before a page was visited."""
WAYS = frozenset({"release-workflow", "other-ways"})
"""Kinds of step with actions of several kinds, of which only some are about publishers."""
OPENS: dict[str, tuple[tuple[str, str], ...]] = {
    "release": (("REL106", "fails while `latest` is behind the newest version"),),
    "release-workflow": WAITING,
    "publishing": (*WAITING, NO_PUBLISHER),
    "other-ways": (*WAITING, NO_PUBLISHER),
    "npm-publisher": (NO_PUBLISHER,),
    "ssh-key": (("GHA107", "fails where the only key that signs is deleted"),),
    "inactive-member": (
        ("NPO105", "fails where an account that leaves was given a package directly"),
        ADMINS,
    ),
    "outsider": (ADMINS,),
    "security-features": (
        ("GHR104", "fails where the alerts then show critical vulnerabilities"),
        ("GHR126", "fails where secret scanning then finds a secret"),
    ),
    "actions": (("GHW105", "is judged once Actions are on for selected repositories"),),
    "npm-outsider": (("NPP111", ALONE), ("PUB103", ALONE)),
}
"""By the key of the kind of step: the check's code, and when it fails."""


_AGAIN = "sign in again before you run other commands"
SIGNED_IN = {
    "github-token": f"gh may sign in with this token: if so, {_AGAIN}.",
    "local-token": f"gh and npm may sign in with what is removed: if so, {_AGAIN}.",
    "grants": f"gh may sign in with what is revoked: if so, {_AGAIN}.",
}
"""By the key of the kind of step: what no longer signs in afterwards."""


class Reaches:
    """How far subjects reach: by the packages that can be published with them."""

    def __init__(self, report: Report) -> None:
        packages = report.publishing.packages if report.publishing else ()
        self._weekly = {one.package: one.weekly or 0 for one in packages}
        self._by_path: dict[str, set[str]] = {}
        for one in packages:
            for path in one.paths:
                self._by_path.setdefault(path.key.rpartition("/")[2], set()).add(one.package)

    def of(self, step: StepDraft) -> Reached:
        """How far what a step closes reaches."""
        packages: set[str] = set()
        repositories: set[str] = set()
        for found in step.closes():
            for place in (found.subject, found.within):
                if place.kind == "repo":
                    repositories.add(place.name)
                elif place.kind == "package":
                    packages.add(place.name)
                elif place.kind == "user":
                    packages |= self._weekly.keys()
            packages |= self._by_path.get(found.subject.name, set())
        packages |= {name for one in step.actions.values() for name in one.names} & {*self._weekly}
        known = packages & self._weekly.keys()
        return Reached(sum(self._weekly[one] for one in known), len(packages), len(repositories))


def numbered(
    drafts: Sequence[StepDraft],
    pairs: Sequence[tuple[int, int]],
    report: Report,
    verify: Verify | None,
) -> list[Step]:
    """The steps in their order, each with what it says."""
    reaches = Reaches(report)
    reached = [reaches.of(draft) for draft in drafts]
    weighed = [
        Weighed(
            _section(draft),
            _weight(draft, reach),
            f"{draft.kind.key} {draft.scope}",
            last=last(draft.codes(), draft.fixes()),
        )
        for draft, reach in zip(drafts, reached, strict=True)
    ]
    order = in_order(weighed, pairs)
    alone = sole_pushers(report)
    numbers = {draft: place for place, (draft, _) in enumerate(order, start=1)}
    before: dict[int, list[int]] = {}
    for first, then in pairs:
        before.setdefault(then, []).append(numbers[first])
    packages = report.publishing.packages if report.publishing else ()
    ends = list(ended_ways((drafts[at] for at, _ in order), packages))
    return [
        _step(
            drafts[at],
            number=number,
            section=section,
            reach=reached[at],
            checks=report.checks,
            alone=alone,
            before=[
                (one, drafts[order[one - 1][0]].id)
                for one in sorted(before.get(at, ()))
                if one < number
            ],
            ended=ends[number - 1],
            verify=verify,
        )
        for number, (at, section) in enumerate(order, start=1)
    ]


def _section(draft: StepDraft) -> When:
    """When a step is taken: a weak sign of an attack is not an alarm."""
    if last(draft.codes(), draft.fixes()):
        return When.NEXT
    faint = draft.kind.section is When.LOOK and max(draft.counts(), default=0) < Severity.MEDIUM
    return When.TODAY if faint else draft.kind.section


def _weight(draft: StepDraft, reach: Reached) -> tuple[int, ...]:
    counts = draft.counts()
    worst = int(next(iter(counts))) if counts else 0
    return worst, reach.weekly, reach.repositories, *(counts.get(level, 0) for level in LEVELS)


def _step(  # noqa: PLR0913 (what a step is made of)
    draft: StepDraft,
    *,
    number: int,
    section: When,
    reach: Reached,
    checks: Mapping[str, CheckText],
    alone: Iterable[str],
    before: Sequence[tuple[int, str]],
    ended: EndedWays,
    verify: Verify | None,
) -> Step:
    codes = tuple(draft.codes())
    texts = {code: checks[code] for code in codes if code in checks}
    actions, apart = draft.finished(), listed(draft.apart.values())
    calls = [call for one in actions for call in one.calls]
    calls = calls or [call for one in apart for call in one.calls]
    change = gravest(known for call in calls if (known := change_of(call)) is not None)
    risks = list(ended.risks())
    risks += [RISKS[effect]] if (effect := _effect(draft, change)) is not None else []
    risks += [RISK_OWN] if any(map(own_last, draft.fixes())) else []
    risks += _locked_out(draft, alone)
    risks += _refused(draft)
    risks += [SIGNED_IN[draft.kind.key]] if draft.kind.key in SIGNED_IN else []
    risks += consequences(draft)
    return Step(
        id=draft.id,
        number=number,
        title=ended.title(title_of(draft)),
        section=section,
        who=draft.kind.who,
        actions=actions,
        apart=apart,
        reach=reach,
        codes=codes,
        counts=draft.counts(),
        unknown=draft.unknown,
        # Of what is gone nothing holds any more.
        effects={}
        if draft.kind.ends
        else {code: _effect_of(code, draft.kind, texts) for code in codes},
        change=change,
        risks=tuple(dict.fromkeys(risks)),
        after=tuple(number for number, _ in before),
        waits=tuple(identity for _, identity in before),
        verify=_verified(draft, codes, verify) if verify is not None else (),
        releases=draft.releases,
        held_for=ended.last,
        confidence=confidence(codes) if draft.kind.key == RELEASE else "",
        stays=draft.stays(),
        ordered=draft.ordered,
        kind=draft.kind.key,
        commits=draft.kind.commits,
    )


def _effect_of(code: str, kind: StepKind, texts: Mapping[str, CheckText]) -> str:
    """What holds for a check once the step is taken."""
    if code in kind.gone:
        return GONE
    return texts[code].summary if code in texts else ""


def _effect(draft: StepDraft, change: StepEffect | None) -> StepEffect | None:
    """What a step does, by its commands, or on the pages that it is done on."""
    binds = [StepEffect.BINDS] if draft.kind.binds else []
    return gravest([*binds, *([change] if change is not None else [])])


def _locked_out(draft: StepDraft, alone: Iterable[str]) -> list[str]:
    """Where new rules stop the work, by name if it is known.

    Args:
        draft: a step that may add them.
        alone: the repositories to which a single account can push.
    """
    asked = _asked(draft)
    told = list[str]()
    if any(locks - {SIGNED, LINEAR} for locks in asked.values()):
        owners = {organization_of(one) for one in asked}
        own = {one.within.name.lower() for one in draft.closes()}
        named = [
            name
            for name in alone
            if name.lower() in own or name.lower().partition("/")[0] in owners
        ]
        them = "it" if len(named) == 1 else "them"
        names = ", ".join(named)
        told.append(NAMED_CANNOT_MERGE.format(names, them) if named else ALONE_CANNOT_MERGE)
    # Among several rulesets, the line of each says who leaves it out.
    single = [one for one in draft.actions.values() if len(one.fix.commands) < SEVERAL]
    rest = {lock for one in single for fix in one.fixes for lock in asked.get(fix, ())}
    told += [UNSIGNED_CANNOT_PUSH] if SIGNED in rest else []
    told += [NO_MERGE_COMMITS] if LINEAR in rest else []
    return told


def _asked(draft: StepDraft) -> dict[Fix, frozenset[str]]:
    """What can lock someone out, by the fix that asks for it."""
    asked = {one: locks_of(one) for one in draft.fixes()}
    for action in draft.actions.values():
        codes = {one.code for one in action.closes}
        for one in action.fixes:
            asked[one] = asked[one] | locks_by_check(one, codes)
    return {one: locks for one, locks in asked.items() if locks}


def _refused(draft: StepDraft) -> list[str]:
    """The sentence about packages whose names no command accepts."""
    places = (one.within for one in draft.closes() if one.within.provider == "npm")
    names = {one.name for one in places if one.kind == "package" and not npm_takes(one.name)}
    return [f"{name}: {NO_COMMAND}." for name in sorted(names)]


def _verified(draft: StepDraft, codes: Sequence[str], verify: Verify) -> tuple[str, ...]:
    """The commands that check again; of what closes paths, whether these are closed, too."""
    places = dict.fromkeys((found.subject, found.within) for found in draft.closes())
    if any(one.paths for one in draft.actions.values()) or not places:
        names = {*draft.packages} or {name for one in draft.actions.values() for name in one.names}
        packages = (Subject("npm", "package", name) for name in sorted(names))
        codes = tuple(dict.fromkeys((*codes, PATHS)))
        places |= dict.fromkeys((one, one) for one in packages)
    return verify(codes, tuple(places))


def consequences(draft: StepDraft) -> Iterator[str]:
    """What a step can open, one sentence each; of publishers only where an action is about them."""
    fixes = [*draft.fixes()]
    opens = OPENS.get(draft.kind.key, ())
    if draft.kind.key in WAYS and not any("publisher" in fix.step for fix in fixes):
        opens = tuple(one for one in opens if one not in {*WAITING, NO_PUBLISHER})
    return (f"Afterwards {code} {when}." for code, when in opens)
