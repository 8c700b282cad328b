from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import organization
from hardenme.collectors.github.client import GitHub
from hardenme.facts.github.organization import (
    ClassicTokenPolicy,
    OAuthAppPolicy,
    OrganizationImmutableReleases,
    OrganizationOwners,
    OrganizationPlan,
    OrganizationPrivileges,
    OrganizationProfile,
    OrganizationSecurity,
    SecurityDefault,
    TokenApprovalRequests,
)
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply
from tests.collectors.scripted import GONE, Say, github, of, reads

HERE = Subject("github", "org", "cedar-labs")
PATH = "/orgs/cedar-labs"
MINE = "/user/memberships/orgs/cedar-labs"
CLASSIC = "ghp_CANARYnotarealtoken0000000000000000"
FINE_GRAINED = "github_pat_CANARY0000000000000000_" + "0" * 59
OAUTH = "gho_CANARYnotarealtoken0000000000000000"
APP = "ghs_CANARYnotarealtoken0000000000000000"
DENIED = Reply(403, {"message": "Resource not accessible by personal access token"})
FORBIDDEN = Reply(
    403,
    {
        "message": "`cedar-labs` forbids access via a personal access token (classic). Please use"
        " a GitHub App, OAuth App, or a personal access token with fine-grained permissions."
    },
)
FULL: dict[str, Any] = {
    "login": "cedar-labs",
    "is_verified": True,
    "two_factor_requirement_enabled": True,
    "default_repository_permission": "read",
    "members_can_create_public_repositories": False,
    "members_can_delete_repositories": True,
    "members_can_change_repo_visibility": False,
    "members_can_invite_outside_collaborators": True,
    "members_can_fork_private_repositories": False,
    "members_can_delete_issues": True,
    "deploy_keys_enabled_for_repositories": False,
    "plan": {"name": "enterprise", "space": 1, "private_repos": 1},
}
Read = Callable[[GitHub, Subject, FactStore], Iterator[Answer[Any]]]


def asked(read: Read, paths: dict[str, Say], token: str = FINE_GRAINED) -> list[Answer[Any]]:
    with github(paths, token=token) as (client, _):
        return list(read(client, HERE, FactStore()))


def settings(said: Say, token: str = FINE_GRAINED, role: Say = GONE) -> list[Answer[Any]]:
    return asked(organization.settings, {PATH: said, MINE: role}, token)


def membership(role: str = "admin", **traits: Any) -> dict[str, Any]:
    return {"role": role, "state": "active", "organization": {"login": "cedar-labs"}, **traits}


# --- the settings themselves


def test_a_lock_file_counts_on_enterprise_cloud_alone() -> None:
    def told(plan: Any) -> Any:
        (fact,) = of(OrganizationPlan, settings(FULL | {"plan": plan})).facts
        return fact

    assert told({"name": "enterprise"}).locks_actions is True
    for plan, reason in (
        ({"name": "team"}, Reason.NOT_ASKED),
        ({"name": "enterprise_plus"}, Reason.NOT_ASKED),
        ({"name": 7}, Reason.MALFORMED),
        ({}, Reason.NOT_VISIBLE),
        (None, Reason.NOT_PERMITTED),
    ):
        assert told(plan).unknown_fields()["locks_actions"].reason is reason


def test_a_server_of_ones_own_has_no_lock_files_whatever_its_plan() -> None:
    with github({PATH: FULL}) as (client, _):
        client.web = "https://github.example.test"
        (fact,) = of(OrganizationPlan, list(organization.settings(client, HERE, FactStore()))).facts
    (missing,) = fact.unknown_fields().values()
    assert missing.reason is Reason.NOT_ASKED


def test_one_request_tells_all_settings() -> None:
    with github({PATH: FULL}) as (client, server):
        answers = list(organization.settings(client, HERE, FactStore()))
        assert len(server.requests) == 1
    assert of(OrganizationProfile, answers).facts[0].verified is True
    assert of(OrganizationSecurity, answers).facts[0].two_factor_required is True
    fact = of(OrganizationPrivileges, answers).facts[0]
    assert (fact.base_permission, fact.create_public, fact.delete_repositories) == (
        "read",
        False,
        True,
    )
    assert (fact.change_visibility, fact.invite_outsiders) == (False, True)
    assert (fact.fork_private, fact.delete_issues, fact.deploy_keys) == (False, True, False)
    assert fact.subject == fact.within == HERE


