"""A step has one name: whatever prints a command about a step prints one that leads to it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardenme.engine.report_filter import each_member, each_place
from hardenme.model.finding import Finding
from hardenme.model.report import Report
from hardenme.reports import fixplan, render
from hardenme.reports.addressed import addressed, people_in
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.style import Style
from tests.reports import publishing_sample
from tests.reports.planned import failed, fix, report
from tests.reports.rich_sample import rich
from tests.reports.sample import large, maintainer
from tests.reports.step_names import COMMAND, NUMBERED, demand_one_name, parts_of

FORMS = ("screen", "table", "markdown", "html")
WIDER = {
    "GHB101": "Add an organization ruleset",
    "GHR101": "Enforce one configuration",
    "GHW101": "Restrict Actions",
}
NARROW = ("GHR104", "GHR112", "GHW202", "NPP109", "GHR126")


@pytest.mark.sampled(2)
@pytest.mark.second_tier("every form of whole reports", one_of=4)
@pytest.mark.parametrize("made", [maintainer, publishing_sample.five, rich, lambda: large(9)])
def test_every_command_about_a_step_leads_to_the_step_of_that_title(
    made: Callable[[], Report],
) -> None:
    whole = made()
    plan = plan_of(whole)
    found = sum(demand_one_name(plan, render(whole, form, width=100)) for form in FORMS)
    for part in parts_of(whole):
        for form in FORMS:
            shown = render(part, form, width=100)
            found += demand_one_name(plan, shown)
            # A number is another step's where not all of them stand.
            assert not NUMBERED.search(shown)
    assert found


def organizations() -> st.SearchStrategy[tuple[Finding, ...]]:
    """What fails in the repositories of two organizations: some of it closes with one change."""
    repositories = [f"github:repo/{owner}/r{number}" for owner in "ab" for number in range(4)]

    def found(code: str, place: str) -> Finding:
        owner, name = place.split("/")[1:]
        above = f"https://x.test/{owner}"
        wider = fix(f"{WIDER[code]} of {owner}", above) if code in WIDER else None
        own = fix(f"Set {code}", f"https://x.test/{owner}/{name}/{code}")
        return failed(code, place, replace(own, wider=wider))

    pairs = st.tuples(st.sampled_from([*WIDER, *NARROW]), st.sampled_from(repositories))
    return st.lists(pairs, min_size=1, unique=True).map(
        lambda drawn: tuple(found(*pair) for pair in sorted(drawn))
    )


@pytest.mark.second_tier("takes long")
@settings(max_examples=40)
@given(organizations())
def test_a_part_has_the_steps_of_its_run(found: tuple[Finding, ...]) -> None:
    whole = report(*found)
    steps = {step.id: step for step in plan_of(whole).steps}
    closed = dict.fromkeys(steps, 0)
    for _, part in each_place(whole):
        plan = plan_of(part)
        assert not plan.numbered
        for step in plan.steps:
            assert step.title == steps[step.id].title
            assert {one.fix for one in step.actions} <= {one.fix for one in steps[step.id].actions}
            closed[step.id] += step.closes
        assert sum(step.closes for step in plan.steps) == sum(one.fails for one in part.findings)
        shown = render(part, "markdown", width=100)
        for step in plan.steps:
            if step.apart:
                assert f"organization's step `{step.id}`" in shown
    assert closed == {key: step.closes for key, step in steps.items()}


def test_a_plan_for_one_right_names_its_steps_by_their_ids() -> None:
    whole = report(
        failed("GHR104", "github:repo/a/web", fix("Fix", needs="write access")),
        failed("GHR112", "github:repo/a/web", fix("Lower", needs="repository owner")),
    )
    plan = plan_of(whole, needs="owner")
    for form in ("table", "markdown", "sh"):
        shown = fixplan.render(plan, form, Style(width=100))
        assert plan.steps[0].id in shown
        assert not re.search(r"hardenme fix \d+\b|^ *\d+[. ] *Spread", shown, re.MULTILINE)


def test_what_a_member_is_sent_names_no_command_about_a_run_that_only_others_have() -> None:
    whole = rich()
    people = people_in(whole)
    parts = [addressed(part, login, people) for login, part in each_member(whole, ())]
    assert parts
    for part in parts:
        for form in ("markdown", "table", "screen"):
            assert not COMMAND.search(render(part, form, width=100))
        assert {one.id for one in plan_of(part).steps} <= {one.id for one in plan_of(whole).steps}


def test_a_command_about_a_report_of_a_file_names_the_file() -> None:
    made = replace(publishing_sample.five(), file="'my run.json'")
    shown = render(made, "screen", width=100)
    found = re.findall(r"hardenme (?:fix|show).{40}", " ".join(shown.split()))
    assert found
    assert all("'my run.json'" in one for one in found), found


def test_sarif_names_the_step_of_each_result_by_its_id() -> None:
    whole = rich()
    ids = {one.id for one in plan_of(whole).steps}
    for part in (whole, *(part for _, part in each_place(whole))):
        for members in (False, True):
            shown = json.loads(render(part, "sarif", with_members=members))
            results = [one for run in shown["runs"] for one in run["results"]]
            named = {one["properties"].get("step") for one in results if one["kind"] == "fail"}
            assert named - {None} <= ids
            failed_here = [one for one in results if one["kind"] == "fail"]
            accepted = [one for one in failed_here if "suppressions" in one]
            assert all("step" in one["properties"] for one in failed_here if one not in accepted)
