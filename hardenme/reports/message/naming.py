"""What things are called: in a line, where they are named, and in a title, which names no one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from hardenme.model.access import ENFORCED, ENFORCEMENT, OWNERS, PUBLIC, ROLE, WHEN
from hardenme.model.drift import Change, ItemChange, Turn
from hardenme.model.finding import Finding
from hardenme.model.inventory import State
from hardenme.model.verdict import Failed
from hardenme.reports.drift.fields import value, words
from hardenme.reports.message.words import Line, Name, Part
from hardenme.reports.plain import plural

FEW = 3
"""Things that are named of many; so many have a line each where they say the same."""
OPEN = frozenset({ENFORCEMENT, ROLE, "visibility", "two_factor", "two_factor_required"})
"""Fields that are shown with their values before and after: without them no one knows whether to
worry."""
WITHOUT = re.compile(r"(?P<who>.+?) (?:has|have|requires) no (?P<what>.+)")
"""A title that says what something lacks."""
NOUNS = {
    ("github", "user"): "GitHub account",
    ("npm", "user"): "npm account",
    ("github", "org"): "organization",
    ("github", "repo"): "repository",
    ("github", "member"): "member",
    ("npm", "package"): "package",
}
"""What subjects are called in a count."""
ADMIN = "admin"
IN_FORCE: dict[State, State] = {ENFORCED: "now in force", "evaluate": "only evaluated"}
"""What rules are by the value that says whether they are in force, where it does not say it."""


def finding_of(change: Change) -> Finding:
    """The finding as it is, or as it was."""
    found = change.after or change.before
    assert found is not None, "a change is made of something"  # noqa: S101 (the model says so)
    return found


def subject_line(change: Change) -> Line:
    """What was judged."""
    return _named(str(change.subject), finding_of(change).label)


def _named(subject: str, label: str) -> Line:
    """A subject by its id; its own name goes before where it says something else."""
    if not label or subject.endswith(f"/{label}"):
        return (Name(subject),)
    return (Name(label, quoted=True), " (", Name(subject), ")")


def item_line(change: ItemChange) -> Line:
    """What the item is, and where."""
    found = change.after or change.before
    if found is None:
        return (Name(f"{plural(change.kind)} of {change.place}"),)
    line = _named(str(found.subject), found.label)
    return line if found.subject == change.place else (*line, " at ", Name(str(change.place)))


def changed_line(change: ItemChange) -> Iterator[Part]:
    """What of an item changed; its values where it says nothing without them."""
    fields = [one for one in change.fields if one != WHEN] or change.fields
    for place, field in enumerate(fields):
        yield "; " if place else ": "
        yield Name(value(change, field) if field in OPEN else words(field))


def names_line(names: Sequence[Line], noun: str) -> Line:
    """One name; of several how many, and the first few."""
    return names[0] if len(names) == 1 else (f"{len(names)} {noun}: ", *few(names))


def few(names: Sequence[Line]) -> Line:
    """The first few names, and how many more there are."""
    line: list[Part] = []
    for name in islice(names, FEW):
        line += [", "] if line else []
        line += name
    rest = len(names) - FEW
    return (*line, f" and {rest} more" if rest > 0 else "")


def noun(findings: Sequence[Finding]) -> str:
    """The noun for the subjects of a check."""
    subject = findings[0].subject
    found = NOUNS.get((subject.provider, subject.kind), "subject")
    if found == "member" and all(map(_of_owner, findings)):
        found = "owner"
    return found if len(findings) == 1 else plural(found)


def _of_owner(finding: Finding) -> bool:
    outcome = finding.outcome
    return isinstance(outcome, Failed) and outcome.seen.get(ROLE) == ADMIN


def counted(findings: Sequence[Finding]) -> str:
    """The problem with how many have it: `3 owners without 2FA`."""
    lacks = WITHOUT.fullmatch(findings[0].title)
    many_of = noun(findings)
    if lacks and not many_of.startswith("subject"):
        return f"{len(findings)} {many_of} without {lacks['what']}"
    return title(findings)


def title(findings: Sequence[Finding]) -> str:
    """The problem, and how many have it where several do."""
    many = len(findings)
    said = findings[0].title
    return said if many == 1 else f"{said} ({many} {noun(findings)})"


def event(change: ItemChange, many: int) -> str:
    """What happened to a thing, in a few words that name no one."""
    kind = change.kind if many == 1 else f"{many} {plural(change.kind)}"
    state = {} if change.after is None else change.after.state
    given = change.turn is Turn.APPEARED or ROLE in change.fields
    if change.kind == "owner" and given:
        return _new("owner", many)
    if change.kind != "pending invitation" and given and state.get(ROLE) in OWNERS:
        # An admin of an organization is its owner on GitHub, and is not on npm.
        on_github = change.place.provider == "github"
        return _new("owner" if on_github else str(state[ROLE]), many)
    if change.turn is Turn.APPEARED:
        public = change.kind == "repository" and state.get("visibility") == PUBLIC
        return _new(f"{'public ' * public}{change.kind}", many)
    if change.turn is Turn.VANISHED:
        return f"{kind} gone"
    if ENFORCEMENT in change.fields:
        now = state.get(ENFORCEMENT)
        return f"{kind} {IN_FORCE.get(now, now)}"
    if change.kind == "repository" and "visibility" in change.fields:
        return f"{kind} {'is' if many == 1 else 'are'} {state.get('visibility')}"
    told_fields = ", ".join(words(field) for field in change.fields)
    return f"{kind} changed: {told_fields}" if told_fields else f"{kind} changed"


def _new(kind: str, many: int) -> str:
    return f"new {kind}" if many == 1 else f"{many} new {plural(kind)}"
