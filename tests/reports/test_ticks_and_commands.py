"""What a piece says to tick and what its command sets are the same settings with the same values.

The fix of each check is looked at by itself, and as the plan merges it with all others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from docs.making.failing import simplest
from hardenme.engine.catalogue import catalogue
from hardenme.model.verdict import Failed, Fix
from hardenme.reports.ticket.content import of_step
from hardenme.reports.ticket.drawing import drawn
from tests.gh.shell import split, split_words
from tests.reports import planned

REPOSITORY = "github:repo/acme/web"
LABELS = {
    "default_repository_permission none": 'Set "Base permissions" to "No permission"',
    "members_can_create_public_repositories false": 'Untick "Public"',
    "members_can_fork_private_repositories false": 'Untick "Allow forking of private repositories"',
    "deploy_keys_enabled_for_repositories false": "Disable deploy keys",
    "allows_public_repositories false": 'Untick "Allow public repositories"',
    "enforced_repositories all": 'Choose "All repositories" under "Releases"',
    "visibility private": 'Tick "Keep my email addresses private"',
    "insecure_ssl 0": 'Choose "Enable SSL verification"',
    "permission push": "role",
    "state configured": 'Choose "Set up", then "Default"',
    "security_and_analysis[secret_scanning][status] enabled": 'Enable "Secret Protection"',
    "security_and_analysis[secret_scanning_push_protection][status] enabled": (
        'Enable "Push protection"'
    ),
    "vulnerability-alerts": 'Enable "Dependabot alerts"',
    "private-vulnerability-reporting": 'Enable "Private vulnerability reporting"',
    "immutable-releases": 'Choose "Enable release immutability"',
    "approval_policy all_external_contributors": (
        'Choose "Require approval for all external contributors"'
    ),
    "sha_pinning_required true": 'tick "Require actions to be pinned to a full-length commit SHA"',
    "allowed_actions selected": 'Choose "Allow OWNER, and select non-OWNER, actions and reusable',
    "github_owned_allowed true": 'tick "Allow actions created by GitHub"',
    "patterns_allowed": "name ",
    "default_workflow_permissions read": (
        'Choose "Read repository contents and packages permissions"'
    ),
    "can_approve_pull_request_reviews false": (
        'Untick "Allow GitHub Actions to create and approve pull requests"'
    ),
    "send_write_tokens_to_workflows false": (
        'Untick "Send write tokens to workflows from fork pull requests"'
    ),
    "send_secrets_and_variables false": (
        'Untick "Send secrets and variables to workflows from fork pull requests"'
    ),
    "branch deletion": 'Tick "Restrict deletions"',
    "branch non_fast_forward": 'Tick "Block force pushes"',
    "branch pull_request": 'Tick "Require a pull request before merging"',
    "branch required_signatures": 'Tick "Require signed commits"',
    "branch required_linear_history": 'Tick "Require linear history"',
    "branch required_approving_review_count 2": 'Set "Required approvals" to 2',
    "branch dismiss_stale_reviews_on_push true": 'Tick "Dismiss stale pull request approvals',
    "branch require_code_owner_review true": 'Tick "Require review from Code Owners"',
    "branch require_last_push_approval true": 'Tick "Require approval of the most recent',
    "branch required_review_thread_resolution true": 'Tick "Require conversation resolution',
    "tag update": '"Restrict updates"',
    "tag deletion": '"Restrict deletions"',
    "release deletion": "restricts deletions",
    "release creation": '"Restrict creations"',
    "release pull_request": "requires a pull request",
    "release required_approving_review_count 2": "with 2 approvals",
}
"""By what a command sets: how the page's text has it."""
UNSAID = frozenset({"name NAME"})
"""What a command has to repeat, and leaves as it is."""
IMPLIED = frozenset({"branch pull_request"})
"""What another label of the page is a part of."""
RULES = frozenset({"branch", "tag", "release"})
"""What a ruleset is for."""
ANY_ROLE = frozenset({"permission push"})
"""Its label is a word that others use."""
pytestmark = pytest.mark.second_tier("calls every check of GitHub until it fails")
ALL_BRANCHES = "GHO127"
"""Its text is about a ruleset of which the organization chooses more."""
JQ = re.compile(r"\.(\w+) = (\[.*\]|\"\w+\"|true|false)")
FLAG = re.compile(r"([a-z_]+(?:\[[a-z_]+\])*)=(\w+)")


