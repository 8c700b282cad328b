"""The profiles as a table: each threshold with its values and where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hardenme.model.compensation import COMPENSATIONS, Compensation
from hardenme.model.profile import PROFILES
from hardenme.model.threshold import Stricter, Threshold
from hardenme.model.thresholds import THRESHOLDS
from hardenme.reports.columns import paragraph
from hardenme.reports.printed import PrintedDocument, as_json

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
    return paragraph(text, width, indent=len(indent))


@dataclass(frozen=True, slots=True)
class PrintedThreshold:
    """A number that checks compare with.

    Attributes:
        name: as files spell it.
        unit: what it counts.
        what: what it bounds.
        values: the number in each profile.
        source: where it comes from.
        reason: why it is this number.
        stricter: whether less or more of it is stricter.
        bounds: the smallest and the largest number that it may be.
    """

    name: str
    unit: str
    what: str
    values: Mapping[str, int]
    source: str
    reason: str
    stricter: Stricter
    bounds: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilesDocument(PrintedDocument):
    """The profiles.

    Attributes:
        profiles: whom each is for.
        thresholds: the numbers in which they differ.
        compensating_controls: the controls that replace a second person in the profile `solo`.
    """

    profiles: Mapping[str, str]
    thresholds: tuple[PrintedThreshold, ...]
    compensating_controls: tuple[Compensation, ...]


def document() -> str:
    """The profiles as JSON."""
    return as_json(
        ProfilesDocument(
            profiles={name: one.summary for name, one in PROFILES.items()},
            thresholds=tuple(
                PrintedThreshold(
                    name=one.name,
                    unit=one.unit,
                    what=one.what,
                    values={name: one.of(name) for name in PROFILES},
                    source=one.source,
                    reason=one.reason,
                    stricter=one.stricter,
                    bounds=one.bounds,
                )
                for one in THRESHOLDS.values()
            ),
            compensating_controls=tuple(COMPENSATIONS.values()),
        )
    )
