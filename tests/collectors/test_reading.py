from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.collectors.reading import Item, all_known
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.values import moment

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
READERS = ("text", "flag", "number", "moment")


def item(**data: Any) -> Item:
    return Item(data, "GET /x")


@pytest.mark.parametrize("reader", READERS)
def test_an_absent_key_is_neither_false_nor_nothing(reader: str) -> None:
    found = getattr(item(), reader)("a")
    assert isinstance(found, Unknown)
    assert found.reason is Reason.NOT_VISIBLE
    assert "GET /x" in found.needed
    assert "`a`" in found.seen


@pytest.mark.parametrize(
    ("reader", "values"),
    [
        ("text", [None, 1, True, [], {}, "\ud800"]),
        ("flag", [None, 0, 1, "true", "", [], {}]),
        ("number", [None, True, 1.0, "1", [], {}]),
        ("moment", [None, 0, "", "soon", "2026-01-01T00:00:00", "9999-12-31T23:59:59-23:59", {}]),
    ],
)
def test_another_type_is_not_converted(reader: str, values: list[Any]) -> None:
    for value in values:
        found = getattr(item(a=value), reader)("a")
        assert isinstance(found, Unknown), value
        assert found.reason is Reason.MALFORMED


def test_what_is_there_is_read() -> None:
    found = item(a="x", b=False, c=0, d="2026-01-01T00:00:00Z", e=None)
    assert found.text("a") == "x"
    assert found.flag("b") is False
    assert found.number("c") == 0
    assert found.moment("d") == datetime(2026, 1, 1, tzinfo=UTC)
    assert found.optional("e", found.text) is None
    assert found.optional("a", found.text) == "x"
    assert isinstance(found.optional("absent", found.text), Unknown)
    assert ("a" in found, "z" in found, found.has_value("e")) == (True, False, False)


@pytest.mark.parametrize("value", [None, "new", "READ", 1, [], {}, True])
def test_a_closed_set_takes_no_other_value(value: Any) -> None:
    found: Any = item(a=value).choice("a", "read", "write")
    assert isinstance(found, Unknown)
    assert found.reason is Reason.MALFORMED
    assert item(a="read").choice("a", "read", "write") == "read"


@given(JSON)
def test_no_value_breaks_a_reader(value: Any) -> None:
    found = Item(value, "GET /x")
    inner = Item({"a": value}, "GET /x")
    for reader in READERS:
        getattr(inner, reader)("a")
        getattr(inner.item("a"), reader)("a")
        getattr(found, reader)("a")
    inner.choice("a", "x")
    assert [part.endpoint for part in inner.items("a")] == ["GET /x"] * (
        len(value) if isinstance(value, list) else 0
    )
    assert inner.lists("a") is isinstance(value, list)


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-16T09:52:29Z",
        "2026-05-16T09:52:29.000Z",
        "2026-05-16T11:52:29+02:00",
        "2026-05-16 11:52:29 +0200",
        "2026-05-16 09:52:29 UTC",
        "2026-05-16 02:52:29 -0700",
    ],
)
def test_the_forms_of_a_time(text: str) -> None:
    assert moment(text) == datetime(2026, 5, 16, 9, 52, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-16",
        "2026-05-16 09:52:29",
        "2026-02-30T00:00:00Z",
        "9999-12-31T23:59:59-23:59",
        "UTC",
        "+0200",
        " ",
    ],
)
def test_a_time_without_a_zone_or_a_date_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        moment(text)


@given(st.text(max_size=40))
def test_any_text_is_a_time_in_utc_or_none(text: str) -> None:
    try:
        found = moment(text)
    except ValueError:
        return
    assert found.tzinfo is UTC


def test_the_first_unknown_counts() -> None:
    first, second = item().absent("a"), item().odd("b")
    assert all_known([1, first, second]) is first
    assert all_known([None, False, 0]) is None
