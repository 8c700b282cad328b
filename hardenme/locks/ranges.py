"""Whether a range of a dependency admits a version, as npm decides it.

Source: https://github.com/npm/node-semver#ranges. Prereleases are admitted more widely than npm
admits them, because who asks must not be reassured by mistake.
"""

from __future__ import annotations

import re

from hardenme.facts.npm.semver import Version, version

LONGEST = 512
X = r"(?:0|[1-9]\d{0,15}|[xX*])"
PARTIAL = rf"[vV=\s]*({X})(?:\.({X})(?:\.({X})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?)?)?"
SIMPLE = re.compile(rf"\s*(\^|~>?|>=|<=|>|<|=)?\s*{PARTIAL}(?=\s|$)")
HYPHEN = re.compile(rf"\s*({PARTIAL})\s+-\s+({PARTIAL})\s*")
VersionRange = tuple[Version, Version | None]
"""The lowest version that is admitted, and the lowest above that is not; None for no end."""
LOWEST = Version((0, 0), 0, stable=False)


def aliased(range_: str, name: str) -> tuple[str, str]:
    """The package and the range that a dependency asks for, under whatever name."""
    if not range_.startswith("npm:"):
        return name, range_
    rest = range_.removeprefix("npm:")
    at = rest.rfind("@")
    return (rest[:at], rest[at + 1 :]) if at > 0 else (rest, "")


def admits(range_: str, asked: str) -> bool | None:
    """Whether a range admits a version; None for a dist-tag, an address, or what is not understood.

    Args:
        range_: as a `package.json` or a command gives it; empty for any.
        asked: a version.
    """
    wanted = version(asked)
    if wanted is None or len(range_) > LONGEST:
        return None
    text = range_.removeprefix("workspace:")
    answers = [_part(part, wanted) for part in text.split("||")]
    if True in answers:
        return True
    return None if None in answers else False


def spans(range_: str) -> list[VersionRange] | None:
    """The versions that a range admits, as spans; None where it is not understood, or admits none.

    Args:
        range_: as for `admits`.
    """
    found = [_span(part) for part in range_.split("||")] if len(range_) <= LONGEST else [None]
    whole = [one for one in found if one is not None]
    return whole if len(whole) == len(found) else None


def _span(text: str) -> VersionRange | None:
    """The versions that one of the alternatives admits: all its comparators have to."""
    hyphen = HYPHEN.fullmatch(text)
    if hyphen is not None:
        return _partial(hyphen.groups()[1:5])[0], _partial(hyphen.groups()[6:10])[1]
    low, above, position = LOWEST, None, 0
    while text[position:].strip():
        found = SIMPLE.match(text, position)
        one = None if found is None else _comparator(found[1] or "", found.groups()[1:5])
        if found is None or one is None:
            return None
        low = max(low, one[0])
        above = one[1] if above is None else above if one[1] is None else min(above, one[1])
        position = found.end()
    return low, above


def _part(text: str, wanted: Version) -> bool | None:
    """Whether one of the alternatives admits a version: all its comparators have to."""
    hyphen = HYPHEN.fullmatch(text)
    if hyphen is not None:
        low, high = _partial(hyphen.groups()[1:5]), _partial(hyphen.groups()[6:10])
        return _within(wanted, (low[0], high[1]))
    position = 0
    while position < len(text):
        if not text[position:].strip():
            break
        found = SIMPLE.match(text, position)
        if found is None:
            return None
        one = _comparator(found[1] or "", found.groups()[1:5])
        if one is None or not _within(wanted, one):
            return False
        position = found.end()
    return True


def _within(wanted: Version, span: VersionRange) -> bool:
    return span[0] <= wanted and (span[1] is None or wanted < span[1])


def _comparator(sign: str, parts: tuple[str | None, ...]) -> VersionRange | None:
    """The versions that a comparator admits; None for none."""
    low, above = _partial(parts)
    if sign == ">":
        first = _after(low) if _whole(parts) else above
        return None if first is None else (first, None)
    if sign == ">=":
        return low, None
    if sign == "<":
        return LOWEST, low
    if sign == "<=":
        return LOWEST, above
    if sign == "^":
        above = _caret(parts)
    elif sign.startswith("~"):
        above = _tilde(parts)
    return low, above


def _numbers(parts: tuple[str | None, ...]) -> list[int]:
    found: list[int] = []
    for part in parts[:3]:
        if part is None or part in "xX*":
            break
        found.append(int(part))
    return found


def _whole(parts: tuple[str | None, ...]) -> bool:
    return len(_numbers(parts)) == 3  # noqa: PLR2004 (the numbers of a version)


def _partial(parts: tuple[str | None, ...]) -> VersionRange:
    """What a version admits of which numbers may be left out."""
    numbers = _numbers(parts)
    if not numbers:
        return LOWEST, None
    if not _whole(parts):
        return _floor(numbers), _next(numbers)
    text = ".".join(map(str, numbers)) + (f"-{parts[3]}" if parts[3] else "")
    low = version(text) or _floor(numbers)
    return low, _after(low)


def _after(one: Version) -> Version:
    """The lowest version above one."""
    if one.stable:
        return Version(one.line, one.patch + 1, stable=False)
    return one._replace(prerelease=(*one.prerelease, (False, -1, "")))


def _floor(numbers: list[int]) -> Version:
    major, minor, patch = (*numbers, 0, 0, 0)[:3]
    return Version((major, minor), patch, stable=False)


def _next(numbers: list[int]) -> Version:
    """The lowest version whose numbers are above these."""
    return _floor([*numbers[:-1], numbers[-1] + 1])


def _caret(parts: tuple[str | None, ...]) -> Version | None:
    numbers = _numbers(parts)
    if not numbers:
        return None
    fixed = next((n for n, number in enumerate(numbers, 1) if number), len(numbers))
    return _next(numbers[:fixed])


def _tilde(parts: tuple[str | None, ...]) -> Version | None:
    numbers = _numbers(parts)
    return _next(numbers[:2]) if numbers else None
