"""Hypothesis strategies for everything that a check may be given: any facts, known or not."""

from __future__ import annotations

import ast
import inspect
import sys
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from hardenme.model.check import Check, Parameter
from hardenme.model.fact import Every, Fact
from hardenme.model.given import Given, Limits, NeededScopes, Now, SafeVersions, Targets
from hardenme.model.profile import PROFILES
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Fix
from tests.moment import NOW

UNKNOWNS = tuple(Unknown(reason, f"what it takes: {reason.lower()}") for reason in Reason)
"""One for each reason; a check must hand back the very object that it was given."""

LONGEST_WORD = 60
MOMENTS = st.one_of(
    st.builds(NOW.__add__, st.integers(-4000, 4000).map(lambda days: timedelta(days=days))),
    st.datetimes(timezones=st.just(UTC)),
)
NASTY = ("", "\ud800", "\x1b[31m", "\u202e", "../..", "a/b?c#d", "{user}", "x" * 3000)
"""Text that JSON can hold, and names that steer: one of them is a lone surrogate."""
HOSTILE = st.one_of(st.sampled_from(NASTY), st.text(max_size=12))
ADDRESSES = {
    "web": st.sampled_from(["https://github.com", "https://ghe.example.test:8443"]),
    "registry": st.sampled_from(["https://registry.example.test/npm", "http://127.0.0.1:4873"]),
}
"""Fields that the engine fills, not the provider."""
FIXES = st.builds(
    Fix, step=st.just("Do it"), page=st.just("https://github.com/hazel"), command=HOSTILE
)
"""Steps of a fix: what makes them never gives one without a page or a command."""
SHAPED = {("NpmClient", "version"): st.from_regex(r"\d{1,4}\.\d{1,4}\.\d{1,4}", fullmatch=True)}
"""Fields of which the collector lets one form through only; any other is unknown."""


@cache
def words(check: Check) -> SearchStrategy[str]:
    """Text, among it the values that the check and its facts know by name."""
    modules = {check.function.__module__, *(kind.__module__ for kind in check.facts)}
    known = sorted({word for name in modules for word in _said(name)})
    return st.one_of(st.sampled_from(known), HOSTILE)


@cache
def _said(module: str) -> frozenset[str]:
    """The short texts that stand in a module."""
    return frozenset(
        node.value
        for node in ast.walk(ast.parse(inspect.getsource(sys.modules[module])))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and len(node.value) < LONGEST_WORD
    )


@cache
def arguments(check: Check) -> SearchStrategy[dict[str, Any]]:
    """The arguments of a call, as the engine could make it.

    Strategies are made once: Hypothesis looks through each new one before it draws from it.
    """
    return st.fixed_dictionaries({item.name: _argument(item, check) for item in check.parameters})


def _argument(item: Parameter, check: Check) -> SearchStrategy[Any]:
    if item.given:
        return given(item.kind)
    one = fact(item.kind, words(check))
    if item.every:
        missing = st.one_of(st.none(), st.sampled_from(UNKNOWNS))
        return st.builds(Every, st.lists(one, max_size=3).map(tuple), missing)
    return st.one_of(one, st.sampled_from(UNKNOWNS)) if item.optional else one


def given(kind: type[Given]) -> SearchStrategy[Any]:
    """What the engine gives beside facts."""
    if kind is Now:
        return st.builds(Now, MOMENTS)
    if kind is Limits:
        return st.sampled_from([profile.limits for profile in PROFILES.values()])
    names = st.frozensets(st.sampled_from(["hazel", "hazel/catkin", "grove/ash", "repo", "user"]))
    if kind is NeededScopes:
        return st.builds(NeededScopes, names)
    if kind is Targets:
        return st.builds(Targets, names, names)
    if kind is SafeVersions:
        return st.sampled_from([SafeVersions(lambda *_: ""), SafeVersions(lambda *_: "1.4.0")])
    raise TypeError(f"{kind.__name__} has no strategy yet: add it here")


@cache
def fact(kind: type[Fact], text: SearchStrategy[str]) -> SearchStrategy[Any]:
    """A fact of that type; each of its fields may be unknown."""
    hints = typing.get_type_hints(kind)
    known = {"subject": _subject(text), "within": _subject(text), "label": text, **ADDRESSES}
    parts = {
        item.name: known[item.name]
        if item.name in known
        else st.one_of(
            SHAPED.get((kind.__name__, item.name), value(hints[item.name], text)),
            st.sampled_from(UNKNOWNS),
        )
        for item in fields(kind)
    }
    return st.builds(kind, **parts)


def _subject(text: SearchStrategy[str]) -> SearchStrategy[Subject]:
    kind = st.sampled_from(["user", "repo", "package", "token"])
    return st.builds(Subject, st.just("github"), kind, text)


def value(hint: Any, text: SearchStrategy[str]) -> SearchStrategy[Any]:
    """Any value of an annotated type."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {UnionType, typing.Union}:
        return st.one_of(*(value(item, text) for item in inner))
    if origin in {tuple, frozenset, Mapping}:
        return _several(origin, inner, text)
    if hint is Fix:
        return FIXES
    if is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        return st.builds(hint, **{i.name: value(hints[i.name], text) for i in fields(hint)})
    if hint is str:
        return text
    if hint is datetime:
        return MOMENTS
    if hint is bool:
        return st.booleans()
    if hint is int:
        return st.one_of(st.integers(0, 5000), st.integers(-(2**65), 2**65))
    return st.from_type(hint)


def _several(origin: Any, inner: tuple[Any, ...], text: SearchStrategy[str]) -> SearchStrategy[Any]:
    """Any values of annotated types, in one container."""
    parts = [value(item, text) for item in inner if item is not Ellipsis]
    if origin is Mapping:
        return st.dictionaries(*parts, max_size=3)
    if origin is frozenset:
        return st.frozensets(*parts, max_size=3)
    return st.lists(parts[0], max_size=3).map(tuple) if Ellipsis in inner else st.tuples(*parts)
