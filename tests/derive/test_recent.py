"""What appeared or changed: nothing outside the window, and no list that is silently missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.derive.attacker_changes import changes_in
from hardenme.derive.handover.needed import LISTS as OF_A_PERSON
from hardenme.derive.holders.unread import LISTS as HOLDERS
from hardenme.derive.inventory import TABLE
from hardenme.derive.inventory.gathered import SOME
from hardenme.derive.recent import RecentQuery, marked_in, recent
from hardenme.derive.recent.marks import ACCESS, BURST_TIME, packages_close_to
from hardenme.derive.recent.sources import BY_PLACE, NAMED_ONLY, SEEN_BELOW, SOURCES, places_of
from hardenme.derive.recent.undated import listed
from hardenme.derive.recent.unseen import REMOVED
from hardenme.derive.recent.wording import Hosts
from hardenme.model.depth import BEYOND, Depth
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.recent import Recent
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from tests.reports.planned import failed, fix
from tests.steps import is_linear, steps

UNTIL = datetime(2026, 11, 24, 12, tzinfo=UTC)
WINDOW = timedelta(hours=48)
ASKED = RecentQuery(UNTIL, WINDOW)
KINDS = sorted({place for place, _ in BY_PLACE})
REFUSED = Unknown(Reason.NOT_PERMITTED, "a right")
DATED = sorted(name for name, source in BY_PLACE.items() if source.dated)


def subject(kind: str, number: int = 0) -> Subject:
    provider, _, what = kind.partition(":")
    return Subject(provider, what, f"acme/web-{number}" if what == "repo" else f"acme-{number}")


def written(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def place(
    kind: str, lists: dict[str, Unknown | None], *items: InventoryItem, number: int = 0
) -> Place:
    return Place(subject(kind, number), lists, items)


def thing(kind: str, identity: str = "1", **state: Any) -> InventoryItem:
    return InventoryItem(
        kind, Subject("github", "thing", identity), f"name-{identity}", identity, state
    )


@st.composite
def places(draw: st.DrawFn) -> Place:
    kind = draw(st.sampled_from(KINDS))
    names = sorted(source.kind for source in places_of(kind))
    asked = draw(st.sets(st.sampled_from(names)))
    whys = st.sampled_from([None, REFUSED, BEYOND[Depth.DEEP], SOME])
    lists = {name: draw(whys) for name in sorted(asked)}
    return place(kind, lists, number=draw(st.integers(0, 9)))


def test_every_kind_is_one_of_the_inventory() -> None:
    """A kind that gets another name there would be looked for in vain."""
    known = {source.kind for sources in TABLE.values() for source in sources}
    named = {source.kind for source in SOURCES}
    for lists in (*HOLDERS.values(), *OF_A_PERSON.values()):
        named |= lists.keys()
    assert named - NAMED_ONLY <= known


def whole(kind: str, number: int = 0) -> Place:
    """A place in which every list and every setting was read."""
    changes = [one for one in changes_in(kind) if one.read]
    then = written(UNTIL - timedelta(days=300))
    states: dict[str, dict[str, Any]] = {}
    for one in changes:
        state = states.setdefault(one.kind, {})
        state |= dict.fromkeys(one.fields, ("x",))
        state |= {name: then for name in (one.made, one.updated) if name}
    items = {name: thing(name, **state) for name, state in states.items()}
    return place(kind, {one.kind: None for one in changes}, *items.values(), number=number)


def named(told: Recent) -> set[tuple[Subject, str]]:
    return {(one, gap.source) for gap in told.unseen for one in gap.places}


@given(st.lists(places(), max_size=6, unique_by=lambda one: one.subject))
def test_each_change_of_the_table_was_looked_at_or_is_named(seen: list[Place]) -> None:
    """Whatever a run read: what an attacker can leave is never silently missing."""
    told = recent(seen, ASKED)
    missing = named(told)
    for one in seen:
        kind = f"{one.subject.provider}:{one.subject.kind}"
        for change in changes_in(kind):
            is_named = (one.subject, change.what) in missing
            why = one.lists.get(change.kind, SOME)
            if not change.read or (why is not None and change.kind != "newest release"):
                assert is_named, change.name
            elif change.compared:
                # No earlier run is at hand.
                assert {(one.subject, change.what), (one.subject, REMOVED)} & missing
    assert told.unseen or not seen


@pytest.mark.parametrize("kind", KINDS)
def test_where_all_was_read_only_what_cannot_be_is_named(kind: str) -> None:
    seen = whole(kind)
    asked = replace(
        ASKED, depth=Depth.DEEP, earlier=(seen,), earlier_at=UNTIL, proven=True, changes=()
    )
    told = recent([seen], asked)
    assert (told.events, told.marked, told.to_confirm) == ((), (), ())
    below = {one.what for one in changes_in(kind) if (kind, one.kind) in SEEN_BELOW}
    assert {one.source for one in told.readable} == below
    unread = {one.what for one in changes_in(kind) if not one.read}
    assert {one.source for one in told.unseen} - below == unread


@given(st.sampled_from(KINDS), st.data())
def test_nothing_that_is_taken_away_makes_it_calmer(kind: str, data: st.DataObject) -> None:
    """A list that is refused, a field, an item's time, the earlier run: each is a gap."""
    seen = whole(kind)
    asked = replace(
        ASKED, depth=Depth.DEEP, earlier=(seen,), earlier_at=UNTIL, proven=True, changes=()
    )
    calm = named(recent([seen], asked))
    change = data.draw(st.sampled_from([one for one in changes_in(kind) if one.read]))
    how = data.draw(st.sampled_from(["refused", "absent", "field", "earlier", "window", "clock"]))
    lists = dict(seen.lists)
    items = seen.items
    if how == "refused":
        lists[change.kind] = REFUSED
    elif how == "absent":
        del lists[change.kind]
        items = tuple(one for one in items if one.kind != change.kind)
    elif how == "field":
        gone = {*change.fields, change.made, change.updated}
        items = tuple(
            InventoryItem(
                *(one.kind, one.subject, one.label, one.identity),
                {name: value for name, value in one.state.items() if name not in gone},
            )
            if one.kind == change.kind
            else one
            for one in items
        )
    elif how == "earlier":
        before = Place(
            seen.subject, {name: why for name, why in seen.lists.items() if name != change.kind}, ()
        )
        asked = replace(asked, earlier=(before,))
    elif how == "window":
        asked = replace(asked, proven=False)
    else:
        asked = replace(asked, clock="set the clock")
    told = recent([Place(seen.subject, lists, items)], asked)
    assert calm <= named(told)
    silent = how == "absent" and change.kind == "newest release"
    timeless = how in {"earlier", "window"} and not change.compared
    # What is seen in the repositories alone is never looked at in the organization.
    below = (kind, change.kind) in SEEN_BELOW
    assert not below or (seen.subject, change.what) in calm
    silent |= below
    nothing = how == "field" and not {*change.fields, change.made, change.updated} - {""}
    if not (silent or timeless or nothing):
        assert named(told) - calm or told.unseen[0].source == "the age of everything", how


