"""A check: one pure function from facts to a verdict, with its documentation."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from types import UnionType
from typing import Any, get_args, get_origin

from hardenme.model.fact import Every, Fact
from hardenme.model.given import Given
from hardenme.model.known import Known
from hardenme.model.passages import paragraphs
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Verdict

SECTIONS = ("look", "why", "fix", "limits")
CODE = re.compile(r"[A-Z]{3}\d{3}")
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
TITLE = re.compile(r"[^\s.]|\S[^\n\r]{0,58}[^\s.]")
"""A problem in one line: 60 characters at most, and no full stop."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that a function needs.

    Attributes:
        name: the parameter's name.
        kind: a type of fact, or of what the engine gives.
        every: the function takes all facts of the type.
        optional: the function can still answer where the fact is unknown.
    """

    name: str
    kind: type[Any]
    every: bool = False
    optional: bool = False

    @property
    def given(self) -> bool:
        """Whether the engine itself provides it."""
        return issubclass(self.kind, Given)


class SharedNeeds(Known):
    """The base of dataclasses of what several derivations need; any part may be unknown.

    A derivation that has one as a parameter needs what its fields name, and takes it as one.
    """

    __slots__ = ()


def parameters_of(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    """What a function needs, from its annotations; what it takes as `SharedNeeds`, part by part.

    Raises:
        TypeError: a parameter is neither a fact nor given by the engine.
    """
    hints = typing.get_type_hints(function)
    names = inspect.signature(function).parameters
    return tuple(part for name in names for part in _parts(name, hints[name]))


def together(function: Callable[..., Any]) -> dict[str, type[SharedNeeds]]:
    """The parameters that a function takes as `SharedNeeds`."""
    hints = typing.get_type_hints(function)
    names = inspect.signature(function).parameters
    return {name: hints[name] for name in names if _is_needs(hints[name])}


def _is_needs(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, SharedNeeds)


def _parts(name: str, hint: Any) -> Iterator[Parameter]:
    """A parameter, or each of the fields that name facts, which may be unknown, and givens."""
    if not _is_needs(hint):
        yield _parameter(name, hint)
        return
    for part, within in typing.get_type_hints(hint).items():
        found = _parameter(part, within)
        yield replace(found, optional=not found.given)


def _parameter(name: str, hint: Any) -> Parameter:
    optional = False
    if get_origin(hint) in {UnionType, typing.Union}:
        rest = [item for item in get_args(hint) if item is not Unknown]
        optional = len(rest) < len(get_args(hint))
        hint = rest[0] if len(rest) == 1 else hint
    every = get_origin(hint) is Every
    if every:
        (hint,) = get_args(hint)
    if not (isinstance(hint, type) and issubclass(hint, Fact | Given)):
        raise TypeError(f"parameter {name!r} is neither a fact nor given by the engine: {hint!r}")
    return Parameter(name, hint, every=every, optional=optional)


@dataclass(frozen=True)
class Check:
    """A check of the catalogue; call it as the function that it is.

    Attributes:
        code: stable, like `GHO101`; never reused.
        slug: stable, like `org-two-factor-required`.
        title: the problem where it fails, like `Organization does not require 2FA`.
        severity: what a failure weighs, where the verdict does not say otherwise.
        since: the version that brought it.
        profiles: the profiles that it belongs to; empty for all.
        asks: its verdict may be a question for a person.
        function: from facts to a verdict.
    """

    code: str
    slug: str
    title: str
    severity: Severity
    since: str
    function: Callable[..., Verdict | Unknown]
    profiles: frozenset[str] = frozenset()
    asks: bool = False

    def __call__(self, *args: Any, **kwargs: Any) -> Verdict | Unknown:
        """Judge the facts."""
        return self.function(*args, **kwargs)

    @property
    def family(self) -> str:
        """The letters of the code, like `GHO`."""
        return self.code[:3]

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """What it needs; the first is the fact whose subjects it judges.

        Raises:
            TypeError: it takes several needs as one, as only derivations do.
        """
        if together(self.function):
            raise TypeError(f"{self.code} takes each fact as a parameter of its own")
        return parameters_of(self.function)

    @property
    def subject_fact(self) -> type[Fact]:
        """The fact whose subjects it judges."""
        kind: type[Fact] = self.parameters[0].kind
        return kind

    @property
    def facts(self) -> tuple[type[Fact], ...]:
        """The facts that it needs, derived ones included."""
        return tuple(item.kind for item in self.parameters if not item.given)

    @property
    def may_ask(self) -> bool:
        """Whether a person may have to answer a question for it.

        It asks one itself, or a fact that it needs names it as the check that does.
        """
        asked_by = (getattr(item.kind, "asked_by", "") for item in self.parameters)
        return self.asks or self.code in asked_by

    @cached_property
    def texts(self) -> dict[str, str]:
        """The documentation: `summary`, `look`, `why`, `fix`, `limits`.

        A line is a whole paragraph or a whole item of a list, however the source is wrapped.
        """
        return _sections(inspect.getdoc(self.function) or "")

    @property
    def summary(self) -> str:
        """What holds where the check passes, in one sentence."""
        return self.texts["summary"]


def _sections(doc: str) -> dict[str, str]:
    head, *rest = re.split(r"^## +", doc, flags=re.MULTILINE)
    texts = dict.fromkeys(("summary", *SECTIONS), "")
    texts["summary"] = " ".join(head.split())
    for part in rest:
        title, _, body = part.partition("\n")
        texts[title.strip().lower()] = "\n\n".join("\n".join(lines) for lines in paragraphs(body))
    return texts


def check(  # noqa: PLR0913 (all that a check declares)
    code: str,
    slug: str,
    *,
    title: str,
    severity: Severity,
    since: str,
    profiles: tuple[str, ...] = (),
    asks: bool = False,
) -> Callable[[Callable[..., Verdict | Unknown]], Check]:
    """Make a check of a function.

    The annotations of the function are its needs, and the first one is what it judges. The
    docstring is its page: a summary, then the sections `## Why`, `## Fix` and, where there are any,
    `## Limits`. A question for a person has `## Look` before these. A check that may return
    `Manual` declares it by `asks`.

    Raises:
        ValueError: the code, the slug or the title is not of the form that all have.
    """
    if not CODE.fullmatch(code) or not SLUG.fullmatch(slug):
        raise ValueError(f"{code} {slug}: a code is like ABC123, a slug like some-thing-held")
    if not TITLE.fullmatch(title):
        raise ValueError(f"{code}: a title is one line of 1 to 60 characters without full stop")

    def wrap(function: Callable[..., Verdict | Unknown]) -> Check:
        return Check(code, slug, title, severity, since, function, frozenset(profiles), asks)

    return wrap
