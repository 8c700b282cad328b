"""Untrusted text made safe to show: nothing in it can steer a terminal or hide a character."""

from __future__ import annotations

import re
import unicodedata

from hardenme.model.secret import redact

LONGEST = 200
"""Characters of a name that are shown; the rest is cut with an ellipsis."""

BEYOND = 65536
"""Characters after the cut in which the rest of a secret is looked for that begins before it: the
longest token, in the longest disguise."""

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories of what is invisible or steers: controls, bidi marks, surrogates, unassigned,
line and paragraph separators."""

OPAQUE = re.compile(r"[0-9a-f-]{17,}")
"""Long numbers of a provider's."""
SHORT = 8
"""Characters of such a number that are shown."""

ESCAPE = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")
"""How a character is written that is not plainly seen."""

COMMAND = re.compile(r"^(\s*):(?=:)|#(?=#\[)", re.MULTILINE)
"""Where the runner of GitHub Actions could read a workflow command. That is `::` at the start of a
line, after any blanks, and the older `##[` anywhere in a line. It reads both standard output and
standard error. Source: ActionCommand.cs of actions/runner, TryParseV2 and TryParse."""


def visible(text: str, *, longest: int = LONGEST) -> str:
    r"""The text with every character that is not plainly seen written as its escape.

    Controls, bidirectional marks, zero-width characters, surrogates and unassigned code points
    become `\x1b`, `\u202e` or `\U000e0001`; a text that is too long is cut. The result is never
    longer than `longest`, and the function is idempotent. Where a text is cut or escaped, secrets
    are removed first: part of a secret, or one with escapes in it, is not recognized.
    """
    bare = text.isascii() and text.isprintable()
    if len(text) > longest or not bare:
        text = redact(text[: longest + BEYOND])
    shown = text[: longest + 1]
    if not bare:
        shown = "".join(
            _escape(char) if unicodedata.category(char) in HIDDEN else char for char in shown
        )
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def disguised(name: str) -> bool:
    """Whether a name has characters that are not plainly seen, as they are or as their escapes."""
    return ESCAPE.search(visible(name)) is not None


def short_id(name: str) -> str:
    """A name, where it is a number that no person reads to its end: the start of it."""
    return f"{name[:SHORT]}…" if OPAQUE.fullmatch(name) else name


def _escape(char: str) -> str:
    # `unicode_escape` keeps printable Latin-1, but always escapes hidden characters; a lone
    # surrogate becomes `\\udc80`.
    return char.encode("unicode_escape").decode("ascii")


def without_commands(text: str) -> str:
    r"""The text with nothing in it that the runner of GitHub Actions would carry out.

    The first character of what could begin a command becomes its escape, `\u003a` or `\u0023`,
    which says the same within JSON.
    """
    return COMMAND.sub(_not_read, text) if "::" in text or "##[" in text else text


def _not_read(begin: re.Match[str]) -> str:
    return "\\u0023" if begin[0] == "#" else f"{begin[1]}\\u003a"
