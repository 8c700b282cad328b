"""Many trusted publishers are one command of the plan, which asks for what is not known."""

from __future__ import annotations

import pytest

from hardenme.model.verdict import Fix
from hardenme.reports.calls import plain_calls
from hardenme.reports.fixplan.outline import move_command
from hardenme.reports.fixplan.plan import Action


def action(name: str, command: str = "") -> Action:
    text = command or (
        f"npm trust github {name} --repo=acme/lib --file=release.yml --env=npm"
        " --allow-stage-publish"
    )
    return Action(Fix("Set it up", command=text), (), plain_calls(text), (name,))


def test_a_few_stay_commands() -> None:
    assert move_command([action(f"lib-{number}") for number in range(3)]) == ""


def test_many_are_one() -> None:
    made = move_command([action(f"@acme/lib-{number}") for number in range(4)])
    names = " ".join(f"npm:@acme/lib-{number}" for number in range(4))
    assert made == f"hardenme move {names} --to staged"


def test_of_very_many_the_scope_is_named() -> None:
    many = [*(action(f"@acme/lib-{number}") for number in range(28)), action("other")]
    assert move_command(many) == "hardenme move npm:@acme npm:other --to staged"


@pytest.mark.parametrize(
    "command",
    ["npm trust revoke --id=890b0e78-2cc6-559c-8b48-eb87b87e0874 lib", "npm token revoke 12345678"],
)
def test_what_does_something_else_stays(command: str) -> None:
    many = [*(action(f"@acme/lib-{number}") for number in range(4)), action("lib", command)]
    assert move_command(many) == ""
