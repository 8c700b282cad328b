"""How a token of each kind is made and stored: the prefilled page, the page by hand, commands."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from typing import Any

from hardenme.engine.target import Target
from hardenme.facts.github.new_token import (
    GH_SCOPES,
    app_link,
    app_manifest,
    classic_link,
    fine_grained_link,
    gh_command,
)
from hardenme.facts.github.token import CLASSIC, FINE_GRAINED, INSTALLATION, OAUTH
from hardenme.facts.npm.account import GRANULAR, SESSION
from hardenme.facts.npm.rights import ORG_READ, PACKAGE_READ
from hardenme.facts.npm.site import REGISTRY
from hardenme.model.least import all_covered
from hardenme.model.pages import GITHUB_WEB, github_page, npm_page

OWN = "~"
"""A placeholder for the account's name in an address of npm's site."""
SOME_ORGANIZATION = "ORG"
"""A placeholder for an organization that no one named."""
SOME_PACKAGE = "PACKAGE"
"""A placeholder for a package that anyone may read."""
PACKAGES = {"npm-package": "--packages", "npm-scope": "--scopes"}
"""The option that opens what a target names, by its kind."""
UNSTORED = frozenset({INSTALLATION, OAUTH})
"""The kinds that are not kept in the keyring: an app has its key, and gh keeps its own token."""


def made(  # noqa: PLR0913 (each is a part of the address)
    kind: str,
    names: Iterable[str],
    *,
    owner: str,
    web: str,
    days: int,
    targets: Iterable[Target] = (),
) -> dict[str, Any]:
    """The fields of a `LeastToken` that say how it is created and stored.

    Args:
        names: of its rights.
        owner: whose data it reads; empty for the account's own.
        web: the address of the host's web pages; of the registry for npm.
        days: after how many it ends.
        targets: what is looked at with it; none for all that the account has.
    """
    rights = sorted(names)
    store = "" if kind in UNSTORED else login_command(kind, owner, web)
    return {"link": "", "store": store, **_ways(kind, rights, owner, web, days, targets)}


def login_command(kind: str, owner: str, web: str) -> str:
    """The command that stores a token in the keyring.

    Args:
        owner: the GitHub owner whose things alone it is for; empty for all.
        web: the address of the host's web pages; of the registry for npm.
    """
    words = ["hardenme", "auth", "login", "npm" if kind in {SESSION, GRANULAR} else "github"]
    if web not in {GITHUB_WEB, REGISTRY}:
        words += ["--host", web.removeprefix("https://")]
    if owner:
        words += ["--owner", owner]
    if kind == GRANULAR:
        words += ["--read-only"]
    return shlex.join(words)


def _ways(  # noqa: PLR0913, PLR0917 (those of `made`)
    kind: str, rights: list[str], owner: str, web: str, days: int, targets: Iterable[Target]
) -> dict[str, Any]:
    if kind == FINE_GRAINED:
        link = fine_grained_link(web, owner, days, rights)
        return {"link": link, "page": github_page(web, "account-new-fine-grained-token")}
    if kind == INSTALLATION:
        page = github_page(web, "org-new-app", org=owner)
        manifest = app_manifest(web, owner, rights)
        return {"link": app_link(web, owner, rights), "page": page, "manifest": manifest}
    if kind == CLASSIC:
        page = github_page(web, "account-new-classic-token")
        return {"link": classic_link(web, rights), "page": page}
    if kind == OAUTH:
        more = [scope for scope in rights if scope not in all_covered(GH_SCOPES)]
        return {"page": github_page(web, "account-oauth-grants"), "command": gh_command(web, more)}
    own = web == REGISTRY
    registry = [] if own else ["--registry", web]
    if kind == SESSION:
        return {"page": web, "command": shlex.join(["npm", "login", *registry])}
    page = npm_page(web, "new-token", user=OWN)
    return {"page": page, "command": _create(set(rights), days, list(targets), registry)}


def _create(rights: set[str], days: int, targets: list[Target], registry: list[str]) -> str:
    """The command that makes a granular token; it grants nothing that was not requested.

    Source: `npm help token` and `npm help config` of npm 12.
    """
    words = ["npm", "token", "create", "--name", "hardenme", "--expires", str(days)]
    # npm refuses to make a token that opens nothing at all.
    opened = _packages(targets) if PACKAGE_READ in rights else ("--packages", SOME_PACKAGE)
    if PACKAGE_READ in rights or not rights:
        words += [*opened, "--packages-and-scopes-permission", "read-only"]
    if ORG_READ in rights:
        for name in _organizations(targets):
            words += ["--orgs", name]
        words += ["--orgs-permission", "read-only"]
    return shlex.join([*words, *registry])


def _packages(targets: list[Target]) -> Iterator[str]:
    """The packages and scopes that are named; all packages where something else is looked at."""
    options = [PACKAGES.get(target.kind) for target in targets]
    if not targets or None in options:
        yield "--packages-all"
        return
    for target in targets:
        yield from (PACKAGES[target.kind], target.name)


def _organizations(targets: list[Target]) -> tuple[str, ...]:
    """The organizations that are named, and the word for one that is not."""
    named = (t.name if t.kind == "npm-scope" else SOME_ORGANIZATION for t in targets)
    return tuple(dict.fromkeys(named)) or (SOME_ORGANIZATION,)


KINDS = (FINE_GRAINED, INSTALLATION, CLASSIC, OAUTH, SESSION, GRANULAR)
"""Every kind that can be made, in the order in which it is recommended."""
