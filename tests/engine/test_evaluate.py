from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import pytest

from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer, Attestation, Every, Fact
from hardenme.model.finding import Attested, Errored
from hardenme.model.given import Now
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Reason, Unknown
from hardenme.model.verdict import Failed, Manual, NotApplicable, Passed, Verdict
from tests.engine.small import (
    FIX,
    HOUSE,
    LOST,
    NOW,
    OTHER,
    REFUSED,
    Door,
    House,
    a_check,
    atom,
    door,
    door_locked,
    doors,
    house,
    judge,
)

DAY = timedelta(days=1)


def results(found: dict[str, Any]) -> dict[str, str]:
    return {name: finding.result for name, finding in found.items()}


def test_each_item_of_a_list_is_judged() -> None:
    found = judge(door_locked, house(), doors(door("front"), door("back", locked=False)))
    assert results(found) == {"front": "passed", "back": "failed"}
    assert found["front"].sources == (atom(),)
    assert found["front"].within == HOUSE
    assert found["back"].severity is Severity.HIGH
    assert ("Door", "locked") in found["back"].reads


def test_a_field_that_is_not_known_is_unknown_and_nothing_else() -> None:
    found = judge(door_locked, house(), doors(door("front", locked=LOST), door("back")))
    assert results(found) == {"front": "unknown", "back": "passed"}
    assert found["front"].outcome == LOST


def test_a_list_that_is_not_whole_says_so_beside_its_items() -> None:
    found = judge(door_locked, house(), doors(door("front", locked=False), missing=LOST))
    assert results(found) == {"front": "failed", "hazel": "unknown"}


def test_a_list_that_was_refused_is_unknown_for_its_scope() -> None:
    found = judge(door_locked, house(), doors(missing=REFUSED, evidence=(atom(status=403),)))
    assert results(found) == {"hazel": "unknown"}
    assert found["hazel"].outcome == REFUSED
    assert found["hazel"].sources == (atom(status=403),)


def test_an_empty_list_is_no_object_and_no_pass() -> None:
    found = judge(door_locked, house(), doors())
    assert results(found) == {"hazel": "not_applicable"}
    assert found["hazel"].outcome == NotApplicable("there is no door", {"count": 0})


def test_where_the_lister_is_unknown_so_are_the_items() -> None:
    missing = house()
    refused = type(missing)(House, HOUSE, (), (), REFUSED)
    assert results(judge(door_locked, refused)) == {"hazel": "unknown"}


def test_what_was_never_asked_gives_no_finding() -> None:
    assert judge(door_locked) == {}


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_judgements_of_one_subject_the_worse_counts(order: int) -> None:
    here = doors(door("shared"))
    there = doors(door("shared", OTHER, locked=False), scope=OTHER)
    found = judge(door_locked, house(), house(OTHER), *(here, there)[::order])
    assert results(found) == {"shared": "failed"}


@pytest.mark.parametrize("swapped", [False, True])
def test_an_unknown_is_not_hidden_by_a_pass_nor_hides_a_failure(*, swapped: bool) -> None:
    def among(*values: Any) -> str:
        scopes = (OTHER, HOUSE) if swapped else (HOUSE, OTHER)
        pairs = zip(scopes, values, strict=True)
        answers = [doors(door("shared", scope, locked=v), scope=scope) for scope, v in pairs]
        return results(judge(door_locked, house(), house(OTHER), *answers))["shared"]

    assert among(*(True, LOST)) == "unknown"
    assert among(*(False, LOST)) == "failed"


def test_a_check_that_raises_is_errored_and_the_others_go_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(door: Door) -> Any:
        return 1 / (not door.locked)

    with caplog.at_level(logging.CRITICAL):
        found = judge(a_check(broken), house(), doors(door("front")))
    assert found["front"].outcome == Errored("ZeroDivisionError")
    assert found["front"].result == "errored"


def test_a_check_that_makes_an_unknown_of_its_own_is_errored() -> None:
    def inventive(door: Door) -> Any:
        return Unknown(Reason.STALE, f"no idea of {door.label}")

    assert isinstance(
        judge(a_check(inventive), house(), doors(door("front")))["front"].outcome, Errored
    )


