"""Many codes of checks in few words."""

from __future__ import annotations

from collections.abc import Iterable

DIGITS = 3


def ranges(codes: Iterable[str]) -> str:
    """The codes in order, those that follow one another as one: `GHO101-103, GHW101`."""
    spans: list[list[str]] = []
    for code in sorted(set(codes)):
        family, number = code[:-DIGITS], code[-DIGITS:]
        if spans and number.isdecimal() and _before(family, int(number)) == spans[-1][-1]:
            spans[-1].append(code)
        else:
            spans.append([code])
    return ", ".join(_span(span) for span in spans)


def _before(family: str, number: int) -> str:
    return f"{family}{number - 1:0{DIGITS}}"


def _span(span: list[str]) -> str:
    return span[0] if len(span) == 1 else f"{span[0]}-{span[-1][-DIGITS:]}"
