"""A fact: what one permitted request shows about one subject.

A field that the answer did not hold is not `None` and not `False`: it is an `Unknown`, and reading
it raises `NotKnownError`. So a check that needs the field cannot go on without it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar, Generic, Self, TypeVar
from urllib.parse import quote

from hardenme.model.depth import Depth
from hardenme.model.evidence import Atom
from hardenme.model.known import Known
from hardenme.model.permission import NOTHING, Requirement
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Unknown

RAW = "raw"
NULLABLE = "nullable"
READ = "read"
OPTIONAL = "optional"
PATHS = "paths"
NAME = re.compile(r"\{(\w+)\}")
"""A name in the path of an endpoint."""
GRAPH = "graph"
GIVEN = "given"
EACH = "*"
"""In the path of a key: each object of a list. By itself the whole answer: a list, or an object
whose keys are names."""
ALL = "**"
"""The end of a path that means the whole object, as it is passed to a library."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a field is read from an answer.

    Attributes:
        path: the names of the objects on the way and of the key.
        by: from the value to the field; what it raises, `key` says. None if the field's type says
            all.
        beside: `by` takes the object that holds the key, since its other keys count too.
        nullable: whether null is a documented value; the field is None then.
    """

    path: tuple[str, ...]
    by: Callable[[Any], Any] | None = None
    beside: bool = False
    nullable: bool = False


def graphql(
    path: str, *, nullable: bool = False, by: Callable[[Any], Any] | None = None
) -> Reading:
    """How a field is read from the other source of its fact, a GraphQL answer; as `key` says it."""
    return Reading(tuple(path.split("/")), by, nullable=nullable)


def given(by: str) -> Any:
    """Declare a field that no answer holds, because the caller knows its value.

    Args:
        by: where its value comes from, such as the requested time or another fact.
    """
    return field(metadata={RAW: (), NULLABLE: False, GIVEN: by})


def key(  # noqa: PLR0913 (what a declaration is made of, by name)
    *raw: str,
    nullable: bool = False,
    by: Callable[[Any], Any] | None = None,
    beside: bool = False,
    hand: bool = False,
    optional: tuple[str, ...] = (),
    graph: Reading | None = None,
) -> Any:
    """Declare a fact's field.

    Args:
        raw: the key of the answer that it is read from. `config/url` is a key of an object within,
            `nodes/*/name` a key of each object of a list. Of several keys, `by` takes the first, or
            with `beside` the object that holds them, and the others count with it. Without `by` a
            collector makes the field from them. Without any key, the field is derived and read from
            no answer.
        nullable: whether null is a documented value of that key; it is None then.
        by: makes the field from the value. It raises ValueError, TypeError or KeyError for a value
            that it does not know, and `ContentError` to name another key. Without it the field's
            type decides: a text, a number, a time, a word of a `Literal`, or dataclasses of
            declared fields.
        beside: `by` takes the object that holds the key, since its other keys count too. It raises
            KeyError with the name of a missing key.
        hand: a collector makes the field.
        optional: further keys that count, and that the provider leaves out where there is nothing
            to say.
        graph: how it is read from GraphQL's answer, where the fact has that source too.

    Raises:
        TypeError: `beside` without `by`.
    """
    if beside and by is None:
        raise TypeError("what is next to a key counts for `by` alone")
    reading = None
    if raw and not hand and (len(raw) == 1 or by is not None):
        reading = Reading(tuple(raw[0].split("/")), by, beside, nullable)
    names = _parts(*raw, *(["/".join(graph.path)] if graph else ()))
    sources = {READ: reading} if graph is None else {READ: reading, GRAPH: graph}
    return field(
        metadata={
            RAW: tuple(dict.fromkeys(names)),
            OPTIONAL: _parts(*optional),
            PATHS: (*raw, *optional),
            NULLABLE: nullable,
            **sources,
        }
    )


def _parts(*paths: str) -> tuple[str, ...]:
    """The names in paths of keys; the star of a whole answer is one."""
    split = ((path, part) for path in paths for part in path.split("/"))
    return tuple(part for path, part in split if part not in {EACH, ALL} or path == EACH)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What is asked for the facts of a type, as the provider documents it.

    Attributes:
        path: with names in braces, as the documentation has them: `{org}`, `{owner}/{repo}`.
        kind: the kind of subject that an object of the list is; empty if the answer is one object,
            which is about the scope itself.
        identity: the key that identifies an object.
        named: the subject's name, with the `{scope}` and that `{identity}`.
        label: the fields that are the object's own name, or keys that no check reads; the first
            one that holds a text counts.
        counted: the list comes with its `total_count`.
    """

    path: str
    kind: str = ""
    identity: str = "id"
    named: str = "{identity}"
    label: tuple[str, ...] = ()
    counted: bool = False

    @property
    def source(self) -> str:
        """In the words of the provider's documentation."""
        return f"GET {self.path}"

    @property
    def gates(self) -> tuple[str, ...]:
        """Keys of the answer that hold no field, and by which it counts."""
        return ()

    def asking(self, query: str) -> Self:
        """The same endpoint, with these parameters of the query."""
        joined = "&" if "?" in self.path else "?"
        return replace(self, path=f"{self.path}{joined}{query}")

    def at(self, scope: str = "", **names: object) -> str:
        """The path itself, encoded.

        Args:
            scope: the name of an organization, or of a repository with its owner; empty for an
                endpoint that names neither.
            names: what else the path names.

        Raises:
            KeyError: the path names something that is not given.
        """
        owner, _, repo = scope.partition("/")
        told: dict[str, object] = {"org": scope, "owner": owner, "repo": repo, **names}
        return NAME.sub(lambda found: quote(str(told[found[1]]), safe=""), self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Known):
    """The base of all facts.

    Attributes:
        subject: what it is about.
        within: the account, organization, repository or package that the subject belongs to;
            the subject itself at the top.
        label: the subject's own name, as the provider has it. It is untrusted text.

    Class attributes:
        asked_at: who is asked for it: `github`, `npm`, `mail`, `local`, `attested`.
        requirement: what a token must hold to read it.
        guarded_keys: keys of the answer that only who may change things is shown, with what a
            token must hold for it. hardenme never asks for that.
        judged_by_role: whether what an answer means hangs on the account's role. A GitHub App's
            installation has none, so that some answers to it do not count.
        endpoint: what it is read from, a list or one object; without a path where a collector says
            it by hand.
        gates: keys of the answer that hold no field but decide whether it counts. They show whether
            the token's holder sees it, where its objects are, or whether the list is complete.
        source: the endpoint, in the words of the provider's documentation; all of them where there
            are several.
        roots: the kinds of subject, like `github:org`, of which it is asked as of targets.
        listed_by: the fact whose subjects this one is asked of; None if it is a target itself.
        found_by: the facts that name what it is asked of, where none lists that.
        opt_in: the command-line option without which it is not collected; empty for none.
        noun: what an entry of the list is called, for "there is no …".
        depth: the depth from which it can be known; a run that does not go there leaves it out.
        joins: the field that names a GitHub repository as `owner/name`, or holds an empty text for
            none. What is known about that repository is then available for the subject of the fact,
            and for subjects within it.
        everywhere: `Every` of it means all that the run knows, not those of one scope.
    """

    asked_at: ClassVar[str] = ""
    requirement: ClassVar[Requirement] = NOTHING
    guarded_keys: ClassVar[Mapping[str, Requirement]] = {}
    judged_by_role: ClassVar[bool] = False
    endpoint: ClassVar[Endpoint] = Endpoint("")
    gates: ClassVar[tuple[str, ...]] = ()
    source: ClassVar[str] = ""
    roots: ClassVar[tuple[str, ...]] = ()
    listed_by: ClassVar[type[Fact] | None] = None
    found_by: ClassVar[tuple[type[Fact], ...]] = ()
    opt_in: ClassVar[str] = ""
    noun: ClassVar[str] = ""
    depth: ClassVar[Depth] = Depth.FAST
    joins: ClassVar[str] = ""
    everywhere: ClassVar[bool] = False

    subject: Subject
    within: Subject
    label: str = ""

    @classmethod
    def __init_subclass__(cls) -> None:
        own = cls.__dict__.get("endpoint")
        if own is not None and "source" not in cls.__dict__:
            cls.source = own.source
        if own is not None and "gates" not in cls.__dict__:
            cls.gates = own.gates


