"""What a report shows of who is where: owners, members, who can push, who can publish."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from hardenme.derive.inventory import account, npm
from hardenme.model.access import OWNERS
from hardenme.model.access import ROLE as HELD_AS
from hardenme.model.inventory import ACCESS, REPOSITORY, ROLE, ROLE_USER, InventoryItem, Place
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.verdict import Failed, NotApplicable, Passed

UNPROTECTED, BYPASSED = "GHB101", "GHB110"
"""The checks of whether any rule guards the default branch, and whether rules are passed by."""
DIRECT = ("GHB102", "GHB108")
"""The checks of pull requests and force pushes: both fail where writers bypass every rule."""
DECIDED = (Passed, Failed, NotApplicable)
MANAGES_MEMBERS = frozenset({"members:write", "members:admin"})
"""The permissions with which an app adds and removes members and owners."""
WRITES = frozenset({"write", "maintain", "admin"})
NPM_MODES = {"auth-and-writes": "on", "auth-only": "at sign-in only"}
"""Modes of 2FA on npm, in words; any other is in npm's own word."""


@dataclass(frozen=True, slots=True)
class HeldRole:
    """An organization role that someone holds.

    Attributes:
        login: whose it is.
        number: GitHub's number for it.
        gives: what it gives on all repositories; empty if that is not known.
        by_team: it is held through a team alone.
    """

    login: str
    name: str
    number: str
    gives: str
    by_team: bool


