"""Makes the list: who comes first, what only the person can do, what ends, what is rotated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hardenme.derive.handover.asking import manual_tasks
from hardenme.derive.handover.needed import LISTS
from hardenme.derive.handover.person import PersonLeaving
from hardenme.derive.handover.removing import Removing
from hardenme.derive.handover.rotating import Rotating
from hardenme.derive.holders.seen import SeenAccounts, items_of
from hardenme.derive.holders.unread import absent, left_out, read, unread
from hardenme.model.commands import gh, npm, present
from hardenme.model.completeness import Completeness
from hardenme.model.handover import Handover, Mode, Stage, Task
from hardenme.model.inventory import APPROVERS, CODE_OWNERS, SCHEDULED, Place
from hardenme.model.pages import github_page, npm_page
from hardenme.model.report import Report
from hardenme.model.subject import Subject

SOMEONE_ELSE = "someone else"
"""Who takes over, where no one is named: no command is made then, for any name may exist."""
ORDERS = {
    Mode.LEAVES: (Stage.FIRST, Stage.ASK, Stage.MOVE, Stage.REMOVE, Stage.ROTATE),
    Mode.HANDS_OVER: (Stage.FIRST, Stage.MOVE, Stage.ASK, Stage.REMOVE, Stage.ROTATE),
    # The last owner cannot be removed. All other tasks can wait; a thief does not.
    Mode.STOLEN: (Stage.FIRST, Stage.REMOVE, Stage.ROTATE, Stage.ASK, Stage.MOVE),
}


def handover(report: Report, person: PersonLeaving) -> Handover:
    """What to do about a person, in a safe order."""
    seen = SeenAccounts.of(report)
    # Of the accounts of the demo, a command has an option in place of targets.
    targets = ("--demo",) if report.demo else report.targets
    found, rotating = _Found(seen, person), Rotating(seen, person, targets)
    removing = Removing(
        seen,
        person.login,
        person.npm,
        person.web,
        person.registry,
        stolen=person.mode is Mode.STOLEN,
    )
    tasks = [*found.first(), *found.moves(), *removing.tasks(), *rotating.tasks()]
    held = bool(tasks)
    tasks += rotating.done() if person.mode is Mode.STOLEN else ()
    # What no API shows is asked whatever was found.
    tasks += manual_tasks(person.mode, person.login, person.npm, report.targets, person.web)
    order = ORDERS[person.mode]
    tasks.sort(key=lambda task: order.index(task.stage))
    return Handover(
        person.login,
        person.npm,
        person.mode,
        person.successor,
        tuple(tasks),
        Completeness(
            (
                *absent(report),
                *found.unlinked(),
                *found.unknown_successor(),
                *unread(report, seen, LISTS),
                *removing.unsigned(),
                *removing.unnamed_teams(),
            ),
            left_out(report),
        ),
        held,
        bool(read(report)),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    seen: SeenAccounts
    person: PersonLeaving

    def unlinked(self) -> Iterator[str]:
        """What may be theirs on npm, where nothing links an account."""
        if self.person.npm:
            return
        login = self.person.login.lower()
        people = [*self.seen.packages.values(), *self.seen.npm_members.values()]
        same = sorted({name for names in people for name in names if name.lower() == login})
        for name in same:
            count = sum(name in names for names in people)
            yield (
                f"{name} on npm, who may be the same person, in {count:,}"
                f" package{'s' if count > 1 else ''} or organization{'s' if count > 1 else ''}:"
                f" add --npm {name}"
            )
        if people and not same:
            yield f"what {self.person.login} holds on npm: add --npm and the name there"

    def unknown_successor(self) -> Iterator[str]:
        """Who is to get rights on npm, and is in nothing that was seen there."""
        name = self.person.npm_successor
        people = (*self.seen.packages.values(), *self.seen.npm_members.values())
        if name and not any(name in names for names in people):
            yield (
                f"who {name} on npm is, who is in no package or organization that was seen: ask"
                " them for the name of their account"
            )

    def first(self) -> Iterator[Task]:
        """What would be left without an owner, and what a successor is given."""
        web, login = self.person.web, self.person.login
        named = self.person.successor
        other = named or SOMEONE_ELSE
        for organization, owners in self.seen.owners.items():
            leading, members = {one.lower() for one in owners}, self.seen.members[organization]
            alone, leads = leading == {login.lower()}, login.lower() in leading
            role = "admin" if leads else "member"
            takes = named and login.lower() in members
            # To make an owner a member would take the ownership away.
            has = bool(named) and named.lower() in (leading if leads else members)
            if (alone or takes) and not has:
                path = f"orgs/{organization}/memberships/{other}"
                whole = self.seen.knows_owners(Subject("github", "org", organization))
                why = _last(
                    f"{login} is the only owner of {organization}", alone=alone, whole=whole
                )
                yield Task(
                    Stage.FIRST,
                    f"{why}{'make' if why else 'Make'} {other} {_role(role)} of {organization},"
                    " and wait until they accept",
                    (gh(web, "api", "-X", "PUT", path, "-f", f"role={role}"),) if named else (),
                    github_page(web, "org-people", org=organization),
                    needs=self._who(login if alone else "", "an organization owner")
                    + self._or_apps(organization, alone=alone),
                )
        yield from self._repositories(other)
        yield from self._npm_organizations()
        yield from self._packages()

    def _or_apps(self, organization: str, *, alone: bool) -> str:
        """The apps that can do what else the last owner alone can, as far as they are known."""
        names, whole = self.seen.member_apps(organization)
        if not alone or (whole and not names):
            return ""
        if not names:
            return "; or an app that can manage members: not every app was read"
        return f"; or {', '.join(names)}, which can add and remove owners"

    def _who(self, alone: str, others: str) -> str:
        """Who can do what only the last owner can; a thief has that account."""
        if not alone:
            return others
        if self.person.mode is Mode.STOLEN:
            return f"{alone}, once they have their account back; until then, the site's support"
        return alone

    def _repositories(self, other: str) -> Iterator[Task]:
        web, login = self.person.web, self.person.login
        stolen = self.person.mode is Mode.STOLEN
        for repository in self.seen.pushers:
            owner = repository.partition("/")[0]
            if owner.lower() != login.lower() or not self.seen.is_personal(repository):
                continue
            path = f"repos/{repository}/transfer"
            call = gh(web, "api", "-X", "POST", path, "-f", f"new_owner={other}")
            yield Task(
                Stage.MOVE if stolen else Stage.FIRST,
                f"Transfer {repository} to {other}, or to an organization: only {login} can",
                (call,) if self.person.successor else (),
                github_page(web, "repo-settings", repo=repository),
                breaks="trusted publishers and links that name the old owner",
                needs=self._who(login, ""),
            )

    def _npm_organizations(self) -> Iterator[Task]:
        name, registry = self.person.npm, self.person.registry
        named = self.person.npm_successor
        for organization, owners in self.seen.npm_owners.items():
            if name and owners == {name}:
                place = Subject("npm", "org", organization)
                whole = self.seen.knows_owners(place)
                why = _last(
                    f"{name} is the only owner of {organization} on npm", alone=True, whole=whole
                )
                call = npm(registry, "org", "set", organization, named, "owner")
                yield Task(
                    Stage.FIRST,
                    f"{why}make {named or SOMEONE_ELSE} an owner",
                    (call,) if named else (),
                    npm_page(registry, "org-members", org=organization),
                    needs=self._who(name, "") + ("" if self._stolen else ", with 2FA"),
                )

    @property
    def _stolen(self) -> bool:
        return self.person.mode is Mode.STOLEN

    def _packages(self) -> Iterator[Task]:
        name, registry = self.person.npm, self.person.registry
        named = self.person.npm_successor
        for package, people in sorted(self.seen.packages.items()):
            if not name or name not in people:
                continue
            alone = self.seen.maintainers.get(package) == {name}
            if alone or (named and named not in self.seen.maintainers.get(package, ())):
                place = Subject("npm", "package", package)
                whole = self.seen.is_whole(place, "maintainer")
                why = _last(f"{name} is the only maintainer of {package}", alone=alone, whole=whole)
                call = npm(registry, "owner", "add", named, package) if named else ""
                yield Task(
                    Stage.FIRST,
                    f"{why}{'add' if why else 'Add'} {named or SOMEONE_ELSE} as a maintainer of"
                    f" {package}",
                    present(call),
                    "" if call else npm_page(registry, "package-access", package=package),
                    needs=self._who(name if alone else "", "a maintainer with 2FA"),
                )

    def moves(self) -> Iterator[Task]:
        """What keeps running in their name."""
        login, other = self.person.login, self.person.successor or "someone else"
        for place in self.seen.places.values():
            if place.subject.kind != "repo":
                continue
            repository = place.subject.name
            for environment in _approved(place, login):
                yield Task(
                    Stage.MOVE,
                    f"Make {other} a reviewer of the environment {environment} of {repository}, in"
                    f" place of {login}",
                    page=github_page(self.person.web, "repo-environments", repo=repository),
                    breaks="deployments that wait for their approval",
                    needs="a repository admin",
                )
            lines = _owned(place, login)
            if lines:
                path = next(one.label for one in place.items if one.kind == CODE_OWNERS)
                yield Task(
                    Stage.MOVE,
                    f"Replace @{login} in {path} of {repository}: {_first(lines)}",
                    page=github_page(self.person.web, "repo-file", repo=repository, path=path),
                    breaks="pull requests that need a code owner's approval",
                    needs="who can push",
                )
            for file in _scheduled(place, login):
                yield Task(
                    Stage.MOVE,
                    f"Have {other} change the schedule in {file} of {repository}: it runs as"
                    f" {login}, and GitHub ends it when they leave",
                    page=github_page(self.person.web, "repo-file", repo=repository, path=file),
                    breaks="the scheduled workflow",
                    needs="who can push",
                )


def _last(text: str, *, alone: bool, whole: bool) -> str:
    """Why someone else is needed: that there is no one else takes a list that is complete."""
    if not alone:
        return ""
    return f"{text}: " if whole else f"{text} who was seen: "


def _first(names: Sequence[str], most: int = 5) -> str:
    """The first few names, with how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


def _role(role: str) -> str:
    return "an owner" if role == "admin" else "a member"


def _among(value: object, login: str) -> bool:
    names = value if isinstance(value, tuple) else ()
    return login.lower() in {name.lower() for name in names}


def _approved(place: Place, login: str) -> list[str]:
    return [
        one.label for one in items_of(place, APPROVERS) if _among(one.state.get("approvers"), login)
    ]


def _pairs(place: Place, kind: str, field: str) -> Iterator[Sequence[str]]:
    for one in items_of(place, kind):
        lines = one.state.get(field)
        yield from (line.split(" ", 1) for line in (lines if isinstance(lines, tuple) else ()))


def _owned(place: Place, login: str) -> list[str]:
    wanted = f"@{login.lower()}"
    pairs = _pairs(place, CODE_OWNERS, "lines")
    return [path for owner, path in pairs if owner.lower() == wanted]


def _scheduled(place: Place, login: str) -> list[str]:
    pairs = _pairs(place, SCHEDULED, "files")
    return [file for file, actor in pairs if actor.lower() == login.lower()]
