"""Several organizations in one run, each with a token of its own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hardenme.sandbox.http import Request
from tests.cli.conftest import Accounts
from tests.worlds.organizations import base

WEAK, STRICT = "HARDENME_GITHUB_TOKEN__BRAMBLE_LABS", "HARDENME_GITHUB_TOKEN__CEDAR_LABS"
BOTH = {WEAK: base.WEAK_FINE_GRAINED, STRICT: base.STRICT_FINE_GRAINED}
REVOKED = "github_pat_CANARYrevoked000000000_" + "0" * 54


def about(request: Request) -> set[str]:
    """The organizations that a request names, in its address or its variables."""
    text = f"{request.path} {request.body.decode()}".lower()
    return {name for name in (base.WEAK, base.STRICT) if name in text}


def by_token(accounts: Accounts) -> dict[str, set[str]]:
    """The organizations that each token was used for."""
    found: dict[str, set[str]] = {}
    for request in accounts.github.requests:
        token = request.headers["authorization"].removeprefix("token ")
        found.setdefault(token, set()).update(about(request))
    return found


def loaded(text: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(text)
    return report


@pytest.mark.second_tier("several whole runs")
def test_each_owners_token_is_for_that_owner_alone(organizations: Accounts) -> None:
    ran = organizations.bare(
        *("github:bramble-labs", "github:cedar-labs", "--select", "GHO,GHR"),
        *("--format", "json"),
        **BOTH,
    )
    assert ran.code == 1
    assert ran.err == ""
    assert by_token(organizations) == {
        base.WEAK_FINE_GRAINED: {base.WEAK},
        base.STRICT_FINE_GRAINED: {base.STRICT},
    }
    report = loaded(ran.out)
    assert [(one["login"], one["kind"], one["source"]) for one in report["identities"]] == [
        ("thorn", "fine-grained", WEAK),
        ("linden", "fine-grained", STRICT),
    ]
    decided = {
        one["within"].split("/")[1]
        for one in report["findings"]
        if one["outcome"] in {"passed", "failed"}
    }
    assert decided == {base.WEAK, base.STRICT}


def test_an_owner_without_one_is_asked_about_with_the_general_token(
    organizations: Accounts,
) -> None:
    organizations.bare(
        *("github:bramble-labs", "github:cedar-labs/cone", "--select", "GHR,GHO"),
        HARDENME_GITHUB_TOKEN=base.WEAK_CLASSIC,
        **{STRICT: base.STRICT_FINE_GRAINED},
    )
    assert by_token(organizations) == {
        base.WEAK_CLASSIC: {base.WEAK},
        base.STRICT_FINE_GRAINED: {base.STRICT},
    }


def test_a_token_of_an_owner_that_is_no_target_is_not_used(organizations: Accounts) -> None:
    ran = organizations.bare(
        *("github:bramble-labs", "--select", "GHO101", "--format", "json"), **BOTH
    )
    assert set(by_token(organizations)) == {base.WEAK_FINE_GRAINED}
    assert len(loaded(ran.out)["identities"]) == 1


def test_the_general_token_is_not_looked_for_where_nothing_needs_it(
    organizations: Accounts,
) -> None:
    ran = organizations.bare(
        *("github:bramble-labs", "--select", "GHO101"),
        HARDENME_GITHUB_TOKEN="npm_CANARYnotarealtoken0000000000000000",
        **BOTH,
    )
    assert ran.code == 1, "a general token that must not be used stops nothing"
    assert ran.err == ""


def test_me_is_asked_about_with_the_general_token(organizations: Accounts) -> None:
    organizations.bare(
        *("me", "github:cedar-labs", "--select", "GHA101,GHO101"),
        HARDENME_GITHUB_TOKEN=base.WEAK_CLASSIC,
        **{STRICT: base.STRICT_FINE_GRAINED},
    )
    used = by_token(organizations)
    assert used[base.STRICT_FINE_GRAINED] == {base.STRICT}
    assert base.STRICT not in used[base.WEAK_CLASSIC]


def test_an_owner_without_any_token_is_told(organizations: Accounts) -> None:
    ran = organizations.bare(
        *("github:bramble-labs", "github:cedar-labs", "--select", "GHO101", "-f", "json"),
        **{STRICT: base.STRICT_FINE_GRAINED},
    )
    (told,) = ran.told
    assert told == (
        "hardenme: there is no GitHub token for bramble-labs, so nothing of bramble-labs was looked"
        f" at; store one with `hardenme auth login github --github-url {organizations.github.url}"
        f" --owner bramble-labs`, or set {WEAK}"
    )
    outcomes = {one["within"]: one["outcome"] for one in loaded(ran.out)["findings"]}
    assert outcomes.pop("github:org/cedar-labs") == "passed"
    assert set(outcomes.values()) == {"unknown"}
    assert ran.code == 3


def test_one_that_is_rejected_does_not_stop_the_other(organizations: Accounts) -> None:
    ran = organizations.bare(
        *("github:bramble-labs", "github:cedar-labs", "--select", "GHO101", "-f", "json"),
        **{WEAK: REVOKED, STRICT: base.STRICT_FINE_GRAINED},
    )
    outcomes = {one["within"]: one["outcome"] for one in loaded(ran.out)["findings"]}
    assert outcomes["github:org/cedar-labs"] == "passed"
    assert "failed" not in outcomes.values()
    assert "unknown" in outcomes.values()
    assert ran.code == 3


def test_the_owner_is_found_in_any_spelling(organizations: Accounts) -> None:
    ran = organizations.bare("github:Bramble-Labs", "--select", "GHO101", **BOTH)
    assert set(by_token(organizations)) == {base.WEAK_FINE_GRAINED}
    assert ran.code == 1


@pytest.mark.parametrize("others", [("github:bramble_labs",), ("github:x", "github:Bramble_labs")])
def test_a_variable_that_may_be_meant_for_two_owners_is_refused(
    organizations: Accounts, others: tuple[str, ...]
) -> None:
    ran = organizations.bare("github:bramble-labs/briar", *others, **BOTH)
    assert ran.code == 2
    (told,) = ran.told
    assert told == (
        f"hardenme: {WEAK} may be meant for bramble-labs or for bramble_labs: look at each in a run"
        " of its own"
    )
    assert organizations.asked == 0


def test_another_providers_token_for_an_owner_is_refused(organizations: Accounts) -> None:
    ran = organizations.bare(
        "github:bramble-labs", **{WEAK: "npm_CANARYnotarealtoken0000000000000000"}
    )
    assert ran.code == 4
    (line,) = ran.told
    assert line.startswith(f"hardenme: {WEAK} holds an npm token; it was not sent to GitHub.")
    assert organizations.asked == 0
