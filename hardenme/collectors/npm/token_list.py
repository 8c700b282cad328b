"""The account's list of tokens as the registry shows it, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from hardenme.collectors.npm.asking import fetch
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.reading import Item
from hardenme.collectors.shifting import CHANGED, Shown, shifted
from hardenme.collectors.transport.origin import followed
from hardenme.facts.npm.token import NpmToken
from hardenme.model.evidence import Atom
from hardenme.model.unknown import Reason, Unknown

TOKENS = "/-/npm/v1/tokens"
FIRST_PAGE = "?page=0&perPage=100"
MOST_PAGES = 100


@dataclass(frozen=True, slots=True)
class TokenList:
    """The pages of the list of tokens.

    Attributes:
        items: the raw entries.
        evidence: one atom that counts the pages.
        missing: why the list is not whole; None where it is.
    """

    items: tuple[Item, ...]
    evidence: tuple[Atom, ...]
    missing: Unknown | None


def token_list(npm: Npm) -> TokenList:
    """All pages; the registry counts pages from 0 and names the next one."""
    found: TokenList = npm.memo.get("tokens", lambda: _read_tokens(npm))
    return found


def _read_tokens(npm: Npm) -> TokenList:
    items: list[Item] = []
    evidence: list[Atom] = []
    path, asked, pages = TOKENS + FIRST_PAGE, list[str](), list[Shown]()
    missing: Unknown | None = None
    while path and missing is None:
        asked.append(path)
        found = fetch(npm, path, NpmToken.requirement, "token")
        if isinstance(found, Unknown):
            missing = found
            break
        response, page = found
        evidence.append(response.atom)
        if not page.lists("objects"):
            missing = page.odd("objects") if "objects" in page else page.absent("objects")
            break
        items.extend(page.items("objects"))
        pages.append(_shown(page))
        total = pages[-1].total
        if not (isinstance(page.data.get("urls"), dict) or type(total) is int):
            missing = lost("nothing tells whether that is all")
            break
        path, missing = _next(npm, page, asked)
    missing = missing or _gap(npm, asked, pages)
    atoms: tuple[Atom, ...] = ()
    if evidence:
        last, count = evidence[-1], len(evidence)
        expected = count if missing is None else None
        atoms = (Atom(f"GET {TOKENS}", last.status, last.observed_at, count, expected),)
    return TokenList(tuple(items), atoms, missing)


def _shown(page: Item) -> Shown:
    keys = (str(item.data.get("key")) for item in page.items("objects"))
    return Shown(page.data.get("total"), tuple(keys))


def _gap(npm: Npm, asked: list[str], pages: list[Shown]) -> Unknown | None:
    """Why the pages that came are not the whole list; None where they are."""
    keys = [key for page in pages for key in page.names]
    total = pages[-1].total
    if len(set(keys)) < len(keys):
        return lost("a token came twice")
    if total is not None and (type(total) is not int or total != len(keys)):
        return lost(f"{len(keys)} of {total} tokens")

    def again(path: str) -> Shown | None:
        found = fetch(npm, path, NpmToken.requirement, "token", again=True)
        return None if isinstance(found, Unknown) else _shown(found[1])

    return lost(CHANGED) if shifted(asked, pages, again) else None


def _next(npm: Npm, page: Item, seen: list[str]) -> tuple[str, Unknown | None]:
    """The path of the next page, empty after the last; a link that leaves is not followed."""
    link = page.item("urls").data.get("next") or ""
    if not link:
        return "", None
    target = followed(npm.session.origin, npm.session.base, str(link))
    if target is None or not target.startswith(npm.session.base):
        return "", lost("the link to the next page leaves the registry")
    parts = urlsplit(target.removeprefix(npm.session.base))
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    if path in seen or len(seen) >= MOST_PAGES:
        return "", lost("pages without end")
    return path, None


def lost(seen: str) -> Unknown:
    """Why the list is not whole."""
    return Unknown(Reason.INCOMPLETE, f"every page of GET {TOKENS} must arrive; run again", seen)
