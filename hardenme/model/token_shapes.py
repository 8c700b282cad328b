"""What looks like a credential, for those whose value no one knows.

Sources: GitHub's and npm's documentation of token formats (both allow up to 255 characters, and may
allow more), RFC 3986 (user information in an address), RFC 6750 and 7617 (`Authorization`), RFC
7468 (PEM), RFC 7519 (JWT), npm's documentation of `.npmrc`. No expression backtracks, and each has
bounded lookahead, so the time is linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from hardenme.model.disguise import Span, View

VALUE = r"""[^\s"'`<>$\[\]{}(),;…\\]"""
"""A literal character of a value: not part of `${NAME}`, of `<token>` or of a quote."""
WORDS = r"(?:[A-Z]?[a-z]++|[A-Z]++)(?:[-/][a-z]++)*+[.:?!]?(?![A-Za-z0-9._~+/=-])"
"""Ordinary words, like `Basic authentication`."""
SCHEMES = r"(?:[Bb]earer|BEARER|[Bb]asic|BASIC|[Tt]oken|TOKEN|[Dd]igest|[Nn]egotiate)"
HEADER = r"[A-Za-z0-9._~+/=-]"
"""A character of a token in a header (RFC 6750 §2.1)."""

PREFIXED = re.compile(
    r"g(?<![A-Za-z0-9]g)(?:h[pousr]_|ithub_pat_)[A-Za-z0-9_]{10,}+(?:\.[A-Za-z0-9_-]{8,}+){0,2}"
    r"|npm_(?<![A-Za-z0-9]npm_)[A-Za-z0-9]{20,}+"
)
"""Tokens that say whose they are: `ghp_…`, `github_pat_…`, `npm_…`."""
ORDINARY = re.compile(r"[A-Z]?[a-z]*|[A-Z]+")
"""A word that is hardly the end of a token."""
LONG = 1024
"""Characters after which a token needs no other to be one."""
ADDRESS = re.compile(r"://([^/\s\"'<>`]++)")
SHORTEST_NAME = 6
"""Characters of a user name in an address that may be a token."""

SHAPES: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "hub_pat_", "npm_"),
        re.compile(f"({PREFIXED.pattern})"),
    ),
    (
        # A header, as it is sent, in JSON or in Python's notation.
        ("authorization", "npm-otp", "-token", "api-key"),
        re.compile(
            r"[:=](?i:(?<=authorization[:=])|(?<=authorization.[:=])|(?<=npm-otp[:=])"
            r"|(?<=npm-otp.[:=])|(?<=-token[:=])|(?<=-token.[:=])|(?<=api-key[:=])"
            r"|(?<=api-key.[:=]))"
            rf"\s{{0,8}}[\"']?(?:{SCHEMES}\s{{1,8}})?+(?!{SCHEMES}\b)(?!{WORDS})({VALUE}{{6,}}+)"
        ),
    ),
    (
        ("bearer ", "basic ", "token "),
        re.compile(
            rf"[BbTt](?<![A-Za-z0-9_-].)(?:earer|EARER|asic|ASIC|oken|OKEN)\s{{1,8}}"
            rf"((?=[A-Za-z._~+/=-]{{0,256}}+[0-9]){HEADER}{{16,}}+)"
        ),
    ),
    (
        ("bearer ",),
        re.compile(
            r"[Bb](?:earer|EARER)\s{1,8}"
            rf"((?=[A-Za-z_~+/=-]{{0,256}}+[0-9.][A-Za-z0-9]){HEADER}{{8,}}+)"
        ),
    ),
    (
        ("eyj",),
        re.compile(
            r"(eyJ(?<![A-Za-z0-9]eyJ)[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]{8,}+"
            r"(?:\.[A-Za-z0-9_-]*+){1,3})"
        ),
    ),
    (
        # A line of `.npmrc`.
        ("_auth", "_password"),
        re.compile(
            r"_(?i:authToken|auth|password)[\"']?\s{0,8}[=:]\s{0,8}[\"']?"
            rf"(?!{WORDS})({VALUE}{{6,}}+)"
        ),
    ),
    (
        # A variable, or a parameter of an address.
        ("token=", "token =", "password=", "passwd=", "secret=", "_key="),
        re.compile(
            r"=(?i:(?<=token=)|(?<=token =)|(?<=password=)|(?<=passwd=)|(?<=secret=)|(?<=_key=))"
            rf"\s?[\"']?((?=[^\s&\"'0-9]{{0,64}}+[0-9])(?:(?!&){VALUE}){{8,}}+)"
        ),
    ),
    (
        ("private key-----",),
        re.compile(
            r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----((?:(?!-----END)[A-Za-z0-9+/=\s:,-])++)"
        ),
    ),
)
"""Each with what a text has to hold, in lower case, for it to be worth a look. The group is what
goes."""


def shaped(text: str) -> Iterator[Span]:
    """The positions of what looks like a credential."""
    # Lower case may have another length; it is only looked into.
    lowered = text.lower()
    for signs, shape in SHAPES:
        for sign in signs:
            if sign in lowered:
                yield from (match.span(1) for match in shape.finditer(text))
                break
    if "://" in text and "@" in text:
        yield from _in_addresses(text)


def _in_addresses(text: str) -> Iterator[Span]:
    """The text before the host. A name alone is a token with http, and a login with ssh."""
    for match in ADDRESS.finditer(text):
        name, at, _ = match[1].rpartition("@")
        _login, colon, password = name.partition(":")
        web = text.endswith(("http", "https"), max(match.start() - 5, 0), match.start())
        if at and (password or (web and not colon and len(name) >= SHORTEST_NAME)):
            yield match.start(1), match.start(1) + len(name)


def over_lines(view: View) -> Iterator[Span]:
    """The positions of tokens with a prefix in a text that was joined from several lines.

    The first word of the next line counts as the token's end, unless it is an ordinary word and the
    token is complete without it.
    """
    found = list(PREFIXED.finditer(view.text))
    joints = view.joints() if found else []
    for match in found:
        start, end = match.span()
        inner = joints[bisect_right(joints, start) : bisect_left(joints, end)]
        while inner and ORDINARY.fullmatch(view.text, inner[-1], end):
            # What is long enough is a token still; reading it for each word would take too long.
            short = inner[-1] - start < LONG
            if short and not PREFIXED.fullmatch(view.text, start, inner[-1]):
                break
            end = inner.pop()
        yield start, end
