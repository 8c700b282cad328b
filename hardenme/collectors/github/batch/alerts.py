"""The open critical alerts of Dependabot, for repositories that no organization's list shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.declared import read
from hardenme.collectors.github.batch.part import QueryPart, RepositoryNode, each
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.refusal import scopes
from hardenme.collectors.reading import all_known
from hardenme.facts.github.alerts import RepositoryDependabotAlerts, VulnerabilityAlert
from hardenme.facts.github.token import CLASSIC, OAUTH
from hardenme.model.fact import Answer
from hardenme.model.permission import expand_scopes
from hardenme.model.unknown import Reason, Unknown

FIRST = 50
"""Alerts that are looked at; where there are more, the rest may be critical."""


def _read(node: RepositoryNode) -> Iterator[Answer[Any]]:
    """What the batch settles; `GET …/dependabot/alerts` shows the rest."""
    alerts = node.item.item("vulnerabilityAlerts")
    total: Any = alerts.number("totalCount")
    if not alerts.lists("nodes") or isinstance(total, Unknown):
        return
    found: list[Any] = [
        read(VulnerabilityAlert, item, graph=True)["severity"] for item in alerts.items("nodes")
    ]
    critical = found.count("critical")
    whole = total == len(found) and all_known(found) is None
    if not critical and not (whole and node.admin and _sees_alerts(node)):
        return
    number: Any = critical
    if not whole:
        number = Unknown(
            Reason.INCOMPLETE,
            "every open alert must be listed",
            f"{len(found)} of {total} alerts",
            node.atoms,
        )
    fact = RepositoryDependabotAlerts(**node.place, open=number, seen=critical)
    yield Answer(RepositoryDependabotAlerts, node.subject, (fact,), node.atoms)


def _sees_alerts(node: RepositoryNode) -> bool:
    held = expand_scopes(scopes(node.graph.response.headers.get("x-oauth-scopes", "")))
    return "security_events" in held


def _scoped(github: GitHub) -> bool:
    """Whether a count of zero can be believed: what other tokens are shown is not documented."""
    return github.kind in {CLASSIC, OAUTH}


PARTS = (
    QueryPart(
        name="DependabotAlerts",
        gives=(RepositoryDependabotAlerts,),
        fields=f"""
  vulnerabilityAlerts(states: [OPEN], first: {FIRST}) {{
    totalCount nodes {{ securityVulnerability {{ severity }} }}
  }}""",
        keys=("vulnerabilityAlerts",),
        read=each(_read),
        heavy=True,
        elsewhere=True,
        asked_by=_scoped,
        of=("user", "repo"),
    ),
)
