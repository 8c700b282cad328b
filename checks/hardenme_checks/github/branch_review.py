"""Checks of the default branch: how a change is reviewed."""

from hardenme.facts.github.branch import EffectiveBranchRules
from hardenme.facts.github.files import WorkflowOwners
from hardenme.facts.github.site import full_name
from hardenme.model.check import check
from hardenme.model.compensation import COMPENSATIONS
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.github.branch_rule import (
    add_rule,
    decided,
    nothing_to_guard,
    pull_request_rule,
)
from hardenme_checks.github.workflow_words import kept, listed
from hardenme_checks.wording import count


def _no_review(rules: EffectiveBranchRules, limits: Limits) -> NotApplicable | None:
    """The verdict where no review can be asked for; None where one can."""
    if idle := nothing_to_guard(rules):
        return idle
    if limits.solo and not rules.approves(1):
        return NotApplicable(
            "nobody else is there to review: GHB103 names what stands in for it",
            {"profile": limits.profile, "required_approving_review_count": 0},
        )
    return None


@check(
    "GHB103",
    "branch-requires-approval",
    title="Default branch requires too few approvals",
    severity=Severity.HIGH,
    since="0.1",
)
def branch_requires_approval(rules: EffectiveBranchRules, limits: Limits) -> Verdict:
    """A change needs the approval of as many others as the profile asks for.

    ## Why
    Whoever steals one account can then propose a change but not merge it.

    ## Fix
    Set Required approvals. Nobody can approve their own pull request: with one maintainer only,
    leave it at 0 and rely on required checks, signed commits and a guarded publish environment.

    ## Limits
    Does not see who reviews, nor how well. An app that may approve counts like a person. Approvals
    by a team count where a ruleset asks for them whatever file is changed. A rule that the roles
    Write or Maintain may bypass, at any time or for pull requests only, does not count.
    """
    if idle := nothing_to_guard(rules):
        return idle
    needed = max(limits.approvals, 1)
    if rules.approves(needed):
        least = rules.least_approvals
        return Passed(
            f"at least {count(least, 'approval')} required",
            {"required_approving_review_count": least},
        )
    approvals = rules.approvals
    seen = decided(rules, "required_approving_review_count", approvals)
    seen["profile"] = limits.profile
    if limits.solo:
        return Failed(
            "no approval is required, and nobody else is there to give one",
            seen,
            fix=_compensate(rules),
            severity=Severity.INFO,
        )
    return Failed(
        f"{count(approvals, 'approval')} required, fewer than {needed}",
        seen,
        fix=add_rule(rules, f"Set Required approvals to {needed}", pull_request_rule(needed)),
    )


def _compensate(rules: EffectiveBranchRules) -> Fix:
    return add_rule(
        rules,
        f"Rely on {COMPENSATIONS['GHB103'].controls}: these stand in for the second person until"
        " there is one",
    )


@check(
    "GHB104",
    "branch-dismisses-stale-approvals",
    title="Approvals stay valid after new commits",
    severity=Severity.MEDIUM,
    since="0.1",
)
def branch_dismisses_stale_approvals(rules: EffectiveBranchRules, limits: Limits) -> Verdict:
    """A new push takes earlier approvals back.

    ## Why
    Otherwise a harmless change is approved first, and the harmful commit is pushed afterwards under
    the same approval.

    ## Fix
    Tick Dismiss stale pull request approvals when new commits are pushed. Reviewers have to look
    again after each push.

    ## Limits
    Without required approvals there is nothing to take back: GHB103 comes first. Where one person
    works alone it does not apply.
    """
    if idle := _no_review(rules, limits):
        return idle
    seen = decided(rules, "dismiss_stale_reviews_on_push", rules.dismisses_stale)
    if rules.dismisses_stale:
        return Passed("a new push takes approvals back", seen)
    return Failed(
        "approvals stay after a new push",
        seen,
        fix=add_rule(
            rules,
            "Tick Dismiss stale pull request approvals when new commits are pushed",
            pull_request_rule(limits.approvals, dismiss_stale_reviews_on_push=True),
        ),
    )


