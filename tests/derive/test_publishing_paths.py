from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from hardenme.derive.publishing.tokens import ANY
from hardenme.facts.npm.paths import PublishPaths
from hardenme.model.publishing import PublishPath, State
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.way import Way
from tests.factories.github_repository import workflow_secret
from tests.factories.github_workflow import loose
from tests.factories.given import LOST, MISSING, REFUSED, ago, ahead, every
from tests.factories.npm import KEY, PACKAGE, newest_release, npm_token, npm_two_factor
from tests.factories.npm_paths import (
    PUBLISHER,
    collaborators,
    left_open,
    organization_writers,
    paths,
    release_job,
    release_workflow,
    route,
    setting,
    team,
    trusted_publisher,
)

WRITES = npm_token(package_write=True, bypass=True)
UNSOUND = every(release_workflow(release_job(uses=(loose(),))))


def path(found: PublishPaths, key: str) -> PublishPath:
    return next(item for item in found.told.paths if item.key == key)


def keys(found: PublishPaths) -> list[str]:
    return [step.key for step in found.told.steps]


def test_a_package_with_one_guarded_workflow_has_nothing_to_close() -> None:
    found = paths()
    assert (found.tokens_closed, found.publisher_guarded, found.workflow_sound) == (True,) * 3
    assert found.broken() == ()
    assert (found.told.steps, found.told.unread, found.against) == ((), (), ())
    assert {item.key for item in found.told.paths if item.intended} == {
        *("person/hazel", "person/rowan", "team/hazel-grove:release"),
        f"publisher/{PUBLISHER}",
    }
    assert found.told.weekly == 1200


# The first leg: no token publishes.


def test_a_package_that_takes_tokens_leaves_the_first_leg_broken() -> None:
    found = paths(setting=setting(disallows_tokens=False))
    assert found.broken() == ("tokens_closed",)
    assert path(found, ANY).state is State.OPEN
    assert found.told.steps[0].fix.command == f"npm access set mfa=publish {PACKAGE}"


@pytest.mark.parametrize(
    ("what", "can"),
    [
        ({"bypass": True}, "publishes without 2FA"),
        ({"bypass": False}, "publishes with 2FA; stages without it"),
        ({"bypass": True, "publish_policy": "stage_only"}, "can stage versions"),
        ({"bypass": MISSING}, "whether it needs 2FA is not visible"),
        ({"packages": frozenset(), "unlimited": True}, "publishes"),
        ({"packages": frozenset(), "scopes": frozenset({"@hazel-grove"})}, "publishes"),
        ({"packages": frozenset(), "scopes": frozenset({"hazel-grove"})}, "publishes"),
        ({"expires_at": None}, "publishes"),
    ],
)
@pytest.mark.parametrize("stated", [MISSING, setting()])
def test_a_token_that_writes_breaks_it_whatever_was_stated(
    what: Any, can: str, stated: Any
) -> None:
    token = replace(npm_token(package_write=True, bypass=True), **what)
    found = paths(own_tokens=every(token), setting=stated)
    assert found.broken() == ("tokens_closed",)
    told = path(found, f"token/{KEY}")
    assert told.state is State.OPEN
    assert (can if stated is MISSING else "is left over") in told.reason
    assert f"token/{KEY}" in keys(found)
    staged = token.publish_policy == "stage_only"
    assert found.shapes == (("axios",) if stated is MISSING and not staged else ())


@pytest.mark.parametrize(
    "what",
    [
        {"package_write": False},
        {"packages": frozenset({"@hazel-grove/other"})},
        {"packages": frozenset(), "scopes": frozenset({"@hazel"})},
        {"expires_at": ago(1)},
        {"revoked": True},
        {"revoked": True, "packages": MISSING},
    ],
)
def test_a_token_that_cannot_publish_it_is_no_path(what: Any) -> None:
    found = paths(own_tokens=every(replace(WRITES, **what)))
    assert found.tokens_closed
    assert not any(item.key.startswith("token/1") for item in found.told.paths)


@pytest.mark.parametrize(
    "name", ["package_write", "packages", "scopes", "unlimited", "expires_at", "revoked"]
)
def test_a_token_of_which_a_part_is_not_told_is_a_path_that_is_not_known(name: str) -> None:
    given: dict[str, Any] = {"packages": frozenset(), "scopes": frozenset()}
    given["unlimited"] = name not in {"packages", "scopes", "unlimited"}
    token = npm_token(**{"package_write": True, "bypass": True} | given | {name: MISSING})
    found = paths(own_tokens=every(token))
    assert found.unknown_fields()["tokens_closed"].reason is MISSING.reason
    assert path(found, f"token/{KEY}").state is State.UNKNOWN


