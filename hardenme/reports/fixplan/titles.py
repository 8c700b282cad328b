"""What a step is called: the change, and whom or what it is for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import methodcaller

from hardenme.model.subject import Subject
from hardenme.reports.fixplan.drafts import ALL, StepDraft
from hardenme.reports.fixplan.kinds import PUBLISHING, SET_UP
from hardenme.reports.fixplan.plan import PLACES, Closed, Step
from hardenme.reports.plain import counted, plural

NOUNS = {
    "ssh-key": "SSH key",
    "gpg-key": "GPG key",
    "email": "address",
    "repo-hook": "webhook",
    "org-hook": "webhook",
    "installation": "app",
    "collaborator": "outside collaborator",
    "org-secret": "organization secret",
    "sso-credential": "token of a member",
    "staged": "staged version",
    "membership": "",
    "repository-invitation": "invitation",
    "org-invitation": "invitation",
}
"""Kinds of subject that are not called by their name."""
COUNTED = {"collaborator-invitation": "invitation"}
"""Kinds that are counted together with others, by their noun there."""
PLURALS = {
    "repo": "repositories",
    "email": "addresses",
    "sso-credential": "tokens of members",
    "membership": "organizations",
}
"""Kinds whose plural is not their noun with an s."""
PEOPLE = frozenset({"member", "outside-collaborator", "collaborator", "user"})
GOES = {
    "npm-secret": "secrets",
    "invitation": "invitations",
    "npm-publisher": "trusted publishers",
    "staged": "staged versions",
    "npm-token": "tokens",
    "role": "organization roles",
    "member-token": "tokens",
}
"""The thing that a kind of step removes, where a finding only names its place."""
ADMINS = "repo-admins"
"""The kind of step about who administers repositories, also those of packages."""
LONGEST = 80
"""Characters of an action's words that can be the title of its step."""
FEW, ROOM = 3, 44
"""The number of names in a title, and the characters that they may take."""
VERSION = "version"
RELEASED = re.compile(r"\d+\.\d+\.\d+")
"""How a version begins, which no dist-tag may."""
MOVES = re.compile(r"npm dist-tag add (?P<package>@?[^@\s]+)@(?P<version>\S+) (?P<tag>\S+)")

ONE_WAY: Mapping[str, Mapping[str, str]] = {
    "org-owners": {
        "Add owners": "Add owners of {where}",
        "Demote owners": "Demote owners of {where}",
    },
    "npm-owners": {
        "Make one more": "Make one more member an owner of {where} on npm",
        "Demote owners": "Demote owners of {where} on npm",
    },
    ADMINS: {
        "Change people": "Lower the role of admins of {where}",
        'Choose the role "Admin"': "Add a second admin of {where}",
        'Choose "Transfer': "Transfer {where} to an organization with two owners (optional)",
    },
}
"""Kinds whose fixes go one way or the other: the title where all of a step begin alike."""


def title_of(draft: StepDraft) -> str:
    """The change and its object, beginning with a verb, in one line.

    A kind of change without a title is called by what its fixes say.
    """
    closes = list(draft.closes())
    if draft.kind.key == "release":
        return _release(draft, closes)
    if draft.kind.key == "accounted-release":
        return _accounted(draft, closes)
    if draft.kind is SET_UP and not draft.releases:
        return _prepared(draft, closes)
    wide = bool(draft.apart and draft.kind.wide)
    text = draft.kind.wide if wide else _one_way(draft) or draft.kind.title
    if not text:
        first, *others = (action.fix.step.rstrip(".") for action in draft.actions.values())
        alike = all(step == first for step in others)
        return f"{first}: {_where(draft, closes)}" if alike else f"{first} (the others alike)"
    # What is done at the organization is never done to the organization itself.
    return text.format(
        where=draft.scope.removesuffix(ALL) if wide else _where(draft, closes),
        secrets=counted(len(draft.actions), "organization secret"),
    )


def _one_way(draft: StepDraft) -> str:
    """The title where all actions change something in the same direction; empty otherwise."""
    steps = [action.fix.step for action in draft.actions.values()]
    ways = ONE_WAY.get(draft.kind.key, {}).items()
    return next(
        (title for begin, title in ways if all(map(methodcaller("startswith", begin), steps))), ""
    )


def _prepared(draft: StepDraft, closes: Iterable[Closed]) -> str:
    """What comes before a package is published another way, where no such way is set up."""
    said = (action.fix.step.rstrip(".") for action in draft.actions.values())
    first, *others = dict.fromkeys(said)
    if not others and len(first) <= LONGEST:
        return first
    return f"Prepare publishing {_where(draft, closes)} from a workflow that only stages"


def _accounted(draft: StepDraft, closes: Iterable[Closed]) -> str:
    """Which versions still have to go, and the incident that accounts for them."""
    names = dict.fromkeys(found.subject.name for found in closes)
    which = next(iter(names)) if len(names) == 1 else f"{len(names):,} versions"
    return f"{draft.kind.title.format(where=which)}: accounted for by {draft.scope}"