@pytest.mark.parametrize("shown", [{}, {"two_factor_requirement_enabled": None}])
def test_what_is_not_shown_tells_who_sees_it(shown: dict[str, Any]) -> None:
    public = {"login": "cedar-labs", "is_verified": False}
    answers = settings(public | shown, role=membership("member"))
    assert of(OrganizationProfile, answers).facts[0].verified is False
    facts = [of(kind, answers).facts[0] for kind in (OrganizationSecurity, OrganizationPrivileges)]
    for why in (why for fact in facts for why in fact.unknown_fields().values()):
        assert why.reason is Reason.NOT_PERMITTED
        assert "the role organization owner" in why.needed
        assert "organization_administration:read" in why.needed
        assert why.seen.endswith("; the account's role is member")
    assert len(facts[1].unknown_fields()) == 8


def test_an_unknown_role_is_not_told() -> None:
    (why,) = of(OrganizationSecurity, settings({"login": "x"})).facts[0].unknown_fields().values()
    assert why.seen == "`two_factor_requirement_enabled` is not shown"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("two_factor_requirement_enabled", "yes"),
        ("two_factor_requirement_enabled", 1),
        ("default_repository_permission", "triage"),
        ("default_repository_permission", True),
        ("members_can_delete_issues", "true"),
        ("deploy_keys_enabled_for_repositories", 0),
        ("is_verified", None),
        ("is_verified", "new"),
    ],
)
def test_a_strange_value_is_not_known(name: str, value: Any) -> None:
    answers = settings(FULL | {name: value})
    kinds = (OrganizationProfile, OrganizationSecurity, OrganizationPrivileges)
    unknown = [why for kind in kinds for why in of(kind, answers).facts[0].unknown_fields().items()]
    assert [why.reason for _, why in unknown] == [Reason.MALFORMED]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (GONE, Reason.NOT_VISIBLE),
        (DENIED, Reason.NOT_PERMITTED),
        (Reply(401, {"message": "Bad credentials"}), Reason.REJECTED),
        (Reply(200, []), Reason.MALFORMED),
        (Reply(200, {}), Reason.MALFORMED),
        (Reply(200, FULL, {"x-github-sso": "partial-results; organizations=4"}), Reason.NEEDS_SSO),
    ],
)
def test_a_refusal_tells_nothing(said: Reply, reason: Reason) -> None:
    answers = settings(said)
    for kind in (OrganizationProfile, OrganizationSecurity, OrganizationPrivileges):
        answer = of(kind, answers)
        assert answer.missing is not None
        assert (answer.facts, answer.missing.reason) == ((), reason)


# --- classic tokens


def test_a_classic_token_that_is_refused_for_being_one() -> None:
    answer = of(ClassicTokenPolicy, settings(FORBIDDEN, CLASSIC))
    assert answer.facts[0].refused is True
    assert answer.evidence[0].status == 403


@pytest.mark.parametrize(
    ("said", "token"),
    [
        (FORBIDDEN, FINE_GRAINED),
        (FORBIDDEN, APP),
        (DENIED, CLASSIC),
        (GONE, CLASSIC),
        (Reply(404, FORBIDDEN.data), CLASSIC),
        (Reply(403, {"message": "personal access token (classic)"}), CLASSIC),
        (Reply(403, {}), CLASSIC),
        (FULL, CLASSIC),
        (FULL, FINE_GRAINED),
    ],
)
def test_anything_else_shows_no_policy(said: Say, token: str) -> None:
    assert of(ClassicTokenPolicy, settings(said, token)).facts[0].refused is False


LIVES = (
    "The 'cedar-labs' organization forbids access via a personal access tokens (classic) if the"
    " token's lifetime is greater than 7 days."
)
RESTRICTED = (
    "Although you appear to have the correct authorization credentials, the `{}` organization has"
    " enabled OAuth App access restrictions, meaning that data access to third-parties is limited."
)


