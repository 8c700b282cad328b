"""What can be wrong with an organization that is careful otherwise: one weakness, one code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hardenme.sandbox.github.state.connected import App, Installation, RunnerGroup, SsoCredential
from hardenme.sandbox.github.world import (
    ActionsPolicy,
    ForkWorkflows,
    Hook,
    Organization,
    OrganizationInvitation,
    OrganizationSecret,
)

Apply = Callable[[Organization, datetime], None]
LONG = timedelta(days=800)


@dataclass(frozen=True, slots=True)
class OrganizationWeakness:
    """One thing that is wrong with an organization.

    Attributes:
        code: the check that has to find it.
        apply: makes it so.
        unbound: it leaves to each repository what the organization could settle for all.
    """

    code: str
    apply: Apply
    unbound: bool = False


def _setting(name: str, *, value: object) -> Apply:
    def apply(organization: Organization, _now: datetime) -> None:
        setattr(organization.settings, name, value)

    return apply


def _not_verified(organization: Organization, _now: datetime) -> None:
    organization.verified = False


def _standing_credential(organization: Organization, now: datetime) -> None:
    organization.connected.sso_credentials.append(
        SsoCredential(
            8901,
            "birch",
            "personal access token",
            now - LONG,
            accessed_at=now - timedelta(days=300),
            scopes=("repo", "admin:org"),
            name="ci",
        )
    )


def _mighty_app(organization: Organization, now: datetime) -> None:
    rights = {"administration": "write", "contents": "write", "metadata": "read"}
    app = App(5901, "merge-everything", "linden")
    organization.connected.installations.append(Installation(8902, app, now - LONG, rights, "all"))


def _suspended_app(organization: Organization, now: datetime) -> None:
    organization.connected.installations.append(
        Installation(
            8903,
            App(5902, "release-notes", "linden"),
            now - LONG,
            {"contents": "read", "metadata": "read"},
            suspended_at=now - timedelta(days=200),
            suspended_by="linden",
        )
    )


def _hook(number: int, url: str, *, has_secret: bool) -> Apply:
    def apply(organization: Organization, now: datetime) -> None:
        then = now - LONG
        organization.connected.hooks.append(Hook(number, url, then, then, has_secret=has_secret))

    return apply


def _old_invitation(organization: Organization, now: datetime) -> None:
    then = now - timedelta(days=120)
    organization.invitations.append(
        OrganizationInvitation(8904, None, "linden", then, email="temp@mail.example")
    )


def _default_off(organization: Organization, _now: datetime) -> None:
    for configuration in organization.policies.configurations:
        configuration.enforced = False


def _releases_left_open(organization: Organization, _now: datetime) -> None:
    organization.policies.immutable_releases = "none"


def _dependabot_secret(name: str, days: int, *, spread: bool) -> Apply:
    def apply(organization: Organization, now: datetime) -> None:
        then = now - timedelta(days=days)
        secret = OrganizationSecret(name, then, then, "all" if spread else "selected")
        organization.connected.dependabot_secrets.append(secret)

    return apply


def _open_runners(organization: Organization, _now: datetime) -> None:
    group = RunnerGroup(8905, "build machines", allows_public_repositories=True)
    organization.connected.runner_groups.append(group)


def _mighty_role(organization: Organization, _now: datetime) -> None:
    for role in organization.staff.roles or ():
        if role.name == "all_repo_admin":
            role.users.add("birch")


def _open_actions(organization: Organization, _now: datetime) -> None:
    organization.actions = ActionsPolicy(
        default_workflow_permissions="write",
        can_approve_pull_request_reviews=True,
        forks=ForkWorkflows(True, True, True, False),  # noqa: FBT003 (all four switches)
    )


ORGANIZATION: tuple[OrganizationWeakness, ...] = (
    OrganizationWeakness("GHO101", _setting("two_factor_requirement_enabled", value=False)),
    OrganizationWeakness("GHO106", _setting("default_repository_permission", value="write")),
    OrganizationWeakness("GHO107", _setting("members_can_create_public_repositories", value=True)),
    OrganizationWeakness("GHO108", _setting("members_can_delete_repositories", value=True)),
    OrganizationWeakness("GHO109", _setting("members_can_change_repo_visibility", value=True)),
    OrganizationWeakness(
        "GHO110", _setting("members_can_invite_outside_collaborators", value=True)
    ),
    OrganizationWeakness("GHO111", _setting("members_can_fork_private_repositories", value=True)),
    OrganizationWeakness("GHO112", _setting("members_can_delete_issues", value=True)),
    OrganizationWeakness("GHO113", _not_verified),
    OrganizationWeakness("GHO116", _standing_credential),
    OrganizationWeakness("GHO117", _mighty_app),
    OrganizationWeakness("GHO118", _suspended_app),
    OrganizationWeakness("GHO119", _hook(8906, "http://build.example.test/in", has_secret=True)),
    OrganizationWeakness("GHO120", _hook(8907, "https://build.example.test/in", has_secret=False)),
    OrganizationWeakness("GHO121", _old_invitation),
    OrganizationWeakness("GHO124", _default_off),
    OrganizationWeakness("GHO125", _releases_left_open, unbound=True),
    OrganizationWeakness("GHO126", _setting("deploy_keys_enabled_for_repositories", value=True)),
    OrganizationWeakness("GHO128", _dependabot_secret("NPM_PUBLISH_TOKEN", 20, spread=True)),
    OrganizationWeakness("GHO129", _dependabot_secret("MIRROR_ADDRESS", 900, spread=False)),
    OrganizationWeakness("GHO130", _open_runners),
    OrganizationWeakness("GHO133", _mighty_role),
    *(
        OrganizationWeakness(code, _open_actions, unbound=True)
        for code in ("GHW101", "GHW102", "GHW103", "GHW104", "GHW105", "GHW106")
    ),
)
"""All of them: an organization has each one at once.

Too few owners or too many are left out: who owns the organization administers every repository, so
that would be wrong with each of them too.
"""
