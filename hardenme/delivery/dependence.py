"""Whether a message still reaches someone when the watched account is taken over."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from urllib.parse import parse_qsl, unquote, urlsplit

from hardenme.delivery.address import schema_of

MAIL = frozenset({"mailto", "mailtos"})
GITHUB = frozenset({"github.com", "api.github.com"})
OPEN_TO_ALL = frozenset(
    {
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "icloud.com"),
        *("me.com", "yahoo.com", "proton.me", "protonmail.com", "gmx.net", "gmx.de", "web.de"),
        *("aol.com", "mail.ru", "yandex.ru", "qq.com", "163.com", "fastmail.com", "zoho.com"),
    }
)
"""Mail domains where anyone has a mailbox: a shared domain says nothing there."""


def dependence(addresses: Sequence[str], mailboxes: Collection[str]) -> str:
    """A sentence where all addresses depend on what is watched; empty if one does not.

    Args:
        addresses: of the targets.
        mailboxes: the watched account's own mail addresses, as far as they are known.
    """
    own = {mailbox.lower() for mailbox in mailboxes}
    reasons = [_depends(address, own) for address in addresses]
    if not reasons or not all(reasons):
        return ""
    said = " and ".join(dict.fromkeys(reasons))
    return (
        f"all messages go to {said}: anyone who takes it over can hide them. Add an address"
        " that does not depend on it, such as another person's, or a chat's"
    )


def _depends(address: str, own: Collection[str]) -> str:
    """What an address depends on, in words; empty for nothing that is watched."""
    kind = schema_of(address)
    host = address.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
    if kind == "github" or host.lower() in GITHUB:
        return "GitHub, which is watched itself"
    recipients = set(_recipients(address)) if kind in MAIL else set()
    if not recipients:
        return ""
    if recipients <= set(own):
        return "a mailbox of the watched account"
    domains = {mailbox.rpartition("@")[2] for mailbox in own} - OPEN_TO_ALL
    if all(one in own or one.rpartition("@")[2] in domains for one in recipients):
        return "the mail domain of the watched account"
    return ""


def _recipients(address: str) -> Iterator[str]:
    """Whom a mail address of apprise's form names, in lower case; its own mailbox by default."""
    try:
        parts = urlsplit(f"x://{address.partition('://')[2]}")
        user, host = unquote(parts.username or ""), parts.hostname or ""
    except ValueError:
        return
    query = {name.lower(): value for name, value in parse_qsl(parts.query)}
    named = [query.get("to", ""), *map(unquote, parts.path.split("/"))]
    found = [one.strip().lower() for text in named for one in text.split(",") if "@" in one]
    if found:
        yield from found
    elif user:
        yield (user if "@" in user else f"{user}@{host}").lower()
