"""Makes of what a report shows each holder with what it reaches and who can take that away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from hardenme.derive.holders.machines import apps, keys, publishers, tokens
from hardenme.derive.holders.seen import SeenAccounts
from hardenme.derive.holders.unread import absent, unread
from hardenme.derive.inventory.account import EMAIL
from hardenme.model.commands import api_path, gh, npm
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
        # Two accounts with one address are of whoever reads its mail, which names nobody.
        if email and email in addresses and len(owners) == 1 and email in shared:
            yield Link(login, name, f"verified address {email}")


def holders(
    report: Report,
    links: Iterable[Link] = (),
    *,
    web: str = GITHUB_WEB,
    registry: str = REGISTRY,
) -> Holders:
    """Everybody and everything that could do harm, who reaches farthest first.

    Args:
        report: of a run.
        links: which accounts are of one person.
        web: the address of GitHub's pages.
        registry: the registry's address.
    """
    seen, you = SeenAccounts.of(report), _you(report)
    found = [
        *_of_github(seen, web),
        *_of_npm(seen, registry),
        *apps(seen, web),
        *keys(seen, web),
        *tokens(seen, registry),
        *publishers(report, seen, registry),
    ]
    known = [_own(_same(one, tuple(links)), you) for one in found]
    return Holders(tuple(sorted(known, key=_width)), you, tuple(_gaps(report, seen)))


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
    """Each person on GitHub."""
    outside = {login for people in seen.outsiders.values() for login in people}
    own = {name.partition("/")[0] for name in seen.access} - seen.owners.keys()
    logins = {*seen.people.values(), *outside, *own}
    for login in sorted(logins):
        holds = (*_memberships(seen, login, web), *_repositories(seen, login, web))
        pushed = tuple(sorted(seen.pushed_by(login)))
        if holds:
            yield Holder(
                HolderKind.PERSON,
                login,
                "github",
                holds,
                pushed,
                tuple(name for name in pushed if seen.past_rules(login, name)),
                two_factor=seen.factors.get(login.lower(), ""),
            )


def _memberships(seen: SeenAccounts, login: str, web: str) -> Iterator[Hold]:
    for organization, members in seen.members.items():
        if login.lower() not in members:
            continue
        owners, place = seen.owners[organization], Subject("github", "org", organization)
        subject = Subject("github", "member", f"{organization}/{login}")
        by = tuple(sorted(owners - {login}))
        yield Hold(
            place,
            "owner" if login in owners else "member",
            by,
            known=bool(by) or (bool(owners) and seen.is_whole(place, "member")),
            command=gh(web, "api", "-X", "DELETE", api_path(subject)),
            page=github_page(web, "org-people", org=organization),
        )


def _repositories(seen: SeenAccounts, login: str, web: str) -> Iterator[Hold]:
    """What somebody holds of repositories by themselves, and not by a membership."""
    for repository in seen.access:
        owner = repository.partition("/")[0]
        place = Subject("github", "repo", repository)
        page = github_page(web, "repo-access", repo=repository)
        path = f"repos/{repository}/collaborators/{login}"
        command = gh(web, "api", "-X", "DELETE", path)
        if owner not in seen.owners and owner.lower() == login.lower():
            yield Hold(place, "sole owner", (), page=page)
            continue
        role = seen.outsiders.get(repository, {}).get(login, "")
        found = seen.access[repository]
        if not role and owner not in seen.owners and found and login.lower() in found[0]:
            role = "collaborator"
        if role:
            admins = seen.admins_of(repository)
            by = tuple(name for name in admins or () if name.lower() != login.lower())
            yield Hold(
                place,
                ROLES.get(role, role),
                by,
                known=admins is not None,
                command=command,
                page=page,
            )


def _of_npm(seen: SeenAccounts, registry: str) -> Iterator[Holder]:
    """Each person on npm."""
    members = {name for people in seen.npm_members.values() for name in people}
    names = {name for people in seen.packages.values() for name in people}
    for name in sorted({*names, *members}):
        holds = (*_npm_memberships(seen, name, registry), *_packages(seen, name, registry))
        mine = [one for one in seen.packages if name in seen.publishers_of(one)]
        reached = tuple((one, seen.weekly.get(one)) for one in sorted(mine))
        if holds:
            yield Holder(HolderKind.PERSON, name, "npm", holds, packages=reached)


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
                known=bool(by) or (bool(owners) and seen.is_whole(place, "member")),
                command=npm(registry, "org", "rm", organization, name),
                page=npm_page(registry, "org-members", org=organization),
            )


def _packages(seen: SeenAccounts, name: str, registry: str) -> Iterator[Hold]:
    for package, people in sorted(seen.packages.items()):
        if name in people:
            place = Subject("npm", "package", package)
            by = tuple(sorted(seen.publishers_of(package) - {name}))
            yield Hold(
                place,
                "maintainer",
                by,
                known=bool(by) or seen.is_whole(place, "maintainer"),
                command=npm(registry, "owner", "rm", name, package),
                page=npm_page(registry, "package-access", package=package),
            )


def _gaps(report: Report, seen: SeenAccounts) -> Iterator[str]:
    if seen.packages:
        yield NPM_SHOWS
    if any(login not in seen.factors for members in seen.members.values() for login in members):
        yield NO_FACTORS
    yield from absent(report)
    yield from unread(seen)
