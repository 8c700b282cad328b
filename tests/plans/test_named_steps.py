"""What is printed of whole worlds: each command about a step leads to the step of that title."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from hardenme.engine.report_filter import each_member
from hardenme.model.publishing import Publishing
from hardenme.reports import fixplan, render
from hardenme.reports.addressed import addressed, people_in
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.style import Style
from tests.plans.audited import WORLDS, audited
from tests.reports.step_names import COMMAND, NUMBERED, demand_one_name, parts_of

pytestmark = [pytest.mark.second_tier("an audit of a whole world each"), pytest.mark.sampled(48)]
FORMS = ("screen", "table", "markdown", "html", "sarif", "junit", "csv", "github", "commands")
REQUEST = re.compile(
    r"(?<= )(?:orgs|repos|user|enterprises)/[A-Za-z0-9_./-]+"
    r"|(?<=npm )(?:trust|token|access|owner|org|dist-tag|stage) [a-z-]+"
)
LONGEST = 130
PLANS = ("table", "markdown", "sh")


@pytest.mark.parametrize("name", WORLDS)
def test_each_command_of_the_whole_plan_leads_to_its_step(name: str) -> None:
    whole = audited(name)
    plan = plan_of(whole)
    assert len({step.id for step in plan.steps}) == len(plan.steps)
    assert [step.number for step in plan.steps] == list(range(1, len(plan.steps) + 1))
    found = sum(demand_one_name(plan, render(whole, form, width=80)) for form in FORMS)
    found += sum(
        demand_one_name(plan, fixplan.render(plan, form, Style(width=80))) for form in PLANS
    )
    assert found


@pytest.mark.parametrize("name", WORLDS)
def test_a_part_names_steps_by_their_ids_alone(name: str) -> None:
    whole = audited(name)
    plan = plan_of(whole)
    # One after the other has each form.
    for number, part in enumerate(parts_of(whole)):
        for form in (FORMS[number % len(FORMS)], "screen"):
            shown = render(part, form, width=80)
            demand_one_name(plan, shown)
            assert not NUMBERED.search(shown)


@pytest.mark.parametrize("name", WORLDS)
def test_a_member_is_sent_no_command_about_a_run_that_they_do_not_have(name: str) -> None:
    whole = audited(name)
    people = people_in(whole)
    steps = {step.id for step in plan_of(whole).steps}
    for login, part in each_member(whole, ()):
        made = addressed(part, login, people)
        for form in ("markdown", "table"):
            assert not COMMAND.search(render(made, form, width=80))
        assert {step.id for step in plan_of(made).steps} <= steps


@pytest.mark.parametrize("name", WORLDS)
def test_a_title_counts_each_thing_once_and_names_what_its_actions_change(name: str) -> None:
    packages = {f"{one.package}" for one in (audited(name).publishing or Publishing(())).packages}
    for step in plan_of(audited(name)).steps:
        counted = re.findall(r"\b\d[\d,]* ([a-z][a-z -]*?)s?(?= and|,|$)", step.title)
        assert len(counted) == len(set(counted)), step.title
        assert len(step.title) <= LONGEST, step.title
        assert step.title[:1].isupper()
        if step.title.endswith("only from a workflow that stages"):
            where = step.title.removeprefix("Publish ").partition(" only from")[0]
            named = set(re.split(r", | and ", where))
            assert named <= packages or re.fullmatch(r"\d+ packages", where), step.title


@pytest.mark.parametrize("name", WORLDS)
def test_a_step_in_full_counts_nothing_away(name: str) -> None:
    for step in plan_of(audited(name)).steps:
        shown = " ".join(fixplan.render_step(step, Style(width=80)).split())
        assert not re.search(r"\band \d[\d,]* (?:more|others?)\b|, alike\)", shown), step.title
        for line in (line for action in step.actions for line in action.fix.commands):
            assert " ".join(line.split()) in shown


@pytest.mark.parametrize("name", WORLDS)
def test_a_step_is_the_same_actions_in_every_form(name: str) -> None:
    whole = audited(name)
    plan = plan_of(whole)
    everything = "".join(render(whole, "commands"))
    for step in plan.steps:
        one = replace(plan, steps=(step,))
        (told,) = json.loads(fixplan.render(one, "json", Style()))["steps"]
        in_full = " ".join(fixplan.render_step(step, Style(width=80)).split())
        wanted = requests("\n".join(action.fix.command for action in step.actions))
        assert requests(json.dumps([one["command"] for one in told["actions"]])) == wanted
        assert requests(in_full) >= wanted
        scripted = requests(" ; ".join(" ".join(c.words) for a in step.actions for c in a.calls))
        for text in (fixplan.render(one, "sh", Style()), everything):
            missing = {asked for asked in scripted - requests(text) if place_of(asked) not in text}
            assert missing == set(), step.title
        pages = {action.fix.page for action in step.actions if action.fix.page}
        assert pages == {action["page"] for action in told["actions"] if action["page"]}
        assert pages <= {*in_full.split()}


def requests(text: str) -> set[str]:
    """What the commands of a text ask of GitHub, and which of npm's they are."""
    return {found[0] for found in REQUEST.finditer(text)}


def place_of(asked: str) -> str:
    """The repository of a request: a script that does the same to several names them in a loop."""
    kind, _, rest = asked.partition("/")
    return "/".join(rest.split("/")[:2]) if kind == "repos" else asked
