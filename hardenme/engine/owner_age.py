"""Which statements are about an owner that is there now: one made anew under the name is another.

GitHub's id of the owner decides where a statement holds it: an older organization that took over
the name has another one. Where it does not, age does: who was created after an answer was given is
not whom it was given about.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import replace

from hardenme.collectors.attested import Statements
from hardenme.engine.identity import GitHubOwner
from hardenme.model.statement import Statement, Word, github_owner_of
from hardenme.model.subject import Subject


def disown(
    statements: Statements, roots: Iterable[Subject], seen: Callable[[str], GitHubOwner]
) -> None:
    """Let no statement count that is about an earlier owner of the name, or may be.

    Args:
        statements: those on record; one that does not count is reported as being about another
            owner.
        roots: what the run looks at: of other owners nothing is asked.
        seen: the current visible data of an owner.
    """
    owners = {one.name.partition("/")[0].lower() for one in roots if one.provider == "github"}
    statements.latest |= dict(_earlier(statements, owners, seen))


def _earlier(
    statements: Statements, owners: Container[str], seen: Callable[[str], GitHubOwner]
) -> Iterator[tuple[tuple[str, str], Statement]]:
    for key, said in statements.latest.items():
        owner = github_owner_of(said.subject)
        if not owner or owner not in owners or said.answer is Word.WITHDRAWN:
            continue
        there = seen(owner)
        at = there.created
        if said.owner and there.number:
            if said.owner != there.number:
                whose = f"another {owner}: its id was {said.owner}, and is {there.number} now"
                yield key, replace(said, account=whose)
        elif at is None:
            whose = f"{owner}, and when the {owner} of today was created is not visible"
            yield key, replace(said, account=whose)
        elif at > said.at:
            whose = f"an earlier {owner}: the one of today was created on {at:%Y-%m-%d}"
            yield key, replace(said, account=whose)
