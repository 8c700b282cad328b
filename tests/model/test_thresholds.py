"""The profiles are data: each threshold has a source, a reason and a check that uses it."""

from __future__ import annotations

import dataclasses
import inspect
import re
from pathlib import Path

import pytest

import hardenme
from hardenme.collectors.github.activity import ACTIVITY_DAYS
from hardenme.engine.catalogue import catalogue
from hardenme.engine.plan import derivations
from hardenme.model.compensation import COMPENSATIONS
from hardenme.model.given import Limits
from hardenme.model.profile import PROFILES
from hardenme.model.threshold import OWN, Stricter
from hardenme.model.thresholds import THRESHOLDS
from hardenme.reports.profiles import render

ROOT = Path(hardenme.__file__).parents[1]
CODE = re.compile(r"\b[A-Z]{3}\d{3}\b")
CODES = {check.code: check for check in catalogue()}
NOT_HERE = {"profile", "release_days"}
"""Fields of `Limits` that are no thresholds of a profile."""


def test_every_limit_is_in_the_table() -> None:
    fields = {field.name for field in dataclasses.fields(Limits)} - NOT_HERE
    assert {item.attribute for item in THRESHOLDS.values()} == fields


@pytest.mark.parametrize("name", sorted(THRESHOLDS))
def test_a_threshold_tells_where_it_comes_from(name: str) -> None:
    item = THRESHOLDS[name]
    assert item.source.startswith(OWN) or re.search(r"OSPS|CIS|OpenSSF|NIST|GitHub", item.source)
    assert item.reason.endswith(".")
    assert item.of_profile.keys() <= PROFILES.keys()
    low, high = item.bounds
    assert all(low <= item.of(profile) <= high for profile in PROFILES)
    assert set(CODE.findall(item.what)) <= CODES.keys()


@pytest.mark.parametrize("name", sorted(THRESHOLDS))
def test_a_threshold_is_used(name: str) -> None:
    use = re.compile(rf"\blimits\.{THRESHOLDS[name].attribute}\b")
    files = [*(ROOT / "checks").rglob("*.py"), *(ROOT / "hardenme/derive").rglob("*.py")]
    assert any(use.search(path.read_text()) for path in files)


def kinds(code: str) -> set[type]:
    """All that a check needs, down to what derived facts are made of."""
    found: set[type] = set()
    waiting = [one.kind for one in CODES[code].parameters]
    while waiting:
        kind = waiting.pop()
        if kind not in found:
            found.add(kind)
            for derivation in derivations().get(kind, ()):
                waiting += [one.kind for one in derivation.parameters]
    return found


def test_the_checks_that_a_threshold_names_take_limits() -> None:
    named = {code for item in THRESHOLDS.values() for code in CODE.findall(item.what)}
    assert len(named) > 20
    assert {code for code in named if Limits not in kinds(code)} == set()


def test_a_check_that_uses_a_threshold_is_named_by_it() -> None:
    for check in CODES.values():
        used = re.findall(r"\blimits\.(\w+)", inspect.getsource(check.function))
        for name in {one.replace("_", "-") for one in used} & THRESHOLDS.keys() - {"approvals"}:
            assert check.code in THRESHOLDS[name].what, name


def test_no_longer_activity_is_asked_for_than_is_read() -> None:
    assert THRESHOLDS["activity-days"].bounds[1] == ACTIVITY_DAYS


@pytest.mark.parametrize("name", sorted(THRESHOLDS))
def test_strict_lets_nothing_pass_that_team_does_not(name: str) -> None:
    item = THRESHOLDS[name]
    strict, team = item.of("strict"), item.of("team")
    assert strict == team or item.tightens(strict, team)
    if item.stricter is Stricter.NEITHER:
        assert not item.tightens(item.usual - 1, item.usual)
        assert not item.tightens(item.usual + 1, item.usual)


@pytest.mark.parametrize("code", sorted(COMPENSATIONS))
def test_what_stands_in_for_a_second_person_is_looked_for(code: str) -> None:
    item = COMPENSATIONS[code]
    assert item.check in CODES
    assert set(item.checks) <= CODES.keys() - {code}
    source = inspect.getsource(inspect.getmodule(CODES[code].function) or object)
    assert "limits.solo" in source


def test_the_table_shows_every_threshold_at_any_width() -> None:
    for width in (60, 80, 100):
        text = render(width)
        assert all(name in text for name in (*THRESHOLDS, *PROFILES, *COMPENSATIONS))
        assert max(map(len, text.splitlines())) <= max(width, 80)
