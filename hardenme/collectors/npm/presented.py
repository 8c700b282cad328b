"""Which of the account's tokens is the one that asks: found offline, by the ends that a list shows.

The list of tokens never holds a session of `npm login`, and shows of each other token its first
eight and its last four characters. So a whole list without a match means a session. The token's
value is compared here and goes nowhere.
"""

from __future__ import annotations

from typing import Any

from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.pages import pages
from hardenme.collectors.reading import Item
from hardenme.facts.npm.account import GRANULAR, SESSION, UNLISTED
from hardenme.facts.npm.endpoints import TOKENS
from hardenme.facts.npm.token import NpmToken

DOTS = "..."


def is_shown(npm: Npm, item: Item) -> Any:
    """Whether an entry shows the two ends of the token that asks; unknown if it shows none."""
    text: Any = item.text(TOKENS.shows)
    if not isinstance(text, str):
        return text
    head, dots, tail = text.partition(DOTS)
    if not (head and dots and tail):
        return item.odd(TOKENS.shows)
    value = npm.secret.reveal() if npm.secret is not None else ""
    return value.startswith(head) and value.endswith(tail)


def matches(npm: Npm) -> tuple[Item, ...]:
    """The entries that show the ends of the token that asks."""
    return tuple(item for item in pages(npm, NpmToken).items if is_shown(npm, item) is True)


def kind_of(npm: Npm) -> str:
    """The kind of the token that asks.

    If the list is incomplete, or an entry lacks its last characters, a session cannot be
    distinguished from a missing token.
    """
    if npm.secret is None:
        return UNLISTED
    listing = pages(npm, NpmToken)
    if matches(npm):
        return GRANULAR
    whole = listing.missing is None and all(is_shown(npm, i) is False for i in listing.items)
    return SESSION if whole else UNLISTED


def is_session(npm: Npm) -> bool:
    """Whether the token that asks is surely a session's, which sees all that its account does."""
    return npm.secret is not None and kind_of(npm) == SESSION
