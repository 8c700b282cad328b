"""A command that undoes a change is printed only where all that it presumes was read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hardenme.derive.recent import RecentQuery, recent
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.recent import Event
from hardenme.model.subject import Subject

UNTIL = datetime(2026, 11, 24, 12, tzinfo=UTC)
ASKED = RecentQuery(UNTIL, timedelta(hours=48), responders=("hazel",))
REPO = Subject("github", "repo", "grove/ash")
THIEF, COLLEAGUE, RESPONDER = "maple", "rowan", "Hazel"
ACTORS = st.sampled_from([THIEF, COLLEAGUE, RESPONDER, ""])
CHANGES = st.sampled_from(["push", "force_push", "branch_creation", "branch_deletion", "pr_merge"])
BRANCHES = st.sampled_from(["main", "1.x", "x"])


def written(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def item(kind: str, number: int, minutes: int, **state: Any) -> InventoryItem:
    at = written(UNTIL - timedelta(minutes=minutes))
    subject = Subject("github", kind.replace(" ", "-"), f"grove/ash/{number}")
    return InventoryItem(kind, subject, str(number), str(number), {"at": at, **state})


def push(number: int, minutes: int, change: str, branch: str, actor: str) -> InventoryItem:
    ref = f"refs/heads/{branch}"
    commits = {"before": f"{number:040x}", "after": f"{number + 1:040x}"}
    return item("push", number, minutes, change=change, ref=ref, actor=actor, **commits)


def ran(branch: str, actor: str) -> InventoryItem:
    at = written(UNTIL - timedelta(minutes=1))
    state = {"file": ".github/workflows/evil.yml", "event": "push", "branch": branch}
    return item("workflow run", 900, 1, created_at=at, actor=actor, from_fork=False, **state)


def place(*items: InventoryItem, whole: bool = True) -> list[Place]:
    lists: dict[str, Any] = {"workflow": None, "workflow run": None}
    if whole:
        lists["push"] = None
    repository = InventoryItem(
        "repository", REPO, "grove/ash", "R_1", {"default_branch": "main", "name": "grove/ash"}
    )
    owner = Place(Subject("github", "org", "grove"), {"repository": None}, (repository,))
    return [owner, Place(REPO, lists, items)]


def events(places: list[Place], asked: RecentQuery = ASKED) -> list[Event]:
    return list(recent(places, asked).events)


@given(st.lists(st.tuples(CHANGES, BRANCHES, ACTORS), max_size=5), BRANCHES, ACTORS, st.booleans())
def test_a_branch_is_deleted_only_if_one_person_made_it_in_the_window(
    pushes: list[tuple[str, str, str]],
    branch: str,
    actor: str,
    whole: bool,  # noqa: FBT001
) -> None:
    made = [push(n, 100 - n, *one) for n, one in enumerate(pushes)]
    found = events(place(*made, ran(branch, actor), whole=whole))
    (run,) = [one for one in found if one.kind == "workflow run"]
    mine = [one for one in pushes if one[1] == branch]
    sound = (
        whole
        and branch != "main"
        and actor not in {"", RESPONDER}
        and bool(mine)
        and mine[0][0] == "branch_creation"
        and all(change != "branch_deletion" and who == actor for change, _, who in mine)
    )
    assert bool(run.undo) is sound
    assert not sound or run.undo.endswith(f"repos/grove/ash/git/refs/heads/{branch}")


@given(st.lists(st.tuples(CHANGES, BRANCHES, ACTORS), min_size=1, max_size=5), st.booleans())
def test_a_branch_is_moved_back_only_if_nothing_else_moved_it(
    pushes: list[tuple[str, str, str]],
    whole: bool,  # noqa: FBT001
) -> None:
    made = [push(n, 100 - n, *one) for n, one in enumerate(pushes)]
    for event in events(place(*made, whole=whole)):
        number = int(event.subject.name.rpartition("/")[2])
        _, branch, actor = pushes[number]
        alone = sum(one[1] == branch for one in pushes) == 1
        sound = whole and alone and actor not in {"", RESPONDER} and number > 0
        assert bool(event.undo) is sound
        assert not sound or f"{number:040x}" in event.undo


@given(st.booleans(), st.sampled_from(["public", "private"]), st.sampled_from([True, False, None]))
def test_a_repository_becomes_private_only_if_it_is_known_to_be_no_fork(
    made: bool,  # noqa: FBT001
    visibility: str,
    fork: bool | None,  # noqa: FBT001
) -> None:
    at = written(UNTIL - timedelta(hours=1 if made else 100))
    state: dict[str, Any] = {"created_at": at, "visibility": visibility}
    state |= {} if fork is None else {"fork": fork}
    one = InventoryItem("repository", REPO, "grove/ash", "R_1", state)
    found = events([Place(Subject("github", "org", "grove"), {"repository": None}, (one,))])
    undone = [event for event in found if "visibility=private" in event.undo]
    assert bool(undone) is (made and visibility == "public" and fork is False)


@given(st.sampled_from(["deploy key", "branch ruleset"]), ACTORS)
def test_what_only_a_kept_run_saw_is_not_undone(kind: str, actor: str) -> None:
    """What stands there now was not read: it may have been replaced or put back since."""
    at = written(UNTIL - timedelta(hours=1))
    state = {"created_at": at, "updated_at": at, "enforcement": "disabled", "added_by": actor}
    one = item(kind, 7, 60, **state)
    kept = Place(REPO, {kind: None}, (one,))
    before = Place(REPO, {kind: None}, (item(kind, 7, 60, enforcement="active"),))
    asked = replace(ASKED, earlier=(before,))
    live = events([kept], asked)
    assert live[0].undo
    stored = events([], replace(asked, stored=(kept,), stored_at=UNTIL))
    assert stored[0].stored
    assert stored[0].undo == ""


@given(st.sampled_from(["active", "evaluate", "disabled", None]), st.booleans())
def test_rules_are_enforced_again_only_if_they_are_known_to_have_been(
    enforcement: str | None,
    listed: bool,  # noqa: FBT001
) -> None:
    """A ruleset that was prepared, or was on trial, may lock everybody out."""
    at = written(UNTIL - timedelta(hours=1))
    one = item("branch ruleset", 7, 60, updated_at=at, enforcement="disabled")
    state = {} if enforcement is None else {"enforcement": enforcement}
    then = item("branch ruleset", 7 if listed else 8, 60, **state)
    asked = replace(ASKED, earlier=(Place(REPO, {"branch ruleset": None}, (then,)),))
    (event,) = events([Place(REPO, {"branch ruleset": None}, (one,))], asked)
    assert bool(event.undo) is (listed and enforcement == "active")
