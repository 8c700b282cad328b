from __future__ import annotations

from typing import Any

import pytest

from hardenme.facts.github.runners import OpenGroup
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme_checks.github.runners import (
    org_runner_group_private,
    runner_not_on_public_repository,
)
from tests.factories.github_runners import reachable_runners, runner_group
from tests.factories.given import MISSING, REFUSED

GROUP = "https://github.com/organizations/cedar-labs/settings/actions/runner-groups"
CLOSE = (
    "gh api -X PATCH orgs/cedar-labs/actions/runner-groups/2 -f 'name=big builders'"
    " -F allows_public_repositories=false"
)


def test_a_group_that_serves_public_repositories() -> None:
    assert isinstance(org_runner_group_private(runner_group(inherited=MISSING)), Passed)
    verdict = org_runner_group_private(
        runner_group(2, allows_public=True, name="big builders", visibility="selected")
    )
    assert isinstance(verdict, Failed)
    assert verdict.fix.page == f"{GROUP}/2"
    assert verdict.fix.command == CLOSE


def test_a_group_of_the_enterprise_is_not_closed_here() -> None:
    verdict = org_runner_group_private(runner_group(allows_public=True, inherited=True))
    assert isinstance(verdict, Failed)
    assert verdict.fix.command == ""
    assert verdict.fix.needs == "enterprise owner"


@pytest.mark.parametrize("field", ["allows_public", "visibility"])
def test_a_group_that_is_not_known(field: str) -> None:
    changed: dict[str, Any] = {"allows_public": True, field: MISSING}
    with pytest.raises(NotKnownError):
        org_runner_group_private(runner_group(**changed))


@pytest.mark.parametrize("visibility", ["private", "internal"])
def test_a_repository_that_is_not_public(visibility: str) -> None:
    runners = reachable_runners(visibility=visibility, own=MISSING, groups=MISSING)
    assert isinstance(runner_not_on_public_repository(runners), NotApplicable)


def test_a_public_repository_without_runners() -> None:
    assert isinstance(runner_not_on_public_repository(reachable_runners()), Passed)


def test_runners_of_its_own_are_enough() -> None:
    verdict = runner_not_on_public_repository(reachable_runners(own=1, groups=MISSING))
    assert isinstance(verdict, Failed)
    assert verdict.message == "it has 1 self-hosted runner"
    assert verdict.fix.page == "https://github.com/cedar-labs/cone/settings/actions/runners"


def test_runners_of_the_organization_are_enough_and_closed_there() -> None:
    groups = (OpenGroup(2, "big builders"), OpenGroup(3, "small", ("cedar-labs/cone",)))
    verdict = runner_not_on_public_repository(reachable_runners(own=MISSING, groups=groups))
    assert isinstance(verdict, Failed)
    assert verdict.message == "it can use the organization's runner groups: big builders, small"
    assert verdict.fix.wider is not None
    assert verdict.fix.wider.command == CLOSE
    assert verdict.fix.page == f"{GROUP}/2"


def test_a_pass_needs_both_kinds_to_be_known() -> None:
    with pytest.raises(NotKnownError) as caught:
        runner_not_on_public_repository(reachable_runners(own=MISSING, groups=REFUSED))
    assert caught.value.unknown is REFUSED, "what a deeper run would not tell comes first"
    with pytest.raises(NotKnownError):
        runner_not_on_public_repository(reachable_runners(own=MISSING))
    with pytest.raises(NotKnownError):
        runner_not_on_public_repository(reachable_runners(visibility=MISSING))
