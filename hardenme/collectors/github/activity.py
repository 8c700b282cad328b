"""Reads the recent activity of an organization's members and their teams, fifty a query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.people import place_of
from hardenme.collectors.github.refusal import refusal, wanted
from hardenme.collectors.github.role import ROLE_PRICE
from hardenme.collectors.github.roster import ROSTER, Roster, roster
from hardenme.collectors.github.shrinking import HalvedSize, answered, too_much
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github.people import (
    MEMBERS,
    NAMED_TEAMS,
    MemberContributions,
    MemberTeams,
)
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer, Fact
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

ACTIVITY_DAYS = 180
"""How far back is asked for: a year is the most that GitHub answers, and an audit log keeps as long
as this."""
LARGEST = 50
SMALLEST = 5
"""Members a query; where GitHub cannot answer in its ten seconds, half of them are asked for."""
ASKED = "hasAnyContributions restrictedContributionsCount startedAt"


@dataclass(slots=True)
class ActivityRead:
    """What was read about an organization's members.

    Attributes:
        since: the start of the time that was asked for.
        told: by login, the client, the answer with the member and the member's index in it; or why
            there is no such answer.
        evidence: the answers that it was read from.
    """

    since: datetime | None = None
    told: dict[str, tuple[GitHub, Graph, int] | Unknown] = field(default_factory=dict)
    evidence: tuple[Atom, ...] = ()

    def did(self, login: str) -> dict[str, Any]:
        """The fields of `MemberContributions`; any may be unknown."""
        way = ("u{}", "contributionsCollection")
        return self._read(MemberContributions, ("any", "since"), login, way, "the contributions")

    def teams(self, login: str) -> dict[str, Any]:
        """Those of `MemberTeams`."""
        way = ("organization", "t{}")
        return self._read(MemberTeams, ("count", "names"), login, way, "the teams")

    def _read(
        self,
        kind: type[Fact],
        fields: Sequence[str],
        login: str,
        way: tuple[str, str],
        what: str,
    ) -> dict[str, Any]:
        told = self.told[login]
        if isinstance(told, Unknown):
            return dict.fromkeys(fields, told)
        github, graph, place = told
        outer, inner = (name.format(place) for name in way)
        found = Item(graph.data, graph.response.endpoint).item(outer)
        if isinstance(found.data.get(inner), dict):
            return read(kind, found.item(inner))
        why = Unknown(
            Reason.NOT_PERMITTED,
            wanted(MEMBERS, github.kind),
            f"GraphQL left {what} out",
            (graph.response.atom,),
        )
        return dict.fromkeys(fields, why)


def activity(github: GitHub, organization: Subject, store: FactStore) -> ActivityRead:
    """The activity of an organization's members, and their teams; requested once a run."""
    found: ActivityRead = github.memo.get(
        ("activity", organization), lambda: _Reading(github, organization, store).read()
    )
    return found


