"""Reads the tokens of the npm account: what each may do, and which of them was presented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.npm.asking import no_token, place
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.pages import pages
from hardenme.collectors.npm.presented import is_shown
from hardenme.collectors.reading import Item
from hardenme.facts.npm.endpoints import TOKENS
from hardenme.facts.npm.token import NpmToken
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject


def tokens(npm: Npm, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /-/npm/v1/tokens, all pages."""
    if npm.secret is None:
        yield nothing(NpmToken, scope, no_token(npm, NpmToken))
        return
    listing = pages(npm, NpmToken)
    facts = {fact.subject: fact for fact in (token_of(npm, scope, one) for one in listing.items)}
    yield Answer(NpmToken, scope, tuple(facts.values()), listing.evidence, listing.missing)


def token_of(npm: Npm, scope: Subject, item: Item) -> NpmToken:
    """One entry of the list."""
    told = read(NpmToken, item)
    subject = Subject("npm", TOKENS.kind, item.data[TOKENS.identity])
    label = told["name"] if isinstance(told["name"], str) else subject.name
    return NpmToken(**place(npm, subject, scope, label), **told, presented=is_shown(npm, item))
