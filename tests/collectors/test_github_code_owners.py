from __future__ import annotations

import time

import pytest

from hardenme.collectors.github.code_owners import covers

FLOW = ".github/workflows/any.yml"


@pytest.mark.parametrize(
    ("text", "owned"),
    [
        ("* @hazel", True),
        (".github/ @hazel", True),
        ("/.github/ @hazel", True),
        ("/.github @hazel", True),
        (".github @acme/owners", True),
        ("/.github/** hazel@mail.example", True),
        ("/.github/workflows/ @hazel", True),
        ("workflows/ @hazel", True),
        ("**/workflows @hazel", True),
        ("/.github/**/any.yml @hazel", True),
        ("*.yml @hazel", True),
        ("an?.yml @hazel", True),
        ("/.github/*/any.yml @hazel", True),
        ("* @hazel # everybody asks her", True),
        ("\t*\t@hazel", True),
        ("", False),
        ("# * @hazel", False),
        ("*", False),
        ("* # @hazel", False),
        ("docs/ @hazel", False),
        ("/workflows/ @hazel", False),
        ("/.github/* @hazel", False),
        ("any.yml/ @hazel", False),
        ("/any.yml @hazel", False),
        ("*.md @hazel", False),
        ("* @hazel\n.github/", False),
        ("* @hazel\n*.yml @acme/ci\n/.github/workflows/", False),
        (".github/\n* @hazel", True),
        ("!.github/ @hazel", False),
        ("* @hazel\n[a-z]ny.yml", True),
        ("* hazel", False),
        ("* @hazel\n*.yml nobody", True),
        ("* @", False),
        ("* a@b", False),
        ("/ @hazel", False),
        ("/.github/**/ @hazel", True),
        ("\\*.yml @hazel", True),
    ],
)
def test_owners_of_a_workflow(text: str, *, owned: bool) -> None:
    assert covers(text, FLOW) is owned


def test_a_space_in_a_pattern_is_escaped() -> None:
    assert covers("/two\\ words/ @hazel", "two words/a.txt")
    assert not covers("/two words/ @hazel", "two words/a.txt")


def test_two_stars_at_the_end_stand_for_something_within() -> None:
    assert covers("/docs/** @hazel", "docs/a/b.md")
    assert not covers("/docs/** @hazel", "docs")


def test_a_hostile_file_takes_no_time() -> None:
    started = time.process_time()
    for line in ("*a" * 30_000, "**/" * 30_000, "*" * 60_000, "a/" * 30_000, "\\" * 60_001):
        covers(f"{line} @hazel\n" * 2, FLOW)
    assert time.process_time() - started < 5
