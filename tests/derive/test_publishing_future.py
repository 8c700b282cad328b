from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hardenme.facts.npm.history import PastRelease, ReleaseHistory
from hardenme.model.acceptance import RefusedCause, UnreadCause
from hardenme.model.fact import Every
from hardenme.model.unknown import Reason, Unknown
from tests.factories.github import repository
from tests.factories.github_repository import environment
from tests.factories.given import LOST, MISSING, REFUSED, ago, every
from tests.factories.npm import (
    KEY,
    PACKAGE,
    newest_release,
    npm_account,
    npm_token,
    npm_two_factor,
)
from tests.factories.npm_paths import (
    OF_PACKAGE,
    future,
    paths,
    publisher_release,
    release_workflow,
    route,
    trusted_publisher,
)
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


def test_no_publisher_is_set_up_for_a_repository_that_was_not_seen() -> None:
    hidden = Every((), Unknown(Reason.NOT_VISIBLE, "the workflows"))
    none = {"routes": every(), "workflows": hidden}
    for steps in (future(**ALONE, workflows=hidden).steps, paths(**none).told.steps):
        first = steps[0].fix
        assert first.command == ""
        assert first.step.startswith("Confirm that hazel/catkin is yours, or correct repository")
    limited = Every((), Unknown(Reason.NOT_PERMITTED, "the workflows"))
    assert "npm trust github" in future(**ALONE, workflows=limited).steps[0].fix.command


@pytest.mark.parametrize(
    "given",
    [
        {"publishers": every(trusted_publisher())},
        {"publishers": every(trusted_publisher(), missing=LOST)},
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
        ({"history": history()}, Reason.NOT_VISIBLE),
        (
            {"own_tokens": every(BYPASS, replace(BYPASS, publish_policy="stage_only"))},
            Reason.NOT_VISIBLE,
        ),
        ({"own_tokens": every(), "factor": REFUSED}, REFUSED.reason),
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


REFUSING = {"refused": (RefusedCause("E5", "the publisher names release.yaml (404)"),)}
OPEN = {"unread": (UnreadCause(("E7",), "whether it has expired", Reason.RATE_LIMITED),)}


def test_a_publisher_that_is_refused_saves_nothing() -> None:
    one = route()
    refused = publisher_release(one, "refused", **REFUSING)
    found = future(**ALONE, routes=every(one), releases=every(refused))
    assert found.survives is False
    assert "npm refuses it: the publisher names release.yaml (404)" in found.by


@pytest.mark.parametrize(
    ("releases", "reason"),
    [
        (every(publisher_release(route(), "unknown", **OPEN)), Reason.RATE_LIMITED),
        (every(missing=LOST), LOST.reason),
        (REFUSED, REFUSED.reason),
        (every(), Reason.NOT_VISIBLE),
    ],
)
def test_a_publisher_that_is_not_known_to_be_accepted_leaves_it_unknown(
    releases: Any, reason: Reason
) -> None:
    found = future(**ALONE, routes=every(route()), releases=releases)
    assert found.unknown_fields()["survives"].reason is reason


@pytest.mark.parametrize("mode", ["off", "pending"])
def test_an_account_without_2fa_cannot_publish_by_hand(mode: str) -> None:
    found = future(**ALONE | {"own_tokens": every(), "factor": npm_two_factor(mode=mode)})
    assert found.survives is False
    assert "no 2FA" in found.by
