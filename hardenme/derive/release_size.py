"""Whether a release is as large as the package's releases are.

It is compared with the releases before it of the same major version, or with all if those are few.
It is an outlier if it is more than twice or less than half their median, by more than six times
their usual deviation. That is the median absolute deviation of logarithms, since growth is
proportional. It also has to be as far from the release that it follows. Small sizes vary for no
reason, so a difference below 16 KiB or ten files does not count.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median
from typing import Any

from hardenme.facts.npm.history import PastRelease
from hardenme.facts.npm.lineage import Lineage
from hardenme.model.known import field
from hardenme.model.maybe import first_unknown
from hardenme.model.unknown import Unknown

LEAST = 5
"""Releases that it takes to know what is usual."""
MOST = 20
FACTOR = math.log(2)
SPREAD = 6
FLOORS = {"size": 16 * 1024, "files": 10}
NAMES = {"size": "unpackedSize", "files": "fileCount"}


def compared(lineage: Lineage, place: int, base: PastRelease | Unknown | None) -> dict[str, Any]:
    """The fields of a release that show its size."""
    release = lineage.releases[place]
    alike = lineage.same_major(place, MOST)
    before = lineage.before(place, MOST)
    found: dict[str, Any] = {name: field(release, name) for name in FLOORS}
    counts, outside = [], []
    for name, value in tuple(found.items()):
        usual = _usual(name, alike, before)
        found[f"usual_{name}"] = usual
        if isinstance(usual, Unknown) or isinstance(value, Unknown):
            outside.append(usual if isinstance(usual, Unknown) else value)
            continue
        counts.append(len(usual))
        found[f"usual_{name}"] = round(median(usual)) if usual else 0
        held = None if base is None or isinstance(base, Unknown) else field(base, name)
        if usual and _is_outside(name, value, usual, held):
            outside.append(NAMES[name])
    why = first_unknown(outside)
    seen = tuple(item for item in outside if isinstance(item, str))
    return found | {
        "outside": seen or why or (),
        "compared": why if why is not None and not seen else min(counts, default=0),
    }


def _usual(name: str, alike: Sequence[PastRelease], before: Sequence[PastRelease]) -> Any:
    """The numbers to hold it against; none if they are too few.

    Releases of long ago do not show them; these are skipped while there are others.
    """
    why: Unknown | None = None
    for several in (alike, before):
        values = [field(one, name) for one in several]
        numbers = [value for value in values if not isinstance(value, Unknown)]
        if len(numbers) >= LEAST:
            return numbers
        if len(values) >= LEAST:
            why = why or next(value for value in values if isinstance(value, Unknown))
    return why or []


def _is_outside(name: str, value: int, usual: list[int], held: Any) -> bool:
    middle = median(usual)
    logs = [_log(one) - _log(middle) for one in usual]
    most = max(FACTOR, SPREAD * median(map(abs, logs)))
    if abs(_log(value) - _log(middle)) <= most or abs(value - middle) < FLOORS[name]:
        return False
    if held is None or isinstance(held, Unknown):
        return True
    return abs(_log(value) - _log(held)) > FACTOR and abs(value - held) >= FLOORS[name]


def _log(value: float) -> float:
    return math.log(max(value, 1))
