"""The lists naming people that were not completely read, each with what it takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hardenme.derive.holders.seen import SeenAccounts
from hardenme.model.finding import Attested
from hardenme.model.inventory import ALL_REPOSITORIES, REPOSITORY, ROLE, ROLE_TEAM, ROLE_USER, Place
from hardenme.model.report import LEFT_OUT, Report
from hardenme.model.subject import Subject

CONTAINERS: Mapping[str, Mapping[str, str]] = {
    "github:org": {
        REPOSITORY: "repositories",
        ALL_REPOSITORIES: "repositories that the token does not show",
    },
    "github:user": {REPOSITORY: "repositories"},
    "npm:user": {"package": "packages"},
    "npm:org": {"package": "packages"},
}
"""The lists of what the others lie in, by the kind of place."""
ROLES = {ROLE: "organization roles", ROLE_USER: "people with organization roles"}
"""The lists of organization roles, which a person's answer can replace."""
ASKED_BY = "GHO133"
LISTS: Mapping[str, Mapping[str, str]] = {
    "github:org": {
        "member": "members",
        "outside collaborator": "outside collaborators",
        "pending invitation": "invitations",
        "app": "apps",
        "fine-grained token of a member": "members' fine-grained tokens",
        "secret": "secrets",
        "Dependabot secret": "Dependabot secrets",
    },
    "github:repo": {
        "deploy key": "deploy keys",
        "outside collaborator": "outside collaborators",
        "pending invitation": "invitations",
        "secret": "secrets",
    },
    "npm:user": {"npm token": "npm tokens"},
    "npm:org": {"member": "members"},
    "npm:package": {"maintainer": "maintainers", "trusted publisher": "trusted publishers"},
}
"""The lists of who and what could do harm, by the kind of place."""
PROVIDERS = {"github": "GitHub", "npm": "npm"}
MOST = 10
"""Repositories that are named."""
NOT_ASKED = "run with --depth deep, and name it as a target"


def unread(
    report: Report, seen: SeenAccounts, lists: Mapping[str, Mapping[str, str]] = LISTS
) -> Iterator[str]:
    """What was not read to its end, the lists of repositories and packages first."""
    yield from _places(seen, CONTAINERS, _targets(report))
    yield from _skipped(report, seen)
    yield from _owners(seen)
    yield from _places(seen, lists, frozenset(seen.places))
    yield from _roles(report, seen)
    for subject in seen.places:
        if count := seen.without_role(subject):
            people = _counted(count, "member", "members")
            yield f"whether {people} of {subject.name} own it: run again, or its page of people"
    unknown = [str(name) for name, found in seen.pushers.items() if found is None]
    if unknown:
        yield f"who can push to {_listed(unknown)}: a repository admin's token"


def _listed(names: Iterable[str]) -> str:
    """Repositories by name: their number, and the names of the first of them."""
    found = sorted(names)
    more = f" and {len(found) - MOST:,} more" if len(found) > MOST else ""
    return f"{_counted(len(found))} ({', '.join(found[:MOST])}{more})"


def _counted(number: int, one: str = "repository", more: str = "repositories") -> str:
    return f"1 {one}" if number == 1 else f"{number:,} {more}"


def _targets(report: Report) -> frozenset[Subject]:
    """The places that are targets: the contents of others are not requested."""
    named = {one.lower() for one in report.targets}
    return frozenset(
        place.subject
        for place in report.inventory
        if ("me" in named and place.subject.kind == "user")
        or f"github:{place.subject.name.lower()}" in named
        or f"npm:@{place.subject.name.lower()}" in named
    )


def _places(
    seen: SeenAccounts, lists: Mapping[str, Mapping[str, str]], wanted: frozenset[Subject]
) -> Iterator[str]:
    """Lists by what they need, most places first; of places that are not wanted, those asked."""
    gaps: dict[tuple[str, str], int] = {}
    for subject, place in seen.places.items():
        for kind, plural in lists.get(f"{subject.provider}:{subject.kind}", {}).items():
            needed = _lacking(place, kind)
            if kind not in place.lists and subject not in wanted:
                continue
            if needed is not None and not _elsewhere(seen, subject, kind):
                gaps[plural, needed] = gaps.get((plural, needed), 0) + 1
    for (plural, needed), count in sorted(gaps.items(), key=lambda one: (-one[1], one[0])):
        where = "1 place" if count == 1 else f"{count:,} places"
        yield f"{plural} of {where}: {needed}"


