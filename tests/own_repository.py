"""This project as a repository on GitHub: its own files, and the settings that it is to have.

The files are those of the checkout. What no file decides stands in `.github/settings.toml`, and is
known only once someone has compared that with GitHub.
"""

from __future__ import annotations

import subprocess
import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from hardenme.ground.distribution import OWNER
from hardenme.model.fact import Attestation
from hardenme.sandbox.github.world import (
    ActionsPolicy,
    BypassActor,
    Environment,
    Organization,
    OrganizationSettings,
    Release,
    Repository,
    Rule,
    Ruleset,
    SecurityAndAnalysis,
    Token,
    User,
    World,
)

ROOT = Path(__file__).parent.parent
DECLARED: dict[str, Any] = tomllib.loads((ROOT / ".github" / "settings.toml").read_text())
NAME = "hardenme/hardenme"
STATEMENT = frozenset({"attested-by", "attested-on", "until"})
TOKEN = "ghp_CANARYownproject0000000000000000000000"
SCOPES = frozenset({"repo", "admin:org", "user"})
OWNED = ".github/CODEOWNERS"
ACTIONS = 15368
"""GitHub's number of the app that reports what workflows came to."""
OWNERS = ("hazel", "rowan", "alder")
TEAM = 8101


def attestation() -> Attestation | None:
    """Who compared the settings with GitHub, when, and until when it counts; None for no one."""
    if STATEMENT.isdisjoint(DECLARED):
        return None
    assert DECLARED.keys() >= STATEMENT, "a part of the statement is not filled in"

    def midnight(day: date) -> datetime:
        return datetime.combine(day, time(), UTC)

    return Attestation(
        DECLARED["attested-by"],
        midnight(DECLARED["attested-on"]),
        midnight(DECLARED["until"]),
    )


def files() -> dict[str, bytes]:
    """Every file that is, or would be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = filter(None, listed.stdout.decode().split("\0"))
    found = {name: (ROOT / name).read_bytes() for name in names if (ROOT / name).is_file()}
    # As the release checklist has it filled in.
    found[OWNED] = found[OWNED].replace(OWNER.encode(), NAME.partition("/")[0].encode())
    return found


def world(now: datetime) -> World:
    """The project on GitHub, with a token that reads all of it."""
    ages = now - timedelta(days=200)
    settings = DECLARED["organization"]
    users = [User(login, 1101 + number, ages) for number, login in enumerate(OWNERS)]
    assert settings["owners"] == len(users)
    organization = Organization(
        login="hardenme",
        id=2101,
        created_at=ages,
        members=dict.fromkeys(OWNERS, "admin"),
        plan="team",
        verified=True,
        settings=OrganizationSettings(
            two_factor_requirement_enabled=settings["two-factor-required"],
            default_repository_permission=settings["base-permission"],
            members_can_create_public_repositories=settings["members-create-public-repositories"],
            members_can_delete_repositories=settings["members-delete-repositories"],
            members_can_change_repo_visibility=settings["members-change-visibility"],
            members_can_invite_outside_collaborators=settings[
                "members-invite-outside-collaborators"
            ],
            web_commit_signoff_required=True,
            deploy_keys_enabled_for_repositories=settings["deploy-keys"],
        ),
        actions=actions(),
    )
    token = Token(
        TOKEN,
        "classic",
        OWNERS[0],
        SCOPES,
        expires_at=now + timedelta(days=30),
    )
    return World(
        now=now,
        users=users,
        organizations=[organization],
        repositories=[repository(now)],
        tokens=[token],
    )


def actions() -> ActionsPolicy:
    declared = DECLARED["actions"]
    return ActionsPolicy(
        allowed_actions=declared["allowed"],
        patterns_allowed=declared["patterns"],
        sha_pinning_required=declared["sha-pinning-required"],
        default_workflow_permissions=declared["workflow-permissions"],
        can_approve_pull_request_reviews=declared["approve-pull-requests"],
        approval_policy=declared["fork-approval"],
    )


def repository(now: datetime) -> Repository:
    ages = now - timedelta(days=200)
    security, releases = DECLARED["security"], DECLARED["releases"]
    return Repository(
        "hardenme",
        "hardenme",
        4101,
        ages,
        now - timedelta(days=1),
        rulesets=[branch_rules(ages), merging(ages), tag_rules(ages)],
        environments=[environment(ages), pages(ages)],
        actions=actions(),
        security=SecurityAndAnalysis(
            secret_scanning="enabled" if security["secret-scanning"] else "disabled",
            secret_scanning_push_protection="enabled"
            if security["push-protection"]
            else "disabled",
            dependabot_security_updates="enabled",
        ),
        vulnerability_alerts_enabled=security["dependabot-alerts"],
        private_vulnerability_reporting=security["private-vulnerability-reporting"],
        immutable_releases=releases["immutable"],
        immutable_subject=releases["oidc-subject-immutable"],
        releases=[
            Release(
                6101,
                "v0.1.0",
                now - timedelta(days=20),
                OWNERS[0],
                immutable=releases["immutable"],
                assets=released(),
            )
        ],
        files=files(),
    )


def released() -> list[str]:
    """The names of a release's files, as the release workflow gives them."""
    step = (ROOT / ".github" / "workflows" / "release.yml").read_text()
    return [name for name in ("hardenme.cdx.json", "hardenme-image.tar.gz") if f"{name} " in step]


