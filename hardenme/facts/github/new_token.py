"""Where a token is created: the prefilled pages, the command, and a GitHub App's manifest."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode, urlsplit

from hardenme.facts.github.permissions import in_link
from hardenme.model.pages import github_page

GH_SCOPES = frozenset({"repo", "read:org", "gist"})
"""What a token that `gh auth login` gets holds in any case.

Source: `gh help auth login`.
"""
LONGEST_NAME = 40
LONGEST_APP_NAME = 34
"""Characters of a token's and of an app's name, by GitHub's own rules."""
DAYS = range(1, 367)
"""How many days a fine-grained token may live."""
DESCRIPTION = "Read-only audit by hardenme"


def prefills(web: str) -> bool:
    """Whether a host has the prefilled page for fine-grained tokens: github.com and *.ghe.com.

    Source: GitHub's page "Managing your personal access tokens".
    """
    host = urlsplit(web).hostname or ""
    return host == "github.com" or host.endswith(".ghe.com")


def _name(owner: str, longest: int) -> str:
    return f"hardenme-{owner}"[:longest].rstrip("-") if owner else "hardenme"


def fine_grained_link(web: str, owner: str, days: int, rights: Iterable[str]) -> str:
    """The page of a new fine-grained token with everything filled in that it takes.

    The repositories have to be chosen by hand: the page has no parameter for them.

    Args:
        web: the address of the host's web pages.
        owner: whose data the token is to read; empty for the account's own.
        days: after how many it ends.
        rights: permissions as `name:level`.
    """
    if not prefills(web):
        return ""
    asked = {"name": _name(owner, LONGEST_NAME), "description": DESCRIPTION}
    asked |= {"target_name": owner} if owner else {}
    asked |= {"expires_in": str(days)}
    for right in sorted(filter(in_link, rights)):
        name, _, level = right.partition(":")
        asked[name] = level
    return f"{github_page(web, 'account-new-fine-grained-token')}?{urlencode(asked)}"


def classic_link(web: str, scopes: Iterable[str]) -> str:
    """The page of a new classic token with these scopes ticked."""
    asked = {"description": "hardenme", "scopes": ",".join(sorted(scopes))}
    return f"{github_page(web, 'account-new-classic-token')}?{urlencode(asked, safe=',:')}"


def gh_command(web: str, scopes: Iterable[str]) -> str:
    """The command by which `gh` gets a token with these scopes too; empty if there are none."""
    named = ",".join(sorted(scopes))
    host = urlsplit(web).hostname or ""
    return shlex.join(["gh", "auth", "refresh", "-h", host, "-s", named]) if named else ""


def app_link(web: str, owner: str, rights: Iterable[str]) -> str:
    """The page on which an organization registers a GitHub App, filled in.

    Source: GitHub's page "Registering a GitHub App using URL parameters".
    """
    asked = {
        "name": _name(owner, LONGEST_APP_NAME),
        "description": DESCRIPTION,
        "url": f"{web}/{owner}",
        "public": "false",
        "webhook_active": "false",
    }
    asked |= permissions_of(rights)
    return f"{github_page(web, 'org-new-app', org=owner)}?{urlencode(asked)}"


def permissions_of(rights: Iterable[str]) -> dict[str, str]:
    """The rights `name:level` as pairs of name and level, in order."""
    pairs = (right.partition(":") for right in sorted(rights))
    return {name: level for name, _, level in pairs}


def app_manifest(web: str, owner: str, rights: Iterable[str]) -> dict[str, Any]:
    """The manifest of a GitHub App that reads, receives no event, and is its owner's alone.

    GitHub asks for an address of the webhook even where it is switched off.

    Source: GitHub's page "Registering a GitHub App from a manifest".
    """
    home = f"{web}/{owner}"
    return {
        "name": _name(owner, LONGEST_APP_NAME),
        "description": DESCRIPTION,
        "url": home,
        "public": False,
        "hook_attributes": {"url": home, "active": False},
        "default_events": [],
        "default_permissions": permissions_of(rights),
    }
