"""Facts as JSON, and back.

What a later version cannot read becomes unknown: a field that the file lacks, and one whose value
no longer has the field's type. So a fact is never made up, and never dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hardenme.codec.layout import REPEATED, Layout
from hardenme.codec.shape import demand
from hardenme.codec.typed import Codec
from hardenme.ground.errors import ContentError
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer, Fact, fact_name
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

NAMED = frozenset({"subject", "within", "label"})
"""The fields that say what a fact is about: without them there is none."""
AGAIN = "a check that reads it again"
ANSWER = Layout(("scope", "evidence", "missing", "attested"), given=("kind", "facts"))


class FactForm(Codec):
    """The form of a file of facts.

    Args:
        writer: the version of hardenme that wrote it, to be named where a field is not read.
    """

    def __init__(self, writer: str = "") -> None:
        # A type of fact may have lost a field since.
        records = {Answer: ANSWER, Subject: REPEATED, Atom: REPEATED}
        super().__init__(rows=(Unknown,), records=records, closed=False)
        self._writer = writer

    def lost(self, kind: type, name: str, error: ContentError) -> Any:
        """A field of a fact that cannot be read is unknown.

        Raises:
            ContentError: it is anything else.
        """
        if not issubclass(kind, Fact) or name in NAMED:
            raise error
        field, who = f"`{name}` of {kind.__name__}", f"hardenme {self._writer}"
        if error.missing and error.path == (name,):
            return Unknown(Reason.NOT_ASKED, AGAIN, f"{who} did not read {field}")
        return Unknown(Reason.MALFORMED, AGAIN, f"{field} as {who} wrote it: {error.why}")

    def answer(self, answer: Answer[Any]) -> dict[str, Any]:
        """An answer with its facts, as plain values of JSON."""
        facts = [self.write(fact, answer.kind) for fact in answer.facts]
        return {"kind": fact_name(answer.kind), **self.write(answer, Answer), "facts": facts}

    def as_answer(
        self, raw: Any, kind_of: Callable[[str], type[Fact] | None]
    ) -> Answer[Any] | None:
        """An answer as `answer` wrote it; None if its type of fact is not known.

        Args:
            raw: plain values of JSON.
            kind_of: finds the type of fact of a name.

        Raises:
            ContentError: it is none.
        """
        told = demand(dict, raw)
        kind = kind_of(self.read(str, told.get("kind")))
        if kind is None:
            return None
        facts = tuple(map(self.shape(kind).read, demand(list, told.get("facts"))))
        try:
            return Answer(kind=kind, facts=facts, **self.members(Answer, told))
        except ContentError:
            raise
        except ValueError as error:
            raise ContentError(f"cannot be: {error}") from None
