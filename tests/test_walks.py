"""Each command that a screen prints leads on: followed from the first screen of five people."""

from __future__ import annotations

import pytest

from benchmarks.walks import Screen, ours, walks

REPOSITORIES = 12
MOST = 8


@pytest.mark.second_tier("a hundred whole commands")
@pytest.mark.sampled(10, among="whole stories")
def test_no_one_comes_to_a_dead_end() -> None:
    with walks(REPOSITORIES) as people:
        assert len(people) > 3
        for walk in people:
            walk.follow(MOST)
            ends = {one.command: (one.above, one.text[-300:]) for one in walk.dead_ends}
            assert ends == {}, walk.name
            assert len(walk.screens) > len(walk.begin), f"{walk.name} was shown no command"


@pytest.mark.parametrize(
    ("command", "code", "text", "dead"),
    [
        ("hardenme fix abc234", 0, "1  abc234 Turn it on", False),
        ("hardenme fix abc234", 0, "1  xyz234 Turn it on", True),
        ("hardenme fix abc234", 2, "no step abc234", True),
        ("hardenme show GHB101", 0, "nothing of it", True),
        ("hardenme show --member rowan", 0, "2 findings", False),
        ("hardenme", 0, "Attacked? hardenme recent", False),
        ("hardenme recent", 3, "Traceback (most recent call last)", True),
    ],
)
def test_what_is_a_dead_end(command: str, code: int, text: str, *, dead: bool) -> None:
    assert Screen(command, "", code, 1, text).is_dead_end is dead


def test_a_command_is_read_as_it_is_printed() -> None:
    text = "TO each: hardenme show GHB101   then `hardenme fix abc234`, or hardenme fix N."
    assert [command for command, _ in ours(text, "it")] == [
        "hardenme show GHB101",
        "hardenme fix abc234",
    ]