@pytest.mark.parametrize("verdict", [None, True, "passed"])
def test_what_is_no_verdict_is_errored(verdict: Any) -> None:
    def strange(door: Door) -> Any:
        return verdict if door.label else None

    assert judge(a_check(strange), house(), doors(door("front")))["front"].result == "errored"


def test_an_unknown_that_was_handed_in_may_be_handed_back() -> None:
    def careful(door: Door, house: House | Unknown) -> Any:
        return house if isinstance(house, Unknown) else Passed("fine", {"locked": door.locked})

    refused = type(house())(House, HOUSE, (), (), REFUSED)
    assert results(judge(a_check(careful), house(), doors(door("front")))) == {"front": "passed"}
    assert judge(a_check(careful), refused, doors(door("front")))["front"].outcome == REFUSED


def test_a_fact_that_is_needed_and_not_known_keeps_the_check_from_running() -> None:
    def needy(door: Door, house: House) -> Any:
        raise AssertionError(f"ran with {door} and {house}")

    refused = type(house())(House, HOUSE, (), (), REFUSED)
    assert judge(a_check(needy), refused, doors(door("front")))["front"].outcome == REFUSED


def test_the_engine_gives_the_time() -> None:
    def timely(door: Door, now: Now) -> Any:
        return Passed(now.time.isoformat(), {"locked": door.locked})

    outcome = judge(a_check(timely), house(), doors(door("front")))["front"].outcome
    assert isinstance(outcome, Passed)
    assert outcome.message == NOW.time.isoformat()


def test_a_question_needs_no_evidence_of_its_own() -> None:
    def asking(door: Door) -> Any:
        return Manual(f"Is {door.label} of oak?", "https://host.example.test/doors")

    front = doors(door("front"))
    assert judge(a_check(asking, asks=True), house(), front)["front"].result == "manual"
    undeclared = judge(a_check(asking), house(), front)["front"].outcome
    assert undeclared == Errored("a check asked a question without declaring that it may")


def test_a_verdict_may_weigh_more_than_its_check() -> None:
    def grave(door: Door) -> Any:
        return Failed("open", {"locked": door.locked}, FIX, severity=Severity.CRITICAL)

    found = judge(a_check(grave), house(), doors(door("front")))["front"]
    assert found.severity is Severity.CRITICAL


def test_a_label_cannot_steer_a_terminal() -> None:
    found = judge(door_locked, house(), doors(door("\x1b[2Jfront\u202e")))
    (finding,) = found.values()
    assert finding.label == "\\x1b[2Jfront\\u202e"


def every_locked(house: House, doors: Every[Door]) -> Any:
    seen: dict[str, Any] = {"house": house.label}
    for item in doors:
        if not item.locked:
            return Failed(f"{item.label} is open", seen, FIX)
    return Passed("all are locked", seen)


def test_one_witness_fails_a_list_that_is_not_whole() -> None:
    whole, part = doors(door("front")), doors(door("front"), missing=LOST)
    witness = doors(door("front", locked=False), missing=LOST)
    check = a_check(every_locked)
    assert results(judge(check, house(), whole)) == {"hazel": "passed"}
    assert judge(check, house(), part)["hazel"].outcome == LOST
    assert results(judge(check, house(), witness)) == {"hazel": "failed"}
    assert results(judge(check, house(), doors())) == {"hazel": "passed"}


def test_a_list_that_was_never_asked_for_passes_nothing() -> None:
    outcome = judge(a_check(every_locked), house())["hazel"].outcome
    assert isinstance(outcome, Unknown)
    assert outcome.reason is Reason.NOT_ASKED


def test_a_list_of_another_house_does_not_count() -> None:
    found = judge(
        a_check(every_locked),
        *(house(), house(OTHER)),
        *(doors(door("front")), doors(door("back", OTHER, locked=False), scope=OTHER)),
    )
    assert results(found) == {"hazel": "passed", "rowan": "failed"}


def test_every_behaves_as_a_sequence_only_where_it_is_whole() -> None:
    whole, part = Every((1, 2)), Every((1, 2), LOST)  # type: ignore[type-var]  # any items do here
    assert (len(whole), whole[0], list(whole)) == (2, 1, [1, 2])
    for read in (len, list, lambda every: every[0], lambda every: 3 in every):
        with pytest.raises(NotKnownError):
            read(part)
    assert 1 in part