@pytest.mark.parametrize(
    ("given", "needed"),
    [
        ({"setting": MISSING}, MISSING.needed),
        ({"setting": setting(disallows_tokens=REFUSED)}, REFUSED.needed),
        ({"own_tokens": every(missing=LOST)}, LOST.needed),
        ({"own_tokens": REFUSED}, REFUSED.needed),
    ],
)
def test_an_unread_part_of_the_first_leg_is_named(given: Any, needed: str) -> None:
    found = paths(**given)
    why = found.unknown_fields()["tokens_closed"]
    assert why.needed == f"to know whether tokens publish {PACKAGE}: {needed}"
    assert found.broken() == ()
    assert why.needed in found.told.unread


def test_what_nobody_stated_can_be_closed_all_the_same() -> None:
    found = paths(setting=MISSING, secrets=every(workflow_secret("NPM_TOKEN")))
    assert path(found, ANY).state is State.UNKNOWN
    assert keys(found) == [f"access/{PACKAGE}"]
    assert "hardenme attest NPP106 npm:package/" in found.told.steps[0].fix.step
    assert left_open(found) == set()


# The second and the third leg: trusted publishers and their workflows.


def test_without_a_trusted_publisher_the_first_step_is_to_set_one_up() -> None:
    found = paths(routes=every(), own_tokens=every(WRITES))
    assert found.broken() == ("tokens_closed", "publisher_guarded")
    assert found.unknown_fields()["workflow_sound"].reason is Reason.NOT_VISIBLE
    assert "no trusted publisher is set up" in found.against
    assert [key.partition("/")[0] for key in keys(found)] == ["trust", "token"]
    first = found.told.steps[0].fix.command
    assert first == (
        f"npm trust github {PACKAGE} --repo=hazel/catkin --file=release.yml --env=npm"
        " --allow-stage-publish"
    )
    said = (
        "Check that hazel/catkin has the environment npm, with its rules, then set up release.yml"
    )
    assert found.told.steps[0].fix.step.startswith(said)
    assert found.shapes == ()


def test_a_publisher_that_may_do_nothing_is_none() -> None:
    idle = route(trusted_publisher(may_stage=False))
    found = paths(routes=every(idle))
    assert found.broken() == ("publisher_guarded",)
    assert path(found, f"publisher/{PUBLISHER}").state is State.CLOSED


def test_publishers_that_were_not_read_leave_both_legs_unknown() -> None:
    found = paths(routes=every(missing=REFUSED))
    assert set(found.unknown_fields()) == {"publisher_guarded", "workflow_sound"}
    assert all(REFUSED.needed in why.needed for why in found.unknown_fields().values())
    assert len(found.told.unread) == 2


def test_one_bad_publisher_of_several_breaks_the_leg() -> None:
    bad = route(trusted_publisher("2", environment=None))
    found = paths(routes=every(route(), bad))
    assert found.broken() == ("publisher_guarded",)
    assert path(found, "publisher/2").state is State.OPEN
    # Another one is left, so that ending it is fewer steps than setting it up anew.
    assert keys(found) == [f"publisher/{PACKAGE}/2"]


def test_a_workflow_that_is_mended_is_not_given_up() -> None:
    bad = route(trusted_publisher("2", workflow="nightly.yml"))
    found = paths(routes=every(route(), bad))
    assert found.broken() == ("workflow_sound",)
    assert keys(found) == ["workflow/hazel/catkin/nightly.yml"]


def test_an_unsound_workflow_breaks_the_third_leg_alone() -> None:
    found = paths(routes=every(route(workflows=UNSOUND)))
    assert found.broken() == ("workflow_sound",)
    assert keys(found) == ["workflow/hazel/catkin/release.yml"]


def test_the_shape_of_tanstack_is_a_workflow_that_publishes_by_itself_from_a_cache() -> None:
    cached = every(release_workflow(release_job(caches=("actions/cache",))))
    found = paths(routes=every(route(trusted_publisher(may_publish=True), workflows=cached)))
    assert found.shapes == ("TanStack",)
    assert found.broken() == ("workflow_sound",)


@pytest.mark.parametrize(
    ("routes", "shapes"),
    [(every(route()), ("axios",)), (every(missing=REFUSED), ("axios",)), (every(), ())],
)
def test_the_shape_of_axios_is_a_publisher_beside_which_tokens_publish(
    routes: Any, shapes: Any
) -> None:
    found = paths(routes=routes, setting=setting(disallows_tokens=False))
    assert found.shapes == shapes
    hand = newest_release(trusted_publisher=False, publisher="hazel")
    unread = paths(routes=every(missing=LOST), newest=hand, own_tokens=every(WRITES))
    assert unread.shapes == ()


