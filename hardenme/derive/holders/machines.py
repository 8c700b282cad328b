"""What acts without a person at the keyboard: apps, keys, tokens, trusted publishers, secrets."""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.derive.holders.seen import MANAGES_MEMBERS, SeenAccounts
from hardenme.derive.publishing.people import scope
from hardenme.model.commands import api_path, gh, npm
from hardenme.model.holders import Hold, Holder, HolderKind
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.pages import github_page, npm_page
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.way import Way

CONTENTS = frozenset({"contents:write", "contents:admin"})
"""The permissions with which an app pushes."""
MEMBER_TOKEN = "fine-grained token of a member"  # noqa: S105 (a kind)
POWERS = (
    (MANAGES_MEMBERS, "adds and removes members and owners"),
    (
        frozenset({"administration:write", "administration:admin"}),
        "changes rules, keys and access of repositories",
    ),
    (
        frozenset({"organization_administration:write", "organization_custom_org_roles:write"}),
        "changes settings and roles of the organization",
    ),
    (frozenset({"workflows:write"}), "changes workflows"),
    (
        frozenset({"secrets:write", "organization_secrets:write", "environments:write"}),
        "changes secrets and environments",
    ),
    (frozenset({"actions:write"}), "starts workflows"),
)
"""What permissions allow, in addition to pushing."""
ROLES = {"admin": "owner", "direct_member": "member", "reinstate": "a former member"}
"""What an invitation to an organization offers; a repository's admin is one of it alone."""
VISIBILITIES = {
    "all": "all repositories",
    "private": "private repositories",
    "selected": "selected repositories",
}
SELECTIONS = {
    "all": "all repositories",
    "selected": "selected repositories",
    "subset": "selected repositories",
    "none": "no repositories",
}
KINDS = {Way.PUBLISHER: HolderKind.PUBLISHER, Way.SECRET: HolderKind.SECRET}


def apps(seen: SeenAccounts, web: str) -> Iterator[Holder]:
    """Apps on organizations; which repositories were selected is not shown."""
    for place, item in _in_organizations(seen, "app"):
        names = _texts(item.state.get("permissions"))
        everything = item.state.get("repository_selection") == "all"
        page = github_page(
            web, "org-installation", org=place.subject.name, installation=item.identity
        )
        way = _granted(item)
        yield _acting(seen, place, HolderKind.APP, item.shown, way, page, names, everything)


def member_tokens(seen: SeenAccounts, web: str) -> Iterator[Holder]:
    """Members' fine-grained tokens, as GitHub shows them to an app."""
    for place, item in _in_organizations(seen, MEMBER_TOKEN):
        names = _texts(item.state.get("permissions"))
        everything = item.state.get("repository_selection") == "all"
        login = str(item.state.get("login") or "a member")
        yield _acting(
            seen,
            place,
            HolderKind.TOKEN,
            item.label or item.identity,
            f"token of {login}, {_granted(item)}",
            github_page(web, "org-active-tokens", org=place.subject.name),
            names,
            everything,
        )


def invitations(seen: SeenAccounts, web: str) -> Iterator[Holder]:
    """Anyone who was invited and has not accepted yet."""
    for place in seen.places.values():
        organization = place.subject.kind == "org"
        if place.subject.provider != "github" or place.subject.kind not in {"org", "repo"}:
            continue
        for item in place.items:
            if item.kind != "pending invitation":
                continue
            role = item.state.get("role" if organization else "permissions")
            name = place.subject.name
            by, whole = _owners(seen, name) if organization else seen.admins_of(name)
            path = api_path(item.subject)
            page = "org-pending-invitations" if organization else "repo-access"
            yield Holder(
                HolderKind.INVITATION,
                item.shown,
                "github",
                (
                    Hold(
                        place.subject,
                        _offered(role, organization=organization),
                        by,
                        bool(by) or whole,
                        command=gh(web, "api", "-X", "DELETE", path) if path else "",
                        page=github_page(web, page, org=name, repo=name),
                    ),
                ),
            )


def _offered(role: object, *, organization: bool) -> str:
    """What an invitation offers, in words."""
    if not isinstance(role, str):
        return "invited, as what was not shown"
    return f"invited as {ROLES.get(role, role)}" if organization else f"invited with {role}"


def shared_secrets(seen: SeenAccounts, web: str) -> Iterator[Holder]:
    """Secrets of organizations: anyone who can change a workflow that reads one has it."""
    for kind, page in (("secret", "org-secrets"), ("Dependabot secret", "org-dependabot-secrets")):
        for place, item in _in_organizations(seen, kind):
            reach = VISIBILITIES.get(str(item.state.get("visibility")), "repositories not shown")
            by, whole = _owners(seen, place.subject.name)
            yield Holder(
                HolderKind.SECRET,
                item.shown,
                "github",
                (
                    Hold(
                        place.subject,
                        f"{kind} for workflows in {reach}",
                        by,
                        bool(by) or whole,
                        page=github_page(web, page, org=place.subject.name),
                    ),
                ),
            )


def _in_organizations(seen: SeenAccounts, kind: str) -> Iterator[tuple[Place, InventoryItem]]:
    """The items of one kind in GitHub's organizations."""
    for place in seen.places.values():
        if (place.subject.provider, place.subject.kind) == ("github", "org"):
            yield from ((place, item) for item in place.items if item.kind == kind)


