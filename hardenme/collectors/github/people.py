"""Reads who belongs to an organization, who works on it from outside, and who was invited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import place, why_not_whole
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.pages import MOST_PAGES, PER_PAGE
from hardenme.collectors.github.role import ROLE_PRICE, AccountRole, account_role
from hardenme.collectors.github.roster import ROSTER, ListedMember, roster
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item, all_known
from hardenme.facts.github import endpoints
from hardenme.facts.github.people import (
    MEMBERS_AS_OWNER,
    MemberTwoFactor,
    MemberTwoFactorMethod,
    OrganizationMember,
    OutsideCollaborators,
    OutsideTwoFactor,
)
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer, Endpoint
from hardenme.model.maybe import negate
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown


def place_of(github: GitHub, organization: Subject, kind: str, name: str) -> dict[str, Any]:
    """The fields that a fact about a person of an organization begins with."""
    subject = Subject("github", kind, f"{organization.name}/{name}")
    return {"subject": subject, "within": organization, "label": name, "web": github.web}


def _member(github: GitHub, scope: Subject, entry: ListedMember) -> dict[str, Any]:
    return place_of(github, scope, "member", entry.login)


class _Named:
    """The people that a list with a filter names.

    Who is not on it is known to be none of them only where the whole list was read by an owner.

    Attributes:
        evidence: the answers behind it.
    """

    def __init__(self, github: GitHub, scope: Subject, endpoint: Endpoint) -> None:
        path = endpoint.at(scope.name)
        place = account_role(github, scope)
        listing = github.pages(path, counted=endpoint.counted)
        missing = why_not_whole(listing, MEMBERS_AS_OWNER, github.kind)
        names: list[Any] = [Item(raw, f"GET {path}").text("login") for raw in listing.items]
        self._names = {name.lower() for name in names if isinstance(name, str)}
        self._otherwise: Unknown | None = missing or all_known(names) or _not_owner(place)
        self.evidence: tuple[Atom, ...] = (*listing.evidence, *place.evidence)

    def holds(self, login: str) -> Any:
        """Whether someone is on it; an unknown if that is not known."""
        if login.lower() in self._names:
            return True
        return False if self._otherwise is None else self._otherwise


def _not_owner(place: AccountRole) -> Unknown | None:
    return None if place.owner else place.lacks(MEMBERS_AS_OWNER)


def members(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """The members with their roles, and whether each has 2FA.

    GraphQL leaves 2FA null if the account must not see it. The list of those without one answers
    then, if it is shown.
    """
    found = roster(github, scope)
    people = tuple(
        OrganizationMember(**_member(github, scope, entry), **read(OrganizationMember, entry.edge))
        for entry in found.entries
    )
    yield Answer(OrganizationMember, scope, people, found.evidence, found.missing)
    factors = [read(MemberTwoFactor, entry.edge) for entry in found.entries]
    evidence = found.evidence
    if any(isinstance(factor["enabled"], Unknown) for factor in factors):
        without = _Named(github, scope, endpoints.WITHOUT_FACTOR)
        evidence = (*evidence, *without.evidence)
        for entry, factor in zip(found.entries, factors, strict=True):
            if isinstance(factor["enabled"], Unknown):
                factor["enabled"] = negate(without.holds(entry.login))
    facts = tuple(
        MemberTwoFactor(**_member(github, scope, entry), **factor)
        for entry, factor in zip(found.entries, factors, strict=True)
    )
    yield Answer(MemberTwoFactor, scope, facts, tuple(dict.fromkeys(evidence)), found.missing)


def methods(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}/members with both filters, compared with the list of all members."""
    found = roster(github, scope)
    if not found.entries:
        yield Answer(MemberTwoFactorMethod, scope, (), found.evidence, found.missing)
        return
    disabled = _Named(github, scope, endpoints.WITHOUT_FACTOR)
    insecure = _Named(github, scope, endpoints.INSECURE)
    facts = tuple(
        MemberTwoFactorMethod(
            **_member(github, scope, entry),
            **read(MemberTwoFactorMethod, entry.edge),
            disabled=_without(entry, disabled),
            insecure=insecure.holds(entry.login),
        )
        for entry in found.entries
    )
    evidence = (*found.evidence, *disabled.evidence, *insecure.evidence)
    evidence = tuple(dict.fromkeys(evidence))
    yield Answer(MemberTwoFactorMethod, scope, facts, evidence, found.missing)


