"""Notes on a step that follow from other steps of the plan, and from who may publish."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.reports.fixplan.kinds import TOKEN
from hardenme.reports.fixplan.plan import Step
from hardenme.reports.fixplan.precedence import ARCHIVING
from hardenme.reports.fixplan.rulesets import LINEAR, SIGNED, locks_of, organization_of
from hardenme.reports.fixplan.sole_pusher import all_pushers
from hardenme.reports.fixplan.step_kind import When, codes_of
from hardenme.reports.fixplan.suspects import NOTE as SUSPECT
from hardenme.reports.fixplan.suspects import promotes
from hardenme.reports.plain import counted

MAINTAINER = "maintainer"
"""What a run calls an account that was given a package directly."""
ON_NPM = ("npm", "token")
REVOKES = "npm token revoke "
LEAVING_NPM = "NPO104"
LEAVING_GITHUB = codes_of("GHO104 GHO122")
LEAVES = LEAVING_GITHUB | {LEAVING_NPM}
"""Checks after which people leave an organization."""
ALARMS = codes_of("REL101-105 REL107-111")
"""Checks after which every token of the publisher is revoked, unless someone meant the release."""
GOES_ALONG = codes_of(
    "GHR108-111 GHR113-114 GHR116-117 GHR124 GHR126-127 GHR129 GHO128-129 GHO104 GHO121 GHO123"
)
"""Checks of what an archived repository still holds, or who reaches it: it goes before."""
ARCHIVED = (
    "Decide first whether {name} is archived (step {id}): an archived repository is left out here."
)
ARCHIVES = (
    "First do the steps about its keys, secrets, webhooks and people: an archived repository"
    " accepts no changes. It needs no other step."
)
AT_ONCE = (
    "Signs of an attack come first {steps}. Unless someone intended each release, revoke every"
    " token at once. Then skip what revokes one here: it is done. Create a new one only where"
    " something still needs it."
)
STILL_PUBLISHES = (
    "{name} may still publish {packages} after leaving: remove that account there too, with `npm"
    " owner rm {name}` and the package's name."
)
LEAVE_TOO = (
    "Do not choose {names}: {they} {place} (step {id}). Choose someone else, or invite someone"
    " first."
)
PAIR = (
    "In {where} only {one} and {other} can push, so each needs the other's approval. Require none"
    " there while one of these accounts is not to be trusted."
)
PAIRS = (
    "In {where} only two accounts can push, so each needs the other's approval. Require none where"
    " one of the two is not to be trusted."
)
RIGHTS_ON_NPM = "This removes no rights on npm: check there who can publish your packages."
ALARM = re.compile(r"Signs of an attack come first ")
"""How the note begins about tokens that are revoked at once."""
OF_PLACE = re.compile(r"Decide first whether (?P<name>\S+) is archived")
"""How a note begins that is about one repository."""
SEVERAL, NAMED = 2, 3
"""Accounts of which each needs the other; and how many of a thing a note names."""
NOTE = re.compile(
    rf"{SUSPECT.pattern}|{ALARM.pattern}|{OF_PLACE.pattern}|\S+ may still publish .+ after leaving"
)
"""How a note begins that a part of a run has from the whole run."""


def with_step_notes(steps: Sequence[Step], report: Report) -> list[Step]:
    """Steps with the notes that follow from others.

    Args:
        steps: of a whole plan, in their order.
        report: the run that they are of.
    """
    sources = (
        _archived(steps),
        _at_once(steps),
        _leaving(report),
        _leave_too(steps, report),
        _approving_each_other(report),
    )
    return [
        replace(step, risks=(*dict.fromkeys(found), *step.risks))
        if (found := [note for notes in sources for note in notes(step)])
        else step
        for step in steps
    ]


Notes = Callable[[Step], Iterable[str]]
"""The notes of one kind on a step."""


def _archived(steps: Iterable[Step]) -> Notes:
    """Nothing is changed in a repository that is then archived, but for what goes before."""
    archiving = {
        found.subject.name: step.id
        for step in steps
        for action in step.actions
        for found in action.closes
        if found.code == ARCHIVING
    }

    def notes(step: Step) -> Iterator[str]:
        if ARCHIVING in step.codes:
            yield ARCHIVES
            return
        names = {
            found.within.name
            for action in (*step.actions, *step.apart)
            for found in action.closes
            if found.code not in GOES_ALONG
        }
        for name in sorted(names & archiving.keys()):
            yield ARCHIVED.format(name=name, id=archiving[name])

    return notes


def _at_once(steps: Iterable[Step]) -> Notes:
    """Tokens are not kept until they are replaced while an attacker may hold them."""
    alarms = [
        step.id for step in steps if step.section is When.LOOK and not ALARMS.isdisjoint(step.codes)
    ]
    text = AT_ONCE.format(steps=" ".join(f"(step {one})" for one in alarms))

    def notes(step: Step) -> Iterator[str]:
        if alarms and step.section is not When.LOOK and _keeps_tokens(step):
            yield text

    return notes


def _keeps_tokens(step: Step) -> bool:
    """Whether a step ends tokens of npm only once something has replaced them."""
    return not TOKEN.codes.issuperset(step.codes) and any(
        REVOKES in action.fix.command
        or any((one.subject.provider, one.subject.kind) == ON_NPM for one in action.closes)
        for action in step.actions
    )


def _leaving(report: Report) -> Notes:
    """A member who leaves an organization keeps the packages that were given directly."""
    held: dict[str, list[str]] = {}
    for place in report.inventory:
        for item in place.items:
            if item.kind == MAINTAINER and item.label and place.subject.kind == "package":
                held.setdefault(item.label.lower(), []).append(place.subject.name)

    def notes(step: Step) -> Iterator[str]:
        if not LEAVING_GITHUB.isdisjoint(step.codes):
            yield RIGHTS_ON_NPM
        for name in _members(step):
            if packages := sorted({*held.get(name.lower(), ())}):
                yield STILL_PUBLISHES.format(name=name, packages=", ".join(packages))

    return notes


def _approving_each_other(report: Report) -> Notes:
    """Where an approval is required, and one other account alone can give it."""
    pairs = {
        name.lower(): (name, logins)
        for name, logins in all_pushers(report).items()
        if len(logins) == SEVERAL
    }

    def notes(step: Step) -> Iterator[str]:
        asking = [one for one in step.actions if locks_of(one.fix) - {SIGNED, LINEAR}]
        owners = {organization_of(one.fix) for one in asking}
        places = {one.within.name.lower() for action in asking for one in action.closes}
        found: dict[tuple[str, ...], list[str]] = {}
        for place, (name, logins) in pairs.items():
            if place in places or place.partition("/")[0] in owners:
                found.setdefault(logins, []).append(name)
        if len(found) > NAMED:
            yield PAIRS.format(where=counted(sum(map(len, found.values())), "repository"))
            return
        for (one, other), names in found.items():
            where = ", ".join(names) if len(names) <= NAMED else counted(len(names), "repository")
            yield PAIR.format(where=where, one=one, other=other)

    return notes


def _leave_too(steps: Iterable[Step], report: Report) -> Notes:
    """No one is given more rights in an organization whom another step takes out of it."""
    leaving: dict[Place, dict[str, str]] = {}
    for step in steps:
        for action in step.actions:
            for one in action.closes:
                if one.code in LEAVES:
                    member = one.subject.name.rpartition("/")[2]
                    leaving.setdefault(_place(one.within), {})[member] = step.id
    chosen = {(one.code, one.subject, one.within) for one in report.findings if promotes(one)}

    def notes(step: Step) -> Iterator[str]:
        places = {
            _place(one.subject if one.subject.kind == "org" else one.within): None
            for action in step.actions
            for one in action.closes
            if (one.code, one.subject, one.within) in chosen
        }
        for place in places:
            for id_, names in _by_step(leaving.get(place, {})).items():
                *most, other = names
                said = f"{', '.join(most)} or {other}" if most else other
                they = "these accounts leave" if most else "this account leaves"
                yield LEAVE_TOO.format(names=said, they=they, id=id_, place=place[1])

    return notes


Place = tuple[str, str]
"""A provider, and an owner of repositories or packages there."""


def _place(subject: Subject) -> Place:
    return subject.provider, subject.name.removeprefix("@").partition("/")[0].lower()


def _by_step(leaving: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, id_ in sorted(leaving.items()):
        found.setdefault(id_, []).append(name)
    return found


def _members(step: Step) -> Iterator[str]:
    for action in step.actions:
        for found in action.closes:
            if found.code == LEAVING_NPM:
                yield found.subject.name.rpartition("/")[2]
