"""Reads the rulesets that guard the default branch, and who may bypass them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import known, nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import fetch
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.required_reviewers import asked_teams
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item, all_known
from hardenme.collectors.transport.response import Response
from hardenme.facts.github.branch import ActiveRulesets, RulesetBypass
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.ruleset import RulesetDetail, RulesetRules, RulesetSeen
from hardenme.model.fact import Answer
from hardenme.model.known import field
from hardenme.model.maybe import any_of
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.watch import READ_BEFORE

SHOWN = ("actors", "viewer", "team_approvals", "team_owns_github")


def rulesets(place: dict[str, Any], node: Item, graph: Graph) -> Answer[ActiveRulesets]:
    """The active rules of `defaultBranchRef.rules`; GraphQL lists active rulesets only."""
    scope: Subject = place["subject"]
    ref = node.item("defaultBranchRef")
    if node.data.get("defaultBranchRef", ...) is None:
        return known(ActiveRulesets, scope, graph.response)
    connection = ref.item("rules")
    nodes = list(connection.items("nodes"))
    types: list[Any] = [rule.text("type") for rule in nodes]
    unread = all_known(types)
    if not connection.lists("nodes") or connection.data.get("totalCount") != len(nodes):
        why = Unknown(
            Reason.INCOMPLETE,
            "all rules of the default branch must be listed",
            evidence=(graph.response.atom,),
        )
        return nothing(ActiveRulesets, scope, why)
    if unread is not None:
        return nothing(ActiveRulesets, scope, unread)
    sources: dict[Any, list[Item]] = {}
    for rule in nodes:
        sources.setdefault(rule.item("repositoryRuleset").number("databaseId"), []).append(rule)
    found: Any = all_known(sources) or tuple(map(_rules, sources.values()))
    fact = ActiveRulesets(**place | {"branch": ref.text("name"), "rulesets": found})
    return known(ActiveRulesets, scope, graph.response, fact)


def _rules(nodes: list[Item]) -> RulesetRules:
    """The rules of one ruleset."""
    types = {rule.data["type"] for rule in nodes}
    pulls = [rule.item("parameters") for rule in nodes if rule.data["type"] == "PULL_REQUEST"]
    checks = [
        rule.item("parameters") for rule in nodes if rule.data["type"] == "REQUIRED_STATUS_CHECKS"
    ]
    return RulesetRules(
        **read(RulesetSeen, nodes[0].item("repositoryRuleset")),
        rules=len(nodes),
        pull_request="PULL_REQUEST" in types,
        approvals=_most(pulls, "requiredApprovingReviewCount"),
        dismisses_stale=_either(pulls, "dismissStaleReviewsOnPush"),
        last_push_approval=_either(pulls, "requireLastPushApproval"),
        code_owner_review=_either(pulls, "requireCodeOwnerReview"),
        status_checks=_contexts(checks),
        blocks_force_push="NON_FAST_FORWARD" in types,
        blocks_deletion="DELETION" in types,
        signatures="REQUIRED_SIGNATURES" in types,
        conversations=_either(pulls, "requiredReviewThreadResolution"),
        linear_history="REQUIRED_LINEAR_HISTORY" in types,
        restricts_pushes="UPDATE" in types,
    )


def _most(rules: list[Item], name: str) -> Any:
    values: list[Any] = [rule.number(name) for rule in rules]
    return all_known(values) or max(values, default=0)


def _either(rules: list[Item], name: str) -> Any:
    return any_of(rule.flag(name) for rule in rules)


def _contexts(rules: list[Item]) -> Any:
    for rule in rules:
        if not rule.lists("requiredStatusChecks"):
            return rule.absent("requiredStatusChecks")
    contexts: list[Any] = [
        check.text("context") for rule in rules for check in rule.items("requiredStatusChecks")
    ]
    return all_known(contexts) or tuple(contexts)


def bypass(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/rulesets/{id}: who may bypass the rulesets, and whom they ask."""
    active = store.get(ActiveRulesets, scope)
    repository = store.fact(Repository, scope)
    if active is None or repository is None or (active.missing and not active.facts):
        why = (active.missing if active else None) or Unknown(Reason.NOT_ASKED, "the rulesets")
        yield nothing(RulesetBypass, scope, why)
        return
    found_rulesets: Any = field(active.facts[0], "rulesets") if active.facts else ()
    if isinstance(found_rulesets, Unknown):
        yield nothing(RulesetBypass, scope, found_rulesets)
        return
    atoms = list(active.evidence)
    details: list[RulesetDetail] = []
    for ruleset in found_rulesets:
        # Where the source is not shown, a ruleset is not shared.
        number, shared = ruleset.number, field(ruleset, "above") is True
        subject = Subject("github", "ruleset", f"{scope.name}/{number}")
        found: tuple[Response, Item] | Unknown = READ_BEFORE
        if not store.parts.read_before(RulesetBypass, subject):
            found = _answer(github, repository, number, shared=shared)
            store.parts.note(RulesetBypass, subject, found)
        shown: dict[str, Any] = dict.fromkeys(SHOWN, found)
        if not isinstance(found, Unknown):
            atoms.append(found[0].atom)
            shown = _shown(found[1])
        details.append(RulesetDetail(number=number, above=shared, **shown))
    fact = RulesetBypass(
        subject=scope,
        within=scope,
        label=repository.label,
        web=repository.web,
        details=tuple(details),
    )
    yield Answer(RulesetBypass, scope, (fact,), tuple(atoms))


def _shown(item: Item) -> dict[str, Any]:
    """What a ruleset shows by itself alone."""
    approvals, owners = asked_teams(item)
    told = read(RulesetDetail, item)
    return told | {"team_approvals": approvals, "team_owns_github": owners}


def _answer(
    github: GitHub, repository: Repository, number: int, *, shared: bool
) -> tuple[Response, Item] | Unknown:
    """A ruleset as the repository shows it; one that is shared is asked for once.

    Two things in it depend on the repository: whether it is shown at all, and by which role the
    account may pass. So a refusal is not shared, and neither is an answer among repositories that
    the account administers and those that it does not.
    """

    def ask() -> tuple[Response, Item] | Unknown:
        path = RulesetBypass.endpoint.at(repository.subject.name, ruleset_id=number)
        return fetch(github, path, RulesetBypass.requirement)

    if shared:
        owner = repository.subject.name.partition("/")[0].lower()
        name = ("ruleset", owner, number, _is_admin(repository))
        found: tuple[Response, Item] | Unknown = github.memo.get(name, ask)
        if not isinstance(found, Unknown):
            return found
    return ask()


def _is_admin(repository: Repository) -> bool:
    return "viewer_is_admin" not in repository.unknown_fields() and repository.viewer_is_admin


COLLECTORS = (
    Collector(
        "ruleset bypass",
        (RulesetBypass,),
        bypass,
        priced=(Price(Per.REPOSITORY, at_most=True),),
    ),
)
