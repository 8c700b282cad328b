"""Subjects, severities, texts, facts, verdicts and findings: what cannot be made wrongly."""

from __future__ import annotations

import unicodedata
from dataclasses import FrozenInstanceError, dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.model.check import check
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer, Fact, Reading, key
from hardenme.model.finding import Finding
from hardenme.model.given import Now, Targets
from hardenme.model.known import READS
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.text import visible
from hardenme.model.unknown import WHAT_TO_DO, NotKnownError, Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed, Verdict
from tests.engine.small import HOUSE, LOST, NOW, Door, House, atom, door, door_locked, house

FIX = Fix("Do it.", page="https://host.example.test/page")
NAMES = st.text(st.characters(exclude_characters=":/"), min_size=1)


@given(NAMES, NAMES, st.text(min_size=1))
def test_a_subject_reads_what_it_writes(provider: str, kind: str, name: str) -> None:
    subject = Subject(provider, kind, name)
    assert Subject.parse(str(subject)) == subject


@pytest.mark.parametrize("text", ["", "github", "github:user", "github:user/", ":user/x", "a:/x"])
def test_what_is_no_subject_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a subject"):
        Subject.parse(text)


def test_severities_are_ordered_and_read_in_any_case() -> None:
    assert sorted(Severity) == [
        Severity.parse(n) for n in ("info", "LOW", " medium ", "High", "critical")
    ]
    with pytest.raises(ValueError, match="critical, high, medium, low, info"):
        Severity.parse("grave")


@given(st.text())
def test_visible_text_hides_and_steers_nothing(text: str) -> None:
    shown = visible(text)
    bad = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert not any(unicodedata.category(character) in bad for character in shown)


@given(st.text(st.characters(categories=("L", "N")), max_size=200))
def test_visible_text_leaves_plain_words_as_they_are(text: str) -> None:
    assert visible(text) == text


def test_a_long_text_is_cut_before_it_is_escaped() -> None:
    assert visible("x" * 300, longest=10) == "x" * 9 + "\u2026"
    assert visible("\ud800") == "\\ud800"


def test_every_reason_says_what_to_do() -> None:
    assert set(WHAT_TO_DO) == set(Reason)
    for sentence in WHAT_TO_DO.values():
        assert sentence[0].isupper()
        assert sentence.endswith(".")


def test_a_field_that_is_not_known_cannot_be_read() -> None:
    fact = door("front", locked=LOST)
    with pytest.raises(NotKnownError) as caught:
        _ = fact.locked
    assert caught.value.unknown is LOST
    assert fact.unknown_fields() == {"locked": LOST}
    assert door("front").unknown_fields() == {}


def test_what_a_check_reads_is_noted_only_while_it_runs() -> None:
    reads: set[tuple[str, str]] = set()
    token = READS.set(reads)
    try:
        assert door("front").locked
    finally:
        READS.reset(token)
    _ = house().facts[0].guarded
    assert ("Door", "locked") in reads
    assert ("House", "guarded") not in reads


def test_a_fact_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        door("front").locked = False  # type: ignore[misc]  # that is the point


def test_an_answer_needs_evidence_or_a_reason() -> None:
    with pytest.raises(ValueError, match="without evidence"):
        Answer(Door, HOUSE, (door("front"),))
    with pytest.raises(ValueError, match="without evidence"):
        Answer(Door, HOUSE)
    assert Answer(Door, HOUSE, missing=LOST).facts == ()


@pytest.mark.parametrize("kind", [Passed, NotApplicable])
def test_a_verdict_needs_a_message_and_what_decided(kind: Any) -> None:
    for message, seen in (("", {"a": 1}), (" ", {"a": 1}), ("fine", {})):
        with pytest.raises(ValueError, match="a verdict needs"):
            kind(message, seen)
        with pytest.raises(ValueError, match="a verdict needs"):
            Failed(message, seen, FIX)  # type: ignore[arg-type]  # one of each


def test_a_fix_and_a_question_need_a_place() -> None:
    for step, page, command in (("", "p", "c"), (" ", "p", ""), ("Do it.", "", "")):
        with pytest.raises(ValueError, match="a fix needs"):
            Fix(step, page=page, command=command)
    for question, page in (("", "p"), ("Is it?", ""), (" ", "p"), ("Is it?", " ")):
        with pytest.raises(ValueError, match="needs a question"):
            Manual(question, page)


SEEN: dict[str, Any] = {"a": 1}


