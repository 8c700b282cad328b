"""Reads npm organizations: who is in them, their packages, their teams and what these may do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.book import Book
from hardenme.collectors.npm.access import levels, refused
from hardenme.collectors.npm.asking import fetch, no_token, nothing, place
from hardenme.collectors.npm.client import Npm, refusal
from hardenme.collectors.npm.names import addressable, no_name, scope_of, segment
from hardenme.collectors.npm.package import inventory
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.facts.npm.organization import (
    DEVELOPERS,
    NpmOrganization,
    NpmOrganizationPackages,
    NpmTeam,
    NpmTeamGrants,
    NpmTeamMembers,
)
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer, Fact
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

ROLES = {
    "owner": "owners",
    "super-admin": "owners",
    "admin": "admins",
    "team-admin": "admins",
    "developer": "developers",
}
"""Where somebody of a role stands; two of the words are npm's of old.

Source: npm's pages on the roles of organizations, and those of its client on `npm org`.
"""
CLOSED = frozenset({Reason.NOT_PERMITTED, Reason.NOT_VISIBLE})


def _who(organization: str) -> str:
    return f"somebody who is in the npm organization {organization}"


def organization(npm: Npm, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /-/org/{org}/user."""
    if npm.secret is None:
        yield nothing(NpmOrganization, scope, no_token(npm, NpmOrganization))
        return
    fact, evidence = _roster(npm, scope, scope)
    if isinstance(fact, Unknown):
        yield nothing(NpmOrganization, scope, fact)
        return
    yield Answer(NpmOrganization, scope, (fact,), evidence)


def organizations(npm: Npm, scope: Subject, book: Book) -> Iterator[Answer[Any]]:
    """GET /-/org/{org}/user for each scope in which the account has a package.

    npm does not tell which organizations somebody is in. A scope whose roster is kept from the
    account may be an organization or a person's: it stays, with all of it unknown.
    """
    if npm.secret is None:
        yield nothing(NpmOrganization, scope, no_token(npm, NpmOrganization))
        return
    (listed,) = inventory(npm, scope, book)
    scopes = {scope_of(grant.subject.name) for grant in listed.facts}
    facts, evidence, missing = [], list(listed.evidence), listed.missing
    for name in sorted(scopes - {"", scope.name}):
        subject = Subject("npm", "org", name)
        fact, atoms = _roster(npm, subject, scope)
        evidence += atoms
        if isinstance(fact, Unknown):
            if fact.reason not in CLOSED:
                missing = missing or fact
            fact = _fact(npm, subject, scope, dict.fromkeys(ROLES.values(), fact))
        facts.append(fact)
    yield Answer(NpmOrganization, scope, tuple(facts), tuple(evidence), missing)


def _roster(
    npm: Npm, subject: Subject, within: Subject
) -> tuple[NpmOrganization | Unknown, tuple[Atom, ...]]:
    if not addressable(subject.name):
        return no_name("an organization"), ()
    needs = NpmOrganization.requirement
    found = fetch(npm, f"/-/org/{segment(subject.name)}/user", needs, "org")
    if isinstance(found, Unknown):
        return refused(found, needs, _who(subject.name)), found.evidence
    response, item = found
    return _fact(npm, subject, within, _by_role(item)), (response.atom,)


def _fact(npm: Npm, subject: Subject, within: Subject, people: dict[str, Any]) -> NpmOrganization:
    return NpmOrganization(**place(npm, subject, within), name=subject.name, **people)


def _by_role(item: Item) -> dict[str, Any]:
    """The people by where they stand; one whose role is not known may be anything."""
    found: dict[str, set[str]] = {field: set() for field in ROLES.values()}
    why: Unknown | None = None
    for name, role in item.data.items():
        if not addressable(name):
            why = item.odd("a name")
        elif not isinstance(role, str) or role not in ROLES:
            why = item.odd(name)
        else:
            found[ROLES[role]].add(name)
    if not found["owners"]:
        # Every organization has an owner: a roster without one is not all of it.
        why = why or Unknown(
            Reason.NOT_VISIBLE, f"an answer to {item.endpoint} that names an owner", "no owner"
        )
    return {field: why or tuple(sorted(names)) for field, names in found.items()}


def _barred(book: Book, scope: Subject) -> Unknown | None:
    """Why an organization is closed to the account, where its roster was refused already."""
    fact = book.fact(NpmOrganization, scope)
    why = fact.unknown_fields().get("owners") if fact is not None else None
    return why if why is not None and why.reason in CLOSED and why.evidence else None


def packages(npm: Npm, scope: Subject, book: Book) -> Iterator[Answer[Any]]:
    """GET /-/org/{org}/package: all that there are, for owners and admins."""
    kind = NpmOrganizationPackages
    barred = _barred(book, scope)
    if barred is not None:
        yield nothing(kind, scope, barred)
        return
    found = fetch(npm, f"/-/org/{segment(scope.name)}/package", kind.requirement, "access")
    if isinstance(found, Unknown):
        who = f"an owner or admin of the npm organization {scope.name}"
        yield nothing(kind, scope, refused(found, kind.requirement, who))
        return
    response, item = found
    writes, reads = levels(item)
    names: Any = writes if isinstance(writes, Unknown) else tuple(sorted((*writes, *reads)))
    yield Answer(kind, scope, (kind(**place(npm, scope), names=names),), (response.atom,))


