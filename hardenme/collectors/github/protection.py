"""Reads what guards the default branch: classic protection, from GraphQL and REST."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import known, nothing
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import fetch
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.refusal import refusal
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item, all_known
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github.branch import ClassicProtection
from hardenme.facts.github.organization import OrganizationPlan
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.token import CLASSIC, OAUTH
from hardenme.model.depth import Depth
from hardenme.model.fact import Answer
from hardenme.model.known import field
from hardenme.model.maybe import negate, when
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

NOT_PROTECTED = "branch not protected"
UPGRADE = "upgrade to"
NO_PLAN = Unknown(
    Reason.NOT_ASKED,
    "an answer of REST for the branch, which shows whether the owner's plan has protection",
)
"""GraphQL has no rule of a private repository to show, whichever the reason is."""


def classic_from_graphql(
    github: GitHub,
    place: dict[str, Any],
    node: Item,
    graph: Graph,
    path: tuple[str | int, ...],
) -> Answer[ClassicProtection] | None:
    """The rule that matches the default branch; None if only REST shows it.

    A null can mean "no rule" or "not for you". It is read as "no rule" only if an administrator
    asks with a classic token of scope `repo`, and nothing was denied. Whether the owner's plan has
    protection for a private repository is not shown then.
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
        offered: Any = True if node.data.get("visibility") == "PUBLIC" else NO_PLAN
        fact = unprotected(place, ref.text("name"), offered=offered)
        return known(ClassicProtection, scope, graph.response, fact)
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
        **dict[str, Any](
            branch=ref.text("name"),
            rules=1,
            pull_request=reviews,
            approvals=when(reviews, 0 if approvals is None else approvals, 0),
            dismisses_stale=when(reviews, rule.flag("dismissesStaleReviews"), other=False),
            last_push_approval=when(reviews, rule.flag("requireLastPushApproval"), other=False),
            code_owner_review=when(reviews, rule.flag("requiresCodeOwnerReviews"), other=False),
            status_checks=when(checks, contexts, ()),
            blocks_force_push=negate(rule.flag("allowsForcePushes")),
            blocks_deletion=negate(rule.flag("allowsDeletions")),
            signatures=rule.flag("requiresCommitSignatures"),
            conversations=rule.flag("requiresConversationResolution"),
            linear_history=rule.flag("requiresLinearHistory"),
            restricts_pushes=rule.flag("restrictsPushes"),
            binds_admins=rule.flag("isAdminEnforced"),
            pull_request_bypass=_some(rule, "bypassPullRequestAllowances"),
            force_push_bypass=_some(rule, "bypassForcePushAllowances"),
            offered=True,
        ),
    )


def _some(rule: Item, name: str) -> Any:
    """Whether a connection of a rule has any nodes."""
    count: Any = rule.item(name).number("totalCount")
    if name not in rule:
        return rule.absent(name)
    return count if isinstance(count, Unknown) else count > 0


def unprotected(place: dict[str, Any], branch: Any, *, offered: Any = True) -> ClassicProtection:
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
        pull_request_bypass=False,
        force_push_bypass=False,
        offered=offered,
    )


