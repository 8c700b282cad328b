"""Hypothesis strategies for whatever a check may come to, and for what its finding rests on."""

from __future__ import annotations

from datetime import UTC

from hypothesis import strategies as st

from hardenme.model.evidence import Atom
from hardenme.model.finding import Attested, Errored, Finding, Outcome
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed
from hardenme.model.waiver import Waiver
from tests.moment import NOW

TEXT = st.text(max_size=8)
WORDS = st.text(min_size=1, max_size=8).filter(str.strip)
MOMENTS = st.datetimes(timezones=st.just(UTC))
NUMBERS = st.integers(-(2**53), 2**53)
SCALARS = st.one_of(TEXT, NUMBERS, st.booleans(), st.none(), st.lists(TEXT, max_size=2))
SEEN = st.dictionaries(TEXT, SCALARS, min_size=1, max_size=3)
ATOMS = st.lists(
    st.builds(Atom, TEXT, st.integers(0, 599), MOMENTS, st.integers(0, 9), st.none()), max_size=3
).map(tuple)
FIXES = st.builds(Fix, WORDS, WORDS, TEXT, TEXT, TEXT, st.none() | st.builds(Fix, WORDS, WORDS))
QUESTIONS = st.none() | st.tuples(WORDS, WORDS)
UNKNOWNS = st.builds(Unknown, st.sampled_from(Reason), TEXT, TEXT, ATOMS, QUESTIONS)
KINDS: dict[type[Outcome], st.SearchStrategy[Outcome]] = {
    Passed: st.builds(Passed, WORDS, SEEN),
    NotApplicable: st.builds(NotApplicable, WORDS, SEEN),
    Failed: st.builds(Failed, WORDS, SEEN, FIXES, st.none() | st.sampled_from(Severity)),
    Manual: st.builds(Manual, WORDS, WORDS, st.none() | FIXES),
    Unknown: UNKNOWNS,
    Attested: st.builds(Attested, TEXT, TEXT, MOMENTS),
    Errored: st.builds(Errored, TEXT),
}
"""Each kind of outcome."""
OUTCOMES = st.one_of(*KINDS.values())
SUBJECTS = st.builds(Subject, TEXT, TEXT, TEXT)
STATES = st.dictionaries(
    TEXT, st.one_of(TEXT, NUMBERS, st.booleans(), st.none(), st.lists(TEXT).map(tuple))
)
PLACES = st.builds(
    Place,
    SUBJECTS,
    st.dictionaries(TEXT, st.none() | UNKNOWNS),
    st.lists(st.builds(InventoryItem, TEXT, SUBJECTS, TEXT, TEXT, STATES), max_size=2).map(tuple),
)
WAIVERS = st.builds(Waiver, TEXT, TEXT, TEXT, st.dates(), TEXT, TEXT, TEXT)


@st.composite
def findings(draw: st.DrawFn, outcomes: st.SearchStrategy[Outcome] = OUTCOMES) -> Finding:
    """Any finding with one of these outcomes."""
    outcome = draw(outcomes)
    waivers = st.none() | WAIVERS if isinstance(outcome, Failed) else st.none()
    return Finding(
        *draw(st.tuples(TEXT, TEXT, TEXT)),
        *draw(st.tuples(SUBJECTS, SUBJECTS)),
        draw(TEXT),
        outcome,
        draw(st.sampled_from(Severity)),
        draw(ATOMS) or (Atom("GET /", 200, NOW),),
        draw(st.frozensets(st.tuples(TEXT, TEXT), max_size=3)),
        draw(waivers),
        draw(waivers),
    )
