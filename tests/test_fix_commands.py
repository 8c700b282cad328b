"""Every `gh` command that a fix prints is taken by the sandbox, and closes what it is printed for.

In worlds where much is wrong, each check that fails is tried once for each set of endpoints that
its commands ask. The command is run on a copy of the world, and the check is asked again. What was
sent is as GitHub publishes it, and nothing changed but what the command names.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import pytest

from docs.making.failing import simplest
from hardenme.engine.catalogue import catalogue
from hardenme.model.finding import Finding, Outcome
from hardenme.model.report import Report
from hardenme.model.verdict import Failed
from hardenme.reports.calls import placeholders, plain_calls
from hardenme.sandbox.github.router import find
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.github.world import World
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.server import npm_sandbox
from tests.gh.shell import execute, split, split_words
from tests.gh.stand_in import Asked, Done
from tests.plans.hosts import SCOPES
from tests.running import NOW, PATIENT, Stage
from tests.sandbox.test_github_writes import PUBLISHED, schema
from tests.worlds import github
from tests.worlds.github_writes import by_method
from tests.worlds.weak_workflows import FROM_BRANCHES

pytestmark = [
    pytest.mark.second_tier("runs every printed command"),
    pytest.mark.sampled(3, among="fixes"),
]

ROUTES = by_method()
LAST = "wren"
STAYS = {
    ("GHB115", "fix"): "who may make a release tag is for a person to say: the rest is closed",
    ("GHB115", "wider"): "the same",
    ("GHB106", "fix"): "who owns what workflows run is another step: GHR121",
    ("GHB106", "wider"): "the same",
}
"""What is not closed by its command alone, and why."""
CLOSED = {"passed", "not_applicable", "gone"}
WORDS = {
    "ssh_keys": "user/keys/",
    "deploy_keys": "/keys/",
    "has_secret": "secret=",
    "sso_credentials": "credential_authorizations/",
    "vulnerability_alerts_enabled": "vulnerability_alerts",
}
"""How a command names what it changes, where that is not the name that the world has for it."""
Shape = tuple[str, str, tuple[str, ...]]
"""A check's code, which of its fixes it is, and the endpoints that the command asks."""


@dataclass(frozen=True)
class Case:
    """A command to try.

    Attributes:
        target: what the run looks at.
        world: as it is before.
        token: the fixer's.
    """

    target: str
    world: World
    token: str
    finding: Finding
    command: str


def asked(command: str) -> tuple[str, ...]:
    """The endpoints that a command asks besides reading: `METHOD /pattern` each."""
    found = []
    for step in split(command, "&&"):
        words = split_words(step, "|")[-1]
        method = words[words.index("-X") + 1]
        path = next(word for word in words if re.match(r"(repos|orgs|user)/", word))
        route = find(path, ROUTES[method])
        assert route is not None, f"tests/worlds/github_writes has no change for {command}"
        found.append(f"{method} {route.route.pattern}")
    return tuple(found)


def offered(world: World, finding: Finding) -> bool:
    """Whether the plan has rules for the repository that a finding is about."""
    repository = world.repository(finding.within.name)
    return repository is None or world.rules_offered(repository)


