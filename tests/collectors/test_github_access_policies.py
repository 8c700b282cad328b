"""The identity provider and the IP allow list, from answers as GitHub documents them."""

from __future__ import annotations

from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import access_policies
from hardenme.facts.github.access_policies import OrganizationIpAllowList, OrganizationSignOn
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import Reply
from tests.collectors.scripted import GONE, Say, github

ORGANIZATION = Subject("github", "org", "grove")
PROFILE = {"login": "grove", "plan": {"name": "enterprise"}}
OWNER = {"role": "admin", "state": "active", "organization": {"login": "grove"}}
FORBIDDEN = {"type": "FORBIDDEN", "path": ["addresses", "ipAllowListEnabledSetting"], "message": ""}
CLASSIC = "ghp_CANARYgrove00000000000000000000000000"


def entry(number: int, value: Any, *, active: Any = True) -> dict[str, Any]:
    return {"id": f"IALE_{number}", "allowListValue": value, "isActive": active}


def listed(*entries: Any, total: int | None = None, after: str = "") -> dict[str, Any]:
    return {
        "ipAllowListEnabledSetting": "ENABLED",
        "ipAllowListForInstalledAppsEnabledSetting": "DISABLED",
        "ipAllowListEntries": {
            "totalCount": len(entries) if total is None else total,
            "pageInfo": {"hasNextPage": bool(after), "endCursor": after or None},
            "nodes": list(entries),
        },
    }


def of(addresses: Any, provider: Any = None, *errors: Any) -> dict[str, Any]:
    data = {"provider": {"samlIdentityProvider": provider}, "addresses": addresses}
    return {"data": data, "errors": list(errors)} if errors else {"data": data}


def asked(
    *graph: Any, profile: Any = PROFILE, member: Any = OWNER, token: str = CLASSIC
) -> tuple[Any, Any, int]:
    """What both facts hold, or why they are not known, and how many queries were sent."""
    answers: list[Any] = list(graph)
    says: dict[str, Say] = {
        "/orgs/grove": profile,
        "/user/memberships/orgs/grove": member,
        "graphql": lambda _request: Reply(data=answers.pop(0)),
    }
    with github(says, token=token) as (client, server):
        found = list(access_policies.policies(client, ORGANIZATION, FactStore()))
        sent = sum(request.method == "POST" for request in server.requests)
    kinds = [one.kind for one in found]
    assert kinds == [OrganizationSignOn, OrganizationIpAllowList]
    sign_on, addresses = (one.facts[0] if one.facts else one.missing for one in found)
    return sign_on, addresses, sent


def lost(fact: Any, name: str) -> Unknown:
    if isinstance(fact, Unknown):
        return fact
    found: Unknown = fact.unknown_fields()[name]
    return found


def test_one_query_gives_both() -> None:
    sign_on, addresses, sent = asked(of(listed(entry(1, "192.0.2.0/24")), {"id": "OIDP_1"}))
    assert (sign_on.provider, sent) == (True, 1)
    assert (addresses.enabled, addresses.from_apps, addresses.open_to) == (True, False, ())


@pytest.mark.parametrize("name", ["free", "team"])
def test_another_plan_has_neither_and_nothing_is_asked(name: str) -> None:
    sign_on, addresses, sent = asked(profile={"login": "grove", "plan": {"name": name}})
    assert sent == 0
    assert sign_on.provider is addresses.enabled is False
    assert addresses.open_to == ()


@pytest.mark.parametrize("name", ["business_plus", 7])
def test_a_plan_that_nobody_knows_is_unknown_and_nothing_is_asked(name: Any) -> None:
    sign_on, addresses, sent = asked(profile={"login": "grove", "plan": {"name": name}})
    assert sent == 0
    assert {sign_on.reason, addresses.reason} == {Reason.MALFORMED}
    hidden, _, sent = asked(profile={"login": "grove"})
    assert (hidden.reason, sent) == (Reason.NOT_PERMITTED, 0)


