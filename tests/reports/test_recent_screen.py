"""The screen of `recent`: nothing pushes a key off it, and the whole list cuts no name."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.model.confirm import change_text
from hardenme.model.recent import Event, Ordinary, Recent, Still, Undated, Unseen, Urgency
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.reports.recent import RecentView, render
from hardenme.reports.recent.view import CHECK, AfterRecent
from hardenme.reports.style import Style

UNTIL = datetime(2026, 11, 24, 12, tzinfo=UTC)
REPO = Subject("github", "repo", "grove/ash")
NOTE = "https://api.example.test says it is another day; this machine is wrong."


def event(number: int, kind: str, by: str, **more: Any) -> Event:
    at = UNTIL - timedelta(minutes=number)
    return Event(
        at, kind, REPO, Subject("github", kind, str(number)), f"{kind} {number}", by, **more
    )


def shown(
    events: list[Event],
    undated: list[Undated] | None = None,
    unseen: list[Unseen] | None = None,
) -> RecentView:
    found = Recent(UNTIL, UNTIL, events, undated or [], unseen or [], Ordinary(), 9)
    return RecentView(
        found, ("github:grove",), ("github.com",), "0", "last 48 hours", notes=(NOTE,)
    )


def text(told: RecentView, form: str = "screen") -> str:
    return render(told, form, Style(100, color=False, ascii_only=False))


@pytest.mark.parametrize("marks", [(), ("the history of the default branch was rewritten",)])
@pytest.mark.parametrize("grade", ["marks", "confirm"])
def test_what_a_program_repeats_pushes_no_key_off(grade: str, marks: tuple[str, ...]) -> None:
    pushes = [event(n, "push", "rebase-bot", marks=marks) for n in range(60)]
    key = event(99, "deploy key", "maple", **{grade: ("it gives access",)})
    out = text(shown([*pushes, key]))
    assert "deploy key 99" in out
    assert len(out.splitlines()) <= 40
    assert "60 times" in out


def test_the_whole_list_cuts_no_name() -> None:
    names = tuple(f"person-{number}" for number in range(40))
    owners = Undated("owner", REPO, names, Severity.HIGH)
    told = shown([], [owners])
    for form in ("table", "markdown"):
        flat = text(told, form).replace("\\-", "-")
        assert not [name for name in names if name not in flat]
    assert "and 34 more" in text(told)


@pytest.mark.parametrize("form", ["screen", "table", "markdown", "json"])
def test_the_notes_of_a_run_are_in_every_form(form: str) -> None:
    assert "this machine is wrong" in " ".join(text(shown([]), form).split())


def test_one_line_an_actor_is_to_be_confirmed() -> None:
    some = [event(n, "webhook", "maple", confirm=("it gives access",)) for n in range(3)]
    some.append(event(7, "app", "rowan", confirm=("it gives access",)))
    lines = text(shown(some)).splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("CONFIRM   do you know"))
    assert lines[start + 1].startswith("  maple (3 changes): webhook 0 in grove/ash; webhook 1")
    assert lines[start + 2].startswith("  rowan (1 change): app 7")


def test_an_actor_whom_another_depth_shows_has_a_line_that_says_so() -> None:
    why: Any = {"confirm": ("it gives access",)}
    some = [event(1, "deploy key", "", unread=True, **why), event(2, "SSH key", "", **why)]
    lines = text(shown(some)).splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("CONFIRM   do you know"))
    assert {line.partition(":")[0] for line in lines[start + 1 : start + 3]} == {
        "  actor not read, run with --depth standard (1 change)",
        "  actor not shown (1 change)",
    }


def test_a_change_that_names_its_package_names_it_once() -> None:
    place = Subject("npm", "package", "@grove/ash")
    one = replace(event(1, "version", "rowan"), place=place, text="@grove/ash@1.0.1 published")
    assert change_text(one) == "@grove/ash@1.0.1 published"
    assert change_text(replace(one, text="dist-tag latest changed")).endswith(" in @grove/ash")


@pytest.mark.parametrize(
    ("unreadable", "word"), [(None, "CLEAN"), (True, "NO SIGN"), (False, "NOT KNOWN")]
)
def test_the_word_says_what_was_looked_at(unreadable: bool | None, word: str) -> None:  # noqa: FBT001
    why = Unknown(Reason.NOT_ASKED, "no API shows it")
    gap = Unseen("sessions", (REPO,), why, 1, unreadable=bool(unreadable))
    told = shown([], unseen=[] if unreadable is None else [gap])
    assert told.verdict == word
    assert ("Everything was looked at." in told.sentence) is (unreadable is None)
    assert text(told).splitlines()[2].startswith(word)


COMMANDS = ("npm dist-tag add ash@1.0.0 latest", "npm deprecate ash@1.0.1 'Do not install'")


@pytest.mark.parametrize("marked", [1, 5, 13, 20, 39, 120])
@pytest.mark.parametrize("width", [30, 46, 60, 80, 100])
def test_what_looks_like_an_attack_is_never_cut(marked: int, width: int) -> None:
    """Each has its whole reason, and all of its commands or its page; the rest makes room."""
    page = "https://npm.example/ash"
    reason = "the publisher is new, the script is new and the repository is another one"
    undo: Any = {"undo": "\n".join(COMMANDS), "page": page, "marks": (reason,)}
    bare: Any = {"page": page, "marks": (reason,)}
    some = [event(n, "version", f"person-{n}", **(undo if n % 2 else bare)) for n in range(marked)]
    others = [event(n, "webhook", "rowan") for n in range(200, 260)]
    lines = [line.strip() for line in plain(shown([*some, *others]), width)]
    assert [lines.count(one) for one in COMMANDS] == [marked // 2] * 2
    assert lines.count(page) == marked - marked // 2
    flat = " ".join(lines)
    assert flat.count(reason) == marked
    for one in some:
        assert f"{one.text} in grove/ash, by {one.by}:" in flat
    # Only what does not look like an attack is counted.
    assert f"{60} more changes: hardenme recent --full" in flat or marked < 20


URGENT = (Urgency.PUBLISHES, Urgency.PUSHES, Urgency.RUNS, Urgency.NOT_KNOWN)


@given(st.lists(st.sampled_from(URGENT), min_size=1, max_size=12), st.randoms())
def test_every_form_has_one_order_and_the_last_lines_begin_it(
    urgencies: list[Urgency], chance: Random
) -> None:
    some = [
        event(
            n, "webhook", "", marks=("strange",), still=Still(one, f"it is {one.name}", f"do {n}")
        )
        for n, one in enumerate(urgencies)
    ]
    chance.shuffle(some)
    told = replace(shown(some), step=AfterRecent(command="hardenme incident open x --from recent"))
    wanted = sorted(range(len(urgencies)), key=lambda n: (urgencies[n], n))
    for form in ("screen", "table", "markdown"):
        found = re.findall(r"\bdo (\d+)\b", text(told, form))[: len(some)]
        assert found == [str(n) for n in wanted], form
    *_, first, last = text(told).splitlines()
    assert first == f"FIRST     do {wanted[0]}"
    assert last == "NEXT      hardenme incident open x --from recent"


def test_each_command_keeps_the_targets() -> None:
    gap = Unseen("webhooks", (REPO,), Unknown(Reason.NOT_ASKED, f"a run ({CHECK})"), 1)
    out = text(shown([], unseen=[gap]))
    assert "`hardenme check github:grove`" in out


def plain(told: RecentView, width: int) -> list[str]:
    return render(told, "screen", Style(width, color=False, ascii_only=False)).splitlines()


@pytest.mark.parametrize("form", ["screen", "table", "markdown"])
@pytest.mark.parametrize(("marks", "word"), [((), "NOT KNOWN"), (("it looks odd",), "LOOK NOW")])
def test_a_run_that_could_not_sign_in_says_so_first(
    form: str, marks: tuple[str, ...], word: str
) -> None:
    why = "GitHub refused the token (401). Nothing was checked."
    told = replace(shown([event(1, "push", "rowan", marks=marks)]), refused=why)
    assert told.verdict == word
    assert told.sentence.startswith(why)
    assert why in " ".join(text(told, form).split())


def test_what_is_to_be_confirmed_is_counted_once() -> None:
    key = event(1, "deploy key", "maple", confirm=("it gives access",))
    assert "Confirm that you know 1 change." in shown([key]).sentence
    marked = event(2, "push", "rowan", marks=("it looks odd",))
    assert "Confirm that you know 1 more change." in shown([marked, key]).sentence


def test_who_made_what_looks_like_an_attack_is_named_with_what_ends_it() -> None:
    """A program is no account of a person, and one's own account has a runbook."""
    by = ["rowan", "Maple", "rowan", "deploy[bot]", "", "Maple", "rowan", "birch"]
    some = [event(n, "webhook", name, marks=("it is new",)) for n, name in enumerate(by)]
    unmarked = [event(n, "webhook", "linden") for n in range(20, 23)]
    told = replace(shown([*some, *unmarked]), own=frozenset({"maple"}))
    assert [(one.login, one.changes, one.command) for one in told.stolen] == [
        ("rowan", 3, "hardenme person rowan github:grove --stolen"),
        ("Maple", 2, "hardenme runbook"),
        ("birch", 1, "hardenme person birch github:grove --stolen"),
    ]
    assert "rowan made 3 of these" in " ".join(text(told).split())
    assert "`hardenme runbook`" in text(told, "markdown")
    invented = replace(told, invented=True)
    assert invented.stolen[0].command == "hardenme person rowan --demo --stolen"