def test_a_token_that_may_only_stage_has_not_the_shape_of_axios() -> None:
    staging = npm_token(package_write=True, publish_policy="stage_only")
    for given in ({}, {"setting": MISSING}):
        found = paths(own_tokens=every(staging), **given)
        assert found.broken() == ("tokens_closed",)
        assert found.shapes == ()
    assert paths(own_tokens=every(WRITES), setting=MISSING).shapes == ("axios",)


def test_no_token_is_ended_that_is_not_known_to_publish_the_package() -> None:
    unclear = npm_token(package_write=True, packages=MISSING, unlimited=MISSING)
    found = paths(own_tokens=every(unclear))
    assert path(found, f"token/{unclear.subject.name}").state is State.UNKNOWN
    assert keys(found) == []


# People, teams and secrets.


@pytest.mark.parametrize("mode", ["off", "pending", "auth-only"])
def test_an_account_without_a_factor_at_writes_is_no_intended_path(mode: str) -> None:
    found = paths(factor=npm_two_factor(mode=mode))
    own = path(found, "person/hazel")
    assert not own.intended
    assert path(found, "person/rowan").intended
    assert keys(found) == ["factor/hazel"]
    assert "npm profile enable-2fa auth-and-writes" in found.told.steps[0].fix.command


def test_the_team_of_everybody_is_no_intended_path() -> None:
    organization = organization_writers(team("developers"))
    found = paths(organizations=every(organization))
    assert path(found, "team/hazel-grove:developers").state is State.OPEN
    assert found.told.steps[0].fix.command == (
        f"npm access grant read-only hazel-grove:developers {PACKAGE}"
    )


def test_owners_and_teams_of_the_scope_alone_are_paths() -> None:
    other = organization_writers(team("release"), name="willow-works", owners=("sedge",))
    idle = team("docs", writes=())
    unread = team("unread", writes=MISSING)
    own = organization_writers(idle, unread, owners=("hazel", "bramble"))
    found = paths(organizations=every(other, own))
    people = {item.key for item in found.told.paths if item.way in {Way.PERSON, Way.TEAM}}
    assert people == {"person/hazel", "person/rowan", "person/bramble"}
    assert "owns hazel-grove" in path(found, "person/bramble").reason


def test_who_else_may_publish_is_said_not_to_be_known() -> None:
    found = paths(collaborators=REFUSED, organizations=every(missing=LOST))
    assert path(found, "person/rowan").intended
    assert len(found.told.unread) == 2
    assert found.broken() == ()
    assert paths(collaborators=collaborators("sedge")).told.paths != found.told.paths


def test_a_secret_counts_by_its_name_until_the_package_takes_no_tokens() -> None:
    secrets = every(workflow_secret("NPM_TOKEN"), workflow_secret("DEPLOY_HOST"))
    found = paths(secrets=secrets)
    (kept,) = [item for item in found.told.paths if item.way is Way.SECRET]
    assert kept.state is State.CLOSED
    unstated = paths(secrets=secrets, setting=MISSING)
    assert path(unstated, kept.key).state is State.UNKNOWN
    assert path(unstated, kept.key).needed
    assert paths(secrets=every(missing=LOST)).told.unread


def test_two_tokens_of_one_name_are_told_apart() -> None:
    second = replace(WRITES, subject=replace(WRITES.subject, name="2"))
    for order in permutations((WRITES, second)):
        names = [item.name for item in paths(own_tokens=every(*order)).told.paths]
        assert f"install, build box ({KEY[:8]})" in names
        assert "install, build box (2)" in names


def test_an_expiry_that_is_ahead_keeps_a_token_alive() -> None:
    assert paths(own_tokens=every(replace(WRITES, expires_at=ahead(0.1)))).broken()


def test_a_publisher_of_a_repository_that_is_not_seen_is_ended_and_another_set_up() -> None:
    gone = Unknown(Reason.NOT_VISIBLE, "the right name, and a token that can see it")
    lost = route(trusted_publisher(environment=None), repository=gone)
    found = paths(routes=every(lost))
    assert [key.partition("/")[0] for key in keys(found)] == ["trust", "publisher"]
    assert "unless its repository is a private one of yours" in found.told.steps[1].fix.step
    assert keys(paths(routes=every(lost, missing=LOST))) == [f"publisher/{PACKAGE}/{PUBLISHER}"]