def _texts(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _changes(names: tuple[str, ...]) -> str:
    """The permissions that do more than read."""
    return ", ".join(name for name in names if not name.endswith(":read")) or "reads"


def _granted(item: InventoryItem) -> str:
    """What an app or a token may change, and where, as far as it was shown."""
    permissions, where = item.state.get("permissions"), item.state.get("repository_selection")
    shown = isinstance(permissions, tuple)
    names = _changes(_texts(permissions)) if shown else "permissions that were not shown"
    return f"{names} in {SELECTIONS.get(str(where), 'repositories that were not shown')}"


def _owners(seen: SeenAccounts, organization: str) -> tuple[tuple[str, ...], bool]:
    """Who owns an organization, and whether these are known to be all."""
    place = Subject("github", "org", organization)
    return tuple(sorted(seen.owners.get(organization, ()))), seen.knows_owners(place)


def _acting(  # noqa: PLR0913, PLR0917 (what an app and a token have in common)
    seen: SeenAccounts,
    place: Place,
    kind: HolderKind,
    name: str,
    way: str,
    page: str,
    permissions: tuple[str, ...],
    everything: bool,  # noqa: FBT001 (a value of the answer)
) -> Holder:
    """What acts in an organization by permissions of its own."""
    owners, whole = _owners(seen, place.subject.name)
    prefix = f"{place.subject.name}/"
    pushes = not CONTENTS.isdisjoint(permissions)
    all_of = tuple(one for one in seen.pushers if one.startswith(prefix))
    reached = all_of if pushes and everything else ()
    powers = tuple(text for names, text in POWERS if not names.isdisjoint(permissions))
    if pushes and not everything:
        powers = ("pushes to selected repositories", *powers)
    return Holder(
        kind,
        name,
        "github",
        (Hold(place.subject, way, owners, bool(owners) or whole, page=page),),
        reached,
        tuple(one for one in reached if one.lower() in seen.unruled | seen.open_to_writers),
        powers=powers,
    )


def keys(seen: SeenAccounts, web: str) -> Iterator[Holder]:
    """Deploy keys that can push, and those of which it is not known."""
    for place in seen.places.values():
        for item in place.items:
            if item.kind != "deploy key" or item.state.get("read_only") is True:
                continue
            shown = item.state.get("read_only") is False
            repository = place.subject.name
            admins, whole = seen.admins_of(repository)
            path = api_path(item.subject)
            open_to = seen.unruled | seen.open_to_writers
            past = (repository,) if repository.lower() in open_to else ()
            yield Holder(
                HolderKind.KEY,
                item.shown,
                "github",
                (
                    Hold(
                        place.subject,
                        "key" if shown else "key, whether it can push was not shown",
                        admins,
                        known=bool(admins) or whole,
                        command=gh(web, "api", "-X", "DELETE", path) if path else "",
                        page=github_page(web, "repo-keys", repo=repository),
                    ),
                ),
                (repository,),
                past,
            )


def tokens(seen: SeenAccounts, registry: str) -> Iterator[Holder]:
    """Npm tokens of the account that asks: no one is shown another's."""
    for place in seen.places.values():
        for item in place.items:
            if item.kind != "npm token" or item.state.get("revoked"):
                continue
            if item.state.get("package_write") is False:
                continue
            some, scopes = (_names(item.state.get(name)) for name in ("packages", "scopes"))
            every = item.state.get("all_packages") is True or item.state.get("classic") is True
            mine = [p for p in seen.packages if place.subject.name in seen.publishers_of(p)]
            scoped = {one for one in mine if {scope(one), f"@{scope(one)}"} & scopes}
            reached = sorted(mine if every else scoped | some)
            yield Holder(
                HolderKind.TOKEN,
                item.label or item.identity,
                "npm",
                (
                    Hold(
                        place.subject,
                        "token",
                        (place.subject.name,),
                        command=npm(registry, "token", "revoke", item.identity),
                        page=npm_page(registry, "tokens", user=place.subject.name),
                    ),
                ),
                packages=tuple((name, seen.weekly.get(name)) for name in reached),
            )


def _names(names: object) -> set[str]:
    """The names of packages or scopes; none if they are not known."""
    return set(names) if isinstance(names, tuple) else set()


def publishers(report: Report, seen: SeenAccounts, registry: str) -> Iterator[Holder]:
    """Trusted publishers and secrets, as the publish paths have them."""
    for reach in report.publishing.reaches if report.publishing else ():
        kind = KINDS.get(reach.way)
        if kind is None or not reach.packages:
            continue
        first = reach.packages[0]
        by = {name for package in reach.packages for name in seen.publishers_of(package)}
        yield Holder(
            kind,
            reach.name,
            "npm" if kind is HolderKind.PUBLISHER else "github",
            (
                Hold(
                    Subject("npm", "package", first),
                    "publisher" if kind is HolderKind.PUBLISHER else "possible token",
                    tuple(sorted(by)) if kind is HolderKind.PUBLISHER else (),
                    known=kind is HolderKind.PUBLISHER and bool(by),
                    page=npm_page(registry, "package-access", package=first),
                ),
            ),
            packages=tuple((name, seen.weekly.get(name)) for name in reach.packages),
        )
