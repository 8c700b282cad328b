"""What a plan and its pieces ask of different people agrees: on what comes first and what stays.

Each rule is asked of whole worlds: of every step, and of every piece that someone is sent.
"""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from hardenme.engine.report_filter import each_place
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.verdict import Failed, Fix
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.drafts import IN_CHECKOUT
from hardenme.reports.fixplan.kinds import KINDS, TOKEN, kind_of
from hardenme.reports.fixplan.plan import FixPlan, Step
from hardenme.reports.fixplan.precedence import ARCHIVING
from hardenme.reports.fixplan.rulesets import BOXES, LOCKS, locks_of
from hardenme.reports.fixplan.sole_pusher import sole_pushers
from hardenme.reports.fixplan.step_kind import When
from hardenme.reports.fixplan.step_notes import ALARMS, GOES_ALONG, RIGHTS_ON_NPM
from hardenme.reports.ticket.changes import names_hardenme
from hardenme.reports.ticket.content import of_place, of_step
from hardenme.reports.ticket.drawing import drawn
from hardenme.reports.ticket.ticket import Ticket
from tests.plans.audited import WORLDS, audited

DOES = re.compile(r"\*\*What to do\*\*\n(?P<text>.*?)\n\*\*", re.DOTALL)
RUNS = re.compile(r"`((?:gh|npm|echo) [^\n]*)`$", re.MULTILINE)
SIGNS_IN = ("gh ", "npm ")
STAGING = "--allow-stage-publish"
ASKED = re.compile(r"(?<!not )\b[Aa]sk (?P<who>[a-z0-9_-]+)\b")
REFERS = re.compile(r"\(reference (?P<id>[a-z2-7]{6})\)")
FOR_ALL = "Use one organization ruleset"
NEW = "New branch ruleset"
MAKES = re.compile(r"New branch ruleset|(?:Add|add|Create) an? (?:active|branch) ruleset")
FILE = "CODEOWNERS"
SEEN = "**How to see that it is done**"
SHOWN = re.compile(
    r"`(?:gh|npm) |The pages? above|These pages show|stays? until|says that it is done"
    r"|^- The page (?:shows|lists) |has your answer"
    r"|default branch has the change",
    re.MULTILINE,
)
SETTINGS = frozenset({"webhook", "security-features"})
ALONE = ("one maintainer", "Only one person can push")
WHO = {
    **dict.fromkeys(LOCKS, ALONE),
    "required_signatures": ("signs their commits", "sign commits"),
    "required_linear_history": ("merge commits",),
}
"""The words that say who cannot work with a rule, by its name."""
OVER = "over a channel that you already had"


@cache
def pieces(name: str) -> tuple[tuple[Subject | Step, str], ...]:
    """Every piece of a world: of each place, and of each step."""
    report, plan = audited(name), plan_of(audited(name))
    told = [(place, drawn(ticket)) for place, _, ticket in places(name)]
    steps = [one for one in plan.steps if not names_hardenme(one)]
    return (*told, *((one, drawn(of_step(report, plan, one))) for one in steps))


@cache
def places(name: str) -> tuple[tuple[Subject, Report, Ticket], ...]:
    """Every place of a world, with its part of the report and its ticket."""
    return tuple((place, part, of_place(part, place)) for place, part in each_place(audited(name)))


@cache
def planned(name: str) -> tuple[Report, FixPlan]:
    return audited(name), plan_of(audited(name))


def failed(report: Report) -> Iterator[tuple[str, Failed]]:
    for one in report.findings:
        if isinstance(one.outcome, Failed):
            yield one.code, one.outcome