def _lacking(place: Place, kind: str) -> str | None:
    """What it takes to read a list; None if it was read to its end."""
    if kind not in place.lists:
        return NOT_ASKED
    why = place.lists[kind]
    return None if why is None else why.needed


def _elsewhere(seen: SeenAccounts, subject: Subject, kind: str) -> bool:
    """Whether there is no such list: a person's repository names its collaborators as pushers."""
    personal = subject.kind == "repo" and seen.is_personal(subject.name)
    return kind == "outside collaborator" and personal


def _skipped(report: Report, seen: SeenAccounts) -> Iterator[str]:
    """Repositories that are listed and of which nothing came, although no one left them out."""
    _, lost = _without_place(seen)
    if lost and not _is_filtered(report):
        yield f"{_counted(lost)} that were listed: run again"


def _without_place(seen: SeenAccounts) -> tuple[int, int]:
    """How many repositories are listed and were not looked at: archived ones, and others."""
    archived = others = 0
    for place in seen.places.values():
        if place.subject.kind == "repo":
            continue
        for item in place.items:
            if item.kind == REPOSITORY and item.subject not in seen.places:
                gone = item.state.get("archived") is True
                archived, others = archived + gone, others + (not gone)
    return archived, others


def _is_filtered(report: Report) -> bool:
    return any(LEFT_OUT in note for note in report.coverage.notes)


def left_out(report: Report) -> tuple[str, ...]:
    """What the user left out of a run, or what a run leaves out unless it is asked."""
    return tuple(note for note in report.coverage.notes if LEFT_OUT in note)


def _owners(seen: SeenAccounts) -> Iterator[str]:
    """Organizations, and owners of unknown kind, whose members were not read."""
    read_from = {name.lower() for name in seen.owners}
    owners = {name.partition("/")[0] for name in seen.pushers}
    for owner in sorted(owners):
        if owner.lower() in read_from or seen.organizations.get(owner.lower()) is False:
            continue
        yield f"who owns {owner}: name github:{owner} as a target"


def _roles(report: Report, seen: SeenAccounts) -> Iterator[str]:
    """Organization roles: one line a reason, unless a person answered for the organization."""
    answered = {
        one.subject
        for one in report.findings
        if one.code == ASKED_BY and isinstance(one.outcome, Attested)
    }
    gaps: dict[str, list[str]] = {}
    for subject, place in seen.places.items():
        if (subject.provider, subject.kind) != ("github", "org") or subject in answered:
            continue
        lacking = (_lacking(place, kind) for kind in ROLES)
        needed = next((text for text in lacking if text is not None), None)
        if needed is not None:
            gaps.setdefault(needed, []).append(subject.name)
        yield from _teams(seen, place)
    for needed, names in sorted(gaps.items()):
        yield f"organization roles of {', '.join(names)}: {needed}"


def _teams(seen: SeenAccounts, place: Place) -> Iterator[str]:
    """Teams with a role that no person is shown to hold through a team."""
    held = seen.roles.get(place.subject.name, ())
    through = {one.number for one in held if one.by_team}
    for item in place.items:
        if item.kind == ROLE_TEAM and str(item.state.get("number")) not in through:
            role = item.state.get("role")
            yield f"members of the team {item.label}, which has the role {role}: the team's page"


def unjudged(seen: SeenAccounts) -> Iterator[str]:
    """Repositories of which it is not known whether rules stop anyone who can push."""
    if seen.unjudged:
        where = _listed(seen.unjudged)
        yield (
            f"whether rules stop those who can push to {where}: a repository admin's token, and a"
            " run with the checks GHB101 and GHB110"
        )


def read(report: Report) -> set[str]:
    """The providers of whom at least one thing or one list was read."""
    return {
        place.subject.provider
        for place in report.inventory
        if place.items or None in place.lists.values()
    }


def absent(report: Report) -> Iterator[str]:
    """The providers and targets of which nothing was read, or that are not there."""
    for provider, name in PROVIDERS.items():
        asked = any(one == "me" or one.startswith(f"{provider}:") for one in report.targets)
        if asked and provider not in read(report):
            yield f"everything on {name}: a token for {name} that sees it"
    for name, wanted in report.absent.items():
        yield f"everything of {name}: {wanted}"
    if report.halted is not None or report.partial:
        yield "what the run did not get to: run again"
