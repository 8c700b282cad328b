"""A fact: what one permitted request tells of one subject.

A field that the answer did not hold is not `None` and not `False`: it is an `Unknown`, and reading
it raises `NotKnownError`. So a check that needs the field cannot go on without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from hardenme.model.depth import Depth
from hardenme.model.evidence import Atom
from hardenme.model.known import Known
from hardenme.model.permission import NOTHING, Requirement
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Unknown

RAW = "raw"
NULLABLE = "nullable"


def key(*raw: str, nullable: bool = False) -> Any:
    """Declare a fact's field.

    Args:
        raw: the keys of the answer that it is read from (its own name where left out).
        nullable: whether null is a documented value of that key.
    """
    return field(metadata={RAW: raw, NULLABLE: nullable})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Known):
    """The base of all facts.

    Attributes:
        subject: what it tells of.
        within: the account, organization, repository or package that the subject belongs to;
            the subject itself at the top.
        label: the subject's own name, as the provider has it. It is untrusted text.

    Class attributes:
        requirement: what a token must hold to read it.
        guarded_keys: keys of the answer that only who may change things is shown, with what a
            token must hold for it. hardenme never asks for that.
        judged_by_role: whether what an answer means hangs on the account's role. A GitHub App's
            installation has none, so that some answers to it do not count.
        source: the endpoint, in the words of the provider's documentation.
        listed_by: the fact whose subjects this one is asked of; None where it is a target itself.
        opt_in: the command-line option without which it is not collected; empty for none.
        noun: what one of a list is called, for "there is no …".
        depth: the depth from which it can be known; a run that does not go there leaves it out.
        joins: the field that names a GitHub repository as `owner/name`, empty text for none: what
            is known of that repository is then at hand for the fact's subject, and for what lies
            within it.
        everywhere: `Every` of it means all that the run knows, not those of one scope.
    """

    requirement: ClassVar[Requirement] = NOTHING
    guarded_keys: ClassVar[Mapping[str, Requirement]] = {}
    judged_by_role: ClassVar[bool] = False
    source: ClassVar[str] = ""
    listed_by: ClassVar[type[Fact] | None] = None
    opt_in: ClassVar[str] = ""
    noun: ClassVar[str] = ""
    depth: ClassVar[Depth] = Depth.FAST
    joins: ClassVar[str] = ""
    everywhere: ClassVar[bool] = False

    subject: Subject
    within: Subject
    label: str = ""


def fact_name(kind: type[Fact]) -> str:
    """A type of fact by its module and name, like `github.account.SshKey`."""
    return f"{kind.__module__.removeprefix('hardenme.facts.')}.{kind.__name__}"


F = TypeVar("F", bound=Fact)
F_co = TypeVar("F_co", bound=Fact, covariant=True)


@dataclass(frozen=True, slots=True)
class Attestation:
    """A dated statement of a person that stands in for an answer.

    Attributes:
        by: who said it.
        at: when.
        until: when it stops counting.
    """

    by: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Answer(Generic[F_co]):
    """What was learnt of one type of fact within one scope.

    Attributes:
        kind: the type of fact that was asked for.
        scope: the subject that was asked.
        facts: what is known; one for each item of a list.
        evidence: the answers that it was read from.
        missing: why it is not whole; None means that `facts` is all there is.
        attested: set where a person's statement stands in for the provider's answer.
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

    Iterating gives what is known first and raises `NotKnownError` at the end where the list is not
    whole: one witness may fail a check early, but only a whole list lets it pass.
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
