"""People of whom the same is said are one line, and each of them is still there."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from hardenme.model.holders import Hold, Holder, HolderKind, Holders
from hardenme.model.subject import Subject
from hardenme.reports.header import Header
from hardenme.reports.holders import HoldersView, render
from hardenme.reports.holders.alike import EACH_OTHER, alike, removers
from hardenme.reports.style import Style

ORG = Subject("github", "org", "acme")
REPO = Subject("github", "repo", "acme/web")


def hold(way: str, by: Sequence[str], place: Subject = ORG, *, known: bool = True) -> Hold:
    return Hold(place, way, tuple(by), known, command="gh api -X DELETE x" if by else "")


def person(name: str, *holds: Hold, reaches: str = "acme/web", own: bool = False) -> Holder:
    return Holder(HolderKind.PERSON, name, "github", holds, (reaches,), own=own)


def owners(*names: str) -> list[Holder]:
    return [person(name, hold("owner", sorted({*names} - {name}))) for name in names]


def named(groups: Sequence[Sequence[Holder]]) -> list[list[str]]:
    return [[one.name for one in some] for some in groups]


def test_owners_who_can_remove_each_other_are_one() -> None:
    groups = alike(owners("ash", "birch", "cedar"))
    assert named(groups) == [["ash", "birch", "cedar"]]
    assert removers(groups[0], groups[0][0].holds[0]) == (EACH_OTHER,)


def test_members_whom_the_same_owners_remove_are_one() -> None:
    groups = alike([person(name, hold("member", ("ash", "birch"))) for name in ("elm", "fir")])
    assert named(groups) == [["elm", "fir"]]
    assert removers(groups[0], groups[0][0].holds[0]) == ("ash", "birch")


def test_both_kinds_of_hold_are_told_apart_in_one_line() -> None:
    people = [
        person(
            name, hold("member", ("ash",)), hold("admin", sorted({"ash", *"xyz"} - {name}), REPO)
        )
        for name in "xyz"
    ]
    (some,) = alike(people)
    assert [removers(some, one) for one in some[0].holds] == [("ash",), (EACH_OTHER, "ash")]


@pytest.mark.parametrize(
    "other",
    [
        person("fir", hold("member", ("ash", "birch"))),
        person("fir", hold("member", ())),
        person("fir", hold("member", ("ash",), known=False)),
        person("fir", hold("owner", ("ash",))),
        person("fir", hold("member", ("ash",), REPO)),
        person("fir", hold("member", ("ash",)), reaches="acme/other"),
        person("fir", hold("member", ("ash",)), own=True),
        person("fir", hold("member", ("ash",)), hold("admin", ("ash",), REPO)),
    ],
)
def test_one_difference_keeps_them_apart(other: Holder) -> None:
    assert named(alike([person("elm", hold("member", ("ash",))), other])) == [["elm"], ["fir"]]


def test_who_can_remove_the_others_alone_is_not_said_to_be_removed_by_them() -> None:
    # ash removes elm; elm does not remove ash.
    people = [person("ash", hold("admin", ("zed",))), person("elm", hold("admin", ("ash", "zed")))]
    for some in alike(people):
        for one in some:
            told = removers(some, one.holds[0])
            names = set(told) - {EACH_OTHER}
            if EACH_OTHER in told:
                names |= {other.name for other in some if other is not one}
            assert names - {one.name} == set(one.holds[0].by)


def view(people: Sequence[Holder], *, full: bool = False) -> HoldersView:
    header = Header("acme", (), "now")
    return HoldersView(Holders(people, {}), "", ("github:acme",), "1", header, full=full)


def test_each_name_and_in_full_each_command_is_printed() -> None:
    names = [f"member-{number:02}" for number in range(30)]
    people = [
        person(name, Hold(ORG, "member", ("ash",), command=f"gh api -X DELETE orgs/acme/{name}"))
        for name in names
    ]
    short = render(view(people), "table", Style(width=100))
    full = render(view(people, full=True), "table", Style(width=100))
    assert short.count("Removed by") == full.count("Removed by") == 1
    for name in names:
        assert name in short
        assert f"gh api -X DELETE orgs/acme/{name}" in full
    assert "and 29 more" in short
    assert "more" not in full.partition("People")[2].partition("Invitations")[0]


@pytest.mark.parametrize("by", [("ash",), ()], ids=["someone removes", "no one removes"])
@pytest.mark.parametrize("form", ["table", "markdown"])
def test_in_full_each_place_is_named(by: tuple[str, ...], form: str) -> None:
    places = [Subject("github", "repo", f"acme/tool-{number:02}") for number in range(20)]
    people = [person("elm", *(hold("sole owner", by, place) for place in places))]
    short = render(view(people), form, Style(width=100))
    full = render(view(people, full=True), form, Style(width=100))
    assert "and 17 more" in " ".join(short.split())
    assert "17 more" not in " ".join(full.split())
    for place in places:
        assert place.name in full


def test_what_is_left_out_is_counted_in_accounts() -> None:
    first = [
        person(f"one-{number}", hold("member", ("ash",)), reaches=f"a/{number}")
        for number in range(5)
    ]
    text = render(view([*first, *owners("x", "y", "z")]), "table", Style(width=100))
    assert "and 3 more accounts" in text
