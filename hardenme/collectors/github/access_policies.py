"""Reads an organization's identity provider and its IP allow list: one query for both."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import fetch, place, unanswered
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.connection import PagedConnection, countable
from hardenme.collectors.github.organization import enterprise_cloud
from hardenme.collectors.github.refusal import wanted
from hardenme.collectors.github.role import PROFILE, ROLE_PRICE, account_role
from hardenme.collectors.price import Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.facts.github import endpoints
from hardenme.facts.github.access_policies import OrganizationIpAllowList, OrganizationSignOn
from hardenme.facts.github.organization import PLAN_VIEW
from hardenme.facts.github.token import CLASSIC, INSTALLATION
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

DOCUMENT = """query OrganizationAccess($login: String!, $after: String) {
  provider: organization(login: $login) { samlIdentityProvider { id } }
  addresses: organization(login: $login) {
    ipAllowListEnabledSetting
    ipAllowListForInstalledAppsEnabledSetting
    ipAllowListEntries(first: 100, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { id allowListValue isActive }
    }
  }
}
"""
"""Under two names: where the list is refused, GitHub leaves out everything under the same name."""
KINDS = (OrganizationSignOn, OrganizationIpAllowList)
SHOWN = (CLASSIC, INSTALLATION)
"""The tokens to which GitHub documents to show an identity provider."""
WHOLE = (IPv4Network("0.0.0.0/0"), IPv6Network("::/0"))


def policies(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """The two facts; nothing is asked where the plan has neither, or is not shown."""
    found = fetch(github, endpoints.ORGANIZATION.at(scope.name), PLAN_VIEW)
    cloud = found if isinstance(found, Unknown) else enterprise_cloud(github, *found)
    if isinstance(found, Unknown) or isinstance(cloud, Unknown):
        yield from (nothing(kind, scope, cloud) for kind in KINDS)
        return
    if not cloud:
        yield from _neither(github, scope, found[0].atom)
        return
    pages, graphs, items, rows = PagedConnection("entry", "entries"), [], [], []

    def ask(after: str | None) -> tuple[Graph, dict[str, Any] | None]:
        graph = github.graphql(DOCUMENT, {"login": scope.name, "after": after})
        graphs.append(graph)
        items.append(Item((graph.data or {}).get("addresses"), "POST /graphql"))
        return graph, countable(items[-1].data.get("ipAllowListEntries"))

    def refused(graph: Graph) -> Unknown:
        return unanswered(github, graph, OrganizationIpAllowList.requirement)

    for graph, page in pages.pages(ask, refused):
        for raw in page["nodes"]:
            row = Item(raw, "POST /graphql")
            pages.add(row.text("id"), graph)
            rows.append(row)
    yield (
        _sign_on(github, scope, graphs[0])
        if graphs
        else nothing(
            OrganizationSignOn, scope, pages.missing or Unknown(Reason.NOT_ASKED, "the query")
        )
    )
    yield _allow_list(github, scope, pages, items, rows)


def _neither(github: GitHub, scope: Subject, plan: Atom) -> Iterator[Answer[Any]]:
    """The two facts of an organization whose plan has neither a provider nor a list."""
    where = place(github, scope)
    sign_on = OrganizationSignOn(**where, provider=False)
    yield Answer(OrganizationSignOn, scope, (sign_on,), (plan,))
    addresses = OrganizationIpAllowList(**where, enabled=False, from_apps=False, open_to=())
    yield Answer(OrganizationIpAllowList, scope, (addresses,), (plan,))


def _sign_on(github: GitHub, scope: Subject, graph: Graph) -> Answer[OrganizationSignOn]:
    """Whether there is a provider. Null means that there is none only to whom it is shown."""
    kind = OrganizationSignOn
    evidence: tuple[Atom, ...] = (graph.response.atom,)
    data = (graph.data or {}).get("provider")
    if not isinstance(data, dict) or graph.denied("provider") is not None:
        return nothing(kind, scope, unanswered(github, graph, kind.requirement))
    item = Item(data, "POST /graphql")
    provider: Any = item.absent("samlIdentityProvider")
    if item.has_value("samlIdentityProvider"):
        value = data["samlIdentityProvider"]
        provider = True if isinstance(value, dict) else item.odd("samlIdentityProvider")
    elif "samlIdentityProvider" in item:
        own = account_role(github, scope)
        evidence = (*evidence, *own.evidence)
        provider = False
        if github.kind not in SHOWN:
            needed = f"{wanted(kind.requirement, CLASSIC)}; this kind of token may not be shown it"
            provider = Unknown(Reason.NOT_PERMITTED, needed, "no identity provider", evidence)
        elif not own.manages:
            provider = own.lacks(kind.requirement)
    return Answer(kind, scope, (kind(**place(github, scope), provider=provider),), evidence)


def _allow_list(
    github: GitHub, scope: Subject, pages: PagedConnection, items: list[Item], rows: list[Item]
) -> Answer[OrganizationIpAllowList]:
    """The list's settings, and whether its active entries leave out any address."""
    kind = OrganizationIpAllowList
    evidence = pages.evidence(f" allowed addresses of {scope.name}")
    if not items or not items[0].data:
        why = pages.missing or Unknown(Reason.NOT_ASKED, "the query")
        return Answer(kind, scope, (), evidence, why)
    told = read(kind, items[0])
    open_to: Any = _open_to(rows)
    if isinstance(open_to, tuple) and len(open_to) < len(WHOLE):
        # An entry that did not come can only add to it.
        open_to = pages.missing or open_to
    fact = kind(**place(github, scope), **{**told, "open_to": open_to})
    return Answer(kind, scope, (fact,), evidence)


def _open_to(rows: list[Item]) -> Any:
    """Of which addresses the active entries leave out none; unknown if one is not understood."""
    ranges: list[Any] = []
    for row in rows:
        active, text = row.flag("isActive"), row.text("allowListValue")
        lost = next((one for one in (active, text) if isinstance(one, Unknown)), None)
        if lost is not None:
            return lost
        if not active:
            continue
        try:
            ranges.append(ip_network(str(text).strip(), strict=False))
        except ValueError:
            return row.odd("allowListValue")
    return tuple(
        f"IPv{every.version}"
        for every in WHOLE
        if [*collapse_addresses(one for one in ranges if one.version == every.version)] == [every]
    )


COLLECTORS = (
    Collector(
        "single sign-on and IP allow list",
        KINDS,
        policies,
        priced=(
            Price(bucket="graphql", at_most=True),
            PROFILE,
            ROLE_PRICE,
        ),
    ),
)
