from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hardenme.derive.administration import all_administrators
from hardenme.facts.npm.acceptance import ReleaseAcceptance
from hardenme.facts.npm.site import REGISTRY
from hardenme.model.acceptance import AcceptanceState, ReleaseWay
from hardenme.model.given import Now
from hardenme.model.severity import Severity
from hardenme.model.unknown import NotKnownError, Unknown
from hardenme.model.verdict import Failed, NotApplicable, Passed, Verdict
from hardenme.model.way import Way
from hardenme.reports.plain import in_lines
from hardenme_checks.publishing import (
    publish_path_closed,
    publish_path_survives_2027,
    publish_path_two_people,
)
from tests.factories.github import repository as home_of
from tests.factories.github_organization_roles import by_role
from tests.factories.github_repository import administrators
from tests.factories.github_workflow import loose
from tests.factories.given import LOST, MISSING, NOW, REFUSED, SOLO, TEAM, ago, ahead, every
from tests.factories.npm import (
    PACKAGE,
    maintainer,
    newest_release,
    npm_token,
    npm_two_factor,
    package,
    weekly_downloads,
)
from tests.factories.npm_organization import past_release, release_history
from tests.factories.npm_paths import (
    collaborators,
    future,
    organization_writers,
    package_repository,
    paths,
    release_job,
    release_workflow,
    route,
    setting,
    team,
    trusted_publisher,
)

BYPASS = npm_token(package_write=True, bypass=True)
CACHED = every(release_workflow(release_job(caches=("actions/cache",))))
ALONE = {"publishers": every(), "own_tokens": every(BYPASS), "newest": REFUSED}


def test_a_closed_path() -> None:
    verdict = publish_path_closed(paths())
    assert isinstance(verdict, Passed)
    assert verdict.seen["tokens_closed"] is True
    assert any("publisher/" in key for key in verdict.seen["paths"])  # type: ignore[union-attr, operator]  # a list of keys


@pytest.mark.parametrize(
    "given",
    [
        {"collaborators": REFUSED},
        {"organizations": every(missing=REFUSED)},
        {"secrets": every(missing=LOST)},
    ],
)
def test_a_pass_says_no_more_than_was_read(given: Any) -> None:
    verdict = publish_path_closed(paths(**given))
    assert isinstance(verdict, Passed)
    assert "alone" not in verdict.message
    unread: Any = verdict.seen["not read"]
    assert len(unread) == 1
    assert unread[0].startswith("to know w")


def test_what_is_open_fails_with_all_steps_in_words() -> None:
    verdict = publish_path_closed(paths(own_tokens=every(BYPASS), routes=every()))
    assert isinstance(verdict, Failed)
    assert verdict.seen["tokens_closed"] is False
    assert "no trusted publisher is set up" in verdict.message
    assert verdict.fix.command.startswith(f"npm trust github {PACKAGE}")
    _, *steps = in_lines(verdict.fix.step)
    assert [one.partition(". ")[0] for one in steps] == [str(n) for n in range(1, len(steps) + 1)]
    assert any("Revoke the token" in one for one in steps)
    assert verdict.severity is None


@pytest.mark.parametrize(
    ("given", "shape"),
    [
        ({"setting": setting(disallows_tokens=False)}, "as at axios"),
        (
            {"routes": every(route(trusted_publisher(may_publish=True), workflows=CACHED))},
            "as at TanStack",
        ),
    ],
)
def test_a_shape_that_was_seen_before_is_named(given: Any, shape: str) -> None:
    verdict = publish_path_closed(paths(**given))
    assert isinstance(verdict, Failed)
    assert verdict.message.startswith(shape)


@pytest.mark.parametrize(
    ("given", "needed"),
    [
        ({"setting": MISSING}, "whether tokens publish"),
        ({"own_tokens": every(missing=LOST)}, "whether tokens publish"),
        ({"routes": every(missing=REFUSED)}, "whether the trusted publishers of"),
        ({"routes": every(route(workflows=every(missing=LOST)))}, "whether the release workflow"),
        ({"setting": MISSING, "routes": every(missing=REFUSED)}, "whether tokens publish"),
    ],
)
def test_an_unread_leg_is_unknown_and_named(given: Any, needed: str) -> None:
    with pytest.raises(NotKnownError) as caught:
        publish_path_closed(paths(**given))
    assert needed in caught.value.unknown.needed


