"""What changes the account of the token: its keys, and who sees its address."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.body import Body, Choice
from hardenme.sandbox.github.calls import Answer, Call
from hardenme.sandbox.github.pages import Listing
from hardenme.sandbox.github.permits import account
from hardenme.sandbox.github.rest.account import emails
from hardenme.sandbox.github.writes.change import Change, take_out


def delete_ssh_key(call: Call, given: dict[str, Any]) -> Answer | None:
    """A key opens no connection from then on."""
    del given
    return take_out(call.me.ssh_keys, call.names["key_id"])


def delete_gpg_key(call: Call, given: dict[str, Any]) -> Answer | None:
    """A key verifies no signature from then on."""
    del given
    return take_out(call.me.gpg_keys, call.names["gpg_key_id"])


def set_visibility(call: Call, given: dict[str, Any]) -> Answer:
    """Who sees the primary address."""
    for email in call.me.emails:
        if email.primary:
            email.visibility = given["visibility"]
    listed = emails(call)
    if not isinstance(listed, Listing):
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
        "PATCH",
        "/user/email/visibility",
        set_visibility,
        account("emails:write", "user"),
        Body({"visibility": Choice(("public", "private"))}),
    ),
)
