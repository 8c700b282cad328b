"""Checks of the default branch: whether it is protected, and who can bypass its rules."""

from hardenme.facts.github.branch import DefaultBranch, EffectiveBranchRules
from hardenme.model.check import check
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Passed, Verdict
from hardenme_checks.github.branch_rule import (
    FIRST_RULES,
    FIRST_STEP,
    NEW_RULESET,
    add_rule,
    bind_everybody,
    decided,
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
def branch_protected(rules: DefaultBranch) -> Verdict:
    """At least one active rule protects the default branch.

    ## Why
    One stolen account or token that can push changes what you release. In May 2026 stolen
    credentials pushed a workflow into over 5,000 repositories.

    ## Fix
    1. Choose "New branch ruleset", set it to "Active", and target the default branch. A private
       repository needs a paid plan.
    2. Tick "Restrict deletions", "Block force pushes" and "Require a pull request before merging".
       Direct pushes are then refused, yours too.

    ## Limits
    - Rulesets in "Evaluate" mode do not count.
    - GHB102 to GHB114 check the rules.
    """
    if idle := nothing_to_guard(rules):
        return idle
    if rules.protected:
        return Passed("the default branch is protected", {"guarded_by": list(rules.guarded_by)})
    protection = "Branch not protected" if rules.offered else "not offered by the plan"
    return Failed(
        "no active rule protects the default branch",
        {"active_rules": rules.rules, "branch_protection": protection},
        fix=add_rule(rules, FIRST_STEP, *FIRST_RULES),
    )


@check(
    "GHB102",
    "branch-requires-pull-request",
    title="Default branch does not require pull requests",
    severity=Severity.HIGH,
    since="0.1",
)
def branch_requires_pull_request(rules: EffectiveBranchRules) -> Verdict:
    """The default branch changes by pull request only.

    ## Why
    A direct push is released before anyone else sees it. In June 2026 one account published 32
    @redhat-cloud-services packages that way.

    ## Fix
    Tick "Require a pull request before merging". Direct pushes are then refused, yours too: bots
    need a pull request or their own bypass.

    ## Limits
    - A rule that the roles Write or Maintain can always bypass does not count.
    - GHB110 checks other bypasses.
    """
    if idle := nothing_to_guard(rules):
        return idle
    seen = decided(rules, "pull_request", rules.pull_request)
    if rules.pull_request:
        return Passed("pull requests are required", seen)
    return Failed(
        "anyone with write access can push directly",
        seen,
        fix=add_rule(
            rules,
            'Tick "Require a pull request before merging"',
            pull_request_rule(),
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
    """Merging requires at least one passing status check.

    ## Why
    Without a required check, a failing pull request can be merged in a hurry.

    ## Fix
    Tick "Require status checks to pass" and add jobs that run for every pull request. A job that
    never starts blocks the merge.

    ## Limits
    - Does not show what the checks do.
    """
    if idle := nothing_to_guard(rules):
        return idle
    if rules.requires_checks():
        number = rules.least_checks
        return Passed(
            f"at least {count(number, 'status check')} required", {"status_checks": number}
        )
    return Failed(
        "no status check is required",
        {"required_status_checks": []},
        fix=add_rule(
            rules,
            f'{NEW_RULESET}. Tick "Require status checks to pass", and add jobs that run for every'
            " pull request",
        ),
    )


@check(
    "GHB110",
    "branch-binds-admins",
    title="Rules of the default branch can be bypassed",
    severity=Severity.MEDIUM,
    since="0.1",
)
def branch_binds_admins(rules: EffectiveBranchRules) -> Verdict:
    """No one can bypass the rules of the default branch, admins included.

    ## Why
    An account that can bypass the rules is the one worth stealing: an admin, role, team, app or
    deploy key.

    ## Fix
    - Empty the bypass list of each ruleset.
    - Tick "Do not allow bypassing the above settings" where classic protection is used. Allow no
      actors to bypass or force push there. An admin can still change a rule in an emergency.

    ## Limits
    - Checks the rules for pull requests and force pushes, or the others if both are missing.
    - GitHub shows a bypass list only to people who can change it. What is not visible is unknown.
    - GraphQL alone shows who can force push despite classic protection.
    - Members of a custom role are unknown.
    """
    if idle := nothing_to_guard(rules):
        return idle
    if not rules.protected:
        return Failed(
            "no rule applies to anyone",
            {"active_rules": 0},
            fix=add_rule(
                rules, f"{FIRST_STEP}. Leave the ruleset's bypass list empty", *FIRST_RULES
            ),
        )
    if rules.binds_everybody:
        compared = {"pull requests": rules.pull_request, "force pushes": rules.blocks_force_push}
        named = " and ".join(name for name, is_set in compared.items() if is_set)
        what = f"the rules for {named}" if named else "one of its rulesets or classic protection"
        return Passed(f"no one can bypass {what}", {"binds_everybody": True})
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
    If every writer can merge, every stolen writer's account can release.

    ## Fix
    Add a ruleset with "Restrict updates" alone. Put the people who merge on its bypass list: a
    bypass is for all rules of its ruleset. No one else can merge then, admins included.

    ## Limits
    - Does not check how long the list is.
    """
    if idle := nothing_to_guard(rules):
        return idle
    seen = decided(rules, "update", rules.restricts_pushes)
    if rules.restricts_pushes:
        return Passed("only named people, teams or apps can push", seen)
    step = (
        'Add a ruleset for the default branch with "Restrict updates" alone. Put the people who'
        " merge on its bypass list"
    )
    return Failed("anyone with write access can push", seen, fix=add_rule(rules, step))