@pytest.mark.parametrize(
    "given",
    [
        {"setting": MISSING, "routes": every(route(trusted_publisher(environment=None)))},
        {"own_tokens": every(BYPASS, missing=LOST), "routes": every(missing=REFUSED)},
        {
            "setting": MISSING,
            "routes": every(route(workflows=every(release_workflow(release_job(uses=(loose(),)))))),
        },
    ],
)
def test_what_is_known_to_be_open_fails_although_the_rest_is_unread(given: Any) -> None:
    assert isinstance(publish_path_closed(paths(**given)), Failed)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"factor": npm_two_factor(mode="off")}, "hazel: has no 2FA"),
        (
            {"organizations": every(organization_writers(team("developers")))},
            "hazel-grove:developers: includes every member",
        ),
    ],
)
def test_another_open_path_fails_although_each_leg_holds(given: Any, why: str) -> None:
    found = paths(**given)
    assert not found.broken()
    verdict = publish_path_closed(found)
    assert isinstance(verdict, Failed)
    assert why in verdict.message
    assert verdict.fix.command


def test_a_failure_without_steps_still_says_what_to_do() -> None:
    found = paths(setting=setting(disallows_tokens=False))
    verdict = publish_path_closed(replace(found, told=replace(found.told, steps=())))
    assert isinstance(verdict, Failed)
    assert verdict.fix.page.endswith("/access")


def test_the_end_of_bypass_tokens() -> None:
    passed = publish_path_survives_2027(future(), REFUSED, REFUSED, NOW, TEAM)
    assert isinstance(passed, Passed)
    verdict = publish_path_survives_2027(future(**ALONE), REFUSED, REFUSED, NOW, TEAM)
    assert isinstance(verdict, Failed)
    assert "in 37 days" in verdict.message
    assert verdict.severity is Severity.MEDIUM
    assert any("Revoke the token" in one for one in in_lines(verdict.fix.step)[1:])
    many = weekly_downloads(weekly=2_000_000)
    heavy = publish_path_survives_2027(future(**ALONE), REFUSED, many, NOW, TEAM)
    assert isinstance(heavy, Failed)
    assert heavy.severity is Severity.HIGH
    late = publish_path_survives_2027(future(**ALONE), REFUSED, REFUSED, Now(ahead(60)), TEAM)
    assert isinstance(late, Failed)
    assert "a date that has passed" in late.message
    elsewhere = replace(future(**ALONE), registry="https://registry.acme.example")
    assert elsewhere.registry != REGISTRY
    assert isinstance(
        publish_path_survives_2027(elsewhere, REFUSED, REFUSED, NOW, TEAM), NotApplicable
    )
    with pytest.raises(NotKnownError):
        publish_path_survives_2027(
            future(**ALONE | {"publishers": every(missing=LOST)}), REFUSED, REFUSED, NOW, TEAM
        )
    by_hand = newest_release(trusted_publisher=False, publisher="hazel")
    found = future(publishers=every(), newest=by_hand)
    assert isinstance(publish_path_survives_2027(found, REFUSED, REFUSED, NOW, TEAM), Passed)


def staging(verdict: str, *, accepted: Any, approved: bool = False) -> Verdict | Exception:
    """What comes of a package that a token stages, with a bypass token next to it."""
    way = ReleaseWay(
        "secret/x", Way.SECRET, "STAGE in release.yml", AcceptanceState(verdict), stages=True
    )
    given = {"package": PACKAGE, "ways": (way,), "accepted": accepted, "every_refused": False}
    rest = {"newest": (), "lasting": True, "ending": ()}
    acceptance = ReleaseAcceptance(**package().placed(), **given, **rest)
    only = replace(BYPASS, publish_policy="stage_only")
    past = {
        "newest": newest_release(),
        "history": release_history(past_release("1.4.0", ago(5), approver="rowan")),
    }
    staged = past if approved else {"own_tokens": every(BYPASS, only)}
    made = future(**ALONE | staged)
    try:
        return publish_path_survives_2027(made, acceptance, REFUSED, NOW, TEAM)
    except NotKnownError as error:
        return error


