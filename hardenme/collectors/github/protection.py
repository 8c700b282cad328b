"""Reads what guards the default branch: rulesets and classic protection, from GraphQL and REST."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from hardenme.collectors.book import Book
from hardenme.collectors.github.asking import fetch, known, nothing
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.refusal import refusal
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item, all_known
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github.branch import ActiveRulesets, ClassicProtection, RulesetBypass
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.token import CLASSIC, OAUTH
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
NOT_PROTECTED = "branch not protected"
UPGRADE = "upgrade to"
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


def classic_from_graphql(
    github: GitHub,
    place: dict[str, Any],
    node: Item,
    graph: Graph,
    path: tuple[str | int, ...],
) -> Answer[ClassicProtection] | None:
    """The rule that matches the default branch; None where only REST can tell.

    A null stands for "no rule" and for "not for you". It is taken for "no rule" only where an
    administrator asks with a classic token of scope `repo`, and nothing was denied.
    """
    scope: Subject = place["subject"]
    if node.data.get("defaultBranchRef", ...) is None:
        return known(ClassicProtection, scope, graph.response)
    ref = node.item("defaultBranchRef")
    if ref.has_value("branchProtectionRule"):
        rule = ref.item("branchProtectionRule")
        return known(ClassicProtection, scope, graph.response, _graphql_rule(place, ref, rule))
    if "branchProtectionRule" not in ref or graph.denied(
        *path, "defaultBranchRef", "branchProtectionRule"
    ):
        return None
    held = graph.response.headers.get("x-oauth-scopes", "").replace(" ", "").split(",")
    if (
        github.kind in {CLASSIC, OAUTH}
        and "repo" in held
        and node.data.get("viewerCanAdminister") is True
    ):
        return known(ClassicProtection, scope, graph.response, unprotected(place, ref.text("name")))
    return None


def _graphql_rule(place: dict[str, Any], ref: Item, rule: Item) -> ClassicProtection:
    reviews: Any = rule.flag("requiresApprovingReviews")
    checks: Any = rule.flag("requiresStatusChecks")
    contexts: Any = rule.absent("requiredStatusCheckContexts")
    if rule.lists("requiredStatusCheckContexts"):
        contexts = tuple(str(name) for name in rule.data["requiredStatusCheckContexts"])
    approvals: Any = rule.optional("requiredApprovingReviewCount", rule.number)
    return ClassicProtection(
        **place,
        branch=ref.text("name"),
        rules=1,
        pull_request=reviews,
        approvals=_when(reviews, 0 if approvals is None else approvals, 0),
        dismisses_stale=_when(reviews, rule.flag("dismissesStaleReviews"), other=False),
        last_push_approval=_when(reviews, rule.flag("requireLastPushApproval"), other=False),
        code_owner_review=_when(reviews, rule.flag("requiresCodeOwnerReviews"), other=False),
        status_checks=_when(checks, contexts, ()),
        blocks_force_push=_not(rule.flag("allowsForcePushes")),
        blocks_deletion=_not(rule.flag("allowsDeletions")),
        signatures=rule.flag("requiresCommitSignatures"),
        conversations=rule.flag("requiresConversationResolution"),
        linear_history=rule.flag("requiresLinearHistory"),
        restricts_pushes=rule.flag("restrictsPushes"),
        binds_admins=rule.flag("isAdminEnforced"),
    )


def _when(condition: Any, value: Any, other: Any) -> Any:
    if isinstance(condition, Unknown):
        return condition
    return value if condition else other


def _not(value: Any) -> Any:
    return value if isinstance(value, Unknown) else not value


def unprotected(place: dict[str, Any], branch: Any, *, offered: bool = True) -> ClassicProtection:
    """The absence of classic protection, where it was shown."""
    return ClassicProtection(
        **place,
        branch=branch,
        rules=0,
        pull_request=False,
        approvals=0,
        dismisses_stale=False,
        last_push_approval=False,
        code_owner_review=False,
        status_checks=(),
        blocks_force_push=False,
        blocks_deletion=False,
        signatures=False,
        conversations=False,
        linear_history=False,
        restricts_pushes=False,
        binds_admins=False,
        offered=offered,
    )


def classic(github: GitHub, scope: Subject, book: Book) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/branches/{branch}/protection, where the batch did not settle it."""
    repository = book.fact(Repository, scope)
    if book.get(ClassicProtection, scope) is not None or repository is None:
        return
    unknown = repository.unknown_fields().get("default_branch")
    if unknown is not None or repository.default_branch is None:
        yield nothing(
            ClassicProtection, scope, unknown or Unknown(Reason.NOT_VISIBLE, "a default branch")
        )
        return
    place = {
        "subject": scope,
        "within": scope,
        "label": repository.label,
        "web": repository.web,
    }
    branch = repository.default_branch
    path = f"/repos/{scope.name}/branches/{quote(branch, safe='')}/protection"
    try:
        response = github.get(path)
    except NoAnswerError as error:
        yield nothing(ClassicProtection, scope, error.unknown)
        return
    if response.ok:
        found = fetch(github, path, ClassicProtection.requirement)
        if isinstance(found, Unknown):
            yield nothing(ClassicProtection, scope, found)
        else:
            rule = _rest_rule(place, branch, found[1])
            yield known(ClassicProtection, scope, response, rule)
        return
    said = response.message().lower()
    absent = response.status == 404 and said == NOT_PROTECTED  # noqa: PLR2004 (HTTP's number)
    # A feature that the plan does not offer is known: a private branch on a free plan has no rule.
    unavailable = response.status == 403 and said.startswith(UPGRADE)  # noqa: PLR2004
    if absent or unavailable:
        yield known(ClassicProtection, scope, response, unprotected(place, branch, offered=absent))
    else:
        why = refusal(response, ClassicProtection.requirement, github.kind)
        yield nothing(ClassicProtection, scope, why)


