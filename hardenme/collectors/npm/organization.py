"""Reads npm organizations: who is in them, their packages, their teams and what these may do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.npm.asking import Found, fetch, no_token, place, single_of
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.package import inventory
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.facts.npm.names import addressable, scope_of
from hardenme.facts.npm.organization import (
    DEVELOPERS,
    NpmOrganization,
    NpmOrganizationPackages,
    NpmTeam,
    NpmTeamGrants,
    NpmTeamMembers,
)
from hardenme.model.fact import Answer, Fact
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

CLOSED = frozenset({Reason.NOT_PERMITTED, Reason.NOT_VISIBLE})


def _who(organization: str) -> str:
    return f"a member of the npm organization {organization}"


def organization(npm: Npm, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /-/org/{org}/user."""
    kind = NpmOrganization
    yield single_of(npm, kind, scope, _roster(npm, scope) if npm.secret else no_token(npm, kind))


def organizations(npm: Npm, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /-/org/{org}/user for each scope in which the account has a package.

    npm does not list the organizations of an account. A scope whose roster is not visible to the
    account may belong to an organization or a person: it stays, with everything about it unknown.
    """
    if npm.secret is None:
        yield nothing(NpmOrganization, scope, no_token(npm, NpmOrganization))
        return
    (listed,) = inventory(npm, scope, store)
    scopes = {scope_of(grant.subject.name) for grant in listed.facts}
    facts, evidence, missing = [], list(listed.evidence), listed.missing
    for name in sorted(scopes - {"", scope.name}):
        subject = Subject("npm", "org", name)
        found = _roster(npm, subject)
        if isinstance(found, Unknown):
            evidence += found.evidence
            if found.reason not in CLOSED:
                missing = missing or found
            people: Any = dict.fromkeys(read(NpmOrganization, Item({}, "")), found)
        else:
            evidence.append(found[0].atom)
            people = read(NpmOrganization, found[1])
        facts.append(NpmOrganization(**place(npm, subject, scope), **people))
    yield Answer(NpmOrganization, scope, tuple(facts), tuple(evidence), missing)


def _roster(npm: Npm, subject: Subject) -> Found:
    return fetch(npm, NpmOrganization, who=_who(subject.name), org=subject.name)


def _barred(store: FactStore, scope: Subject) -> Unknown | None:
    """Why an organization is closed to the account, where its roster was refused already."""
    fact = store.fact(NpmOrganization, scope)
    why = fact.unknown_fields().get("owners") if fact is not None else None
    return why if why is not None and why.reason in CLOSED and why.evidence else None


def packages(npm: Npm, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /-/org/{org}/package: all that there are, for owners and admins."""
    kind = NpmOrganizationPackages
    barred = _barred(store, scope)
    if barred is not None:
        yield nothing(kind, scope, barred)
        return
    who = f"an owner or admin of the npm organization {scope.name}"
    yield single_of(npm, kind, scope, fetch(npm, kind, who=who, org=scope.name))


def teams(npm: Npm, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /-/org/{org}/team: `@org:team` each, with or without the `@`."""
    barred = _barred(store, scope)
    if barred is not None:
        yield nothing(NpmTeam, scope, barred)
        return
    found = fetch(npm, NpmTeam, who=_who(scope.name), org=scope.name)
    if isinstance(found, Unknown):
        yield nothing(NpmTeam, scope, found)
        return
    response, item = found
    missing: Unknown | None = None
    names = set[str]()
    for text in item.whole:
        owner, _, name = text.removeprefix("@").partition(":")
        if owner == scope.name and addressable(name):
            names.add(name)
        else:
            missing = Unknown(
                Reason.MALFORMED,
                f"teams of {scope.name} in the answer to {item.endpoint}",
                "odd names",
            )
    if DEVELOPERS not in names:
        missing = missing or Unknown(
            Reason.INCOMPLETE,
            f"a list of teams that holds `{DEVELOPERS}`, which every organization has",
            f"{item.endpoint} left it out",
        )
    yield Answer(
        NpmTeam,
        scope,
        tuple(_team(npm, scope, name) for name in sorted(names)),
        (response.atom,),
        missing,
    )


def _team(npm: Npm, scope: Subject, name: str) -> NpmTeam:
    return NpmTeam(**place(npm, Subject("npm", "team", f"{scope.name}/{name}"), scope, name))


def team_members(npm: Npm, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /-/team/{org}/{team}/user."""
    yield _of_team(npm, NpmTeamMembers, scope)


def team_grants(npm: Npm, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /-/team/{org}/{team}/package."""
    yield _of_team(npm, NpmTeamGrants, scope)


def _of_team(npm: Npm, kind: type[Fact], scope: Subject) -> Answer[Any]:
    owner, name = scope.name.split("/", 1)
    found = fetch(npm, kind, who=_who(owner), org=owner, team=name)
    return single_of(npm, kind, scope, found, within=Subject("npm", "org", owner), label=name)


COLLECTORS = (
    Collector("npm organization", (NpmOrganization,), organization, roots=("npm:org",)),
    Collector(
        "npm organizations of an account",
        (NpmOrganization,),
        organizations,
        roots=("npm:user",),
        discovers=True,
    ),
    Collector(
        "npm packages of an organization",
        (NpmOrganizationPackages,),
        packages,
    ),
    Collector("npm teams", (NpmTeam,), teams),
    Collector("npm team members", (NpmTeamMembers,), team_members),
    Collector("npm team grants", (NpmTeamGrants,), team_grants),
)
