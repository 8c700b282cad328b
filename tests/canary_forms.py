"""What a canary looks like: the word CANARY, in each form that a token can be shown or sent in."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

WORD = b"CANARY"
TOKEN = re.compile(rb"[A-Za-z0-9_.+/~=-]*CANARY[A-Za-z0-9_.+/~=-]*")

STEERING = re.compile(
    rb"(?:\x1b\[|\xc2\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
    rb"|\x1b[ -/]+[0-~]|\x1b[0-Z\\^-~]"
)
STEERS = (b"\x1b", b"\xc2\x9b")
"""How all that steers begins."""
TAG = re.compile(rb"<[^<>]*>")
ESCAPE = re.compile(
    rb"%([0-9a-fA-F]{2})|\\x([0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})"
    rb"|\\u\{([0-9a-fA-F]{1,6})\}|&#[xX]([0-9a-fA-F]{1,6});|&#([0-9]{1,7});"
    rb"|&[a-zA-Z]{2,8};|\\[nrtbfv\\]"
)
DECIMAL = 7
"""The group of `ESCAPE` that is not in hex."""
MEANING = {b"\\\\": b"\\", b"&amp;": b"&"}
LAYERS = 3
"""Escapes within escapes that are read."""
OTHERS = bytes(byte for byte in range(256) if not chr(byte).isalnum() or byte > 0x7F)
"""All that may stand between the pieces of a token: white space, quotes, the lines of a table, and
the bytes of every character that is not of ASCII."""
HEX = re.compile(rb"[0-9a-fA-F]{12,}")
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{8,}")
URL_SAFE = bytes.maketrans(b"+/", b"-_")


def forms() -> dict[str, bytes]:
    """The word in each form that stands for itself."""
    found = {
        "plain": WORD,
        "hex": WORD.hex().encode(),
        "upper hex": WORD.hex().upper().encode(),
        "reversed": WORD[::-1],
    }
    for lead, once in enumerate(coded(WORD)):
        found[f"base64 at {lead}"] = once
        found |= {f"base64 of that at {at}, {lead}": twice for at, twice in enumerate(coded(once))}
    return found


def coded(data: bytes) -> Iterator[bytes]:
    """The data in base64, by where it starts in a group of three bytes.

    The characters that neighbours share in are cut off.
    """
    for lead in range(3):
        whole = base64.b64encode(b"\0" * lead + data).rstrip(b"=")
        yield whole[(lead * 8 + 5) // 6 : (lead + len(data)) * 8 // 6]


FORMS = forms()


def seen(data: bytes) -> str:
    """The form in which a canary stands in the data; empty where none does.

    Each form is of letters and digits alone: where it stands in one piece, it also stands in what
    is left without all others. So that is looked through first: a run leaves a megabyte.
    """
    for depth, text in enumerate(layers(data)):
        how = "escaped, " if depth else ""
        if not any(map(_form, pieces(text))):
            continue
        if form := _form(text):
            return f"{how}{form}"
        return f"{how}split, {next(filter(None, map(_form, pieces(text))))}"
    return ""


def pieces(text: bytes) -> Iterator[bytes]:
    """The letters and digits of a text: all, and without what steers a terminal, and tags."""
    yield text.translate(None, OTHERS)
    calm = STEERING.sub(b"", text) if any(byte in text for byte in STEERS) else text
    if calm is not text:
        yield calm.translate(None, OTHERS)
    if b"<" in calm:
        yield TAG.sub(b"", calm).translate(None, OTHERS)


def layers(data: bytes) -> Iterator[bytes]:
    """The data, and what it says with its escapes read, one layer after the other."""
    yield data
    for _ in range(LAYERS):
        deeper = ESCAPE.sub(_meaning, data)
        if deeper == data:
            return
        yield (data := deeper)


def _form(data: bytes) -> str:
    return next((name for name, form in FORMS.items() if form in data), "")


def _meaning(escape: re.Match[bytes]) -> bytes:
    """The ASCII character that an escape stands for; nothing for any other."""
    group = escape.lastindex
    if group is None:
        return MEANING.get(escape[0], b"")
    code = int(escape[group], 10 if group == DECIMAL else 16)
    return bytes([code]) if code < 0x80 else b""


def unmasked(text: bytes) -> Iterator[bytes]:
    """A text that is sent, and what it says in each form that a token may be sent in."""
    yield text
    if not seen(text):
        return
    yield text[::-1]
    for layer in layers(text):
        yield layer
        for stretch in HEX.findall(layer):
            for odd in range(2):
                whole = len(stretch) - (len(stretch) - odd) % 2
                yield bytes.fromhex(stretch[odd:whole].decode())
        for stretch in BASE64.findall(layer):
            for lead in range(4):
                inner = stretch[lead:]
                yield base64.urlsafe_b64decode(
                    inner[: len(inner) - (len(inner) % 4 == 1)].translate(URL_SAFE) + b"=="
                )
