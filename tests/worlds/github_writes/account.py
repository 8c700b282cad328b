"""What changes the account of the token: its keys, and who sees its address."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.body import Body, Choice
from hardenme.sandbox.github.calls import Answer, PermittedRequest
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import account
from hardenme.sandbox.github.rest.account import emails
from tests.worlds.github_writes.change import Change, missing, take_out


def delete_ssh_key(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """A key opens no connection from then on."""
    del given
    return take_out(call.me.ssh_keys, call.names["key_id"])


def delete_gpg_key(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """A key verifies no signature from then on."""
    del given
    return take_out(call.me.gpg_keys, call.names["gpg_key_id"])


def delete_signing_key(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """A key signs nothing as the account's from then on."""
    del given
    return take_out(call.me.ssh_signing_keys, call.names["ssh_signing_key_id"])


def decline(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """An invitation to a repository is declined by whom it is for."""
    del given
    mine = [
        repository.invitations
        for repository in call.world.repositories
        if any(
            str(one.id) == call.names["invitation_id"] and one.invitee == call.me.login
            for one in repository.invitations
        )
    ]
    return take_out(mine[0], call.names["invitation_id"]) if mine else missing()


def set_visibility(call: PermittedRequest, given: dict[str, Any]) -> Answer:
    """Who sees the primary address."""
    for email in call.me.emails:
        if email.primary:
            email.visibility = given["visibility"]
    listed = emails(call)
    if not isinstance(listed, PagedAnswer):
        raise TypeError("the list of addresses is not a list")
    return listed


CHANGES = (
    Change(
        "DELETE", "/user/keys/{key_id}", delete_ssh_key, account("keys:write", "admin:public_key")
    ),
    Change(
        "DELETE",
        "/user/gpg_keys/{gpg_key_id}",
        delete_gpg_key,
        account("gpg_keys:write", "admin:gpg_key"),
    ),
    Change(
        "DELETE",
        "/user/ssh_signing_keys/{ssh_signing_key_id}",
        delete_signing_key,
        account("git_signing_ssh_public_keys:write", "admin:ssh_signing_key"),
    ),
    Change(
        "DELETE",
        "/user/repository_invitations/{invitation_id}",
        decline,
        account("administration:write", "repo:invite"),
    ),
    Change(
        "PATCH",
        "/user/email/visibility",
        set_visibility,
        account("emails:write", "user"),
        Body({"visibility": Choice(("public", "private"))}),
    ),
)
