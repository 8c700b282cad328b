"""Organization roles and their holders, from answers as GitHub documents them."""

from __future__ import annotations

from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import organization_roles
from hardenme.derive.organization_roles import role_administrators, role_holders
from hardenme.facts.github.organization import OrganizationProfile
from hardenme.facts.github.organization_roles import (
    OrganizationRole,
    OrganizationRoleTeams,
    OrganizationRoleUsers,
    RoleAdministrators,
    RoleHolders,
    gives,
)
from hardenme.model.fact import Answer, Every
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import Reply
from tests.collectors.scripted import GONE, Say, github
from tests.factories.github_organization_roles import role as held

LOST: Any = Unknown(Reason.NOT_PERMITTED, "an organization owner's token")
ORGANIZATION = Subject("github", "org", "grove")
PROFILE = OrganizationProfile(subject=ORGANIZATION, within=ORGANIZATION, verified=True)
ROLES = "/orgs/grove/organization-roles"
ADMIN = {
    "id": 8136,
    "name": "all_repo_admin",
    "base_role": "admin",
    "source": "Predefined",
    "permissions": [],
}


def listed(*roles: Any) -> dict[str, Any]:
    return {"total_count": len(roles), "roles": list(roles)}


def of_list(say: Say) -> Answer[Any]:
    with github({ROLES: say}) as (client, _):
        (found,) = organization_roles.roles(client, ORGANIZATION, FactStore())
    return found


def role(**changed: Any) -> OrganizationRole:
    item = {name: value for name, value in (ADMIN | changed).items() if value is not ...}
    (fact,) = of_list(listed(item)).facts
    assert isinstance(fact, OrganizationRole)
    return fact


@pytest.mark.parametrize(
    ("changed", "most"),
    [
        ({}, "admin"),
        ({"name": "all_repo_maintain", "base_role": "maintain"}, "maintain"),
        ({"name": "all_repo_write", "base_role": "write"}, "write"),
        # The name counts where the base role says less.
        ({"name": "all_repo_write", "base_role": None}, "write"),
        ({"name": "ci_cd_admin", "base_role": None}, "settings"),
        ({"name": "app_manager", "base_role": None}, "settings"),
        ({"name": "all_repo_read", "base_role": "read"}, ""),
        ({"name": "security_manager", "base_role": "read", "permissions": ["write_x"]}, ""),
        # And the base role where the name is harmless.
        ({"name": "security_manager", "base_role": "admin"}, "admin"),
        ({"name": "new_one", "base_role": "write"}, "write"),
        ({"source": "Organization", "name": "all_repo_read", "base_role": "write"}, "write"),
        ({"source": "Organization", "name": "helper", "base_role": None}, ""),
        (
            {"source": "Organization", "name": "helper", "base_role": "triage"}
            | {"permissions": ["read_audit_logs", "view_secret_scanning_alerts", "add_label"]},
            "",
        ),
        *(
            ({"source": source, "name": "helper", "base_role": None, "permissions": [name]}, most)
            for source, name, most in (
                ("Organization", "write_organization_runners", "settings"),
                ("Enterprise", "bypass_branch_protection", "settings"),
                (None, "manage_deploy_keys", "settings"),
                # One that is on no list counts as a change.
                ("Organization", "something_new", "settings"),
            )
        ),
        # What GitHub leaves out is unknown only where it decides.
        ({"base_role": ...}, "admin"),
        ({"source": ...}, "admin"),
        ({"source": ..., "base_role": "write"}, "admin"),
        ({"name": "all_repo_read", "base_role": ...}, ""),
        ({"name": "all_repo_read", "base_role": "read", "source": ...}, ""),
        ({"name": "all_repo_write", "base_role": None, "source": None}, "write"),
        ({"source": ..., "name": "helper", "base_role": "maintain"}, "maintain"),
    ],
)
def test_what_a_role_gives(changed: dict[str, Any], most: str) -> None:
    assert gives(role(**changed)) == most


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "new_one", "base_role": None},
        {"base_role": "owner"},
        {"source": "Organization", "base_role": ...},
        # It may be a predefined role that is not known, or one of the organization's own.
        {"source": ..., "name": "new_one", "base_role": "read"},
        {"source": None, "name": "new_one", "base_role": "read"},
        {"source": ..., "name": "all_repo_read", "base_role": ...},
        {"source": "Somewhere"},
        {"permissions": ...},
        {"permissions": "all"},
        {"permissions": [7]},
        {"name": None},
    ],
)
def test_what_a_role_gives_is_not_known(changed: dict[str, Any]) -> None:
    assert isinstance(gives(role(**changed)), Unknown)


