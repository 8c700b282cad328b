"""What is written by its type is read as the same, and whatever else there is, is refused."""

from __future__ import annotations

import enum
import itertools
import json
import math
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, Union

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.codec.findings import OUTCOMES as KINDS_OF_OUTCOME
from hardenme.codec.findings import ROWS
from hardenme.codec.layout import REPEATED, Layout
from hardenme.codec.text import line, parsed
from hardenme.codec.typed import Codec
from hardenme.ground.errors import ContentError
from hardenme.model.evidence import Atom
from hardenme.model.finding import NAMES, Outcome
from hardenme.model.known import Known
from hardenme.model.known import field as known_field
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from tests.codec.outcomes import KINDS, OUTCOMES, UNKNOWNS
from tests.moment import NOW

FORMS = {
    "rows": Codec(rows=(*ROWS, Atom)),
    "objects": Codec(objects=True),
    "pairs": Codec(rows=(Subject,)),
}
ORDERS = tuple(itertools.islice(itertools.permutations(KINDS), 0, None, 700))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


class Colour(enum.StrEnum):
    RED = "red"


class Level(enum.IntEnum):
    LOW = 1


@dataclass(frozen=True)
class Leaf:
    number: int


@dataclass(frozen=True)
class Tree:
    name: str
    leaf: Leaf | None
    inner: Tree | None = None
    more: tuple[Leaf, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen(Known):
    on: bool
    names: Mapping[str, str]


def through(form: Codec, hint: Any, value: Any) -> Any:
    """A value, written and read again."""
    return form.read(hint, parsed(line(form.write(value, hint))))


def test_there_is_a_strategy_for_every_kind_of_outcome() -> None:
    assert set(KINDS) == set(NAMES) == set(KINDS_OF_OUTCOME)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_every_outcome_comes_back_as_it_was(
    form: str, kind: type[Outcome], data: st.DataObject
) -> None:
    outcome = data.draw(KINDS[kind])
    found = through(FORMS[form], Outcome, outcome)
    assert type(found) is kind
    assert found == outcome


@pytest.mark.parametrize("form", FORMS)
@given(outcome=OUTCOMES, order=st.sampled_from(ORDERS))
def test_the_order_of_a_union_says_nothing(
    form: str, outcome: Outcome, order: tuple[type, ...]
) -> None:
    other = Union[order]  # noqa: UP007 (made of a tuple)
    written = FORMS[form].write(outcome, Outcome)
    assert FORMS[form].write(outcome, other) == written
    found = FORMS[form].read(other, written)
    assert type(found) is type(outcome)
    assert found == outcome


@pytest.mark.parametrize(
    ("hint", "value"),
    [
        (str | int | None, "1"),
        (int | str | None, "1"),
        (str | float | int | bool | None, 1),
        (bool | int | float, True),
        (int | float, 1.0),
        (list[str] | list[int] | None, [1, 2]),
        (Literal["a", "b"] | None, "b"),
        (Colour | None, Colour.RED),
        (Level, Level.LOW),
        (datetime, NOW),
        (date, date(2026, 1, 2)),
        (tuple[str, int], ("a", 1)),
        (tuple[str, ...] | str, ("a",)),
        (frozenset[str], frozenset("ab")),
        (Mapping[str, int | None], {"a": 1, "b": None}),
        (Tree, Tree("a", Leaf(1), Tree("b", None), (Leaf(2), Leaf(3)))),
        (Leaf | Tree, Tree("a", None)),
    ],
)
@pytest.mark.parametrize("form", FORMS)
def test_a_value_comes_back_as_what_it_was(form: str, hint: Any, value: Any) -> None:
    found = through(FORMS[form], hint, value)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "hint",
    [
        str | Colour,
        str | datetime,
        str | Literal["a"],  # noqa: PYI051 (it is what is refused)
        tuple[str, ...] | frozenset[str],
        Mapping[str, int] | tuple[int, ...],
        int | Level,
    ],
)
def test_what_could_be_taken_for_something_else_is_no_form(hint: Any) -> None:
    with pytest.raises(TypeError, match="cannot be distinguished"):
        Codec().shape(hint)


@pytest.mark.parametrize("hint", [object, bytes, complex, type, Any])
def test_a_type_of_something_else_has_no_form(hint: Any) -> None:
    with pytest.raises(TypeError, match="no form in JSON"):
        Codec().shape(hint)


def test_a_field_that_would_be_lost_has_no_form() -> None:
    with pytest.raises(TypeError, match="number is not kept"):
        Codec(records={Leaf: Layout(told={"x": len}, names=("x",))}).shape(Leaf)


