"""Every collector there is, by who is asked.

A run that asks npm alone needs none of GitHub's collectors, and those of this machine need no HTTP
library.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module

from hardenme.collectors.protocol import Collector
from hardenme.model.fact import Fact

MODULES = (
    "github.account",
    "github.membership",
    "github.token",
    "github.repositories",
    "github.protection",
    "github.rulesets",
    "github.repository",
    "github.security_settings",
    "github.organization",
    "github.organization_roles",
    "github.repository_roles",
    "github.access_policies",
    "github.reach",
    "github.sbom",
    "github.action_files",
    "github.alerts",
    "github.code_scanning",
    "github.hooks",
    "github.deliveries",
    "github.apps",
    "github.runners",
    "github.people",
    "github.activity",
    "github.member_repositories",
    "github.teams",
    "github.audit_trail",
    "github.collaborators",
    "github.environments",
    "github.inherited",
    "github.releases",
    "github.release_tags",
    "github.actions",
    "github.execution_policies",
    "github.rule_suites",
    "github.changes",
    "github.workflow_states",
    "github.folder_manifests",
    "npm.account",
    "npm.package",
    "npm.releases",
    "npm.provenance",
    "npm.signatures",
    "npm.version_status",
    "npm.access",
    "npm.organization",
    "npm.stage",
    "npm.trust",
    "github.named",
    "mail",
    "local",
    "attested",
)
"""The modules of collectors, each after who is asked by it; each has its `COLLECTORS`. What GitHub
answers by plain facts is read by none of them, but by the facts' declarations."""
ONLINE = frozenset({"github", "npm", "mail"})
ASKED = ONLINE | {"local", "attested"}
"""Everyone who is asked; `local` is this machine, and `attested` what a person has stated."""


@cache
def by_hand(asked: frozenset[str] = ASKED) -> tuple[Collector, ...]:
    """The collectors that are written by hand, of those who are asked."""
    names = [name for name in MODULES if name.partition(".")[0] in asked]
    modules = (import_module(f"hardenme.collectors.{name}") for name in names)
    return tuple(one for module in modules for one in module.COLLECTORS)


@cache
def _by_declaration() -> tuple[Collector, ...]:
    from hardenme.collectors.github.declared import plain  # noqa: PLC0415 (start-up is a feature)

    return tuple(plain(by_hand(frozenset({"github"}))))


@cache
def collectors(asked: frozenset[str] = ASKED) -> tuple[Collector, ...]:
    """All collectors, of those who are asked. What they ask by is loaded: workers load nothing."""
    if not asked.isdisjoint(ONLINE):
        import_module("hardenme.collectors.transport.wire")
    return (*by_hand(asked), *(_by_declaration() if "github" in asked else ()))


def giving(kinds: Iterable[type[Fact]]) -> tuple[Collector, ...]:
    """The collectors that give one of these facts."""
    wanted = frozenset(kinds)
    asked = {kind.asked_at for kind in wanted}
    # A file of this machine may hold a token of npm.
    asked |= {"local"} if "npm" in asked else set()
    return tuple(one for one in collectors(frozenset(asked)) if wanted.intersection(one.gives))