@check(
    "GHB105",
    "branch-requires-last-push-approval",
    title="Last person to push can approve the pull request",
    severity=Severity.MEDIUM,
    since="0.1",
)
def branch_requires_last_push_approval(rules: EffectiveBranchRules, limits: Limits) -> Verdict:
    """Somebody other than the last pusher approves a change.

    ## Why
    Otherwise one account can push to somebody else's pull request and then approve it itself.

    ## Fix
    Tick Require approval of the most recent reviewable push.

    ## Limits
    Where one person works alone it does not apply: it would stop every merge.
    """
    if idle := _no_review(rules, limits):
        return idle
    seen = decided(rules, "require_last_push_approval", rules.last_push_approval)
    if rules.last_push_approval:
        return Passed("the last push needs somebody else's approval", seen)
    return Failed(
        "the last pusher may approve",
        seen,
        fix=add_rule(
            rules,
            "Tick Require approval of the most recent reviewable push",
            pull_request_rule(limits.approvals, require_last_push_approval=True),
        ),
    )


@check(
    "GHB106",
    "branch-requires-code-owner",
    title="Changes can be merged without a code owner's approval",
    severity=Severity.MEDIUM,
    since="0.1",
)
def branch_requires_code_owner(
    rules: EffectiveBranchRules, limits: Limits, owners: WorkflowOwners | Unknown
) -> Verdict | Unknown:
    """An owner of the changed files approves a change.

    ## Why
    Workflows and build files deserve the eyes of those who know what they may break. Without this
    any writer's approval opens them.

    ## Fix
    Name owners in CODEOWNERS, at least of `.github/`, and tick Require review from Code Owners. A
    file whose only owner is away cannot be changed.

    ## Limits
    The rule binds nobody where a file has no owner: each workflow file and local action is held
    against CODEOWNERS, as by GHR121. A ruleset that asks a team to approve each change in
    `.github/` counts too. Where one person works alone it does not apply.
    """
    if idle := _no_review(rules, limits):
        return idle
    seen = decided(rules, "require_code_owner_review", rules.code_owner_review)
    if rules.code_owner_review:
        owned = owners if isinstance(owners, Unknown) else _owned(owners, seen)
        if not isinstance(owned, Passed) and rules.team_review:
            return Passed("a team must approve each change in .github/", {**seen, "team": True})
        return owned
    return Failed(
        "no code owner needs to approve",
        seen,
        fix=add_rule(
            rules,
            "Tick Require review from Code Owners",
            pull_request_rule(limits.approvals, require_code_owner_review=True),
        ),
    )


def _owned(owners: WorkflowOwners, seen: Seen) -> Verdict:
    """Whether the rule that an owner approves binds a change of what workflows run."""
    path = owners.path
    if path is not None and not owners.unowned:
        return Passed("a code owner must approve", {**seen, "unowned": []})
    told = {**seen, "path": path}
    message = "a code owner must approve, but there is no file of code owners"
    if path is not None:
        message = f"a code owner must approve, but nobody owns {listed(owners.unowned)}"
        told["unowned"] = kept(owners.unowned)
    return Failed(
        message,
        told,
        fix=Fix(
            f"Name owners of /.github/ and of each action in {path or '.github/CODEOWNERS'}",
            page=owners.page("repo", repo=full_name(owners)),
            needs="write access to the repository; each owner needs it too",
            undo="Revert the commit",
        ),
    )


@check(
    "GHB112",
    "branch-resolves-conversations",
    title="Pull requests can be merged with open conversations",
    severity=Severity.LOW,
    since="0.1",
)
def branch_resolves_conversations(rules: EffectiveBranchRules, limits: Limits) -> Verdict:
    """Every conversation in a pull request is resolved before it is merged.

    ## Why
    A warning in a review helps only where somebody must answer it.

    ## Fix
    Tick Require conversation resolution before merging.

    ## Limits
    Anybody who can write may resolve a conversation, its author too.
    """
    if idle := nothing_to_guard(rules):
        return idle
    seen = decided(rules, "required_review_thread_resolution", rules.conversations)
    if rules.conversations:
        return Passed("conversations must be resolved", seen)
    return Failed(
        "conversations may stay open",
        seen,
        fix=add_rule(
            rules,
            "Tick Require conversation resolution before merging",
            pull_request_rule(limits.approvals, required_review_thread_resolution=True),
        ),
    )


CHECKS = (
    branch_requires_approval,
    branch_dismisses_stale_approvals,
    branch_requires_last_push_approval,
    branch_requires_code_owner,
    branch_resolves_conversations,
)