def _release(draft: StepDraft, closes: Sequence[Closed]) -> str:
    """The way back from releases that look unusual, where there is a safe one."""
    versions = dict.fromkeys(
        found.subject.name for found in closes if not found.subject.name.endswith("@latest")
    )
    which = next(iter(versions)) if len(versions) == 1 else f"{len(versions)} versions"
    commands = (action.fix.command for action in draft.actions.values())
    moved = next(filter(None, map(MOVES.match, commands)), None)
    if moved is None:
        return f"Look at {which}"
    back = f"Move {moved['tag']} of {moved['package']} back to {moved['version']}"
    if not versions:
        return back
    signs = counted(len({found.code for found in closes}), "sign")
    shown = which.removeprefix(f"{moved['package']}@")
    return f"{back}: {shown} {'shows' if len(versions) == 1 else 'show'} {signs} of an attack"


def _where(draft: StepDraft, closes: Iterable[Closed]) -> str:
    """Whom or what it is for: by name where these are few, else how many."""
    subjects: dict[Subject, str] = {}
    for found in closes:
        if draft.kind is PUBLISHING and found.within.kind == "package":
            # What is published is the package, whatever the finding is about.
            subjects.setdefault(found.within, found.within.name)
        elif not draft.kind.single or found.subject.name == draft.scope:
            subjects.setdefault(found.subject, _name(found, GOES.get(draft.kind.key, "")))
    if draft.kind.key == ADMINS:
        subjects = _repositories(subjects)
    names = sorted(draft.packages or set(subjects.values()))
    kinds = {"package"} if draft.packages else {subject.kind for subject in subjects}
    if len(names) == 1:
        return names[0]
    if len(names) <= FEW and sum(map(len, names)) <= ROOM:
        return f"{', '.join(names[:-1])} and {names[-1]}"
    if draft.packages or kinds <= PEOPLE:
        mixed = len({_several(kind) for kind in kinds}) > 1
        return f"{len(names):,} {'people' if mixed else _several(next(iter(kinds)))}"
    # A finding that only names a place is counted as one thing removed from it.
    goes = GOES.get(draft.kind.key, "")
    # Several kinds can have one noun.
    counts = Counter(
        (bool(goes) and one.kind in PLACES, _noun(one.kind), _several(one.kind)) for one in subjects
    )
    told = [
        f"{goes} of {counted(number, noun, several)}"
        if in_place
        else counted(number, noun, several)
        for (in_place, noun, several), number in counts.items()
    ]
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def _repositories(subjects: Mapping[Subject, str]) -> dict[Subject, str]:
    """The repositories of a step; those of packages where the step names no other."""
    own = {one: name for one, name in subjects.items() if one.kind != "package"}
    count = len(subjects)
    if own or not count:
        return own
    which = next(iter(subjects.values())) if count == 1 else counted(count, "package")
    return {next(iter(subjects)): f"the {plural('repository', count)} of {which}"}


def _name(found: Closed, goes: str = "") -> str:
    """A subject as a title names it: what it is, its own name, and of whom.

    Args:
        goes: what is removed from a place; empty for nothing.
    """
    subject, within = found.subject, found.within
    if goes and subject.kind in PLACES:
        return f"{goes} of {found.name}"
    if subject.kind in PEOPLE:
        return subject.name.rpartition("/")[2]
    name = found.name.removeprefix(f"{within.name}: ")
    of = f" of {within.name}" if name != found.name and within.name not in name else ""
    kind, space, own = name.partition(" ")
    if kind == subject.kind and space:
        noun = NOUNS.get(kind, kind.replace("-", " "))
        name = f"{noun} {own}".strip()
    return f"{name}{of}"


def unusual(steps: Iterable[Step], besides: Collection[Subject] = ()) -> dict[str, int]:
    """What steps are about that looks like an attack: versions, packages and such, and how many.

    Args:
        besides: what is counted elsewhere.
    """
    found: dict[str, set[Subject]] = {}
    for step in steps:
        subjects = {one.subject for action in step.actions for one in action.closes}
        # The dist-tag of a version is not counted separately.
        versions = {one for one in subjects if _thing(one) == VERSION}
        for one in (versions or subjects).difference(besides):
            found.setdefault(_thing(one), set()).add(one)
    return {thing: len(those) for thing, those in found.items()}


def in_numbers(things: Mapping[str, int]) -> str:
    """So many of each: `4 versions and 1 package`."""
    told = [counted(number, thing, PLURALS.get(thing, "")) for thing, number in things.items()]
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def _thing(subject: Subject) -> str:
    """What a subject is that may be of an attack."""
    name, _, after = subject.name.rpartition("@")
    if subject.kind == "staged" or (name and RELEASED.match(after)):
        return VERSION
    if subject.kind == "package":
        return "dist-tag" if name else "package"
    return "repository" if subject.kind == "repo" else NOUNS.get(subject.kind) or subject.kind


def _noun(kind: str) -> str:
    """The noun for one of several subjects of one kind."""
    return COUNTED.get(kind) or NOUNS.get(kind) or kind.replace("-", " ")


def _several(kind: str) -> str:
    """The noun for several subjects of one kind."""
    return PLURALS.get(kind) or plural(_noun(kind))
