"""Checks of the default branch: whether it is guarded, and whom the rules bind."""

from hardenme.facts.github.branch import DefaultBranch, EffectiveBranchRules
from hardenme.model.check import check
from hardenme.model.given import Limits
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Passed, Verdict
from hardenme_checks.github.branch_rule import (
    add_rule,
    bind_everybody,
    decided,
    first_rules,
    nothing_to_guard,
    pull_request_rule,
)
from hardenme_checks.wording import count


@check(
    "GHB101",
    "branch-protected",
    title="Default branch is not protected",
    severity=Severity.HIGH,
    since="0.1",
)
def branch_protected(rules: DefaultBranch, limits: Limits) -> Verdict:
    """The default branch is guarded by at least one rule.

    ## Why
    Whoever gets one account or token that can push puts code straight into what is released. In May
    2026 stolen credentials pushed a workflow into more than 5,000 repositories within six hours.

    ## Fix
    Make a branch ruleset for the default branch: no deletion, no force push, changes by pull
    request. From then on a direct push is refused, yours too. On a private repository it takes a
    paid plan.

    ## Limits
    Rulesets that only evaluate guard nothing and do not count. What the rules demand, the other
    checks of branches ask.
    """
    if idle := nothing_to_guard(rules):
        return idle
    if rules.protected:
        return Passed("the default branch is guarded", {"guarded_by": list(rules.guarded_by)})
    step = "Choose New branch ruleset, set it to Active, and target the default branch"
    protection = "Branch not protected" if rules.offered else "not offered by the plan"
    return Failed(
        "no active rule guards the default branch",
        {"active_rules": rules.rules, "branch_protection": protection},
        fix=add_rule(rules, step, *first_rules(limits)),
    )


@check(
    "GHB102",
    "branch-requires-pull-request",
    title="Default branch does not require pull requests",
    severity=Severity.HIGH,
    since="0.1",
)
def branch_requires_pull_request(rules: EffectiveBranchRules, limits: Limits) -> Verdict:
    """Changes of the default branch come by pull request.

    ## Why
    A pull request is where a second person, or at least a check, sees a change before it counts. A
    direct push is released unseen: in June 2026 one stolen GitHub account was enough to publish 32
    packages of @redhat-cloud-services that way.

    ## Fix
    Tick Require a pull request before merging. A direct push is refused from then on, yours too;
    bots that push, for a release perhaps, need a pull request or a bypass of their own.

    ## Limits
    A rule that the roles Write or Maintain may bypass at any time does not count. Whoever else is
    on a bypass list is GHB110's question.
    """
    if idle := nothing_to_guard(rules):
        return idle
    seen = decided(rules, "pull_request", rules.pull_request)
    if rules.pull_request:
        return Passed("changes come by pull request", seen)
    return Failed(
        "anybody who can write can push directly",
        seen,
        fix=add_rule(
            rules, "Tick Require a pull request before merging", pull_request_rule(limits.approvals)
        ),
    )


@check(
    "GHB107",
    "branch-requires-status-checks",
    title="Default branch requires no status checks",
    severity=Severity.MEDIUM,
    since="0.1",
)
def branch_requires_status_checks(rules: EffectiveBranchRules) -> Verdict:
    """A change needs at least one green check before it is merged.

    ## Why
    A required check is the one reviewer that never gets tired: tests, a linter of workflows, a
    comparison of dependencies. Without it a red pull request can be merged in a hurry.

    ## Fix
    Tick Require status checks to pass and add the jobs that must be green. Choose names that every
    pull request runs: one that waits for a job that never starts cannot be merged.

    ## Limits
    Does not know what the checks do.
    """
    if idle := nothing_to_guard(rules):
        return idle
    if rules.requires_checks():
        number = rules.least_checks
        return Passed(f"at least {count(number, 'check')} required", {"status_checks": number})
    return Failed(
        "no check is required",
        {"required_status_checks": []},
        fix=add_rule(rules, "Tick Require status checks to pass, and add the jobs' names"),
    )


@check(
    "GHB110",
    "branch-binds-admins",
    title="Rules of the default branch can be bypassed",
    severity=Severity.MEDIUM,
    since="0.1",
)
def branch_binds_admins(rules: EffectiveBranchRules, limits: Limits) -> Verdict:
    """Nobody can bypass the rules, administrators included.

    ## Why
    The account that is worth stealing is the one that the rules let past. On a bypass list a role,
    a team, an app or a deploy key is as good as an administrator.

    ## Fix
    Empty the ruleset's bypass list. In classic protection tick Do not allow bypassing the above
    settings, and allow no actors to bypass pull requests or to force push. In an emergency an
    administrator can still change the rule, and that is logged.

    ## Limits
    Judges pull requests and force pushes, each by the source that sets it; only where there are
    neither, the other rules. GitHub shows a bypass list only to those who may change the ruleset,
    and who may force push in spite of classic protection only in GraphQL. What is not shown is
    unknown, never none. Who holds a custom role is not looked at: that stays unknown too.
    """
    if idle := nothing_to_guard(rules):
        return idle
    if not rules.protected:
        return Failed(
            "no rule binds anybody",
            {"active_rules": 0},
            fix=add_rule(
                rules, "Make a branch ruleset with an empty bypass list", *first_rules(limits)
            ),
        )
    if rules.binds_everybody:
        return Passed("nobody can bypass the rules", {"binds_everybody": True})
    return Failed(
        "the rules can be bypassed",
        {"binds_everybody": False, "exempted_by": list(rules.exempted_by)},
        fix=bind_everybody(rules),
    )


@check(
    "GHB114",
    "branch-restricts-pushes",
    title="Default branch does not restrict who can push",
    severity=Severity.LOW,
    since="0.1",
    profiles=("strict",),
)
def branch_restricts_pushes(rules: EffectiveBranchRules) -> Verdict:
    """Only named people, teams or apps can push to the default branch.

    ## Why
    With many writers a merge by anybody of them is a release by anybody of them. A short list of
    who merges keeps the rest to proposing.

    ## Fix
    Tick Restrict updates and put those who merge into the bypass list. Whoever is not on it can no
    longer merge, an administrator included.

    ## Limits
    Says that there is such a list, not whether it is short.
    """
    if idle := nothing_to_guard(rules):
        return idle
    seen = decided(rules, "update", rules.restricts_pushes)
    if rules.restricts_pushes:
        return Passed("only named actors can push", seen)
    step = "Tick Restrict updates, with those who merge in the bypass list"
    return Failed("every writer can push", seen, fix=add_rule(rules, step))


CHECKS = (
    branch_protected,
    branch_requires_pull_request,
    branch_requires_status_checks,
    branch_binds_admins,
    branch_restricts_pushes,
)