class _Reading:
    """Asks for the members in batches, smaller ones where they are too much."""

    def __init__(self, github: GitHub, organization: Subject, store: FactStore) -> None:
        self.github = github
        self.organization = organization
        self.roster: Roster = roster(github, organization)
        self.contributions = store.wants(MemberContributions)
        self.teams = store.wants(MemberTeams)
        self.size = HalvedSize(LARGEST, SMALLEST)
        self.found = ActivityRead()
        self.atoms: list[Atom] = []

    def read(self) -> ActivityRead:
        """Everyone; who could not be asked about is unknown, with why."""
        if not self.roster.evidence:
            return self.found
        asked_at = self.roster.evidence[0].observed_at
        self.found.since = asked_at - timedelta(days=ACTIVITY_DAYS)
        waiting = [entry.login for entry in self.roster.entries]
        why: Unknown | None = None
        if self.roster.node_id is None:
            why = self.roster.missing or Unknown(
                Reason.MALFORMED, "an answer that holds the organization's id"
            )
        while waiting and why is None:
            asked, why = self._ask(waiting)
            waiting = waiting[asked:]
        if why is not None:
            self.found.told |= dict.fromkeys(waiting, why)
        self.found.evidence = self._pages(whole=why is None)
        return self.found

    def _ask(self, logins: Sequence[str]) -> tuple[int, Unknown | None]:
        """Ask about the first of them; how many were answered, or why none was."""
        try:
            graph = answered(self.size, lambda size: self._send(logins[:size]))
        except NoAnswerError as error:
            return 0, error.unknown
        if too_much(graph):
            evidence = (graph.response.atom,)
            needed = "run again: GitHub could not answer this in its ten seconds"
            return 0, Unknown(Reason.UNREACHABLE, needed, "too much at once", evidence)
        if not graph.response.ok:
            return 0, refusal(graph.response, MEMBERS, self.github.kind)
        self.atoms.append(graph.response.atom)
        graph = replace(graph, response=replace(graph.response, body=b""))
        batch = logins[: self.size.size]
        for index, login in enumerate(batch):
            self.found.told[login] = (self.github, graph, index)
        return len(batch), None

    def _send(self, logins: Sequence[str]) -> Graph:
        """One query about some."""
        variables: dict[str, Any] = {f"l{index}": login for index, login in enumerate(logins)}
        head = "".join(f", $l{index}: String!" for index in range(len(logins)))
        if self.contributions:
            head += ", $id: ID!, $from: DateTime!"
            variables["id"] = self.roster.node_id
            since = self.found.since
            variables["from"] = since.strftime("%Y-%m-%dT%H:%M:%SZ") if since else ""
        document = f"query MemberActivity($login: String!{head}) {{ {self._body(len(logins))} }}"
        variables["login"] = self.organization.name
        return self.github.graphql(document, variables, again=len(logins) <= SMALLEST)

    def _body(self, count: int) -> str:
        body = "organization(login: $login) { id "
        if self.teams:
            body += " ".join(
                f"t{index}: teams(userLogins: [$l{index}], first: {NAMED_TEAMS})"
                " { totalCount nodes { slug } }"
                for index in range(count)
            )
        body += " } "
        if self.contributions:
            body += " ".join(
                f"u{index}: user(login: $l{index})"
                f" {{ contributionsCollection(organizationID: $id, from: $from) {{ {ASKED} }} }}"
                for index in range(count)
            )
        return body

    def _pages(self, *, whole: bool) -> tuple[Atom, ...]:
        if not self.atoms:
            return self.roster.evidence
        last, count = self.atoms[-1], len(self.atoms)
        name = f"{last.endpoint} activity of the members of {self.organization.name}"
        own = Atom(name, last.status, last.observed_at, count, count if whole else None)
        return (own, *self.roster.evidence)


def contributions_and_teams(
    github: GitHub, scope: Subject, store: FactStore
) -> Iterator[Answer[Any]]:
    """What each member did, and the teams of each."""
    members, found = roster(github, scope), activity(github, scope, store)
    places = {
        entry.login: place_of(github, scope, "member", entry.login) for entry in members.entries
    }
    if store.wants(MemberContributions):
        did = tuple(
            MemberContributions(**place, **found.did(login)) for login, place in places.items()
        )
        yield Answer(MemberContributions, scope, did, found.evidence, members.missing)
    if store.wants(MemberTeams):
        teams = tuple(MemberTeams(**place, **found.teams(login)) for login, place in places.items())
        yield Answer(MemberTeams, scope, teams, found.evidence, members.missing)


ACTIVITY = Price(
    Per.MEMBERS,
    "graphql",
    page=LARGEST,
    once="activity in {owner}",
    endpoint="POST /graphql user.contributionsCollection(organizationID)",
)
COLLECTORS = (
    Collector(
        "members' activity and teams",
        (MemberContributions, MemberTeams),
        contributions_and_teams,
        priced=(ACTIVITY, ROSTER, ROLE_PRICE),
    ),
)
