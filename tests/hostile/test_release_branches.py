"""Which branches start what publishes, and what guards them, through the whole command.

One repository a case.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest

from docs.making.incidents import incidents
from hardenme.model.finding import Finding
from hardenme.model.verdict import Failed
from hardenme.sandbox.github.scenario.rulebook import strict_branch
from hardenme.sandbox.github.world import (
    BranchProtection,
    BypassActor,
    ReviewProtection,
    Rule,
    Ruleset,
    World,
)
from hardenme.sandbox.http import Fault, Reply, Request
from tests.hostile.sweeping import STRICT, swept, told
from tests.running import NOW
from tests.worlds.organizations import base

pytestmark = pytest.mark.second_tier("whole runs over hostile answers")

CODE = "GHB117"
WRITERS = BypassActor("RepositoryRole", 4)
GUARDED = ("pull_request", "deletion")
PUBLISH = """
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    %s
    permissions: {contents: read, id-token: write}
    steps:
      - run: npm publish
"""
SEMANTIC = """
jobs:
  test:
    if: startsWith(github.event.commits[0].message, 'fix:')
    runs-on: ubuntu-latest
    steps:
      - run: npm test
  release:
    needs: test
    runs-on: ubuntu-latest
    steps:
      - run: npm run release
        env:
          GITHUB_TOKEN: ${{ secrets.BOT_TOKEN }}
          NPM_TOKEN: ${{ secrets.NPM_TOKEN }}
"""
"""As at AsyncAPI in July 2026: releases came from other branches than the default one too."""
IMAGE = """
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v6
        with:
          push: ${{ PUSH }}
