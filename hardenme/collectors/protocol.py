"""What a collector is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.price import Per, Price
from hardenme.model.depth import Depth
from hardenme.model.fact import Answer, Fact
from hardenme.model.subject import Subject

Read = Callable[[Any, Subject, FactStore], Iterable[Answer[Any]]]
"""From a provider's client, a subject and what is known so far, to answers."""


@dataclass(frozen=True, slots=True)
class Collector:
    """One kind of request: which facts it gives, and of what it is asked.

    Attributes:
        name: for messages, like `github ssh keys`.
        gives: the facts that its answers are of; the first one says who is asked.
        read: asks; it yields one answer for each of `gives`, known or not.
        roots: kinds of subject, like `github:user`, that it is asked of as targets; where neither
            these nor `of` are given, those of its first fact.
        of: facts whose subjects it is asked of; where neither these nor `roots` are given, those
            that its first fact says it is asked of.
        discovers: whether its facts' subjects are asked on in turn.
        deeper: the depth from which it is asked, if that is not the depth of its first fact. A
            batch query may give a fact for some subjects, and a collector of a greater depth
            requests the others one at a time.
        loads: the modules that `read` imports only where it needs them. They are loaded before a
            worker runs it: a module that several threads load at once may be used half made.
        priced: what it sends, if that is not one request for each subject; nothing at all if it
            uses what others requested.
    """

    name: str
    gives: tuple[type[Fact], ...]
    read: Read
    roots: tuple[str, ...] = ()
    of: tuple[type[Fact], ...] = ()
    discovers: bool = False
    deeper: Depth | None = None
    loads: Callable[[Subject, FactStore], tuple[str, ...]] = lambda _subject, _store: ()
    priced: tuple[Price, ...] | None = None

    def __post_init__(self) -> None:
        first = self.gives[0]
        if not (self.roots or self.of):
            above = first.found_by or ((first.listed_by,) if first.listed_by else ())
            object.__setattr__(self, "roots", first.roots)
            object.__setattr__(self, "of", () if first.roots else above)

    @property
    def provider(self) -> str:
        """Whose client it uses: `github`, `npm`, `mail`, `local`, `attested`."""
        return self.gives[0].asked_at

    @property
    def depth(self) -> Depth:
        """The depth from which it is asked."""
        return self.gives[0].depth if self.deeper is None else self.deeper

    @property
    def prices(self) -> tuple[Price, ...]:
        """What it sends."""
        if self.priced is not None:
            return self.priced
        if self.roots:
            return (Price(),)
        each = any("github:repo" in kind.roots for kind in self.of)
        return (Price(Per.REPOSITORY if each else Per.ITEM),)
