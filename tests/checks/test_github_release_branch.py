from __future__ import annotations

import json
import shlex
from typing import Any

import pytest

from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme_checks.github.release_branch import release_branches_protected
from tests.factories.github_branches import release_branch_rules
from tests.factories.given import MISSING, TEAM

OPEN: dict[str, Any] = {"guarded": False, "exposed": "next", "started": "release.yml"}


def verdict(**change: Any) -> Any:
    return release_branches_protected(release_branch_rules(**change), TEAM)


def test_branches_that_are_guarded() -> None:
    assert isinstance(verdict(), Passed)
    assert isinstance(verdict(files=()), NotApplicable)
    assert isinstance(verdict(archived=True, guarded=False), NotApplicable)


CAN = "anyone with write access can {} the branch {}, which starts release.yml{}"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, ("create", "next", "")),
        ({"exists": True}, ("push to", "next", "")),
        (
            {"exposed": "MAIN", "any_case": True},
            ("create", "MAIN", ", since its conditions ignore case"),
        ),
        ({"waiting": 1}, ("create", "next", "; a ruleset that is not active protects nothing")),
    ],
)
def test_branches_that_are_not(change: dict[str, Any], said: tuple[str, ...]) -> None:
    found = verdict(**{**OPEN, **change})
    assert isinstance(found, Failed)
    assert found.message == CAN.format(*said)


@pytest.mark.parametrize("name", ["archived", "files", "guarded"])
def test_what_is_not_known_is_no_verdict(name: str) -> None:
    with pytest.raises(NotKnownError):
        verdict(**{name: MISSING})


def test_the_command_guards_the_branches_by_their_names() -> None:
    fix = verdict(**OPEN, names=("next", "alpha"), writers_bypass=True).fix
    bodies = []
    for line in fix.command.split(" && "):
        echo, text, pipe, *call = shlex.split(line)
        assert (echo, pipe) == ("echo", "|")
        assert call == ["gh", "api", "-X", "POST", "repos/hazel/catkin/rulesets", "--input", "-"]
        bodies.append(json.loads(text))
    assert len({body["name"] for body in bodies}) == len(bodies), "GitHub refuses a name twice"
    for body in bodies:
        assert body["conditions"]["ref_name"]["include"] == ["refs/heads/next", "refs/heads/alpha"]
    kinds = [[rule["type"] for rule in body["rules"]] for body in bodies]
    assert kinds == [["deletion", "pull_request"], ["creation"]]
    assert fix.page == "https://github.com/hazel/catkin/settings/rules/new?target=branch"
    assert "remove the roles Write and Maintain from" in fix.step


@pytest.mark.parametrize("names", [("release/*",), ("next", "v[0-9]+"), ("a+b",)])
def test_no_command_stops_branches_that_somebody_will_need(names: tuple[str, ...]) -> None:
    assert verdict(**OPEN, names=names).fix.command == ""


@pytest.mark.parametrize("change", [{"names": ("**",)}, {"any_case": True}])
def test_what_names_too_much_is_named_first(change: dict[str, Any]) -> None:
    fix = verdict(**{**OPEN, **change}).fix
    assert fix.step.startswith("Name under on.push.branches of release.yml")
    assert fix.page == "https://github.com/hazel/catkin/blob/HEAD/.github/workflows/release.yml"
