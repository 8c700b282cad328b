"""The inventory of whole runs: of an account, an organization, a package, one broken off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardenme.engine.filter import RepositoryFilter
from hardenme.model.depth import Depth
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.reports import render
from hardenme.reports.reading import read
from hardenme.sandbox.github.world import World
from hardenme.sandbox.http import Fault, Reply
from hardenme.store.journal import Journal
from hardenme.store.journal_head import JournalRun
from tests.failing import weak, weak_organization
from tests.moment import NOW
from tests.passing import npm_organization, organization
from tests.running import Stage

pytestmark = pytest.mark.second_tier("whole runs of the engine", one_of=8)

LABS = Subject("github", "org", "bramble-labs")
BRIAR = Subject("github", "repo", "bramble-labs/briar")


@pytest.fixture(scope="module")
def labs() -> Iterator[Stage]:
    with weak_organization() as running:
        yield running


@pytest.fixture(scope="module")
def whole(labs: Stage) -> Report:
    """Of an organization, as deep as it goes."""
    return labs.audit("github:bramble-labs")


def places(report: Report) -> dict[Subject, Place]:
    found = {place.subject: place for place in report.inventory}
    assert list(found) == sorted(found)
    assert len(found) == len(report.inventory)
    return found


def names(place: Place, kind: str) -> list[str]:
    return [item.identity for item in place.items if item.kind == kind]


def item(place: Place, kind: str, identity: str) -> InventoryItem:
    (found,) = [one for one in place.items if (one.kind, one.identity) == (kind, identity)]
    return found


@pytest.mark.sampled(2, among="inventories")
@pytest.mark.second_tier("takes over half a second")
def test_an_organization_with_all_that_is_in_it(whole: Report) -> None:
    found = places(whole)
    own, briar = found[LABS], found[BRIAR]
    assert {kind for kind, why in own.lists.items() if why is None} >= {
        *("app", "credential for single sign-on", "member", "outside collaborator"),
        *("pending invitation", "repository", "runner group", "secret", "webhook"),
    }
    assert own.lists["fine-grained token of a member"] is not None
    thorn = next(one for one in own.items if one.subject.name.endswith("/thorn"))
    assert (thorn.identity, thorn.state["role"], thorn.state["two_factor"]) == (
        "3100", "admin", True,
    )  # fmt: skip
    assert names(own, "owner") == []
    assert names(briar, "workflow") == ["ci.yml", "preview.yml", "release.yml", "triage.yml"]
    assert len(str(item(briar, "workflow", "ci.yml").state["blob"])) == 40
    assert names(briar, "secret") == ["NPM_TOKEN"]
    assert item(briar, "webhook", "8103").state["host"] == "deploy.example.test"
    assert item(briar, "release tag", "v1.9.0").state["commit"]
    assert item(briar, "tag ruleset", "9203").label == "Keep release tags"


@pytest.mark.sampled(2, among="inventories")
@pytest.mark.second_tier("takes long")
def test_it_is_the_same_from_run_to_run_and_in_its_file(labs: Stage, whole: Report) -> None:
    again = labs.audit("github:bramble-labs", workers=2)
    assert tuple(again.inventory) == tuple(whole.inventory)
    stored = read(render(whole, "json")).inventory
    assert stored == whole.inventory
    assert [place.items for place in stored] == [place.items for place in whole.inventory]


def test_a_repository_that_is_left_out_is_known_to_be_there(labs: Stage, whole: Report) -> None:
    chosen = RepositoryFilter(exclude=("briar",), archived=False)
    report = labs.audit("github:bramble-labs", chosen=chosen)
    found = places(report)
    assert BRIAR not in found
    assert names(found[LABS], "repository") == names(places(whole)[LABS], "repository")
    assert found[LABS].lists["repository"] is None


def test_what_a_selection_does_not_ask_for_is_in_no_list(labs: Stage) -> None:
    found = places(labs.audit("github:bramble-labs", select_=("GHO102",)))
    # Who can push decides by which profile a repository is judged, and is asked in each run.
    assert {one for one in found if one.kind != "repo"} == {LABS}
    assert {kind for one in found if one.kind == "repo" for kind in found[one].lists} <= {"access"}
    assert "member" in found[LABS].lists
    assert {"webhook", "app", "secret"}.isdisjoint(found[LABS].lists)


def test_a_run_that_is_less_deep_has_the_same_deploy_keys(labs: Stage) -> None:
    listed = {}
    for depth in (Depth.FAST, Depth.DEEP):
        found = places(labs.audit("github:bramble-labs", select_=("GHR108",), depth=depth))
        listed[depth] = names(found[Subject("github", "repo", "bramble-labs/graft")], "deploy key")
    assert listed[Depth.FAST] == listed[Depth.DEEP] != []


def test_a_list_that_was_refused_is_not_whole_and_says_why(labs: Stage) -> None:
    fault = Fault("/orgs/bramble-labs/hooks", edit=lambda _q, _a: Reply(403, {"message": "no"}))
    labs.github.faults.append(fault)
    try:
        found = places(labs.audit("github:bramble-labs", select_=("GHO",)))
    finally:
        labs.github.faults.clear()
    missing = found[LABS].lists["webhook"]
    assert missing is not None
    assert missing.reason is Reason.NOT_PERMITTED
    assert names(found[LABS], "webhook") == []


@pytest.mark.sampled(2, among="inventories")
def test_an_account_with_its_keys_tokens_and_packages() -> None:
    with weak() as running:
        found = places(running.audit("me"))
    account, npm = (
        found[Subject("github", "user", "mallow")],
        found[Subject("npm", "user", "mallow")],
    )
    assert names(account, "SSH key") == ["501", "502", "503", "504", "505"]
    assert item(account, "SSH key", "502").label.startswith("build box \\x1b")
    assert item(account, "GitHub account", "GitHub account").state == {"two_factor": False}
    assert names(account, "pending invitation") == ["6302"]
    assert names(npm, "npm token")
    token = found[Subject("github", "token", "classic")].items[0]
    assert "repo" in token.state["scopes"]  # type: ignore[operator]
    package = found[Subject("npm", "package", "@acorn-labs/ladle")]
    assert item(package, "dist-tag", "latest").state["version"]
    assert names(package, "trusted publisher")
    assert item(package, "maintainer", "sorrel").state["email"]


def test_a_package_with_its_publishers_and_what_their_repository_has() -> None:
    with npm_organization() as running:
        report = running.audit("npm:@hazel-grove/basket")
    found = places(report)
    package = found[Subject("npm", "package", "@hazel-grove/basket")]
    assert names(package, "maintainer") == ["hazel", "rowan"]
    basket = found[Subject("github", "repo", "willow-works/basket")]
    assert names(basket, "workflow") == ["release.yml"]
    assert names(basket, "environment") == ["release"]
    assert names(basket, "repository")[0].startswith("R_")


@pytest.mark.sampled(2, among="inventories")
def test_a_run_that_is_gone_on_with_has_all_of_it(
    labs: Stage, whole: Report, tmp_path: Path
) -> None:
    bound = JournalRun("0.1.0", (), "", ())
    path, now = tmp_path / "journal", NOW
    first = Journal.start(path, bound, now)
    labs.audit("github:bramble-labs", result_store=first)
    first.close(keep=True)
    second = Journal.resume(path, bound, now)
    known = set(second.known())
    assert BRIAR in known
    asked = len(labs.github.requests)
    report = labs.audit("github:bramble-labs", result_store=second)
    assert not [
        one for one in labs.github.requests[asked:] if one.path.startswith(f"/repos/{BRIAR.name}")
    ]
    assert tuple(report.inventory) == tuple(whole.inventory)
    second.close(keep=False)


@pytest.mark.sampled(2, among="inventories")
def test_what_changes_shows_in_the_state_and_a_new_name_makes_no_new_thing() -> None:
    with organization() as running:
        before = places(running.audit("github:cedar-labs"))
        world: World = running.github.world  # type: ignore[attr-defined]
        cone = next(one for one in world.repositories if one.name == "cone")
        tag = cone.tag_names[0]
        cone.moved_tags[tag] = "f" * 40
        cone.annotated_tags.add(tag)
        cone.files[".github/workflows/new.yml"] = b"on: push\njobs: {}\n"
        cone.name = "fir"
        after = places(running.audit("github:cedar-labs"))
    cedar = Subject("github", "org", "cedar-labs")
    old = Subject("github", "repo", "cedar-labs/cone")
    new = Subject("github", "repo", "cedar-labs/fir")
    assert old not in after
    assert names(before[cedar], "repository") == names(after[cedar], "repository")
    assert item(after[new], "release tag", tag).state["commit"] == "f" * 40
    assert item(before[old], "release tag", tag).state["commit"] != "f" * 40
    assert set(names(after[new], "workflow")) - set(names(before[old], "workflow")) == {"new.yml"}
    for kind in ("secret", "environment", "deploy key"):
        assert names(before[old], kind) == names(after[new], kind)
