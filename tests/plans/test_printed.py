"""What the plans of made-up organizations print: names, joins and their order."""

from __future__ import annotations

import re
import shlex
from functools import cache

import pytest

from hardenme.model.access_change import own_last
from hardenme.reports.calls import placeholders
from hardenme.reports.fixplan.making import plan_of
from hardenme.reports.fixplan.plan import FixPlan
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.npm.server import npm_sandbox
from tests.attended import AtHand
from tests.moment import NOW
from tests.plans.runner import printed
from tests.reports.test_fix_plan_access import broken
from tests.running import PATIENT, Stage
from tests.worlds.generated import ME, generated

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
pytestmark = pytest.mark.second_tier("an audit of a whole organization each", one_of=10)


@cache
def plan(seed: int) -> FixPlan:
    """The plan of an organization, as its owner has it."""
    made = generated(seed, NOW)
    with github_sandbox(made.github) as github, npm_sandbox(made.npm) as npm:
        stage = Stage(github, npm, made.token, made.npm.token(ME), person=AtHand())
        return plan_of(stage.audit(*made.targets, bounds=PATIENT, profile="org"))


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