@given(
    st.sampled_from(DATED),
    st.integers(-10_000_000, 10_000_000).map(lambda seconds: UNTIL + timedelta(seconds=seconds)),
)
def test_what_is_told_lies_in_the_window(which: tuple[str, str], made: datetime) -> None:
    kind, name = which
    source = BY_PLACE[which]
    item = thing(name, change="force_push", **{source.made: written(made)})
    told = recent([place(kind, {name: None}, item)], ASKED)
    # What cannot be told apart from work of every day is counted, a run among them.
    shown = len(told.events) + told.ordinary.runs
    assert shown == (made.replace(microsecond=0) >= told.since)
    assert all(event.at >= told.since for event in told.events)


@given(st.integers(0, 2000))
def test_a_series_of_ways_in_is_marked_and_each_is_to_be_confirmed(seconds: int) -> None:
    first = UNTIL - timedelta(hours=3)
    items = (
        thing("deploy key", "1", created_at=written(first)),
        thing("webhook", "2", created_at=written(first + timedelta(seconds=seconds))),
    )
    told = recent([place("github:repo", {}, *items)], ASKED)
    assert len(told.marked) == (2 if seconds <= 600 else 0)
    assert len(told.marked) + len(told.to_confirm) == 2


@given(st.lists(st.integers(1, 100_000), min_size=1, max_size=8), st.data())
def test_whatever_gives_access_is_marked_or_to_be_confirmed(
    waits: list[int], data: st.DataObject
) -> None:
    """However long an attacker waits between two steps."""
    kinds = sorted(kind for place, kind in BY_PLACE if kind in ACCESS and place == "github:org")
    at, items = UNTIL - timedelta(hours=47), []
    for number, wait in enumerate(waits):
        kind = data.draw(st.sampled_from(kinds))
        made = written(min(at := at + timedelta(seconds=wait % 20_000), UNTIL))
        items.append(thing(kind, str(number), **{BY_PLACE["github:org", kind].made: made}))
    told = recent([place("github:org", {}, *items)], ASKED)
    assert all(one.marks or one.confirm for one in told.events)
    assert len(told.events) == len(items)


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("acme/core-migration", True),
        ("acme/Shai-Hulud", True),
        ("acme/s1ngularity-repository-0", True),
        ("acme/k3v9x0q2m4n8b1c7z5", True),
        ("acme/emigration-offices", False),
        ("acme/web", False),
        ("acme/abcdefghijklmnopqr", False),
        ("acme/123456789012345678", False),
    ],
)
def test_a_public_repository_with_a_worms_name_is_marked(name: str, marked: bool) -> None:  # noqa: FBT001 (what is expected)
    at = written(UNTIL - timedelta(hours=1))
    item = InventoryItem(
        "repository",
        Subject("github", "repo", name),
        name,
        "R_1",
        {"created_at": at, "visibility": "public"},
    )
    told = recent([place("github:org", {}, item)], ASKED)
    assert bool(told.marked) is marked
    private = InventoryItem(
        item.kind, item.subject, name, "R_1", {**item.state, "visibility": "private"}
    )
    assert not recent([place("github:org", {}, private)], ASKED).marked


