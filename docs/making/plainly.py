"""What helps a reader who does not know the field: words, and how to find the place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

WORDS = Path(__file__).parent.parent / "words.md"
ALSO: dict[str, str] = {
    "2FA": r"two-factor|passkey|security key",
    "token": r"scopes?\b|fine-grained|classic token",
    "administrator": r"admins?\b|administers|owners?\b",
    "workflow": r"Actions\b|actions?\b|runners?\b",
    "pull request": r"forks?\b",
    "ruleset": r"bypass|rules for",
    "tag": r"tags\b",
    "publish": r"publishe[sd]|release[sd]?\b",
    "stage": r"staged?\b|staging",
}
"""Other forms by which a word is used."""
MOST = 6
"""Words that are named on a page; the first that it uses."""
WAYS: dict[str, str] = {
    r"github\.com/(?:organizations/ORG|OWNER/REPO)/settings/rules$": """\
"New ruleset" has "New branch ruleset". In it, "Enforcement status" has *Active*, and "Add target"
has "Include default branch". A ruleset that is there opens by its name. Save it at the end.""",
    r"/settings/(?:actions|member_privileges)$": """\
Each part of the page has its own "Save" button.""",
    r"/blob/HEAD/": """\
The pencil ("Edit this file") opens the editor. "Commit changes" makes a pull request.""",
    r"npmjs\.com/package/PACKAGE/access$": """\
It is the "Settings" tab of the package, which only its publishers see.""",
    r"npmjs\.com/settings/LOGIN/": """\
Sign in first. Your name replaces LOGIN.""",
}
"""How to find the place on a page, by its address."""


def explained(text: str) -> Iterator[str]:
    """A line with the words of a text that a page explains."""
    found = sorted(
        (match.start(), word)
        for word in words()
        if (match := re.search(_pattern(word), text, re.IGNORECASE))
    )
    links = [f"[{word}](../words.md#{word.lower().replace(' ', '-')})" for _, word in found[:MOST]]
    if links:
        yield f"Words: {', '.join(links)}"


@cache
def words() -> tuple[str, ...]:
    """Every word that is explained."""
    return tuple(re.findall(r"^### (.+)$", WORDS.read_text(encoding="utf-8"), re.MULTILINE))


def _pattern(word: str) -> str:
    more = f"|{ALSO[word]}" if word in ALSO else ""
    return rf"\b(?:{word}s?\b{more})"


def way(address: str) -> Iterator[str]:
    """How to find the place on a page, where the address alone does not lead there."""
    yield from (
        " ".join(text.split()) for pattern, text in WAYS.items() if re.search(pattern, address)
    )
