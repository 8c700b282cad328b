"""What holds of publish paths whatever was read, and in whatever order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardenme.facts.npm.paths import LEGS, PublishPaths
from hardenme.model.fact import Every
from hardenme.model.known import field
from hardenme.model.publishing import State
from hardenme.model.way import Way
from tests.factories.github_repository import workflow_secret
from tests.factories.github_workflow import loose
from tests.factories.given import LOST, MISSING, REFUSED, every
from tests.factories.npm import newest_release, npm_token, npm_two_factor
from tests.factories.npm_paths import (
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

PARTS: dict[str, Any] = {
    "setting": [setting(), setting(disallows_tokens=False), MISSING, REFUSED],
    "factor": [npm_two_factor(), npm_two_factor(mode="off"), REFUSED],
    "collaborators": [collaborators(), collaborators(writers=MISSING), REFUSED],
    "newest": [newest_release(), newest_release(trusted_publisher=MISSING), REFUSED],
}
TOKENS = [
    WRITES,
    replace(WRITES, subject=replace(WRITES.subject, name="2"), bypass=False),
    npm_token(subject=replace(WRITES.subject, name="3"), package_write=MISSING, bypass=True),
    replace(WRITES, subject=replace(WRITES.subject, name="4"), revoked=True),
]
ROUTES = [
    route(),
    route(trusted_publisher("2", environment=None)),
    route(trusted_publisher("3", may_publish=True), workflows=UNSOUND),
    route(trusted_publisher("4"), workflows=every(missing=LOST)),
    route(trusted_publisher("5", provider="gitlab", repository="")),
    route(trusted_publisher("6", may_publish=True), environments=every()),
]
SECRETS = [workflow_secret("NPM_TOKEN"), workflow_secret("NPM_AUTH", kept_by="organization")]
TEAMS = [team(), team("developers"), team("docs", writes=MISSING)]


def few(items: list[Any]) -> st.SearchStrategy[list[Any]]:
    """A few of a list, each once."""
    places = st.lists(st.integers(0, len(items) - 1), unique=True)
    return places.map(lambda chosen: [items[place] for place in chosen])


def one_of(items: list[Any]) -> st.SearchStrategy[Any]:
    """One of a list; facts with unknown fields have no hash to be told apart by."""
    return st.integers(0, len(items) - 1).map(lambda place: items[place])


def some(items: list[Any]) -> st.SearchStrategy[Every[Any]]:
    """A few of a list, which may be said not to be whole."""
    return st.builds(Every, few(items).map(tuple), st.sampled_from([None, LOST]))


ANYTHING = st.fixed_dictionaries(
    {
        **{name: one_of(values) for name, values in PARTS.items()},
        "own_tokens": some(TOKENS),
        "routes": some(ROUTES),
        "secrets": some(SECRETS),
        "organizations": few(TEAMS).map(lambda teams: every(organization_writers(*teams))),
    }
)
FEW = settings(max_examples=80, derandomize=True, database=None)


@FEW
@given(ANYTHING)
def test_nothing_holds_while_a_part_of_it_is_unread(given: dict[str, Any]) -> None:
    found = paths(**given)
    holds = {leg for leg in LEGS if leg not in found.unknown_fields() and getattr(found, leg)}
    stated = given["setting"]
    tokens, routes = given["own_tokens"], given["routes"]
    if "tokens_closed" in holds:
        assert stated == setting()
        assert tokens.missing is None
        assert all(token.revoked for token in tokens.facts)
    for leg, value in (("publisher_guarded", "guarded"), ("workflow_sound", "sound")):
        if leg in holds:
            assert routes.facts
            assert routes.missing is None
            assert all(getattr(item, value) is True for item in routes.facts)
    if routes.missing is not None or not routes.facts:
        assert holds <= {"tokens_closed"}


@FEW
@given(ANYTHING)
def test_all_steps_leave_open_only_what_no_step_can_close(given: dict[str, Any]) -> None:
    found = paths(**given)
    states = {item.key: item for item in found.told.paths}
    for key in left_open(found):
        # Only a publisher or a token that was not read as a whole has no step yet.
        assert states[key].way in {Way.PUBLISHER, Way.TOKEN}
        assert states[key].state is State.UNKNOWN
        assert states[key].needed
    assert len({step.key for step in found.told.steps}) == len(found.told.steps)


def values(found: PublishPaths) -> list[Any]:
    """What it tells, with what it does not know."""
    return [field(found, name) for name in (*LEGS, "against", "shapes", "told")]


@pytest.mark.second_tier("takes over half a second")
@FEW
@given(ANYTHING, st.randoms(use_true_random=False))
def test_the_order_of_what_was_read_changes_nothing(given: dict[str, Any], chance: Any) -> None:
    mixed = {
        name: Every(tuple(chance.sample(value.facts, len(value.facts))), value.missing)
        if isinstance(value, Every)
        else value
        for name, value in given.items()
    }
    assert values(paths(**mixed)) == values(paths(**given))
