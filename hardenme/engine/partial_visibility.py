"""What a run could not see as a whole, in sentences for the report."""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.collectors.fact_store import FactStore
from hardenme.facts.github.organization import OrganizationVisibility


def partial_visibility(store: FactStore) -> Iterator[tuple[str, str]]:
    """The organizations that may have repositories which the token does not show, each with why."""
    for answer in store.answers(OrganizationVisibility):
        name = answer.scope.name
        unread = [fact.unknown_fields() for fact in answer.facts]
        whys = [fields["whole"] for fields in unread if "whole" in fields]
        if answer.missing is not None and answer.scope.kind == "org":
            whys.append(answer.missing)
        for why in whys:
            seen = f" ({why.seen})" if why.seen else ""
            text = f"may have repositories that were not seen{seen}; it takes {why.needed}"
            yield name, text
