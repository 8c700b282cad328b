"""Properties of the order of steps, and of whole plans."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hardenme.model.finding import Finding
from hardenme.model.severity import Severity
from hardenme.reports.fixplan.order import Weighed, in_order
from hardenme.reports.fixplan.step_kind import When
from tests.catalogue_table import TABLE
from tests.reports.planned import failed, fix, plan

STEPS = st.lists(
    st.builds(
        Weighed,
        st.sampled_from(When),
        st.tuples(st.integers(0, 5), st.integers(0, 3)),
        st.text("ab", max_size=2),
        st.booleans(),
    ),
    max_size=9,
)
PLACES = {
    "GHA": ("github:user/mallow", "github:ssh-key/{}"),
    "GHO": ("github:org/acme", "github:member/acme/{}"),
    "NPA": ("npm:user/mallow",),
    "NPT": ("npm:token/{}",),
    "NPO": ("npm:org/acme",),
    "LOC": ("local:npmrc/{}",),
}
OTHERS = ("github:repo/acme/{}", "github:repo/elsewhere/{}")
PACKAGES = ("npm:package/{}", "npm:package/{}@1.0.1")


@st.composite
def findings(draw: st.DrawFn) -> list[Finding]:
    """Failures of any checks, with commands, pages, and steps for a whole organization."""
    found = {}
    for code in draw(st.lists(st.sampled_from(sorted(TABLE)), max_size=14)):
        usual = PACKAGES if code[:3] in {"NPP", "REL", "PUB"} else OTHERS
        subject = draw(st.sampled_from(PLACES.get(code[:3], usual))).format(
            draw(st.sampled_from("xyz"))
        )
        wide = fix("For all", "https://x.test/orgs", needs="organization owner")
        made = draw(
            st.sampled_from(
                (
                    fix("By a page", f"https://x.test/{subject}"),
                    fix("By a command", command=f"npm token revoke {subject[-1]}"),
                    fix("Or for all", f"https://x.test/{subject}", wider=wide),
                )
            )
        )
        within = "github:org/acme" if ":member/" in subject else subject.partition("@1")[0]
        found[code, subject] = failed(code, subject, made, draw(st.sampled_from(Severity)), within)
    return list(found.values())


@given(STEPS, st.data())
def test_nothing_stands_before_what_it_waits_for(steps: list[Weighed], data: st.DataObject) -> None:
    numbers = st.integers(0, max(len(steps) - 1, 0))
    drawn = data.draw(st.lists(st.tuples(numbers, numbers), max_size=8)) if steps else []
    pairs = [(first, then) for first, then in drawn if first < then]
    order = in_order(steps, pairs)
    place = {number: at for at, (number, _) in enumerate(order)}
    sections = dict(order)
    assert sorted(place) == list(range(len(steps)))
    for first, then in pairs:
        assert place[first] < place[then]
        assert sections[first] <= sections[then]
    assert [section for _, section in order] == sorted(sections.values())
    for number, section in order:
        waits = [sections[first] for first, then in pairs if then == number]
        assert section == max([steps[number].section, *waits])


@given(findings())
def test_a_plan_closes_each_finding_once_and_keeps_its_order(found: list[Finding]) -> None:
    made = plan(found)
    closed = [
        (one.code, one.subject)
        for step in made.steps
        for action in step.actions
        for one in action.closes
    ]
    assert sorted(closed) == sorted((one.code, one.subject) for one in found)
    assert [step.number for step in made.steps] == list(range(1, len(made.steps) + 1))
    assert len({step.id for step in made.steps}) == len(made.steps)
    for step in made.steps:
        assert all(before < step.number for before in step.after)
        assert step.actions
        assert step.title[:1].isupper()


@given(findings(), findings())
def test_ids_do_not_move_with_what_else_is_found(few: list[Finding], more: list[Finding]) -> None:
    """A step of the same change and object keeps its id, unless what is new belongs to it."""
    known = {(one.code, one.subject) for one in few}
    new = [one for one in more if (one.code, one.subject) not in known]
    codes = {one.code for one in new}
    before = {
        (one.code, one.subject): step.id
        for step in plan(few).steps
        for action in step.actions
        for one in action.closes
    }
    kinds = {step.id: {*step.codes} for step in plan([*few, *new]).steps}
    after = {
        (one.code, one.subject): step.id
        for step in plan([*few, *new]).steps
        for action in step.actions
        for one in action.closes
    }
    for key, name in before.items():
        if not kinds[after[key]] & codes and key[1] not in {one.subject for one in new}:
            assert after[key] == name
