"""Expressions come to what GitHub documents, as far as the contexts are known."""

from __future__ import annotations

from typing import Any

import pytest

from hardenme.ground.errors import ContentError
from hardenme.workflows import values
from hardenme.workflows.evaluation import FREE, NULL, UNSEEN, Value, evaluated, of
from hardenme.workflows.expressions import exact
from hardenme.workflows.level import Level
from tests.workflows.documented import CASES


def come_to(text: str, **contexts: Value) -> Value:
    """What an expression comes to."""
    return evaluated(exact(text), lambda name: contexts.get(name, NULL))


def plain(value: Any) -> Any:
    """A value as Python has it."""
    if isinstance(value, values.ListValue):
        return [plain(item) for item in value.of]
    return value


@pytest.mark.parametrize(("text", "value"), CASES)
def test_what_the_documentation_says(text: str, value: Any) -> None:
    ((found, level),) = come_to(text).options
    assert level is Level.YES
    assert plain(found) == value
    assert type(plain(found)) is type(value) or isinstance(value, int)


@pytest.mark.parametrize(
    "text",
    [
        *("", "1 ==", "a.", "a.1", "(1", "1)", "f(,)", "f(1 2)", "'a", "a b", "1a", "-0x1", "0b1"),
        *("a = b", "a & b", "a | b", "a ? b", '"a"', "a[", "a[]", "true.x", "'a'.b", "1.2.3", "a$"),
        *("(" * 60 + "1" + ")" * 60, "!" * 60 + "1", "'" + "x" * 22_000 + "'"),
    ],
)
def test_what_is_no_expression(text: str) -> None:
    with pytest.raises(ContentError):
        exact(text)


@pytest.mark.parametrize(
    "text",
    [
        "fromJSON('')",
        "fromJSON('[')",
        "fromJSON('NaN')",
        "format('{0} {1}', 'a')",
        "format('{', 'a')",
        "format('{a}', 'a')",
        "case(1, 'a', 'b')",
        "case(true, 'a')",
        "'0b1' == 1",
        "'\u017f' == 's'",
        "format('{0}', 0.1234567891)",
        "unheard('of')",
        "contains('a')",
    ],
)
def test_what_is_not_known(text: str) -> None:
    found = come_to(text)
    assert found.level(truth=True) is not Level.NO
    assert found.level(truth=False) is not Level.NO


@pytest.mark.parametrize(
    ("text", "true", "false"),
    [
        ("a", Level.YES, Level.YES),
        ("b", Level.MAYBE, Level.MAYBE),
        ("a && b", Level.MAYBE, Level.YES),
        ("a || b", Level.YES, Level.MAYBE),
        ("b && false", Level.NO, Level.YES),
        ("a && false", Level.NO, Level.YES),
        ("b || true", Level.YES, Level.NO),
        ("!(a && false)", Level.YES, Level.NO),
        ("!a && a", Level.YES, Level.YES),
        ("a == b", Level.MAYBE, Level.MAYBE),
        ("a != 'x'", Level.YES, Level.YES),
        ("c == 'x' || c == 'y'", Level.YES, Level.YES),
        ("c == 'z'", Level.NO, Level.YES),
        ("startsWith(c, 'X')", Level.YES, Level.YES),
        ("a.b.c[d].*.e", Level.YES, Level.YES),
        ("(a && 'x' || 'y') == 'z'", Level.NO, Level.YES),
        ("fromJSON(toJSON(c)) == 'y'", Level.YES, Level.YES),
        ("format('{0}', c) == 'z'", Level.NO, Level.YES),
    ],
)
def test_what_is_known_in_part(text: str, true: Level, false: Level) -> None:
    found = come_to(text, a=FREE, b=UNSEEN, c=of("x", "y"), d=NULL)
    assert (found.level(truth=True), found.level(truth=False)) == (true, false)