def stated(at: float, until: float) -> Attestation:
    return Attestation("hazel", NOW.time + at * DAY, NOW.time + until * DAY)


def test_a_pass_on_a_statement_is_attested() -> None:
    for evidence in ((), None):
        answer = doors(door("front"), attested=stated(-10, 20), evidence=evidence)
        found = judge(door_locked, house(), answer)["front"]
        assert found.outcome == Attested("locked", "hazel", NOW.time + 20 * DAY)


@pytest.mark.parametrize(("at", "until"), [(-10, 0), (-10, -1), (1, 10)])
def test_a_statement_that_does_not_count_now_is_stale(at: float, until: float) -> None:
    found = judge(door_locked, house(), doors(door("front"), attested=stated(at, until)))["front"]
    assert isinstance(found.outcome, Unknown)
    assert found.outcome.reason is Reason.STALE


def test_a_failure_on_a_statement_stays_a_failure() -> None:
    answer = doors(door("front", locked=False), attested=stated(-10, -1))
    assert judge(door_locked, house(), answer)["front"].result == "failed"


def test_no_object_by_an_old_statement_is_stale() -> None:
    def exempt(door: Door) -> Any:
        return NotApplicable("a wall", {"locked": door.locked})

    def outcome(until: float) -> str:
        answer = doors(door("front"), attested=stated(-10, until))
        return judge(a_check(exempt), house(), answer)["front"].result

    assert (outcome(1), outcome(-1)) == ("not_applicable", "unknown")


def test_many_answers_of_one_endpoint_are_told_in_one() -> None:
    def all_locked(house: House, doors: Every[Door]) -> Verdict:
        """Doors."""
        del house
        return Passed("all locked", {"count": len(doors)})

    def listing(number: int, pages: int | None = 2) -> Answer[Any]:
        within = Subject("github", "room", str(number))
        fact = door(str(number), HOUSE)
        when = NOW.time - timedelta(minutes=number)
        page = Atom("POST /doors", 200, when, pages_read=2, pages_expected=pages)
        return Answer(Door, within, (fact,), (page,))

    few = judge(a_check(all_locked), house(), *map(listing, range(20)))["hazel"]
    many = judge(a_check(all_locked), house(), *map(listing, range(40)))["hazel"]
    assert few.result == many.result == "passed"
    assert len(few.sources) == 21
    (own, pages) = sorted(many.sources, key=lambda source: source.pages_read)
    assert own.endpoint == "GET /house"
    assert (pages.pages_read, pages.pages_expected) == (80, 80)
    assert pages.observed_at == NOW.time - timedelta(minutes=39), "as old as the oldest"
    # One of which it is not known how many pages there are: neither is it of them all.
    part = judge(a_check(all_locked), house(), *map(listing, range(39)), listing(39, None))["hazel"]
    (_, merged) = sorted(part.sources, key=lambda source: source.pages_read)
    assert (merged.pages_read, merged.pages_expected) == (80, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hinge(Fact):
    """What holds one of the doors."""

    asked_at: ClassVar[str] = "github"
    listed_by: ClassVar[type[Fact] | None] = House
    noun: ClassVar[str] = "hinge"


def test_what_is_known_of_one_thing_alone_is_not_taken_for_another() -> None:
    """The only fact of a type counts for all that is below it, and for nothing beside it."""

    def held(door: Door, hinge: Hinge) -> Verdict:
        return Passed(hinge.label, {"locked": door.locked})

    def of(*names: str) -> Answer[Hinge]:
        found = (Hinge(subject=door(name).subject, within=HOUSE, label=name) for name in names)
        return Answer(Hinge, HOUSE, tuple(found), (atom(),))

    both = doors(door("front"), door("back"))
    found = judge(a_check(held), house(), both, of("front"))
    assert results(found) == {"front": "passed", "back": "unknown"}
    assert found["back"].outcome == Unknown(Reason.NOT_ASKED, "hinge of github:door/back")
    whole = judge(a_check(held), house(), both, of("front", "back"))
    assert results(whole) == {"front": "passed", "back": "passed"}
