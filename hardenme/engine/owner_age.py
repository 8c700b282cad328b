"""Which statements are about an owner that is there now: one made anew under the name is another.

No statement holds the owner's id, so its age decides: who was created after an answer was given is
not whom it was given about.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from hardenme.collectors.attested import Statements
from hardenme.model.practice import PROVIDER
from hardenme.model.statement import Statement, Word
from hardenme.model.subject import Subject

ABOUT_GITHUB = ("github:", f"{PROVIDER}:")


def owner_of(statement: Statement) -> str:
    """The GitHub account or organization that an answer is about, in lower case; else empty."""
    if not statement.subject.startswith(ABOUT_GITHUB):
        return ""
    return statement.subject.split(":", 1)[1].partition("/")[2].partition("/")[0].lower()


def disown(
    statements: Statements, roots: Iterable[Subject], created: Callable[[str], datetime | None]
) -> None:
    """Let no statement count that is about an earlier owner of the name, or may be.

    Args:
        statements: those on record; what does not count is said to be about another owner.
        roots: what the run looks at: of other owners nothing is asked.
        created: when an owner was created; None where that is not visible.
    """
    owners = {one.name.partition("/")[0].lower() for one in roots if one.provider == "github"}
    statements.latest |= dict(_earlier(statements, owners, created))


def _earlier(
    statements: Statements, owners: Container[str], created: Callable[[str], datetime | None]
) -> Iterator[tuple[tuple[str, str], Statement]]:
    for key, said in statements.latest.items():
        owner = owner_of(said)
        if not owner or owner not in owners or said.answer is Word.WITHDRAWN:
            continue
        at = created(owner)
        if at is None:
            whose = f"{owner}, and when the {owner} of today was created is not visible"
            yield key, replace(said, account=whose)
        elif at > said.at:
            whose = f"an earlier {owner}: the one of today was created on {at:%Y-%m-%d}"
            yield key, replace(said, account=whose)
