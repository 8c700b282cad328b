"""A test of each of many things that counts as one test.

A case of its own for every module, check and fact takes longer to hand out to the workers than to
run. What failed is named all the same, with its own traceback.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def each(
    items: Iterable[T], name: Callable[[T], str] = str
) -> Callable[[Callable[[T], None]], Callable[[], None]]:
    """Make a test that tries all of the items before it fails.

    Args:
        items: what is tried; there has to be one.
        name: what an item is called in a failure.
    """
    every = list(items)
    assert every, "a test of nothing"

    def decorate(test: Callable[[T], None]) -> Callable[[], None]:
        def test_each() -> None:
            failures = []
            for item in every:
                try:
                    test(item)
                except AssertionError as error:
                    error.add_note(name(item))
                    failures.append(error)
            if failures:
                told = f"{len(failures)} of {len(every)} in {test.__name__}"
                raise ExceptionGroup(told, failures)

        # Not with functools.wraps: pytest would take the item for a fixture.
        test_each.__name__ = test.__name__
        test_each.__doc__ = test.__doc__
        return test_each

    return decorate
