"""What an attacker can change in an npm account, an npm organization and a package."""

from __future__ import annotations

from hardenme.derive.attacker_changes.change import (
    NO_API,
    NPM_ACCOUNT,
    NPM_ORGANIZATION,
    PACKAGE,
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
        *("npm-token", NPM_ACCOUNT, "npm token", "npm tokens", NpmToken),
        made=CREATED,
        fields=("package_write", "organization_write", "bypass"),
        page=TOKENS,
    ),
    setting(
        *("npm-two-factor", NPM_ACCOUNT, inventory.ACCOUNT, "2FA of the account", NpmTwoFactor),
        fields=("two_factor",),
        weaker={"two_factor": ("auth-and-writes", "auth-only", "off")},
        page="two-factor",
    ),
    setting(
        *("npm-email", NPM_ACCOUNT, inventory.ACCOUNT, "the email address", NpmProfile),
        fields=("email", "email_verified"),
        page="email",
    ),
    things(
        *("npm-package", NPM_ACCOUNT, inventory.PACKAGE, "packages that you can publish"),
        PackageGrant,
        fields=("writes",),
        page="packages",
    ),
    unread(
        *("npm-session", NPM_ACCOUNT, "sign-ins on the website", NO_API), page=TOKENS, no_api=True
    ),
    unread(
        *("npm-two-factor-method", NPM_ACCOUNT, "security keys and recovery codes", NO_API),
        page="two-factor",
        no_api=True,
    ),
    unread(
        *("npm-linked-account", NPM_ACCOUNT, "linked accounts and the password", NO_API),
        page=PROFILE,
        no_api=True,
    ),
    things(
        *("npm-member", NPM_ORGANIZATION, inventory.MEMBER, "owners and members"),
        NpmOrganization,
        fields=("role",),
        page="org-members",
    ),
    things(
        *("npm-team", NPM_ORGANIZATION, inventory.TEAM, "teams"),
        *(NpmTeam, NpmTeamMembers, NpmTeamGrants),
        fields=("members", "writes"),
        watch=Watch.ROTATION,
        page="org-teams",
    ),
    things(
        *("npm-org-package", NPM_ORGANIZATION, inventory.PACKAGE, "packages"),
        NpmOrganizationPackages,
        page="org-members",
    ),
    unread(
        *("npm-org-two-factor", NPM_ORGANIZATION, "the 2FA requirement and invitations", NO_API),
        page="org-members",
        no_api=True,
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
        *("staged-version", PACKAGE, "staged version", "staged versions", StagedVersion),
        made=CREATED,
        why="one that was approved or rejected is no longer listed",
        page="staged",
    ),
    things(
        *("maintainer", PACKAGE, inventory.MAINTAINER, "maintainers", Package),
        fields=("email",),
        page="package-access",
    ),
    things(
        *("writer", PACKAGE, inventory.WRITER, "who else can publish", PackageCollaborators),
        page="package-access",
    ),
    things(
        *("trusted-publisher", PACKAGE, "trusted publisher", "trusted publishers"),
        TrustedPublisher,
        fields=("repository", "workflow", "environment", "may_publish"),
        watch=Watch.NEVER,
        why="npm shows them with a one-time password alone",
        page="package-access",
    ),
    things(
        *("dist-tag", PACKAGE, inventory.TAG, "dist-tags", ReleaseHistory),
        fields=("version",),
        page="package",
    ),
    setting(
        *("package-repository", PACKAGE, inventory.PUBLISHED, "the repository that it names"),
        PackageRepository,
        fields=("repository",),
        page="package",
    ),
    setting(
        *("package-visibility", PACKAGE, inventory.PUBLISHED, "whether the package is public"),
        PackageVisibility,
        fields=("public",),
        watch=Watch.ROTATION,
        page="package-access",
    ),
    unread(
        *("publishing-access", PACKAGE, "whether tokens can publish, and with 2FA", NO_API),
        source="the page Settings → Publishing access",
        page="package-access",
        no_api=True,
    ),
)
"""Every kind of change; the order is that of the page."""
