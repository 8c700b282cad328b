"""Waivers in the text of a file change, and nothing that stands around them does."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hardenme.config.editing import add, change, entries, remove
from hardenme.ground.errors import OutputError

NONE: tuple[str, ...] = ()
PROJECT = ("tool", "hardenme")
NEW: dict[str, Any] = {
    "check": "GHR102",
    "subject": "github:repo/acme/*",
    "reason": 'says "no" # to \\ all',
    "by": "hazel",
    "until": date(2027, 2, 1),
}
COMMENTED = """\
# my settings
select = ["GHA"]   # these alone

# about A
# and more of it
[[waivers]]
check = "A" # a
until = 2027-01-01

# about B
[[waivers]]
check = "B"
# a note on B

# set apart

[severities] # mine
GHA101 = "low"

[[ waivers ]]
check="C"
"""
PYPROJECT = """\
[project]
name = "web"  # ours

[tool.hardenme]
select = ["GHA"]

# another tool
[tool.other]
waivers = [1]
"""
INLINE = """\
waivers = [
  # the first
  { check = "A" }, # a
  { check = "B" }, # b
]
since = 9
"""


def said(text: str) -> list[str]:
    """The lines but for the empty ones: of those one may come or go with an entry."""
    return [line for line in text.split("\n") if line.strip()]


def added_part(before: str, after: str) -> tuple[str, str, str]:
    """What stood before and behind the one place where text was put in, and that text."""
    start = next(
        (i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before)
    )
    rest = before[start:]
    assert after.endswith(rest)
    return before[:start], after[start : len(after) - len(rest)], rest


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("", NONE),
        ("# a comment alone\n", NONE),
        ('select = ["GHA"]\n', NONE),
        (COMMENTED, NONE),
        (INLINE, NONE),
        ("waivers = []\n", NONE),
        (PYPROJECT, PROJECT),
        ("[project]\nname = 'web'\n", PROJECT),
        ("[tool.hardenme]\n[[tool.hardenme.waivers]]\ncheck = 'A'\n[tool.x]\na = 1\n", PROJECT),
        ("[[tool.hardenme.waivers]]\ncheck = 'A'\n# note\n\n[tool.x]\na = 1\n", PROJECT),
    ],
)
def test_one_more_is_put_in_at_one_place_and_taken_out_again(
    text: str, table: tuple[str, ...]
) -> None:
    after = add(text, table, NEW)
    assert "check" in added_part(text, after)[1]
    before = entries(text, table)
    assert entries(after, table) == [*before, NEW]
    assert said(remove(after, table, [len(before)])) == said(text)


def test_it_is_put_behind_the_last_one() -> None:
    text = '[[waivers]]\ncheck = "A"\n\n# about severities\n[severities]\n'
    assert add(text, NONE, {"check": "B"}) == (
        '[[waivers]]\ncheck = "A"\n\n[[waivers]]\ncheck = "B"\n\n# about severities\n[severities]\n'
    )


def test_a_last_line_without_an_end_gets_one() -> None:
    assert add('select = ["A"]', NONE, {"check": "B"}) == (
        'select = ["A"]\n\n[[waivers]]\ncheck = "B"\n'
    )


def test_a_comment_that_touches_a_waiver_goes_with_it_and_no_other_does() -> None:
    assert remove(COMMENTED, NONE, [0]) == COMMENTED.replace(
        '# about A\n# and more of it\n[[waivers]]\ncheck = "A" # a\nuntil = 2027-01-01\n\n', ""
    )
    assert remove(COMMENTED, NONE, [1]) == COMMENTED.replace(
        '# about B\n[[waivers]]\ncheck = "B"\n# a note on B\n\n', ""
    )
    assert remove(COMMENTED, NONE, [2]) == COMMENTED.replace('\n[[ waivers ]]\ncheck="C"\n', "")
    none = remove(COMMENTED, NONE, [0, 1, 2])
    for kept in ("# my settings", "# these alone", "# set apart", "# mine"):
        assert kept in none


def test_a_comment_that_touches_the_next_table_is_about_that() -> None:
    text = '[[waivers]]\ncheck = "A"\n# about severities\n[severities]\nGHA101 = "low"\n'
    assert remove(text, NONE, [0]) == '# about severities\n[severities]\nGHA101 = "low"\n'


def test_of_an_array_the_others_keep_their_comments() -> None:
    after = remove(INLINE, NONE, [0])
    assert '{ check = "B" }, # b\n' in after
    assert entries(after, NONE) == [{"check": "B"}]
    assert after.endswith("]\nsince = 9\n")


def test_a_change_keeps_what_is_not_changed() -> None:
    after = change(COMMENTED, NONE, 0, {"until": date(2027, 5, 5), "by": "hazel"})
    assert after == COMMENTED.replace(
        'check = "A" # a\nuntil = 2027-01-01\n',
        'check = "A" # a\nuntil = 2027-05-05\nby = "hazel"\n',
    )
    after = change(INLINE, NONE, 1, {"check": "C"})
    assert after == INLINE.replace('"B"', '"C"')


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("waivers = 7\n", NONE),
        ("waivers = ['A']\n", NONE),
        ("[waivers]\na = 1\n", NONE),
        ("not toml\n", NONE),
        ("[tool]\nhardenme = { select = ['A'] }\n", PROJECT),
        ("tool = 7\n", PROJECT),
    ],
)
def test_what_cannot_be_changed_alone_is_not_changed(text: str, table: tuple[str, ...]) -> None:
    with pytest.raises(OutputError):
        add(text, table, NEW)


def test_a_text_that_only_looks_like_a_head_leads_to_no_change_elsewhere() -> None:
    text = '[[waivers]]\ncheck = "A"\nreason = """\n[[waivers]]\n"""\n\n[[waivers]]\ncheck = "B"\n'
    with pytest.raises(OutputError):
        remove(text, NONE, [0])
    text = '[[waivers]]\ncheck = "A"\n[waivers.more]\na = 1\n'
    with pytest.raises(OutputError):
        remove(text, NONE, [0])


BLANK = st.sampled_from(["", "\n", "\n\n", "# a note\n", "# one\n# two\n\n", "\n# apart\n\n"])
PAIRS = st.sampled_from(
    ["a = 1\n", "b = 'x#[['\n", "c = [1,\n  2] # c\n", "d.e = 2027-01-01\n", 'f = {g = "h"}\n']
)
TABLES = st.builds(
    lambda name, pairs, end: f"[{name}] # {name}\n{''.join(pairs)}{end}",
    st.sampled_from(["t1", "t2", "t3.x", '"t 4"']),
    st.lists(PAIRS, max_size=2, unique=True),
    BLANK,
)
WAIVERS = st.builds(
    lambda check, gap, end: f'[[waivers]]{gap}\ncheck = "{check}"\nreason = "[[x]]"\n{end}',
    st.sampled_from("ABC"),
    st.sampled_from(["", " # w"]),
    BLANK,
)
TEXTS = st.builds(
    lambda start, pairs, parts: start + "".join(pairs) + "".join(parts),
    BLANK,
    st.lists(PAIRS, max_size=3, unique=True),
    st.lists(TABLES | WAIVERS, max_size=5),
)


@settings(max_examples=60)
@given(TEXTS, st.data())
@example(COMMENTED, None)
def test_whatever_stands_around_stays_to_the_byte(text: str, data: Any) -> None:
    try:
        tomllib.loads(text)
    except ValueError:
        return
    count = len(entries(text, NONE))
    after = add(text, NONE, NEW)
    put = added_part(text, after)[1]
    assert put.count("\n") <= len(NEW) + 3
    assert said(remove(after, NONE, [count])) == said(text)
    if count and data is not None:
        number = data.draw(st.integers(0, count - 1))
        without = remove(text, NONE, [number])
        assert len(without) < len(text)
        lines = iter(text.split("\n"))
        assert all(line in lines for line in without.split("\n")), "lines go, and none changes"
        renewed = change(text, NONE, number, {"reason": "renewed"})
        differ = [a for a, b in zip(text.split("\n"), renewed.split("\n"), strict=True) if a != b]
        assert differ == ['reason = "[[x]]"']