def no_piece_has_a_command_twice(name: str) -> None:
    for about, text in pieces(name):
        # What names nothing is run in the checkout of each repository.
        runs = Counter(
            line
            for found in DOES.finditer(text)
            for line in RUNS.findall(found["text"])
            if not IN_CHECKOUT.match(line)
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
            assert not alarms or "skip what revokes one here: it is done" in noted, step.title


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
    _, plan = planned(name)
    ending = {
        found.subject
        for step in plan.steps
        for action in step.actions
        if action.paths and "npm token revoke " in action.fix.command
        for found in action.closes
        if found.subject.kind == "token"
    }
    for _, part, ticket in places(name):
        tokens = [one.subject for one in part.findings if one.subject in ending]
        for action in (action for task in ticket.tasks for action in task.actions):
            if any(one.name[:8] in name for one in tokens for name in action.names):
                assert "reate " not in action.text.partition(";")[0], action.text


def what_comes_first_is_about_the_same_place(name: str) -> None:
    _, plan = planned(name)
    steps = {one.id: one for one in plan.steps}
    for step in plan.steps:
        for first in (steps[one] for one in step.waits):
            if first.releases or step.releases:
                continue
            here, there = owners(step), owners(first)
            assert not here or not there or here & there, f"{step.title}: {first.title}"
            if not step.apart and not first.apart:
                here, there = repositories(step), repositories(first)
                assert not here or not there or here & there, f"{step.title}: {first.title}"


def the_page_does_what_the_command_does(name: str) -> None:
    _, plan = planned(name)
    for action in (action for step in plan.steps for action in (*step.actions, *step.apart)):
        text, lines = action.fix.step, action.fix.commands
        for body in (json.loads(shlex.split(line)[1]) for line in lines if "/rulesets " in line):
            for rule in body["rules"]:
                switches = [one for one, on in rule.get("parameters", {}).items() if on is True]
                for box in (f'"{BOXES[one]}"' for one in (rule["type"], *switches)):
                    assert box in text, (box, text)
            assert NEW in text or "active ruleset" in text, text
        for box in (f'Tick "{one}"' for one in BOXES.values()):
            assert text.count(box) < 2, text
            # In several rulesets, the line of each names its boxes.
            assert box not in text or len(lines) < 2, text
        assert len(MAKES.findall(text)) < 2, text


def code_owners_are_named_by_their_own_step(name: str) -> None:
    report, plan = planned(name)
    alone = {one.lower() for one in sole_pushers(report)}
    for step in plan.steps:
        named = [one for one in step.actions if "owner" in one.fix.step and FILE in one.fix.step]
        assert not named or step.title.startswith("Name code owners"), step.title
        for action in named:
            only = {one.within.name.lower() for one in action.closes} & alone
            assert not only or "two owners" not in action.fix.step, action.fix.step


def each_change_of_a_piece_says_how_to_see_it(name: str) -> None:
    for about, text in pieces(name):
        for part in text.split(SEEN)[1:]:
            said = part.partition("\n## ")[0]
            assert SHOWN.search(said), (about, said)


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


def what_comes_first_in_a_repository_is_about_it_or_about_more(name: str) -> None:
    _, plan = planned(name)
    about = {one.id: repositories(one) for one in plan.steps}
    for place, _, ticket in places(name):
        for task in ticket.tasks if (place.provider, place.kind) == ("github", "repo") else ():
            for first in (found["id"] for one in task.before for found in REFERS.finditer(one)):
                assert not about[first] or place.name in about[first], (place, task.title, first)


def who_cannot_work_with_a_rule_is_named_next_to_it(name: str) -> None:
    for about, text in pieces(name):
        for part in text.split("\n## "):
            for line in (
                one for found in DOES.finditer(part) for one in RUNS.findall(found["text"])
            ):
                for lock in locks_of(Fix("Add it", command=line)):
                    assert any(words in part for words in WHO[lock]), (about, lock)


def undoing_a_bypass_leaves_the_rules(name: str) -> None:
    _, plan = planned(name)
    for action in (action for step in plan.steps for action in (*step.actions, *step.apart)):
        adds = "/rulesets" in action.fix.command or action.fix.step.startswith(FOR_ALL)
        if {one.code for one in action.closes} == {"GHB110"} and not adds:
            assert "delete the ruleset" not in action.fix.undo.lower() or NEW in action.fix.step


def what_several_fixes_do_is_all_undone(name: str) -> None:
    report, plan = planned(name)
    fixes = {
        (one.code, one.subject, one.within): one.outcome.fix
        for one in report.findings
        if isinstance(one.outcome, Failed)
    }
    for step in plan.steps:
        for action in step.actions if kind_of(step.codes[0]).key in SETTINGS else ():
            for one in action.closes:
                fix = fixes[one.code, one.subject, one.within]
                ways = [fix, *([fix.wider] if fix.wider else [])]
                assert any(way.undo in action.fix.undo for way in ways), (step.title, one.code)


def nothing_is_asked_of_what_is_gone(name: str) -> None:
    report, plan = planned(name)
    for step in plan.steps:
        for code in kind_of(step.codes[0]).gone.intersection(step.codes):
            assert report.checks[code].summary not in drawn(of_step(report, plan, step))


def only_the_owner_of_an_account_is_sent_to_its_page(name: str) -> None:
    for place, _, ticket in places(name):
        for task in ticket.tasks if place.kind == "org" else ():
            own = task.actions and all(one.own for one in task.actions)
            assert not own or not any("The page" in one for one in task.holds), task.title
            assert not own or not task.pages


def an_organization_has_one_configuration_at_a_time(name: str) -> None:
    for about, text in pieces(name):
        assert text.count("] Apply one enforced security configuration") < 2, about


def one_person_is_asked_once_for_one_change(name: str) -> None:
    _, plan = planned(name)
    for step in plan.steps:
        if {"NPP109", "NPP110"} <= {*step.codes}:
            packages = [{one.subject for one in action.closes} for action in step.actions]
            assert len(set().union(*packages)) == sum(map(len, packages)), step.title


def a_package_trusts_one_place(name: str) -> None:
    """Each finding and each step that sets up a publisher of a package prints the same command."""
    report, plan = planned(name)
    lines = [outcome.fix.command for _, outcome in failed(report)]
    lines += [
        shlex.join(call.words)
        for step in plan.steps
        for action in (*step.actions, *step.apart)
        for call in action.calls
    ]
    found: dict[str, set[str]] = {}
    for line in (part for one in lines for part in one.split(" && ")):
        words = shlex.split(line)
        if words[:3] == ["npm", "trust", "github"]:
            found.setdefault(words[3], set()).add(line)
    assert [lines for lines in found.values() if len(lines) > 1] == []


def repositories(step: Step) -> set[str]:
    """The repositories of a step that is about nothing else."""
    places = {one.within for action in step.actions for one in action.closes}
    if any((one.provider, one.kind) != ("github", "repo") for one in places):
        return set()
    return {one.name for one in places}


def owners(step: Step) -> set[str]:
    return {
        found.within.name.partition("/")[0].lower()
        for action in (*step.actions, *step.apart)
        for found in action.closes
        if (found.within.provider, found.within.kind) in {("github", "repo"), ("github", "org")}
    }


RULES = (
    what_comes_first_in_a_repository_is_about_it_or_about_more,
    who_cannot_work_with_a_rule_is_named_next_to_it,
    undoing_a_bypass_leaves_the_rules,
    what_several_fixes_do_is_all_undone,
    nothing_is_asked_of_what_is_gone,
    only_the_owner_of_an_account_is_sent_to_its_page,
    an_organization_has_one_configuration_at_a_time,
    one_person_is_asked_once_for_one_change,
    a_package_trusts_one_place,
    what_leavers_may_still_publish_is_named,
    no_piece_has_a_command_twice,
    what_keeps_a_token_until_it_is_replaced_names_the_signs_of_an_attack,
    nothing_else_is_asked_of_a_repository_that_is_to_be_archived,
    who_signs_in_with_what_goes_is_told_before_the_next_command,
    a_workflow_whose_publisher_only_stages_is_changed_to_stage,
    the_repository_of_a_package_is_corrected_before_it_is_trusted,
    no_one_who_may_be_an_attacker_is_asked,
    a_token_that_a_package_will_refuse_is_not_asked_for,
    what_comes_first_is_about_the_same_place,
    the_page_does_what_the_command_does,
    code_owners_are_named_by_their_own_step,
    each_change_of_a_piece_says_how_to_see_it,
)


@pytest.mark.second_tier("an audit of a whole world each")
@pytest.mark.sampled(12)
@pytest.mark.parametrize("name", WORLDS)
def test_what_is_asked_of_different_people_agrees(name: str) -> None:
    for rule in RULES:
        rule(name)