def versions(packages: int, at: datetime) -> list[Place]:
    return [
        Place(
            Subject("npm", "package", f"p{number}"),
            {},
            (
                InventoryItem(
                    "version",
                    Subject("npm", "package", f"p{number}@1.0.{at.day}"),
                    f"1.0.{at.day}",
                    f"1.0.{at.day}",
                    {"published_at": written(at + timedelta(seconds=number))},
                ),
            ),
        )
        for number in range(packages)
    ]


def test_many_releases_at_once_are_marked_unless_they_were_usual() -> None:
    now = versions(6, UNTIL - timedelta(hours=1))
    assert len(recent(now, ASKED).marked) == 6
    before = versions(6, UNTIL - timedelta(days=20))
    both = [
        Place(new.subject, {}, (*old.items, *new.items))
        for new, old in zip(now, before, strict=True)
    ]
    told = recent(both, ASKED)
    assert (len(told.events), len(told.marked)) == (6, 0)


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 60 * 60)), unique=True, min_size=1, max_size=30
    )
)
def test_what_was_published_close_to_a_time_is_counted_by_package(
    releases: list[tuple[int, int]],
) -> None:
    given = {
        (Subject("npm", "package", f"p{package}@1.0.{number}"), UNTIL + timedelta(seconds=second))
        for number, (package, second) in enumerate(releases)
    }
    for at, count in packages_close_to(given).items():
        near = {one.name.partition("@")[0] for one, then in given if abs(then - at) <= BURST_TIME}
        assert count == len(near)


@pytest.mark.parametrize("days", [0, 20])
def test_twice_the_packages_take_twice_the_steps(days: int) -> None:
    """Whether they were published now, or hundreds were before: a sweep names all of an owner's."""

    def published(packages: int) -> list[Place]:
        of_now = versions(packages, UNTIL - timedelta(hours=1))
        before = versions(packages, UNTIL - timedelta(days=days))
        pairs = zip(of_now, before, strict=True)
        return [Place(new.subject, {}, (*old.items, *new.items)) for new, old in pairs]

    counted = [steps(partial(recent, published(packages), ASKED)) for packages in (50, 100, 200)]
    assert is_linear(*counted), counted


def test_a_longer_window_than_time_itself_is_the_beginning_of_time() -> None:
    asked = RecentQuery(UNTIL, timedelta(days=999_999_999))
    told = recent([], asked)
    assert told.since.year == 1


MARKED = ("branch ruleset", "push", "deploy key", "webhook", "version", "changed workflow")
"""Kinds of which some look like an attack, alone or together."""


@st.composite
def lived_in(draw: st.DrawFn, kind: str, number: int) -> Place:
    """A place with things of some kinds, in and out of the window, some lists not read."""
    items: list[InventoryItem] = []
    lists: dict[str, Unknown | None] = {}
    ages = st.integers(0, 2 * 48 * 60).map(lambda minutes: timedelta(minutes=minutes))
    for source in places_of(kind):
        if source.kind not in MARKED:
            continue
        lists[source.kind] = draw(st.sampled_from([None, None, REFUSED]))
        for one in range(draw(st.integers(0, 3))):
            times = {name: written(UNTIL - draw(ages)) for name in (source.made, source.changed)}
            state = {
                "enforcement": draw(st.sampled_from(["active", "disabled"])),
                "change": draw(st.sampled_from(["push", "force_push"])),
                "ref": "refs/heads/main",
                "maintainers": tuple(draw(st.sets(st.sampled_from(["ada", "ben"]), min_size=1))),
                source.by: draw(st.sampled_from(["ada", "ben"])),
            }
            about = thing(source.kind, f"{number}-{one}", **{**state, **times})
            items.append(replace(about, subject=Subject("npm", "version", f"{kind}{number}@{one}")))
    if kind == "github:repo":
        items.append(
            replace(
                thing("repository", str(number), default_branch="main"),
                subject=subject(kind, number),
            )
        )
    return place(kind, lists, *items, number=number)


