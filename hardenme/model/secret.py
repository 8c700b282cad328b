"""A credential's value, kept from being printed, and the removal of secrets from text."""

from __future__ import annotations

import base64
import hmac
import html
import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn, final
from urllib.parse import quote

from hardenme.model.disguise import STEERING, WRAP, Span, View, strip_controls, unescaped, unwrapped
from hardenme.model.token_shapes import over_lines, shaped

SHOWN = "[redacted]"
SHORTEST = 6
"""Values shorter than this are not looked for in text: they would hit ordinary words."""
LAYERS = 3
"""Escapes within escapes that are read: a percent-encoded address in JSON in HTML."""
ROUNDS = 4
"""How often a text is looked through again after something was taken out of it."""
LINE = 16
"""Characters of a line that is recognizable by itself, as the lines of a private key are."""
FEW = 256
"""Forms up to which each is looked for; with more, the text's own stretches are looked up."""
CODED = re.compile(r"[A-Za-z0-9+/_-]*+={0,2}")
CODE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-")
"""The characters of base64 and base64url."""
MARGIN = 4096
"""Characters of base64 before a value that go with it."""
SHORT = 512
"""Characters of a text that is remembered once nothing was found in it: a report repeats them."""
REMEMBERED = 8192
"""Texts that are remembered at most; then others take their places."""


Shapes = Callable[[str], Iterable[Span]]


@final
class Secret:
    """A token. It shows itself nowhere; `reveal` is the one way to its value.

    Making one registers the value, so that `redact` removes it from every text. It cannot be
    copied, pickled or put in order, and is compared in constant time.
    """

    # The value is in a closure: an attribute would show in a debugger's or a formatter's view.
    __slots__ = ("_open",)

    def __init__(self, value: str) -> None:
        def opened() -> str:
            return value

        self._open = opened
        REDACTOR.learn(value)

    def reveal(self) -> str:
        """The value, for the header that needs it."""
        return self._open()

    def __repr__(self) -> str:
        return f"Secret({SHOWN})"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is not pickled and not copied")

    def __getstate__(self) -> NoReturn:
        raise TypeError("a secret is not pickled and not copied")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(_raw(other), _raw(self))

    def __hash__(self) -> int:
        return hash((Secret, self.reveal()))


def _raw(secret: Secret) -> bytes:
    return secret.reveal().encode(errors="surrogatepass")


class Redactor:
    """Removes known secrets, in the forms that servers and libraries echo, from text.

    A value is found as it is, reversed, percent-encoded, and escaped for JSON or HTML. It is found
    in hex, also of UTF-16, in base64 and base64url at any offset, and doubly in base64. Invisible
    characters, control sequences or line breaks may be inside. Combinations of these are found,
    too. Anything that looks like a credential is removed too.
    """

    def __init__(self) -> None:
        self._values: frozenset[str] = frozenset()
        self._forms: tuple[str, ...] = ()
        self._coded: frozenset[str] = frozenset()
        self._by_head: dict[str, set[str]] = {}
        self._clean: set[str] = set()
        self._lock = threading.Lock()

    def learn(self, value: str) -> None:
        """Remove this value from now on."""
        if len(value) < SHORTEST or value in self._values or value in SHOWN:
            return
        lines = {line.strip() for line in value.splitlines()}
        parts = {value} | {line for line in lines if len(line) >= LINE and "-----" not in line}
        forms = {form for part in parts for form in _written(part)}
        coded = {form for part in parts for form in _coded(part)}
        with self._lock:
            self._values |= {value}
            self._coded |= coded
            self._forms = tuple({*self._forms, *forms, *coded})
            # A copy of the whole each time would take long for the many forms of many secrets.
            for form in (*forms, *coded):
                same = self._by_head.setdefault(form[:SHORTEST], set())
                same.add(form)
            # Last: who looked through a text before knows nothing of this value, and keeps what he
            # found in the set that he began with.
            self._clean = set()

    def redact(self, text: str) -> str:
        """The text without any known secret, by value first and by pattern second."""
        clean = self._clean
        if text in clean:
            return text
        found = self._removed(text)
        if found is text and len(text) <= SHORT:
            if len(clean) >= REMEMBERED:
                clean = self._emptied(clean)
            clean.add(text)
        return found

    def _emptied(self, clean: set[str]) -> set[str]:
        """Begin anew with what is remembered: what comes next repeats what came last.

        A set that `learn` has put away since stays away.
        """
        with self._lock:
            fresh = set[str]()
            if self._clean is clean:
                self._clean = fresh
            return fresh

    def _removed(self, text: str) -> str:
        """The same text object if nothing was found in it, otherwise a new one."""
        for _ in range(ROUNDS):
            spans = _merged(self._find(text), text)
            if not spans:
                break
            pieces: list[str] = []
            last = 0
            for start, end in spans:
                pieces += (text[last:start], SHOWN)
                last = end
            text = "".join((*pieces, text[last:]))
        return text

    def holds(self, text: str) -> bool:
        """Whether the text contains a known value, in any disguise."""
        return next(self._find(text, _nowhere), None) is not None

    def _find(self, text: str, shapes: Shapes = shaped) -> Iterator[Span]:
        """The positions of secrets, layer by layer."""
        yield from self._known(text)
        yield from shapes(text)
        layers: tuple[View, ...] = ()
        while len(layers) <= LAYERS:
            current = layers[-1].text if layers else text
            yield from self._through_breaks(current, layers, shapes)
            deeper = unescaped(current)
            if deeper is None:
                return
            layers = (*layers, deeper)
            yield from _traced((*self._known(deeper.text), *shapes(deeper.text)), layers)

    def _through_breaks(
        self, text: str, layers: tuple[View, ...], shapes: Shapes
    ) -> Iterator[Span]:
        """The same without what steers a terminal or is invisible, and as one line."""
        calm = strip_controls(text)
        if calm is not None:
            layers, text = (*layers, calm), calm.text
            yield from _traced((*self._known(text), *shapes(text)), layers)
        line = unwrapped(text)
        if line is not None:
            layers = (*layers, line)
            broken = over_lines(line) if shapes is shaped else ()
            yield from _traced((*self._known(line.text), *broken), layers)

    def _known(self, text: str) -> Iterator[Span]:
        """The positions of the forms of known values."""
        for form in self._candidates(text):
            start = text.find(form)
            while start >= 0:
                end = start + len(form)
                if form in self._coded:
                    # Neighbours in the same base64 may hold its first and last bits.
                    start, end = _whole(text, start, end)
                yield start, end
                start = text.find(form, end)

    def _candidates(self, text: str) -> Iterable[str]:
        """The forms that the text may hold."""
        forms = self._forms
        if len(forms) <= FEW:
            return [form for form in forms if form in text]
        heads = self._by_head
        found = {text[at : at + SHORTEST] for at in range(len(text) - SHORTEST + 1)} & heads.keys()
        return [form for head in found for form in tuple(heads[head])]


