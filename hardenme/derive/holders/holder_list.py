"""Makes of what a report shows each holder with what it reaches and who can take that away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from hardenme.derive.holders.machines import (
    apps,
    invitations,
    keys,
    member_tokens,
    publishers,
    shared_secrets,
    tokens,
)
from hardenme.derive.holders.seen import SeenAccounts
from hardenme.derive.holders.unread import absent, left_out, unjudged, unread
from hardenme.derive.inventory.account import EMAIL
from hardenme.model.commands import api_path, gh, npm
from hardenme.model.completeness import Completeness
from hardenme.model.holders import Hold, Holder, HolderKind, Holders
from hardenme.model.npm_address import REGISTRY
from hardenme.model.pages import GITHUB_WEB, github_page, npm_page
from hardenme.model.report import Report
from hardenme.model.subject import Subject

ROLES = {
    "admin": "outside collaborator with admin",
    "maintain": "outside collaborator with maintain",
    "write": "outside collaborator with write",
    "triage": "outside collaborator with triage",
    "read": "outside collaborator with read",
}
ADMIN, PUSHES = "admin of the repository", "can push, by a way that is not shown"
NPM_SHOWS = "npm shows only your own 2FA: ask each maintainer whether it is on."
NO_FACTORS = "GitHub shows the 2FA of members only to an organization's owners."
STATED = "stated by you"


@dataclass(frozen=True, slots=True)
class Link:
    """That two accounts are of one person.

    Attributes:
        github: the login there.
        npm: the name there.
        evidence: how that is known.
    """

    github: str
    npm: str
    evidence: str = STATED


def linked(report: Report) -> Iterator[Link]:
    """The links that answers prove: a verified address of the account is that of an npm account."""
    you = _you(report)
    login = you.get("github", "")
    addresses = {
        item.label.lower()
        for place in report.inventory
        if place.subject == Subject("github", "user", login)
        for item in place.items
        if item.kind == EMAIL and item.state.get("verified") is True
    }
    names = {
        (item.label, str(item.state.get("email", "")).lower())
        for place in report.inventory
        if place.subject.provider == "npm"
        for item in place.items
        if item.kind == "maintainer"
    }
    shared = [email for _, email in names]
    for name, email in sorted(names):
        owners = {one for one, address in names if address == email}
        # Two accounts with one address are of anyone who reads its mail, which names no one.
        if email and email in addresses and len(owners) == 1 and email in shared:
            yield Link(login, name, f"verified address {email}")


def holders(
    report: Report,
    links: Iterable[Link] = (),
    *,
    web: str = GITHUB_WEB,
    registry: str = REGISTRY,
) -> Holders:
    """Everyone and everything that could do harm, who reaches farthest first.

    Args:
        links: which accounts are of one person.
        web: the address of GitHub's pages.
        registry: the registry's address.
    """
    seen, you = SeenAccounts.of(report), _you(report)
    found = [
        *_of_github(seen, web),
        *_of_npm(seen, registry),
        *invitations(seen, web),
        *apps(seen, web),
        *member_tokens(seen, web),
        *keys(seen, web),
        *tokens(seen, registry),
        *publishers(report, seen, registry),
        *shared_secrets(seen, web),
    ]
    known = [_own(_same(one, tuple(links)), you) for one in found]
    extent = Completeness(tuple(_gaps(report, seen)), left_out(report))
    return Holders(tuple(sorted(known, key=_width)), you, extent)


def _width(one: Holder) -> tuple[int | str, ...]:
    owned = sum(hold.way in {"owner", "sole owner"} for hold in one.holds)
    reached = -one.weekly, -len(one.packages), -len(one.past_rules), -len(one.repositories)
    return (*reached, -owned, one.kind.value, one.name)


def _you(report: Report) -> dict[str, str]:
    return {one.provider: one.login for one in report.identities if one.login}


def _own(one: Holder, you: Mapping[str, str]) -> Holder:
    mine = one.kind is HolderKind.PERSON and you.get(one.provider, "").lower() == one.name.lower()
    return replace(one, own=mine)


def _same(one: Holder, links: tuple[Link, ...]) -> Holder:
    if one.kind is not HolderKind.PERSON:
        return one
    for link in links:
        mine, other = (link.github, link.npm)[:: 1 if one.provider == "github" else -1]
        if mine.lower() == one.name.lower():
            return replace(one, same=other, evidence=link.evidence)
    return one


def _of_github(seen: SeenAccounts, web: str) -> Iterator[Holder]:
    """Each person on GitHub who was seen anywhere."""
    names = {name.lower(): name for people in seen.outsiders.values() for name in people}
    for found in (*seen.pushers.values(), *seen.admins.values()):
        names |= {name: name for name in found or () if name not in names}
    for repository in seen.pushers:
        if seen.is_personal(repository):
            owner = repository.partition("/")[0]
            names[owner.lower()] = owner
    names |= seen.people
    for login in sorted(names.values()):
        holds = (
            *_memberships(seen, login, web),
            *_roles(seen, login, web),
            *_repositories(seen, login, web),
        )
        pushed = tuple(sorted(seen.pushed_by(login)))
        if holds or pushed:
            yield Holder(
                HolderKind.PERSON,
                login,
                "github",
                holds,
                pushed,
                tuple(name for name in pushed if seen.past_rules(login, name)),
                two_factor=seen.factors.get(login.lower(), ""),
            )


def _others(names: Iterable[str], login: str) -> tuple[str, ...]:
    """Everyone but the holder, in any case of the letters."""
    return tuple(sorted(one for one in names if one.lower() != login.lower()))


def _memberships(seen: SeenAccounts, login: str, web: str) -> Iterator[Hold]:
    for organization, members in seen.members.items():
        owners, place = seen.owners[organization], Subject("github", "org", organization)
        managing, all_apps = seen.member_apps(organization)
        by = (*_others(owners, login), *managing)
        whole = bool(owners) and seen.knows_owners(place) and all_apps
        if login.lower() in members:
            subject = Subject("github", "member", f"{organization}/{login}")
            yield Hold(
                place,
                "owner" if login.lower() in {one.lower() for one in owners} else "member",
                by,
                known=bool(by) or whole,
                command=gh(web, "api", "-X", "DELETE", api_path(subject)),
                page=github_page(web, "org-people", org=organization),
            )
        elif _is_outside(seen, organization, login):
            subject = Subject("github", "outside-collaborator", f"{organization}/{login}")
            yield Hold(
                place,
                "outside collaborator in repositories that were not seen",
                by,
                known=bool(by) or whole,
                command=gh(web, "api", "-X", "DELETE", api_path(subject)),
                page=github_page(web, "org-outside-collaborators", org=organization),
            )


def _is_outside(seen: SeenAccounts, organization: str, login: str) -> bool:
    """Whether the organization lists an outside collaborator whom no repository shows."""
    place = seen.places[Subject("github", "org", organization)]
    listed = {one.label.lower() for one in place.items if one.kind == "outside collaborator"}
    shown = {
        name.lower()
        for repository, people in seen.outsiders.items()
        if repository.startswith(f"{organization}/")
        for name in people
    }
    return login.lower() in listed - shown


def _roles(seen: SeenAccounts, login: str, web: str) -> Iterator[Hold]:
    """Organization roles, which give access without a row in any repository."""
    for organization, held in seen.roles.items():
        place = Subject("github", "org", organization)
        by = _others(seen.owners.get(organization, ()), login)
        path = f"orgs/{organization}/organization-roles/users"
        for one in held:
            if one.login.lower() != login.lower():
                continue
            through = " through a team" if one.by_team else ""
            command = gh(web, "api", "-X", "DELETE", f"{path}/{login}/{one.number}")
            yield Hold(
                place,
                f"organization role {one.name}{through}",
                by,
                known=bool(by) or seen.knows_owners(place),
                command="" if one.by_team or not one.number else command,
                page=github_page(web, "org-roles", org=organization),
            )


def _repositories(seen: SeenAccounts, login: str, web: str) -> Iterator[Hold]:
    """What someone holds on individual repositories, and not by a membership."""
    for repository in seen.pushers:
        if repository in seen.hidden:
            # No one is known to own what may not exist; it is among what was not looked at.
            continue
        owner = repository.partition("/")[0]
        place = Subject("github", "repo", repository)
        page = github_page(web, "repo-access", repo=repository)
        if seen.is_personal(repository) and owner.lower() == login.lower():
            yield Hold(place, "sole owner", (), page=page)
            continue
        way = _way(seen, repository, login)
        if way:
            admins, whole = seen.admins_of(repository)
            by = _others(admins, login)
            path = f"repos/{repository}/collaborators/{login}"
            # A team or a role of the organization gives it again.
            single = way not in {ADMIN, PUSHES}
            yield Hold(
                place,
                way,
                by,
                known=bool(by) or whole,
                command=gh(web, "api", "-X", "DELETE", path) if single else "",
                page=page,
            )


def _way(seen: SeenAccounts, repository: str, login: str) -> str:
    """How someone reaches a repository, where no membership says it already."""
    people = {name.lower(): role for name, role in seen.outsiders.get(repository, {}).items()}
    role = people.get(login.lower())
    if role is not None:
        return ROLES.get(role, f"outside collaborator with {role or 'what was not shown'}")
    owner, name = repository.partition("/")[0], login.lower()
    if name in {one.lower() for one in seen.owners.get(owner, ())}:
        return ""
    if name in (seen.admins.get(repository) or ()):
        return ADMIN
    if name not in (seen.pushers.get(repository) or ()):
        return ""
    if seen.is_personal(repository):
        return "collaborator"
    return "" if name in seen.members.get(owner, ()) else PUSHES


def _of_npm(seen: SeenAccounts, registry: str) -> Iterator[Holder]:
    """Each person on npm."""
    members = {name for people in seen.npm_members.values() for name in people}
    names = {name for people in seen.packages.values() for name in people}
    for name in sorted({*names, *members}):
        holds = (*_npm_memberships(seen, name, registry), *_packages(seen, name, registry))
        mine = [one for one in seen.packages if name in seen.publishers_of(one)]
        reached = tuple((one, seen.weekly.get(one)) for one in sorted(mine))
        if holds:
            factor = seen.npm_factors.get(name, "")
            yield Holder(HolderKind.PERSON, name, "npm", holds, packages=reached, two_factor=factor)


def _npm_memberships(seen: SeenAccounts, name: str, registry: str) -> Iterator[Hold]:
    for organization, people in seen.npm_members.items():
        if name in people:
            place = Subject("npm", "org", organization)
            owners = seen.npm_owners[organization]
            by = tuple(sorted(owners - {name}))
            yield Hold(
                place,
                people[name],
                by,
                known=bool(by) or (bool(owners) and seen.knows_owners(place)),
                command=npm(registry, "org", "rm", organization, name),
                page=npm_page(registry, "org-members", org=organization),
            )


def _packages(seen: SeenAccounts, name: str, registry: str) -> Iterator[Hold]:
    for package, people in sorted(seen.packages.items()):
        if name in people:
            place = Subject("npm", "package", package)
            listed = name in seen.maintainers[package]
            by = tuple(sorted(seen.removers_of(package) - {name}))
            # Whom a team allows to publish may be able to remove maintainers too.
            others = bool(people - seen.maintainers[package] - {name})
            yield Hold(
                place,
                "maintainer" if listed else "publishes through a team",
                by,
                known=bool(by) or (seen.knows_removers_of(package) and not others),
                command=npm(registry, "owner", "rm", name, package) if listed else "",
                page=npm_page(registry, "package-access", package=package),
            )


def _gaps(report: Report, seen: SeenAccounts) -> Iterator[str]:
    if seen.packages:
        yield NPM_SHOWS
    if any(login not in seen.factors for members in seen.members.values() for login in members):
        yield NO_FACTORS
    yield from unjudged(seen)
    yield from absent(report)
    yield from unread(report, seen)
