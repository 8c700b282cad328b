"""Checks of the default branch: how a change is reviewed."""

from hardenme.facts.github.branch import EffectiveBranchRules
from hardenme.facts.github.files import WorkflowOwners
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
from hardenme_checks.github.repository_files import name_owners
from hardenme_checks.github.workflow_words import kept, listed
from hardenme_checks.wording import count


def _no_review(rules: EffectiveBranchRules, limits: Limits) -> NotApplicable | None:
    """The verdict where no review can be asked for; None if one can."""
    if idle := nothing_to_guard(rules):
        return idle
    if limits.solo and not rules.approves(1):
        return NotApplicable(
            "a single maintainer has no reviewer: GHB103 names what to use instead",
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
    """Merging requires at least the number of approvals that the profile sets.

    ## Why
    With required approvals, an attacker with one stolen account can propose a change but not merge
    it.

    ## Fix
    Set "Required approvals". No one can approve their own pull request. A single maintainer leaves
    it at 0 and relies on required checks, signed commits and a protected publishing environment.

    ## Limits
    - Does not show who reviews, or how well. An app counts like a person.
    - A team's approvals count if a ruleset requires them for every file.
    - A rule that the roles Write or Maintain can bypass does not count, even for pull requests
      only.
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
            "no approval is required, and a single maintainer has no reviewer",
            seen,
            fix=_compensate(rules),
            severity=Severity.INFO,
        )
    return Failed(
        f"{count(approvals, 'approval')} required, at least {needed} needed",
        seen,
        fix=add_rule(rules, f'Set "Required approvals" to {needed}', pull_request_rule(needed)),
    )


def _compensate(rules: EffectiveBranchRules) -> Fix:
    return add_rule(
        rules,
        f"Use {COMPENSATIONS['GHB103'].controls}, until there is a second person",
    )


@check(
    "GHB104",
    "branch-dismisses-stale-approvals",
    title="Approvals stay valid after new commits",
    severity=Severity.MEDIUM,
    since="0.1",
)
def branch_dismisses_stale_approvals(rules: EffectiveBranchRules, limits: Limits) -> Verdict:
    """A new push dismisses earlier approvals.

    ## Why
    Otherwise an attacker gets a harmless change approved, then pushes a harmful commit under the
    same approval.

    ## Fix
    Tick "Dismiss stale pull request approvals when new commits are pushed".

    ## Limits
    - Has no effect without required approvals (GHB103).
    - Does not apply in the solo profile without them.
    """
    if idle := _no_review(rules, limits):
        return idle
    seen = decided(rules, "dismiss_stale_reviews_on_push", rules.dismisses_stale)
    if rules.dismisses_stale:
        return Passed("a new push dismisses approvals", seen)
    return Failed(
        "approvals stay valid after a new push",
        seen,
        fix=add_rule(
            rules,
            'Tick "Dismiss stale pull request approvals when new commits are pushed"',
            pull_request_rule(dismiss_stale_reviews_on_push=True),
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
    """Someone other than the last person to push approves a change.

    ## Why
    Otherwise one account can push to someone else's pull request and then approve it.

    ## Fix
    Tick "Require approval of the most recent reviewable push".

    ## Limits
    - Does not apply in the solo profile without required approvals: it would block every merge.
    """
    if idle := _no_review(rules, limits):
        return idle
    seen = decided(rules, "require_last_push_approval", rules.last_push_approval)
    if rules.last_push_approval:
        return Passed("the last push needs someone else's approval", seen)
    return Failed(
        "the last person to push can approve",
        seen,
        fix=add_rule(
            rules,
            'Tick "Require approval of the most recent reviewable push"',
            pull_request_rule(require_last_push_approval=True),
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
    """A code owner approves changes to their files.

    ## Why
    Changes to workflows need a reviewer who knows what they can break, not just any writer.

    ## Fix
    Name owners in CODEOWNERS, at least for `.github/`, and tick "Require review from Code Owners".
    If a file's only owner is away, it cannot be changed.

    ## Limits
    - Every workflow file and local action needs an owner in CODEOWNERS (GHR121).
    - A ruleset that requires a team for `.github/` counts too.
    - Does not apply in the solo profile without required approvals.
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
        "a code owner's approval is not required",
        seen | ({} if isinstance(owners, Unknown) else _owners_seen(owners)),
        fix=add_rule(
            rules,
            'Tick "Require review from Code Owners"',
            pull_request_rule(require_code_owner_review=True),
        ),
    )


def _owned(owners: WorkflowOwners, seen: Seen) -> Verdict:
    """Whether the rule that an owner approves binds a change of what workflows run."""
    path = owners.path
    if path is not None and not owners.unowned:
        return Passed("a code owner must approve", {**seen, "unowned": []})
    evidence = seen | _owners_seen(owners)
    message = "a code owner must approve, but there is no CODEOWNERS file"
    if path is not None:
        message = f"a code owner must approve, but no one owns {listed(owners.unowned)}"
    return Failed(
        message,
        evidence,
        fix=name_owners(owners),
    )


def _owners_seen(owners: WorkflowOwners) -> Seen:
    """The file that names code owners, and what of the workflows none of them owns."""
    seen: Seen = {"path": owners.path}
    return seen if owners.path is None else seen | {"unowned": kept(owners.unowned)}


@check(
    "GHB112",
    "branch-resolves-conversations",
    title="Pull requests can be merged with open conversations",
    severity=Severity.LOW,
    since="0.1",
)
def branch_resolves_conversations(rules: EffectiveBranchRules) -> Verdict:
    """All conversations in a pull request are resolved before merging.

    ## Why
    A reviewer's warning helps only if someone must answer it before the merge.

    ## Fix
    Tick "Require conversation resolution before merging".

    ## Limits
    - Anyone with write access can resolve a conversation, its author too.
    """
    if idle := nothing_to_guard(rules):
        return idle
    seen = decided(rules, "required_review_thread_resolution", rules.conversations)
    if rules.conversations:
        return Passed("conversations must be resolved", seen)
    return Failed(
        "pull requests can be merged with open conversations",
        seen,
        fix=add_rule(
            rules,
            'Tick "Require conversation resolution before merging"',
            pull_request_rule(required_review_thread_resolution=True),
        ),
    )