@dataclass(slots=True)
class SeenAccounts:
    """Who is where.

    Attributes:
        members: of each organization of GitHub: its members by lower-case login.
        owners: of each organization of GitHub: the logins of its owners.
        people: by lower-case login, the login as it is written.
        factors: the visible 2FA state on GitHub, by lower-case login.
        npm_factors: the visible 2FA state on npm, by login.
        roles: of each organization of GitHub: the organization roles that people hold.
        organizations: by lower-case owner of a repository: whether it is an organization. An owner
            who is not in it can be either.
        pushers: of each repository: who can push to it, in lower case; None if not all are known.
        admins: the same of who administers it.
        hidden: the repositories that only their name is known of: private, or gone.
        outsiders: of each repository: who works on it from outside, with the permission; empty if
            that was not read.
        unruled: the repositories whose default branch nothing guards, in lower case.
        bypassed: those in which administrators pass by the rules.
        open_to_writers: those in which anyone who can push passes by the rules.
        unjudged: those of which it is not known whether rules guard the default branch.
        packages: of each package: who can publish it.
        maintainers: the same, without those whom a team lets publish it.
        weekly: of each package: downloads in a week.
        npm_owners: of each organization of npm: its owners, who alone can remove its members.
        npm_admins: the same with its admins: these give teams access to its packages. From
            https://docs.npmjs.com/organization-roles-and-permissions
        npm_members: of each organization of npm: its members, with their roles.
        places: everything that was seen, by its id.
    """

    members: dict[str, dict[str, InventoryItem]] = field(default_factory=dict)
    owners: dict[str, set[str]] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    factors: dict[str, str] = field(default_factory=dict)
    npm_factors: dict[str, str] = field(default_factory=dict)
    roles: dict[str, list[HeldRole]] = field(default_factory=dict)
    organizations: dict[str, bool] = field(default_factory=dict)
    pushers: dict[str, frozenset[str] | None] = field(default_factory=dict)
    admins: dict[str, frozenset[str] | None] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    outsiders: dict[str, dict[str, str]] = field(default_factory=dict)
    unruled: set[str] = field(default_factory=set)
    bypassed: set[str] = field(default_factory=set)
    open_to_writers: set[str] = field(default_factory=set)
    unjudged: set[str] = field(default_factory=set)
    packages: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    maintainers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    weekly: dict[str, int | None] = field(default_factory=dict)
    npm_owners: dict[str, set[str]] = field(default_factory=dict)
    npm_admins: dict[str, set[str]] = field(default_factory=dict)
    npm_members: dict[str, dict[str, str]] = field(default_factory=dict)
    places: dict[Subject, Place] = field(default_factory=dict)

    @classmethod
    def of(cls, report: Report) -> SeenAccounts:
        """What a report shows."""
        seen = cls()
        readers = {
            "github:user": seen._account,
            "github:org": seen._organization,
            "github:repo": seen._repository,
            "npm:user": seen._npm_account,
            "npm:org": seen._npm_organization,
            "npm:package": seen._package,
        }
        for place in report.inventory:
            seen.places[place.subject] = place
            seen._owners(place)
            reads = readers.get(f"{place.subject.provider}:{place.subject.kind}")
            if reads is not None:
                reads(place)
        for one in report.identities:
            # The account that asks is a person. Of others an answer has to say so.
            if one.provider == "github" and one.login:
                seen.organizations.setdefault(one.login.lower(), False)
        seen._rules(report)
        for package in report.publishing.packages if report.publishing else ():
            seen.weekly[package.package] = package.weekly
        return seen

    def _rules(self, report: Report) -> None:
        """The results of the checks of branch rules, and the repositories without any."""
        failed: dict[str, set[str]] = {UNPROTECTED: set(), BYPASSED: set()}
        failed |= {code: set() for code in DIRECT}
        known: dict[str, set[str]] = {UNPROTECTED: set(), BYPASSED: set()}
        for finding in report.findings:
            name = finding.subject.name.lower()
            if finding.code in failed and isinstance(finding.outcome, Failed):
                failed[finding.code].add(name)
            if finding.code in known and isinstance(finding.outcome, DECIDED):
                known[finding.code].add(name)
        self.unruled |= failed[UNPROTECTED]
        self.bypassed |= failed[BYPASSED]
        writers = failed[DIRECT[0]] & failed[DIRECT[1]]
        self.open_to_writers |= failed[BYPASSED] & writers
        judged = known[UNPROTECTED] & known[BYPASSED]
        self.unjudged |= {name for name in self.pushers if name.lower() not in judged}

    def is_whole(self, place: Subject, kind: str) -> bool:
        """Whether a list was read to its end, so that who is not in it is not there."""
        found = self.places.get(place)
        return found is not None and found.lists.get(kind, found) is None

    def knows_owners(self, place: Subject) -> bool:
        """Whether every owner of an organization is known: of each member, whether they own it."""
        return self.is_whole(place, "member") and not self.without_role(place)

    def without_role(self, place: Subject) -> int:
        """How many members of an organization of GitHub may own it: their role was not read."""
        found = self.places.get(place)
        if found is None or (place.provider, place.kind) != ("github", "org"):
            return 0
        return sum(not isinstance(one.state.get(HELD_AS), str) for one in items_of(found, "member"))

    def member_apps(self, organization: str) -> tuple[tuple[str, ...], bool]:
        """The apps that add and remove members and owners, and whether these are known to be all.

        Such an app can make another owner, who then removes the last one.
        """
        place = self.places.get(Subject("github", "org", organization))
        if place is None:
            return (), False
        found = [*items_of(place, "app")]
        held = {f"the app {one.shown}": one.state.get("permissions") for one in found}
        names = [
            name
            for name, given in held.items()
            if isinstance(given, tuple) and not MANAGES_MEMBERS.isdisjoint(given)
        ]
        whole = self.is_whole(place.subject, "app")
        whole = whole and all(isinstance(given, tuple) for given in held.values())
        return tuple(sorted(names)), whole

    def written(self, login: str) -> str:
        """A login as it is written."""
        return self.people.get(login.lower(), login)

    def _note(self, item: InventoryItem) -> str:
        name = _text(item.state.get("login")) or item.label
        self.people.setdefault(name.lower(), name)
        self._factor(name, item)
        return name

    def _factor(self, name: str, item: InventoryItem) -> None:
        """The 2FA that an item shows of an account on GitHub."""
        factor = item.state.get("two_factor")
        if factor is False:
            self.factors[name.lower()] = "off"
        elif item.state.get("by_text_message") is True:
            self.factors[name.lower()] = "by text message"
        elif factor is True:
            self.factors.setdefault(name.lower(), "on")

    def _account(self, place: Place) -> None:
        for item in items_of(place, account.ACCOUNT):
            self._factor(place.subject.name, item)

    def _npm_account(self, place: Place) -> None:
        for item in items_of(place, npm.ACCOUNT):
            if mode := _text(item.state.get("two_factor")):
                self.npm_factors[place.subject.name] = NPM_MODES.get(mode, mode)

    def _owners(self, place: Place) -> None:
        """Whether the owners of the repositories that are listed are organizations."""
        for item in place.items:
            owned = item.state.get("in_organization")
            if item.kind == REPOSITORY and isinstance(owned, bool):
                name = str(item.state.get("name") or item.label)
                self.organizations.setdefault(name.partition("/")[0].lower(), owned)

    def _organization(self, place: Place) -> None:
        name = place.subject.name
        self.organizations[name.lower()] = True
        gives = {
            item.identity: str(item.state.get("gives") or "")
            for item in place.items
            if item.kind == ROLE
        }
        found = self.members.setdefault(name, {})
        owners = self.owners.setdefault(name, set())
        for item in place.items:
            if item.kind in {"member", "owner"}:
                login = self._note(item)
                found[login.lower()] = item
                if item.kind == "owner" or item.state.get(HELD_AS) in OWNERS:
                    owners.add(login)
            elif item.kind == "outside collaborator":
                self._note(item)
            elif item.kind == ROLE_USER:
                number = str(item.state.get("number") or "")
                self.roles.setdefault(name, []).append(
                    HeldRole(
                        self._note(item),
                        _text(item.state.get("role")) or f"{number}, whose name was not shown",
                        number,
                        gives.get(number, ""),
                        item.state.get("by_team") is True,
                    )
                )

    def _repository(self, place: Place) -> None:
        name = place.subject.name
        self.pushers.setdefault(name, None)
        self.admins.setdefault(name, None)
        if place.hidden:
            self.hidden.add(name)
        for item in place.items:
            if item.kind == ACCESS:
                admins, pushers = item.state.get("admins"), item.state.get("pushers")
                if isinstance(admins, tuple):
                    self.admins[name] = frozenset(admins)
                if isinstance(pushers, tuple):
                    self.pushers[name] = frozenset(pushers)
            elif item.kind == "outside collaborator":
                login = self._note(item)
                permission = item.state.get("permission")
                self.outsiders.setdefault(name, {})[login] = _text(permission)

    def _npm_organization(self, place: Place) -> None:
        owners = self.npm_owners.setdefault(place.subject.name, set())
        admins = self.npm_admins.setdefault(place.subject.name, set())
        members = self.npm_members.setdefault(place.subject.name, {})
        for item in place.items:
            if item.kind == "member":
                role = str(item.state.get(HELD_AS) or "member")
                members[item.label] = role
                if role == "owner":
                    owners.add(item.label)
                if role in {"owner", "admin"}:
                    admins.add(item.label)

    def _package(self, place: Place) -> None:
        for item in place.items:
            if item.kind in {"maintainer", "writer"}:
                self.packages[place.subject.name].add(item.label)
            if item.kind == "maintainer":
                self.maintainers[place.subject.name].add(item.label)

    def is_personal(self, repository: str) -> bool:
        """Whether a person is known to own a repository."""
        return self.organizations.get(repository.partition("/")[0].lower()) is False

    def admins_of(self, repository: str) -> tuple[tuple[str, ...], bool]:
        """Who administers a repository, and whether these are known to be all."""
        owner = repository.partition("/")[0]
        if self.is_personal(repository):
            # A person's own repository has one administrator, whose login is its owner.
            return (owner,), True
        found = self.admins.get(repository)
        leading = self.owners.get(owner)
        by_role = {one.login for one in self.roles.get(owner, ()) if one.gives == "admin"}
        names = {*map(self.written, found or ()), *(leading or ()), *by_role}
        place = Subject("github", "org", owner)
        whole = found is not None and leading is not None and self.knows_owners(place)
        return tuple(sorted(names)), whole

    def pushed_by(self, login: str) -> Iterator[str]:
        """The repositories that someone can push to, as far as it is known."""
        name = login.lower()
        for repository in self.pushers:
            owner = repository.partition("/")[0]
            owners = {one.lower() for one in (*self.owners.get(owner, ()), owner)}
            roles = self.roles.get(owner, ())
            by_role = {one.login.lower() for one in roles if one.gives in WRITES}
            outside = {
                one.lower()
                for one, permission in self.outsiders.get(repository, {}).items()
                if permission in WRITES
            }
            found = {*(self.pushers[repository] or ()), *(self.admins[repository] or ())}
            if name in owners | outside | by_role | found:
                yield repository

    def past_rules(self, login: str, repository: str) -> bool:
        """Whether no rule of the default branch is known to stop someone who can push."""
        name = repository.lower()
        if name in self.unruled or name in self.open_to_writers:
            return True
        admins, _ = self.admins_of(repository)
        return name in self.bypassed and login.lower() in {one.lower() for one in admins}

    def knows_removers_of(self, package: str) -> bool:
        """Whether everyone is known who can remove a maintainer: owners of its scope can, too."""
        scope = package.partition("/")[0].removeprefix("@") if package.startswith("@") else ""
        # The scope of an account has that account's name, and no organization has it.
        own = not scope or scope in self.maintainers.get(package, ())
        above = own or self.knows_owners(Subject("npm", "org", scope))
        return above and self.is_whole(Subject("npm", "package", package), "maintainer")

    def removers_of(self, package: str) -> set[str]:
        """Who is known to be able to remove a maintainer of a package."""
        scope = package.partition("/")[0].removeprefix("@") if package.startswith("@") else ""
        return {*self.maintainers.get(package, ()), *self.npm_admins.get(scope, ())}

    def publishers_of(self, package: str) -> set[str]:
        """Who can publish a package, or take the right to."""
        scope = package.partition("/")[0].removeprefix("@") if package.startswith("@") else ""
        return {*self.packages.get(package, ()), *self.npm_admins.get(scope, ())}


def _text(value: object) -> str:
    """A text that was read; empty if it was not."""
    return value if isinstance(value, str) else ""


def items_of(place: Place, kind: str) -> Iterator[InventoryItem]:
    """The items of one kind in a place."""
    return (item for item in place.items if item.kind == kind)
