"""Checks of the default branch's history: force pushes, deletion, signatures, merges."""

from hardenme.facts.github.branch import EffectiveBranchRules
from hardenme.model.check import check
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Passed, Verdict
from hardenme_checks.github.branch_rule import add_rule, decided, nothing_to_guard, rule


@check(
    "GHB108",
    "branch-blocks-force-push",
    title="Default branch allows force pushes",
    severity=Severity.HIGH,
    since="0.1",
)
def branch_blocks_force_push(rules: EffectiveBranchRules) -> Verdict:
    """Force pushes to the default branch are blocked.

    ## Why
    A force push replaces reviewed commits under the same branch name and hides the old ones.

    ## Fix
    Tick "Block force pushes". Correct a bad commit by reverting it in a new one.

    ## Limits
    - GHB115 checks tags.
    - A rule that the roles Write or Maintain can always bypass does not count.
    - GHB110 checks other bypasses.
    """
    if idle := nothing_to_guard(rules):
        return idle
    seen = decided(rules, "non_fast_forward", rules.blocks_force_push)
    if rules.blocks_force_push:
        return Passed("force pushes are blocked", seen)
    return Failed(
        "force pushes are allowed",
        seen,
        fix=add_rule(rules, 'Tick "Block force pushes"', rule("non_fast_forward")),
    )


@check(
    "GHB109",
    "branch-blocks-deletion",
    title="Default branch can be deleted",
    severity=Severity.MEDIUM,
    since="0.1",
)
def branch_blocks_deletion(rules: EffectiveBranchRules) -> Verdict:
    """The default branch cannot be deleted.

    ## Why
    Deleting and recreating the branch bypasses the rules that protect its history.

    ## Fix
    Tick "Restrict deletions".

    ## Limits
    - Admins can still delete the whole repository.
    """
    if idle := nothing_to_guard(rules):
        return idle
    seen = decided(rules, "deletion", rules.blocks_deletion)
    if rules.blocks_deletion:
        return Passed("deletion is blocked", seen)
    return Failed(
        "the branch can be deleted",
        seen,
        fix=add_rule(rules, 'Tick "Restrict deletions"', rule("deletion")),
    )


@check(
    "GHB111",
    "branch-requires-signatures",
    title="Default branch accepts unsigned commits",
    severity=Severity.LOW,
    since="0.1",
)
def branch_requires_signatures(rules: EffectiveBranchRules) -> Verdict:
    """Commits on the default branch must be signed.

    ## Why
    Anyone can write any name into a commit. With signatures, a stolen token alone cannot push.

    ## Fix
    Tick "Require signed commits", once all contributors have a signing key. GitHub signs what is
    merged on the web.

    ## Limits
    - Any verified signature counts, GitHub's own too.
    - Squash-and-merge then works only for the pull request's author. Merge commits work for
      everyone.
    """
    if idle := nothing_to_guard(rules):
        return idle
    seen = decided(rules, "required_signatures", rules.signatures)
    if rules.signatures:
        return Passed("commits must be signed", seen)
    return Failed(
        "unsigned commits are accepted",
        seen,
        fix=add_rule(rules, 'Tick "Require signed commits"', rule("required_signatures")),
    )


@check(
    "GHB113",
    "branch-linear-history",
    title="Default branch accepts merge commits",
    severity=Severity.LOW,
    since="0.1",
)
def branch_linear_history(rules: EffectiveBranchRules) -> Verdict:
    """The default branch accepts no merge commits.

    ## Why
    A merge commit can contain changes that no review showed.

    ## Fix
    Tick "Require linear history", and allow squash or rebase merging in the repository's settings.
    """
    if idle := nothing_to_guard(rules):
        return idle
    seen = decided(rules, "required_linear_history", rules.linear_history)
    if rules.linear_history:
        return Passed("linear history is required", seen)
    return Failed(
        "merge commits are accepted",
        seen,
        fix=add_rule(rules, 'Tick "Require linear history"', rule("required_linear_history")),
    )
