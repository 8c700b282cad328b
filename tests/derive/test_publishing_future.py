from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hardenme.facts.npm.history import PastRelease, ReleaseHistory
from hardenme.model.unknown import Reason
from tests.factories.github import repository
from tests.factories.github_repository import environment
from tests.factories.given import LOST, MISSING, REFUSED, ago, every
from tests.factories.npm import KEY, PACKAGE, newest_release, npm_account, npm_token
from tests.factories.npm_paths import OF_PACKAGE, future, release_workflow, route, trusted_publisher
from tests.factories.npm_publishing import named_repository

BYPASS = npm_token(package_write=True, bypass=True)
BY_HAND = newest_release(trusted_publisher=False, publisher="hazel")
UNTOLD = newest_release(trusted_publisher=False, publisher=MISSING)
ALONE: dict[str, Any] = {"publishers": every(), "newest": BY_HAND, "own_tokens": every(BYPASS)}


def history(approver: Any = "rowan", version: Any = "1.4.0") -> ReleaseHistory:
    unknown = dict.fromkeys(PastRelease.__dataclass_fields__, MISSING)
    release = PastRelease(**unknown | {"version": version, "approver": approver})
    return ReleaseHistory(**OF_PACKAGE, package=PACKAGE, releases=(release,), tags={}, removed={})


def test_a_package_that_only_such_a_token_publishes_does_not_survive() -> None:
    found = future(**ALONE)
    assert found.survives is False
    assert found.bypass == (f"install, build box ({KEY[:8]})",)
    assert [step.fix.command for step in found.steps] == [
        (
            f"npm trust github {PACKAGE} --repo=hazel/catkin --file=release.yml --env=npm"
            " --allow-stage-publish"
        ),
        f"npm access set mfa=publish {PACKAGE}",
        f"npm token revoke {KEY}",
    ]


@pytest.mark.parametrize(
    "given",
    [
        {"publishers": every(trusted_publisher())},
        {"publishers": every(trusted_publisher(), missing=LOST)},
        {"history": history()},
        {"own_tokens": every(BYPASS, replace(BYPASS, publish_policy="stage_only"))},
        {"own_tokens": every(), "account": npm_account()},
        {"own_tokens": every(replace(BYPASS, bypass=False))},
        {"own_tokens": every(replace(BYPASS, expires_at=ago(1)))},
    ],
)
def test_it_survives_by_whatever_needs_no_such_token(given: Any) -> None:
    found = future(**ALONE | given)
    assert found.survives
    assert found.by


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"publishers": every(missing=REFUSED)}, REFUSED.reason),
        ({"publishers": every(missing=REFUSED), "newest": newest_release()}, REFUSED.reason),
        (
            {
                "publishers": every(missing=REFUSED),
                "newest": newest_release(),
                "own_tokens": every(),
            },
            REFUSED.reason,
        ),
        ({"newest": newest_release(), "own_tokens": every()}, Reason.NOT_VISIBLE),
        (
            {"publishers": every(trusted_publisher(may_publish=MISSING, may_stage=MISSING))},
            MISSING.reason,
        ),
        ({"own_tokens": every(missing=LOST)}, LOST.reason),
        ({"own_tokens": every(npm_token(package_write=True, bypass=MISSING))}, MISSING.reason),
        ({"own_tokens": every(npm_token(package_write=MISSING, bypass=True))}, MISSING.reason),
        ({"own_tokens": every(), "newest": REFUSED}, REFUSED.reason),
        ({"own_tokens": every(), "newest": UNTOLD}, MISSING.reason),
        ({"own_tokens": every(), "account": REFUSED}, REFUSED.reason),
        ({"own_tokens": every(), "account": npm_account(name="rowan")}, Reason.NOT_VISIBLE),
    ],
)
def test_what_was_not_read_leaves_it_unknown(given: Any, reason: Reason) -> None:
    found = future(**ALONE | given)
    assert found.unknown_fields()["survives"].reason is reason


@pytest.mark.parametrize(
    "given",
    [
        {"history": history(approver="")},
        {"history": history(approver=MISSING)},
        {"history": history(version="1.3.0")},
        {"history": REFUSED},
        {"publishers": every(trusted_publisher(may_stage=False))},
        {"newest": newest_release()},
    ],
)
def test_what_shows_no_other_way_saves_nothing(given: Any) -> None:
    assert future(**ALONE | given).survives is False


@pytest.mark.parametrize(
    "given",
    [
        {"named": named_repository("gone", "")},
        {"named": named_repository("owner gone", "")},
        {"named": named_repository("renamed", "hazel/other"), "repository": REFUSED},
        {"workflows": every(release_workflow(file="other.yml"))},
        {"workflows": every()},
        {"environments": every()},
        {"environments": every(environment("other"))},
        {"repository": repository(archived=True)},
        {"named": REFUSED, "environments": every(), "workflows": every(missing=LOST)},
    ],
)
def test_a_publisher_of_which_a_part_is_missing_saves_nothing(given: Any) -> None:
    found = future(**ALONE, routes=every(route(**given)))
    assert found.survives is False
    assert "cannot publish: part of it is missing" in found.by
    assert future(**ALONE, routes=every(route(**given), route())).survives is True


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"repository": REFUSED}, REFUSED.reason),
        ({"repository": REFUSED, "named": REFUSED}, REFUSED.reason),
        ({"workflows": every(missing=LOST)}, LOST.reason),
        ({"environments": every(missing=LOST)}, LOST.reason),
        ({"repository": repository(archived=MISSING)}, MISSING.reason),
    ],
)
def test_one_of_which_a_part_was_not_read_leaves_it_unknown(given: Any, reason: Reason) -> None:
    found = future(**ALONE, routes=every(route(**given)))
    assert found.unknown_fields()["survives"].reason is reason


def test_a_publisher_on_another_provider_is_not_known_to_work() -> None:
    elsewhere = route(trusted_publisher(provider="gitlab"), named=REFUSED)
    found = future(**ALONE, routes=every(elsewhere))
    assert "survives" in found.unknown_fields()
