from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hardenme.derive.publishing.cover import MOST_EXACT, Remedy, smallest
from hardenme.derive.publishing.steps import PHASES, in_order
from hardenme.model.publishing import ClosingStep
from hardenme.model.verdict import Fix


def step(key: str, *closes: str) -> ClosingStep:
    return ClosingStep(key, Fix("Do it", page="https://acme.example"), closes)


def remedy(key: str, *closes: str, losses: int = 0) -> Remedy:
    return Remedy((step(key, *closes),), losses)


def keys(remedies: list[Remedy], *paths: str) -> list[str]:
    return [item.key for item in smallest(remedies, frozenset(paths))]


def test_one_step_that_closes_all_is_taken_before_two() -> None:
    found = keys([remedy("token/1", "a"), remedy("token/2", "b"), remedy("access/p", "a", "b")])
    assert found == []
    remedies = [remedy("token/1", "a"), remedy("token/2", "b"), remedy("access/p", "a", "b")]
    assert keys(remedies, "a", "b") == ["access/p"]


def test_of_as_many_steps_those_that_lose_least_are_taken() -> None:
    assert keys([remedy("publisher/1", "a", losses=1), remedy("workflow/1", "a")], "a") == [
        "workflow/1"
    ]


def test_a_remedy_of_several_steps_costs_as_many() -> None:
    both = Remedy((step("trust/1", "a"), step("publisher/1", "a")))
    assert keys([both, remedy("token/9", "a", losses=1)], "a") == ["token/9"]
    assert keys([both], "a") == ["trust/1", "publisher/1"]


def test_what_greed_would_miss_is_found() -> None:
    remedies = [
        remedy("token/0", "a", "b", "c", "d"),
        remedy("token/1", "a", "b", "e"),
        remedy("token/2", "c", "d", "f"),
    ]
    assert keys(remedies, *"abcdef") == ["token/1", "token/2"]


def test_many_remedies_still_close_all() -> None:
    remedies = [remedy(f"token/{one}", str(one), str(one + 1)) for one in range(40)]
    paths = [str(one) for one in range(41)]
    found = smallest(remedies, frozenset(paths))
    assert {key for item in found for key in item.closes} >= set(paths)
    assert len(found) < len(remedies)


def test_what_nothing_closes_keeps_nothing_back() -> None:
    assert keys([remedy("token/1", "a")], "a", "never") == ["token/1"]
    assert keys([], "a") == []


def test_steps_come_in_a_safe_order_and_each_once() -> None:
    mixed = [step(f"{phase}/1", phase) for phase in reversed(PHASES)]
    found = in_order([*mixed, step("token/1", "more")])
    assert [item.key.partition("/")[0] for item in found] == list(PHASES)
    assert found[PHASES.index("token")].closes == ("more", "token")


SMALL = st.lists(
    st.tuples(st.frozensets(st.sampled_from("abcd"), min_size=1), st.integers(0, 2)),
    max_size=7,
)


@settings(max_examples=60, derandomize=True, database=None)
@given(SMALL)
def test_no_smaller_set_closes_as_much(given: list[tuple[frozenset[str], int]]) -> None:
    remedies = [
        remedy(f"token/{number}", *sorted(closes), losses=losses)
        for number, (closes, losses) in enumerate(given)
    ]
    assert len(remedies) <= MOST_EXACT
    paths = frozenset("abcd").intersection(*[frozenset().union(*(c for c, _ in given))])
    found = smallest(remedies, paths)
    cost = (len(found), sum(given[int(item.key.partition("/")[2])][1] for item in found))
    for mask in range(2 ** len(remedies)):
        chosen = [given[place] for place in range(len(given)) if mask >> place & 1]
        if paths <= frozenset().union(*(closes for closes, _ in chosen)):
            assert cost <= (len(chosen), sum(losses for _, losses in chosen))