"""
NEXT = "push: {branches: [main, next]}"
WILD = "push: {branches: [main, 'release/**']}"


def rules(*include: str, kinds: tuple[str, ...] = (*GUARDED, "creation"), **more: Any) -> Ruleset:
    """A ruleset of the repository for these patterns."""
    made = strict_branch(0, "", NOW)
    made.include = [one if one.startswith("~") else f"refs/heads/{one}" for one in include]
    made.rules = [Rule(kind, {} if kind == "pull_request" else None) for kind in kinds]
    for name, value in more.items():
        setattr(made, name, value)
    return made


def classic(pattern: str, **more: Any) -> BranchProtection:
    """Classic protection that takes a pull request."""
    return BranchProtection(pattern, **({"reviews": ReviewProtection()} | more))


@dataclass(frozen=True)
class Case:
    """A repository, and what must be said of it.

    Attributes:
        on: the events of its workflow.
        result: of the check.
        said: what the message of a failure holds.
        branches: those beside `main`.
        rulesets: its own, for branches.
        classic: its classic protection.
        when: a condition of the job.
        text: another workflow file.
        beside: more workflow files.
    """

    on: str
    result: str
    said: str = ""
    branches: tuple[str, ...] = ()
    rulesets: tuple[Ruleset, ...] = ()
    classic: tuple[BranchProtection, ...] = ()
    when: str = ""
    text: str = ""
    beside: dict[str, str] = field(default_factory=dict)


CASES: dict[str, Case] = {
    # --- which branches start it
    "the-default-branch": Case("push: {branches: [main]}", "not_applicable"),
    "tags": Case("push: {tags: [v*]}", "not_applicable"),
    "a-release": Case("release: {types: [published]}", "not_applicable"),
    "by-hand": Case("workflow_dispatch:", "not_applicable"),
    "any-push": Case("push:", "failed", "can create the branch next, which starts"),
    "tags-and-branches": Case("push: {tags: [v*], branches: [next]}", "failed", "create"),
    "only-paths": Case("push: {paths: [src/**]}", "failed", "create"),
    "paths-and-a-branch": Case("push: {branches: main, paths: [src/**]}", "not_applicable"),
    "all-but-main": Case("push: {branches-ignore: [main]}", "failed", "create"),
    "all-but-all": Case("push: {branches-ignore: ['**']}", "not_applicable"),
    "main-taken-back": Case("push: {branches: [main, next, '!next']}", "not_applicable"),
    "a-list-of-events": Case("[push, pull_request]", "failed", "create"),
    "a-new-branch": Case("create:", "failed", "create"),
    "an-odd-filter": Case("push: {branches: {main: next}}", "unknown"),
    "both-filters": Case("push: {branches: [main], branches-ignore: [next]}", "unknown"),
    "an-undocumented-filter": Case("push: {branches: ['main', '***']}", "unknown"),
    "no-publishing": Case("push:", "not_applicable", text="jobs: {a: {steps: [{run: make}]}}"),
    "as-at-asyncapi": Case(
        "push: {branches: [main, next-major, beta, alpha, next]}",
        "failed",
        "can push to the branch alpha, which starts publish.yml",
        branches=("alpha", "next"),
        rulesets=(rules("~DEFAULT_BRANCH"),),
        text=SEMANTIC,
    ),
    # --- conditions
    "tags-by-condition": Case(
        "push:", "not_applicable", when="startsWith(github.ref, 'refs/tags/')"
    ),
    "main-by-condition": Case("push:", "failed", "MAIN", when="github.ref == 'refs/heads/main'"),
    "main-by-both": Case(
        "push: {branches: [main]}", "not_applicable", when="github.ref == 'refs/heads/main'"
    ),
    "default-by-condition": Case(
        NEXT, "not_applicable", when="github.ref_name == github.event.repository.default_branch"
    ),
    "another-event": Case(NEXT, "not_applicable", when="github.event_name == 'release'"),
    "something-else": Case(NEXT, "failed", "next", when="github.repository == 'cedar-labs/x'"),
    "what-is-not-seen": Case(NEXT, "unknown", when="needs.plan.outputs.publish == 'true'"),
    "always-true": Case("push:", "failed", when="'${{ github.ref == ''refs/tags/x'' }} '"),
    "a-step-for-tags": Case(
        "push:",
        "not_applicable",
        text="jobs: {a: {steps: [{run: make}, {if: \"startsWith(github.ref, 'refs/tags/')\","
        " run: npm publish}]}}",
    ),
    "an-image-of-main": Case(
        NEXT, "not_applicable", text=IMAGE.replace("PUSH", "github.ref_name == 'main'")
    ),
    "an-image-of-each": Case(NEXT, "failed", text=IMAGE.replace("PUSH", "github.actor != 'x'")),
    "a-job-that-it-needs": Case(
        NEXT,
        "not_applicable",
        text="jobs: {a: {if: \"github.ref_name == 'nightly'\", steps: [{run: make}]},"
        " b: {needs: a, steps: [{run: npm publish}]}}",
    ),
    "a-job-that-it-outlives": Case(
        NEXT,
        "failed",
        text="jobs: {a: {if: \"github.ref_name == 'nightly'\", steps: [{run: make}]},"
        " b: {needs: a, if: always(), steps: [{run: npm publish}]}}",
    ),
    # --- what it calls, and what comes after it
    "a-called-file": Case(
        NEXT,
        "failed",
        text="jobs: {a: {uses: ./.github/workflows/called.yml}}",
        beside={"called": "on: workflow_call\njobs: {a: {steps: [{run: npm publish}]}}"},
    ),
    "a-file-elsewhere": Case(
        NEXT, "unknown", text="jobs: {a: {uses: a/b/.github/workflows/c.yml@v1, secrets: inherit}}"
    ),
    "a-file-elsewhere-without-keys": Case(
        NEXT, "not_applicable", text="jobs: {a: {uses: a/b/.github/workflows/c.yml@v1}}"
    ),
    "a-guarded-file-elsewhere": Case(
        NEXT,
        "passed",
        rulesets=(rules("next"),),
        text="jobs: {a: {uses: a/b/.github/workflows/c.yml@v1, secrets: inherit}}",
    ),
    "after-a-run": Case(
        "workflow_run: {workflows: [CI], branches: [main, next]}",
        "failed",
        "next",
        text="jobs: {a: {steps: [{uses: actions/checkout@v4, with: {ref:"
        ' "${{ github.event.workflow_run.head_sha }}"}}, {run: npm publish}]}}',
        beside={"ci": "name: CI\non: [push]\njobs: {a: {steps: [{run: make}]}}"},
    ),
    "after-a-run-of-main": Case(
        "workflow_run: {workflows: [CI]}",
        "not_applicable",
        text="jobs: {a: {steps: [{uses: actions/download-artifact@v4}, {run: npm publish}]}}",
        beside={"ci": "name: CI\non: {push: {branches: main}}\njobs: {a: {steps: [{run: make}]}}"},
    ),
    "after-a-run-elsewhere": Case(
        "workflow_run: {workflows: [Other]}",
        "unknown",
        text="jobs: {a: {steps: [{uses: actions/download-artifact@v4}, {run: npm publish}]}}",
    ),
    "after-any-run": Case("workflow_run: {workflows: [CI]}", "not_applicable"),
    # --- what guards a branch that is not there
    "a-rule-against-creation": Case(NEXT, "passed", rulesets=(rules("next"),)),
    "only-against-creation": Case(NEXT, "passed", rulesets=(rules("next", kinds=("creation",)),)),
    "no-rule-against-creation": Case(
        NEXT, "failed", "create", rulesets=(rules("next", kinds=GUARDED),)
    ),
    "a-rule-for-all": Case(WILD, "passed", rulesets=(rules("~ALL"),)),
    "a-rule-for-folders": Case(WILD, "passed", rulesets=(rules("release/**/*"),)),
    "a-rule-for-one-folder": Case(WILD, "failed", "release/", rulesets=(rules("release/*"),)),
    "all-but-one-name": Case(
        WILD, "failed", "release/zz9", rulesets=(rules("~ALL", exclude=["refs/heads/release/zz9"]),)
    ),
    "more-rules-than-are-read": Case(
        NEXT, "unknown", rulesets=tuple(rules("next") for _ in range(11))
    ),
    "rules-add-up": Case(
        "push: {branches: ['v[0-9]']}",
        "passed",
        rulesets=(rules("v[0-4]"), rules("v[5-9]")),
    ),
    "rules-that-do-not": Case(
        "push: {branches: ['v[0-9]']}", "failed", "v5", rulesets=(rules("v[0-4]"), rules("v[6-9]"))
    ),
    "a-rule-that-is-not-documented": Case(WILD, "unknown", rulesets=(rules("release/**"),)),
    "a-set-that-is-not-documented": Case(NEXT, "unknown", rulesets=(rules("[^m]*"),)),
    "a-rule-on-trial": Case(
        NEXT, "failed", "not active", rulesets=(rules("next", enforcement="evaluate"),)
    ),
    "past-writers": Case(NEXT, "failed", rulesets=(rules("next", bypass_actors=[WRITERS]),)),
    "past-a-team": Case(
        NEXT, "passed", rulesets=(rules("next", bypass_actors=[BypassActor("Team", 12)]),)
    ),
    "past-a-custom-role": Case(
        NEXT,
        "unknown",
        rulesets=(rules("next", bypass_actors=[BypassActor("RepositoryRole", 9001)]),),
    ),
    "a-pattern-of-names": Case(
        NEXT, "unknown", rulesets=(rules("~ALL", kinds=("branch_name_pattern",)),)
    ),
    # --- what guards one that is there
    "there-and-guarded": Case(
        NEXT, "passed", branches=("next",), rulesets=(rules("next", kinds=GUARDED),)
    ),
    "there-and-bare": Case(NEXT, "failed", "push to the branch next", branches=("next",)),
    "there-and-deletable": Case(
        NEXT,
        "failed",
        "push to",
        branches=("next",),
        rulesets=(rules("next", kinds=("pull_request",)),),
    ),
    "there-and-not-made-anew": Case(
        NEXT, "passed", branches=("next",), rulesets=(rules("next", kinds=("update", "creation")),)
    ),
    "there-and-green": Case(
        NEXT,
        "failed",
        branches=("next",),
        rulesets=(rules("next", kinds=("required_status_checks", "deletion")),),
    ),
    "one-of-two": Case(
        "push: {branches: [main, next, alpha]}",
        "failed",
        "branch alpha",
        branches=("next",),
        rulesets=(rules("next", kinds=GUARDED),),
    ),
    "many-that-are-not-listed": Case(
        NEXT,
        "unknown",
        branches=tuple(f"a{number:03}" for number in range(120)),
        rulesets=(rules("next", kinds=GUARDED),),
    ),
    "many-and-guarded": Case(
        NEXT, "passed", branches=tuple(f"a{n:03}" for n in range(120)), rulesets=(rules("next"),)
    ),
    "many-and-bare": Case(NEXT, "failed", branches=tuple(f"a{n:03}" for n in range(120))),
    # --- classic protection
    "classic-there": Case(NEXT, "passed", branches=("next",), classic=(classic("next"),)),
    "classic-not-there": Case(NEXT, "failed", "create", classic=(classic("next"),)),
    "classic-against-creation": Case(
        NEXT, "passed", classic=(classic("next", push_users=["linden"], block_creations=True),)
    ),
    "classic-deletable": Case(
        NEXT, "failed", branches=("next",), classic=(classic("next", allow_deletions=True),)
    ),
    "classic-without-anything": Case(
        NEXT, "failed", branches=("next",), classic=(classic("next", reviews=None),)
    ),
    "classic-locked": Case(
        NEXT, "passed", branches=("next",), classic=(classic("n*", reviews=None, lock_branch=True),)
    ),
    "classic-of-two-patterns": Case(
        NEXT,
        "unknown",
        branches=("next",),
        classic=(classic("n*"), classic("*", reviews=None, id=2)),
    ),
    "classic-by-its-name": Case(
        NEXT,
        "passed",
        branches=("next",),
        classic=(classic("next"), classic("*", reviews=None, id=2)),
    ),
    "classic-by-its-name-alone": Case(
        NEXT,
        "failed",
        branches=("next",),
        classic=(classic("*"), classic("next", reviews=None, id=2)),
    ),
    "classic-and-a-ruleset": Case(
        NEXT, "passed", classic=(classic("next"),), rulesets=(rules("n*", kinds=("creation",)),)
    ),
}


def stocked(world: World) -> None:
    """The repositories of `CASES`, each with a workflow and rules of its own."""
    for ruleset in world.organizations[0].rulesets:
        ruleset.repositories = ["cone", "resin", "bark"]
    for number, (name, case) in enumerate(CASES.items(), 70_000):
        made = base.repository(STRICT, name, number, NOW, careful=True)
        made.branches, made.protection = list(case.branches), list(case.classic)
        made.rulesets[:] = list(case.rulesets)
        for place, own in enumerate(made.rulesets):
            own.id, own.source = 1_000_000 + number * 10 + place, made.full_name
        body = case.text or PUBLISH % (f"if: {case.when}" if case.when else "")
        on = f"on: {case.on}" if case.on.startswith("[") else f"on:\n  {case.on}"
        files = {"publish": f"{on}\n{body}"} | case.beside
        made.files |= {f".github/workflows/{k}.yml": text.encode() for k, text in files.items()}
        world.repositories.append(made)


@cache
def findings() -> dict[tuple[str, str], Finding]:
    return told(swept(STRICT, change=stocked, select_=(CODE,), profile="team"))


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", CASES)
def test_which_branches_are_guarded(name: str) -> None:
    finding = findings()[CODE, f"github:repo/{STRICT}/{name}"]
    assert finding.result == CASES[name].result, finding.outcome
    if isinstance(finding.outcome, Failed):
        assert CASES[name].said in finding.outcome.message
        assert finding.severity.name == "HIGH"


def test_the_incident_is_in_the_table() -> None:
    assert {item.name for item in incidents() if CODE in item.before} == {"AsyncAPI"}
    assert CASES["as-at-asyncapi"].result == "failed"


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "lost", ["branches", "branchRulesets", "branchProtectionRules", "bypassActors", "workflowFiles"]
)
def test_what_is_not_shown_decides_nothing(lost: str) -> None:
    found = told(
        swept(
            STRICT, Fault(".*", edit=without(lost)), change=stocked, select_=(CODE,), profile="team"
        )
    )
    changed = set()
    for name, case in CASES.items():
        after = found[CODE, f"github:repo/{STRICT}/{name}"].result
        if after != case.result:
            assert after == "unknown", name
            changed.add(case.result)
    assert "passed" in changed


def without(name: str) -> Callable[[Request, Reply], Reply]:
    """An answer in which a key is nowhere."""

    def kept(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: kept(inner) for key, inner in value.items() if key != name}
        return [kept(inner) for inner in value] if isinstance(value, list) else value

    def edit(_request: Request, reply: Reply) -> Reply:
        return Reply(reply.status, kept(json.loads(reply.encoded())), dict(reply.headers))

    return edit


def test_the_fix_names_the_branches_or_guards_them() -> None:
    by_case = {
        name: findings()[CODE, f"github:repo/{STRICT}/{name}"].outcome
        for name in ("any-push", "main-by-condition", "one-of-two", "a-rule-for-one-folder")
    }
    fixes = {name: item.fix for name, item in by_case.items() if isinstance(item, Failed)}
    assert fixes["any-push"].step.startswith("Name under on.push.branches of publish.yml")
    assert fixes["main-by-condition"].page.endswith("/blob/HEAD/.github/workflows/publish.yml#L1")
    assert fixes["a-rule-for-one-folder"].step.startswith("Add an active ruleset for the branch ")
    assert not fixes["a-rule-for-one-folder"].command
    included = '"include": ["refs/heads/next", "refs/heads/alpha"]'
    assert included in fixes["one-of-two"].command