@pytest.mark.second_tier("takes over half a second")
@given(st.data())
def test_the_pointer_of_a_run_counts_what_recent_marks(data: st.DataObject) -> None:
    """Over whatever a run saw, and with whatever earlier runs stand beside it."""
    kinds = data.draw(st.lists(st.sampled_from(KINDS), max_size=5))
    seen = [data.draw(lived_in(kind, number)) for number, kind in enumerate(kinds)]
    earlier = tuple(data.draw(lived_in(kind, number)) for number, kind in enumerate(kinds))
    asked = data.draw(
        st.sampled_from(
            [
                ASKED,
                replace(ASKED, stored=earlier, stored_at=UNTIL - timedelta(hours=3)),
                replace(ASKED, earlier=earlier, earlier_at=ASKED.since, proven=True, changes=()),
            ]
        )
    )
    assert marked_in(seen, asked) == len(recent(seen, asked).marked)


def test_the_pointer_counts_what_happened_at_once_in_several_places() -> None:
    at = written(UNTIL - timedelta(hours=1))
    seen = [
        place("github:repo", {}, thing("deploy key", "1", created_at=at), number=1),
        place("github:org", {}, thing("webhook", "2", created_at=at), number=2),
    ]
    assert marked_in(seen, ASKED) == 2
    assert marked_in(seen[:1], ASKED) == 0


AT = written(UNTIL - timedelta(hours=3))
MADE = written(UNTIL - timedelta(days=9))
RUN = {"file": ".github/workflows/x.yml", "event": "push", "from_fork": False, "ordinary": False}
SUSPICIOUS: dict[tuple[str, str], tuple[dict[str, Any], ...]] = {
    ("github:repo", "push"): ({"at": AT, "change": "force_push", "ref": "refs/heads/main"},),
    ("github:user", "repository"): ({"created_at": AT, "visibility": "public"},),
    ("github:org", "repository"): ({"created_at": AT, "visibility": "public"},),
    ("github:repo", "workflow run"): ({"created_at": AT, **RUN},),
    ("npm:package", "version"): (
        {"published_at": MADE, "maintainers": ("hazel",)},
        {"published_at": AT, "maintainers": ("hazel", "mallow")},
    ),
}
"""What looks like an attack or is to confirm by its fields, and would be ordinary with others."""


@pytest.mark.parametrize("which", sorted(SUSPICIOUS))
def test_a_field_that_is_not_known_makes_nothing_ordinary(which: tuple[str, str]) -> None:
    where, kind = which
    states = SUSPICIOUS[which]

    def told(*states: dict[str, Any]) -> Recent:
        items = [thing(kind, str(number), **state) for number, state in enumerate(states)]
        return recent([place(where, {kind: None, "workflow": None}, *items)], ASKED)

    def named(found: Recent) -> int:
        return len(found.marked) + len(found.to_confirm)

    whole = told(*states)
    assert named(whole) == 1
    before = {one.source for one in whole.unseen}
    for number, state in enumerate(states):
        for lost in state:
            left = {name: value for name, value in state.items() if name != lost}
            broken = told(*states[:number], left, *states[number + 1 :])
            gaps = {one.source for one in broken.unseen if subject(where) in one.places}
            assert named(broken) == 1 or gaps - before, lost
            assert broken.ordinary.pushes == 0


def test_a_push_that_may_be_ordinary_is_not_taken_back() -> None:
    state = {"at": AT, "ref": "refs/heads/main", "before": "1" * 40, "actor": "mallow"}
    forced, unknown = (
        recent([place("github:repo", {"push": None}, thing("push", **state, **more))], ASKED)
        for more in ({"change": "force_push"}, {})
    )
    assert forced.events[0].undo
    assert "force-pushed" in forced.events[0].text
    assert not unknown.events[0].undo
    assert "force" not in unknown.events[0].text


@pytest.mark.parametrize("where", ["github:org", "npm:org"])
def test_members_whose_role_is_not_known_are_named_as_not_known(where: str) -> None:
    for role, named in ({"role": "owner"}, False), ({}, True):
        found = recent([place(where, {"member": None}, thing("member", **role))], ASKED)
        assert named is any(
            one.source == "owners and members" and one.why.reason is Reason.NOT_VISIBLE
            for one in found.unseen
        )


