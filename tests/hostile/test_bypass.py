"""Who may bypass the rules of a branch, through the whole command: one repository a case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hardenme.model.report import Report
from hardenme.sandbox.github.scenario.rulebook import firm_protection, strict_branch
from hardenme.sandbox.github.world import BypassActor, Repository, Token, World
from hardenme.sandbox.http import Fault, Reply, Request
from hardenme.sandbox.npm import scenarios as npm
from tests.attended import AtHand
from tests.hostile.sweeping import STRICT, results, sweep
from tests.running import NOW, Stage, stage
from tests.worlds import github
from tests.worlds.organizations import base
from tests.worlds.organizations.base import STRICT_FINE_GRAINED

BRANCH = ("GHB102", "GHB103", "GHB108", "GHB110")
"""Pull request, approval, force push; and whether anybody may bypass these."""
STANDS, SKIPPED = ("passed", "passed", "passed"), ("failed", "failed", "failed")
OPEN = ("unknown", "unknown", "unknown")
MERGES = ("passed", "failed", "passed")
"""Writers who may merge against the rules still have to open a pull request."""


def of(kind: str, number: int | None = None, mode: str = "always") -> BypassActor:
    return BypassActor(kind, number, mode)  # type: ignore[arg-type]  # one that GitHub may add


RULED: dict[str, tuple[list[BypassActor], tuple[str, ...]]] = {
    "nobody": ([], (*STANDS, "passed")),
    "admins": ([of("RepositoryRole", 5)], (*STANDS, "failed")),
    "owners": ([of("OrganizationAdmin", 1, "exempt")], (*STANDS, "failed")),
    "enterprise-owners": ([of("EnterpriseOwner")], (*STANDS, "failed")),
    "a-person": ([of("User", 3203)], (*STANDS, "failed")),
    "a-team": ([of("Team", 4, "pull_request")], (*STANDS, "failed")),
    "an-app": ([of("Integration", 15368, "exempt")], (*STANDS, "failed")),
    "deploy-keys": ([of("DeployKey")], (*STANDS, "failed")),
    "writers": ([of("RepositoryRole", 4)], (*SKIPPED, "failed")),
    "writers-exempt": ([of("RepositoryRole", 4, "exempt")], (*SKIPPED, "failed")),
    "writers-merging": ([of("RepositoryRole", 4, "pull_request")], (*MERGES, "failed")),
    "maintainers": ([of("RepositoryRole", 2)], (*SKIPPED, "failed")),
    "a-custom-role": ([of("RepositoryRole", 9001)], (*OPEN, "unknown")),
    "a-custom-role-and-a-team": (
        [of("RepositoryRole", 9001, "exempt"), of("Team", 12)],
        (*OPEN, "failed"),
    ),
    "a-role-of-the-enterprise": ([of("EnterpriseRole", 7)], (*OPEN, "unknown")),
    "an-actor-of-a-new-kind": ([of("Robot", 7)], (*OPEN, "unknown")),
    "a-new-mode": ([of("RepositoryRole", 4, "sometimes")], (*OPEN, "failed")),
}
"""Repositories with a ruleset of their own: who is on its bypass list, and what is to come out."""
LATE = "a-new-mode"
"""A mode that is not known may be for pull requests alone: then the approvals do not stand."""


def repository(name: str, number: int) -> Repository:
    made = base.repository(STRICT, name, number, NOW, careful=True)
    made.collaborators |= {"maple": "write", "birch": "admin"}
    made.rulesets.clear()
    made.protection.clear()
    return made


def ruled(world: World) -> None:
    """The repositories of `RULED`, and those with classic protection."""
    for ruleset in world.organizations[0].rulesets:
        ruleset.repositories = ["cone", "resin", "bark"]
    for number, (name, (actors, _)) in enumerate(RULED.items(), 70_000):
        made = repository(name, number)
        own = strict_branch(number, made.full_name, NOW)
        own.bypass_actors = actors
        made.rulesets.append(own)
        world.repositories.append(made)
    for number, (name, change) in enumerate(CLASSIC.items(), 80_000):
        made = repository(name, number)
        made.protection.append(firm_protection(number))
        change(made)
        world.repositories.append(made)
    for number, (name, (asked, _)) in enumerate(ASKED.items(), 90_000):
        made = repository(name, number)
        own = strict_branch(number, made.full_name, NOW)
        for rule in own.rules:
            if rule.type == "pull_request":
                counted = {"required_approving_review_count": 0, "require_code_owner_review": False}
                rule.parameters = (rule.parameters or {}) | counted | asked
        made.rulesets.append(own)
        world.repositories.append(made)
    for login, (value, scopes) in ASKING.items():
        world.tokens.append(Token(value, "classic", login, scopes=frozenset(scopes)))


def nothing(_repository: Repository) -> None:
    """Classic protection without a gap."""


def pull_request_bypass(made: Repository) -> None:
    reviews = made.protection[0].reviews
    assert reviews is not None
    reviews.bypass_users = ["maple"]


def force_push_bypass(made: Repository) -> None:
    made.protection[0].force_push_users = ["maple"]


def beside_a_ruleset(made: Repository) -> None:
    """What the one lets somebody skip, the other demands of everybody."""
    force_push_bypass(made)
    made.rulesets.append(strict_branch(made.id, made.full_name, NOW))


def beside_writers(made: Repository) -> None:
    """A ruleset that writers bypass takes nothing from classic protection."""
    own = strict_branch(made.id, made.full_name, NOW)
    own.bypass_actors = [of("RepositoryRole", 4)]
    made.rulesets.append(own)


CLASSIC = {
    "classic": nothing,
    "classic-and-who-may-push": pull_request_bypass,
    "classic-and-who-may-force": force_push_bypass,
    "classic-beside-a-ruleset": beside_a_ruleset,
    "classic-beside-writers": beside_writers,
}
BOUND = {"classic", "classic-beside-a-ruleset", "classic-beside-writers"}


def asks(*patterns: str, number: int = 1) -> dict[str, Any]:
    """What a rule of pull requests asks of a team."""
    team = {"id": 12, "type": "Team"}
    entry = {"file_patterns": list(patterns), "minimum_approvals": number, "reviewer": team}
    return {"required_reviewers": [entry]}


ASKED: dict[str, tuple[dict[str, Any], tuple[str, str]]] = {
    "asks-nobody": ({}, ("failed", "failed")),
    "asks-of-everything": (asks("*"), ("passed", "passed")),
    "asks-of-github": (asks(".github/**"), ("failed", "passed")),
    "asks-of-the-sources": (asks("src/**"), ("failed", "failed")),
    "asks-for-nothing": (asks("*", number=0), ("failed", "failed")),
    "asks-with-an-exception": (asks("*", "!docs/**"), ("unknown", "unknown")),
}
"""Repositories whose ruleset asks a team: the verdicts of approval and of code owners."""

ASKING = {
    "maple": ("ghp_CANARYmaple00000000000000000000000000", ("repo", "read:org")),
    "birch": ("ghp_CANARYbirch00000000000000000000000000", ("repo", "read:org")),
    "linden": ("ghp_CANARYlinden0000000000000000000000000", ("read:org",)),
}
"""Who may ask less than the owner with all scopes: one who writes, one who administers the
repositories and does not own the organization, and the owner without the scope `repo`."""


@pytest.fixture(scope="module")
def running() -> Iterator[Stage]:
    with sweep(STRICT, ruled) as (found, _):
        yield found


@pytest.fixture(scope="module")
def report(running: Stage) -> Report:
    return running.audit(f"github:{STRICT}", select_=BRANCH, profile="team")


def told(report: Report, name: str) -> tuple[str, ...]:
    found = results(report, f"github:repo/{STRICT}/{name}")
    return tuple(found[code] for code in BRANCH)


@pytest.mark.parametrize("name", sorted(RULED.keys() - {LATE}))
def test_who_is_on_a_bypass_list(report: Report, name: str) -> None:
    assert told(report, name) == RULED[name][1]


def test_a_mode_that_is_not_known(report: Report) -> None:
    assert told(report, LATE) == ("unknown", "failed", "unknown", "failed")


@pytest.mark.parametrize("name", CLASSIC)
def test_who_is_allowed_past_classic_protection(report: Report, name: str) -> None:
    assert told(report, name) == (*STANDS, "passed" if name in BOUND else "failed")


@pytest.mark.parametrize("name", ASKED)
def test_a_team_that_a_ruleset_asks(running: Stage, name: str) -> None:
    found = running.audit(f"github:{STRICT}/{name}", select_=("GHB103", "GHB106"), profile="team")
    assert tuple(results(found, f"github:repo/{STRICT}/{name}").values()) == ASKED[name][1]


def changed(before: Report, after: Report) -> list[tuple[str, str, str]]:
    """What has another verdict and is not unknown, by code and subject."""
    then = {(item.code, str(item.subject)): item.result for item in before.findings}
    found = [(item.code, str(item.subject), item.result) for item in after.findings]
    return [one for one in found if one[2] not in {then[one[:2]], "unknown"}]


@pytest.mark.second_tier("takes long")
@pytest.mark.sampled(2)
@pytest.mark.parametrize("token", [*(value for value, _ in ASKING.values()), STRICT_FINE_GRAINED])
def test_who_may_ask_less_is_told_less_and_nothing_else(
    running: Stage, report: Report, token: str
) -> None:
    own = running.github_token
    running.github_token = token
    try:
        less = running.audit(f"github:{STRICT}", select_=BRANCH, profile="team")
    finally:
        running.github_token = own
    assert len(less.findings) > len(RULED)
    assert changed(report, less) == []
    # Nobody of them may see what a custom role, or a list that is hidden, lets past.
    assert {item.result for item in less.findings if item.code == "GHB110"} >= {"unknown"}


def edited(**change: Any) -> Fault:
    """Rulesets by themselves, with other values of these keys; `...` takes a key away."""

    def edit(_request: Request, reply: Reply) -> Reply:
        kept = {name: value for name, value in reply.data.items() if change.get(name) is not ...}
        values = {name: value for name, value in change.items() if value is not ...}
        return Reply(reply.status, kept | values, reply.headers)

    return Fault(".*/rulesets/[0-9]+", edit=edit)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        *(
            (edited(current_user_can_bypass=own), (*STANDS, "failed"))
            for own in ("always", "pull_requests_only", "exempt")
        ),
        (edited(current_user_can_bypass="sometimes"), (*STANDS, "unknown")),
        (edited(current_user_can_bypass=...), (*STANDS, "unknown")),
        (edited(bypass_actors=...), (*OPEN, "unknown")),
        (edited(bypass_actors=..., current_user_can_bypass="always"), (*OPEN, "failed")),
        (edited(bypass_actors=None), (*OPEN, "unknown")),
        (edited(bypass_actors={}), (*OPEN, "unknown")),
        (edited(bypass_actors=[None]), (*OPEN, "unknown")),
        (edited(bypass_actors=[{"actor_type": "RepositoryRole", "actor_id": 4}]),
         ("unknown", "failed", "unknown", "failed")),
        (edited(bypass_actors=[{"actor_type": "Team", "actor_id": 4}]), (*STANDS, "failed")),
    ],
)  # fmt: skip
def test_what_a_ruleset_shows_by_itself(
    running: Stage, fault: Fault, expected: tuple[str, ...]
) -> None:
    running.github.faults.append(fault)
    try:
        found = running.audit(f"github:{STRICT}/nobody", select_=BRANCH, profile="team")
    finally:
        running.github.faults.clear()
    assert told(found, "nobody") == expected


def test_who_can_publish_follows_who_may_bypass() -> None:
    """A release workflow that any writer can push to is told of where its package is judged."""
    remark = "anyone with write access can change the workflow without a pull request"
    for actors, told_of in (([], False), ([of("RepositoryRole", 4)], True)):
        world, registry = github.hardened_maintainer(NOW), npm.hardened_maintainer(NOW)
        for made in world.repositories:
            for ruleset in made.rulesets:
                if ruleset.target == "branch":
                    ruleset.bypass_actors = actors
        with stage(world, registry, github.HARDENED_CLASSIC, registry.token("hazel")) as running:
            running.person = AtHand()
            found = running.audit("npm:@hazel-grove/lantern", select_=("PUB101",))
        reasons = [path.reason for one in found.publishing.packages for path in one.paths]
        assert any(remark in reason for reason in reasons) is told_of
