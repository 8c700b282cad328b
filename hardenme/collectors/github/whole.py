"""How many of an organization's repositories a token shows.

A listing counts what the token sees, and nothing in it shows that there is more. The organization
itself says how many there are, to its owners.
"""

from __future__ import annotations

from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.github.asking import fetch, place
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.refusal import wanted
from hardenme.facts.github import endpoints
from hardenme.facts.github.organization import OWNERS_VIEW, OrganizationVisibility
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.maybe import first_unknown
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

COUNTS = ("public_repos", "owned_private_repos")


def shown(
    github: GitHub, scope: Subject, visible: int | None, missing: Unknown | None
) -> Answer[OrganizationVisibility]:
    """GET /orgs/{org}, compared with a listing.

    Args:
        github: who asks.
        scope: the organization.
        visible: how many repositories the listing counts; None if it did not come.
        missing: why the listing is incomplete; None if it is.
    """
    found = fetch(github, endpoints.ORGANIZATION.at(scope.name), OWNERS_VIEW)
    if isinstance(found, Unknown):
        return nothing(OrganizationVisibility, scope, found)
    response, item = found
    evidence = (response.atom,)
    if visible is None:
        why = missing or Unknown(Reason.INCOMPLETE, "a list of every repository", "", evidence)
        return nothing(OrganizationVisibility, scope, why)
    hidden = next((name for name in COUNTS if not item.has_value(name)), None)
    counts: list[Any] = [item.number(name) for name in COUNTS]
    whole: Any = first_unknown(counts)
    if hidden is not None:
        needed, seen = wanted(OWNERS_VIEW, github.kind), f"`{hidden}` is not shown"
        whole = Unknown(Reason.NOT_PERMITTED, needed, seen, evidence)
    elif whole is None:
        whole = missing or _all(scope, visible, sum(counts), evidence)
    fact = OrganizationVisibility(
        **place(github, scope),
        visible=visible,
        whole=whole,
    )
    return Answer(OrganizationVisibility, scope, (fact,), evidence)


def _all(scope: Subject, visible: int, owned: int, evidence: tuple[Atom, ...]) -> Any:
    if visible >= owned:
        return True
    return Unknown(
        Reason.NOT_VISIBLE,
        f"a token that can see all {owned} repositories of {scope.name}",
        f"the token shows {visible} of {owned}",
        evidence,
    )


def short(sight: Answer[OrganizationVisibility]) -> Unknown | None:
    """Why a listing is known to lack repositories; None if it is not."""
    for fact in sight.facts:
        why = fact.unknown_fields().get("whole")
        if why is not None and why.reason is Reason.NOT_VISIBLE:
            return why
    return None
