"""What members of an organization can do without an owner."""

from hardenme.facts.github.organization import OrganizationPrivileges
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, Passed, Verdict

OWNER = "organization owner"
PRIVILEGES = "org-member-privileges"


def _forbidden(  # noqa: PLR0913 (what distinguishes the settings, most by name)
    privileges: OrganizationPrivileges,
    key: str,
    *,
    on: bool,
    texts: tuple[str, str],
    step: str,
    by_api: bool,
) -> Verdict:
    """The verdict on a setting that has to be off.

    Args:
        privileges: the fact.
        key: GitHub's name for the setting.
        on: whether members may.
        texts: the text if they may not, and the text if they may.
        step: what is clicked.
        by_api: whether there is a command for it; half of the settings are on the page alone.
    """
    seen: Seen = {key: on}
    if not on:
        return Passed(texts[0], seen)
    name = privileges.subject.name
    command = privileges.gh("api", "-X", "PATCH", f"orgs/{name}", "-F", f"{key}=false")
    return Failed(
        texts[1],
        seen,
        fix=Fix(
            step,
            page=privileges.page(PRIVILEGES, org=name),
            command=command if by_api else "",
            needs=OWNER,
            undo="Set it back on the same page",
        ),
    )


@check(
    "GHO106",
    "org-base-permission-minimal",
    title="Base permission gives every member access to repositories",
    severity=Severity.HIGH,
    since="0.1",
)
def org_base_permission_minimal(privileges: OrganizationPrivileges) -> Verdict:
    """Members have no access to repositories unless it is granted to them.

    ## Why
    The base permission applies to every member and repository. With `write`, any member's account
    can change all your code.

    ## Fix
    Give teams the roles that they need, then set "Base permissions" to "No permission". "Read"
    stays a low finding.

    ## Limits
    - A policy of the enterprise can override the setting. It is not read.
    - Does not read roles given to all members through a team or organization role.
    """
    base = privileges.base_permission
    seen: Seen = {"default_repository_permission": base}
    if base == "none":
        return Passed("membership alone gives no access to repositories", seen)
    name = privileges.subject.name
    path = f"orgs/{name}"
    return Failed(
        f"every member has the {base} permission on every repository",
        seen,
        severity=Severity.LOW if base == "read" else None,
        fix=Fix(
            'Set "Base permissions" to "No permission", once teams have the roles that they need',
            page=privileges.page(PRIVILEGES, org=name),
            command=privileges.gh(
                "api", "-X", "PATCH", path, "-f", "default_repository_permission=none"
            ),
            needs=OWNER,
            undo=f"Set it to {base} again on the same page",
        ),
    )


@check(
    "GHO107",
    "org-public-repository-creation-restricted",
    title="Members can create public repositories",
    severity=Severity.MEDIUM,
    since="0.1",
)
def org_public_repository_creation_restricted(privileges: OrganizationPrivileges) -> Verdict:
    """Members cannot create public repositories.

    ## Why
    A repository that is public from its first push shows everything in it before anyone reviewed
    it.

    ## Fix
    Untick "Public" under "Repository creation". Owners make repositories public when they are
    ready.

    ## Limits
    - A policy of the enterprise can override the setting. It is not read.
    - Owners can always create public repositories.
    """
    return _forbidden(
        privileges,
        "members_can_create_public_repositories",
        on=privileges.create_public,
        texts=(
            "only owners can create public repositories",
            "every member can create public repositories",
        ),
        step='Untick "Public" under "Repository creation"',
        by_api=True,
    )


@check(
    "GHO108",
    "org-repository-deletion-restricted",
    title="Repository admins can delete or transfer repositories",
    severity=Severity.MEDIUM,
    since="0.1",
)
def org_repository_deletion_restricted(privileges: OrganizationPrivileges) -> Verdict:
    """Only owners can delete or transfer repositories.

    ## Why
    A repository admin could delete a repository with its issues and releases, or transfer it to
    their own account.

    ## Fix
    Untick "Allow members to delete or transfer repositories". Repository admins keep all other
    permissions.

    ## Limits
    - A policy of the enterprise can override the setting. It is not read.
    - Owners can always delete and transfer repositories.
    """
    return _forbidden(
        privileges,
        "members_can_delete_repositories",
        on=privileges.delete_repositories,
        texts=(
            "only owners can delete or transfer repositories",
            "repository admins can delete or transfer repositories",
        ),
        step='Untick "Allow members to delete or transfer repositories"',
        by_api=False,
    )


