"""Reads which organization roles there are, and who holds those that change something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import why_not_whole
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.declared import list_of
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item, all_known
from hardenme.facts.github.organization_roles import (
    NO_CHANGE,
    OrganizationRole,
    OrganizationRoleTeams,
    OrganizationRoleUsers,
    RoleTeam,
    RoleUser,
    gives,
)
from hardenme.facts.github.site import GitHubFact
from hardenme.model.fact import Answer
from hardenme.model.statement import attest_command
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

QUESTION = "Do only owners hold the organization roles that can change repositories or settings?"
REFUSED = frozenset({Reason.NOT_PERMITTED, Reason.NOT_VISIBLE})
UNPROCESSABLE = 422
"""What GitHub answers where the feature is off: whether no one holds a role is not shown then."""


def roles(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}/organization-roles; where it is refused, a person can look."""
    found = list_of(github, OrganizationRole, scope)
    yield replace(found, missing=_answerable(github, scope, found))


def _answerable(github: GitHub, scope: Subject, found: Answer[OrganizationRole]) -> Unknown | None:
    """Why the list is not known, with the question in its place if it was refused."""
    why = found.missing
    off = [atom for atom in found.evidence if atom.status == UNPROCESSABLE]
    if why is None or not (off or why.reason in REFUSED):
        return why
    page = GitHubFact(subject=scope, within=scope, web=github.web).page("org-roles", org=scope.name)
    command = attest_command(OrganizationRole.asked_by, scope)
    reason = Reason.NOT_VISIBLE if off else why.reason
    needed = "organization roles, which GitHub does not show here" if off else why.needed
    needed = f"{needed}; or your answer: {QUESTION} Record it with {command}"
    return replace(why, reason=reason, needed=needed, question=(QUESTION, page))


def holders(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """The people and the teams that hold a role, where it can change something."""
    kinds = (OrganizationRoleUsers, OrganizationRoleTeams)
    role = store.fact(OrganizationRole, scope)
    if role is None:
        why = Unknown(Reason.NOT_ASKED, "the organization role")
        yield from (nothing(kind, scope, why) for kind in kinds)
        return
    lost = role.unknown_fields().get("number")
    if lost is not None:
        yield from (nothing(kind, scope, lost) for kind in kinds)
        return
    evidence = store.evidence(OrganizationRole, scope)
    if gives(role) == NO_CHANGE:
        yield from (Answer(kind, scope, (), evidence) for kind in kinds)
        return
    place = {"subject": scope, "within": role.within, "label": role.label, "web": github.web}
    yield _users(github, role, place)
    yield _teams(github, role, place)


def _users(
    github: GitHub, role: OrganizationRole, place: dict[str, Any]
) -> Answer[OrganizationRoleUsers]:
    kind = OrganizationRoleUsers
    rows, missing, evidence = _rows(github, role, kind, RoleUser)
    if missing is not None:
        return Answer(kind, role.subject, (), evidence, missing)
    ways = {row["login"]: row["assignment"] for row in rows}
    fact = kind(
        **place,
        direct=tuple(sorted(one for one, way in ways.items() if way != "indirect")),
        by_team=tuple(sorted(one for one, way in ways.items() if way == "indirect")),
    )
    return Answer(kind, role.subject, (fact,), evidence)


def _teams(
    github: GitHub, role: OrganizationRole, place: dict[str, Any]
) -> Answer[OrganizationRoleTeams]:
    kind = OrganizationRoleTeams
    rows, missing, evidence = _rows(github, role, kind, RoleTeam)
    if missing is not None:
        return Answer(kind, role.subject, (), evidence, missing)
    fact = kind(
        **place,
        slugs=tuple(sorted({row["slug"] for row in rows})),
        above=tuple(sorted({row["slug"] for row in rows if row["kind"] == "enterprise"})),
    )
    return Answer(kind, role.subject, (fact,), evidence)


def _rows(
    github: GitHub, role: OrganizationRole, kind: type[Any], part: type[Any]
) -> tuple[list[dict[str, Any]], Unknown | None, tuple[Any, ...]]:
    """The rows of a list of holders, why they are not all known, and the evidence."""
    path = kind.endpoint.at(role.within.name, role_id=role.number)
    listing = github.pages(path, counted=kind.endpoint.counted)
    rows = [read(part, Item(raw, f"GET {path}")) for raw in listing.items]
    values: list[Any] = [value for row in rows for value in row.values()]
    missing = why_not_whole(listing, kind.requirement, github.kind) or all_known(values)
    return rows, missing, listing.evidence


def _asked(github: GitHub, owner: Subject) -> int:
    """How many roles of an organization have holders to ask for."""
    if owner.kind != "org":
        return 0
    return sum(gives(one) != NO_CHANGE for one in list_of(github, OrganizationRole, owner).facts)


COLLECTORS = (
    Collector("organization roles", (OrganizationRole,), roles),
    Collector(
        "holders of organization roles",
        (OrganizationRoleUsers, OrganizationRoleTeams),
        holders,
        priced=(
            Price(Per.ITEM, counted=_asked),
            Price(
                Per.ITEM,
                counted=_asked,
                what="teams with organization roles",
                endpoint=OrganizationRoleTeams.source,
            ),
        ),
    ),
)
