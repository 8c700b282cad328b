"""How a token of each kind is made: the prefilled page, the page by hand, the command."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from typing import Any

from hardenme.facts.github.new_token import (
    address,
    app_link,
    app_manifest,
    classic_link,
    fine_grained_link,
    gh_command,
)
from hardenme.facts.github.token import CLASSIC, FINE_GRAINED, INSTALLATION, OAUTH
from hardenme.facts.npm.account import GRANULAR, SESSION
from hardenme.facts.npm.rights import ORG_READ, PACKAGE_READ
from hardenme.facts.npm.site import PAGES as NPM_PAGES
from hardenme.facts.npm.site import REGISTRY, WEB

OWN = "~"
"""Stands for the account's name in an address of npm's site."""
SOME_ORGANIZATION = "ORG"


def made(  # noqa: PLR0913 (each is a part of the address)
    kind: str,
    names: Iterable[str],
    *,
    owner: str,
    web: str,
    days: int,
    organizations: Iterable[str] = (),
) -> dict[str, Any]:
    """The fields of a `LeastToken` that tell how it is made.

    Args:
        kind: of the token.
        names: of its rights.
        owner: whose data it reads; empty for the account's own.
        web: the address of the host's web pages; of the registry for npm.
        days: after how many it ends.
        organizations: of npm, that it reads, where they are known.
    """
    rights = sorted(names)
    if kind == FINE_GRAINED:
        link = fine_grained_link(web, owner, days, rights)
        return {"link": link, "page": address(web, "account-new-fine-grained-token")}
    if kind == INSTALLATION:
        page = address(web, "org-new-app", org=owner)
        manifest = app_manifest(web, owner, rights)
        return {"link": app_link(web, owner, rights), "page": page, "manifest": manifest}
    if kind == CLASSIC:
        page = address(web, "account-new-classic-token")
        return {"link": classic_link(web, rights), "page": page}
    if kind == OAUTH:
        return {"page": address(web, "account-oauth-grants"), "command": gh_command(web, rights)}
    own = web == REGISTRY
    more = [] if own else ["--registry", web]
    if kind == SESSION:
        return {"page": web, "command": shlex.join(["npm", "login", *more])}
    page = f"{WEB}/{NPM_PAGES['new-token'].format(user=OWN)}" if own else web
    return {"page": page, "command": _create(set(rights), days, organizations, more)}


def _create(rights: set[str], days: int, organizations: Iterable[str], more: list[str]) -> str:
    """The command that makes a granular token; nothing that it is not told to open is opened.

    Source: `npm help token` of npm 11.
    """
    words = ["npm", "token", "create", "--name", "hardenme", "--expires", str(days)]
    if PACKAGE_READ in rights:
        words += ["--packages-all", "--packages-and-scopes-permission", "read-only"]
    if ORG_READ in rights:
        for name in tuple(organizations) or (SOME_ORGANIZATION,):
            words += ["--orgs", name]
        words += ["--orgs-permission", "read-only"]
    return shlex.join([*words, *more])


KINDS = (FINE_GRAINED, INSTALLATION, CLASSIC, OAUTH, SESSION, GRANULAR)
"""Every kind that can be made, in the order in which it is recommended."""
