"""What the plans of made-up organizations print: names, joins and their order."""

from __future__ import annotations

import re
import shlex
from datetime import timedelta
from functools import cache

import pytest

from hardenme.model.access_change import own_last
from hardenme.model.report import Report
from hardenme.reports import render
from hardenme.reports.calls import placeholders
from hardenme.reports.fixplan import render_step
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.plan import FixPlan
from hardenme.reports.style import Style
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.npm.server import npm_sandbox
from tests.attended import AtHand
from tests.moment import NOW
from tests.plans.runner import printed
from tests.reports.sample import COUNTED
from tests.reports.test_fix_plan_access import broken
from tests.running import PATIENT, Stage
from tests.worlds.generated import ME, Generated, generated

OPTIONS = re.compile(
    r"-|-X|-f|-F|--(?:hostname|registry|jq|input|json|allow-stage-publish|package-lock-only"
    r"|location=user|(?:id|repo|file|env|name|packages|packages-and-scopes-permission|expires"
    r"|cidr)=.*)"
)
"""Every option that a command of ours has."""
NEEDED = (
    re.compile(r"npm owner add .* && npm owner rm .*"),
    re.compile(r"npm trust revoke .* && npm trust github .*"),
    re.compile(r"gh api .*/actions/permissions --input - && gh api .*/selected-actions .*"),
)
"""What is joined by `&&`: what follows is refused, or means something else, without the first."""
TRUST = re.compile(r"--repo=(\S+) --file=(\S+) --env=(\S+)")
pytestmark = pytest.mark.second_tier("an audit of a whole organization each", one_of=20)


@cache
def plan(seed: int) -> FixPlan:
    """The plan of an organization, as its owner has it."""
    return looked_at(seed)[0]


@cache
def looked_at(seed: int) -> tuple[FixPlan, Report, Generated]:
    """The same with what it was made of."""
    made = generated(seed, NOW)
    with github_sandbox(made.github) as github, npm_sandbox(made.npm) as npm:
        stage = Stage(github, npm, made.token, made.npm.token(ME), person=AtHand())
        report = stage.audit(*made.targets, bounds=PATIENT, profile="org")
        return plan_of(report), report, made


@pytest.mark.sampled(4)
@pytest.mark.second_tier("takes over half a second")
@pytest.mark.parametrize("seed", range(10))
def test_what_is_printed(seed: int) -> None:
    made = plan(seed)
    commands = [line for _, action in printed(made) for line in action.fix.commands]
    assert commands
    for line in commands:
        words = shlex.split(line)
        plain = words[: words.index("--")] if "--" in words else words
        dashed = [word for word in plain if word.startswith("-")]
        assert [word for word in dashed if not OPTIONS.fullmatch(word)] == []
        assert "evil.example" not in " ".join(dashed)
        if " && " in line:
            assert any(one.fullmatch(line) for one in NEEDED), line
        assert not re.search(r"; |[|]{2}", line)
        assert placeholders(line) == ()
    assert broken(made) == []
    gives_up = [any(own_last(action.fix) for action in step.actions) for step in made.steps]
    assert gives_up == sorted(gives_up)


@pytest.mark.sampled(4)
@pytest.mark.second_tier("takes over half a second")
@pytest.mark.parametrize("seed", range(10))
def test_the_place_that_holds_everything_counts_nothing(seed: int) -> None:
    made, report, _ = looked_at(seed)
    style = Style(width=100)
    texts = {step.id: render_step(step, style) for step in made.steps}
    texts["show --full"] = render(report, "table", width=100)
    counted = {
        name: found[0]
        for name, text in texts.items()
        if (found := COUNTED.search(" ".join(text.split())))
    }
    assert counted == {}


@pytest.mark.second_tier("takes long")
@pytest.mark.parametrize("seed", range(10))
def test_no_tag_is_led_to_what_is_marked_or_young(seed: int) -> None:
    """No run from before an attack vouches for anything here."""
    made, report, world = looked_at(seed)
    marked = {
        one.subject.name
        for one in report.findings
        if one.code.startswith("REL") and one.code != "REL106" and one.fails
    }
    published = {
        f"{package.name}@{one.version}": one.published_at
        for package in world.npm.packages
        for one in package.versions
    }
    for _, action in printed(made):
        for line in action.fix.commands:
            words = shlex.split(line)
            if words[:3] == ["npm", "dist-tag", "add"]:
                (wanted,) = (word for word in words if word in published)
                assert wanted not in world.malware | marked
                assert NOW - published[wanted] >= timedelta(days=7)


@pytest.mark.parametrize("seed", range(10))
def test_what_a_publisher_is_bound_to_comes_first(seed: int) -> None:
    """Its environment and its workflow are there, or are made by an earlier action of the plan."""
    made, report, _ = looked_at(seed)
    there = {
        (one.kind, place.subject.name.lower(), one.label)
        for place in report.inventory
        for one in place.items
        if one.kind in {"environment", "workflow"}
    }
    claims = {
        tuple(one.state.get(name) for name in ("repository", "workflow", "environment"))
        for place in report.inventory
        for one in place.items
        if one.kind == "trusted publisher"
    }
    before: list[str] = []
    for step in made.steps:
        for action in step.actions:
            found = TRUST.search(action.fix.command)
            if found is not None and found.groups() not in claims:
                # One with the same claims is there already.
                repository, file, environment = found.groups()
                first = f"Check that {repository} has the environment {environment}"
                bound = ("environment", repository.lower(), environment) in there
                assert (
                    bound
                    or action.fix.step.startswith(first)
                    or any(f"{repository}/settings/environments" in page for page in before)
                )
                known = ("workflow", repository.lower(), file) in there
                assert (
                    known
                    or file in action.fix.step
                    or any(
                        page.endswith(f"{repository}/blob/HEAD/.github/workflows/{file}")
                        for page in before
                    )
                )
            before.append(action.fix.page)