@pytest.mark.parametrize("status", [403, 404, 422])
def test_a_list_that_is_refused_is_one_question(status: int) -> None:
    found = of_list(Reply(status, {"message": "no"}))
    assert (found.facts, found.missing is None) == ((), False)
    assert found.missing is not None
    assert found.missing.reason in {Reason.NOT_PERMITTED, Reason.NOT_VISIBLE}
    assert found.missing.question is not None
    question, page = found.missing.question
    assert question == organization_roles.QUESTION
    assert page.endswith("/organizations/grove/settings/org_role_assignments")
    assert "hardenme attest GHO133 github:org/grove" in found.missing.needed


def test_a_list_that_failed_is_no_question() -> None:
    for say in (Reply(500, {}), {"total_count": 2, "roles": [ADMIN]}, {"roles": 7}):
        found = of_list(say)
        assert found.missing is not None
        assert found.missing.question is None


def of_holders(
    paths: dict[str, Say], **changed: Any
) -> tuple[Answer[Any], Answer[Any], RoleHolders | Unknown, list[str]]:
    item = ADMIN | changed
    with github({ROLES: listed(item), **paths}) as (client, server):
        store = FactStore()
        (found,) = organization_roles.roles(client, ORGANIZATION, store)
        store.put(found)
        (fact,) = found.facts
        users, teams = organization_roles.holders(client, fact.subject, store)
        asked = [one.path for one in server.requests][1:]
    assert (users.kind, teams.kind) == (OrganizationRoleUsers, OrganizationRoleTeams)
    made = role_holders(fact, Every(users.facts, users.missing), Every(teams.facts, teams.missing))
    return users, teams, made, asked


USERS, TEAMS = f"{ROLES}/8136/users", f"{ROLES}/8136/teams"
PEOPLE = [
    {"login": "birch", "assignment": "direct"},
    {"login": "alder", "assignment": "mixed"},
    {"login": "cone", "assignment": "indirect"},
]
GROUPS = [{"slug": "core", "type": "organization"}, {"slug": "it", "type": "enterprise"}]


def test_who_holds_a_role() -> None:
    _, _, made, asked = of_holders({USERS: PEOPLE, TEAMS: GROUPS})
    assert asked == [USERS, TEAMS]
    assert isinstance(made, RoleHolders)
    assert (made.direct, made.by_team) == (("alder", "birch"), ("cone",))
    assert (made.teams, made.above, made.gives) == (("core", "it"), ("it",), "admin")
    assert made.logins == ("alder", "birch", "cone")


def test_of_a_role_that_only_reads_no_holder_is_asked() -> None:
    _, _, made, asked = of_holders({}, name="all_repo_read", base_role="read")
    assert asked == []
    assert isinstance(made, RoleHolders)
    assert (made.gives, made.logins, made.teams) == ("", (), ())


@pytest.mark.parametrize("broken", [USERS, TEAMS])
@pytest.mark.parametrize(
    "say", [GONE, Reply(422, {}), {"users": []}, [{}], [{"login": 7, "slug": 7}], "x"]
)
def test_holders_that_are_not_shown_are_not_none(broken: str, say: Say) -> None:
    paths: dict[str, Say] = {USERS: PEOPLE, TEAMS: GROUPS}
    _, _, made, _ = of_holders(paths | {broken: say})
    assert isinstance(made, RoleHolders)
    lost = made.unknown_fields()
    assert lost.keys() == ({"direct", "by_team"} if broken == USERS else {"teams", "above"})


def made_of(*roles: RoleHolders, missing: Unknown | None = None) -> RoleAdministrators | Unknown:
    return role_administrators(PROFILE, Every(roles, missing))


def test_who_administers_all_repositories_by_a_role() -> None:
    many = made_of(
        held(direct=("Alder",), by_team=("birch",), teams=("core",)),
        held(direct=("cone",), gives="maintain"),
        held(direct=LOST, gives="settings"),
    )
    assert isinstance(many, RoleAdministrators)
    assert many.logins == {"alder", "birch"}
    none = made_of()
    assert isinstance(none, RoleAdministrators)
    assert not none.logins


@pytest.mark.parametrize("lost", ["gives", "direct", "by_team", "teams"])
def test_a_role_of_which_something_is_unknown_makes_the_list_unknown(lost: str) -> None:
    assert isinstance(made_of(held(direct=("alder",)), held(**{lost: LOST})), Unknown)
    assert isinstance(made_of(missing=LOST), Unknown)
    # A team of the enterprise shows no members.
    assert isinstance(made_of(held(teams=("it",), above=("it",))), Unknown)
