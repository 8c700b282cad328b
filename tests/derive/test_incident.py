"""The ledger: nothing is proven but what the newest run that read the list does not show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.derive.incident import LedgerRun, ledger
from hardenme.derive.recent.wording import Hosts
from hardenme.derive.runbook import runbook
from hardenme.model.incident import EventKind, IncidentEvent, Ledger, LedgerRow, RowState
from hardenme.model.inventory import InventoryItem, Place, State
from hardenme.model.runbook import LIST
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from tests.reports.sample import report_of

OPENED = datetime(2026, 11, 24, 12, tzinfo=UTC)
REPOSITORY = Subject("github", "repo", "mallow/ladle")
ACCOUNT = Subject("npm", "user", "mallow")
UNREAD = Unknown(Reason.NOT_PERMITTED, "a token that sees it")
KEY, TOKEN, SECRET = "deploy key", "npm token", "secret"


def key(name: str = "ci", **state: State) -> InventoryItem:
    subject = Subject("github", "deploy-key", f"mallow/ladle/{name}")
    return InventoryItem(KEY, subject, name, f"2026 {name}", {"created_at": "2026", **state})


def token(name: str = "ci", **state: State) -> InventoryItem:
    subject = Subject("npm", "token", f"0000-{name}")
    return InventoryItem(TOKEN, subject, name, f"0000-{name}", {"created_at": "2026", **state})


def secret(name: str = "NPM_TOKEN", **state: State) -> InventoryItem:
    return InventoryItem(SECRET, Subject("github", "secret", f"mallow/ladle/{name}"), name, name,
                         state)  # fmt: skip


def run(
    number: int,
    *items: InventoryItem,
    unread: Sequence[str] = (),
    partial: str = "",
    halted: Reason | None = None,
) -> LedgerRun:
    """A run that began so many hours after the incident was opened."""
    lists = {kind: UNREAD if kind in unread else None for kind in (KEY, TOKEN, SECRET)}
    places = [
        Place(
            where,
            {kind: lists[kind] for kind in kinds},
            tuple(one for one in items if one.kind in kinds),
        )
        for where, kinds in ((REPOSITORY, (KEY, SECRET)), (ACCOUNT, (TOKEN,)))
    ]
    report = replace(
        report_of(()),
        started=OPENED + timedelta(hours=number),
        inventory=tuple(places),
        partial=partial,
        halted=halted,
    )
    return LedgerRun(report, runbook(report, Hosts(), frozenset()))


def made(frozen: LedgerRun, *later: LedgerRun, events: Sequence[IncidentEvent] = ()) -> Ledger:
    return ledger(frozen, events, later, OPENED + timedelta(days=9))


def row(found: Ledger, text: str) -> LedgerRow:
    (one,) = (one for one in found.rows if re.match(rf"{re.escape(text)}\b", one.text))
    return one


def news(found: Ledger) -> list[IncidentEvent]:
    """What is new of things: that a list was read again is left out."""
    return [one for one in found.news if not one.about.startswith(LIST)]


def credentials(found: Ledger) -> list[tuple[str, str, RowState]]:
    return [(one.number, one.text, one.state) for one in found.rows if one.credential]


def attested(one: LedgerRow, hours: int) -> IncidentEvent:
    data = {"how": "on the page", "text": one.text}
    return IncidentEvent(
        EventKind.ATTESTED, OPENED + timedelta(hours=hours), "hazel", one.key, data
    )


@dataclass(frozen=True)
class Look:
    """What a run could see of one thing."""

    there: bool
    read: bool
    whole: bool


LOOKS = st.lists(st.builds(Look, st.booleans(), st.booleans(), st.booleans()), max_size=6)


def runs_of(looks: Sequence[Look], item: InventoryItem) -> list[LedgerRun]:
    return [
        run(
            number,
            *([item] if one.there else []),
            unread=() if one.read else (item.kind,),
            partial="" if one.whole else "interrupted",
        )
        for number, one in enumerate(looks, 1)
    ]


@given(LOOKS, st.sampled_from((key(), token())), st.randoms())
def test_the_newest_run_that_tells_decides(looks: list[Look], item: InventoryItem, order) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    runs = runs_of(looks, item)
    order.shuffle(runs)
    found = row(made(run(0, item), *runs), item.kind)
    telling = [one for one in looks if one.there or (one.read and one.whole)]
    gone = bool(telling) and not telling[-1].there
    assert found.state is (RowState.PROVEN if gone else RowState.PENDING)


@pytest.mark.second_tier("takes over half a second")
@given(LOOKS, st.integers(0, 6))
def test_the_record_stands_in_for_runs_that_are_gone(looks: list[Look], kept: int) -> None:
    """Kept runs are thinned out: what they showed stays, as the record has it."""
    frozen, runs = run(0, key()), runs_of(looks, key())
    events: list[IncidentEvent] = []
    for number in range(1, len(runs) + 1):
        events += made(frozen, *runs[:number], events=events).news
    whole = made(frozen, *runs, events=events)
    assert whole.news == ()
    thinned = made(frozen, *runs[len(runs) - min(kept, len(runs)) :], events=events)
    assert credentials(thinned) == credentials(whole)


def test_what_is_gone_from_a_list_that_holds_no_values_is_not_proven() -> None:
    found = row(made(run(0, secret()), run(1)), "secret NPM_TOKEN")
    assert found.state is RowState.PENDING
    assert "its value may still be accepted where it was issued" in found.why


def test_a_secret_that_was_replaced_is_pending() -> None:
    before, after = secret(updated_at="2026-01-01"), secret(updated_at="2026-11-25")
    found = row(made(run(0, before), run(1, after)), "secret NPM_TOKEN")
    assert found.state is RowState.PENDING
    assert found.why.startswith("replaced at 2026-11-25: the old value has to be ended")
    same = row(made(run(0, before), run(1, before)), "secret NPM_TOKEN")
    assert "replaced" not in same.why


def test_a_revoked_token_is_proven_although_it_is_listed() -> None:
    found = row(made(run(0, token()), run(1, token(revoked=True))), "npm token ci")
    assert (found.state, found.why[:7]) == (RowState.PROVEN, "revoked")


def test_a_suspended_app_is_pending() -> None:
    """Its owner may have suspended it, and can have it go on."""

    def installed(number: int, suspended: str | None) -> LedgerRun:
        made_of = run(number)
        subject = Subject("github", "app-installation", "acorn/7")
        app = InventoryItem("app", subject, "bot", "7", {"suspended_at": suspended})
        place = Place(Subject("github", "org", "acorn"), {"app": None}, (app,))
        report = replace(made_of.report, inventory=(*made_of.report.inventory, place))
        return LedgerRun(report, runbook(report, Hosts(), frozenset()))

    found = row(made(installed(0, None), installed(1, "2026-11-25")), "app bot")
    assert (found.state, found.why[:9]) == (RowState.PENDING, "suspended")


def test_what_appears_later_is_a_row_of_its_own_after_those_that_were_frozen() -> None:
    frozen = run(0, key("ci"))
    found = made(frozen, run(1, key("ci"), key("rogue")))
    first, second = row(found, "deploy key ci"), row(found, "deploy key rogue")
    assert first.number.rpartition(".")[2] < second.number.rpartition(".")[2]
    assert second.state is RowState.PENDING
    assert second.why.startswith("not in the frozen run")
    (event,) = news(found)
    assert (event.kind, event.about) == (EventKind.SEEN, second.key)
    # It is not forgotten when that run is gone, and a newer one ends it.
    again = made(frozen, events=found.news)
    assert row(again, "deploy key rogue").state is RowState.PENDING
    over = made(frozen, run(2, key("ci")), events=found.news)
    assert row(over, "deploy key rogue").state is RowState.PROVEN


def test_what_another_version_wrote_down_is_not_lost() -> None:
    frozen = run(0, key("ci"))
    (event,) = news(made(frozen, run(1, key("ci"), key("rogue"))))
    for chapter in (event.data["chapter"], "Of another version"):
        other = replace(event, data={**event.data, "step": "In other words", "chapter": chapter})
        assert row(made(frozen, events=[other]), "deploy key rogue").state is RowState.PENDING


def test_a_renewed_key_of_the_same_name_is_another_one() -> None:
    newer = replace(
        key(created_at="2027"), identity="2027 ci", subject=Subject("github", "deploy-key", "x/9")
    )
    found = made(run(0, key()), run(1, newer))
    states = [one.state for one in found.rows if one.text.startswith("deploy key ci")]
    assert states == [RowState.PROVEN, RowState.PENDING]


def test_what_a_run_calls_otherwise_is_no_other_thing() -> None:
    again = replace(key(), identity="2026-01-01 ci")
    found = made(run(0, key()), run(1, again))
    assert [one.text for one in found.rows if one.text.startswith("deploy key ")] == [
        "deploy key ci of mallow/ladle (since 2026)"
    ]
    assert news(found) == []


def test_a_list_that_was_not_read_is_a_row_until_a_later_run_reads_it() -> None:
    frozen = run(0, unread=(TOKEN,))
    first = row(made(frozen), "npm tokens")
    assert (first.state, first.credential) == (RowState.PENDING, True)
    assert first.why == "to read it: a token that sees it"
    still = row(made(frozen, run(1, unread=(TOKEN,))), "npm tokens")
    assert still.state is RowState.PENDING
    found = made(frozen, run(1, unread=(TOKEN,)), run(2, token()), run(3, unread=(TOKEN,)))
    assert row(found, "npm tokens").state is RowState.PROVEN
    assert row(found, "npm token ci").state is RowState.PENDING


@given(
    st.lists(
        st.tuples(st.sets(st.sampled_from(("me", "github:mallow", "npm:ladle"))), st.booleans()),
        max_size=4,
    )
)
def test_a_list_is_proven_only_once_every_target_was_looked_at_again(
    looks: list[tuple[set[str], bool]],
) -> None:
    frozen = run(0)
    wanted = ("me", "GitHub:mallow")
    before = replace(frozen, report=replace(frozen.report, targets=wanted))
    later = []
    for number, (targets, whole) in enumerate(looks, 1):
        one = run(number, partial="" if whole else "stopped")
        named = replace(one.report, targets=tuple(sorted(targets)))
        later.append(LedgerRun(named, one.book))
    found = row(made(before, *later), "npm tokens")
    whole_runs = [targets for targets, whole in looks if whole]
    covered = {"me", "github:mallow"} <= set().union(*whole_runs)
    assert (found.state is RowState.PROVEN) is covered
    look = row(made(before, *later), "Look at what is left")
    at_once = any({"me", "github:mallow"} <= targets for targets in whole_runs)
    assert (look.state is RowState.PROVEN) is at_once


def test_what_was_not_looked_at_is_named_with_a_target() -> None:
    frozen = run(0)
    more = Place(Subject("npm", "org", "acorn"), {}, ())
    wide = replace(frozen.report, targets=("me",), inventory=(*frozen.report.inventory, more))
    before = LedgerRun(wide, runbook(wide, Hosts(), frozenset()))
    after = run(1)
    later = LedgerRun(replace(after.report, targets=("me",)), after.book)
    look = row(made(before, later), "Look at what is left")
    assert look.state is RowState.PENDING
    assert look.why == f"{later.name} did not look at acorn"
    assert look.commands == ("hardenme check me npm:@acorn",)


def test_a_place_that_was_not_looked_at_is_never_proven_by_one_of_its_kind() -> None:
    frozen = run(0)
    found = row(made(frozen, run(1)), "trusted publishers")
    assert found.state is RowState.PENDING
    assert "did not look at any" in found.text


def test_the_list_of_an_account_that_was_not_looked_at_is_read_by_the_account() -> None:
    frozen = run(0)
    bare = replace(frozen.report, inventory=frozen.report.inventory[:1])
    before = LedgerRun(bare, runbook(bare, Hosts(), frozenset()))
    assert "did not look at any" in row(made(before), "npm tokens").text
    assert row(made(before, run(1, unread=(TOKEN,))), "npm tokens").state is RowState.PENDING
    found = made(before, run(1, token()))
    assert row(found, "npm tokens").state is RowState.PROVEN
    assert row(found, "npm token ci").state is RowState.PENDING
    other = run(1, token())
    (asked, *_) = other.report.identities
    stranger = replace(other.report, identities=(asked, replace(asked, provider="npm", login="x")))
    late = LedgerRun(stranger, runbook(stranger, Hosts(), frozenset()))
    assert row(made(before, late), "npm tokens").state is RowState.PENDING


def test_a_statement_ends_where_the_thing_came_back() -> None:
    frozen = run(0, key())
    said = attested(row(made(frozen), "deploy key"), 1)
    assert row(made(frozen, events=[said]), "deploy key").state is RowState.ATTESTED
    kept = row(made(frozen, run(2, key()), events=[said]), "deploy key")
    # Who keeps it says so, and what is still there is told.
    assert kept.state is RowState.ATTESTED
    assert "still listed in the run of" in kept.why
    back = made(frozen, run(2), run(3, key()), events=[said])
    assert row(back, "deploy key").state is RowState.PENDING
    again = attested(row(back, "deploy key"), 4)
    after = made(frozen, run(2), run(3, key()), events=[said, *back.news, again])
    assert row(after, "deploy key").state is RowState.ATTESTED
    # What was said before it was known to be back does not count, whenever the run began.
    before = attested(row(back, "deploy key"), 4)
    late = made(frozen, run(2), run(3, key()), events=[said, before, *back.news])
    assert row(late, "deploy key").state is RowState.PENDING


def test_places_that_are_known_and_were_not_looked_at_are_lists_that_were_not_read() -> None:
    frozen = run(0)
    owned = (
        InventoryItem("repository", Subject("github", "repo", "mallow/attic"), "attic", "R_9"),
        InventoryItem("membership", Subject("github", "membership", "acorn"), "acorn", "M_9"),
    )
    owner = Place(Subject("github", "user", "mallow"), {"membership": None}, owned)
    report = replace(frozen.report, inventory=(*frozen.report.inventory, owner))
    found = made(LedgerRun(report, runbook(report, Hosts(), frozenset())))
    assert "not read in mallow/attic" in row(found, "deploy keys").text
    assert "not read in acorn" in row(found, "webhooks of organizations").text
    assert not [one for one in found.rows if one.text.startswith("organizations of")]
    unread = replace(owner, lists={"membership": UNREAD}, items=())
    report = replace(report, inventory=(*frozen.report.inventory, unread))
    found = made(LedgerRun(report, runbook(report, Hosts(), frozenset())))
    assert row(found, "organizations of the account").credential


def test_what_no_list_shows_is_a_row_each_that_only_a_person_ends() -> None:
    found = made(run(0), run(1))
    texts = (
        *("npm sessions", "npm 2FA", "GitHub sessions", "GitHub password", "classic tokens"),
        *("GitHub apps that act for the account", "Dependabot and Codespaces secrets"),
    )
    for text in texts:
        assert row(found, text).state is RowState.PENDING
        assert row(found, text).credential


def test_a_tag_is_ticked_off_where_it_points_to_what_it_did() -> None:
    def tagged(number: int, commit: str) -> LedgerRun:
        made_of = run(number)
        tag = InventoryItem(
            "release tag", Subject("github", "tag", "mallow/ladle/v1"), "v1", "v1",
            {"commit": commit},
        )  # fmt: skip
        place, *rest = made_of.report.inventory
        place = replace(
            place, lists={**place.lists, "release tag": None}, items=(*place.items, tag)
        )
        report = replace(made_of.report, inventory=(place, *rest))
        return LedgerRun(report, runbook(report, Hosts(), frozenset()))

    frozen, moved, back = tagged(0, "a" * 40), tagged(1, "b" * 40), tagged(2, "a" * 40)
    assert news(made(frozen, tagged(1, "a" * 40))) == []
    assert [one.kind for one in news(made(frozen, moved, back))] == [
        *(EventKind.SEEN, EventKind.GONE),
    ]
    assert row(made(frozen, moved), "release tag v1").state is RowState.PENDING
    done = row(made(frozen, moved, back), "release tag v1")
    assert (done.state, done.credential) == (RowState.PROVEN, False)


def test_a_note_ticks_off_the_step_that_asks_for_notes() -> None:
    note = IncidentEvent(EventKind.NOTE, OPENED, data={"text": "x"})
    assert row(made(run(0)), "Write down").state is RowState.PENDING
    assert row(made(run(0), events=[note]), "Write down").state is RowState.PROVEN


def test_a_look_at_what_is_left_takes_every_check_and_place() -> None:
    """One check that is selected, or a run of one place, shows nothing of the others."""
    frozen, later = run(-1), run(1)
    text = "Look at what is left"
    assert row(made(frozen, later), text).state is RowState.PROVEN
    fewer = dict(list(later.report.checks.items())[1:])
    assert later.report.checks.keys() - fewer.keys()
    for report in (
        replace(later.report, checks=fewer),
        replace(later.report, inventory=later.report.inventory[:1]),
    ):
        selected = LedgerRun(report, runbook(report, Hosts(), frozenset()))
        assert row(made(frozen, selected), text).state is RowState.PENDING
        assert row(made(frozen, selected, later), text).state is RowState.PROVEN
