from __future__ import annotations

import gzip
import json
import os
import shlex
from pathlib import Path
from typing import Any

import pytest

from hardenme.model.severity import Severity
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed
from hardenme_checks.github.tag import release_tag_protected, rule_bypass_unused
from tests.factories.github_tags import bypasses, tag_rules
from tests.factories.given import MISSING

OPEN: dict[str, Any] = {"unmovable": False, "undeletable": False, "uncreatable": False}


def fix_of(verdict: Any) -> Fix:
    assert isinstance(verdict, Failed)
    return verdict.fix


def body_of(command: str, place: str) -> Any:
    echo, text, pipe, *call = shlex.split(command)
    assert (echo, pipe) == ("echo", "|")
    assert call == ["gh", "api", "-X", "POST", f"{place}/rulesets", "--input", "-"]
    return json.loads(text)


def test_release_tags_that_stay() -> None:
    assert isinstance(release_tag_protected(tag_rules()), Passed)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (OPEN, "release tags can be moved and deleted"),
        ({"unmovable": False}, "release tags can be moved"),
        ({"undeletable": False}, "release tags can be deleted"),
        (
            {"unmovable": False, "waiting": 1},
            "release tags can be moved; a ruleset that is not active protects nothing",
        ),
    ],
)
def test_release_tags_that_do_not_stay(change: dict[str, Any], message: str) -> None:
    verdict = release_tag_protected(tag_rules(**change))
    assert isinstance(verdict, Failed)
    assert verdict.message == message
    assert verdict.severity is None


def test_tags_that_everybody_makes_weigh_less() -> None:
    verdict = release_tag_protected(tag_rules(uncreatable=False))
    assert isinstance(verdict, Failed)
    assert verdict.severity is Severity.MEDIUM
    assert not verdict.fix.command, "who may go on making them is for a person to say"
    assert "bypass list" in verdict.fix.step


@pytest.mark.parametrize("name", ["unmovable", "undeletable", "uncreatable", "count", "archived"])
def test_tags_unknown(name: str) -> None:
    with pytest.raises(NotKnownError):
        release_tag_protected(tag_rules(**{name: MISSING}))


def test_nothing_to_keep() -> None:
    for change in ({"archived": True}, {"count": 0}):
        verdict = release_tag_protected(tag_rules(**{**OPEN, **change}))
        assert isinstance(verdict, NotApplicable)


def test_the_command_adds_a_ruleset() -> None:
    fix = fix_of(
        release_tag_protected(tag_rules(**OPEN, patterns=("refs/tags/v*", "refs/tags/r*")))
    )
    assert fix.page == "https://github.com/hazel/catkin/settings/rules/new?target=tag"
    assert fix.wider is None
    body = body_of(fix.command, "repos/hazel/catkin")
    assert body["conditions"] == {
        "ref_name": {"include": ["refs/tags/v*", "refs/tags/r*"], "exclude": []}
    }
    assert body["rules"] == [{"type": "update"}, {"type": "deletion"}]


def test_who_releases_cannot_move_or_delete_tags() -> None:
    for change in (OPEN, {"unmovable": False, "uncreatable": False}):
        lasting, made = fix_of(release_tag_protected(tag_rules(**change))).step.split(". Add ")
        assert "creations" not in lasting
        assert "Leave its bypass list empty" in lasting
        assert "like v1" in lasting
        assert '"Restrict creations" alone' in made
        assert "updates" not in made
        assert "on its bypass list" in made


def test_a_personal_account_has_no_team_to_let_past() -> None:
    own = fix_of(release_tag_protected(tag_rules(**OPEN))).step
    shared = tag_rules(**OPEN, in_organization=True, full_name="cedar-labs/cone")
    assert "team" not in own
    assert "team" in fix_of(release_tag_protected(shared)).step


def test_an_organization_closes_it_for_all() -> None:
    rules = tag_rules(unmovable=False, in_organization=True, full_name="cedar-labs/cone")
    wider = fix_of(release_tag_protected(rules)).wider
    assert wider is not None
    assert wider.step.startswith(
        "Use one organization ruleset for all repositories: add an active ruleset"
    )
    assert wider.page == "https://github.com/organizations/cedar-labs/settings/rules"
    body = body_of(wider.command, "orgs/cedar-labs")
    assert body["conditions"]["repository_name"] == {"include": ["~ALL"], "exclude": []}
    assert body["rules"] == [{"type": "update"}]


def test_the_command_fits_githubs_description() -> None:
    root = Path(__file__).parents[2]
    folder = Path(os.environ.get("HARDENME_CONTRACTS", root.parent / "shared" / "contracts"))
    file = folder / "github-rest.openapi.json.gz"
    if not file.exists():
        pytest.skip(f"GitHub's description is not there: {file.name}")
    schemas = json.loads(gzip.decompress(file.read_bytes()))["components"]["schemas"]
    body = body_of(fix_of(release_tag_protected(tag_rules(**OPEN))).command, "repos/hazel/catkin")
    assert body["target"] in schemas["repository-ruleset"]["properties"]["target"]["enum"]
    assert body["enforcement"] in schemas["repository-rule-enforcement"]["enum"]
    for rule in body["rules"]:
        assert (
            rule["type"] in schemas[f"repository-rule-{rule['type']}"]["properties"]["type"]["enum"]
        )


@pytest.mark.parametrize(
    ("count", "more", "message"),
    [
        (1, False, "rulesets were bypassed once in the last month"),
        (3, False, "rulesets were bypassed 3 times in the last month"),
        (100, True, "rulesets were bypassed at least 100 times in the last month"),
    ],
)
def test_rules_that_were_passed_by(count: int, more: bool, message: str) -> None:  # noqa: FBT001 (a case's field)
    verdict = rule_bypass_unused(bypasses(count, more=more))
    assert isinstance(verdict, Failed)
    assert verdict.message == message
    assert verdict.seen["pushed_at"] == "2026-11-23T12:00:00+00:00"
    assert verdict.fix.page == "https://github.com/hazel/catkin/settings/rules"


def test_rules_that_were_kept() -> None:
    assert isinstance(rule_bypass_unused(bypasses()), Passed)
    assert isinstance(rule_bypass_unused(bypasses(offered=False)), NotApplicable)
    for name in ("count", "offered"):
        with pytest.raises(NotKnownError):
            rule_bypass_unused(bypasses(**{name: MISSING}))
