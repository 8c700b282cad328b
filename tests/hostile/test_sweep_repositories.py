"""Repositories of a sweep that move, vanish, are of a kind of their own, or are not there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hardenme.engine.filter import RepositoryFilter
from hardenme.engine.settle import exit_code
from hardenme.ground.exit_code import Exit
from hardenme.model.depth import Depth
from hardenme.model.report import Report
from hardenme.model.unknown import Reason
from hardenme.sandbox.github.world import World
from hardenme.sandbox.http import Fault, Reply, Request
from tests.hostile.sweeping import (
    STRICT,
    WEAK,
    Change,
    answering,
    failed,
    named,
    nothing_worse,
    operation,
    results,
    sweep,
    swept,
    told,
    unknown,
    whole,
)
from tests.mutations import absent, replaced
from tests.worlds.organizations import base

pytestmark = [
    pytest.mark.second_tier("whole runs over hostile answers", one_of=12),
    pytest.mark.sampled(3),
]

CONE = f"github:repo/{STRICT}/cone"
RESIN = f"github:repo/{STRICT}/resin"
BRANCH = {"GHB101", "GHB102", "GHB103", "GHB108", "GHB109"}


def two_of_the_guests(world: World) -> None:
    """The outsider reads another repository too, and stays one whatever becomes of the first."""
    named(world, "resin").collaborators["guest"] = "read"


def after_listing(change: Change, depth: Depth = Depth.DEEP) -> Report:
    """A sweep in which the world changes once the repositories were listed."""
    with sweep(STRICT, two_of_the_guests) as (running, server):

        def edit(_request: Request, reply: Reply) -> Reply:
            change(server.world)
            return reply

        server.fault("/graphql", match=operation("Repositories"), edit=edit, times=1)
        return running.audit(f"github:{STRICT}", depth=depth, workers=1)


def renamed(world: World) -> None:
    cone = named(world, "cone")
    cone.former_names.append(cone.full_name)
    cone.name = "pine"


def deleted(world: World) -> None:
    world.repositories.remove(named(world, "cone"))


def transferred(world: World) -> None:
    cone = named(world, "cone")
    cone.former_names.append(cone.full_name)
    cone.owner, cone.visibility = "guest", "private"


@pytest.mark.second_tier("takes over half a second")
@pytest.mark.parametrize("change", [renamed, deleted, transferred])
def test_a_repository_that_goes_on_the_way_takes_no_other_along(change: Change) -> None:
    report = after_listing(change)
    nothing_worse(whole(STRICT, change=two_of_the_guests), report)
    before = told(whole(STRICT, change=two_of_the_guests))
    for key, item in told(report).items():
        if key[1] == RESIN:
            assert item.result == before[key].result
    if change is deleted:
        gone = {item.code for item in report.findings if str(item.subject) == CONE}
        assert {"GHR110", "GHR111", "GHR116"} <= unknown(report, Reason.NOT_VISIBLE) & gone


def test_a_repository_that_moves_without_end_is_unknown() -> None:
    def elsewhere(request: Request, _reply: Reply) -> Reply:
        return Reply(301, {"message": "Moved Permanently"}, {"location": f"{request.path}/x"})

    report = swept(STRICT, Fault(f"/repos/{STRICT}/cone/.*", edit=elsewhere))
    nothing_worse(whole(STRICT), report)
    assert {"GHR110", "GHR116"} <= unknown(report, Reason.NOT_VISIBLE)


@pytest.mark.second_tier("takes long")
def test_a_repository_that_moves_to_another_host_is_not_followed() -> None:
    def abroad(_request: Request, _reply: Reply) -> Reply:
        return Reply(301, {"message": "Moved"}, {"location": "http://127.0.0.2:9/repositories/1"})

    report = swept(STRICT, Fault(f"/repos/{STRICT}/cone/hooks", edit=abroad))
    assert nothing_worse(whole(STRICT), report) == {"GHR110", "GHR111"}


def without_repositories(world: World) -> None:
    world.repositories.clear()


def test_no_repository_is_told_by_a_whole_listing_only() -> None:
    report = swept(STRICT, change=without_repositories, select_=("GHB", "GHR"))
    assert set(report.counts()) >= {"not_applicable"}
    assert report.counts()["not_applicable"] == len(report.findings) > 30
    assert exit_code(report) is Exit.CLEAN


@pytest.mark.parametrize(
    "edit",
    [
        replaced("totalCount", 3),
        replaced("totalCount", None),
        replaced("hasNextPage", None),
        absent("pageInfo"),
        answering(502, "Bad Gateway"),
    ],
    ids=["total", "no total", "no end", "no page", "broken"],
)
def test_no_repository_is_not_told_by_less(edit: Any) -> None:
    fault = Fault("/graphql", match=operation("Repositories"), edit=edit)
    report = swept(STRICT, fault, change=without_repositories, select_=("GHB", "GHR"))
    assert {item.result for item in report.findings} == {"unknown"}
    assert exit_code(report) is Exit.UNKNOWN


def test_repositories_that_the_organization_counts_and_no_list_shows() -> None:
    counted = Fault(f"/orgs/{STRICT}", edit=replaced("owned_private_repos", 2))
    report = swept(STRICT, counted, change=without_repositories, select_=("GHB", "GHR"))
    assert {item.result for item in report.findings} == {"unknown"}


def test_no_workflow_is_told_by_a_whole_folder_only() -> None:
    def change(world: World) -> None:
        for repository in world.repositories:
            repository.files = {
                path: text for path, text in repository.files.items() if "workflows" not in path
            }

    codes = tuple(f"GHW20{number}" for number in range(1, 8))
    report = swept(STRICT, change=change, select_=codes)
    assert {item.result for item in report.findings} == {"not_applicable"}
    for edit in (absent("entries"), replaced("entries", None), answering(502, "Bad Gateway")):
        broken = swept(STRICT, Fault("/graphql", edit=edit), change=change, select_=codes)
        assert "passed" not in {item.result for item in broken.findings}
        assert failed(broken) == set()


KINDS: dict[str, dict[str, Any]] = {
    "archived": {"archived": True},
    "disabled": {"disabled": True},
    "fork": {"fork": True},
    "template": {"template": True},
    "empty": {"default_branch": None},
    "renamed branch": {"default_branch": "trunk/next"},
    "internal": {"visibility": "internal"},
}


def of_kind(kind: str, *, careful: bool) -> Change:
    def change(world: World) -> None:
        new = base.repository(
            world.organizations[0].login, "odd", 77_000, world.now, careful=careful, **KINDS[kind]
        )
        world.repositories.append(new)

    return change


@pytest.mark.sampled(10)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [STRICT, WEAK])
def test_every_kind_of_repository_is_judged(kind: str, name: str) -> None:
    """Nothing breaks, and what has no rule of its own is not passed for want of an answer."""
    chosen = RepositoryFilter(archived=True)
    change = of_kind(kind, careful=name == STRICT)
    report = swept(name, change=change, chosen=chosen)
    assert report.counts()["errored"] == 0
    found = results(report, f"github:repo/{name}/odd")
    assert len(found) > 25
    if kind in {"archived", "empty"}:
        assert {found[code] for code in BRANCH} == {"not_applicable"}
    elif name == STRICT:
        assert {found[code] for code in BRANCH} == {"passed"}
    else:
        assert {found[code] for code in BRANCH} == {"failed"}


def test_archived_repositories_are_left_out_and_counted() -> None:
    report = swept(STRICT, change=of_kind("archived", careful=False))
    assert not results(report, f"github:repo/{STRICT}/odd")
    assert any("2 repositories were left out" in note for note in report.coverage.notes)


def test_a_default_branch_that_is_not_told_is_not_taken_for_none() -> None:
    def change(world: World) -> None:
        world.repositories[0] = replace(world.repositories[0])

    fault = Fault("/graphql", match=operation("Repositories"), edit=absent("defaultBranchRef"))
    report = swept(STRICT, fault, change=change)
    nothing_worse(whole(STRICT), report)
    assert unknown(report) >= BRANCH