def staged(number: str, **state: Any) -> InventoryItem:
    """A version in the queue of an earlier run."""
    then = written(UNTIL - timedelta(days=3))
    state = {"version": number, "created_at": then, **state}
    return InventoryItem("staged version", Subject("npm", "staged", "1"), number, "1", state)


def published(number: str, **state: Any) -> InventoryItem:
    return InventoryItem(
        "version",
        Subject("npm", "package", f"acme-0@{number}"),
        number,
        number,
        {"published_at": written(UNTIL - timedelta(hours=1)), "maintainers": (), **state},
    )


OTHER = "its content is not what was staged"
UNREAD = "whether its content is what was staged is not known"


@pytest.mark.parametrize(
    ("once", "now", "marks", "confirm"),
    [
        (["aa"], "aa", (), False),
        (["aa"], "bb", (OTHER,), False),
        (["aa", "bb"], "bb", (), False),
        (["aa", "bb"], "cc", (OTHER,), False),
        (["aa"], "", (), True),
        ([""], "aa", (), True),
        (["aa", ""], "bb", (), True),
        ([], "aa", (), False),
        ([], "", (), False),
    ],
)
def test_a_release_that_is_not_what_was_staged_looks_like_an_attack(
    once: list[str], now: str, marks: tuple[str, ...], *, confirm: bool
) -> None:
    """An earlier run saw it in the queue; the registry's digest of both is the same otherwise."""
    queue = [staged("2.0.0", **({"shasum": one} if one else {})) for one in once]
    queue.append(staged("1.0.0", shasum="dd"))
    earlier = Place(subject("npm:package"), {}, tuple(queue))
    new = published("2.0.0", **({"shasum": now} if now else {}))
    here = place("npm:package", {"version": None}, new)
    for given_ in ({"earlier": (earlier,)}, {"stored": (earlier,)}):
        (event,) = [
            one for one in recent([here], replace(ASKED, **given_)).events if one.kind == "version"
        ]
        assert event.marks == marks
        assert (UNREAD in event.confirm) is confirm


@pytest.mark.parametrize(
    ("code", "kind", "severity", "marks"),
    [
        ("NPP112", "staged version", Severity.HIGH, 1),
        ("NPP112", "staged version", Severity.LOW, 0),
        ("NPP117", "version", Severity.CRITICAL, 1),
        ("REL108", "version", Severity.LOW, 1),
        ("NPP107", "version", Severity.HIGH, 0),
    ],
)
def test_what_check_finds_of_a_release_of_the_window_is_marked(
    code: str, kind: str, severity: Severity, marks: int
) -> None:
    """A staged version that waits for long is none, as on the screen of check."""
    at = UNTIL - timedelta(hours=1)
    one = thing(kind, created_at=written(at), published_at=written(at), actor="quince")
    found = failed(code, str(one.subject), fix("Look at it"), severity)
    there = place("npm:package", {kind: None}, one)
    told = recent([there], replace(ASKED, findings=(found,)))
    assert [len(event.marks) for event in told.events] == [marks]
    if code == "NPP112" and marks:
        # Who staged what is said of the change itself.
        (event,) = told.events
        assert event.marks == ("NPP112 without the right to stage it",)
        assert event.text == "staged version name-1"
        assert event.by == "quince"


@pytest.mark.parametrize(
    ("state", "unread"),
    [({}, True), ({"added_by": None}, False), ({"added_by": "quince"}, False)],
    ids=["not asked", "not shown", "shown"],
)
def test_who_added_a_deploy_key_is_not_asked_by_the_queries_of_many(
    state: dict[str, Any], *, unread: bool
) -> None:
    at = UNTIL - timedelta(hours=1)
    there = place(
        "github:repo", {"deploy key": None}, thing("deploy key", created_at=written(at), **state)
    )
    (event,) = recent([there], ASKED).events
    assert event.unread is unread


def test_an_admin_of_npm_is_not_listed_as_an_owner() -> None:
    """An admin may do what an owner may, but the one to call is an owner."""
    organization = Subject("npm", "org", "grove")
    roles = {"linden": "owner", "sorrel": "admin", "birch": "developer"}
    items = tuple(
        InventoryItem(
            "member", Subject("npm", "member", f"grove/{name}"), name, name, {"role": role}
        )
        for name, role in roles.items()
    )
    place = Place(organization, {"member": None}, items)
    found = {one.kind: one.names for one in listed([place], [], Hosts())}
    assert found == {"owner": ("linden", "sorrel (admin)"), "member": ("birch",)}
