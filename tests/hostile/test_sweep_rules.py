"""What guards a branch in a sweep: rulesets that count and such that do not, and who passes by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hardenme.model.report import Report
from hardenme.sandbox.github.scenario.rulebook import rehearsal, strict_branch
from hardenme.sandbox.github.world import Repository, World
from hardenme.sandbox.http import Fault, Reply, Request
from tests.hostile.sweeping import (
    STRICT,
    Edit,
    answering,
    named,
    nothing_worse,
    operation,
    results,
    sweep,
    swept,
    unknown,
    whole,
)
from tests.mutations import absent
from tests.running import NOW

pytestmark = [
    pytest.mark.second_tier("whole runs over hostile answers", one_of=12),
    pytest.mark.sampled(3),
]

CONE = f"github:repo/{STRICT}/cone"
RESIN = f"github:repo/{STRICT}/resin"
BRANCH = {"GHB101", "GHB102", "GHB103", "GHB108", "GHB109"}


def ruled(change: Callable[[World, Repository], None]) -> Report:
    """A sweep of cedar-labs whose repository `cone` is guarded as wanted."""

    def prepared(world: World) -> None:
        change(world, named(world, "cone"))

    return swept(STRICT, change=prepared, select_=("GHB",))


def unruled(world: World) -> None:
    for ruleset in world.organizations[0].rulesets:
        ruleset.excluded_repositories.append("cone")


@pytest.mark.parametrize("enforcement", ["evaluate", "disabled"])
def test_a_ruleset_that_is_not_active_guards_nothing(enforcement: str) -> None:
    def change(world: World, _cone: Repository) -> None:
        for ruleset in world.organizations[0].rulesets:
            ruleset.enforcement = enforcement  # type: ignore[assignment] # one of the words

    found = results(ruled(change), CONE)
    assert {found[code] for code in BRANCH} == {"failed"}


def test_a_rehearsal_beside_an_active_ruleset_takes_nothing_away() -> None:
    def change(_world: World, cone: Repository) -> None:
        cone.rulesets.append(rehearsal(71, cone.full_name, NOW))

    found = results(ruled(change), CONE)
    assert {found[code] for code in BRANCH} == {"passed"}


def test_a_pattern_that_leaves_a_repository_out_leaves_it_bare() -> None:
    report = ruled(lambda world, _cone: unruled(world))
    assert {results(report, CONE)[code] for code in BRANCH} == {"failed"}
    assert {results(report, RESIN)[code] for code in BRANCH} == {"passed"}


def test_a_pattern_that_leaves_the_branch_out_leaves_it_bare() -> None:
    def change(world: World, _cone: Repository) -> None:
        for ruleset in world.organizations[0].rulesets:
            if ruleset.target == "branch":
                ruleset.exclude = ["refs/heads/m*"]

    found = results(ruled(change), CONE)
    assert {found[code] for code in BRANCH} == {"failed"}


def test_rulesets_of_organization_and_repository_add_up() -> None:
    def change(world: World, cone: Repository) -> None:
        above = next(r for r in world.organizations[0].rulesets if r.target == "branch")
        own = strict_branch(72, cone.full_name, NOW)
        own.rules = [rule for rule in above.rules if rule.type == "pull_request"]
        above.rules = [rule for rule in above.rules if rule.type != "pull_request"]
        cone.rulesets.append(own)

    report = ruled(change)
    assert {results(report, CONE)[code] for code in BRANCH} == {"passed"}
    assert results(report, RESIN)["GHB102"] == "failed"
    assert results(report, RESIN)["GHB108"] == "passed"


def hidden(request: Request, reply: Reply) -> Reply:
    """Neither who may pass by is shown, nor whether the account may."""
    bare = absent("bypass_actors")(request, reply)
    return absent("current_user_can_bypass")(request, bare)


def passed_by(actors: object) -> Edit:
    """The list of those who may pass by is of a shape that nobody has seen."""
    return lambda _request, reply: Reply(
        reply.status, {**reply.data, "bypass_actors": actors}, reply.headers
    )


@pytest.mark.parametrize(
    "edit",
    [hidden, passed_by(None), passed_by("all")],
    ids=["absent", "null", "odd"],
)
def test_who_may_pass_by_is_unknown_where_it_is_not_shown(edit: Any) -> None:
    report = swept(STRICT, Fault(".*/rulesets/[0-9]+", edit=edit))
    nothing_worse(whole(STRICT), report)
    assert "GHB110" in unknown(report)
    assert results(report, CONE)["GHB110"] == "unknown"


CLASSIC = f"/repos/{STRICT}/cone/branches/main/protection"
UPGRADE = "Upgrade to GitHub Pro or make this repository public to enable this feature."


@pytest.mark.parametrize(
    ("reply", "result"),
    [
        (answering(404, "Branch not protected"), "failed"),
        (answering(403, UPGRADE), "failed"),
        (answering(404, "Not Found"), "unknown"),
        (answering(403, "Resource not accessible by personal access token"), "unknown"),
        (answering(403, "Must have admin rights to Repository."), "unknown"),
        (answering(500, "Server Error"), "unknown"),
    ],
    ids=["absent", "not offered", "hidden", "no permission", "no admin", "broken"],
)
def test_what_a_refusal_says_of_classic_protection(reply: Any, result: str) -> None:
    """Where GraphQL does not tell, the three meanings of a 404 and a 403 are told apart."""

    def change(world: World) -> None:
        unruled(world)

    faults = (
        Fault("/graphql", match=operation("Repositories"), edit=absent("branchProtectionRule")),
        Fault(CLASSIC, edit=reply),
    )
    with sweep(STRICT, change) as (running, server):
        server.faults += faults
        report = running.audit(f"github:{STRICT}", select_=("GHB1",))
        assert any(request.path == CLASSIC for request in server.requests)
    found = results(report, CONE)
    assert {found[code] for code in BRANCH} == {result}
