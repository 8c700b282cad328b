"""Which rights each check takes: computed from its facts, and written down nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hardenme.engine.plan import indispensable, sources
from hardenme.model.check import Check
from hardenme.model.depth import Depth
from hardenme.model.fact import Fact
from hardenme.model.least import all_covered
from hardenme.model.permission import Permission, Requirement, Scheme
from hardenme.rights.least import Costing, least, permissions_cost, scopes_cost
from hardenme.rights.least import Rights as Names


@dataclass(frozen=True, slots=True)
class Rights:
    """What a check takes of GitHub.

    Attributes:
        depth: the depth from which it runs.
        fine_grained: permissions of a fine-grained token or a GitHub App; None if no such token
            reads what the check needs.
        classic: scopes of a classic token; None if no such token does.
        roles: what the account must be.
        more: fine-grained permissions with which it can say more, and without which it still
            answers.
        more_classic: the same of scopes.
    """

    check: Check
    depth: Depth
    fine_grained: frozenset[str] | None
    classic: frozenset[str] | None
    roles: frozenset[str]
    more: frozenset[str]
    more_classic: frozenset[str]


def rights(check: Check) -> Rights:
    """The rights of a check of GitHub."""
    parameters = [item for item in check.parameters if not item.given]
    needed = indispensable(item.kind for item in parameters if not item.optional)
    everything = sources(check.facts)
    must, every = _requirements(needed & everything), _requirements(everything)
    fine = _least(must, Scheme.FINE_GRAINED, permissions_cost)
    more = least(_options(every, Scheme.FINE_GRAINED), permissions_cost)
    classic = _least(must, Scheme.CLASSIC, scopes_cost)
    further = least(_options(every, Scheme.CLASSIC), scopes_cost)
    held = (fine or frozenset()) | (classic or frozenset())
    return Rights(
        check=check,
        depth=max((kind.depth for kind in needed), default=Depth.FAST),
        fine_grained=fine,
        classic=classic,
        roles=frozenset(_roles(must, held)),
        more=frozenset() if fine is None else more - all_covered(fine),
        more_classic=frozenset() if classic is None else further - all_covered(classic),
    )


def _requirements(kinds: Iterable[type[Fact]]) -> list[Requirement]:
    return [kind.requirement for kind in kinds if kind.requirement.alternatives]


def _options(requirements: Iterable[Requirement], scheme: Scheme) -> list[list[Names]]:
    """The alternatives of each that are spelled in a scheme, without roles."""
    return [
        [_names(alternative, scheme) for alternative in requirement.within(scheme).alternatives]
        for requirement in requirements
    ]


def _least(requirements: Iterable[Requirement], scheme: Scheme, cost: Costing) -> Names | None:
    """The smallest rights that meet all of them; None if one has no alternative."""
    options = _options(requirements, scheme)
    return least(options, cost) if all(options) else None


def _roles(requirements: Iterable[Requirement], held: Names) -> Iterator[str]:
    have = all_covered(held)
    for requirement in requirements:
        for alternative in requirement.alternatives:
            roles = _names(alternative, Scheme.ROLE)
            if {item.name for item in alternative} - roles <= have:
                yield from roles


def _names(permissions: Iterable[Permission], scheme: Scheme) -> Names:
    return frozenset(item.name for item in permissions if item.scheme is scheme)


def page(checks: Iterable[Check]) -> str:
    """The table of `docs/permissions.md`, in Markdown."""
    lines = [
        "| check | | from depth | fine-grained token | classic token | the account must be |",
        "|---|---|---|---|---|---|",
    ]
    for check in checks:
        row = rights(check)
        fine = "no such token reads it" if row.fine_grained is None else _cell(row.fine_grained)
        if row.more:
            fine += f"; more with {_cell(row.more)}"
        classic = "no such token reads it" if row.classic is None else _cell(row.classic)
        if row.more_classic:
            classic += f"; more with {_cell(row.more_classic)}"
        lines.append(
            f"| {check.code} | {check.slug} | {row.depth} | {fine} | {classic} |"
            f" {', '.join(sorted(row.roles)) or 'anyone who can see it'} |"
        )
    return "\n".join(lines) + "\n"


def _cell(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "any"
