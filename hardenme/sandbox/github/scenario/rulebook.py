"""Rulesets as careful and as careless people write them."""

from __future__ import annotations

from datetime import datetime, timedelta

from hardenme.sandbox.github.world import (
    BranchProtection,
    BypassActor,
    ReviewProtection,
    Rule,
    Ruleset,
    StatusChecks,
)

AGE = timedelta(days=200)
ADMIN_ROLE = 5


def strict_rules() -> list[Rule]:
    """Everything that the catalogue asks of a default branch."""
    return [
        Rule("deletion"),
        Rule("non_fast_forward"),
        Rule("required_linear_history"),
        Rule("required_signatures"),
        Rule(
            "pull_request",
            {
                "required_approving_review_count": 1,
                "dismiss_stale_reviews_on_push": True,
                "require_code_owner_review": True,
                "require_last_push_approval": True,
                "required_review_thread_resolution": True,
                "allowed_merge_methods": ["squash", "rebase"],
            },
        ),
        Rule(
            "required_status_checks",
            {
                "strict_required_status_checks_policy": True,
                "do_not_enforce_on_create": False,
                "required_status_checks": [{"context": "test", "integration_id": 15368}],
            },
        ),
    ]


def strict_branch(number: int, source: str, now: datetime) -> Ruleset:
    """A ruleset on the default branch that no one passes by."""
    return Ruleset(
        id=number,
        name="Protect the default branch",
        source=source,
        created_at=now - AGE,
        updated_at=now - AGE,
        rules=strict_rules(),
    )


def release_tags(number: int, source: str, now: datetime) -> Ruleset:
    """A ruleset that keeps release tags where they are."""
    return Ruleset(
        id=number,
        name="Keep release tags",
        source=source,
        created_at=now - AGE,
        updated_at=now - AGE,
        target="tag",
        include=["refs/tags/v*"],
        rules=[Rule("creation"), Rule("update"), Rule("deletion")],
        bypass_actors=[BypassActor("RepositoryRole", ADMIN_ROLE)],
    )


def release_branch(number: int, source: str, now: datetime) -> Ruleset:
    """A ruleset on a release branch other than the default one."""
    return Ruleset(
        id=number,
        name="Keep the next release",
        source=source,
        created_at=now - AGE,
        updated_at=now - AGE,
        include=["refs/heads/next"],
        rules=[Rule("deletion"), Rule("pull_request", {})],
        bypass_actors=[BypassActor("RepositoryRole", ADMIN_ROLE)],
    )


def rehearsal(number: int, source: str, now: datetime) -> Ruleset:
    """A strict ruleset in `evaluate` mode: it looks like protection and protects nothing."""
    ruleset = strict_branch(number, source, now)
    ruleset.name, ruleset.enforcement = "Protect main (trial)", "evaluate"
    return ruleset


def with_bypass(number: int, source: str, now: datetime) -> Ruleset:
    """A ruleset that administrators always pass by."""
    ruleset = strict_branch(number, source, now)
    ruleset.bypass_actors = [BypassActor("RepositoryRole", ADMIN_ROLE)]
    return ruleset


def loose_protection(number: int) -> BranchProtection:
    """Classic protection that exempts administrators, asks no review and allows force pushes."""
    return BranchProtection(
        pattern="main",
        id=number,
        status_checks=StatusChecks([("build", None)], strict=False),
        allow_force_pushes=True,
    )


def firm_protection(number: int) -> BranchProtection:
    """Classic protection without a gap."""
    return BranchProtection(
        pattern="main",
        id=number,
        enforce_admins=True,
        reviews=ReviewProtection(
            required_approving_review_count=1,
            dismiss_stale_reviews=True,
            require_code_owner_reviews=True,
            require_last_push_approval=True,
        ),
        status_checks=StatusChecks([("test", 15368)], strict=True),
        required_signatures=True,
        required_linear_history=True,
        required_conversation_resolution=True,
    )
