"""What a plan and its pieces ask of different people agrees: on what comes first and what stays.

Each rule is asked of whole worlds: of every step, and of every piece that someone is sent.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from hardenme.engine.report_filter import each_place
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.verdict import Failed
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.kinds import KINDS, TOKEN
from hardenme.reports.fixplan.plan import FixPlan, Step
from hardenme.reports.fixplan.precedence import ARCHIVING
from hardenme.reports.fixplan.step_kind import When
from hardenme.reports.fixplan.step_notes import ALARMS, GOES_ALONG, RIGHTS_ON_NPM
from hardenme.reports.ticket.changes import names_hardenme
from hardenme.reports.ticket.content import of_place, of_step
from hardenme.reports.ticket.drawing import drawn
from tests.plans.audited import WORLDS, audited

DOES = re.compile(r"\*\*What to do\*\*\n(?P<text>.*?)\n\*\*", re.DOTALL)
RUNS = re.compile(r"`((?:gh|npm|echo) [^\n]*)`$", re.MULTILINE)
SIGNS_IN = ("gh ", "npm ")
STAGING = "--allow-stage-publish"
ASKED = re.compile(r"(?<!not )\b[Aa]sk (?P<who>[a-z0-9_-]+)\b")
OVER = "over a channel that you already had"


def pieces(name: str) -> tuple[tuple[Subject | Step, str], ...]:
    """Every piece of a world: of each place, and of each step."""
    report, plan = audited(name), plan_of(audited(name))
    places = [(place, drawn(of_place(part, place))) for place, part in each_place(report)]
    steps = [one for one in plan.steps if not names_hardenme(one)]
    return (*places, *((one, drawn(of_step(report, plan, one))) for one in steps))


def planned(name: str) -> tuple[Report, FixPlan]:
    return audited(name), plan_of(audited(name))


def failed(report: Report) -> Iterator[tuple[str, Failed]]:
    for one in report.findings:
        if isinstance(one.outcome, Failed):
            yield one.code, one.outcome


def no_piece_has_a_command_twice(name: str) -> None:
    for about, text in pieces(name):
        runs = Counter(
            line for found in DOES.finditer(text) for line in RUNS.findall(found["text"])
        )
        assert not [line for line, number in runs.items() if number > 1], about


def what_keeps_a_token_until_it_is_replaced_names_the_signs_of_an_attack(name: str) -> None:
    _, plan = planned(name)
    alarms = [
        one for one in plan.steps if one.section is When.LOOK and not ALARMS.isdisjoint(one.codes)
    ]
    for step in plan.steps:
        closes = [one for action in step.actions for one in action.closes]
        tokens = any(
            one.subject.kind == "token" and one.subject.provider == "npm" for one in closes
        )
        if step.section is not When.LOOK and tokens and not TOKEN.codes.issuperset(step.codes):
            noted = "\n".join(step.risks)
            assert all(f"(step {one.id})" in noted for one in alarms), step.title


def nothing_else_is_asked_of_a_repository_that_is_to_be_archived(name: str) -> None:
    _, plan = planned(name)
    archiving = {
        found.subject.name: step
        for step in plan.steps
        for action in step.actions
        for found in action.closes
        if found.code == ARCHIVING
    }
    for step in plan.steps:
        for action in (*step.actions, *step.apart):
            for found in action.closes:
                first = archiving.get(found.within.name)
                if first is None or first is step or found.code in GOES_ALONG:
                    continue
                assert any(
                    found.within.name in one and f"(step {first.id})" in one for one in step.risks
                )
    for step in archiving.values():
        assert step.number > max(
            (
                one.number
                for one in plan.steps
                if one is not step and not GOES_ALONG.isdisjoint(one.codes)
                for action in one.actions
                for found in action.closes
                if found.within.name in archiving and archiving[found.within.name] is step
            ),
            default=0,
        )


def who_signs_in_with_what_goes_is_told_before_the_next_command(name: str) -> None:
    _, plan = planned(name)
    ending = {kind.key: kind.codes for kind in KINDS if kind.key in {"github-token", "local-token"}}
    for step in plan.steps:
        ends = any(not codes.isdisjoint(step.codes) for codes in ending.values())
        later = [one for one in plan.steps if one.number > step.number]
        commands = (action.fix.command for one in later for action in one.actions)
        if ends and any(command.startswith(SIGNS_IN) for command in commands):
            assert any("sign in again" in one for one in step.risks), step.title


def a_workflow_whose_publisher_only_stages_is_changed_to_stage(name: str) -> None:
    report, plan = planned(name)
    fixes = [action.fix for step in plan.steps for action in step.actions]
    fixes += [outcome.fix for _, outcome in failed(report)]
    for fix in fixes:
        if STAGING in fix.command:
            assert "npm stage publish" in fix.step, fix.step


def the_repository_of_a_package_is_corrected_before_it_is_trusted(name: str) -> None:
    _, plan = planned(name)
    for step in (one for one in plan.steps if one.releases):
        packages = {package for action in step.actions for package in action.names}
        for other in plan.steps:
            named = {
                found.within.name
                for action in other.actions
                for found in action.closes
                if found.code == "NPP115"
            }
            if named & packages:
                assert other.number < step.number
                assert other.id in step.waits


def no_one_who_may_be_an_attacker_is_asked(name: str) -> None:
    report, _ = planned(name)
    for code, outcome in failed(report):
        who = ASKED.search(outcome.fix.step) if code.startswith(("REL", "NPP112")) else None
        if who is None or who["who"] in {"who", "a", "the"}:
            continue
        assert OVER in outcome.fix.step
        assert who["who"] not in outcome.seen.get("added", ())  # type: ignore[operator]  # a list


def a_token_that_a_package_will_refuse_is_not_asked_for(name: str) -> None:
    report, plan = planned(name)
    ending = {
        found.subject
        for step in plan.steps
        for action in step.actions
        if action.paths and "npm token revoke " in action.fix.command
        for found in action.closes
        if found.subject.kind == "token"
    }
    for place, part in each_place(report):
        tokens = [one.subject for one in part.findings if one.subject in ending]
        ticket = of_place(part, place)
        for action in (action for task in ticket.tasks for action in task.actions):
            if any(one.name[:8] in name for one in tokens for name in action.names):
                assert "reate " not in action.text.partition(";")[0], action.text


def what_comes_first_is_about_the_same_owner(name: str) -> None:
    _, plan = planned(name)
    steps = {one.id: one for one in plan.steps}
    for step in plan.steps:
        for first in (steps[one] for one in step.waits):
            here, there = owners(step), owners(first)
            assert not here or not there or here & there or first.releases or step.releases, (
                f"{step.title}: {first.title}"
            )


def what_leavers_may_still_publish_is_named(name: str) -> None:
    report, plan = planned(name)
    held = {
        (item.label.lower(), place.subject.name)
        for place in report.inventory
        for item in place.items
        if item.kind == "maintainer"
    }
    for step in plan.steps:
        said = "\n".join(step.risks)
        for found in (one for action in step.actions for one in action.closes):
            login = found.subject.name.rpartition("/")[2].lower()
            if found.code == "NPO104":
                assert all(package in said for who, package in held if who == login), login
            elif found.code in {"GHO104", "GHO122"}:
                assert RIGHTS_ON_NPM in said


def owners(step: Step) -> set[str]:
    return {
        found.within.name.partition("/")[0].lower()
        for action in (*step.actions, *step.apart)
        for found in action.closes
        if (found.within.provider, found.within.kind) in {("github", "repo"), ("github", "org")}
    }


RULES = (
    what_leavers_may_still_publish_is_named,
    no_piece_has_a_command_twice,
    what_keeps_a_token_until_it_is_replaced_names_the_signs_of_an_attack,
    nothing_else_is_asked_of_a_repository_that_is_to_be_archived,
    who_signs_in_with_what_goes_is_told_before_the_next_command,
    a_workflow_whose_publisher_only_stages_is_changed_to_stage,
    the_repository_of_a_package_is_corrected_before_it_is_trusted,
    no_one_who_may_be_an_attacker_is_asked,
    a_token_that_a_package_will_refuse_is_not_asked_for,
    what_comes_first_is_about_the_same_owner,
)


@pytest.mark.second_tier("an audit of a whole world each")
@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", WORLDS)
def test_what_is_asked_of_different_people_agrees(name: str) -> None:
    for rule in RULES:
        rule(name)