@pytest.mark.parametrize(
    ("values", "open_to"),
    [
        (["0.0.0.0/0"], ("IPv4",)),
        (["::/0"], ("IPv6",)),
        (["0.0.0.0/1", "128.0.0.0/1", "0::/0"], ("IPv4", "IPv6")),
        # Bits beyond the prefix do not count.
        (["203.0.113.9/0"], ("IPv4",)),
        (["0.0.0.0/1", "192.0.2.7", "2001:db8::/32"], ()),
        ([], ()),
    ],
)
def test_entries_count_together(values: list[str], open_to: tuple[str, ...]) -> None:
    entries = [entry(number, value) for number, value in enumerate(values)]
    _, addresses, _ = asked(of(listed(*entries)))
    assert addresses.open_to == open_to
    off = [entry(number, value, active=False) for number, value in enumerate(values)]
    _, addresses, _ = asked(of(listed(*off)))
    assert addresses.open_to == ()


@pytest.mark.parametrize(
    "odd",
    [
        entry(1, "everywhere"),
        entry(1, None),
        entry(1, "192.0.2.1", active=None),
        {"id": "IALE_1", "allowListValue": "192.0.2.1"},
        {"allowListValue": "192.0.2.1", "isActive": True},
        None,
    ],
)
def test_an_entry_that_is_not_understood_is_no_pass(odd: Any) -> None:
    _, addresses, _ = asked(of(listed(odd)))
    assert lost(addresses, "open_to")


def test_a_page_that_is_lost_is_no_pass_and_hides_no_failure() -> None:
    first, closed = entry(1, "192.0.2.1"), {"data": None, "errors": [FORBIDDEN]}
    _, addresses, sent = asked(of(listed(first, total=2, after="next")), closed)
    assert sent == 2
    assert lost(addresses, "open_to").reason is Reason.NOT_PERMITTED
    _, addresses, _ = asked(of(listed(first, total=2)))
    assert lost(addresses, "open_to").reason is Reason.INCOMPLETE
    every = [entry(1, "0.0.0.0/0"), entry(2, "::/0")]
    _, addresses, _ = asked(of(listed(*every, total=3, after="next")), closed)
    assert addresses.open_to == ("IPv4", "IPv6")
    pages = [listed(entry(n, "192.0.2.1"), total=2, after="next" * (n == 1)) for n in (1, 2)]
    _, addresses, sent = asked(*map(of, pages))
    assert (addresses.open_to, sent) == ((), 2)


def test_a_list_that_is_refused_leaves_the_provider() -> None:
    sign_on, addresses, _ = asked(of(None, {"id": "OIDP_1"}, FORBIDDEN))
    assert sign_on.provider is True
    assert addresses.reason is Reason.NOT_PERMITTED


@pytest.mark.parametrize("value", ["ON", None, True])
def test_a_setting_of_another_value_is_unknown(value: Any) -> None:
    for name, key in (
        ("enabled", "ipAllowListEnabledSetting"),
        ("from_apps", "ipAllowListForInstalledAppsEnabledSetting"),
    ):
        _, addresses, _ = asked(of(listed() | {key: value}))
        assert lost(addresses, name)


def test_null_means_no_provider_only_to_whom_one_is_shown() -> None:
    sign_on, _, _ = asked(of(listed()))
    assert sign_on.provider is False
    for member, token, reason in (
        (OWNER | {"role": "member"}, CLASSIC, Reason.NOT_PERMITTED),
        (OWNER, "gho_CANARYgrove00000000000000000000000000", Reason.NOT_PERMITTED),
        (OWNER, "github_pat_CANARYgrove0000000000000000000", Reason.NOT_PERMITTED),
        (GONE, CLASSIC, Reason.NOT_VISIBLE),
    ):
        sign_on, _, _ = asked(of(listed()), member=member, token=token)
        assert lost(sign_on, "provider").reason is reason
    odd, _, _ = asked(of(listed(), "yes"))
    assert lost(odd, "provider").reason is Reason.MALFORMED
    absent, _, _ = asked({"data": {"provider": {}, "addresses": listed()}})
    assert lost(absent, "provider")
    for nothing in (None, {}, {"provider": None, "addresses": None}):
        sign_on, addresses, _ = asked({"data": nothing})
        assert lost(sign_on, "provider")
        assert lost(addresses, "enabled")
