"""A branch for which a condition is true is never taken for one that it keeps out.

What an `if` comes to is worked out by an evaluator that shares nothing with the product.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from hardenme.derive.ref_search import matches
from hardenme.facts.github.branch_names import DEFAULT
from hardenme.workflows.branches import MOST_NAMES, Region, region
from tests.workflows.evaluator import RefusedError, holds
from tests.workflows.said import fields

NAMES = ("main", "MAIN", "next", "release/1", "releases", "heads/main", "v1+x", "a")
OTHER = {
    "github.repository": ["cedar/x", "other/y"],
    "vars.on": ["true", ""],
    "github.actor": ["a"],
}


def of_a_push(name: str, event: str, chosen: int) -> dict[str, Any]:
    """What contexts hold after a push of a branch."""
    found: dict[str, Any] = {
        "github.event_name": event,
        "github.ref": f"refs/heads/{name}",
        "github.ref_name": name,
        "github.ref_type": "branch",
        "github.event.ref": f"refs/heads/{name}" if event == "push" else name,
        "github.base_ref": "",
        "github.head_ref": "",
        "github.event.repository.default_branch": "main",
        "github.ref_protected": bool(chosen % 2),
        "needs.plan.outputs.branch": name if chosen % 2 else "",
        "needs.plan.result": "success",
    }
    return found | {path: values[chosen % len(values)] for path, values in OTHER.items()}


PATHS = sorted(of_a_push("main", "push", 0))
WORDS = [repr(word) for word in (*NAMES, *(f"refs/heads/{name}" for name in NAMES))]
WORDS += [
    "'refs/tags/v1'",
    "'refs/'",
    "'refs/heads/rel'",
    "'push'",
    "'create'",
    "'branch'",
    "'tag'",
]
WORDS += ["''", "'cedar/x'", "'true'", "true", "false", "'n'", "'/'", "'ds/ma'", "'success'"]
LISTS = ('fromJSON(\'["main","next"]\')', "fromJSON('[]')", "'main next'")
sides = st.sampled_from(
    [*PATHS, *WORDS, "format('refs/heads/{0}', github.event.repository.default_branch)"]
)
atoms = st.one_of(
    sides,
    st.builds("{} {} {}".format, sides, st.sampled_from(["==", "!="]), sides),
    st.builds(
        "{}({}, {})".format,
        st.sampled_from(["contains", "startsWith", "endsWith"]),
        st.sampled_from(PATHS),
        st.sampled_from(WORDS),
    ),
    st.builds("contains({}, {})".format, st.sampled_from(LISTS), st.sampled_from(PATHS)),
    st.sampled_from(["always()", "success()", "failure()"]),
)
trees = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        st.builds("!({})".format, inner),
        st.builds("({}) == {}".format, inner, st.sampled_from(["true", "false"])),
    ),
    max_leaves=6,
)


def takes(found: Region, name: str) -> bool:
    """Whether a region has a branch."""
    named = tuple(
        replace(item, patterns=tuple(p.replace(DEFAULT, "main") for p in item.patterns))
        for item in found.names
    )
    return matches(named, name, at_most=True)


@given(
    tree=trees,
    name=st.sampled_from(NAMES),
    event=st.sampled_from(["push", "create"]),
    chosen=st.integers(0, 3),
)
@example(tree="github.ref == 'refs/heads/MAIN'", name="main", event="push", chosen=0)
@example(tree="endsWith(github.ref, 'ds/main')", name="main", event="push", chosen=0)
@example(tree="github.ref != 'a' || github.ref_name != 'main'", name="a", event="push", chosen=0)
def test_what_is_true_for_a_branch_lets_it_in(
    tree: str, name: str, event: str, chosen: int
) -> None:
    try:
        true = holds(tree, of_a_push(name, event, chosen))
    except (RefusedError, ValueError, TypeError):
        assume(False)  # noqa: FBT003 (hypothesis has it so): GitHub takes no such file
        return
    found = region([tree], event)
    if true:
        assert takes(found, name), (tree, found)
    elif found.exact:
        assert not takes(found, name), (tree, found)


@pytest.mark.parametrize(
    ("condition", "name", "certain"),
    [
        ("github.ref == 'refs/heads/next'", "next", True),
        ("github.ref_name != 'main'", "next", True),
        ("github.ref_name == 'next' && github.actor == 'linden'", "next", True),
        ("github.ref_name == 'next' && needs.plan.outputs.go", "next", False),
        ("contains('main next', github.ref_name)", "next", False),
        ("github.ref_protected", "next", False),
        ("needs.plan.result == 'success'", "next", True),
        ("steps.x.outcome == 'success'", "next", True),
    ],
)
def test_what_is_known_of_a_condition(condition: str, name: str, *, certain: bool) -> None:
    found = region([condition], "push")
    assert takes(found, name)
    assert found.sure is certain


def starts(text: str, **others: str) -> list[tuple[str, bool, tuple[str, ...]]]:
    """The starts of a file: job, certainty and patterns."""
    return [
        (start.job, start.certain, tuple(p for item in start.names for p in item.patterns))
        for start in fields(text, **others)["starts"]
    ]


def test_each_event_and_each_job() -> None:
    text = """
        on: {push: {branches: [main, next]}, create: }
        jobs:
          one:
            steps: [{run: npm publish}]
          two:
            if: github.event_name == 'create'
            uses: ./.github/workflows/called.yml
          three:
            steps: [{run: make}]
    """
    step = "{run: npm publish, if: github.ref_name != 'a'}"
    called = f"on: workflow_call\njobs: {{inner: {{steps: [{step}]}}}}"
    assert starts(text, called=called) == [
        ("one", True, ("main", "next")),
        ("one", True, ()),
        ("two / inner", True, ("**", "!a")),
    ]


def test_what_holds_a_token_publishes_too() -> None:
    token = "env: {NODE_AUTH_TOKEN: '${{ secrets.NPM_TOKEN }}'}"
    of_job = f"on: push\njobs: {{a: {{{token}, steps: [{{run: make}}]}}}}"
    of_step = (
        f"on: push\njobs: {{a: {{steps: [{{run: make}}, {{if: github.ref_name == 'x', {token},"
        " run: make out}]}}"
    )
    assert starts(of_job) == [("a", True, ())]
    assert starts(of_step) == [("a", True, ("x",))]


@pytest.mark.parametrize("sign", ["&&", "||", "!= 'x' ||"])
def test_a_condition_of_any_length_takes_bounded_time(sign: str) -> None:
    begun = time.thread_time()
    parts = [f"github.ref_name != 'b{number}'" for number in range(500)]
    found = region([f" {sign} ".join(parts)], "push")
    assert takes(found, "next")
    assert len(found.names) <= MOST_NAMES
    assert time.thread_time() - begun < 5
