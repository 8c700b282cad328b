"""Checks of the default branch: that its history stays what it was."""

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
    """The history of the default branch cannot be rewritten.

    ## Why
    A force push replaces reviewed commits by others under the same branch name, and hides what was
    there before.

    ## Fix
    Tick Block force pushes. A commit with a mistake is then followed by one that reverts it.

    ## Limits
    Looks at the default branch only. Tags need a ruleset of their own: GHB115 asks for it. A rule
    that the roles Write or Maintain may bypass at any time does not count. Whoever else is on a
    bypass list, or may force push in spite of classic protection, is GHB110's question.
    """
    if idle := nothing_to_guard(rules):
        return idle
    seen = decided(rules, "non_fast_forward", rules.blocks_force_push)
    if rules.blocks_force_push:
        return Passed("force pushes are blocked", seen)
    return Failed(
        "force pushes are allowed",
        seen,
        fix=add_rule(rules, "Tick Block force pushes", rule("non_fast_forward")),
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
    Deleting and making it anew gets around what guards its history, and breaks every build that
    follows it.

    ## Fix
    Tick Restrict deletions.

    ## Limits
    The repository as a whole can still be deleted by its administrators.
    """
    if idle := nothing_to_guard(rules):
        return idle
    seen = decided(rules, "deletion", rules.blocks_deletion)
    if rules.blocks_deletion:
        return Passed("deletion is blocked", seen)
    return Failed(
        "the branch can be deleted",
        seen,
        fix=add_rule(rules, "Tick Restrict deletions", rule("deletion")),
    )


@check(
    "GHB111",
    "branch-requires-signatures",
    title="Default branch accepts unsigned commits",
    severity=Severity.LOW,
    since="0.1",
)
def branch_requires_signatures(rules: EffectiveBranchRules) -> Verdict:
    """Commits on the default branch are signed.

    ## Why
    A signature ties a commit to a key and not only to a name that anybody can write. Whoever steals
    a token but not the key is then refused.

    ## Fix
    Tick Require signed commits, once everybody who contributes has a signing key. GitHub signs what
    is merged on the web.

    ## Limits
    Any verified signature counts, GitHub's own too; it does not say that the signer was the right
    person. With required signed commits, squash-and-merge on GitHub works only for the pull
    request's own author. Merge commits work for everybody.
    """
    if idle := nothing_to_guard(rules):
        return idle
    seen = decided(rules, "required_signatures", rules.signatures)
    if rules.signatures:
        return Passed("commits must be signed", seen)
    return Failed(
        "unsigned commits are accepted",
        seen,
        fix=add_rule(rules, "Tick Require signed commits", rule("required_signatures")),
    )


@check(
    "GHB113",
    "branch-linear-history",
    title="Default branch accepts merge commits",
    severity=Severity.LOW,
    since="0.1",
)
def branch_linear_history(rules: EffectiveBranchRules) -> Verdict:
    """The default branch takes no merge commits.

    ## Why
    In a straight line each change stands once and can be read and taken back; a merge commit can
    carry changes that no review showed.

    ## Fix
    Tick Require linear history, and allow squash or rebase merging in the repository's settings.
    """
    if idle := nothing_to_guard(rules):
        return idle
    seen = decided(rules, "required_linear_history", rules.linear_history)
    if rules.linear_history:
        return Passed("the history is a straight line", seen)
    return Failed(
        "merge commits are accepted",
        seen,
        fix=add_rule(rules, "Tick Require linear history", rule("required_linear_history")),
    )


CHECKS = (
    branch_blocks_force_push,
    branch_blocks_deletion,
    branch_requires_signatures,
    branch_linear_history,
)
