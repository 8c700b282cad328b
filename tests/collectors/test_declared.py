"""What a fact declares is what is read, and nothing that is not there is anything but unknown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from datetime import UTC, datetime
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hardenme.facts
import hardenme.facts.github
from hardenme.collectors.declared import read
from hardenme.collectors.reading import Item
from hardenme.collectors.registry import by_hand, collectors
from hardenme.facts.declared import declared
from hardenme.model.fact import graphql, key
from hardenme.model.known import Known
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.values import at, text
from tests.each import each

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)
LISTED = sorted(
    {
        kind
        for one in collectors()
        for kind in one.gives
        if kind.endpoint.kind and read(kind, Item({}, ""))
    },
    key=lambda kind: kind.__name__,
)


def facts_and_parts() -> Iterator[Any]:
    """Every fact and every part of one: what can declare of which keys its fields are read."""
    for found in walk_packages(hardenme.facts.__path__, f"{hardenme.facts.__name__}."):
        for kind in vars(import_module(found.name)).values():
            if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == found.name:
                yield kind


OF_ABSENCE = {
    ("NpmToken", "classic"): "npm's description of tokens: only those of old have none of the keys",
    ("NpmToken", "publish_policy"): "told since 2026-09 alone; not told counts as the weakest",
    ("NpmOrganizationPackages", "names"): "npm's description: an object, of as many as there are",
    ("NpmTeamGrants", "reads"): "the same",
    ("NpmTeamGrants", "writes"): "the same",
    ("PackageCollaborators", "readers"): "the same",
    ("PackageRepository", "directory"): "npm's package.json: the root, unless a folder is named",
    ("PackageGrant", "writes"): "the same; a package is one of its names",
    ("TrustedPublisher", "may_publish"): "npm's documentation: those of before 2026-05-20 publish",
    ("TrustedPublisher", "may_stage"): "the same",
}
"""Fields that mean something where no key is there, with where that is said."""


def upper(value: str) -> str:
    if not value.islower():
        raise ValueError(value)
    return value.upper()


def beside(item: dict[str, Any]) -> bool:
    return bool(item["first"]) and "second" not in item


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    name: str = key("name")
    gone: bool = key("gone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    text: str = key("text")
    flag: bool = key("flag")
    number: int = key("number")
    moment: datetime = key("moment")
    never: datetime | None = key("never", nullable=True)
    word: Literal["a", "b"] = key("word")
    within: str = key("outer/inner")
    said: bool = key("outer/said")
    made: str = key("made", by=upper)
    both: bool = key("first", by=beside, beside=True)
    parts: tuple[Part, ...] = key("parts")
    names: frozenset[str] = key("names")
    by_hand: str = key("some", "others")
    own: str = ""


GOOD: dict[str, Any] = {
    "text": "t",
    "flag": True,
    "number": 7,
    "moment": "2026-11-27T10:00:00Z",
    "never": None,
    "word": "a",
    "outer": {"inner": "i", "said": True},
    "made": "x",
    "first": 1,
    "parts": [{"name": "p", "gone": False}, {"name": "q", "gone": True}],
    "names": ["n", "n"],
}
TOLD: dict[str, Any] = {
    "text": "t",
    "flag": True,
    "number": 7,
    "moment": datetime(2026, 11, 27, 10, tzinfo=UTC),
    "never": None,
    "word": "a",
    "within": "i",
    "said": True,
    "made": "X",
    "both": True,
    "parts": (Part(name="p", gone=False), Part(name="q", gone=True)),
    "names": frozenset({"n"}),
}


def told(**changes: Any) -> dict[str, Any]:
    return read(Whole, Item({**GOOD, **changes}, "GET /x"))


def test_a_field_is_read_as_its_declaration_says() -> None:
    assert told() == TOLD


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_key_that_is_not_there_is_unknown(name: str) -> None:
    found = read(Whole, Item({k: v for k, v in GOOD.items() if k != name}, "GET /x"))
    lost = {field for field, value in found.items() if isinstance(value, Unknown)}
    assert lost == {
        "outer": {"within", "said"},
        "first": {"both"},
    }.get(name, {name})
    assert {found[field].reason for field in lost} == {Reason.NOT_VISIBLE}


@given(st.sampled_from(sorted(GOOD)), JSON)
def test_any_value_is_read_or_is_unknown(name: str, value: Any) -> None:
    found = told(**{name: value})
    assert found.keys() == TOLD.keys()
    for field, was in TOLD.items():
        now = found[field]
        if isinstance(now, Unknown):
            assert now.reason in {Reason.MALFORMED, Reason.NOT_VISIBLE}
        elif was is not None:
            assert type(now) is type(was)


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        ({"flag": 1}, {"flag"}),
        ({"number": True}, {"number"}),
        ({"text": None}, {"text"}),
        ({"text": "\ud800"}, {"text"}),
        ({"word": "c"}, {"word"}),
        ({"word": ["a"]}, {"word"}),
        ({"moment": "2026-11-27T10:00:00"}, {"moment"}),
        ({"never": 0}, {"never"}),
        ({"made": "X"}, {"made"}),
        ({"made": 7}, {"made"}),
        ({"parts": {}}, {"parts"}),
        ({"parts": [{"name": "p"}, {"gone": True}]}, {"parts"}),
        ({"parts": [{"name": "p"}, 7]}, {"parts"}),
        ({"names": ["n", 7]}, {"names"}),
        ({"outer": None}, {"within", "said"}),
        ({"outer": {"inner": "i"}}, {"said"}),
        ({"parts": [{"name": "p"}]}, {"parts"}),
        ({"outer": {"said": "yes", "inner": "i"}}, {"said"}),
    ],
)
def test_what_is_odd_is_unknown(changes: dict[str, Any], lost: set[str]) -> None:
    found = told(**changes)
    assert {field for field, value in found.items() if isinstance(value, Unknown)} == lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Some(Known):
    name: str = key("name")
    gone: bool = key("gone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    count: int = key("size", graph=graphql("totalCount"))
    since: datetime | None = key("since", nullable=True)
    names: tuple[str, ...] = key("names", graph=graphql("nodes/*/within/name"))
    shout: frozenset[str] = key("words/*/word", by=upper)
    some: tuple[Some, ...] = key("some")


def test_each_source_has_its_own_keys() -> None:
    rest = {"size": 1, "since": None, "names": ["a"], "words": [{"word": "w"}], "some": []}
    other = {"totalCount": 2, "nodes": [{"within": {"name": "b"}}]}
    expected = {"count": 1, "since": None, "names": ("a",), "shout": frozenset({"W"}), "some": ()}
    assert read(Sourced, Item(rest | other, "GET /x")) == expected
    found = read(Sourced, Item(rest | other, "POST /graphql"), graph=True)
    assert found == {"count": 2, "names": ("b",)}
    assert all(isinstance(one, Unknown) for one in read(Sourced, Item(other, "GET /x")).values())


@pytest.mark.parametrize(
    "nodes",
    [None, {}, "ab", [7], [{}], [{"within": {}}], [{"within": {"name": "a"}}, {"within": None}]],
)
def test_a_list_of_which_one_is_not_known_is_not(nodes: Any) -> None:
    found = read(Sourced, Item({"nodes": nodes}, "POST /graphql"), graph=True)["names"]
    assert isinstance(found, Unknown)


def test_what_may_be_known_in_part_is_known_in_part() -> None:
    (found,) = read(Sourced, Item({"some": [{"name": "a"}]}, "GET /x"))["some"]
    assert found.name == "a"
    assert found.unknown_fields().keys() == {"gone"}


def failing(_: object) -> str:
    raise KeyError("word")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    found: str = key("word", by=failing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    two: tuple[str, int] = key("two")


def test_a_word_that_a_table_does_not_hold_is_unknown() -> None:
    assert read(Words, Item({"word": "z"}, "GET /x"))["found"].reason is Reason.MALFORMED


def shortest(told: dict[str, str]) -> str:
    for name, word in told.items():
        at(name, text, word)
    return min(told, key=len) if told else str(told["a"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    short: str = key("*", by=shortest, beside=True)
    listed: tuple[str, ...] = key("*")
    made: str = key("a", hand=True)
    several: str = key("a", "b", by=lambda told: told["a"] + told.get("b", ""), beside=True)
    more: str = key(
        "a", by=lambda told: told["a"] + told.get("c", ""), beside=True, optional=("c",)
    )


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ({"a": "x", "bb": "y"}, {"short": "a", "several": "x", "more": "x"}),
        ({"bb": "y", "b": "z", "a": "x", "c": "w"}, {"several": "xz", "more": "xw", "short": "b"}),
        (["a", "b"], {"listed": ("a", "b")}),
        ({"a": "x", "bb": 7}, {"short": "bb", "several": "x", "more": "x"}),
        ({}, {"short": "a", "several": "a", "more": "a"}),
    ],
)
def test_a_whole_answer_whose_keys_are_names(answer: Any, found: dict[str, Any]) -> None:
    told = read(Names, Item(answer, "GET /x"))
    assert "made" not in told, "a collector makes it"
    for name, value in found.items():
        now = told[name]
        if isinstance(now, Unknown):
            # What is lacking, or not understood, is named by its own key.
            assert f"`{value}`" in now.seen
            assert now.reason is (Reason.MALFORMED if value in answer else Reason.NOT_VISIBLE)
        else:
            assert now == value


def test_a_declaration_that_no_answer_fits_is_refused() -> None:
    with pytest.raises(TypeError):
        read(Pair, Item({"two": ["a", 1]}, "GET /x"))
    with pytest.raises(TypeError):
        key("word", beside=True)


@each(facts_and_parts(), lambda kind: kind.__name__)
def test_an_object_without_keys_tells_nothing(kind: Any) -> None:
    known = set()
    for graph in (False, True):
        try:
            told = read(kind, Item({}, "GET /x"), graph=graph)
        except TypeError:
            # Its collector reads it, and its declaration tells of which keys alone.
            continue
        known |= {name for name, value in told.items() if not isinstance(value, Unknown)}
    assert known == {name for fact, name in OF_ABSENCE if fact == kind.__name__}


@pytest.mark.parametrize("kind", LISTED, ids=lambda kind: kind.__name__)
def test_every_list_that_is_declared_can_be_read(kind: Any) -> None:
    assert read(kind, Item({}, "GET /x"))
    assert f"GET {kind.endpoint.path}" in kind.source


def test_what_declares_an_endpoint_is_asked_by_one_that_reads_it() -> None:
    """Without a line among the collectors, and by no second one where a line is there."""
    kinds = {kind for kind in declared(hardenme.facts.github) if kind.endpoint.path}
    written = {kind for one in by_hand() for kind in one.gives}
    plain = {kind for one in collectors()[len(by_hand()) :] for kind in one.gives}
    assert kinds <= written | plain
    assert not written & plain
    assert len({one.name for one in collectors()}) == len(collectors())
