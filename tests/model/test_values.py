"""A value is of a plain type, or it is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.model.maybe import all_of, any_of
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.values import every, objects, some, whole

FLAGS = st.dictionaries(st.sampled_from("abc"), st.sampled_from([True, False, None, 1, "true"]))


def known(told: dict[str, Any], name: str) -> Any:
    value = told.get(name)
    return value if isinstance(value, bool) else Unknown(Reason.MALFORMED, name)


@given(FLAGS)
def test_flags_are_put_together_as_far_as_they_are_known(told: dict[str, Any]) -> None:
    for made, of in ((some, any_of), (every, all_of)):
        expected = of(known(told, name) for name in "abc")
        try:
            found = made(*"abc")(told)
        except (KeyError, TypeError):
            assert isinstance(expected, Unknown)
        else:
            assert found is expected


@pytest.mark.parametrize("value", [None, {}, "ab", 7, True])
def test_what_is_no_list_has_no_objects(value: Any) -> None:
    with pytest.raises(TypeError):
        objects(value)
    with pytest.raises(TypeError):
        whole({"nodes": value, "totalCount": 0})


def test_what_is_no_object_tells_nothing() -> None:
    assert objects([{"a": 1}, None, 7, ["a"]]) == [{"a": 1}, {}, {}, {}]


@pytest.mark.parametrize(
    "connection", [{}, {"nodes": []}, {"totalCount": 0}, {"nodes": [], "totalCount": False}]
)
def test_a_list_that_does_not_tell_its_length_is_not_whole(connection: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError)):
        whole(connection)


def test_a_list_is_whole_where_as_many_came_as_there_are() -> None:
    assert whole({"nodes": [{}, {}], "totalCount": 2})
    assert not whole({"nodes": [{}], "totalCount": 2})
    assert not whole({"nodes": [{}], "totalCount": 0})
