"""GitHub's own evaluator agrees with ours, and lets nobody in whom ours keeps out."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from hardenme.ground.errors import ContentError
from hardenme.workflows import values
from hardenme.workflows.conditions import passes
from hardenme.workflows.context_values import ContextValues
from hardenme.workflows.evaluation import Value, evaluated, of
from hardenme.workflows.expressions import exact
from hardenme.workflows.flow import FileFlow
from hardenme.workflows.level import Level
from hardenme.workflows.outsiders import BY_ROLE, Start, starts_of
from hardenme.workflows.payloads import ANY_EVENT, KEYS, KNOWN, keys_of
from hardenme.workflows.source import source
from hardenme.workflows.steps import Files
from tests.workflows.documented import CASES
from tests.workflows.reference.guards import expression
from tests.workflows.reference.npm import Reference, install
from tests.workflows.reference.payloads import BY_DEFAULT, EVENTS, context, types_of

pytestmark = pytest.mark.needs("node", "npm")
MANY = 50_000
PARTS = 10
"""Parts of these: each has a seed of its own, and a run of a tier takes one."""
PART = MANY // PARTS
OF_EACH = 8
"""Contexts of each event and type."""
IN_EACH = 4
"""Contexts that each random guard is tried in."""
FOLLOWED = 1000
"""Guards of each part that are handed on before they decide."""
LAST = "runs-on: x, steps: [{if: %s, run: ls}]"
IN_ENV = "env.OK == 'true'"
PASSED_ON = "needs.p.outputs.ok == 'true'"
FIRST = f"p: {{outputs: {{ok: WRITTEN}}, {LAST % 'true'}}}"
WAYS = (
    f"on: ON\nenv: {{OK: WRITTEN}}\njobs: {{a: {{{LAST % IN_ENV}}}}}",
    f"on: ON\njobs: {{a: {{env: {{OK: WRITTEN}}, {LAST % 'env.OK'}}}}}",
    f"on: ON\njobs: {{a: {{strategy: {{matrix: {{ok: [WRITTEN]}}}}, {LAST % 'matrix.ok'}}}}}",
    f"on: ON\njobs: {{{FIRST}, a: {{needs: p, {LAST % PASSED_ON}}}}}",
)
"""Files of which the last step runs if an expression is true, which reaches it in several ways."""


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    return install(tmp_path_factory.mktemp("reference"))


def known(value: Value) -> Any:
    """The one value that ours is sure of; `UNKNOWN` where there are several."""
    if len(value.options) != 1 or value.options[0][1] is not Level.YES:
        return values.UNKNOWN
    return value.options[0][0]


def ours(text: str, holds: dict[str, Any]) -> Any:
    """What ours makes of an expression where all contexts are known."""
    contexts = {name: of(values.from_json(item)) for name, item in holds.items()}
    try:
        return known(evaluated(exact(text), lambda name: contexts.get(name, of(None))))
    except ContentError:
        return ContentError


def differs(mine: Any, theirs: dict[str, Any]) -> bool:
    """Whether ours is sure of what theirs does not say."""
    if (mine is ContentError) is not ("refused" in theirs):
        return True
    # One that fails ends the run, whatever the rest of it comes to.
    if mine in (values.UNKNOWN, ContentError) or "failed" in theirs:
        return False
    kinds = {str: "String", bool: "Boolean", float: "Number", type(None): "Null"}
    if theirs["kind"] in {"Array", "Dictionary"}:
        return not isinstance(mine, values.ListValue | values.ObjectValue)
    if kinds.get(type(mine)) != theirs["kind"]:
        return True
    shown = values.text(mine)
    return shown is not values.UNKNOWN and shown != theirs["shown"]


def test_cases_from_the_documentation(reference: Reference) -> None:
    found = reference.results([{}], [(text, [0]) for text, _value in CASES])
    for (text, value), (theirs,) in zip(CASES, found, strict=True):
        assert not differs(values.from_json(value), theirs), (text, theirs)
        assert not differs(ours(text, {}), theirs), (text, theirs)


Made = tuple[str, str, dict[str, Any]]
"""An event, its type, and what the contexts hold after it."""


def contexts_of(reference: Reference) -> Iterator[Made]:
    """Contexts of each event and type by which outsiders start a workflow."""
    choose, schema = random.Random(34), reference.schema()  # noqa: S311 (the same each time)
    for event in EVENTS:
        for kind in types_of(event, schema):
            if not (event == "issues" and kind in BY_ROLE):
                for _ in range(OF_EACH):
                    yield event, kind, context(event, kind, schema, choose)


@pytest.fixture(scope="module")
def made(reference: Reference) -> list[Made]:
    return list(contexts_of(reference))


@pytest.mark.sampled(2 * PARTS, among="expressions")
@pytest.mark.parametrize("part", range(PARTS))
def test_random_expressions(reference: Reference, made: list[Made], part: int) -> None:
    choose = random.Random(3400 + part)  # noqa: S311 (the same each time)
    asked = [(expression(choose), choose.sample(range(len(made)), 1)) for _ in range(PART)]
    holds = [item[2] for item in made]
    found = reference.results(holds, asked)
    wrong, sure = [], 0
    for (text, (number,)), (theirs,) in zip(asked, found, strict=True):
        mine = ours(text, holds[number])
        sure += mine is not values.UNKNOWN
        if differs(mine, theirs):
            wrong.append((text, mine, theirs))
    assert not wrong, f"{len(wrong)}: {wrong[:5]}"
    assert sure > PART * 0.9


@pytest.mark.sampled(2 * PARTS, among="expressions")
@pytest.mark.parametrize("part", range(PARTS))
def test_no_random_guard_keeps_out_whom_it_lets_in(
    reference: Reference, made: list[Made], part: int
) -> None:
    places: dict[tuple[str, str], list[int]] = {}
    for number, (event, kind, _holds) in enumerate(made):
        places.setdefault((event, kind), []).append(number)
    choose = random.Random(3500 + part)  # noqa: S311 (the same each time)
    asked = []
    for _ in range(PART):
        place = choose.choice(list(places))
        asked.append((expression(choose), place, choose.sample(places[place], IN_EACH)))
    found = reference.results(
        [item[2] for item in made], [(text, numbers) for text, _place, numbers in asked]
    )
    wrong, kept_out = [], 0
    for (text, (event, kind), _numbers), theirs in zip(asked, found, strict=True):
        given = {"types": [kind]} if kind else None
        level = max(passes([text], start) for start in starts_of(event, given))
        kept_out += level is Level.NO
        if level is Level.NO and any(item.get("truthy") for item in theirs):
            wrong.append((text, event, kind))
    assert not wrong, f"{len(wrong)}: {wrong[:5]}"
    assert kept_out > PART / 20


@pytest.mark.sampled(2 * PARTS, among="expressions")
@pytest.mark.parametrize("part", range(PARTS))
def test_no_random_guard_that_is_followed_keeps_out_whom_it_lets_in(
    reference: Reference, made: list[Made], part: int
) -> None:
    places: dict[tuple[str, str], list[int]] = {}
    for number, (event, kind, _holds) in enumerate(made):
        places.setdefault((event, kind), []).append(number)
    choose = random.Random(3600 + part)  # noqa: S311 (the same each time)
    asked = []
    for _ in range(FOLLOWED):
        place = choose.choice(list(places))
        guard = f"format('{{0}}', {expression(choose, 2)}) == 'true'"
        asked.append((guard, place, choose.choice(WAYS), choose.sample(places[place], IN_EACH)))
    # The files below have no other jobs, steps, variables or inputs.
    none: dict[str, Any] = {name: {} for name in ("env", "inputs", "matrix", "needs", "steps")}
    bare = [item[2] | none for item in made]
    found = reference.results(bare, [(text, numbers) for text, _place, _way, numbers in asked])
    wrong, kept_out = [], 0
    for (text, (event, kind), way, _numbers), theirs in zip(asked, found, strict=True):
        given = {event: {"types": [kind]} if kind else None}
        written = way.replace("ON", json.dumps(given)).replace("WRITTEN", quoted(text))
        flow = FileFlow(source("a.yml", written), Files())
        level = max(guarded(flow, start) for start in starts_of(event, given[event]))
        kept_out += level is Level.NO
        if level is Level.NO and any(item.get("truthy") for item in theirs):
            wrong.append((text, event, kind))
    assert not wrong, f"{len(wrong)}: {wrong[:5]}"
    assert kept_out > FOLLOWED / 20


def quoted(expression_: str) -> str:
    """An expression as a string of YAML."""
    return json.dumps(f"${{{{ {expression_} }}}}")


def guarded(flow: FileFlow, start: Start) -> Level:
    """How surely an outsider gets past the guard of the last step of the last job."""
    values, key = ContextValues(flow, start), list(flow.source.jobs)[-1]
    return min(values.job(key), values.step(key, flow.job(key).steps[-1]))


def test_the_table_of_payloads_is_githubs(reference: Reference) -> None:
    schema = reference.schema()
    everywhere: dict[str, set[str]] = {}
    for name, item in schema.items():
        event, dollar, kind = name.partition("$")
        if not dollar:
            continue
        shapes = [item, *item.get("oneOf", ()), *item.get("allOf", ())]
        shapes = [schema[s["$ref"].rpartition("/")[2]] if "$ref" in s else s for s in shapes]
        keys = {key for shape in shapes for key in shape.get("properties", ())}
        everywhere.setdefault(event, set()).update(keys)
        if event in KEYS:
            mine = keys_of(event, "" if kind == "event" else kind)
            assert mine is not None
            assert set(mine) == keys | ANY_EVENT, (name, mine, keys)
    for event, types in KEYS.items():
        name = "pull_request" if event == "pull_request_target" else event
        assert set(types) == set(types_of(name, schema))
    # A key that no payload has is no key that is absent from one.
    assert set().union(*everywhere.values()) >= KNOWN


def test_the_types_that_start_a_workflow_by_default_are_types(reference: Reference) -> None:
    for event, kinds in BY_DEFAULT.items():
        assert set(kinds) <= set(types_of(event, reference.schema()))
