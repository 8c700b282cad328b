"""What a report shows of who is where: owners, members, who can push, who can publish."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from hardenme.model.access import OWNERS, ROLE
from hardenme.model.inventory import ACCESS, InventoryItem, Place
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.verdict import Failed

UNPROTECTED, BYPASSED = "GHB101", "GHB110"
"""The checks of whether any rule guards the default branch, and whether rules are passed by."""
WRITES = frozenset({"write", "maintain", "admin"})


@dataclass(slots=True)
class SeenAccounts:
    """Who is where.

    Attributes:
        members: of each organization of GitHub: its members by lower-case login.
        owners: of each organization of GitHub: the logins of its owners.
        people: by lower-case login, the login as it is written.
        factors: by lower-case login, what is shown of the second factor.
        access: of each repository: who can push and who administers it, in lower case; None where
            that is not known.
        outsiders: of each repository: who works on it from outside, with the permission.
        unruled: the repositories whose default branch nothing guards, in lower case.
        bypassed: those in which administrators pass by the rules.
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
    access: dict[str, tuple[frozenset[str], frozenset[str]] | None] = field(default_factory=dict)
    outsiders: dict[str, dict[str, str]] = field(default_factory=dict)
    unruled: set[str] = field(default_factory=set)
    bypassed: set[str] = field(default_factory=set)
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
        for place in report.inventory:
            seen.places[place.subject] = place
            match f"{place.subject.provider}:{place.subject.kind}":
                case "github:org":
                    seen._organization(place)
                case "github:repo":
                    seen._repository(place)
                case "npm:org":
                    seen._npm_organization(place)
                case "npm:package":
                    seen._package(place)
        for finding in report.findings:
            if finding.code == UNPROTECTED and isinstance(finding.outcome, Failed):
                seen.unruled.add(finding.subject.name.lower())
            elif finding.code == BYPASSED and isinstance(finding.outcome, Failed):
                seen.bypassed.add(finding.subject.name.lower())
        for package in report.publishing.packages if report.publishing else ():
            seen.weekly[package.package] = package.weekly
        return seen

    def is_whole(self, place: Subject, kind: str) -> bool:
        """Whether a list was read to its end, so that who is not in it is not there."""
        found = self.places.get(place)
        return found is not None and found.lists.get(kind, found) is None

    def written(self, login: str) -> str:
        """A login as it is written."""
        return self.people.get(login.lower(), login)

    def _note(self, item: InventoryItem) -> str:
        name = str(item.state.get("login") or item.label)
        self.people.setdefault(name.lower(), name)
        factor = item.state.get("two_factor")
        if factor is False:
            self.factors[name.lower()] = "off"
        elif item.state.get("by_text_message") is True:
            self.factors[name.lower()] = "by text message"
        elif factor is True:
            self.factors.setdefault(name.lower(), "on")
        return name

    def _organization(self, place: Place) -> None:
        name = place.subject.name
        found = self.members.setdefault(name, {})
        owners = self.owners.setdefault(name, set())
        for item in place.items:
            if item.kind in {"member", "owner"}:
                login = self._note(item)
                found[login.lower()] = item
                if item.kind == "owner" or item.state.get(ROLE) in OWNERS:
                    owners.add(login)
            elif item.kind == "outside collaborator":
                self._note(item)

    def _repository(self, place: Place) -> None:
        name = place.subject.name
        self.access.setdefault(name, None)
        for item in place.items:
            if item.kind == ACCESS:
                admins, pushers = item.state.get("admins"), item.state.get("pushers")
                if isinstance(admins, tuple) and isinstance(pushers, tuple):
                    self.access[name] = frozenset(pushers), frozenset(admins)
            elif item.kind == "outside collaborator":
                login = self._note(item)
                permission = item.state.get("permission")
                self.outsiders.setdefault(name, {})[login] = str(permission or "access")

    def _npm_organization(self, place: Place) -> None:
        owners = self.npm_owners.setdefault(place.subject.name, set())
        admins = self.npm_admins.setdefault(place.subject.name, set())
        members = self.npm_members.setdefault(place.subject.name, {})
        for item in place.items:
            if item.kind == "member":
                role = str(item.state.get(ROLE) or "member")
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

    def admins_of(self, repository: str) -> tuple[str, ...] | None:
        """Who administers a repository; None where that is not known."""
        owner = repository.partition("/")[0]
        found = self.access.get(repository)
        if owner not in self.owners:
            # A person's own repository has one administrator, whose login is its owner.
            return (owner,)
        if found is None:
            return None
        return tuple(sorted({*map(self.written, found[1]), *self.owners[owner]}))

    def pushed_by(self, login: str) -> Iterator[str]:
        """The repositories that somebody can push to, as far as it is known."""
        name = login.lower()
        for repository, found in self.access.items():
            owner = repository.partition("/")[0]
            owners = {one.lower() for one in (*self.owners.get(owner, ()), owner)}
            outside = {
                one.lower()
                for one, permission in self.outsiders.get(repository, {}).items()
                if permission in WRITES
            }
            if name in owners | outside or (found is not None and name in found[0]):
                yield repository

    def past_rules(self, login: str, repository: str) -> bool:
        """Whether no rule of the default branch is known to stop somebody who can push."""
        name = repository.lower()
        if name in self.unruled:
            return True
        admins = self.admins_of(repository) or ()
        return name in self.bypassed and login.lower() in {one.lower() for one in admins}

    def publishers_of(self, package: str) -> set[str]:
        """Who can publish a package, or take the right to."""
        scope = package.partition("/")[0].removeprefix("@") if package.startswith("@") else ""
        return {*self.packages.get(package, ()), *self.npm_admins.get(scope, ())}