def fact_name(kind: type[Fact]) -> str:
    """A type of fact by its module and name, like `github.account.SshKey`."""
    return f"{kind.__module__.removeprefix('hardenme.facts.')}.{kind.__name__}"


F = TypeVar("F", bound=Fact)
F_co = TypeVar("F_co", bound=Fact, covariant=True)


@dataclass(frozen=True, slots=True)
class Attestation:
    """A dated statement by a person, used in place of an answer.

    Attributes:
        by: who stated it.
        at: when.
        until: when it stops counting.
    """

    by: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Answer(Generic[F_co]):
    """What was learned about one type of fact within one scope.

    Attributes:
        kind: the type of fact that was asked for.
        scope: the subject that was asked.
        facts: what is known; one for each item of a list.
        evidence: the answers that it was read from.
        missing: why it is incomplete; None means that `facts` is all there is.
        attested: set where a person's statement replaces the provider's answer.
    """

    kind: type[F_co]
    scope: Subject
    facts: tuple[F_co, ...] = ()
    evidence: tuple[Atom, ...] = ()
    missing: Unknown | None = None
    attested: Attestation | None = None

    def __post_init__(self) -> None:
        if self.facts and not (self.evidence or self.attested):
            raise ValueError(f"facts of {self.kind.__name__} without evidence")
        if self.missing is None and not (self.evidence or self.attested):
            raise ValueError(f"a whole answer for {self.kind.__name__} without evidence")


@dataclass(frozen=True, slots=True)
class Every(Sequence[F_co]):
    """All facts of a type within a scope, as a check's parameter.

    Iterating yields what is known, and raises `NotKnownError` at the end where the list is
    incomplete. So one witness can fail a check early, but only a complete list lets it pass.
    """

    facts: tuple[F_co, ...]
    missing: Unknown | None = None

    def __iter__(self) -> Iterator[F_co]:
        yield from self.facts
        self._whole()

    def __len__(self) -> int:
        self._whole()
        return len(self.facts)

    def __getitem__(self, index: Any) -> Any:
        self._whole()
        return self.facts[index]

    def _whole(self) -> None:
        if self.missing is not None:
            raise NotKnownError(self.missing)
