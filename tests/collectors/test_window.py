"""What may be sent in a minute, whatever comes in between."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.collectors.transport.window import (
    POINTS,
    SECONDS,
    SERVER,
    SERVER_OF_GRAPHQL,
    Window,
)

SHARE = 0.01
"""Nine requests and twenty queries a minute, and 0.9 s of the servers' time."""
STEPS = st.lists(
    st.tuples(st.floats(0, 30), st.sampled_from(("GET", "POST")), st.floats(0, 3), st.booleans()),
    max_size=80,
)


@given(STEPS)
def test_no_minute_holds_more_than_is_allowed(
    steps: list[tuple[float, str, float, bool]],
) -> None:
    window, now = Window(SHARE), 1000.0
    sent: list[tuple[float, str]] = []
    worked: list[tuple[float, str, float]] = []
    quickest = float("inf")
    for pause, method, took, patient in steps:
        now += pause
        wait = window.turn(now, method)
        if wait and patient:
            for _ in range(200):
                now += wait
                if not (wait := window.turn(now, method)):
                    break
        if wait:
            continue
        sent.append((now, method))
        quickest = min(quickest, took)
        window.answered(now, method, took)
        worked.append((now, method, took - quickest))
        for kind, most in POINTS.items():
            inside = [at for at, one in sent if one == kind and at > now - SECONDS + 1e-6]
            assert len(inside) <= max(int(most * SHARE), 1)
        # What stood before the last answer was below the limit.
        for kinds, most in ((("GET", "POST"), SERVER), (("POST",), SERVER_OF_GRAPHQL)):
            recent = [w for at, one, w in worked[:-1] if one in kinds and at > now - SECONDS + 1e-6]
            if method in kinds:
                assert sum(recent) < most * SHARE + 1e-6


@given(st.integers(1, 60))
def test_after_the_wait_that_is_told_there_is_a_place(extra: int) -> None:
    window = Window(SHARE)
    moments = []
    now = 0.0
    for _ in range(9 + extra):
        while wait := window.turn(now, "GET"):
            now += wait
        moments.append(now)
    assert all(
        late - early >= SECONDS - 1e-6 for early, late in zip(moments, moments[9:], strict=False)
    )
    assert all(one <= other for one, other in pairwise(moments))


def test_the_way_is_not_the_server_s_work() -> None:
    window = Window(SHARE)
    for number in range(9):
        assert window.turn(float(number), "POST") == 0.0
        window.answered(float(number), "POST", 2.5)
    assert window.turn(9.0, "POST") == 0.0
    window.answered(9.0, "POST", 2.5 + SERVER_OF_GRAPHQL * SHARE)
    assert 59 < window.turn(9.5, "POST") < 60
    # The other API has a share of its own, as long as both together stay below theirs.
    assert window.turn(9.5, "GET") == 0.0


def test_what_was_sent_before_counts_and_ends() -> None:
    first = Window(SHARE)
    assert [first.turn(100.0, "GET") for _ in range(9)] == [0.0] * 9
    kept = first.kept(110.0, 5000.0)
    later = Window(SHARE)
    later.learn(kept, 7.0, 5020.0)
    assert later.turn(7.0, "GET") == pytest.approx(30.0)
    assert later.turn(37.1, "GET") == 0.0


@pytest.mark.parametrize("step", [-86_400.0, -30.0, 86_400.0])
def test_a_clock_that_steps_holds_nobody_longer_than_a_minute(step: float) -> None:
    first = Window(SHARE)
    assert [first.turn(100.0, "GET") for _ in range(9)] == [0.0] * 9
    later = Window(SHARE)
    later.learn(first.kept(100.0, 5000.0), 0.0, 5000.0 + step)
    assert later.turn(0.0, "GET") <= SECONDS
    assert later.turn(SECONDS + 0.01, "GET") == 0.0


@pytest.mark.parametrize(
    "kept",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"{broken",
        json.dumps({"sent": {"GET": ["x"]}, "worked": []}).encode(),
        json.dumps({"sent": {"GET": [float("nan")]}, "worked": []}).encode(),
        json.dumps({"sent": {"GET": [1]}, "worked": [[1, "GET"]]}).encode(),
        json.dumps({"sent": 7, "worked": []}).encode(),
        b"\xff\xfe",
    ],
)
def test_what_cannot_be_read_is_passed_over(kept: bytes) -> None:
    window = Window(SHARE)
    window.learn(kept, 0.0, 0.0)
    assert [window.turn(0.0, "GET") for _ in range(9)] == [0.0] * 9


def test_no_more_is_kept_than_a_minute_holds() -> None:
    window = Window(1.0)
    for number in range(5000):
        window.turn(float(number), "GET")
    assert len(json.loads(window.kept(5000.0, 0.0))["sent"]["GET"]) <= 60
