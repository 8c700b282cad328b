"""Text that Markdown shows as it is: nothing in it becomes a link, a mention, a heading or markup.

GitHub links `@name`, `#1`, addresses and commit hashes after it has parsed Markdown. So backslashes
do not help: only a code span prevents all of it.
"""

from __future__ import annotations

import re

TOKENS = re.compile(r"`(?P<code>[^`]+)`|(?P<space>\s+)|(?P<word>[^\s`]+)|`")
WORD = re.compile(
    r"[(\"']*(?:[A-Za-z]+(?:['/-][A-Za-z]+)*|[A-Za-z0-9]{1,6}|\d{4}-\d\d-\d\d|\d{1,6}\.\d{1,3}%?)"
    r"[.,;:!?)%\"'…]*|[.,;:!?)…]+"
)
"""Words that no Markdown reader and no part of GitHub takes for anything else."""
HASH = re.compile(r"[0-9a-f]{7,}")
"""What GitHub may take for a commit, even in a word of letters."""
LIST = re.compile(r"\d+[.)]")
"""What starts a numbered list at the beginning of a line."""
OPENING = "("
"""Before a code span it marks nothing up, since what a link would have before it is in one."""
AND = "&"
"""Between spaces it marks nothing up: an entity has letters right after it."""
ADDRESS = re.compile(r"https?://[A-Za-z0-9.:-]+(?:/[A-Za-z0-9._~@%/?=&#+-]*)?")
REFERENCE = re.compile(r"/(?:issues|pull|discussions|commit|compare)/")
"""Addresses that GitHub would list as a reference from the page where the report is pasted."""


def code(text: str) -> str:
    """The text in a code span, whose fence is longer than any run of backticks in the text."""
    if not text:
        return "(nothing)"
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    padded = text.startswith(("`", " ")) or text.endswith(("`", " "))
    return f"{fence} {text} {fence}" if padded and text.strip() else f"{fence}{text}{fence}"


def prose(text: str) -> str:
    """A sentence: plain words as they are, everything else in code spans.

    Text that is already between backticks stays a code span, with a fence of its own. The text must
    be a single line.
    """
    pieces: list[str] = []
    after_code = False
    for token in TOKENS.finditer(text):
        if token["space"]:
            pieces.append(" ")
            after_code = False
            continue
        word = token["word"]
        if word == OPENING:
            pieces.append(word)
            after_code = False
            continue
        if word and _plain(word, first=not pieces):
            pieces.append(word)
            after_code = False
            continue
        before, inner, behind = _parts(token["code"], token[0])
        # Two spans that touch would be read as one with other fences.
        gap = " " if after_code and not before else ""
        pieces.append(f"{gap}{before}{code(inner)}{behind}")
        after_code = not behind
    return "".join(pieces).strip()


def _parts(span: str | None, text: str) -> tuple[str, str, str]:
    """The text of the code span, and the punctuation before and after it."""
    if span is not None:
        return "", span, ""
    before = "(" if text.startswith("(") and len(text) > 1 else ""
    inner = text.removeprefix("(") if before else text
    # A closing bracket belongs to the sentence unless it was opened within the word.
    kept = inner.rstrip(".,;:!?" if "(" in inner else ".,;:!?)")
    return (before, kept, inner[len(kept) :]) if kept else ("", text, "")


def _plain(word: str, *, first: bool) -> bool:
    if word == AND:
        return True
    if not WORD.fullmatch(word) or HASH.search(word):
        return False
    return not (first and LIST.match(word))


def link(address: str) -> str:
    """The address as a link where it is a plain web address, else in a code span."""
    if ADDRESS.fullmatch(address) and not REFERENCE.search(address):
        return f"<{address}>"
    return code(address)
