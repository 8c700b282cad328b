from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from hardenme.collectors.memo import Memo


def test_each_name_is_asked_for_once() -> None:
    asked: list[str] = []
    memo = Memo()
    for name in ("a", "b", "a"):
        assert memo.get(name, lambda name=name: asked.append(name) or name) == name
    assert asked == ["a", "b"]


def test_nothing_is_a_result_too() -> None:
    asked: list[int] = []
    memo = Memo()
    for _ in range(2):
        assert memo.get("a", lambda: asked.append(1)) is None
    assert asked == [1]


def test_a_failure_is_remembered() -> None:
    asked: list[int] = []
    memo = Memo()

    def fails() -> None:
        asked.append(1)
        raise LookupError("gone")

    for _ in range(3):
        with pytest.raises(LookupError, match="gone"):
            memo.get("a", fails)
    assert asked == [1]


def test_workers_wait_for_the_one_that_asks() -> None:
    asked: list[str] = []
    memo = Memo()
    start = threading.Barrier(20)

    def ask() -> object:
        time.sleep(0.05)
        asked.append("a")
        return object()

    def work(_: int) -> object:
        start.wait()
        return memo.get("a", ask)

    with ThreadPoolExecutor(20) as pool:
        found = set(pool.map(work, range(20)))
    assert len(found) == 1
    assert asked == ["a"]


def test_names_are_told_apart_by_value() -> None:
    memo = Memo()
    assert memo.get(("pages", "/a"), lambda: 1) == 1
    assert memo.get("/a", lambda: 2) == 2
    assert memo.get(("pages", "/a"), lambda: 3) == 1
