"""Finds the tokens of a settings file in the npm account's list, by the ends that both show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.local.npmrc import ends
from hardenme.collectors.npm.asking import no_token
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.pages import pages
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.facts.local.npmrc import NpmrcSecrets, TokenLine
from hardenme.facts.npm.endpoints import TOKENS
from hardenme.facts.npm.stored import StoredToken
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

DOTS = "..."
OF_SESSION: dict[str, Any] = {
    "session": True,
    "token_key": "",
    "writes": True,
    "bypass": False,
    "expires_at": None,
    "revoked": False,
}
"""A session token can do what the account can, with 2FA, and it expires."""


def stored(npm: Npm, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /-/npm/v1/tokens, once for the run; nothing of the file is sent."""
    file = store.fact(NpmrcSecrets, scope)
    lines = [] if file is None else [one for one in file.tokens if _of_registry(one, npm)]
    evidence = store.evidence(NpmrcSecrets, scope)
    if file is None or not lines:
        yield Answer(StoredToken, scope, (), evidence)
        return
    if npm.secret is None:
        yield nothing(StoredToken, scope, no_token(npm, StoredToken))
        return
    if not npm.session.meter.sent:
        why = "the account's list of tokens: run `hardenme check me`"
        yield nothing(StoredToken, scope, Unknown(Reason.NOT_ASKED, why, "npm is not a target"))
        return
    listing = pages(npm, StoredToken)
    missing = listing.missing
    facts = []
    for line in lines:
        told = _match(npm, line, listing.items, missing)
        if isinstance(told, Unknown):
            missing = told
        else:
            facts.append(_fact(npm, file, line, told))
    yield Answer(StoredToken, scope, tuple(facts), (*evidence, *listing.evidence), missing)


def _of_registry(line: TokenLine, npm: Npm) -> bool:
    """Whether a token is for the registry that is asked, or for any."""
    parts = urlsplit(npm.registry)
    return line.registry in {"", f"{parts.netloc}{parts.path}".strip("/")}


def _match(
    npm: Npm, line: TokenLine, listed: Sequence[Item], missing: Unknown | None
) -> dict[str, Any] | Unknown:
    """What the list shows about the token in the file, or the session that asked."""
    alike = [read(StoredToken, item) for item in listed if _same(line.shown, _ends(item))]
    if alike:
        # Of several with the same ends, the one that may do more.
        return {"session": False, **max(alike, key=lambda told: told["writes"] is not False)}
    if missing is not None or not all(map(_ends, listed)):
        return missing or Unknown(
            Reason.MALFORMED,
            "the account's list must show the ends of each token; see: npm token list",
            f"`{TOKENS.shows}` is not understood",
        )
    # Sessions are not on the list, and neither are the tokens of other accounts.
    if npm.secret is not None and line.shown and line.shown == ends(npm.secret.reveal()):
        return OF_SESSION
    return Unknown(
        Reason.NOT_VISIBLE,
        "whether the token in the file is a session: run again with that token",
        "it is not in the list of the account that was asked",
    )


def _ends(item: Item) -> tuple[str, str] | None:
    """The ends of a token that an entry shows; None if it does not."""
    shown: Any = item.text(TOKENS.shows)
    head, _, tail = shown.partition(DOTS) if isinstance(shown, str) else ("", "", "")
    return (head, tail) if head and tail else None


def _same(mine: str, shown: tuple[str, str] | None) -> bool:
    """Whether two forms with their middle left out can be of one token."""
    if not mine or shown is None:
        return False
    head, tail = shown
    my_head, _, my_tail = mine.partition(DOTS)
    heads = my_head.startswith(head) or head.startswith(my_head)
    return heads and (my_tail.endswith(tail) or tail.endswith(my_tail))


def _fact(npm: Npm, file: NpmrcSecrets, line: TokenLine, told: dict[str, Any]) -> StoredToken:
    return StoredToken(
        subject=Subject("local", "npmrc-token", f"{file.path}:{line.line}"),
        within=file.subject,
        label=f"{file.path} line {line.line}",
        registry=npm.registry,
        line=line.line,
        path=file.path,
        level=file.level,
        setting=line.setting,
        **told,
    )


COLLECTORS = (Collector("npm tokens in files", (StoredToken,), stored),)
