"""What a run of the tests makes once for all of its processes."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.failing import failing_findings
from tests.passing import passing_cases
from tests.shared import Shared


def test_what_one_made_the_others_read(tmp_path: Path) -> None:
    made = []

    def make() -> list[int]:
        made.append(1)
        return [4711]

    several = [Shared(tmp_path) for _ in range(3)]
    assert [one.once("number", make) for one in several] == [[4711]] * 3
    assert several[0].once("other", lambda: "else") == "else"
    assert len(made) == 1


def test_who_comes_meanwhile_waits_for_it(tmp_path: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()
    found = []

    def make() -> str:
        begun.set()
        assert go_on.wait(60)
        return "the first"

    threads = [
        threading.Thread(target=lambda: found.append(Shared(tmp_path).once("it", make))),
        threading.Thread(
            target=lambda: found.append(Shared(tmp_path).once("it", lambda: "second"))
        ),
    ]
    threads[0].start()
    assert begun.wait(60)
    threads[1].start()
    go_on.set()
    for thread in threads:
        thread.join(60)
    assert found == ["the first"] * 2


def test_what_failed_is_tried_again(tmp_path: Path) -> None:
    def fail() -> str:
        raise ValueError

    with pytest.raises(ValueError):
        Shared(tmp_path).once("it", fail)
    assert Shared(tmp_path).once("it", lambda: "made") == "made"


def test_one_process_alone_makes_it_itself() -> None:
    assert Shared().once("it", lambda: "made") == "made"


def test_the_examples_of_the_catalogue_are_the_same_where_they_are_read(tmp_path: Path) -> None:
    for name, made in {"passing": passing_cases(), "failing": failing_findings()}.items():
        Shared(tmp_path).once(name, lambda made=made: made)
        assert made
        assert Shared(tmp_path).once(name, dict) == made
