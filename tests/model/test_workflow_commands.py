from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.model.text import without_commands


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::add-mask::x", r"\u003a:add-mask::x"),
        ("a\n \t\u00a0::debug::x", "a\n \t\u00a0\\u003a:debug::x"),
        ("a ##[group]b", r"a \u0023#[group]b"),
        ("a ###[group]b", r"a #\u0023#[group]b"),
        ("a::b ## [c] #[d]", "a::b ## [c] #[d]"),
        (": :", ": :"),
    ],
)
def test_what_could_begin_a_command_is_escaped(text: str, shown: str) -> None:
    assert without_commands(text) == shown


@given(st.text(alphabet=":#[ \na\u3000", max_size=20))
def test_nothing_is_left_that_a_runner_reads(text: str) -> None:
    shown = without_commands(text)
    assert "##[" not in shown
    assert not [line for line in shown.split("\n") if line.strip().startswith("::")]


@given(st.text(alphabet=':#["\\ \na', max_size=20))
def test_json_says_the_same(text: str) -> None:
    assert json.loads(without_commands(json.dumps({"a": text}, indent=1))) == {"a": text}
