"""How a token that lacks something is repaired: the page, the command, the steps in words."""

from __future__ import annotations

from collections.abc import Iterable

from hardenme.facts.github.new_token import gh_command
from hardenme.facts.github.token import CLASSIC, FINE_GRAINED, INSTALLATION, OAUTH
from hardenme.facts.npm.account import SESSION
from hardenme.model.least import LeastToken
from hardenme.model.pages import github_page
from hardenme.model.verdict import Fix

ITS_OWNER = "the token's owner"


def repair(token: LeastToken, missing: Iterable[str] = ()) -> Fix:
    """The step that gives a token what it lacks.

    Args:
        token: the least token of its kind, as `permissions` says it.
        missing: names of the rights that the present token lacks; all of them where none is named.
    """
    names = sorted(missing) or sorted(token.names)
    listed = ", ".join(names)
    if token.kind == FINE_GRAINED:
        page = github_page(token.web, "account-fine-grained-tokens")
        step = f"Edit the token and set these permissions to Read-only: {listed}"
        return Fix(step, page, needs=ITS_OWNER, undo="Set them to No access again")
    if token.kind == INSTALLATION:
        page = github_page(token.web, "org-apps", org=token.owner)
        step = f"Add these permissions to the app, then accept them for {token.owner}: {listed}"
        return Fix(step, page, needs="organization owner", undo="Remove them again")
    if token.kind == CLASSIC:
        page = github_page(token.web, "account-classic-tokens")
        return Fix(
            f"Edit the token and tick these scopes: {listed}",
            page,
            needs=ITS_OWNER,
            undo="Untick them",
        )
    if token.kind == OAUTH:
        return Fix(
            f"Add these scopes to gh: {listed}",
            github_page(token.web, "account-oauth-grants"),
            gh_command(token.web, names),
            needs=ITS_OWNER,
            undo="gh auth refresh --reset-scopes",
        )
    if token.kind == SESSION:
        step = "Log in again: the session lasts for two hours"
        return Fix(step, token.page, token.command, needs=ITS_OWNER, undo="npm logout")
    step = "Create a read-only granular token: an existing token cannot get more permissions"
    return Fix(step, token.page, token.command, needs=ITS_OWNER, undo="Revoke it on the same page")
