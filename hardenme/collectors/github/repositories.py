"""Reads repositories in batches by GraphQL: what they are, their rules and switches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hardenme.collectors.book import Book
from hardenme.collectors.github.asking import nothing, unique
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.protection import classic_from_graphql
from hardenme.collectors.github.refusal import refusal, wanted
from hardenme.collectors.github.rulesets import rulesets
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github.branch import ActiveRulesets
from hardenme.facts.github.repository import (
    DeployKey,
    Repository,
    RepositorySecurityPolicy,
    RepositoryVulnerabilityAlerts,
)
from hardenme.facts.github.token import CLASSIC, OAUTH
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

PAGE = 10
"""Repositories a query: small enough for GitHub's ten seconds, one tenth of a request each."""

MOST_PAGES = 10_000
"""Queries for one owner; a server that still names a next page has no end."""

FIELDS = """
fragment Repo on Repository {
  nameWithOwner visibility isArchived isFork pushedAt viewerCanAdminister
  hasVulnerabilityAlertsEnabled isSecurityPolicyEnabled
  deployKeys(first: 1) @include(if: $keys) { totalCount }
  defaultBranchRef {
    name
    branchProtectionRule {
      isAdminEnforced requiresApprovingReviews requiredApprovingReviewCount dismissesStaleReviews
      requiresCodeOwnerReviews requireLastPushApproval requiresStatusChecks
      requiredStatusCheckContexts requiresCommitSignatures requiresLinearHistory
      requiresConversationResolution allowsForcePushes allowsDeletions restrictsPushes
    }
    rules(first: 100) {
      totalCount
      nodes {
        type
        parameters {
          __typename
          ... on PullRequestParameters {
            requiredApprovingReviewCount requireCodeOwnerReview requireLastPushApproval
            dismissStaleReviewsOnPush requiredReviewThreadResolution
          }
          ... on RequiredStatusChecksParameters { requiredStatusChecks { context } }
        }
        repositoryRuleset { databaseId }
      }
    }
  }
}
"""
OWNED = (
    """query Repositories($login: String!, $first: Int!, $after: String, $keys: Boolean!) {
  repositoryOwner(login: $login) {
    repositories(
      first: $first, after: $after, ownerAffiliations: [OWNER],
      orderBy: {field: NAME, direction: ASC}
    ) { totalCount pageInfo { hasNextPage endCursor } nodes { ...Repo } }
  }
}
"""
    + FIELDS
)
ONE = (
    """query Repository($owner: String!, $name: String!, $keys: Boolean!) {
  repository(owner: $owner, name: $name, followRenames: false) { ...Repo }
}
"""
    + FIELDS
)
GIVES = (
    Repository,
    RepositorySecurityPolicy,
    RepositoryVulnerabilityAlerts,
    ActiveRulesets,
)
"""Always given. `ClassicProtection` and `DeployKey` are given beside them where the batch already
settles them; their own collectors ask for the rest."""


@dataclass(frozen=True, slots=True)
class _Node:
    """A repository in a GraphQL answer."""

    item: Item
    graph: Graph
    path: tuple[str | int, ...]