def branch_rules(ages: datetime) -> Ruleset:
    declared = DECLARED["branch"]
    review = {
        "required_approving_review_count": declared["approvals"],
        "dismiss_stale_reviews_on_push": declared["dismiss-stale-reviews"],
        "require_code_owner_review": declared["code-owner-review"],
        "require_last_push_approval": declared["last-push-approval"],
        "required_review_thread_resolution": declared["resolve-conversations"],
        "allowed_merge_methods": ["squash", "rebase"],
    }
    checks = {
        "strict_required_status_checks_policy": True,
        "do_not_enforce_on_create": False,
        "required_status_checks": [
            {"context": name, "integration_id": ACTIONS} for name in declared["checks"]
        ],
    }
    return Ruleset(
        id=7101,
        name=declared["ruleset"],
        source=NAME,
        created_at=ages,
        updated_at=ages,
        rules=[
            *map(Rule, declared["rules"]),
            Rule("pull_request", review),
            Rule("required_status_checks", checks),
        ],
        bypass_actors=[BypassActor("OrganizationAdmin") for _ in declared["bypass"]],
    )


def merging(ages: datetime) -> Ruleset:
    assert DECLARED["branch"]["merging"] == "maintainers"
    return Ruleset(
        id=7103,
        name="Only maintainers merge",
        source=NAME,
        created_at=ages,
        updated_at=ages,
        rules=[Rule("update")],
        bypass_actors=[BypassActor("Team", TEAM, "pull_request")],
    )


def tag_rules(ages: datetime) -> Ruleset:
    declared = DECLARED["tags"]
    return Ruleset(
        id=7102,
        name=declared["ruleset"],
        source=NAME,
        created_at=ages,
        updated_at=ages,
        target="tag",
        include=[declared["pattern"]],
        rules=[*map(Rule, declared["rules"])],
        bypass_actors=[BypassActor("OrganizationAdmin") for _ in declared["bypass"]],
    )


def environment(ages: datetime) -> Environment:
    declared = DECLARED["environment"]
    return Environment(
        6201,
        declared["name"],
        ages,
        ages,
        reviewers=list(OWNERS[: declared["reviewers"]]),
        prevent_self_review=declared["prevent-self-review"],
        branch_policy="custom",
        policies=[("tag", pattern) for pattern in declared["tags"]],
        admins_bypass=declared["admins-bypass"],
    )


def pages(ages: datetime) -> Environment:
    """The environment of the documentation's site."""
    declared = DECLARED["pages"]
    return Environment(
        6202,
        declared["environment"],
        ages,
        ages,
        branch_policy="custom",
        policies=[("branch", name) for name in declared["branches"]],
        admins_bypass=declared["admins-bypass"],
    )
