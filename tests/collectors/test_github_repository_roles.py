"""Custom repository roles, from answers as GitHub documents them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import repository_roles
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.npm.client import Npm
from hardenme.derive.organization_roles import extended_roles
from hardenme.engine.audit import audit
from hardenme.engine.catalogue import select
from hardenme.engine.clients import Clients
from hardenme.engine.plan import plan
from hardenme.engine.progress import Silent
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.facts.github.organization import OrganizationProfile
from hardenme.facts.github.repository_roles import CustomRepositoryRole, ExtendedRoles
from hardenme.model.fact import Answer, Every
from hardenme.model.secret import Secret
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.state.staff import CustomRole
from hardenme.sandbox.http import Reply
from tests.collectors.scripted import GONE, Say, github
from tests.factories.github_organization_roles import custom
from tests.moment import NOW
from tests.running import QUICK
from tests.worlds.organizations import base

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


def judged(plan_name: str, *roles: CustomRole, hidden: bool = False) -> dict[str, str]:
    """What a run of an organization with an outside collaborator who can write finds."""
    world = base.weak(NOW)
    organization = world.organization(base.WEAK)
    assert organization is not None
    organization.plan = plan_name
    organization.staff.custom = list(roles)
    (first, *_) = [one for one in world.repositories if one.owner == base.WEAK]
    first.collaborators = {"stray": "write"}
    with github_sandbox(world) as server:
        if hidden:
            server.fault(f"/orgs/{base.WEAK}/custom-repository-roles", edit=lambda *_: gone())
        client = GitHub.connect(server.url, Secret(base.WEAK_CLASSIC), bounds=QUICK)
        clients = Clients(client, Npm.connect(server.url, None, bounds=QUICK))
        target = Target.of_organization(base.WEAK, str(organization.id))
        config = RunConfig((target,), plan(select(("GHO123", "GHR113"), ())), local=False)
        report = audit(config, clients, Silent())
    return {one.code: one.result for one in report.findings if "stray" in str(one.subject)}


def gone() -> Reply:
    return Reply(404, {"message": "Not Found"})


KEEPER = CustomRole(5, "keeper", "write", ("manage_deploy_keys",))


def test_a_run_does_not_pass_whom_a_custom_role_may_give_more() -> None:
    passed = {"GHO123": "passed", "GHR113": "passed"}
    assert judged("team") == passed
    assert judged("enterprise") == passed
    assert judged("enterprise", replace(KEEPER, base="triage")) == passed
    assert judged("enterprise", KEEPER) == {"GHO123": "unknown", "GHR113": "unknown"}
    assert judged("enterprise", KEEPER, hidden=True)["GHO123"] == "unknown"
