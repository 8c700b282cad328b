"""What an attacker can change in an npm account, an npm organization and a package."""

from __future__ import annotations

from hardenme.derive.attacker_changes.change import (
    NO_API,
    NPM_ACCOUNT,
    NPM_ORGANIZATION,
    PACKAGE,
    UNORDERED,
    AttackerChange,
    Visible,
    Watch,
    setting,
    things,
    unread,
)
from hardenme.derive.inventory import npm as inventory
from hardenme.facts.npm.access import PackageCollaborators, PackageVisibility
from hardenme.facts.npm.account import NpmProfile, NpmTwoFactor
from hardenme.facts.npm.history import ReleaseHistory
from hardenme.facts.npm.organization import (
    NpmOrganization,
    NpmOrganizationPackages,
    NpmTeam,
    NpmTeamGrants,
    NpmTeamMembers,
)
from hardenme.facts.npm.package import Package, PackageGrant, PackageRepository
from hardenme.facts.npm.publishing import StagedVersion, TrustedPublisher
from hardenme.facts.npm.token import NpmToken

TOKENS, PROFILE = "tokens", "profile"
CREATED = "created_at"
CHANGES: tuple[AttackerChange, ...] = (
    things(
        *(NPM_ACCOUNT, "npm-token", TOKENS, "npm token", "npm tokens", NpmToken),
        made=CREATED,
        fields=("package_write", "organization_write", "bypass"),
    ),
    setting(
        *(NPM_ACCOUNT, "npm-two-factor", "two-factor", inventory.ACCOUNT, "2FA of the account"),
        NpmTwoFactor,
        fields={"two_factor": ("auth-and-writes", "auth-only", "off")},
    ),
    setting(
        *(NPM_ACCOUNT, "npm-email", "email", inventory.ACCOUNT, "the email address", NpmProfile),
        fields=dict.fromkeys(("email", "email_verified"), UNORDERED),
    ),
    things(
        *(NPM_ACCOUNT, "npm-package", "packages", inventory.PACKAGE),
        *("packages that you can publish", PackageGrant),
        fields=("writes",),
    ),
    unread(NPM_ACCOUNT, "npm-session", TOKENS, "sign-ins on the website", NO_API),
    unread(
        *(NPM_ACCOUNT, "npm-two-factor-method", "two-factor", "security keys and recovery codes"),
        NO_API,
    ),
    unread(NPM_ACCOUNT, "npm-linked-account", PROFILE, "linked accounts and the password", NO_API),
    things(
        *(NPM_ORGANIZATION, "npm-member", "org-members", inventory.MEMBER, "owners and members"),
        NpmOrganization,
        fields=("role",),
    ),
    things(
        *(NPM_ORGANIZATION, "npm-team", "org-teams", inventory.TEAM, "teams", NpmTeam),
        *(NpmTeamMembers, NpmTeamGrants),
        fields=("members", "writes"),
        watch=Watch.ROTATION,
    ),
    things(
        *(NPM_ORGANIZATION, "npm-org-package", "org-members", inventory.PACKAGE, "packages"),
        NpmOrganizationPackages,
    ),
    unread(
        *(NPM_ORGANIZATION, "npm-org-two-factor", "org-members"),
        *("the 2FA requirement and invitations", NO_API),
    ),
    AttackerChange(
        *("version", PACKAGE, "versions", inventory.VERSION, (ReleaseHistory,)),
        fields=("deprecated", "maintainers"),
        added=Visible.TIMED,
        changed=Visible.COMPARED,
        removed=Visible.COMPARED,
        made="published_at",
        watch=Watch.CYCLE,
        why="the registry keeps no time at which a version was removed",
        page="package",
    ),
    AttackerChange(
        *("removed-version", PACKAGE, "versions that were removed", inventory.REMOVED),
        (ReleaseHistory,),
        added=Visible.TIMED,
        made="published_at",
        watch=Watch.CYCLE,
        why="the time is that of the release: the registry keeps none of the removal",
        page="package",
    ),
    things(
        *(PACKAGE, "staged-version", "staged", "staged version", "staged versions", StagedVersion),
        made=CREATED,
        why="one that was approved or rejected is no longer listed",
    ),
    things(
        *(PACKAGE, "maintainer", "package-access", inventory.MAINTAINER, "maintainers", Package),
        fields=("email",),
    ),
    things(
        *(PACKAGE, "writer", "package-access", inventory.WRITER, "who else can publish"),
        PackageCollaborators,
    ),
    things(
        *(PACKAGE, "trusted-publisher", "package-access", "trusted publisher"),
        *("trusted publishers", TrustedPublisher),
        fields=("repository", "workflow", "environment", "may_publish"),
        watch=Watch.NEVER,
        why="npm shows them with a one-time password alone",
    ),
    things(
        *(PACKAGE, "dist-tag", "package", inventory.TAG, "dist-tags", ReleaseHistory),
        fields=("version",),
    ),
    setting(
        *(PACKAGE, "package-repository", "package", inventory.PUBLISHED),
        *("the repository that it names", PackageRepository),
        fields={"repository": UNORDERED},
    ),
    setting(
        *(PACKAGE, "package-visibility", "package-access", inventory.PUBLISHED),
        *("whether the package is public", PackageVisibility),
        fields={"public": UNORDERED},
        watch=Watch.ROTATION,
    ),
    unread(
        *(PACKAGE, "publishing-access", "package-access"),
        *("whether tokens can publish, and with 2FA", NO_API),
        source="the page Settings → Publishing access",
    ),
)
"""Every kind of change; the order is that of the page."""
