"""Reads the rulesets that guard the default branch, and whether administrators may bypass them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.book import Book
from hardenme.collectors.github.asking import fetch, known, nothing
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item, all_known
from hardenme.collectors.transport.response import Response
from hardenme.facts.github.branch import ActiveRulesets, RulesetBypass
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.ruleset import RulesetPassing, RulesetSeen
from hardenme.model.depth import Depth
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

ACTORS = (
    "Integration",
    "OrganizationAdmin",
    "RepositoryRole",
    "Team",
    "DeployKey",
    "EnterpriseOwner",
    "EnterpriseRole",
    "User",
)
"""All kinds of bypass actors; one that is not known may be the administrators."""
ABOVE = frozenset({"Organization", "Enterprise"})
ADMIN_ROLE = 5
"""GitHub's number for the repository role `admin` among a ruleset's bypass actors."""


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
    pulls = [rule.item("parameters") for rule in nodes if rule.data["type"] == "PULL_REQUEST"]
    checks = [
        rule.item("parameters") for rule in nodes if rule.data["type"] == "REQUIRED_STATUS_CHECKS"
    ]
    fact = ActiveRulesets(
        **place,
        branch=ref.text("name"),
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
        ruleset_ids=_ids(nodes),
        shared_ids=_shared(nodes),
        told=_told(nodes),
    )
    return known(ActiveRulesets, scope, graph.response, fact)


def _most(rules: list[Item], name: str) -> Any:
    values: list[Any] = [rule.number(name) for rule in rules]
    return all_known(values) or max(values, default=0)


def _either(rules: list[Item], name: str) -> Any:
    values: list[Any] = [rule.flag(name) for rule in rules]
    return True if True in values else all_known(values) or False


def _contexts(rules: list[Item]) -> Any:
    for rule in rules:
        if not rule.lists("requiredStatusChecks"):
            return rule.absent("requiredStatusChecks")
    contexts: list[Any] = [
        check.text("context") for rule in rules for check in rule.items("requiredStatusChecks")
    ]
    return all_known(contexts) or tuple(contexts)


def _ids(nodes: list[Item]) -> Any:
    ids: list[Any] = [rule.item("repositoryRuleset").number("databaseId") for rule in nodes]
    return all_known(ids) or tuple(sorted(set(ids)))


def _shared(nodes: list[Item]) -> tuple[int, ...]:
    """The rulesets of an organization; where the source is not told, a ruleset is not shared."""
    found = [rule.item("repositoryRuleset") for rule in nodes]
    above = [item for item in found if item.item("source").data.get("__typename") in ABOVE]
    numbers: list[Any] = [item.number("databaseId") for item in above]
    return tuple(sorted({number for number in numbers if not isinstance(number, Unknown)}))


def ruleset_seen(item: Item) -> RulesetSeen:
    """What GraphQL shows of a ruleset, beside its rules."""
    return RulesetSeen(
        number=item.number("databaseId"),
        name=item.text("name"),
        above=_is_above(item),
        updated_at=item.moment("updatedAt"),
    )


def _is_above(item: Item) -> Any:
    source = item.item("source")
    kind: Any = source.text("__typename") if item.has_value("source") else item.absent("source")
    return kind if isinstance(kind, Unknown) else kind in ABOVE


def _told(nodes: list[Item]) -> tuple[RulesetSeen, ...]:
    """Each ruleset that rules come from, once."""
    found: dict[Any, RulesetSeen] = {}
    for rule in nodes:
        item = rule.item("repositoryRuleset")
        found.setdefault(item.data.get("databaseId"), ruleset_seen(item))
    return tuple(found.values())


def bypass(github: GitHub, scope: Subject, book: Book) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/rulesets/{id}: whether administrators may bypass the rulesets."""
    active = book.get(ActiveRulesets, scope)
    repository = book.fact(Repository, scope)
    if active is None or repository is None or (active.missing and not active.facts):
        why = (active.missing if active else None) or Unknown(Reason.NOT_ASKED, "the rulesets")
        yield nothing(RulesetBypass, scope, why)
        return
    unknown = active.facts[0].unknown_fields().get("ruleset_ids") if active.facts else None
    if unknown is not None:
        yield nothing(RulesetBypass, scope, unknown)
        return
    ids = active.facts[0].ruleset_ids if active.facts else ()
    shared = active.facts[0].shared_ids if active.facts else ()
    atoms = list(active.evidence)
    verdicts: list[Any] = []
    passing: list[RulesetPassing] = []
    for number in ids:
        found = _detail(github, repository, number, shared=number in shared)
        if isinstance(found, Unknown):
            verdicts.append(found)
            continue
        response, item = found
        atoms.append(response.atom)
        verdicts.append(_admins_bypass(item, repository))
        passing.append(RulesetPassing(number=number, above=number in shared, actors=_passing(item)))
    known_to_bypass: Any = True if True in verdicts else all_known(verdicts) or False
    fact = RulesetBypass(
        subject=scope,
        within=scope,
        label=repository.label,
        web=repository.web,
        rulesets=len(ids),
        admins_bypass=known_to_bypass,
        passing=tuple(passing),
    )
    yield Answer(RulesetBypass, scope, (fact,), tuple(atoms))


