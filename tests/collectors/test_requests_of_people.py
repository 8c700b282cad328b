"""How many requests the people of an organization take: a hundred members cost three."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

import pytest
from graphql import parse, validate

from hardenme.model.depth import Depth
from hardenme.sandbox.github.world import User, World
from hardenme.sandbox.http import Request
from hardenme.sandbox.npm import scenarios as npm
from tests.running import NOW, PATIENT, stage
from tests.sandbox.test_github_schema import github, needs_contract
from tests.worlds import github as scenarios

CODES = ("GHO102", "GHO103", "GHO104", "GHO121", "GHO122")
ORGANIZATION = "cedar-labs"
MEMBERS = 230


def crowded() -> World:
    """Cedar-labs with many members."""
    world = scenarios.strict_organization(NOW)
    organization = world.organization(ORGANIZATION)
    assert organization is not None
    for number in range(MEMBERS - len(organization.members)):
        login = f"seedling{number:03}"
        active = {ORGANIZATION: NOW - timedelta(days=5)}
        world.users.append(
            User(login, 40_000 + number, NOW - timedelta(days=900), contributions=active)
        )
        organization.members[login] = "member"
    return world


def name_of(request: Request) -> str:
    if request.method == "POST":
        return str(json.loads(request.body)["query"].split("(")[0])
    return request.path + (f"?{request.query['filter']}" if "filter" in request.query else "")


@pytest.mark.second_tier("takes over half a second")
def test_many_members_take_few_requests() -> None:
    with stage(crowded(), npm.hardened_maintainer(NOW), scenarios.STRICT_ORG_TOKEN) as running:
        report = running.audit(
            f"github:{ORGANIZATION}", select_=CODES, depth=Depth.FAST, bounds=PATIENT
        )
        asked = Counter(map(name_of, running.github.requests))
    results = Counter(finding.result for finding in report.findings)
    assert results == {"passed": 3 * MEMBERS + 2}
    prefix = f"/orgs/{ORGANIZATION}"
    assert asked == {
        "/user": 1,
        prefix: 1,
        "query Repositories": 1,
        f"/users/{ORGANIZATION}": 1,
        f"/user/memberships{prefix}": 1,
        "query OrganizationMembers": 3 + 1,
        "query MemberActivity": 5,
        f"{prefix}/members?2fa_disabled": 1,
        f"{prefix}/members?2fa_insecure": 1,
        f"{prefix}/outside_collaborators": 1,
        f"{prefix}/outside_collaborators?2fa_disabled": 1,
        f"{prefix}/outside_collaborators?2fa_insecure": 1,
        f"{prefix}/invitations": 1,
    }


@needs_contract
@pytest.mark.second_tier("parses GitHub's whole schema")
def test_what_is_asked_is_valid_on_github() -> None:
    with stage(crowded(), npm.hardened_maintainer(NOW), scenarios.STRICT_ORG_TOKEN) as running:
        running.audit(f"github:{ORGANIZATION}", select_=CODES, depth=Depth.FAST)
        posted = [request for request in running.github.requests if request.method == "POST"]
    documents = {json.loads(request.body)["query"] for request in posted}
    assert len(documents) == 4, "the members, two sizes of the other, and who administers"
    for document in documents:
        assert validate(github(), parse(document)) == []