def test_staging_counts_where_the_next_version_is_accepted() -> None:
    assert isinstance(staging("accepted", accepted=True), Passed)
    assert isinstance(staging("refused", accepted=False), NotKnownError)
    assert isinstance(staging("unknown", accepted=REFUSED), NotKnownError)
    assert isinstance(staging("refused", accepted=True, approved=True), Passed)
    assert isinstance(staging("refused", accepted=False, approved=True), NotKnownError)
    assert isinstance(staging("unknown", accepted=REFUSED, approved=True), NotKnownError)


def two(*, roles: Any = REFUSED, **given: Any) -> Any:
    facts: dict[str, Any] = {
        "package": package(),
        "repository": package_repository(),
        "collaborators": collaborators(),
        "administrators": administrators(2),
        "home": REFUSED,
        "limits": TEAM,
    }
    facts |= given
    admins = facts["administrators"]
    if not isinstance(admins, Unknown):
        facts["administrators"] = all_administrators(admins, roles)
    return publish_path_two_people(**facts)


ONE_PUBLIC = package(maintainers=(maintainer(),))


def test_two_people_on_both() -> None:
    assert isinstance(two(), Passed)
    assert isinstance(two(collaborators=REFUSED), Passed)
    assert isinstance(two(administrators=administrators(MISSING, least=2)), Passed)
    assert isinstance(two(package=ONE_PUBLIC), Passed)
    elsewhere = package_repository(repository="", named="https://git.acme.example/hazel/catkin")
    assert isinstance(two(repository=elsewhere, administrators=REFUSED), NotApplicable)


def test_one_alone_cannot_be_stopped() -> None:
    on_npm = two(collaborators=collaborators("hazel"))
    assert isinstance(on_npm, Failed)
    assert on_npm.fix.command == ""
    assert on_npm.severity is Severity.MEDIUM
    on_github = two(administrators=administrators(1))
    assert isinstance(on_github, Failed)
    assert on_github.fix.page == "https://github.com/hazel/catkin/settings/access"
    assert two(administrators=administrators(1), limits=SOLO).severity is Severity.INFO
    nowhere = two(repository=package_repository(repository="", named=""))
    assert isinstance(nowhere, Failed)
    assert nowhere.fix.command == ""


@pytest.mark.parametrize(
    ("home", "gives", "transfers"),
    [
        (home_of(in_organization=True), True, False),
        (home_of(in_organization=False), False, True),
        (home_of(in_organization=MISSING), True, True),
        (REFUSED, True, True),
    ],
)
def test_no_one_becomes_a_second_admin_of_a_personal_repository(
    home: Any, *, gives: bool, transfers: bool
) -> None:
    found = two(administrators=administrators(1), home=home)
    assert isinstance(found, Failed)
    assert ("the admin role" in found.fix.step) == gives
    assert ("Transfer ownership" in found.fix.step) == transfers
    assert found.fix.page.endswith("/settings/access" if gives else "/settings")


def test_who_administers_by_an_organization_role_can_stop_a_release() -> None:
    one = administrators(1)
    assert isinstance(two(administrators=one, roles=by_role("holder")), Passed)
    assert isinstance(two(administrators=one, roles=by_role(*one.logins)), Failed)
    nameless = administrators(1, logins=frozenset())
    with pytest.raises(NotKnownError):
        two(administrators=nameless, roles=by_role("holder"))


def test_who_was_not_read_could_be_the_second() -> None:
    assert two(package=ONE_PUBLIC, collaborators=REFUSED) is REFUSED
    assert two(administrators=REFUSED) is REFUSED
    for given in (
        {"administrators": administrators(MISSING, least=1)},
        {"repository": package_repository(repository=MISSING)},
        {"collaborators": collaborators(writers=MISSING)},
    ):
        with pytest.raises(NotKnownError):
            two(**given)
