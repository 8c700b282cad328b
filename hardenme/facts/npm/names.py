"""Names that a registry returns, and answers that map names to words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hardenme.ground.errors import ContentError
from hardenme.model.values import listed

LONGEST = 214
"""Characters of a name, by npm's own rule."""
ODD = "a name"
"""The placeholder for a name that cannot be part of a request."""


def addressable(name: object) -> bool:
    """Whether a name can be one part of a path.

    One that climbs up the path would lead to another question; npm gives none like that.
    """
    if not isinstance(name, str) or name in {"", ".", ".."} or len(name) > LONGEST:
        return False
    # Half a surrogate pair is not a character: no address accepts it.
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def scope_of(package: str) -> str:
    """The scope of a package, without the `@`; empty for none that can be asked about."""
    scope, slash, _ = package.partition("/")
    name = scope.removeprefix("@")
    return name if slash and scope.startswith("@") and addressable(name) else ""


def names(said: Any) -> tuple[str, ...]:
    """The names of a list, sorted.

    Raises:
        TypeError: it is none.
        ContentError: one of them is none.
    """
    if not all(map(addressable, listed(said))):
        raise ContentError(ODD)
    return tuple(sorted(set(said)))


def with_words(
    words: tuple[str, ...], known: tuple[str, ...], needed: tuple[str, ...] = ()
) -> Callable[[Mapping[str, Any]], tuple[str, ...]]:
    """The sorted names that an object maps to one of some words.

    A word that is not known leaves all of them unknown: it may well be one of these.

    Args:
        words: those that are looked for.
        known: all that there are.
        needed: words of which every complete answer has at least one; the first is named where none
            is there.

    Raises:
        KeyError: none of the needed words is there.
        ContentError: a name, or the word for it, is not understood.
    """

    def found(said: Mapping[str, Any]) -> tuple[str, ...]:
        told = dict(said.items())
        for name, word in told.items():
            if not addressable(name):
                raise ContentError(ODD)
            if not isinstance(word, str) or word not in known:
                raise ContentError(name)
        if needed and set(needed).isdisjoint(told.values()):
            raise KeyError(needed[0])
        return tuple(sorted(name for name, word in told.items() if word in words))

    return found
