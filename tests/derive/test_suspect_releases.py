"""What came with a marked release is suspect, and no tag is led to it, however old it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardenme.derive.safe_version import safe_version
from hardenme.derive.suspect_releases import ReleaseSigns, suspects
from hardenme.facts.npm.history import PastRelease
from hardenme.facts.npm.semver import version
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed
from tests.factories.given import TEAM
from tests.factories.npm_release import START, WAYS, history, ordinary, past_release, verdicts

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
SCRIPT = {"scripts": {"preinstall": "node setup.js"}}
STRANGER: dict[str, Any] = {"publisher": "stranger", "publisher_email": "stranger@post.example"}
OLD = past_release("1.0.0", START)
ALL = replace(TEAM, release_days=36_500)
HIDDEN = Unknown(Reason.NOT_VISIBLE, "a registry that shows it")


def at(number: str, days: float, **more: Any) -> PastRelease:
    return past_release(number, START + days * DAY, **more)


def marked(now: datetime, *found: PastRelease) -> dict[str, set[str]]:
    """The versions for which a check fails, with the codes."""
    marks: dict[str, set[str]] = {}
    for (code, subject), verdict in verdicts(now, history(*found), limits=ALL).items():
        if isinstance(verdict, Failed) and code != "REL106":
            marks.setdefault(subject.rpartition("@")[2], set()).add(code)
    return marks


@pytest.mark.parametrize(
    ("bad", "other", "is_suspect"),
    [
        (at("1.0.1", 100), at("1.0.2", 100 + 1 / 24), True),
        (at("1.0.1", 100), at("1.0.2", 100 + 2 / 24), False),
        (at("1.0.1", 100, **SCRIPT), at("1.0.2", 190, **SCRIPT), True),
        (at("1.0.1", 100, **SCRIPT), at("1.0.2", 190, scripts={"install": "make"}), False),
        (at("1.0.1", 100, **SCRIPT), at("1.0.2", 190), False),
        (at("1.0.1", 100, **SCRIPT), at("1.0.2", 190, scripts=HIDDEN), True),
        (at("1.0.1", 100, scripts=HIDDEN), at("1.0.2", 190, **SCRIPT), True),
        (at("1.0.1", 100, **STRANGER), at("1.0.2", 129, **STRANGER), True),
        (at("1.0.1", 100, **STRANGER), at("1.0.2", 131, **STRANGER), False),
        (at("1.0.1", 100), at("1.0.2", 129), False),
        (at("1.0.1", 100, **STRANGER), at("1.0.2", 129, publisher=HIDDEN), True),
        (
            at("1.0.1", 100, dependencies={"x": "git+https://git.example/x"}),
            at("1.0.2", 190, dependencies={"x": "git+https://git.example/x"}),
            True,
        ),
    ],
)
def test_what_comes_with_a_marked_release(
    bad: PastRelease, other: PastRelease, *, is_suspect: bool
) -> None:
    found = suspects(history(OLD, bad, other), {"1.0.1": {"REL105"}})
    assert found == {"1.0.1"} | ({"1.0.2"} if is_suspect else set())


def test_a_dependency_counts_where_it_was_the_mark() -> None:
    needs = {"dependencies": {"plain-hash": "^1.0.0"}}
    several = OLD, at("1.0.1", 100, **needs), at("1.0.2", 190, **needs)
    assert suspects(history(*several), {"1.0.1": {"REL103"}}) == {"1.0.1", "1.0.2"}
    assert suspects(history(*several), {"1.0.1": {"REL105"}}) == {"1.0.1"}


def test_so_does_what_comes_with_those_of_another_package() -> None:
    worm = history(OLD, at("1.0.1", 100, **SCRIPT), name="weft")
    signs = ReleaseSigns.of([(worm, {"1.0.1": {"REL104"}})])
    burst, same = at("1.0.1", 100 + 5 / 1440), at("1.0.1", 150, **SCRIPT)
    assert suspects(history(OLD, burst), {}, signs) == {"1.0.1"}
    assert suspects(history(OLD, same), {}, signs) == {"1.0.1"}
    assert suspects(history(OLD, at("1.0.1", 150)), {}, signs) == frozenset()
    # What had the script for long did not get it from there.
    own = at("1.0.0", 0, **SCRIPT), at("1.0.1", 150, **SCRIPT)
    assert suspects(history(*own), {}, signs) == frozenset()


def test_malware_of_eight_days_ago_is_no_way_out() -> None:
    """As at ua-parser-js: three lines within hours, each with the same script."""
    honest = [past_release(f"0.7.{n}", START + n * 20 * DAY) for n in range(10)]
    hours = START + 300 * DAY
    bad = [
        past_release(number, hours + n * 4 * MINUTE * 60, **SCRIPT)
        for n, number in enumerate(("0.7.29", "0.8.0", "1.0.0"))
    ]
    now = hours + 8 * DAY
    marks = marked(now, *honest, *bad)
    assert marks.keys() == {"0.7.29", "0.8.0", "1.0.0"}
    assert all("REL104" in codes for codes in marks.values())
    found = history(*honest, *bad)
    for current in marks:
        assert safe_version(found, "latest", current, now, suspects(found, marks)) == "0.7.9"


KINDS: tuple[dict[str, Any], ...] = (
    SCRIPT,
    {"dependencies": {"x": "https://files.example/x.tgz"}},
    STRANGER,
    {**STRANGER, **SCRIPT},
)


@pytest.mark.second_tier("takes over half a second")
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_no_tag_is_led_to_an_attack(data: st.DataObject) -> None:
    """Whatever numbers an attack takes, however far its releases are apart, and however old."""
    way = data.draw(st.sampled_from(["trusted publisher", "by hand"]))
    kind = data.draw(st.sampled_from(KINDS))
    honest = ordinary(way, 20, data.draw(st.integers(0, 40)))
    attack = list(_attack(honest, {**WAYS[way], **kind} if kind is not STRANGER else kind, data))
    now = attack[-1].published_at + data.draw(st.integers(0, 60 * 24 * 50)) * MINUTE
    everything = (*honest, *attack)
    found = history(*everything)
    doubted = suspects(found, marked(now, *everything))
    assert {one.version for one in attack} <= doubted
    for current in {attack[-1].version, found.tags["latest"]}:
        target = safe_version(found, "latest", current, now, doubted)
        assert target not in {one.version for one in attack} | doubted
        ages = [now - one.published_at for one in everything if one.version == target]
        assert all(age >= 7 * DAY for age in ages)


def _attack(
    honest: list[PastRelease], kind: dict[str, Any], data: st.DataObject
) -> Iterator[PastRelease]:
    last, then = honest[-1], honest[-1].published_at + 2 * DAY
    line = [*max(filter(None, (version(one.version) for one in honest))).line, 0]
    needs = {"dependencies": last.dependencies | kind.get("dependencies", {})}
    for bump in data.draw(st.lists(st.sampled_from([0, 1, 2]), min_size=1, max_size=6)):
        line[bump:] = [line[bump] + 1, *[0] * (2 - bump)]
        same = {"size": last.size, "files": last.files}
        yield past_release(".".join(map(str, line)), then, **same, **(kind | needs))
        then += data.draw(st.integers(1, 60 * 24 * 9)) * MINUTE
