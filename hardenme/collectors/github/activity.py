"""Reads what the members of an organization did lately, and their teams, fifty members a query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hardenme.collectors.book import Book
from hardenme.collectors.github.batch.query import TIMED_OUT, too_much
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.people import ORGANIZATION, place_of
from hardenme.collectors.github.refusal import refusal, wanted
from hardenme.collectors.github.roster import ROSTER, Roster, roster
from hardenme.collectors.github.standing import STANDING
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item, all_known
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github.people import MEMBERS, MemberContributions, MemberTeams
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

ACTIVITY_DAYS = 180
"""How far back is asked for: a year is the most that GitHub answers, and an audit log keeps as long
as this."""
LARGEST = 50
SMALLEST = 5
"""Members a query; where GitHub cannot answer in its ten seconds, half of them are asked for."""
DID = "hasAnyContributions restrictedContributionsCount startedAt"
TEAMS = 10
"""Teams that are named; all of them are counted."""


@dataclass(slots=True)
class Activity:
    """What was read of an organization's members.

    Attributes:
        since: the start of the time that was asked for.
        did: by login, whether a contribution is seen and since when it was looked for; either may
            be unknown.
        teams: by login, how many teams and the names of the first ones.
        evidence: the answers that it was read from.
    """

    since: datetime | None = None
    did: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    teams: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    evidence: tuple[Atom, ...] = ()


def activity(github: GitHub, organization: Subject, book: Book) -> Activity:
    """What the members of an organization did, and their teams; asked once a run."""
    found: Activity = github.memo.get(
        ("activity", organization), lambda: _Reading(github, organization, book).read()
    )
    return found


class _Reading:
    """Asks for the members in batches, smaller ones where they are too much."""

    def __init__(self, github: GitHub, organization: Subject, book: Book) -> None:
        self.github = github
        self.organization = organization
        self.roster: Roster = roster(github, organization)
        self.contributions = book.wants(MemberContributions)
        self.teams = book.wants(MemberTeams)
        self.size = LARGEST
        self.found = Activity()
        self.atoms: list[Atom] = []

    def read(self) -> Activity:
        """Everybody; who could not be asked about is unknown, with why."""
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
            size = self.size
            batch = waiting[:size]
            why = self._ask(batch)
            if why is None:
                waiting = waiting[size:]
            elif self._shrunk(size, why):
                why = None
        for login in waiting if why is not None else ():
            self.found.did[login] = self.found.teams[login] = (why, why)
        self.found.evidence = self._pages(whole=why is None)
        return self.found

    def _shrunk(self, size: int, why: Unknown) -> bool:
        if why.reason not in TIMED_OUT or size <= SMALLEST:
            return False
        self.size = max(SMALLEST, size // 2)
        return True

    def _ask(self, logins: Sequence[str]) -> Unknown | None:
        """One query; why it gave nothing."""
        variables: dict[str, Any] = {f"l{index}": login for index, login in enumerate(logins)}
        head = "".join(f", $l{index}: String!" for index in range(len(logins)))
        if self.contributions:
            head += ", $id: ID!, $from: DateTime!"
            variables["id"] = self.roster.node_id
            since = self.found.since
            variables["from"] = since.strftime("%Y-%m-%dT%H:%M:%SZ") if since else ""
        document = f"query MemberActivity($login: String!{head}) {{ {self._body(len(logins))} }}"
        variables["login"] = self.organization.name
        try:
            again = len(logins) <= SMALLEST
            graph = self.github.graphql(document, variables, again=again)
        except NoAnswerError as error:
            return error.unknown
        if too_much(graph):
            evidence = (graph.response.atom,)
            needed = "run again: GitHub could not answer this in its ten seconds"
            return Unknown(Reason.UNREACHABLE, needed, "too much at once", evidence)
        if not graph.response.ok:
            return refusal(graph.response, MEMBERS, self.github.kind)
        self.atoms.append(graph.response.atom)
        for index, login in enumerate(logins):
            self.found.did[login] = self._did(graph, index)
            self.found.teams[login] = self._teams(graph, index)
        return None

    def _body(self, count: int) -> str:
        body = "organization(login: $login) { id "
        if self.teams:
            body += " ".join(
                f"t{index}: teams(userLogins: [$l{index}], first: {TEAMS})"
                " { totalCount nodes { slug } }"
                for index in range(count)
            )
        body += " } "
        if self.contributions:
            body += " ".join(
                f"u{index}: user(login: $l{index})"
                f" {{ contributionsCollection(organizationID: $id, from: $from) {{ {DID} }} }}"
                for index in range(count)
            )
        return body

    def _did(self, graph: Graph, index: int) -> tuple[Any, Any]:
        user = Item((graph.data or {}).get(f"u{index}"), graph.response.endpoint)
        if not isinstance(user.data.get("contributionsCollection"), dict):
            why = self._left_out(graph, "the contributions")
            return why, why
        item = user.item("contributionsCollection")
        shown: Any = item.flag("hasAnyContributions")
        private: Any = item.number("restrictedContributionsCount")
        if shown is False:
            shown = private if isinstance(private, Unknown) else private > 0
        return shown, item.moment("startedAt")

    def _teams(self, graph: Graph, index: int) -> tuple[Any, Any]:
        organization = Item((graph.data or {}).get("organization"), graph.response.endpoint)
        if not isinstance(organization.data.get(f"t{index}"), dict):
            why = self._left_out(graph, "the teams")
            return why, why
        connection = organization.item(f"t{index}")
        names = tuple(item.text("slug") for item in connection.items("nodes"))
        known: Any = all_known(names) or names
        return connection.number("totalCount"), known

    def _left_out(self, graph: Graph, what: str) -> Unknown:
        return Unknown(
            Reason.NOT_PERMITTED,
            wanted(MEMBERS, self.github.kind),
            f"GraphQL left {what} out",
            (graph.response.atom,),
        )

    def _pages(self, *, whole: bool) -> tuple[Atom, ...]:
        if not self.atoms:
            return self.roster.evidence
        last, count = self.atoms[-1], len(self.atoms)
        name = f"{last.endpoint} activity of the members of {self.organization.name}"
        own = Atom(name, last.status, last.observed_at, count, count if whole else None)
        return (own, *self.roster.evidence)


def contributions_and_teams(github: GitHub, scope: Subject, book: Book) -> Iterator[Answer[Any]]:
    """What each member did, and the teams of each."""
    members, found = roster(github, scope), activity(github, scope, book)
    places = {
        entry.login: place_of(github, scope, "member", entry.login) for entry in members.entries
    }
    if book.wants(MemberContributions):
        did = tuple(
            MemberContributions(**place, any=found.did[login][0], since=found.did[login][1])
            for login, place in places.items()
        )
        yield Answer(MemberContributions, scope, did, found.evidence, members.missing)
    if book.wants(MemberTeams):
        teams = tuple(
            MemberTeams(**place, count=found.teams[login][0], names=found.teams[login][1])
            for login, place in places.items()
        )
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
        "github",
        (MemberContributions, MemberTeams),
        contributions_and_teams,
        roots=ORGANIZATION,
        priced=(ACTIVITY, ROSTER, STANDING),
    ),
)
