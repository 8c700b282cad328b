"""JSON as text: what is refused, and how it is laid out."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from hardenme.ground.errors import ContentError

LONGEST_NUMBER = 20
"""Characters of a number in a message."""


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refused(text[:LONGEST_NUMBER])


CLOSE = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":"))
SPACED = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(", ", ": "))
DECODER = json.JSONDecoder(parse_constant=_refused, parse_float=_finite)


def parsed(text: str | bytes) -> Any:
    """The plain values of a text.

    Raises:
        ContentError: it is not JSON, is cut off, or is nested too deeply.
    """
    try:
        return DECODER.decode(text if isinstance(text, str) else text.decode())
    except RecursionError:
        raise ContentError("is nested too deeply") from None
    except ValueError:
        raise ContentError("is not JSON, or was not written to its end") from None


def line(value: Any) -> str:
    """Plain values as JSON in as few characters as will do, ASCII alone."""
    return CLOSE.encode(value)


def spaced(value: Any) -> str:
    """The same with white space after every comma and colon.

    So no pattern of a secret reaches from one value into the next when the text is searched.
    """
    return SPACED.encode(value)