def of_gh(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """The commands for gh that a failure prints, and where."""
    if isinstance(outcome, Failed):
        for place, one in (("fix", outcome.fix), ("wider", outcome.fix.wider)):
            if one is not None and "gh api" in one.command:
                yield place, one.command


def commands(report: Report) -> Iterator[tuple[Finding, str, str]]:
    for finding in report.findings:
        for place, command in of_gh(finding.outcome):
            yield finding, place, command


@pytest.fixture(scope="module")
def stages() -> Iterator[dict[str, Stage]]:
    """What each target is looked at with."""
    registry = npm.weak_maintainer(NOW)
    with (
        github_sandbox(github.weak_maintainer(NOW), writes=by_method()) as account,
        github_sandbox(github.weak_organization(NOW), writes=by_method()) as organization,
        npm_sandbox(registry) as on_npm,
    ):
        sieve = next(item for item in account.world.repositories if item.name == "sieve")
        sieve.files[".github/workflows/next.yml"] = FROM_BRANCHES.encode()
        for hook in (hook for item in account.world.repositories for hook in item.hooks):
            hook.url = hook.url.replace("http:", "https:")
        for server in (account, organization):
            for token in server.world.tokens:
                token.scopes = token.scopes | SCOPES if token.scoped else token.scopes
        yield {
            "me": Stage(account, on_npm, github.WEAK_TOKEN),
            "github:bramble-labs": Stage(organization, on_npm, github.WEAK_ORG_TOKEN),
        }
        assert account.crashes == organization.crashes == []


@pytest.fixture(scope="module")
def cases(stages: dict[str, Stage]) -> dict[Shape, Case]:
    """The first command of each shape, of a repository whose plan has rules where there is one."""
    found: dict[Shape, Case] = {}
    for target, running in stages.items():
        world = world_of(running)
        report = running.audit(target, profile="strict", bounds=PATIENT)
        if target == "me":
            # Somebody who stays an owner: GitHub does not let the last one go.
            world.organizations[0].members[LAST] = "admin"
        ordered = sorted(commands(report), key=lambda item: not offered(world, item[0]))
        for finding, place, command in ordered:
            shape = (finding.code, place, asked(command))
            case = Case(target, world, running.github_token, finding, command)
            found.setdefault(shape, case)
    return found


def world_of(running: Stage) -> World:
    assert isinstance(running.github, GitHubServer)
    return running.github.world


def run(running: Stage, command: str, world: World) -> Done:
    """Run a command on a copy of a world."""
    assert isinstance(running.github, GitHubServer)
    running.github.world = copy.deepcopy(world)
    return execute(command, running.github.url, running.github_token)


def result(running: Stage, case: Case) -> str:
    """What the check says now of what the finding was about; `gone` where it is not there."""
    after = running.audit(
        case.target, profile="strict", select_=(case.finding.code,), bounds=PATIENT
    )
    same = (item.result for item in after.findings if item.subject == case.finding.subject)
    return next(same, "gone")


def changed(before: Any, after: Any, name: str = "") -> set[str]:
    """The names of the fields in which two states differ."""
    if is_dataclass(before) and type(before) is type(after):
        names = [item.name for item in fields(before) if not item.name.startswith("_")]
        found = (changed(getattr(before, one), getattr(after, one), one) for one in names)
        return set().union(*found)
    if isinstance(before, list) and len(before) == len(after):
        pairs = zip(before, after, strict=True)
        return set().union(*(changed(*pair, name) for pair in pairs))
    if isinstance(before, dict) and isinstance(after, dict) and name == "plain":
        paths = before.keys() | after.keys()
        return set().union(*(changed_keys(before.get(at), after.get(at)) for at in paths))
    return set() if before == after else {name}


def changed_keys(before: Any, after: Any) -> set[str]:
    """The keys in which what differs of a plain object differs itself."""
    return {key for key, value in (after or {}).items() if (before or {}).get(key) != value}


def plain(command: str) -> str:
    """A command with underscores for hyphens: GitHub uses the one in names, the other in paths."""
    return command.replace("-", "_")


def held(request: Asked) -> None:
    """What was sent, and the status of the answer, are as GitHub publishes them."""
    if request.method == "GET":
        return
    found = find(request.path, ROUTES[request.method])
    assert found is not None
    endpoint = f"{request.method} {found.route.pattern}"
    assert request.status in PUBLISHED[endpoint]["answers"], request
    published = schema(endpoint)
    if published is None:
        assert request.body is None
    else:
        published.validate(request.body)


def test_every_command_closes_what_it_is_printed_for(
    stages: dict[str, Stage], cases: dict[Shape, Case]
) -> None:
    printed = {code for code, _, _ in cases}
    print_one = {check.code for check in catalogue() if any(of_gh(simplest(check)))}
    assert print_one - printed == set(), "lost, or no world here makes it fail"
    open_: dict[tuple[str, str], str] = {}
    for (code, place, _), case in cases.items():
        running = stages[case.target]
        done = run(running, case.command, case.world)
        for request in done.asked:
            held(request)
        assert done.code == 0, (case.command, done.error)
        touched = changed(case.world, world_of(running))
        assert touched, case.command
        assert all(WORDS.get(name, name) in plain(case.command) for name in touched), touched
        if result(running, case) not in CLOSED:
            open_[code, place] = case.command
    assert open_.keys() == STAYS.keys(), open_


def test_every_command_that_is_whole_may_stand_in_a_script(cases: dict[Shape, Case]) -> None:
    assert not {case.command for case in cases.values() if not plain_calls(case.command)}
    assert not {case.command for case in cases.values() if placeholders(case.command)}


def test_the_settings_of_actions_are_closed_one_after_the_other(
    stages: dict[str, Stage], cases: dict[Shape, Case]
) -> None:
    """Two commands for values of one setting do not take each other back, in either order.

    For an organization there is one of them: what all its workflows use is for a person to list.
    """
    running = stages["me"]
    chosen = {
        code: case
        for (code, where, _), case in cases.items()
        if case.target == "me" and where == "fix" and code in {"GHW101", "GHW102"}
    }
    assert len(chosen) == 2
    assert ("GHW101", "wider") not in {(code, where) for code, where, _ in cases}
    for order in (("GHW101", "GHW102"), ("GHW102", "GHW101")):
        running.github.world = copy.deepcopy(chosen["GHW101"].world)  # type: ignore[attr-defined]
        for code in order:
            done = execute(chosen[code].command, running.github.url, running.github_token)
            assert done.code == 0, done.error
        assert {result(running, case) for case in chosen.values()} == {"passed"}, order