def _detail(
    github: GitHub, repository: Repository, number: int, *, shared: bool
) -> tuple[Response, Item] | Unknown:
    """A ruleset as the repository shows it; one that is shared is asked for once.

    Two things in it depend on the repository: whether it is shown at all, and by which role the
    account may pass. So a refusal is not shared, and neither is an answer among repositories that
    the account administers and those that it does not.
    """

    def ask() -> tuple[Response, Item] | Unknown:
        path = f"/repos/{repository.subject.name}/rulesets/{number}"
        return fetch(github, path, RulesetBypass.requirement)

    if shared:
        owner = repository.subject.name.partition("/")[0].lower()
        name = ("ruleset", owner, number, _is_admin(repository))
        found: tuple[Response, Item] | Unknown = github.memo.get(name, ask)
        if not isinstance(found, Unknown):
            return found
    return ask()


def _admins_bypass(item: Item, repository: Repository) -> Any:
    """Whether administrators may bypass a ruleset.

    `bypass_actors` comes only to who may change the ruleset. Where it is left out, an administrator
    who may never bypass it shows by `current_user_can_bypass` that the role does not help.
    """
    if item.lists("bypass_actors"):
        exempt = [_is_admins(actor) for actor in item.items("bypass_actors")]
        return True if True in exempt else all_known(exempt) or False
    if "bypass_actors" in item:
        return item.odd("bypass_actors")
    own: Any = item.choice(
        "current_user_can_bypass", "always", "pull_requests_only", "never", "exempt"
    )
    if isinstance(own, Unknown) or not _is_admin(repository):
        return item.absent("bypass_actors")
    return own != "never"


def _passing(item: Item) -> Any:
    """Who may pass by a ruleset, in words that stay the same from run to run."""
    if not item.lists("bypass_actors"):
        return (
            item.odd("bypass_actors") if "bypass_actors" in item else item.absent("bypass_actors")
        )
    actors = list(item.items("bypass_actors"))
    kinds: list[Any] = [actor.text("actor_type") for actor in actors]
    modes: list[Any] = [actor.text("bypass_mode") for actor in actors]
    numbers: list[Any] = [
        actor.optional("actor_id", actor.number) if "actor_id" in actor else None
        for actor in actors
    ]
    unread = all_known((*kinds, *modes, *numbers))
    return unread or tuple(
        f"{kind}, {mode}" if number is None else f"{kind} {number}, {mode}"
        for kind, number, mode in sorted(
            zip(kinds, numbers, modes, strict=True), key=lambda actor: (actor[0], actor[1] or 0)
        )
    )


def _is_admins(actor: Item) -> Any:
    """Whether a bypass actor stands for the administrators."""
    kind: Any = actor.choice("actor_type", *ACTORS)
    if kind != "RepositoryRole":
        return kind if isinstance(kind, Unknown) else kind == "OrganizationAdmin"
    number: Any = actor.number("actor_id")
    return number if isinstance(number, Unknown) else number == ADMIN_ROLE


def _is_admin(repository: Repository) -> bool:
    return "viewer_is_admin" not in repository.unknown_fields() and repository.viewer_is_admin


COLLECTORS = (
    Collector(
        "ruleset bypass",
        "github",
        (RulesetBypass,),
        bypass,
        of=(Repository,),
        depth=Depth.STANDARD,
        priced=(Price(Per.REPOSITORY, at_most=True),),
    ),
)