def owned(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """All repositories of an owner, page by page."""
    evidence: list[Atom] = []
    nodes: list[_Node] = []
    missing = _read_pages(github, scope, nodes, evidence)
    named: list[tuple[Subject, _Node]] = []
    for node in nodes:
        if isinstance(node.item.data.get("nameWithOwner"), str):
            named.append((Subject("github", "repo", node.item.data["nameWithOwner"]), node))
        else:
            missing = missing or _lost(node.graph, "a repository without a name")
    if named and len({subject for subject, _node in named}) < len(named):
        missing = missing or _lost(named[-1][1].graph, "a repository came twice")
    facts = unique(_repository(github, subject, scope, node.item) for subject, node in named)
    atoms = _atom(scope, evidence, complete=missing is None)
    yield Answer(Repository, scope, facts, atoms, missing)
    for subject, node in named:
        yield from _details(github, subject, node)


def _read_pages(
    github: GitHub, scope: Subject, nodes: list[_Node], evidence: list[Atom]
) -> Unknown | None:
    """Fill `nodes` and `evidence`; returns why the list is not whole, None where it is."""
    after: str | None = None
    while True:
        try:
            graph = _ask(github, OWNED, {"login": scope.name, "first": PAGE, "after": after})
        except NoAnswerError as error:
            return error.unknown
        evidence.append(graph.response.atom)
        page = _connection(graph)
        if page is None:
            return _refused(github, graph)
        path = ("repositoryOwner", "repositories", "nodes")
        nodes.extend(
            _Node(Item(raw, graph.response.endpoint), graph, (*path, index))
            for index, raw in enumerate(page["nodes"])
            if isinstance(raw, dict)
        )
        following = page["pageInfo"].get("endCursor")
        if page["pageInfo"].get("hasNextPage") is not True:
            if page["pageInfo"].get("hasNextPage") is None or len(nodes) != page["totalCount"]:
                return _lost(graph, f"{len(nodes)} of {page['totalCount']} repositories")
            return None
        if not isinstance(following, str) or following == after or len(evidence) >= MOST_PAGES:
            return _lost(graph, "pages without end")
        after = following


def _ask(github: GitHub, document: str, variables: dict[str, Any]) -> Graph:
    """Ask, and ask again without the keys where a refusal of them hid whole repositories."""
    keys = github.kind in {CLASSIC, OAUTH}
    graph = github.graphql(document, {**variables, "keys": keys})
    if keys and any("deployKeys" in (error.get("path") or ()) for error in graph.errors):
        graph = github.graphql(document, {**variables, "keys": False})
    return graph


def _atom(scope: Subject, evidence: list[Atom], *, complete: bool) -> tuple[Atom, ...]:
    if not evidence:
        return ()
    last = evidence[-1]
    count = len(evidence)
    return (
        Atom(
            f"{last.endpoint} of {scope.name}",
            last.status,
            last.observed_at,
            count,
            count if complete else None,
        ),
    )


def _connection(graph: Graph) -> dict[str, Any] | None:
    owner = (graph.data or {}).get("repositoryOwner")
    page = owner.get("repositories") if isinstance(owner, dict) else None
    if (
        isinstance(page, dict)
        and isinstance(page.get("nodes"), list)
        and isinstance(page.get("pageInfo"), dict)
        and isinstance(page.get("totalCount"), int)
    ):
        return page
    return None


def _refused(github: GitHub, graph: Graph) -> Unknown:
    if not graph.response.ok:
        return refusal(graph.response, Repository.requirement, github.kind)
    kinds = {str(error.get("type")) for error in graph.errors}
    evidence = (graph.response.atom,)
    if "FORBIDDEN" in kinds:
        return Unknown(
            Reason.NOT_PERMITTED,
            wanted(Repository.requirement, github.kind),
            "GraphQL answered FORBIDDEN",
            evidence,
        )
    if "NOT_FOUND" in kinds or graph.data is not None:
        return Unknown(
            Reason.NOT_VISIBLE, "the right name, and a token that sees it", "not found", evidence
        )
    return Unknown(Reason.MALFORMED, "a GraphQL answer that is understood", "", evidence)


def _lost(graph: Graph, seen: str) -> Unknown:
    return Unknown(
        Reason.INCOMPLETE,
        "every repository must be listed; run again",
        seen,
        (graph.response.atom,),
    )


def one(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """A single repository."""
    owner, _slash, name = scope.name.partition("/")
    try:
        graph = _ask(github, ONE, {"owner": owner, "name": name})
    except NoAnswerError as error:
        yield nothing(Repository, scope, error.unknown)
        return
    raw = (graph.data or {}).get("repository")
    if not isinstance(raw, dict):
        yield nothing(Repository, scope, _refused(github, graph))
        return
    node = _Node(Item(raw, graph.response.endpoint), graph, ("repository",))
    fact = _repository(github, scope, scope, node.item)
    yield Answer(Repository, scope, (fact,), (graph.response.atom,))
    yield from _details(github, scope, node)


def _repository(github: GitHub, subject: Subject, within: Subject, item: Item) -> Repository:
    branch: Any = None
    if item.has_value("defaultBranchRef"):
        branch = item.item("defaultBranchRef").text("name")
    elif "defaultBranchRef" not in item:
        branch = item.absent("defaultBranchRef")
    visibility: Any = item.choice("visibility", "PUBLIC", "PRIVATE", "INTERNAL")
    return Repository(
        subject=subject,
        within=within,
        label=subject.name,
        web=github.web,
        full_name=item.text("nameWithOwner"),
        visibility=visibility.lower() if isinstance(visibility, str) else visibility,
        archived=item.flag("isArchived"),
        fork=item.flag("isFork"),
        default_branch=branch,
        viewer_is_admin=item.flag("viewerCanAdminister"),
        pushed_at=item.optional("pushedAt", item.moment),
    )


def _details(github: GitHub, subject: Subject, node: _Node) -> Iterator[Answer[Any]]:
    item, atoms = node.item, (node.graph.response.atom,)
    place: dict[str, Any] = {
        "subject": subject,
        "within": subject,
        "label": subject.name,
        "web": github.web,
    }
    policy = RepositorySecurityPolicy(**place, enabled=item.flag("isSecurityPolicyEnabled"))
    yield Answer(RepositorySecurityPolicy, subject, (policy,), atoms)
    alerts: Any = item.flag("hasVulnerabilityAlertsEnabled")
    if alerts is not True and item.data.get("viewerCanAdminister") is not True:
        # To others than administrators GitHub may say "off" of what they must not see.
        alerts = Unknown(
            Reason.NOT_PERMITTED,
            wanted(RepositoryVulnerabilityAlerts.requirement, github.kind),
            evidence=atoms,
        )
    fact = RepositoryVulnerabilityAlerts(**place, enabled=alerts)
    yield Answer(RepositoryVulnerabilityAlerts, subject, (fact,), atoms)
    yield rulesets(place, item, node.graph)
    classic = classic_from_graphql(github, place, item, node.graph, node.path)
    if classic is not None:
        yield classic
    keys: Any = item.item("deployKeys").number("totalCount")
    if keys == 0 and item.data.get("viewerCanAdminister") is True:
        yield Answer(DeployKey, subject, (), atoms)


COLLECTORS = (
    Collector(
        "repositories of an owner",
        "github",
        GIVES,
        owned,
        roots=("github:user", "github:org"),
        discovers=True,
    ),
    Collector("repository", "github", GIVES, one, roots=("github:repo",)),
)
