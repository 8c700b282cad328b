"""How a control is written down: by how far the checks answer it."""

from __future__ import annotations

from hardenme.model.standard import Control, Support


def covered(key: str, title: str, checks: str) -> Control:
    """All that it asks for is checked.

    Args:
        key: the standard's own number.
        checks: the codes of the checks, parted by blanks.
    """
    return Control(key, title, Support.COVERED, _codes(checks))


def partly(key: str, title: str, checks: str, gap: str) -> Control:
    """A part of it is checked; the gap says what is not."""
    return Control(key, title, Support.PARTLY, _codes(checks), gap)


def attested(key: str, title: str, checks: str, gap: str) -> Control:
    """Nothing shows it: it depends on a person's answer."""
    return Control(key, title, Support.ATTESTED, _codes(checks), gap)


def absent(key: str, title: str, gap: str) -> Control:
    """No check looks at it; the gap says why, or where else to look."""
    return Control(key, title, Support.NOT, gap=gap)


def _codes(checks: str) -> tuple[str, ...]:
    return tuple(sorted(checks.split()))