def _without(entry: ListedMember, disabled: _Named) -> Any:
    """Whether a member has no 2FA: where GraphQL shows it too, both have to agree."""
    found, factor = disabled.holds(entry.login), entry.edge.data.get("hasTwoFactorEnabled")
    if isinstance(found, bool) and isinstance(factor, bool) and found == factor:
        return Unknown(
            Reason.INCOMPLETE,
            "two answers about 2FA that agree; run again",
            f"one answer says that {entry.login} has 2FA, the other that it has none",
            disabled.evidence,
        )
    return found


def outsiders(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}/outside_collaborators, and the same with both filters."""
    path = endpoints.OUTSIDE.at(scope.name)
    held, listing = (
        account_role(github, scope),
        github.pages(path, counted=endpoints.OUTSIDE.counted),
    )
    missing = why_not_whole(listing, MEMBERS_AS_OWNER, github.kind)
    people = [Item(raw, f"GET {path}") for raw in listing.items]
    names: list[Any] = [person.text("login") for person in people]
    numbers = [
        person.number("id")
        for person, name in zip(people, names, strict=True)
        if isinstance(name, str)
    ]
    missing = missing or all_known(names)
    if missing is None and not held.manages:
        missing = held.lacks(MEMBERS_AS_OWNER)
    logins = tuple(name for name in names if isinstance(name, str))
    evidence = (*listing.evidence, *held.evidence)
    if logins or missing is None:
        accounts: Any = all_known(numbers) or tuple(numbers)
        fact = OutsideCollaborators(**place(github, scope), logins=logins, accounts=accounts)
        yield Answer(OutsideCollaborators, scope, (fact,), evidence, missing)
    else:
        yield Answer(OutsideCollaborators, scope, (), evidence, missing)
    if not store.wants(OutsideTwoFactor):
        return
    facts = []
    if logins:
        disabled = _Named(github, scope, endpoints.OUTSIDE_WITHOUT_FACTOR)
        insecure = _Named(github, scope, endpoints.OUTSIDE_INSECURE)
        evidence = (*evidence, *disabled.evidence, *insecure.evidence)
        facts = [
            OutsideTwoFactor(
                **place_of(github, scope, "outside-collaborator", name)
                | {
                    "account": number,
                    "enabled": negate(disabled.holds(name)),
                    "insecure": insecure.holds(name),
                }
            )
            for name, number in zip(logins, numbers, strict=True)
        ]
    atoms = tuple(dict.fromkeys(evidence))
    yield Answer(OutsideTwoFactor, scope, tuple(facts), atoms, missing)


FILTERED = Price(at_most=True, wanted=(OutsideTwoFactor,))
WITHOUT = Price(
    Per.MEMBERS,
    page=PER_PAGE,
    looks_back=MOST_PAGES,
    at_most=True,
    at_least=1,
    once="without 2FA in {owner}",
    endpoint=endpoints.WITHOUT_FACTOR.source,
)
COLLECTORS = (
    Collector(
        "organization members",
        (OrganizationMember, MemberTwoFactor),
        members,
        priced=(ROSTER, ROLE_PRICE, replace(WITHOUT, at_least=0)),
    ),
    Collector(
        "organization members' 2FA methods",
        (MemberTwoFactorMethod,),
        methods,
        priced=(
            WITHOUT,
            replace(
                WITHOUT,
                once="insecure in {owner}",
                endpoint=endpoints.INSECURE.source,
            ),
            ROSTER,
            ROLE_PRICE,
        ),
    ),
    Collector(
        "outside collaborators",
        (OutsideCollaborators, OutsideTwoFactor),
        outsiders,
        priced=(
            Price(endpoint=endpoints.OUTSIDE.source),
            replace(FILTERED, endpoint=endpoints.OUTSIDE_WITHOUT_FACTOR.source),
            replace(FILTERED, endpoint=endpoints.OUTSIDE_INSECURE.source),
            ROLE_PRICE,
        ),
    ),
)
