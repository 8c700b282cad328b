"""A credential's value, kept from being printed, and the removal of secrets from text."""

from __future__ import annotations

import base64
import re
import threading
from typing import NoReturn
from urllib.parse import quote

SHOWN = "[redacted]"
SHORTEST = 6
"""Values shorter than this are not looked for in text: they would hit ordinary words."""

PATTERNS = re.compile(
    r"\b(?:gh[pousr]_[A-Za-z0-9]{10,251}|github_pat_[A-Za-z0-9_]{10,244}|npm_[A-Za-z0-9]{20,251})\b"
    r"|(?<=://)[^/\s:@]{1,256}:[^/\s@]{1,256}(?=@)"
    r"|(?<=[Bb]earer )[A-Za-z0-9._~+/=-]{8,1024}"
)
"""What looks like a token or a password in an address, for secrets that were never loaded."""


class Secret:
    """A token. It shows itself nowhere; `reveal` is the one way to its value.

    Making one registers the value, so that `redact` removes it from every text.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value
        REDACTOR.learn(value)

    def reveal(self) -> str:
        """The value, for the header that needs it."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({SHOWN})"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is not pickled")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))


class Redactor:
    """Removes known secrets, in the forms that servers and libraries echo, from text."""

    def __init__(self) -> None:
        self._forms: tuple[str, ...] = ()
        self._lock = threading.Lock()

    def learn(self, value: str) -> None:
        """Remove this value from now on: raw, in base64, percent-encoded, in hex, reversed."""
        if len(value) < SHORTEST:
            return
        raw = value.encode()
        forms = {value, quote(value, safe=""), raw.hex(), raw.hex().upper(), value[::-1]}
        for lead in range(3):
            # Base64 depends on where the value starts within a group of three bytes.
            text = base64.b64encode(b"\0" * lead + raw).decode().rstrip("=")
            cut = text[(lead * 8 + 5) // 6 : len(text) - 1]
            forms |= {cut, cut.replace("+", "-").replace("/", "_")}
        with self._lock:
            known = {*self._forms, *forms}
            self._forms = tuple(sorted(known, key=lambda form: (-len(form), form)))

    def redact(self, text: str) -> str:
        """The text without any known secret, by value first and by pattern second."""
        for form in self._forms:
            if form in text:
                text = text.replace(form, SHOWN)
        return PATTERNS.sub(SHOWN, text)


REDACTOR = Redactor()
"""The one that knows every secret of this process."""


def redact(text: str) -> str:
    """The text without any known secret."""
    return REDACTOR.redact(text)
