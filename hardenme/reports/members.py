"""The members of organizations, put together from what their checks saw."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hardenme.model.evidence import Seen
from hardenme.model.finding import Finding
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme.reports.plain import counted

FACTOR, METHOD, ACTIVITY = "GHO102", "GHO103", "GHO122"
"""The checks of a member's 2FA, of its method, and of the last sign."""
OFF, TEXT, UNKNOWN, ON = "off", "text message", "unknown", "on"
WORST = (OFF, TEXT, UNKNOWN, ON)
ROLES = {"admin": "owner", "member": "member"}
OWNER = "owner"
ALL = "all"
SIGN = re.compile(r"(?P<by>.+) since (?P<since>\d{4}-\d\d-\d\d)")
NOTHING = "nothing seen"
NONE = "none seen"


@dataclass(slots=True)
class Member:
    """One member of one organization.

    Attributes:
        organization: its login.
        role: `owner` or `member`; empty if it is not known.
        two_factor: `off`, `text message`, `unknown` or `on`.
        teams: how many; None if that is not known.
        active: there is a sign of activity; None if that is not known.
        since: the day from which on signs were looked for; empty if that is not known.
        administers: on how many of the repositories that were looked at the member is seen as an
            administrator; None if that is not known.
        administers_at_least: not all administrators of these repositories are known, so it may be
            more.
    """

    organization: str
    login: str
    role: str = ""
    two_factor: str = UNKNOWN
    teams: int | None = None
    active: bool | None = None
    since: str = ""
    administers: int | None = None
    administers_at_least: bool = False

    @property
    def name(self) -> str:
        """As a subject names a member: `organization/login`."""
        return f"{self.organization}/{self.login}"

    @property
    def sign(self) -> str:
        """The last sign of activity, somewhere between that day and the time of the run."""
        if self.active is None or not self.since:
            return UNKNOWN
        return f"≥ {self.since}" if self.active else f"{NONE} since {self.since}"

    @property
    def brief_sign(self) -> str:
        """The same where there is little room: that none is seen, without since when."""
        return NONE if self.sign.startswith(NONE) else self.sign

    @property
    def rule(self) -> str:
        """How many repositories the member administers, in a word; empty if not known."""
        if self.role == OWNER:
            return ALL
        if self.administers is None:
            return ""
        return f"≥ {self.administers}" if self.administers_at_least else str(self.administers)

    @property
    def weight(self) -> tuple[int, bool, bool, str]:
        """The worst comes first: by 2FA, then owners, then those who show no sign."""
        return (
            WORST.index(self.two_factor),
            self.role != OWNER,
            self.active is not False,
            self.login.lower(),
        )


class Members:
    """Collects results about members, finding by finding."""

    def __init__(self) -> None:
        self._members: dict[str, Member] = {}
        self._judged: set[str] = set()

    def take(self, finding: Finding) -> None:
        """Add a finding, of any check."""
        if finding.subject.kind != "member" or finding.code not in {FACTOR, METHOD, ACTIVITY}:
            return
        if finding.code in {FACTOR, METHOD}:
            self._judged.add(finding.subject.name)
        organization, _, login = finding.subject.name.partition("/")
        member = self._members.setdefault(finding.subject.name, Member(organization, login))
        outcome = finding.outcome
        seen = outcome.seen if isinstance(outcome, Passed | Failed | NotApplicable) else {}
        if finding.code == FACTOR:
            _factor(member, finding, seen)
        elif finding.code == METHOD:
            _method(member, finding)
        elif seen:
            member.active = isinstance(outcome, Passed)
            member.since = _day(seen.get("since"))

    def all(self) -> tuple[Member, ...]:
        """The members by organization, the worst first.

        One of whom the report holds no result about 2FA is left out. A selection has fewer results
        than the run, and what it leaves out is not unknown.
        """
        judged = (one for name, one in self._members.items() if name in self._judged)
        return tuple(sorted(judged, key=lambda one: (one.organization.lower(), one.weight)))


def seen_of(member: Member | None, code: str) -> Seen:
    """What a passed check of a member saw, as far as the member's row shows it.

    From findings that hold this, `Members` puts the same row together again.
    """
    if member is None or code not in {FACTOR, ACTIVITY}:
        return {}
    if code == ACTIVITY:
        return {"since": member.since or None}
    seen: Seen = {"2fa_insecure": member.two_factor == TEXT}
    if member.role:
        seen["role"] = {told: own for own, told in ROLES.items()}.get(member.role)
    if member.teams is not None:
        seen["teams"] = member.teams
    if member.administers is not None:
        seen |= {
            "administers": member.administers,
            "administers_at_least": member.administers_at_least,
        }
    if member.active is not None and member.since:
        sign = "something" if member.active else NOTHING
        seen["activity"] = f"{sign} since {member.since}"
    return seen


def _factor(member: Member, finding: Finding, seen: dict[str, Any]) -> None:
    if isinstance(finding.outcome, Failed):
        member.two_factor = OFF
    elif isinstance(finding.outcome, Passed) and member.two_factor == UNKNOWN:
        member.two_factor = TEXT if seen.get("2fa_insecure") is True else ON
    member.role = ROLES.get(str(seen.get("role")), "")
    teams = seen.get("teams")
    member.teams = teams if isinstance(teams, int) else None
    administers = seen.get("administers")
    member.administers = administers if isinstance(administers, int) else None
    member.administers_at_least = seen.get("administers_at_least") is True
    sign = SIGN.fullmatch(str(seen.get("activity", "")))
    if sign and member.active is None:
        member.active, member.since = sign["by"] != NOTHING, sign["since"]


def _method(member: Member, finding: Finding) -> None:
    if isinstance(finding.outcome, Failed) and member.two_factor != OFF:
        member.two_factor = TEXT
    elif isinstance(finding.outcome, Passed) and member.two_factor == UNKNOWN:
        member.two_factor = ON


def _day(moment: object) -> str:
    return str(moment)[:10] if moment else ""


def sentence(member: Member) -> str:
    """What is known about a member, without the name."""
    teams = "" if member.teams is None else counted(member.teams, "team")
    rule = _administered(member)
    sign = f"last sign of activity: {member.sign}"
    told = (member.role, f"2FA {member.two_factor}", teams, rule, sign)
    return ", ".join(filter(None, told))


def _administered(member: Member) -> str:
    if member.rule == ALL:
        return "administers all repositories"
    if member.administers is None:
        return ""
    number = member.administers
    least = "at least " if member.administers_at_least else ""
    return f"administers {least}{number} {'repository' if number == 1 else 'repositories'}"


def summary(members: Iterable[Member]) -> str:
    """How many there are, in one sentence."""
    everybody = list(members)
    roles = Counter(one.role for one in everybody)
    factors = Counter(one.two_factor for one in everybody)
    parts = [counted(len(everybody), "member")]
    if roles[OWNER]:
        parts.append(counted(roles[OWNER], "owner"))
    states = [f"{factors[name]} {name}" for name in WORST if factors[name]]
    if states:
        parts.append(f"2FA: {', '.join(states)}")
    return ", ".join(parts)


def by_organization(members: Iterable[Member]) -> dict[str, list[Member]]:
    """The members of each organization, in the order in which they come."""
    found: dict[str, list[Member]] = {}
    for member in members:
        found.setdefault(member.organization, []).append(member)
    return found
