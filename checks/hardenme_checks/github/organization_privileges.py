"""Checks of what the members of an organization may do by themselves."""

from hardenme.facts.github.organization import OrganizationPrivileges
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, Passed, Verdict

OWNER = "organization owner"
PRIVILEGES = "org-member-privileges"


def _forbidden(  # noqa: PLR0913 (what tells one setting from the next, most by name)
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
        texts: what is said where they may not, and where they may.
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
    """Being a member alone gives no right on repositories.

    ## Why
    The base permission holds for every member on every repository, the private and the forgotten
    ones too. With `write`, each member's account can change all the code there is.

    ## Fix
    Give teams the roles that they need on their repositories first, then set the base permission
    to no permission. Reading for everybody may be meant; then it stays a low finding.

    ## Limits
    Roles that are given to all members by a team or by an organization role are not looked at.
    """
    base = privileges.base_permission
    seen: Seen = {"default_repository_permission": base}
    if base == "none":
        return Passed("members have no right that was not given to them", seen)
    name = privileges.subject.name
    path = f"orgs/{name}"
    return Failed(
        f"every member has the right {base} on every repository",
        seen,
        severity=Severity.LOW if base == "read" else None,
        fix=Fix(
            "Set the base permissions to no permission, once teams have what they need",
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
    """Members cannot create public repositories by themselves.

    ## Why
    A repository that is public from its first push shows whatever is in it, secrets too, under the
    organization's name and before anybody else looked.

    ## Fix
    Let members create private repositories, and owners make them public when they are ready.

    ## Limits
    Owners can always create public repositories.
    """
    return _forbidden(
        privileges,
        "members_can_create_public_repositories",
        on=privileges.create_public,
        texts=(
            "only owners create public repositories",
            "every member can create a public repository",
        ),
        step="Untick Public under Repository creation",
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
    Who administers a repository could otherwise delete it with its issues and releases, or move it
    to an account of their own: enough to make it vanish, or to go on in its name.

    ## Fix
    Untick it. Who administers a repository keeps everything else.

    ## Limits
    Owners can always delete and transfer.
    """
    return _forbidden(
        privileges,
        "members_can_delete_repositories",
        on=privileges.delete_repositories,
        texts=(
            "only owners delete and transfer repositories",
            "whoever administers a repository can delete or transfer it",
        ),
        step="Untick Allow members to delete or transfer repositories",
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
    """Only owners can change whether a repository is public.

    ## Why
    Making a private repository public shows its whole history at once, and cannot be taken back.

    ## Fix
    Untick it, and let owners change the visibility when somebody asks for it.

    ## Limits
    Owners can always change it.
    """
    return _forbidden(
        privileges,
        "members_can_change_repo_visibility",
        on=privileges.change_visibility,
        texts=(
            "only owners change the visibility of repositories",
            "whoever administers a repository can make it public",
        ),
        step="Untick Allow members to change repository visibilities",
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
    An outside collaborator has rights on a repository without being one of the people whom owners
    know, and no owner has to agree.

    ## Fix
    Untick it. Look afterwards through those who are there already (GHO104, GHO123).

    ## Limits
    Who was invited before keeps the access.
    """
    return _forbidden(
        privileges,
        "members_can_invite_outside_collaborators",
        on=privileges.invite_outsiders,
        texts=(
            "only owners invite outside collaborators",
            "whoever administers a repository can invite outside collaborators",
        ),
        step="Untick Allow repository administrators to invite outside collaborators",
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
    A fork of a private repository stands in a member's own account, where the organization's rules
    for branches do not hold and owners do not look.

    ## Fix
    Untick it. What has to be forked can be allowed for a single repository afterwards.

    ## Limits
    Somebody who can read a repository can always copy it; forks that exist already stay.
    """
    return _forbidden(
        privileges,
        "members_can_fork_private_repositories",
        on=privileges.fork_private,
        texts=("private repositories are not forked", "members can fork private repositories"),
        step="Untick Allow forking of private repositories",
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
    A deleted issue is gone with its discussion: the report of a vulnerability, or the trace of an
    intruder, too.

    ## Fix
    Untick it. Issues that are wrong are closed, and what is in them is edited.

    ## Limits
    Owners can always delete issues.
    """
    return _forbidden(
        privileges,
        "members_can_delete_issues",
        on=privileges.delete_issues,
        texts=(
            "only owners delete issues",
            "whoever administers a repository can delete its issues",
        ),
        step="Untick Allow repository administrators to delete issues",
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
    A deploy key belongs to no person and has no second factor. Whoever administers a repository can
    add one, and nobody else learns of it.

    ## Fix
    Look first what uses deploy keys: this disables all that exist, and what uses them stops at
    once. A GitHub App with few permissions does the same and ends with its installation.

    ## Limits
    Which keys there are, GHR108 and GHR109 tell.
    """
    return _forbidden(
        privileges,
        "deploy_keys_enabled_for_repositories",
        on=privileges.deploy_keys,
        texts=("there are no deploy keys", "repositories can have deploy keys"),
        step="Disable deploy keys, once nothing uses one any more",
        by_api=True,
    )


CHECKS = (
    org_base_permission_minimal,
    org_public_repository_creation_restricted,
    org_repository_deletion_restricted,
    org_visibility_change_restricted,
    org_outside_invitation_restricted,
    org_private_fork_restricted,
    org_issue_deletion_restricted,
    org_deploy_keys_restricted,
)