@check(
    "GHO109",
    "org-visibility-change-restricted",
    title="Repository admins can change visibility",
    severity=Severity.MEDIUM,
    since="0.1",
)
def org_visibility_change_restricted(privileges: OrganizationPrivileges) -> Verdict:
    """Only owners can change a repository's visibility.

    ## Why
    Making a private repository public exposes its whole history, and that cannot be undone.

    ## Fix
    Untick "Allow members to change repository visibilities".

    ## Limits
    - A policy of the enterprise can override the setting. It is not read.
    - Owners can always change the visibility.
    """
    return _forbidden(
        privileges,
        "members_can_change_repo_visibility",
        on=privileges.change_visibility,
        texts=(
            "only owners can change repository visibility",
            "repository admins can make repositories public",
        ),
        step='Untick "Allow members to change repository visibilities"',
        by_api=False,
    )


@check(
    "GHO110",
    "org-outside-invitation-restricted",
    title="Repository admins can invite outside collaborators",
    severity=Severity.MEDIUM,
    since="0.1",
)
def org_outside_invitation_restricted(privileges: OrganizationPrivileges) -> Verdict:
    """Only owners can invite outside collaborators.

    ## Why
    Otherwise people outside the organization can get access without any owner knowing.

    ## Fix
    Untick "Allow repository administrators to invite outside collaborators". Then review the
    existing ones (GHO104, GHO123).

    ## Limits
    - A policy of the enterprise can override the setting. It is not read.
    - Earlier invitees keep their access.
    """
    return _forbidden(
        privileges,
        "members_can_invite_outside_collaborators",
        on=privileges.invite_outsiders,
        texts=(
            "only owners can invite outside collaborators",
            "repository admins can invite outside collaborators",
        ),
        step='Untick "Allow repository administrators to invite outside collaborators"',
        by_api=False,
    )


@check(
    "GHO111",
    "org-private-fork-restricted",
    title="Members can fork private repositories",
    severity=Severity.LOW,
    since="0.1",
)
def org_private_fork_restricted(privileges: OrganizationPrivileges) -> Verdict:
    """Members cannot fork private repositories.

    ## Why
    In a fork, the organization's branch rules do not apply and owners do not look.

    ## Fix
    Untick "Allow forking of private repositories". You can allow it again for a single repository.

    ## Limits
    - A policy of the enterprise can override the setting. It is not read.
    - Anyone who can read a repository can copy it.
    - Existing forks remain.
    """
    return _forbidden(
        privileges,
        "members_can_fork_private_repositories",
        on=privileges.fork_private,
        texts=("members cannot fork private repositories", "members can fork private repositories"),
        step='Untick "Allow forking of private repositories"',
        by_api=True,
    )


@check(
    "GHO112",
    "org-issue-deletion-restricted",
    title="Repository admins can delete issues",
    severity=Severity.LOW,
    since="0.1",
)
def org_issue_deletion_restricted(privileges: OrganizationPrivileges) -> Verdict:
    """Only owners can delete issues.

    ## Why
    A deleted issue takes its discussion with it, such as a vulnerability report or traces of an
    intruder.

    ## Fix
    Untick "Allow repository administrators to delete issues". Close or edit unwanted issues
    instead.

    ## Limits
    - A policy of the enterprise can override the setting. It is not read.
    - Owners can always delete issues.
    """
    return _forbidden(
        privileges,
        "members_can_delete_issues",
        on=privileges.delete_issues,
        texts=(
            "only owners can delete issues",
            "repository admins can delete issues",
        ),
        step='Untick "Allow repository administrators to delete issues"',
        by_api=False,
    )


@check(
    "GHO126",
    "org-deploy-keys-restricted",
    title="Organization allows deploy keys",
    severity=Severity.LOW,
    since="0.1",
)
def org_deploy_keys_restricted(privileges: OrganizationPrivileges) -> Verdict:
    """Repositories cannot have deploy keys.

    ## Why
    A deploy key has no 2FA and belongs to no one. Any repository admin can add one unnoticed.

    ## Fix
    Replace the deploy keys in use, for example with a GitHub App. Then disable deploy keys: all
    existing keys stop at once.

    ## Limits
    - A policy of the enterprise can override the setting. It is not read.
    - GHR108 and GHR109 check the existing keys.
    """
    return _forbidden(
        privileges,
        "deploy_keys_enabled_for_repositories",
        on=privileges.deploy_keys,
        texts=("repositories cannot have deploy keys", "repositories can have deploy keys"),
        step="Disable deploy keys, once nothing uses them",
        by_api=True,
    )
