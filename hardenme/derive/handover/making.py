"""Makes the list: who comes first, what only the person can do, what ends, what is rotated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hardenme.derive.handover.asking import asks
from hardenme.derive.handover.needed import LISTS
from hardenme.derive.handover.removing import Removing
from hardenme.derive.holders.seen import SeenAccounts
from hardenme.derive.holders.unread import absent, read, unread
from hardenme.model.commands import gh, npm
from hardenme.model.handover import Handover, Mode, Stage, Task
from hardenme.model.inventory import APPROVERS, CODE_OWNERS, SCHEDULED, InventoryItem, Place
from hardenme.model.npm_address import REGISTRY
from hardenme.model.pages import GITHUB_WEB, github_page, npm_page
from hardenme.model.report import Report

SOMEBODY = "LOGIN"
"""Stands in a command for who takes over, where nobody is named."""
ORDERS = {
    Mode.LEAVES: (Stage.FIRST, Stage.ASK, Stage.MOVE, Stage.REMOVE, Stage.ROTATE),
    Mode.HANDS_OVER: (Stage.FIRST, Stage.MOVE, Stage.ASK, Stage.REMOVE, Stage.ROTATE),
    # A thief does not wait until everything has a new owner.
    Mode.STOLEN: (Stage.REMOVE, Stage.ROTATE, Stage.FIRST, Stage.ASK, Stage.MOVE),
}


@dataclass(frozen=True, slots=True)
class PersonLeaving:
    """Whose access ends, and how.

    Attributes:
        login: on GitHub.
        npm: on npm; empty where no account is known.
        mode: why.
        successor: who takes over on GitHub; empty for nobody.
        npm_successor: the same on npm.
        web: the address of GitHub's pages.
        registry: the registry's address.
    """

    login: str
    npm: str
    mode: Mode
    successor: str = ""
    npm_successor: str = ""
    web: str = GITHUB_WEB
    registry: str = REGISTRY


def handover(report: Report, person: PersonLeaving) -> Handover:
    """What to do about a person, in a safe order."""
    seen = SeenAccounts.of(report)
    found = _Found(seen, person)
    removing = Removing(seen, person.login, person.npm, person.web, person.registry)
    tasks = [*found.first(), *found.moves(), *removing.tasks(), *found.rotated()]
    held = bool(tasks)
    # What no API shows is asked whatever was found.
    tasks += asks(person.mode, person.login, person.npm, report.targets, person.web)
    order = ORDERS[person.mode]
    tasks.sort(key=lambda task: order.index(task.stage))
    return Handover(
        person.login,
        person.npm,
        person.mode,
        person.successor,
        tuple(tasks),
        (*absent(report), *unread(report, seen, LISTS), *removing.unsigned()),
        held,
        bool(read(report)),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    seen: SeenAccounts
    person: PersonLeaving

    def first(self) -> Iterator[Task]:
        """What would be left without an owner, and what a successor is given."""
        web, login = self.person.web, self.person.login
        other = self.person.successor or SOMEBODY
        for organization, owners in self.seen.owners.items():
            leading, members = {one.lower() for one in owners}, self.seen.members[organization]
            alone, leads = leading == {login.lower()}, login.lower() in leading
            role = "admin" if leads else "member"
            takes = self.person.successor and login.lower() in members
            # To make an owner a member would take the ownership away.
            has = self.person.successor.lower() in (leading if leads else members)
            if (alone or takes) and not has:
                path = f"orgs/{organization}/memberships/{other}"
                why = f"{login} is the only owner of {organization}: " if alone else ""
                yield Task(
                    Stage.FIRST,
                    f"{why}{'make' if why else 'Make'} {other} {_role(role)} of {organization},"
                    " and wait until they accept",
                    (gh(web, "api", "-X", "PUT", path, "-f", f"role={role}"),),
                    github_page(web, "org-people", org=organization),
                    needs="an organization owner",
                )
        yield from self._repositories(other)
        yield from self._npm_organizations()
        yield from self._packages()

    def _repositories(self, other: str) -> Iterator[Task]:
        web, login = self.person.web, self.person.login
        for repository in self.seen.pushers:
            owner = repository.partition("/")[0]
            if owner.lower() == login.lower() and owner not in self.seen.owners:
                yield Task(
                    Stage.FIRST,
                    f"Transfer {repository} to {other}, or to an organization: only {login} can",
                    (
                        gh(
                            web,
                            "api",
                            "-X",
                            "POST",
                            f"repos/{repository}/transfer",
                            "-f",
                            f"new_owner={other}",
                        ),
                    ),
                    github_page(web, "repo-settings", repo=repository),
                    breaks="trusted publishers and links that name the old owner",
                    needs=login,
                )

    def _npm_organizations(self) -> Iterator[Task]:
        name, registry = self.person.npm, self.person.registry
        other = self.person.npm_successor or SOMEBODY
        for organization, owners in self.seen.npm_owners.items():
            if owners == {name}:
                yield Task(
                    Stage.FIRST,
                    f"{name} is the only owner of {organization} on npm: make {other} an owner",
                    (npm(registry, "org", "set", organization, other, "owner"),),
                    npm_page(registry, "org-members", org=organization),
                    needs=f"{name}, with 2FA",
                )

    def _packages(self) -> Iterator[Task]:
        name, registry = self.person.npm, self.person.registry
        other = self.person.npm_successor or SOMEBODY
        for package, people in sorted(self.seen.packages.items()):
            if not name or name not in people:
                continue
            alone = self.seen.maintainers.get(package) == {name}
            if alone or (self.person.npm_successor and other not in people):
                why = f"{name} is the only maintainer of {package}: " if alone else ""
                yield Task(
                    Stage.FIRST,
                    f"{why}{'add' if why else 'Add'} {other} as a maintainer of {package}",
                    (npm(registry, "owner", "add", other, package),),
                    needs=f"a maintainer with 2FA{', so ' + name if alone else ''}",
                )

    def moves(self) -> Iterator[Task]:
        """What goes on in their name."""
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
                    f"Replace @{login} in {path} of {repository}: {', '.join(lines[:5])}",
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

    def rotated(self) -> Iterator[Task]:
        """The secrets of repositories that they could push to: a workflow of theirs reads them."""
        login, web = self.person.login, self.person.web
        pushed = {name.lower() for name in self.seen.pushed_by(login)}
        inside: list[str] = []
        for place in self.seen.places.values():
            subject = place.subject
            names = ", ".join(_secrets(place))
            if subject.kind == "repo" and subject.name.lower() in pushed and names:
                inside.append(f"{names} of {subject.name}")
            if subject.kind != "org" or login.lower() not in self.seen.members.get(
                subject.name, {}
            ):
                continue
            if names:
                yield Task(
                    Stage.ROTATE,
                    f"Rotate the secrets of {subject.name}, where each was made: {names}",
                    page=github_page(web, "org-secrets", org=subject.name),
                    breaks="what still uses the old value",
                    needs="who issued each",
                )
        if inside:
            count = "1 repository" if len(inside) == 1 else f"{len(inside):,} repositories"
            yield Task(
                Stage.ROTATE,
                f"Rotate the secrets of {count}, where each was made: {'; '.join(inside)}",
                breaks="what still uses the old value",
                needs="who issued each",
            )
        yield from self._published(pushed)
        if self.person.mode is Mode.STOLEN and pushed:
            owners = sorted({name.partition("/")[0] for name in pushed})
            targets = " ".join(f"github:{name}" for name in owners)
            yield Task(
                Stage.ROTATE,
                f"Look at what was done in their name: hardenme recent {targets} --since 4w",
            )

    def _published(self, pushed: set[str]) -> Iterator[Task]:
        """Packages that a repository of theirs can publish."""
        for place in self.seen.places.values():
            for one in _kind(place, "trusted publisher"):
                repository = str(one.state.get("repository") or "")
                if repository.lower() in pushed:
                    yield Task(
                        Stage.ROTATE,
                        f"Look at the releases of {place.subject.name}: {repository} publishes it,"
                        " and they could push to it",
                        (npm(self.person.registry, "view", place.subject.name, "time"),),
                    )


def _secrets(place: Place) -> Iterator[str]:
    """The names of a place's secrets, with their environment."""
    for one in place.items:
        if one.kind in {"secret", "Dependabot secret", "secret of an environment"}:
            environment = one.state.get("environment")
            yield f"{one.label} ({environment})" if environment else one.label


def _role(role: str) -> str:
    return "an owner" if role == "admin" else "a member"


def _kind(place: Place, kind: str) -> Iterator[InventoryItem]:
    return (item for item in place.items if item.kind == kind)


def _among(value: object, login: str) -> bool:
    names = value if isinstance(value, tuple) else ()
    return login.lower() in {name.lower() for name in names}


def _approved(place: Place, login: str) -> list[str]:
    return [
        one.label for one in _kind(place, APPROVERS) if _among(one.state.get("approvers"), login)
    ]


def _pairs(place: Place, kind: str, field: str) -> Iterator[Sequence[str]]:
    for one in _kind(place, kind):
        lines = one.state.get(field)
        yield from (line.split(" ", 1) for line in (lines if isinstance(lines, tuple) else ()))


def _owned(place: Place, login: str) -> list[str]:
    wanted = f"@{login.lower()}"
    pairs = _pairs(place, CODE_OWNERS, "lines")
    return [path for owner, path in pairs if owner.lower() == wanted]


def _scheduled(place: Place, login: str) -> list[str]:
    pairs = _pairs(place, SCHEDULED, "files")
    return [file for file, actor in pairs if actor.lower() == login.lower()]
