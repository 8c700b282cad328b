"""Custom repository roles, from answers as GitHub documents them."""

from __future__ import annotations

from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import repository_roles
from hardenme.derive.organization_roles import extended_roles
from hardenme.facts.github.organization import OrganizationProfile
from hardenme.facts.github.repository_roles import CustomRepositoryRole, ExtendedRoles
from hardenme.model.fact import Answer, Every
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from tests.collectors.scripted import GONE, Say, github
from tests.factories.github_organization_roles import custom

ORGANIZATION = Subject("github", "org", "grove")
PROFILE = OrganizationProfile(subject=ORGANIZATION, within=ORGANIZATION, verified=True)
ROLES = "/orgs/grove/custom-repository-roles"
CLOUD = {"login": "grove", "plan": {"name": "enterprise"}}
ROLE = {"id": 5, "name": "keeper", "base_role": "write", "permissions": ["manage_deploy_keys"]}


def listed(*roles: Any) -> dict[str, Any]:
    return {"total_count": len(roles), "custom_roles": list(roles)}


def asked(roles: Say, profile: Say = CLOUD) -> tuple[Answer[Any], list[str]]:
    with github({"/orgs/grove": profile, ROLES: roles}) as (client, server):
        (found,) = repository_roles.custom_roles(client, ORGANIZATION, FactStore())
        return found, [one.path for one in server.requests]


def extends(found: Answer[Any]) -> ExtendedRoles | Unknown:
    return extended_roles(PROFILE, Every(found.facts, found.missing))


def bases(*roles: CustomRepositoryRole) -> Any:
    found = extended_roles(PROFILE, Every(roles))
    return found if isinstance(found, Unknown) else (set(found.bases), found.names)


def test_roles_of_an_enterprise_cloud_organization() -> None:
    found, _ = asked(listed(ROLE))
    (role,) = found.facts
    assert (role.name, role.base, role.permissions) == ("keeper", "write", ("manage_deploy_keys",))
    assert str(role.subject) == "github:repository-role/grove/5"
    told = extends(found)
    assert isinstance(told, ExtendedRoles)
    assert (told.bases, told.names) == (frozenset({"write"}), ("keeper",))
    none = extends(asked(listed())[0])
    assert isinstance(none, ExtendedRoles)
    assert not none.bases


@pytest.mark.parametrize("name", ["free", "team"])
def test_another_plan_has_none_and_nothing_is_asked(name: str) -> None:
    found, paths = asked(GONE, {"login": "grove", "plan": {"name": name}})
    assert ROLES not in paths
    told = extends(found)
    assert isinstance(told, ExtendedRoles)
    assert not told.bases


@pytest.mark.parametrize("profile", [GONE, {"login": "grove"}, CLOUD])
def test_a_list_that_is_not_shown_is_not_an_empty_one(profile: Say) -> None:
    found, _ = asked(GONE, profile)
    assert isinstance(extends(found), Unknown)
    if profile == {"login": "grove"}:
        assert found.missing is not None
        assert "plan" in found.missing.seen, "the plan is what takes a look"


def test_a_list_that_is_shown_counts_without_the_plan() -> None:
    told = extends(asked(listed(ROLE), {"login": "grove"})[0])
    assert isinstance(told, ExtendedRoles)


@pytest.mark.parametrize(
    "changed",
    [
        *({"base_role": value} for value in (None, "owner", 7, ...)),
        *({"permissions": value} for value in (None, "all", ...)),
        *({"name": value} for value in (None, ...)),
    ],
)
def test_what_is_not_understood_may_extend_any_role(changed: dict[str, Any]) -> None:
    item = {name: value for name, value in (ROLE | changed).items() if value is not ...}
    assert isinstance(extends(asked(listed(item))[0]), Unknown)


def test_a_list_that_is_cut_may_hold_more() -> None:
    found, _ = asked({"total_count": 2, "custom_roles": [ROLE]})
    told = extends(found)
    assert isinstance(told, Unknown)
    assert told.reason is Reason.INCOMPLETE


def test_harmless_is_what_is_listed() -> None:
    assert bases(custom("a", "read"), custom("b", "write", "add_label", "view_x")) == (set(), ())
    for name in ("manage_webhooks", "push_protected_branch", "edit_repo_protections", "new_one"):
        assert bases(custom("b", "read", name), custom("a", "triage")) == ({"read"}, ("b",))