@pytest.mark.parametrize(
    "outcome", [Passed("x", SEEN), NotApplicable("x", SEEN), Failed("x", SEEN, FIX)]
)
def test_a_finding_of_a_verdict_needs_the_answers_behind_it(outcome: Any) -> None:
    def make(*sources: Atom) -> Finding:
        return Finding("DOR101", "a", "A", HOUSE, HOUSE, "", outcome, Severity.LOW, sources)

    with pytest.raises(ValueError, match="without evidence"):
        make()
    assert make(atom()).result in {"passed", "failed", "not_applicable"}


def test_a_fingerprint_is_of_the_code_and_the_subject_alone() -> None:
    unknown = Unknown(Reason.STALE, "a new answer")

    def make(code: str, subject: Subject, label: str = "") -> str:
        return Finding(code, "a", "A", subject, HOUSE, label, unknown, Severity.LOW).fingerprint

    assert make("DOR101", HOUSE) == make("DOR101", HOUSE, "renamed")
    other = Subject("github", "user", "rowan")
    assert len({make("DOR101", HOUSE), make("DOR102", HOUSE), make("DOR101", other)}) == 3


@pytest.mark.parametrize(
    ("read", "expected", "complete"), [(1, 1, True), (1, 2, False), (3, 2, True), (1, None, True)]
)
def test_an_atom_knows_whether_every_page_was_read(
    read: int, expected: int | None, *, complete: bool
) -> None:
    assert Atom("GET /x", 200, NOW.time, read, expected).complete is complete


def test_ages_are_whole_days_by_the_given_clock() -> None:
    hour = timedelta(hours=1)
    assert NOW.days_since(NOW.time - 47 * hour) == 1
    assert NOW.days_since(NOW.time - 48 * hour) == 2
    assert NOW.days_until(NOW.time + 25 * hour) == 1
    assert NOW.days_until(NOW.time - hour) == -1


def test_targets_cover_what_they_name() -> None:
    targets = Targets(frozenset({"hazel"}), frozenset({"acme/web"}))
    assert targets.covers("Hazel/anything")
    assert targets.covers("ACME/Web")
    assert not targets.covers("acme/website")
    assert not targets.covers("hazelnut/x")


def test_a_check_tells_its_needs_and_its_texts() -> None:
    assert [item.kind for item in door_locked.parameters] == [Door]
    assert door_locked.subject_fact is Door
    assert door_locked.family == "DOR"
    assert door_locked.summary == "The door is locked."
    assert door_locked.title == "Door is open"

    def optional(door: Door, house: House | Unknown, now: Now) -> Verdict:
        return Passed("not judged here", {"arguments": len((door, house, now))})

    made = check("DOR103", "other", title="Other", severity=Severity.LOW, since="0.1")(optional)
    assert [(p.name, p.optional, p.given) for p in made.parameters] == [
        ("door", False, False),
        ("house", True, False),
        ("now", False, True),
    ]
    assert made.facts == (Door, House)


@pytest.mark.parametrize(
    ("code", "slug"), [("dor101", "a"), ("DOR1", "a"), ("DOR101", "Not-This"), ("DOR101", "a--b")]
)
def test_a_malformed_name_of_a_check_is_refused(code: str, slug: str) -> None:
    with pytest.raises(ValueError, match="a code is like"):
        check(code, slug, title="A problem", severity=Severity.LOW, since="0.1")


@pytest.mark.parametrize("title", ["A", "A?", "x" * 60, "Door \u2013 open", "GitHub.com is open"])
def test_a_title_is_one_short_line(title: str) -> None:
    made = check("DOR103", "other", title=title, severity=Severity.LOW, since="0.1")(door_locked)
    assert made.title == title


@pytest.mark.parametrize(
    "title", ["", " ", " A", "A ", "x" * 61, "Door is open.", "Door\nis open", "A\n", "A\r", "."]
)
def test_another_title_is_refused(title: str) -> None:
    with pytest.raises(ValueError, match="a title is one line"):
        check("DOR103", "other", title=title, severity=Severity.LOW, since="0.1")


def test_a_parameter_that_is_no_fact_is_refused() -> None:
    def wrong(count: int) -> Verdict:
        return Passed("not judged here", {"count": count})

    made = check("DOR104", "wrong", title="Wrong", severity=Severity.LOW, since="0.1")(wrong)
    with pytest.raises(TypeError, match="'count' is neither a fact"):
        _ = made.parameters


def test_a_key_tells_whence_it_is_read() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Sample(Fact):
        count: int | None = key("total_count", nullable=True)

    (field,) = (f for f in Sample.__dataclass_fields__.values() if f.name == "count")
    assert field.metadata == {
        "raw": ("total_count",),
        "optional": (),
        "paths": ("total_count",),
        "nullable": True,
        "read": Reading(("total_count",), nullable=True),
    }
    (within,) = (f.metadata for f in [key("config/url")])
    assert within["raw"] == ("config", "url")
    assert within["read"] == Reading(("config", "url"))
