"""Finds the tokens of a settings file in the npm account's list, by the ends that both show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from hardenme.collectors.book import Book
from hardenme.collectors.local.npmrc import ends
from hardenme.collectors.npm.asking import no_token, nothing
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.tokens import tokens
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import all_known
from hardenme.facts.local.npmrc import NpmrcSecrets, TokenLine
from hardenme.facts.npm.stored import StoredToken
from hardenme.facts.npm.token import NpmToken
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

DOTS = "..."
ACCOUNT = Subject("npm", "user", "me")
"""Stands for the account within this look-up: its name does not matter to it."""


def stored(npm: Npm, scope: Subject, book: Book) -> Iterator[Answer[Any]]:
    """GET /-/npm/v1/tokens, once for the run; nothing of the file is sent."""
    file = book.fact(NpmrcSecrets, scope)
    lines = [] if file is None else [one for one in file.tokens if _of_registry(one, npm)]
    evidence = book.evidence(NpmrcSecrets, scope)
    if file is None or not lines:
        yield Answer(StoredToken, scope, (), evidence)
        return
    if npm.secret is None:
        yield nothing(StoredToken, scope, no_token(npm, StoredToken))
        return
    if not npm.session.meter.sent:
        why = "the account's list of tokens: run hardenme check me"
        yield nothing(StoredToken, scope, Unknown(Reason.NOT_ASKED, why, "npm is no target"))
        return
    (listing,) = tokens(npm, ACCOUNT, book)
    missing = listing.missing
    facts = []
    for line in lines:
        told = _match(npm, line, listing.facts, missing)
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
    npm: Npm, line: TokenLine, listed: Iterable[NpmToken], missing: Unknown | None
) -> NpmToken | Unknown | None:
    """The token of the list; None where the one in the file is the session that asked."""
    alike = [token for token in listed if _same(line.shown, token)]
    if alike:
        # Of several with the same ends, the one that may do more.
        return max(alike, key=_may_write)
    if missing is not None or not all(_tells_ends(token) for token in listed):
        return missing or Unknown(
            Reason.MALFORMED,
            "the account's list must show the ends of each token; see: npm token list",
            "`token` is not understood",
        )
    # A session does not stand in the list, and so do the tokens of other accounts.
    if npm.secret is not None and line.shown and line.shown == ends(npm.secret.reveal()):
        return None
    return Unknown(
        Reason.NOT_VISIBLE,
        "whether the token in the file is a session: run again with that token",
        "it is not in the list of the account that was asked",
    )


def _may_write(token: NpmToken) -> bool:
    hidden = token.unknown_fields()
    return any(
        name in hidden or getattr(token, name) for name in ("package_write", "organization_write")
    )


def _tells_ends(token: NpmToken) -> bool:
    if "shown" in token.unknown_fields():
        return False
    head, _, tail = token.shown.partition(DOTS)
    return bool(head and tail)


def _same(mine: str, token: NpmToken) -> bool:
    """Whether two forms with their middle left out can be of one token."""
    if not mine or not _tells_ends(token):
        return False
    head, _, tail = token.shown.partition(DOTS)
    my_head, _, my_tail = mine.partition(DOTS)
    heads = my_head.startswith(head) or head.startswith(my_head)
    return heads and (my_tail.endswith(tail) or tail.endswith(my_tail))


def _fact(npm: Npm, file: NpmrcSecrets, line: TokenLine, token: NpmToken | None) -> StoredToken:
    return StoredToken(
        subject=Subject("local", "npmrc-token", f"{file.path}:{line.line}"),
        within=file.subject,
        label=f"{file.path} line {line.line}",
        registry=npm.registry,
        line=line.line,
        path=file.path,
        level=file.level,
        setting=line.setting,
        session=token is None,
        token_key=token.token_key if token is not None else "",
        **(_of_session() if token is None else _of_token(token)),
    )


def _of_session() -> dict[str, Any]:
    """A session does what the account may, with the second factor; it ends by itself."""
    return {"writes": True, "bypass": False, "expires_at": None, "revoked": False}


def _of_token(token: NpmToken) -> dict[str, Any]:
    """What the list tells of a token; what it does not tell stays unknown."""
    hidden = token.unknown_fields()

    def known(name: str) -> Any:
        return hidden[name] if name in hidden else getattr(token, name)

    package, organization = known("package_write"), known("organization_write")
    writes = True if True in (package, organization) else all_known((package, organization))
    return {
        "writes": writes or False,
        "bypass": known("bypass"),
        "expires_at": known("expires_at"),
        "revoked": known("revoked"),
    }


COLLECTORS = (Collector("npm tokens in files", (StoredToken,), stored),)
