"""What the plan before a run tells, held against the run."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.transport.pace import Budget
from hardenme.engine.catalogue import select
from hardenme.engine.filter import RepositoryFilter
from hardenme.engine.plan import plan
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.model.depth import Depth
from hardenme.model.forecast import Forecast
from hardenme.model.secret import Secret
from hardenme.rights.forecast import forecast
from hardenme.sandbox.github.world import Token
from hardenme.sandbox.npm import scenarios as npm
from tests.running import NOW, PATIENT, Stage, stage
from tests.worlds import github
from tests.worlds.github import SCALED_TOKEN, scaled_maintainer
from tests.worlds.organizations import base
from tests.worlds.scaled_organization import LOGIN, Sweep, scaled_organization

pytestmark = [
    pytest.mark.second_tier("whole runs of large organizations", one_of=24),
    pytest.mark.sampled(8),
]

PLENTY = 10**6
OWNER = f"github:{LOGIN}"
KINDS = dict.fromkeys(base.PERMISSIONS, "read")
FINE_GRAINED = "github_pat_CANARYalder0000000000_" + "0" * 54
CLASSIC = "ghp_CANARYalder000000000000000000000000000"
MOST_SENT = 21


def order(*targets: str, depth: Depth = Depth.STANDARD, **change: Any) -> RunConfig:
    named = tuple(map(Target.parse, targets or (OWNER,)))
    return RunConfig(
        named, plan(select(()), (), depth), **{"local": False, "profile": "org", **change}
    )


@contextmanager
def served(sweep: Sweep, token: Token | None = None, limit: int = PLENTY) -> Iterator[Stage]:
    sweep.world.limit = sweep.world.graphql_limit = limit
    if token is not None:
        sweep.world.tokens.append(token)
    registry = npm.scaled_maintainer(NOW, packages=1, tokens=1)
    value = token.value if token else sweep.token
    with stage(sweep.world, registry, value) as running:
        yield running


def told(running: Stage, what: RunConfig) -> Forecast:
    """The forecast; it takes few requests of its own."""
    before = len(running.github.requests)
    found = forecast(what, running.clients(PATIENT))
    assert len(running.github.requests) - before <= MOST_SENT
    return found


def sent(running: Stage, depth: Depth, *targets: str, **change: Any) -> tuple[Counter[str], Any]:
    """What the run itself sends, by bucket, and its report."""
    before = len(running.github.requests)
    report = running.audit(
        *(targets or (OWNER,)), depth=depth, profile="org", workers=8, bounds=PATIENT, **change
    )
    counted = Counter(
        "graphql" if request.path == "/graphql" else "rest"
        for request in running.github.requests[before:]
    )
    return counted, report


@pytest.mark.second_tier("whole runs of large organizations")
@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    ("depth", "repositories", "strict"),
    # More than a page of a listing, more than one of a batch, and fewer than either.
    [
        (Depth.FAST, 120, False),
        (Depth.FAST, 60, True),
        (Depth.STANDARD, 120, True),
        (Depth.STANDARD, 60, False),
        (Depth.STANDARD, 20, False),
        (Depth.DEEP, 30, False),
        (Depth.DEEP, 60, True),
    ],
)
def test_a_run_sends_no_more_and_no_less_than_was_told(
    depth: Depth,
    repositories: int,
    strict: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    with served(scaled_organization(NOW, repositories=repositories, strict=strict)) as running:
        found = told(running, order(depth=depth))
        counted, _ = sent(running, depth)
    assert found.sizes["repositories"] == repositories * 9 // 10
    assert found.sizes["members"] == 29
    for bucket in ("rest", "graphql"):
        assert found.least(bucket) <= counted[bucket] <= found.most(bucket), bucket
    if depth is Depth.STANDARD and not strict:
        # Where no workflow publishes, the states of workflows are not asked for.
        most = found.most("rest") - found.sizes["repositories"]
        assert most <= 2 * found.least("rest")


def test_what_the_organization_settles_is_not_counted() -> None:
    names = {}
    for strict in (False, True):
        with served(scaled_organization(NOW, repositories=20, strict=strict)) as running:
            names[strict] = {item.what for item in told(running, order()).questions}
    settled = names[False] - names[True]
    assert settled >= {"a repository's Actions", "a repository's workflow token"}


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("chosen", "count"),
    [
        (RepositoryFilter(archived=True), 20),
        (RepositoryFilter(include=("private-*",)), 2),
        (RepositoryFilter(exclude=("*-00*",)), 2),
        (RepositoryFilter(include=(f"{LOGIN}/cone", "bark"), archived=True), 2),
    ],
)
def test_only_the_chosen_repositories_are_counted(chosen: RepositoryFilter, count: int) -> None:
    with served(scaled_organization(NOW, repositories=20)) as running:
        found = told(running, order(chosen=chosen))
        counted, report = sent(running, Depth.STANDARD, chosen=chosen)
    assert found.sizes["repositories"] == count
    assert found.least("rest") <= counted["rest"] <= found.most("rest")
    secrets = next(i for i in found.questions if i.what == "actions secrets")
    assert secrets.requests == count
    assert report.findings


@pytest.mark.sampled(3)
@pytest.mark.parametrize("depth", list(Depth), ids=str)
def test_an_account_of_a_person(depth: Depth) -> None:
    world = scaled_maintainer(NOW, repositories=30, keys=6, organizations=2)
    world.limit = world.graphql_limit = PLENTY
    registry = npm.scaled_maintainer(NOW, packages=1, tokens=1)
    with stage(world, registry, SCALED_TOKEN) as running:
        found = told(running, order("me", depth=depth))
        counted, _ = sent(running, depth, "me")
    assert "members" not in found.sizes
    for bucket in ("rest", "graphql"):
        assert found.least(bucket) <= counted[bucket] <= found.most(bucket), bucket


@pytest.mark.parametrize("name", ["cone", "resin", "bark"])
def test_a_single_repository(name: str) -> None:
    with served(scaled_organization(NOW, repositories=10)) as running:
        what = order(f"{OWNER}/{name}", depth=Depth.DEEP)
        found = told(running, what)
        counted, _ = sent(running, Depth.DEEP, f"{OWNER}/{name}")
    assert found.sizes == {"repositories": 1, "of these public": int(name != "resin")}
    for bucket in ("rest", "graphql"):
        assert found.least(bucket) <= counted[bucket] <= found.most(bucket), bucket


def test_two_targets_add_up() -> None:
    with served(scaled_organization(NOW, repositories=10)) as running:
        one = told(running, order(f"{OWNER}/cone"))
        two = told(running, order(f"{OWNER}/cone", f"{OWNER}/resin"))
    who = [item.requests for item in two.questions if item.endpoint == "GET /user"]
    assert who == [1], "one token asks once who it is"
    assert two.sizes["repositories"] == 2
    assert one.most("rest") < two.most("rest") < 2 * one.most("rest")


def test_hours_follow_what_the_server_leaves() -> None:
    with served(scaled_organization(NOW, repositories=60), limit=100) as running:
        found = told(running, order())
        most = found.most("rest")
        assert most > 300
        assert found.left["rest"] == found.usable["rest"] < 100
        assert found.hours == 1 + -(-(most - found.left["rest"]) // 100)
    with served(scaled_organization(NOW, repositories=60)) as running:
        found = told(running, order())
        assert found.hours == 1
        assert PLENTY - MOST_SENT <= found.left["rest"] < PLENTY
        assert 0 < found.seconds < 60


def test_hours_keep_to_the_budget_of_the_run() -> None:
    with served(scaled_organization(NOW, repositories=60)) as running:
        secret, budget = Secret(running.github_token), Budget(most=150)
        client = GitHub.connect(running.github.url, secret, bounds=PATIENT, budget=budget)
        clients = replace(running.clients(PATIENT), github=client)
        found = forecast(order(), clients)
    assert found.usable["rest"] == 150
    assert found.left["rest"] > 150
    assert found.hours == 1 + -(-(found.most("rest") - 150) // 150) > 2


@pytest.mark.parametrize("share", [0.05, 1.0])
def test_the_time_is_no_less_than_a_minute_s_limit_allows(share: float) -> None:
    with served(scaled_organization(NOW, repositories=60)) as running:
        secret, budget = Secret(running.github_token), Budget(share=share)
        client = GitHub.connect(running.github.url, secret, bounds=PATIENT, budget=budget)
        found = forecast(order(), replace(running.clients(PATIENT), github=client))
    asked = found.most("rest") + found.most("graphql")
    assert asked > 300
    assert (found.seconds == pytest.approx((asked - 45) / 45 * 60)) is (share < 1.0)


def without(name: str) -> Token:
    permissions = {kind: level for kind, level in KINDS.items() if kind != name}
    return Token(FINE_GRAINED, "fine-grained", "linden", permissions=permissions, owner=LOGIN)


def classic(login: str, *scopes: str) -> Token:
    return Token(CLASSIC, "classic", login, frozenset(scopes))


BLIND: dict[str, tuple[Callable[[], Token], set[str]]] = {
    "no organization hooks": (lambda: without("organization_hooks"), {"GHO119", "GHO120"}),
    "no secrets": (lambda: without("secrets"), {"GHR127", "GHR116"}),
    "no members": (lambda: without("members"), {"GHO102", "GHO103", "GHO105"}),
    "no administration": (lambda: without("administration"), {"GHB116", "GHR101"}),
    "no contents": (lambda: without("contents"), {"GHW201", "GHR121"}),
    "no actions": (lambda: without("actions"), {"GHR118"}),
    "no admin:org": (
        lambda: classic("linden", "repo", "read:org"),
        {"GHO101", "GHO119", "GHO128", "GHW101"},
    ),
    "no scope": (lambda: classic("linden"), {"GHO102", "GHR101", "GHR110"}),
    "member": (
        lambda: classic("maple", "repo", "admin:org", "admin:org_hook", "user"),
        {"GHO101", "GHO102", "GHO119", "GHR101", "GHB116"},
    ),
}


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", BLIND)
def test_what_a_token_cannot_see_is_unknown_in_the_run(name: str) -> None:
    token, expected = BLIND[name]
    with served(scaled_organization(NOW, repositories=10), token()) as running:
        found = told(running, order(depth=Depth.DEEP))
        _, report = sent(running, Depth.DEEP)
    results: dict[str, set[str]] = defaultdict(set)
    for finding in report.findings:
        results[finding.code].add(finding.result)
    named = {code for item in found.blind for code in item.checks}
    assert named >= expected
    assert {code for code in named if "unknown" not in results[code]} == set()
    assert all(item.needs and item.seen for item in found.blind)


def test_an_owner_sees_everything_but_what_apps_alone_are_told() -> None:
    with served(scaled_organization(NOW, repositories=10)) as running:
        found = told(running, order(depth=Depth.DEEP))
    assert [item.checks for item in found.blind] == [("GHO115",)]


def test_without_a_token_nothing_is_sent() -> None:
    with served(scaled_organization(NOW, repositories=10)) as running:
        running.github_token = ""
        found = forecast(order(), running.clients(PATIENT))
        assert running.github.requests == []
    assert found.sizes == {}
    assert found.most("rest") == found.most("graphql") == 0
    assert found.left == {}


def test_every_request_to_github_has_an_address_and_its_checks() -> None:
    with served(scaled_organization(NOW, repositories=10)) as running:
        found = told(running, order(depth=Depth.DEEP))
    for item in found.questions:
        assert item.endpoint.startswith(("GET /", "POST /graphql")), item
        assert (item.bucket == "graphql") == item.endpoint.startswith("POST"), item
        assert item.checks or item.endpoint in {"GET /user", "GET /users/{username}"}, item
        assert 0 <= item.least <= item.requests


def test_a_package_tells_that_its_repository_is_asked_too() -> None:
    """How many there are shows on the way only."""
    registry = npm.hardened_maintainer(NOW)
    with stage(github.hardened_maintainer(NOW), registry, github.HARDENED_CLASSIC) as at:
        for target, told in (("npm:@hazel-grove/lantern", True), ("github:hazel", False)):
            named = (Target.parse(target),)
            found = forecast(RunConfig(named, plan(select(("PUB",)))), at.clients())
            assert any("that a package names" in note for note in found.notes) is told


@pytest.mark.parametrize("kind", ["session", "granular-read", "oidc", ""])
def test_what_is_on_npm_is_held_against_the_token_for_npm(kind: str) -> None:
    """GitHub's token, whatever it may do, hides nothing of npm's, and the other way round."""
    world = npm.weak_maintainer(NOW)
    token = next((c.value for c in world.credentials if c.kind.value == kind), "")
    with stage(github.weak_maintainer(NOW), world, github.WEAK_TOKEN, token) as running:
        found = forecast(
            RunConfig((Target.parse("me"),), plan(select(("NPA", "NPT", "NPO", "GHA")))),
            running.clients(PATIENT),
        )
        report = running.audit("me", select_=("NPA", "NPT"))
    hidden = {code for item in found.blind for code in item.checks}
    assert not {code for code in hidden if code.startswith("GH")}
    assert ("NPA101" in hidden) is (kind != "session")
    assert ("NPT101" in hidden) is (kind != "session")
    known = {i.code for i in report.findings if i.result in {"passed", "failed"}}
    # npm promises the profile to a session alone, and may show a granular token some of it.
    assert hidden & known <= {"NPA105", "NPA107"}
    said = {item.seen for item in found.blind}
    assert said if kind != "session" else not said
