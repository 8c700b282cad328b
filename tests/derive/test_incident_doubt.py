"""The ledger in doubt: what may be there still, or was not read again, is pending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.derive.incident import LedgerRun
from hardenme.derive.recent.wording import Hosts
from hardenme.derive.runbook import runbook
from hardenme.model.incident import EventKind, IncidentEvent, RowState
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.runbook import GIVEN, row_key
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from tests.derive.test_incident import (
    KEY,
    OPENED,
    SECRET,
    TOKEN,
    UNREAD,
    attested,
    key,
    made,
    news,
    row,
    run,
    token,
)

CREDENTIAL = "credential for single sign-on"
KINDS = (KEY, TOKEN, SECRET)
PLURALS = {KEY: "deploy keys", TOKEN: "npm tokens", SECRET: "secrets of repositories"}


def also(one: LedgerRun, *places: Place, **changes: object) -> LedgerRun:
    """A run with more places."""
    report = replace(one.report, inventory=(*one.report.inventory, *places), **changes)  # type: ignore[arg-type]
    return LedgerRun(report, runbook(report, Hosts(), frozenset()))


def owned(*repositories: tuple[str, str]) -> Place:
    """Repositories of an owner, each with when it was made."""
    items = (
        InventoryItem("repository", Subject("github", "repo", name), name, f"R of {when}",
                      {"created_at": when} if when else {})
        for name, when in repositories
    )  # fmt: skip
    return Place(Subject("github", "user", "mallow"), {"repository": None}, tuple(items))


@given(st.lists(st.booleans(), min_size=1, max_size=3), st.permutations(range(3)))
def test_of_several_that_may_be_it_all_have_to_be_over(
    revoked: list[bool], order: Sequence[int]
) -> None:
    """Tokens of one name of which it is not told when each was made."""
    mine = token()
    others = [
        replace(token(revoked=over), identity=f"{order[n]}",
                subject=Subject("npm", "token", f"{n}"),
                state={"revoked": over})
        for n, over in enumerate(revoked)
    ]  # fmt: skip
    found = row(made(run(0, mine), run(1, *others)), "npm token ci")
    assert found.state is (RowState.PROVEN if all(revoked) else RowState.PENDING)


@pytest.mark.parametrize("name", ["ci", ""])
def test_a_token_whose_id_changed_is_not_gone(name: str) -> None:
    """The registry tells of a token by another id: it is as old, and has the same name, if any."""
    mine = replace(token("ci"), label=name)
    other = replace(mine, identity="9", subject=Subject("npm", "token", "9"))
    found = [one for one in made(run(0, mine), run(1, other)).rows if "npm token " in one.text]
    assert [one.state for one in found] == [RowState.PENDING]
    newer = replace(other, state={"created_at": "2027"})
    found = [one for one in made(run(0, mine), run(1, newer)).rows if "npm token " in one.text]
    assert [one.state for one in found] == [RowState.PROVEN, RowState.PENDING]


def test_a_look_alike_beside_what_a_person_keeps_is_a_row_of_its_own() -> None:
    """It has the same name, and when it was made is not told."""
    mine = token()
    rogue = replace(mine, identity="9", subject=Subject("npm", "token", "9"), state={})
    frozen = run(0, mine)
    said = attested(row(made(frozen), "npm token ci"), 1)
    found = made(frozen, run(2, mine, rogue), events=[said])
    states = [one.state for one in found.rows if one.text.startswith("npm token ")]
    assert states == [RowState.ATTESTED, RowState.PENDING]


@given(
    st.lists(
        st.tuples(st.sets(st.sampled_from(KINDS)), st.booleans()), min_size=0, max_size=4
    )
)  # fmt: skip
def test_a_list_is_read_again_by_a_whole_run_or_pending(
    looks: list[tuple[set[str], bool]],
) -> None:
    runs = [
        run(number, unread=tuple(unread), partial="" if whole else "interrupted")
        for number, (unread, whole) in enumerate(looks, 1)
    ]
    found = made(run(0), *runs)
    for kind in KINDS:
        known = row(found, PLURALS[kind])
        read = any(whole and kind not in unread for unread, whole in looks)
        assert known.credential
        assert known.state is (RowState.PROVEN if read else RowState.PENDING), kind
    again = made(run(0), events=found.news)
    assert [one.state for one in again.rows if one.credential] == [
        one.state for one in found.rows if one.credential
    ]


def test_a_run_that_stopped_early_reads_no_list() -> None:
    frozen = run(0, unread=(TOKEN,))
    for stopped in (run(1, partial="interrupted"), run(1, halted=Reason.RATE_LIMITED)):
        assert row(made(frozen, stopped), "npm tokens").state is RowState.PENDING


def test_a_place_that_came_to_be_known_later_has_to_be_read() -> None:
    """An attacker makes a repository, or an organization is seen for the first time."""
    frozen = run(0)
    first = made(frozen, run(1))
    assert row(first, "deploy keys").state is RowState.PROVEN
    new = Place(Subject("github", "repo", "mallow/new"), {KEY: UNREAD, SECRET: UNREAD}, ())
    found = made(frozen, also(run(2), new), events=first.news)
    assert row(found, "deploy keys").state is RowState.PENDING
    assert row(found, "deploy keys").why == f"to read it: {UNREAD.needed}"
    seen = replace(new, lists={KEY: None, SECRET: None})
    done = made(frozen, also(run(2), new), also(run(3), seen), events=first.news)
    assert row(done, "deploy keys").state is RowState.PROVEN
    # So has one that a person could not know of.
    said = attested(row(made(frozen), "deploy keys"), 1)
    for later, state in (
        (run(3), RowState.PROVEN),
        (run(3, partial="interrupted"), RowState.ATTESTED),
        (also(run(3), new), RowState.PENDING),
        (also(run(1), new), RowState.ATTESTED),
    ):
        assert row(made(frozen, later, events=[said]), "deploy keys").state is state
    organization = Place(Subject("github", "org", "acorn"), {"webhook": UNREAD}, ())
    found = made(frozen, also(run(1), organization))
    assert row(found, "webhooks of organizations").state is RowState.PENDING


@pytest.mark.parametrize("when", ["2026-11-25", "2020-01-01"])
def test_another_repository_of_the_same_name_shows_nothing(when: str) -> None:
    """The one that was frozen was renamed, and its keys go with it."""
    frozen = also(run(0, key()), owned(("mallow/ladle", "2024-01-01")))
    found = made(frozen, also(run(1), owned(("mallow/ladle", when))))
    gone = row(found, "deploy key ci")
    assert gone.state is RowState.PENDING
    assert "mallow/ladle is another repository than the one that was frozen" in gone.why
    assert row(found, "deploy keys").state is RowState.PENDING
    for same in ("2024-01-01", ""):
        found = made(frozen, also(run(1), owned(("mallow/ladle", same))))
        assert row(found, "deploy key ci").state is RowState.PROVEN


def test_what_an_organization_no_longer_takes_lives_outside_it() -> None:
    """A classic token or a key that single sign-on let in is not revoked by taking it back."""

    def signed_on(number: int, *items: InventoryItem) -> LedgerRun:
        acorn = Place(Subject("github", "org", "acorn"), {CREDENTIAL: None}, items)
        return also(run(number), acorn)

    subject = Subject("github", "sso-credential", "acorn/7")
    one = InventoryItem(CREDENTIAL, subject, "ci", "7", {"login": "mallow"})
    gone = row(made(signed_on(0, one), signed_on(1)), CREDENTIAL)
    assert gone.state is RowState.PENDING
    assert "it lives until its owner ends it" in gone.why


def test_a_run_out_of_order_shows_what_is_there_alone() -> None:
    """A clock was set back, or two ran at once: a later number, and an earlier beginning."""
    frozen, gone = run(0, key()), run(5)
    back = replace(run(3, key()), after=gone.at)
    assert row(made(frozen, gone, back), "deploy key ci").state is RowState.PENDING
    again = made(frozen, gone, back)
    assert row(made(frozen, events=again.news), "deploy key ci").state is RowState.PENDING
    after = replace(run(3), after=gone.at)
    seen = run(5, key())
    for runs in ((seen, after), (after,)):
        found = row(made(frozen, *runs), "deploy key ci")
        assert found.state is RowState.PENDING
    assert "when it began is not known" in found.why
    assert row(made(frozen, after), "npm tokens").state is RowState.PENDING
    # So does what only says that it is over.
    revoked = replace(run(3, token(revoked=True)), after=gone.at)
    assert row(made(run(0, token()), revoked), "npm token ci").state is RowState.PENDING
    assert row(made(frozen, seen, replace(run(6), after=seen.at)), "deploy key ci").state is (
        RowState.PROVEN
    )


def test_what_the_record_holds_of_a_clock_that_was_ahead_proves_nothing() -> None:
    frozen, ahead = run(0, key()), run(24 * 30)
    one = row(made(frozen), "deploy key ci")
    data = {"run": ahead.at.isoformat(), "told": "not in the list"}
    event = IncidentEvent(EventKind.GONE, ahead.at, about=one.key, data=data)
    for runs in ((), (run(1, key()),), (ahead,)):
        assert row(made(frozen, *runs, events=[event]), "deploy key ci").state is RowState.PENDING


def test_of_a_token_that_was_given_the_last_answer_counts_whatever_the_clock_says() -> None:
    about = row_key(GIVEN, "x")
    step = next(one for one in run(0).book.steps if one.tokens == "npm").text
    events = [
        IncidentEvent(kind, OPENED + timedelta(hours=hour), about=about,
                      data={"text": "npm token …0000", "told": "answered", "step": step})
        for kind, hour in ((EventKind.REFUSED, 5), (EventKind.SEEN, 4))
    ]  # fmt: skip
    assert row(made(run(0), events=events), "npm token …0000").state is RowState.PENDING
    assert row(made(run(0), events=events[::-1]), "npm token …0000").state is RowState.PROVEN


def test_what_another_version_knows_is_a_row_that_only_a_person_ends() -> None:
    frozen = run(0)
    (event,) = news(made(frozen, run(1, key("rogue"))))
    other = replace(event, data={**event.data, "kind": "passkey", "text": "passkey rogue"})
    gone = replace(other, kind=EventKind.GONE, data={**other.data, "told": "not in the list"})
    for events in ([other], [other, gone]):
        found = row(made(frozen, run(2), events=events), "passkey rogue")
        assert (found.state, found.credential) == (RowState.PENDING, True)
    assert "another version of hardenme" in found.why
    said = attested(found, 3)
    found = row(made(frozen, events=[other, gone, said]), "passkey rogue")
    assert found.state is RowState.ATTESTED
