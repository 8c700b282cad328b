"""What changes an organization: its settings, and what it keeps."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.body import Body, Choice, Kind, Many
from hardenme.sandbox.github.calls import Answer, PermittedRequest, invalid
from hardenme.sandbox.github.permits import owner
from hardenme.sandbox.github.rest.organization import organization
from tests.worlds.github_writes.change import Change, missing, put, take_out


def set_settings(call: PermittedRequest, given: dict[str, Any]) -> Answer:
    """Change the settings that are given."""
    put(call.organization.settings, given)
    return organization(call)


def set_releases(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """For which repositories releases cannot be changed."""
    call.organization.policies.immutable_releases = given["enforced_repositories"]
    return None


def delete_secret(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """No workflow reads the secret from then on."""
    del given
    return take_out(call.organization.secrets, call.names["secret_name"], "name")


def set_runner_group(call: PermittedRequest, given: dict[str, Any]) -> Answer:
    """Change what is given of a group; what is the enterprise's is not the organization's."""
    number, known = call.names["runner_group_id"], call.organization.connected.runner_groups
    group = next((item for item in known if str(item.id) == number), None)
    if group is None:
        return missing()
    if group.inherited:
        return invalid("Inherited runner groups cannot be changed.")
    put(group, given)
    return {
        "id": group.id,
        "name": group.name,
        "visibility": group.visibility,
        "default": group.default,
        "inherited": group.inherited,
        "allows_public_repositories": group.allows_public_repositories,
        "runners_url": f"{call.api}/orgs/{call.organization.login}/actions/runner-groups/{number}"
        "/runners",
    }


def take_role(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """Take a role from a person, or from a team of the organization."""
    del given
    roles = call.organization.staff.roles or ()
    role = next((one for one in roles if str(one.id) == call.names["role_id"]), None)
    if role is None:
        return missing()
    held, name = role.users, call.names.get("username", "")
    if "team_slug" in call.names:
        held, name = role.teams, call.names["team_slug"]
    held.discard(name)
    return None


def end_authorization(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """A member's credential gets past single sign-on no longer."""
    del given
    return take_out(call.organization.connected.sso_credentials, call.names["credential_id"])


def delete_dependabot_secret(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """No run of Dependabot reads the secret from then on."""
    del given
    return take_out(
        call.organization.connected.dependabot_secrets, call.names["secret_name"], "name"
    )


SETTINGS: dict[str, Kind] = {
    "default_repository_permission": Choice(("read", "write", "admin", "none")),
    "members_can_create_public_repositories": bool,
    "members_can_fork_private_repositories": bool,
    "deploy_keys_enabled_for_repositories": bool,
}
"""Those of the settings that hardenme's fixes change; GitHub takes more."""
ADMINISTRATION = owner("organization_administration:write")
ORG = "/orgs/{org}"

CHANGES = (
    Change("PATCH", ORG, set_settings, ADMINISTRATION, Body({}, SETTINGS)),
    Change(
        "PUT",
        f"{ORG}/settings/immutable-releases",
        set_releases,
        ADMINISTRATION,
        Body(
            {"enforced_repositories": Choice(("all", "none", "selected"))},
            {"selected_repository_ids": Many(int)},
        ),
    ),
    Change(
        "DELETE",
        f"{ORG}/actions/secrets/{{secret_name}}",
        delete_secret,
        owner("organization_secrets:write"),
    ),
    Change(
        "DELETE",
        f"{ORG}/dependabot/secrets/{{secret_name}}",
        delete_dependabot_secret,
        owner("organization_dependabot_secrets:write"),
    ),
    Change(
        "PATCH",
        f"{ORG}/actions/runner-groups/{{runner_group_id}}",
        set_runner_group,
        owner("organization_self_hosted_runners:write"),
        Body(
            {"name": str},
            {
                "visibility": Choice(("selected", "all", "private")),
                "allows_public_repositories": bool,
            },
        ),
    ),
    *(
        Change(
            "DELETE",
            f"{ORG}/organization-roles/{holder}/{{role_id}}",
            take_role,
            owner("members:write"),
        )
        for holder in ("users/{username}", "teams/{team_slug}")
    ),
    Change(
        "DELETE",
        f"{ORG}/credential-authorizations/{{credential_id}}",
        end_authorization,
        ADMINISTRATION,
    ),
)