def _nowhere(_text: str) -> Iterable[Span]:
    return ()


def _written(value: str) -> Iterator[str]:
    """The forms that are written for a value as a whole."""
    raw = value.encode(errors="surrogatepass")
    quoted = quote(raw, safe="")
    yield from (value, value[::-1])
    for data in (raw, _wide(value)):
        yield from (data.hex(), data.hex().upper())
    yield from (quoted, re.sub("%..", lambda code: code[0].lower(), quoted))
    escaped = json.dumps(value)[1:-1]
    yield from (escaped, escaped.replace("/", "\\/"), html.escape(value))
    yield WRAP.sub("", STEERING.sub("", value))


def _wide(value: str) -> bytes:
    """The value in UTF-16, as far as both of its byte orders have it: without the outer zero."""
    return value.encode("utf-16-le", errors="surrogatepass")[:-1]


def _coded(value: str) -> Iterator[str]:
    """The forms of a value in base64, and in base64 of that, as a login in a container's secret is.

    PowerShell writes base64 of UTF-16.
    """
    for form in _in_base64(value.encode(errors="surrogatepass")):
        yield form
        yield from _in_base64(form.encode())
    yield from _in_base64(_wide(value))


def _in_base64(raw: bytes) -> Iterator[str]:
    """The base64 of bytes, without the characters that share bits with their neighbours.

    It depends on where they start within a group of three.
    """
    for lead in range(3):
        text = base64.b64encode(b"\0" * lead + raw).decode().rstrip("=")
        cut = text[(lead * 8 + 5) // 6 : len(text) - 1]
        if len(cut) >= SHORTEST:
            yield from (cut, cut.replace("+", "-").replace("/", "_"))


def _whole(text: str, start: int, end: int) -> Span:
    """The run of base64 that contains this part."""
    before = 0
    while before < MARGIN and start > before and text[start - before - 1] in CODE:
        before += 1
    after = CODED.match(text, end)
    return start - before, after.end() if after else end


def _traced(spans: Iterable[Span], layers: tuple[View, ...]) -> Iterator[Span]:
    """The position in the outermost text of what was found under some layers."""
    for span in spans:
        for view in reversed(layers):
            span = view.origin(span)  # noqa: PLW2901 (one step further out)
        yield span


def _merged(spans: Iterable[Span], text: str) -> list[Span]:
    """The stretches in order, those that overlap as one, without what is redacted already."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif text[start:end] != SHOWN:
            merged.append((start, end))
    return merged


REDACTOR = Redactor()
"""The one that knows every secret of this process."""


def redact(text: str) -> str:
    """The text without any known secret."""
    return REDACTOR.redact(text)


def redacted(value: Any) -> Any:
    """A JSON value with known secrets removed from each text; keys are unchanged."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {name: redacted(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [redacted(item) for item in value]
    return value


def holds_secret(data: bytes) -> bool:
    """Whether a value that would be written to disk contains a known secret."""
    return REDACTOR.holds(data.decode(errors="replace"))


def looks_secret(data: bytes) -> bool:
    """Whether a value that would be written to disk contains what looks like a credential."""
    return next(iter(shaped(data.decode(errors="replace"))), None) is not None