@cache
def fixes() -> dict[str, Fix]:
    """The fix of each check whose command changes a setting of GitHub's, by code."""
    found = ((one.code, simplest(one)) for one in catalogue() if one.code.startswith("GH"))
    own = ((code, one.fix) for code, one in found if isinstance(one, Failed))
    return {
        code: fix
        for code, fix in own
        if re.search(r"-X (?:PUT|PATCH|POST)", fix.command) and code != ALL_BRANCHES
    }


def settings(fix: Fix) -> set[str]:
    """What a fix's command sets, each with its value."""
    found = (one for line in fix.command.splitlines() for one in split(line, "&&"))
    return {one for step in found for one in _set_by(split_words(step, "|"))} - UNSAID


def _set_by(pipe: Sequence[Sequence[str]]) -> Iterator[str]:
    """What a pipe of commands sets; `echo` or a request with `--jq` gives the body."""
    *giving, writing = pipe
    given = [found for word in writing if (found := FLAG.fullmatch(word))]
    yield from (f"{one[1]} {one[2]}" for one in given)
    if giving and giving[0][0] == "echo":
        ruleset = json.loads(giving[0][1])
        release = ruleset["name"].startswith("release branches")
        yield from _rules(ruleset["rules"], "release" if release else ruleset["target"])
    for name, value in JQ.findall(" ".join(word for one in giving for word in one)):
        yield name if value.startswith("[") else f"{name} {value}".replace('"', "")
    if not given and not giving:
        yield writing[writing.index("-X") + 2].rpartition("/")[2]


def _rules(rules: Sequence[dict[str, Any]], target: str) -> Iterator[str]:
    for rule in rules:
        yield f"{target} {rule['type']}"
        for name, value in rule.get("parameters", {}).items():
            if value:
                yield f"{target} {name} {json.dumps(value)}"


def test_the_fixes_that_are_looked_at_set_each_of_the_settings() -> None:
    found = set[str]().union(*map(settings, fixes().values()))
    assert found == LABELS.keys()


def test_a_command_sets_what_its_text_says() -> None:
    for code, fix in fixes().items():
        sets = settings(fix)
        named = {one for one, label in LABELS.items() if label in fix.step}
        kinds = {one.partition(" ")[0] for one in sets}
        # "Restrict deletions" is a label of branches and of tags.
        named = {one for one in named if one.partition(" ")[0] in kinds or not kinds & RULES}
        assert sets - IMPLIED <= named, code
        assert named <= sets | ANY_ROLE, code


def test_what_someone_may_bypass_has_a_ruleset_of_its_own() -> None:
    """A bypass is for every rule of its ruleset."""
    found = {
        one.code: outcome.fix
        for one in catalogue()
        if one.code.startswith("GH") and isinstance(outcome := simplest(one), Failed)
    }
    bypassed = {
        (code, step)
        for code, fix in found.items()
        for step in filter(None, (fix.step, fix.wider and fix.wider.step))
        if re.search(r"(?:[Pp]ut|[Aa]dd) .* on (?:its|the) bypass list", step)
    }
    assert {code for code, _ in bypassed} == {"GHB114", "GHB115", "GHB117"}
    for code, step in bypassed:
        assert re.search(r'with "Restrict (?:creations|updates)" alone', step), code


def test_what_is_merged_is_set_as_a_whole_and_by_no_more() -> None:
    found = fixes().items()
    own = {code: replace(fix, wider=None) for code, fix in found if code.startswith(("GHB", "GHW"))}
    report = planned.report(*(planned.failed(code, REPOSITORY, fix) for code, fix in own.items()))
    plan = planned.plan(report)
    by_code = {
        found.code: action
        for one in plan.steps
        for action in one.actions
        for found in action.closes
    }
    assert by_code.keys() == own.keys()
    for action in {id(one): one for one in by_code.values()}.values():
        wanted = {one for found in action.closes for one in settings(own[found.code])}
        assert settings(action.fix) == wanted
        for one in wanted - IMPLIED:
            assert LABELS[one] in action.fix.step
    text = "".join(drawn(of_step(report, plan, one)) for one in plan.steps).replace("`", "")
    for fix in own.values():
        assert all(LABELS[one] in text for one in settings(fix) - IMPLIED)
