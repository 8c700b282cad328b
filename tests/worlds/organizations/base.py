"""The organizations with their people, repositories and tokens, before any aspect is added."""

from __future__ import annotations

from datetime import datetime, timedelta

from hardenme.sandbox.github.rest.plain import ORG, REPO, weak_of
from hardenme.sandbox.github.scenario.rulebook import release_tags, strict_branch
from hardenme.sandbox.github.state.organization import OrganizationRole
from hardenme.sandbox.github.world import (
    ActionsPolicy,
    Email,
    Organization,
    OrganizationSettings,
    Repository,
    SecurityAndAnalysis,
    Token,
    User,
    World,
)

WEAK, STRICT = "bramble-labs", "cedar-labs"
WEAK_CLASSIC = "ghp_CANARYthorn000000000000000000000000000"
WEAK_MEMBER = "ghp_CANARYnettle00000000000000000000000000"
WEAK_FINE_GRAINED = "github_pat_CANARYbramble00000000_" + "0" * 54
WEAK_APP = "ghs_CANARYbramble000000000000000000000000"
STRICT_CLASSIC = "ghp_CANARYlinden00000000000000000000000000"
STRICT_FINE_GRAINED = "github_pat_CANARYcedar0000000000_" + "0" * 54
STRICT_APP = "ghs_CANARYcedar00000000000000000000000000"
SCOPES = frozenset({"repo", "admin:org", "admin:org_hook", "user"})
PERMISSIONS = (
    "organization_administration", "members", "organization_hooks", "organization_secrets",
    "organization_dependabot_secrets", "organization_self_hosted_runners",
    "organization_custom_org_roles", "organization_custom_roles", "metadata", "administration",
    "actions", "environments",
    "secrets", "dependabot_secrets", "repository_hooks", "vulnerability_alerts",
    "secret_scanning_alerts", "security_events", "contents", "organization_plan",
    "organization_actions_variables",
)  # fmt: skip
APP_PERMISSIONS = (
    *PERMISSIONS, "organization_personal_access_tokens",
    "organization_personal_access_token_requests",
)  # fmt: skip
MEMBER: OrganizationRole = "member"
OWNER: OrganizationRole = "admin"


def weak(now: datetime) -> World:
    """One owner, three members, an outsider; nothing is set up with care."""
    logins = ("thorn", "nettle", "thistle", "burdock", "stray")
    roles: dict[str, OrganizationRole] = {"thorn": OWNER}
    organization = Organization(
        WEAK,
        3301,
        now - timedelta(days=1500),
        members=roles | dict.fromkeys(logins[1:4], MEMBER),
        plan="team",
        settings=OrganizationSettings(
            default_repository_permission="write",
            members_can_delete_issues=True,
            members_can_fork_private_repositories=True,
        ),
        actions=ActionsPolicy(
            default_workflow_permissions="write", can_approve_pull_request_reviews=True
        ),
        plain=weak_of(ORG),
    )
    return World(
        now=now,
        users=people(logins, 3100, now),
        organizations=[organization],
        repositories=[
            repository(WEAK, "briar", 33101, now, plain=weak_of(REPO)),
            repository(WEAK, "hedge", 33102, now, visibility="private"),
            repository(WEAK, "stump", 33103, now, archived=True),
            repository(WEAK, "seed", 33104, now, default_branch=None),
            repository(WEAK, "graft", 33105, now, fork=True),
            repository(WEAK, "mould", 33106, now, template=True),
        ],
        tokens=[
            *_tokens(now, WEAK, "thorn", (WEAK_CLASSIC, WEAK_FINE_GRAINED, WEAK_APP)),
            Token(WEAK_MEMBER, "classic", "nettle", SCOPES, expires_at=now + timedelta(days=20)),
        ],
    )


def strict(now: datetime) -> World:
    """Two owners, two members, an outsider; a ruleset of the organization binds everybody."""
    logins = ("linden", "alder", "maple", "birch", "guest")
    organization = Organization(
        STRICT,
        3302,
        now - timedelta(days=1500),
        members=dict.fromkeys(logins[:2], OWNER) | dict.fromkeys(logins[2:4], MEMBER),
        plan="team",
        verified=True,
        settings=OrganizationSettings(
            two_factor_requirement_enabled=True,
            default_repository_permission="none",
            members_can_create_public_repositories=False,
            members_can_delete_repositories=False,
            members_can_change_repo_visibility=False,
            members_can_invite_outside_collaborators=False,
            deploy_keys_enabled_for_repositories=False,
        ),
        actions=ActionsPolicy(allowed_actions="selected", sha_pinning_required=True),
        rulesets=[strict_branch(9301, STRICT, now), release_tags(9302, STRICT, now)],
    )
    return World(
        now=now,
        users=people(logins, 3200, now),
        organizations=[organization],
        repositories=[
            repository(STRICT, "cone", 33201, now, careful=True),
            repository(STRICT, "resin", 33202, now, careful=True, visibility="private"),
            repository(STRICT, "bark", 33203, now, careful=True, archived=True),
        ],
        tokens=_tokens(now, STRICT, "linden", (STRICT_CLASSIC, STRICT_FINE_GRAINED, STRICT_APP)),
    )


def people(logins: tuple[str, ...], number: int, now: datetime) -> list[User]:
    """Users with these logins, numbered from a number on."""
    return [
        User(
            login,
            number + position,
            now - timedelta(days=1600),
            emails=[Email(f"{login}@mail.example", primary=True, visibility="private")],
        )
        for position, login in enumerate(logins)
    ]


def repository(
    owner: str,
    name: str,
    number: int,
    now: datetime,
    *,
    careful: bool = False,
    **traits: object,
) -> Repository:
    """A repository that was pushed to four days ago; `careful` with every switch on."""
    state = "enabled" if careful else "disabled"
    return Repository(
        owner,
        name,
        number,
        now - timedelta(days=900),
        now - timedelta(days=4),
        security=SecurityAndAnalysis(state, state),  # type: ignore[arg-type]  # one of the two words
        vulnerability_alerts_enabled=careful,
        private_vulnerability_reporting=careful,
        files={"SECURITY.md": b"Write to us.\n"} if careful else {},
        **traits,  # type: ignore[arg-type]  # passed on as they are
    )


def _tokens(now: datetime, org: str, owner: str, values: tuple[str, str, str]) -> list[Token]:
    ends = now + timedelta(days=20)
    classic, fine_grained, app = values
    return [
        Token(classic, "classic", owner, SCOPES, expires_at=ends),
        Token(
            fine_grained,
            "fine-grained",
            owner,
            permissions=dict.fromkeys(PERMISSIONS, "read"),
            owner=org,
            expires_at=ends,
        ),
        Token(
            app,
            "installation",
            None,
            permissions=dict.fromkeys(APP_PERMISSIONS, "read"),
            owner=org,
            expires_at=now + timedelta(hours=1),
        ),
    ]
