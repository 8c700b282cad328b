"""What acts without a person at the keyboard: apps, keys, tokens, trusted publishers, secrets."""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.derive.holders.seen import SeenAccounts
from hardenme.model.commands import api_path, gh, npm
from hardenme.model.holders import Hold, Holder, HolderKind
from hardenme.model.pages import github_page, npm_page
from hardenme.model.publishing import Way
from hardenme.model.report import Report
from hardenme.model.subject import Subject

CONTENTS = frozenset({"contents:write", "contents:admin"})
"""The permissions with which an app pushes."""
KINDS = {Way.PUBLISHER: HolderKind.PUBLISHER, Way.SECRET: HolderKind.SECRET}


def apps(seen: SeenAccounts, web: str) -> Iterator[Holder]:
    """Apps on organizations; which repositories were selected is not shown."""
    for place in seen.places.values():
        owners = tuple(sorted(seen.owners.get(place.subject.name, ())))
        for item in place.items:
            if item.kind != "app" or place.subject.kind != "org":
                continue
            held = item.state.get("permissions")
            names = held if isinstance(held, tuple) else ()
            pushes = not CONTENTS.isdisjoint(names)
            everything = item.state.get("repository_selection") == "all"
            prefix = f"{place.subject.name}/"
            all_of = tuple(name for name in seen.access if name.startswith(prefix))
            writes = ", ".join(name for name in names if not name.endswith(":read")) or "reads"
            where = "all repositories" if everything else "selected repositories"
            page = github_page(
                web, "org-installation", org=place.subject.name, installation=item.identity
            )
            reached = all_of if pushes and everything else ()
            yield Holder(
                HolderKind.APP,
                item.label,
                "github",
                (Hold(place.subject, f"{writes} in {where}", owners, bool(owners), page=page),),
                reached,
                tuple(name for name in reached if name.lower() in seen.unruled),
            )


def keys(seen: SeenAccounts, web: str) -> Iterator[Holder]:
    """Deploy keys that can push."""
    for place in seen.places.values():
        for item in place.items:
            if item.kind != "deploy key" or item.state.get("read_only") is not False:
                continue
            repository = place.subject.name
            admins = seen.admins_of(repository)
            path = api_path(item.subject)
            past = (repository,) if repository.lower() in seen.unruled else ()
            yield Holder(
                HolderKind.KEY,
                item.label,
                "github",
                (
                    Hold(
                        place.subject,
                        "key",
                        admins or (),
                        known=admins is not None,
                        command=gh(web, "api", "-X", "DELETE", path) if path else "",
                        page=github_page(web, "repo-keys", repo=repository),
                    ),
                ),
                (repository,),
                past,
            )


def tokens(seen: SeenAccounts, registry: str) -> Iterator[Holder]:
    """Npm tokens of the account that asks: nobody is shown another's."""
    for place in seen.places.values():
        for item in place.items:
            if item.kind != "npm token" or item.state.get("revoked"):
                continue
            if item.state.get("package_write") is False:
                continue
            named = item.state.get("packages")
            some = named if isinstance(named, tuple) else ()
            every = item.state.get("all_packages") is True or item.state.get("classic") is True
            mine = [p for p in seen.packages if place.subject.name in seen.publishers_of(p)]
            reached = sorted(mine if every else set(some) & {*seen.packages, *some})
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