def test_a_token_that_lives_too_long_was_not_refused_for_being_classic() -> None:
    answers = settings(Reply(403, {"message": LIVES}), CLASSIC)
    assert of(ClassicTokenPolicy, answers).facts[0].refused is False


@pytest.mark.parametrize(
    ("status", "name", "token", "refused"),
    [
        (403, "cedar-labs", OAUTH, True),
        (403, "Cedar-Labs", OAUTH, True),
        (403, "bramble-labs", OAUTH, False),
        (200, "cedar-labs", OAUTH, False),
        (403, "cedar-labs", CLASSIC, False),
        (403, "cedar-labs", FINE_GRAINED, False),
        (403, "cedar-labs", APP, False),
    ],
)
def test_an_app_that_is_refused_for_being_one(
    status: int,
    name: str,
    token: str,
    refused: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    said = Reply(status, {"message": RESTRICTED.format(name)})
    answer = of(OAuthAppPolicy, settings(said, token))
    assert answer.facts[0].refused is refused
    assert answer.evidence[0].status == status


@pytest.mark.parametrize("said", [GONE, DENIED, Reply(404, {"message": RESTRICTED})])
def test_of_an_organization_that_is_not_shown_no_policy_is_known(said: Say) -> None:
    answer = of(OAuthAppPolicy, settings(said, OAUTH))
    assert answer.facts == ()
    assert answer.missing is not None


def test_a_refusal_beside_single_sign_on_shows_no_policy() -> None:
    mixed = Reply(403, FORBIDDEN.data, {"x-github-sso": "partial-results; organizations=4"})
    answer = of(ClassicTokenPolicy, settings(mixed, CLASSIC))
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NEEDS_SSO


# --- owners


def owners(listed: Say, role: Say, token: str = FINE_GRAINED) -> Answer[Any]:
    paths: dict[str, Say] = {f"{PATH}/members": listed, MINE: role}
    (answer,) = asked(organization.owners, paths, token)
    return answer


PEOPLE = [{"login": "linden", "id": 1}, {"login": "Alder", "id": 2}]


@pytest.mark.parametrize("role", ["admin", "member"])
def test_owners_are_listed_to_members(role: str) -> None:
    with github({f"{PATH}/members": PEOPLE, MINE: membership(role)}) as (client, server):
        (answer,) = organization.owners(client, HERE, FactStore())
        assert server.requests[-1].query["role"] == "admin"
    assert answer.kind is OrganizationOwners
    assert answer.facts[0].logins == ("Alder", "linden")
    assert len(answer.evidence) == 2, "the list, and why it is believed"


def test_owners_are_listed_to_an_app_that_reads_members() -> None:
    paths: dict[str, Say] = {f"{PATH}/members": PEOPLE, f"{PATH}/invitations": []}
    (answer,) = asked(organization.owners, paths, APP)
    assert len(answer.facts[0].logins) == 2
    (answer,) = asked(organization.owners, {f"{PATH}/members": PEOPLE}, APP)
    assert answer.missing is not None


@pytest.mark.parametrize(
    ("listed", "role"),
    [
        (PEOPLE, GONE),
        (PEOPLE, DENIED),
        (PEOPLE, membership(state="pending")),
        (PEOPLE, membership("billing_manager")),
        (PEOPLE, membership("somebody")),
        (PEOPLE, membership(organization={"login": "bramble-labs"})),
        (GONE, membership()),
        (DENIED, membership()),
        (Reply(302, None, {"location": f"{PATH}/public_members"}), membership()),
        ([], membership()),
        ([{"id": 1}, {"login": "linden", "id": 2}], membership()),
        ([{"login": "Linden", "id": 1}, {"login": "linden", "id": 2}], membership()),
        (Reply(200, {"login": "linden"}), membership()),
    ],
)
def test_a_list_that_may_be_a_part_names_no_owners(listed: Say, role: Say) -> None:
    answer = owners(listed, role)
    assert answer.facts == ()
    assert answer.missing is not None


# --- what it decides for repositories


def configuration(**traits: Any) -> dict[str, Any]:
    shown = {
        "id": 17,
        "name": "Recommended",
        "enforcement": "enforced",
        "secret_scanning": "enabled",
        "secret_scanning_push_protection": "not_set",
    }
    return {name: value for name, value in (shown | traits).items() if value is not ...}


def defaults(said: Say) -> Answer[Any]:
    path = f"{PATH}/code-security/configurations/defaults"
    (answer,) = asked(organization.defaults, {path: said})
    assert answer.kind is SecurityDefault
    return answer


def test_default_configurations() -> None:
    said: list[Any] = [
        {"default_for_new_repos": "public", "configuration": configuration()},
        {
            "default_for_new_repos": "private_and_internal",
            "configuration": configuration(enforcement="unenforced"),
        },
    ]
    answer = defaults(said)
    public, private = answer.facts
    assert answer.missing is None
    assert (public.which, public.enforced, public.label) == ("public", True, "Recommended")
    assert (public.secret_scanning, public.push_protection) == ("enabled", "not_set")
    assert (private.which, private.enforced) == ("private_and_internal", False)
    assert public.subject != private.subject
    assert public.within == HERE


def test_no_default_is_known_to_be_none() -> None:
    answer = defaults([])
    assert (answer.facts, answer.missing) == ((), None)
    assert answer.evidence
    for said in (GONE, DENIED, Reply(200, {})):
        assert defaults(said).missing is not None


@pytest.mark.parametrize(
    ("traits", "field"),
    [
        ({"enforcement": "soon"}, "enforced"),
        ({"enforcement": ...}, "enforced"),
        ({"enforcement": True}, "enforced"),
        ({"secret_scanning": None}, "secret_scanning"),
        ({"secret_scanning_push_protection": "new"}, "push_protection"),
        ({"secret_scanning_push_protection": ...}, "push_protection"),
    ],
)
def test_a_default_that_is_not_understood(traits: dict[str, Any], field: str) -> None:
    entry = {"default_for_new_repos": "all", "configuration": configuration(**traits)}
    assert list(defaults([entry]).facts[0].unknown_fields()) == [field]


@pytest.mark.parametrize("entry", [{}, "text", {"configuration": None}])
def test_a_default_of_which_nothing_is_known(entry: Any) -> None:
    (fact,) = defaults([entry]).facts
    expected = {"which", "enforced", "secret_scanning", "push_protection"}
    assert fact.unknown_fields().keys() == expected


def immutable(said: Say) -> Answer[Any]:
    path = f"{PATH}/settings/immutable-releases"
    (answer,) = asked(reads(OrganizationImmutableReleases), {path: said})
    assert answer.kind is OrganizationImmutableReleases
    return answer


@pytest.mark.parametrize("chosen", ["all", "selected", "none"])
def test_immutable_releases(chosen: str) -> None:
    assert immutable({"enforced_repositories": chosen}).facts[0].enforced == chosen


def test_immutable_releases_that_are_not_shown_are_not_off() -> None:
    assert immutable(GONE).missing is not None
    assert immutable(DENIED).missing is not None
    for said in ({"enforced": "all"}, {"enforced_repositories": "most"}):
        assert "enforced" in immutable(said).facts[0].unknown_fields()


# --- tokens that wait

WAITING = f"{PATH}/personal-access-token-requests"


def requests(said: Say, token: str = APP) -> Answer[Any]:
    (answer,) = asked(organization.requests, {WAITING: said}, token)
    assert answer.kind is TokenApprovalRequests
    return answer


def test_a_token_that_waits() -> None:
    assert requests([{"id": 4, "reason": None}]).facts[0].waiting is True
    assert requests([]).facts[0].waiting is False


@pytest.mark.parametrize("said", [GONE, DENIED, Reply(200, {}), [{}], [{"id": "4"}], ["x"]])
def test_requests_that_are_not_understood_show_nothing(said: Say) -> None:
    answer = requests(said)
    assert answer.facts == ()
    assert answer.missing is not None


def test_only_an_app_asks_for_them() -> None:
    for token in (FINE_GRAINED, CLASSIC):
        with github({WAITING: [{"id": 4}]}, token=token) as (client, server):
            (answer,) = organization.requests(client, HERE, FactStore())
            assert server.requests == []
        assert answer.missing is not None
        assert answer.missing.reason is Reason.NOT_PERMITTED
        assert "GitHub App" in answer.missing.needed