def teams(npm: Npm, scope: Subject, book: Book) -> Iterator[Answer[Any]]:
    """GET /-/org/{org}/team: `@org:team` each, with or without the `@`."""
    barred = _barred(book, scope)
    if barred is not None:
        yield nothing(NpmTeam, scope, barred)
        return
    path = f"/-/org/{segment(scope.name)}/team"
    found = _listed(npm, path, NpmTeam, scope.name)
    if isinstance(found, Unknown):
        yield nothing(NpmTeam, scope, found)
        return
    response, texts = found
    missing: Unknown | None = None
    names = set[str]()
    for text in texts:
        owner, _, name = text.removeprefix("@").partition(":")
        if owner == scope.name and addressable(name):
            names.add(name)
        else:
            missing = Unknown(
                Reason.MALFORMED, f"teams of {scope.name} in the answer to GET {path}", "odd names"
            )
    if DEVELOPERS not in names:
        missing = missing or Unknown(
            Reason.INCOMPLETE,
            f"a list of teams that holds `{DEVELOPERS}`, which every organization has",
            f"GET {path} left it out",
        )
    yield Answer(
        NpmTeam,
        scope,
        tuple(_team(npm, scope, name) for name in sorted(names)),
        (response.atom,),
        missing,
    )


def _team(npm: Npm, scope: Subject, name: str) -> NpmTeam:
    subject = Subject("npm", "team", f"{scope.name}/{name}")
    return NpmTeam(**place(npm, subject, scope, name), organization=scope.name, name=name)


def _listed(
    npm: Npm, path: str, kind: type[Fact], organization: str
) -> tuple[Response, list[str]] | Unknown:
    """A list of texts, or why there is none."""
    try:
        response = npm.get(f"{path}?format=cli", "team")
        if not response.ok:
            why = refusal(response, kind.requirement)
            return refused(why, kind.requirement, _who(organization))
        data = response.json()
    except NoAnswerError as error:
        return error.unknown
    if "rel=" in response.headers.get("link", ""):
        # npm gives these lists whole; what names further pages is part of one.
        return Unknown(
            Reason.INCOMPLETE,
            f"all of GET {path} in one answer",
            "it names further pages",
            (response.atom,),
        )
    if isinstance(data, list) and all(isinstance(text, str) for text in data):
        return response, data
    return Unknown(
        Reason.MALFORMED,
        f"GET {path} must answer with a list of names",
        evidence=(response.atom,),
    )


def team_members(npm: Npm, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /-/team/{org}/{team}/user."""
    owner, name = scope.name.split("/", 1)
    path = f"/-/team/{segment(owner)}/{segment(name)}/user"
    found = _listed(npm, path, NpmTeamMembers, owner)
    if isinstance(found, Unknown):
        yield nothing(NpmTeamMembers, scope, found)
        return
    response, texts = found
    people: Any = tuple(sorted(set(texts)))
    if not all(map(addressable, texts)):
        people = Unknown(Reason.MALFORMED, f"accounts in the answer to GET {path}", "odd names")
    fact = NpmTeamMembers(
        **place(npm, scope, Subject("npm", "org", owner), name),
        organization=owner,
        team=name,
        members=people,
    )
    yield Answer(NpmTeamMembers, scope, (fact,), (response.atom,))


def team_grants(npm: Npm, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /-/team/{org}/{team}/package."""
    owner, name = scope.name.split("/", 1)
    needs = NpmTeamGrants.requirement
    found = fetch(npm, f"/-/team/{segment(owner)}/{segment(name)}/package", needs, "access")
    if isinstance(found, Unknown):
        yield nothing(NpmTeamGrants, scope, refused(found, needs, _who(owner)))
        return
    response, item = found
    writes, reads = levels(item)
    fact = NpmTeamGrants(
        **place(npm, scope, Subject("npm", "org", owner), name),
        organization=owner,
        team=name,
        writes=writes,
        reads=reads,
    )
    yield Answer(NpmTeamGrants, scope, (fact,), (response.atom,))


OF_ORGANIZATION = (NpmOrganization,)
OF_TEAM = (NpmTeam,)
COLLECTORS = (
    Collector("npm organization", "npm", (NpmOrganization,), organization, roots=("npm:org",)),
    Collector(
        "npm organizations of an account",
        "npm",
        (NpmOrganization,),
        organizations,
        roots=("npm:user",),
        discovers=True,
    ),
    Collector(
        "npm packages of an organization",
        "npm",
        (NpmOrganizationPackages,),
        packages,
        of=OF_ORGANIZATION,
    ),
    Collector("npm teams", "npm", (NpmTeam,), teams, of=OF_ORGANIZATION),
    Collector("npm team members", "npm", (NpmTeamMembers,), team_members, of=OF_TEAM),
    Collector("npm team grants", "npm", (NpmTeamGrants,), team_grants, of=OF_TEAM),
)