def _rest_rule(place: dict[str, Any], branch: str, item: Item) -> ClassicProtection:
    def enabled(name: str) -> Any:
        return item.item(name).flag("enabled") if item.has_value(name) else False

    pull_request = item.has_value("required_pull_request_reviews")
    reviews = item.item("required_pull_request_reviews")
    checks = item.item("required_status_checks")
    contexts = [str(check.data.get("context")) for check in checks.items("checks")]
    contexts += [str(name) for name in checks.data.get("contexts") or ()]
    return ClassicProtection(
        **place,
        branch=branch,
        rules=1,
        pull_request=pull_request,
        approvals=_when(
            pull_request,
            reviews.number("required_approving_review_count")
            if "required_approving_review_count" in reviews
            else 0,
            0,
        ),
        dismisses_stale=_when(pull_request, reviews.flag("dismiss_stale_reviews"), other=False),
        last_push_approval=bool(reviews.data.get("require_last_push_approval")) and pull_request,
        code_owner_review=_when(
            pull_request, reviews.flag("require_code_owner_reviews"), other=False
        ),
        status_checks=tuple(dict.fromkeys(contexts)),
        blocks_force_push=_not(item.item("allow_force_pushes").flag("enabled")),
        blocks_deletion=_not(item.item("allow_deletions").flag("enabled")),
        signatures=enabled("required_signatures"),
        conversations=enabled("required_conversation_resolution"),
        linear_history=enabled("required_linear_history"),
        restricts_pushes=item.has_value("restrictions"),
        binds_admins=item.item("enforce_admins").flag("enabled"),
    )


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
    atoms = list(active.evidence)
    verdicts: list[Any] = []
    for number in ids:
        path = f"/repos/{scope.name}/rulesets/{number}"
        found = fetch(github, path, RulesetBypass.requirement)
        if isinstance(found, Unknown):
            verdicts.append(found)
            continue
        response, item = found
        atoms.append(response.atom)
        verdicts.append(_admins_bypass(item, repository))
    known_to_bypass: Any = True if True in verdicts else all_known(verdicts) or False
    fact = RulesetBypass(
        subject=scope,
        within=scope,
        label=repository.label,
        web=repository.web,
        rulesets=len(ids),
        admins_bypass=known_to_bypass,
    )
    yield Answer(RulesetBypass, scope, (fact,), tuple(atoms))


def _admins_bypass(item: Item, repository: Repository) -> Any:
    """Whether administrators may bypass a ruleset.

    `bypass_actors` comes only to who may change the ruleset. Where it is left out, an administrator
    who may never bypass it shows by `current_user_can_bypass` that the role does not help.
    """
    if item.lists("bypass_actors"):
        exempt = [_is_admins(actor) for actor in item.items("bypass_actors")]
        return True if True in exempt else all_known(exempt) or False
    own: Any = item.choice(
        "current_user_can_bypass", "always", "pull_requests_only", "never", "exempt"
    )
    if isinstance(own, Unknown) or not _is_admin(repository):
        return item.absent("bypass_actors")
    return own != "never"


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
        "classic branch protection", "github", (ClassicProtection,), classic, of=(Repository,)
    ),
    Collector("ruleset bypass", "github", (RulesetBypass,), bypass, of=(Repository,)),
)