def classic(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/branches/{branch}/protection, where the batch did not settle it.

    Of a private repository without a rule it settles whether the owner's plan has any.
    """
    repository = store.fact(Repository, scope)
    batched = store.get(ClassicProtection, scope) is not None
    if repository is None or (batched and not _plan_wanted(store, repository)):
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
    path = ClassicProtection.endpoint.at(scope.name, branch=branch)
    try:
        response = github.get(path)
    except NoAnswerError as error:
        if not batched:
            yield nothing(ClassicProtection, scope, error.unknown)
        return
    if response.ok:
        found = fetch(github, path, ClassicProtection.requirement)
        if isinstance(found, Unknown):
            yield nothing(ClassicProtection, scope, found)
        else:
            rule = _rest_rule(place, branch, found[1], field(repository, "in_organization"))
            yield known(ClassicProtection, scope, response, rule)
        return
    said = response.message().lower()
    absent = response.status == 404 and said == NOT_PROTECTED  # noqa: PLR2004 (HTTP's number)
    # A feature that the plan does not offer is known: a private branch on a free plan has no rule.
    unavailable = response.status == 403 and said.startswith(UPGRADE)  # noqa: PLR2004
    if absent or unavailable:
        yield known(ClassicProtection, scope, response, unprotected(place, branch, offered=absent))
    elif not batched:
        why = refusal(response, ClassicProtection.requirement, github.kind)
        yield nothing(ClassicProtection, scope, why)


def _plan_wanted(store: FactStore, repository: Repository) -> bool:
    """Whether only REST shows if the owner's plan has rules for a repository that needs some."""
    found = store.fact(ClassicProtection, repository.subject)
    if found is None or not isinstance(field(found, "offered"), Unknown):
        return False
    owner = Subject("github", "org", repository.subject.name.partition("/")[0])
    plan = store.fact(OrganizationPlan, owner)
    paid = plan is not None and "paid" not in plan.unknown_fields()
    return not paid and field(repository, "archived") is not True


def _rest_rule(
    place: dict[str, Any], branch: str, item: Item, in_organization: Any
) -> ClassicProtection:
    def enabled(name: str) -> Any:
        return item.item(name).flag("enabled") if item.has_value(name) else False

    pull_request = item.has_value("required_pull_request_reviews")
    reviews = item.item("required_pull_request_reviews")
    checks = item.item("required_status_checks")
    contexts: list[Any] = [check.text("context") for check in checks.items("checks")]
    contexts += [str(name) for name in checks.data.get("contexts") or ()]
    named: Any = all_known(contexts) or tuple(dict.fromkeys(contexts))
    unnamed: Any = item.absent("bypassForcePushAllowances")
    return ClassicProtection(
        **place,
        **dict[str, Any](
            branch=branch,
            rules=1,
            pull_request=pull_request,
            approvals=when(
                pull_request,
                reviews.number("required_approving_review_count")
                if "required_approving_review_count" in reviews
                else 0,
                0,
            ),
            dismisses_stale=when(pull_request, reviews.flag("dismiss_stale_reviews"), other=False),
            last_push_approval=bool(reviews.data.get("require_last_push_approval"))
            and pull_request,
            code_owner_review=when(
                pull_request, reviews.flag("require_code_owner_reviews"), other=False
            ),
            status_checks=named,
            blocks_force_push=negate(item.item("allow_force_pushes").flag("enabled")),
            blocks_deletion=negate(item.item("allow_deletions").flag("enabled")),
            signatures=enabled("required_signatures"),
            conversations=enabled("required_conversation_resolution"),
            linear_history=enabled("required_linear_history"),
            restricts_pushes=item.has_value("restrictions"),
            binds_admins=item.item("enforce_admins").flag("enabled"),
            pull_request_bypass=_allowances(reviews, in_organization),
            force_push_bypass=when(in_organization, unnamed, other=False),
            offered=True,
        ),
    )


def _allowances(reviews: Item, in_organization: Any) -> Any:
    """Whether anyone is allowed past the pull request; in REST's words.

    GitHub lets people, teams and apps be named in an organization's repositories alone.
    """
    name = "bypass_pull_request_allowances"
    if name not in reviews:
        return when(in_organization, reviews.absent(name), other=False)
    found = reviews.item(name)
    lists = [found.data.get(kind) for kind in ("users", "teams", "apps")]
    if not all(isinstance(actors, list) for actors in lists):
        return True if any(lists) else reviews.odd(name)
    return any(lists)


COLLECTORS = (
    Collector(
        "classic branch protection",
        (ClassicProtection,),
        classic,
        deeper=Depth.STANDARD,
        priced=(Price(Per.REPOSITORY, at_most=True),),
    ),
)
