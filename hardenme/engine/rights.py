"""Which rights each check takes: computed from its facts, and written down nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hardenme.engine.plan import indispensable, sources
from hardenme.model.check import Check
from hardenme.model.depth import Depth
from hardenme.model.fact import Fact
from hardenme.model.permission import Permission, Requirement, Scheme, expand_scopes, least_scopes


@dataclass(frozen=True, slots=True)
class Rights:
    """What a check takes of GitHub.

    Attributes:
        check: the check.
        depth: the depth from which it runs.
        fine_grained: permissions of a fine-grained token or a GitHub App; None where no such token
            reads what the check needs.
        classic: scopes of a classic token; None where no such token does.
        roles: what the account must be.
        more: fine-grained permissions with which it can tell more, and without which it still
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
    must = _requirements(needed & everything)
    fine = _least(must, Scheme.FINE_GRAINED)
    more = _least(_requirements(everything - needed), Scheme.FINE_GRAINED) or frozenset()
    classic = _least(must, Scheme.CLASSIC)
    scopes = least_scopes(must)
    further = least_scopes(_requirements(everything)) - expand_scopes(scopes)
    chosen = (fine or frozenset()) | (classic or frozenset())
    return Rights(
        check=check,
        depth=max((kind.depth for kind in needed), default=Depth.FAST),
        fine_grained=None if fine is None else _names(fine, Scheme.FINE_GRAINED),
        classic=None if classic is None else scopes,
        roles=_names(chosen, Scheme.ROLE),
        more=_names(more, Scheme.FINE_GRAINED) - _names(fine or frozenset(), Scheme.FINE_GRAINED),
        more_classic=frozenset() if classic is None else further,
    )


def _requirements(kinds: Iterable[type[Fact]]) -> list[Requirement]:
    return [kind.requirement for kind in kinds if kind.requirement.alternatives]


def _least(requirements: Iterable[Requirement], scheme: Scheme) -> frozenset[Permission] | None:
    """The union of the smallest alternatives; None where one requirement has none."""
    found: set[Permission] = set()
    for requirement in requirements:
        own = requirement.within(scheme).alternatives
        if not own:
            return None
        found |= min(own, key=lambda alternative: (len(alternative - found), sorted(alternative)))
    return frozenset(found)


def _names(permissions: Iterable[Permission], scheme: Scheme) -> frozenset[str]:
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
            f" {', '.join(sorted(row.roles)) or 'anybody who sees it'} |"
        )
    return "\n".join(lines) + "\n"


def _cell(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "any"
