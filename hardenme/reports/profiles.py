"""The profiles as a table: each threshold with its values and where they come from."""

from __future__ import annotations

import json
import textwrap
from typing import Any

from hardenme.model.compensation import COMPENSATIONS
from hardenme.model.profile import PROFILES
from hardenme.model.threshold import Threshold
from hardenme.model.thresholds import THRESHOLDS

NAME = 24
NUMBER = 8
SINGLE = "Where one maintainer works alone (solo), these stand in for what takes a second person:"
SETTING = (
    "Set one in hardenme.toml or in your own file: `[thresholds]`, then NAME = NUMBER. A project's"
    " file can only ask for more."
)


def render(width: int) -> str:
    """The profiles for a terminal.

    Args:
        width: in columns.
    """
    lines = [f"{name:<{NUMBER}}{one.summary}" for name, one in PROFILES.items()]
    lines += ["", f"{'threshold':<{NAME}}" + "".join(f"{n:>{NUMBER}}" for n in PROFILES) + "  unit"]
    for threshold in THRESHOLDS.values():
        lines += ["", _values(threshold)]
        texts = (threshold.what, f"why: {threshold.reason}", f"source: {threshold.source}")
        for text in texts:
            lines += _wrapped(text, width)
    lines += ["", *_wrapped(SETTING, width, indent="")]
    lines += ["", *_wrapped(SINGLE, width, indent=""), ""]
    for one in COMPENSATIONS.values():
        lines += _wrapped(f"{one.check} becomes {one.becomes}: {one.controls}", width)
    return "".join(f"{line}\n" for line in lines)


def _values(threshold: Threshold) -> str:
    numbers = "".join(f"{_short(threshold.of(name)):>{NUMBER}}" for name in PROFILES)
    return f"{threshold.name:<{NAME}}{numbers}  {threshold.unit}"


def _short(number: int) -> str:
    million = 1_000_000
    return f"{number // million}M" if number and number % million == 0 else str(number)


def _wrapped(text: str, width: int, indent: str = "  ") -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    )


def document() -> str:
    """The profiles as JSON."""
    found: dict[str, Any] = {
        "profiles": {name: one.summary for name, one in PROFILES.items()},
        "thresholds": [
            {
                "name": item.name,
                "unit": item.unit,
                "what": item.what,
                "values": {name: item.of(name) for name in PROFILES},
                "source": item.source,
                "reason": item.reason,
                "stricter": item.stricter.name.lower(),
                "bounds": list(item.bounds),
            }
            for item in THRESHOLDS.values()
        ],
        "compensating_controls": [
            {
                "check": one.check,
                "becomes": one.becomes,
                "controls": one.controls,
                "checks": list(one.checks),
            }
            for one in COMPENSATIONS.values()
        ],
    }
    return json.dumps(found, indent=2) + "\n"
