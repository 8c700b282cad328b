"""`hardenme fix STEP` holds all of a step: every page, command and name of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from hardenme.model.report import Report
from hardenme.model.verdict import Fix
from hardenme.reports import fixplan
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.plain import plain, plain_name
from hardenme.reports.style import Style
from tests.reports import publishing_sample
from tests.reports.planned import WEB, failed, fix, plan
from tests.reports.rich_sample import rich
from tests.reports.sample import large, maintainer

CUT = re.compile(r"and [\d,]+ more|[\d,]+ more \w+|the others alike|, alike\)|, the first:")
"""How a text says that it leaves something out."""


def joined(text: str) -> str:
    """The text without the white space by which it is wrapped."""
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("made", [maintainer, publishing_sample.five, rich, lambda: large(60)])
@pytest.mark.parametrize("width", [80, 120])
def test_nothing_of_a_step_is_counted_in_place_of_being_shown(
    made: Callable[[], Report], width: int
) -> None:
    longest = 0
    for step in plan_of(made()).steps:
        shown = fixplan.render_step(step, Style(width=width))
        assert not CUT.search(" ".join(shown.split())), step.title
        text = joined(shown)
        for action in step.actions:
            for said in (action.fix.page, *action.fix.commands):
                assert joined(plain(said)) in text, step.title
            assert all(joined(plain_name(name)) in text for name in action.names)
        longest = max(longest, len(step.actions))
    assert longest > 1


def test_actions_that_are_alike_name_whom_each_is_for() -> None:
    people = ("rowan", "sorrel", "teasel")

    def shown(*fixes: Fix) -> str:
        found = [
            replace(failed("GHO102", f"github:member/acme/{one}", how), label=one)
            for one, how in zip(people, fixes, strict=True)
        ]
        (step,) = plan(found).steps
        return " ".join(fixplan.render_step(step, Style(width=80)).split())

    named = shown(*(fix(f"Ask {one} to turn on 2FA", WEB) for one in people))
    assert "Ask rowan to turn on 2FA The same for sorrel, teasel." in named
    pages = shown(*(fix("Ask them", f"{WEB}/{one}") for one in people))
    assert "Ask them 3 actions like this one." in pages
    assert all(f"{WEB}/{one}" in pages for one in people)


@pytest.mark.parametrize("made", [publishing_sample.five, lambda: large(60)])
def test_the_script_names_all_that_a_step_is_for(made: Callable[[], Report]) -> None:
    script = fixplan.render(plan_of(made()), "sh", Style())
    assert not CUT.search(script)
    words = joined(script.replace("\n#", ""))
    for step in plan_of(made()).steps:
        assert all(joined(plain_name(name, ascii_only=True)) in words for name in step.names)


def test_each_of_several_changes_names_the_thing_that_it_is_about() -> None:
    found = [
        replace(
            failed(code, f"github:ssh-key/{number}", how, within="github:user/wren"), label=label
        )
        for code, number, label, how in (
            ("GHA104", 501, "desk", fix("Add a new key, then delete this one", WEB)),
            ("GHA103", 502, "lap", fix("Delete the key", WEB)),
        )
    ]
    (step,) = plan(found).steps
    shown = " ".join(fixplan.render_step(step, Style(width=80)).split())
    first, second = shown.split("Do Add a new key")[1].split("Do Delete the key")
    assert 'Which ssh-key "desk" (501)' in first
    assert 'Which ssh-key "lap" (502)' in second


@pytest.mark.parametrize("made", [maintainer, publishing_sample.five, rich])
def test_a_risk_about_a_publisher_is_one_of_a_step_about_publishers(
    made: Callable[[], Report],
) -> None:
    for step in plan_of(made()).steps:
        if any("that the publisher names" in risk for risk in step.risks):
            assert any("publisher" in one.fix.step for one in step.actions), step.title


def test_2fa_for_writes_brings_no_risk_about_publishers() -> None:
    two = fix(
        "Require 2FA for every npm write by wren", WEB, "npm profile enable-2fa auth-and-writes"
    )
    (step,) = plan([failed("NPA102", "npm:user/wren", two)]).steps
    assert not any("Afterwards" in risk for risk in step.risks)