@pytest.mark.parametrize(
    ("hint", "raw"),
    [
        (bool, 1),
        (bool, "true"),
        (bool, None),
        (int, True),
        (int, 1.0),
        (int, "1"),
        (str, 1),
        (str, None),
        (float, True),
        (float, 2**60),
        (Colour, "blue"),
        (Colour, ["red"]),
        (Level, True),
        (Level, "LOW"),
        (datetime, "2026-01-01T00:00:00"),
        (datetime, "yesterday"),
        (date, 20260102),
        (tuple[str, int], ["a"]),
        (tuple[str, ...], "ab"),
        (tuple[str, ...], {"a": 1}),
        (Mapping[str, int], [["a"]]),
        (Leaf, {}),
        (Leaf, [1]),
        (Leaf, {"number": 1, "more": 2}),
        (Leaf, {"number": None}),
        (Leaf | Tree, {"number": 1}),
        (Leaf | Tree, {"is": "Bush", "number": 1}),
        (Leaf | Tree, {"is": ["Leaf"], "number": 1}),
        (Leaf | None, 0),
    ],
)
def test_what_is_of_another_type_is_refused(hint: Any, raw: Any) -> None:
    with pytest.raises(ContentError):
        Codec().read(hint, raw)


@pytest.mark.parametrize("raw", [[True], [1.0], ["1"], [None], [[1]], [{}], [], [1, 1], {}, None])
def test_a_row_that_only_looks_like_one_before_is_refused(raw: Any) -> None:
    form = Codec(records={Leaf: REPEATED})
    assert form.read(Leaf, [1]) is form.read(Leaf, [1])
    for _ in range(2):
        with pytest.raises(ContentError):
            form.read(Leaf, raw)


def test_a_form_that_several_threads_begin_to_use_is_whole_for_each() -> None:
    tree = Tree("a", Leaf(1), Tree("b", None))
    for _ in range(20):
        form = Codec()
        start = threading.Barrier(8)

        def work(_: int, form: Codec = form, start: threading.Barrier = start) -> Tree:
            start.wait()
            return form.read(Tree, form.write(tree))

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(work, range(8))) == [tree] * 8


def test_an_error_names_the_place() -> None:
    raw: Any = {
        "name": "a",
        "leaf": None,
        "inner": {"name": "b", "leaf": {"number": "x"}},
        "more": [],
    }
    with pytest.raises(ContentError) as refused:
        Codec(records={Tree: Layout(absent=("inner", "more"))}).read(Tree, raw)
    assert str(refused.value) == "`inner.leaf.number` is not a whole number"


def test_a_member_that_may_be_absent_is_said_to_be() -> None:
    raw = {"name": "a", "leaf": None}
    with pytest.raises(ContentError, match="`inner` is missing"):
        Codec().read(Tree, raw)
    form = Codec(records={Tree: Layout(absent=("inner", "more"))})
    assert form.read(Tree, raw) == Tree("a", None)


@given(why=UNKNOWNS, name=st.sampled_from(["on", "names"]))
def test_a_field_that_is_not_known_comes_back_so(why: Unknown, name: str) -> None:
    change: dict[str, Any] = {name: why}
    value = replace(Seen(on=True, names={"unknown": "x"}), **change)
    found = through(FORMS["rows"], Seen, value)
    assert known_field(found, name) == why


@pytest.mark.parametrize("objects", [True, False])
def test_a_value_that_looks_like_an_unknown_is_none(*, objects: bool) -> None:
    """A mapping whose only key is the mark of an unknown."""
    value = Seen(on=True, names={"unknown": "x"})
    if objects:
        form = Codec(objects=True)
        for _ in range(2):
            with pytest.raises(TypeError, match="taken for an unknown"):
                form.shape(Seen)
    else:
        assert through(Codec(), Seen, value) == value


@given(raw=JSON, kind=st.sampled_from([*KINDS, Outcome, Tree, Seen, Atom, Leaf | None]))
def test_whatever_is_read_is_of_the_type_or_refused(raw: Any, kind: Any) -> None:
    for form in (FORMS["rows"], FORMS["pairs"]):
        try:
            found = form.read(kind, raw)
        except ContentError:
            continue
        assert form.write(found, kind) is not None or found is None


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_json_has_no_other_numbers(number: float) -> None:
    form = Codec()
    assert form.write(number, float | str) == str(number)
    with pytest.raises(ContentError):
        form.read(float, str(number))
    with pytest.raises(ContentError, match="is not JSON"):
        parsed(json.dumps({"x": number}))


@pytest.mark.parametrize(
    "text", ["", "{", "[1,]", "[" * 100_000, b"\xff", "1e999", "nan", '{"a":1}x']
)
def test_what_is_no_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(ContentError):
        parsed(text)
