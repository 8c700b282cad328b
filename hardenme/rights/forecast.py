"""The plan before the run: what would be asked, how long it takes, what the token cannot see."""

from __future__ import annotations

import time
from collections.abc import Iterator

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.price import Per
from hardenme.collectors.protocol import Collector
from hardenme.collectors.registry import giving
from hardenme.collectors.transport.pace import Budget, Quota
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.collectors.transport.window import POINTS, SECONDS
from hardenme.engine.clients import Clients
from hardenme.engine.plan import Selection
from hardenme.engine.reach import reached
from hardenme.engine.run_config import RunConfig
from hardenme.facts.github import endpoints
from hardenme.model.forecast import Forecast, ForecastRequest
from hardenme.rights.asked_of import NOBODY, AskedOf, asked_of
from hardenme.rights.blindness import blind
from hardenme.rights.questions import RequestCounter

BUCKETS = {"GET": "rest", "POST": "graphql"}
BEYOND = (
    "more requests follow for lists longer than 100 and repositories with several rulesets, and"
    " where GitHub refuses part of a batch or needs more than ten seconds"
)
JOINED = (
    "each repository outside the targets that a package names: one GraphQL query, one for its"
    " files, and at this depth a few that decide who can publish"
)
USUAL_PACE = 0.1
"""Seconds a request, where none was sent."""


def forecast(config: RunConfig, clients: Clients) -> Forecast:
    """Say what a run would ask.

    It takes a few requests of its own: the size of each owner, what it settles for its
    repositories, and what each token sees.
    """
    begun, plan = time.monotonic(), config.selection
    targets = tuple(asked_of(config, clients))
    of_use = plan.facts | plan.deeper
    collectors = reached(
        (c for c in giving(of_use) if c.depth <= plan.depth),
        (root for target in targets if not target.aside for root in target.roots),
    )
    beside = _beside(plan, collectors, targets)
    counting = RequestCounter(config, targets)
    asked = (item for c in (*collectors, *beside) for item in counting.of(c))
    questions = [*counting.first(), *asked]
    githubs = _githubs(clients)
    sent = sum(client.session.meter.sent for client in githubs)
    pace = (time.monotonic() - begun) / sent if sent else USUAL_PACE
    quotas = _quotas(githubs)
    return Forecast(
        targets=tuple(target.text for target in config.targets),
        depth=str(plan.depth),
        sizes=_sizes(targets),
        questions=tuple(questions),
        left={bucket: quota.remaining for bucket, (quota, _) in quotas.items()},
        usable={bucket: _usable(*found) for bucket, found in quotas.items()},
        seconds=_seconds(questions, pace / config.workers, githubs),
        hours=max([1, *(_hours(questions, bucket, *found) for bucket, found in quotas.items())]),
        blind=blind(plan, targets, frozenset(kind for c in collectors for kind in c.gives)),
        not_selected=dict(plan.left_out),
        notes=(
            *_unsized(config, targets),
            *_notes(questions, joined=bool(plan.joined()) and _on_npm(config)),
        ),
    )


def _beside(
    plan: Selection, collectors: tuple[Collector, ...], targets: tuple[AskedOf, ...]
) -> tuple[Collector, ...]:
    """Those that are asked of nothing but organizations of repositories that are targets."""
    roots = (root for target in targets if target.aside for root in target.roots)
    of_use = plan.of_repositories() & plan.facts
    able = (c for c in giving(of_use) if c.depth <= plan.depth and not c.discovers)
    return tuple(item for item in reached(able, roots) if item not in collectors)


def _on_npm(config: RunConfig) -> bool:
    return any(target.kind == "me" or target.provider == "npm" for target in config.targets)


def _notes(questions: list[ForecastRequest], *, joined: bool) -> tuple[str, ...]:
    """What could not be counted."""
    uncounted = (i for i in questions if i.per == str(Per.ITEM) and not i.requests)
    notes = [f"{item.what}: one request for {item.per}" for item in uncounted]
    notes += [JOINED] if joined else []
    return (*notes, *((BEYOND,) if any(item.bucket for item in questions) else ()))


def _seconds(questions: list[ForecastRequest], pace: float, githubs: list[GitHub]) -> float:
    """At the speed that was seen, or at the one to which a run keeps, whichever is less."""
    asked = sum(item.requests for item in questions)
    budgets = [budget for client in githubs if (budget := client.session.meter.budget)]
    # What a minute allows goes at once, and then as much with each further minute.
    minutes = [POINTS["GET"] * budget.share for budget in budgets]
    held = [(asked - most) / most * SECONDS for most in minutes]
    return max([asked * pace, *held])


def _sizes(targets: tuple[AskedOf, ...]) -> dict[str, int]:
    """How much there is of the targets whose size is known; empty if none is."""
    known = [(one, one.size) for one in targets if one.kind and not one.aside and one.size]
    if not known and any(target.size is None for target in targets):
        return {}
    whole = sum((size for _, size in known), NOBODY)
    sizes = {"repositories": whole.repositories, "of these public": whole.public}
    organizations = [size for one, size in known if one.kind == "org"]
    if organizations and all(size.counted for size in organizations):
        sizes["members"] = sum(size.members for size in organizations)
    return sizes


def _unsized(config: RunConfig, targets: tuple[AskedOf, ...]) -> Iterator[str]:
    """Targets that no answer shows the size of, where the run asks GitHub."""
    if "github" in config.selection.providers():
        for target in targets:
            if target.size is None:
                yield f"{target.target.text}: how many repositories and members it has is not known"
            elif target.kind == "org" and not target.size.counted:
                yield f"{target.name}: how many members it has is not known"


def _githubs(clients: Clients) -> list[GitHub]:
    own = clients.github_by_owner.values()
    return [client for client in (clients.github, *own) if client is not None]


def _quotas(githubs: list[GitHub]) -> dict[str, tuple[Quota, Budget]]:
    """What the hour has left, by bucket, of the token that has least, and how much may be used."""
    found: dict[str, tuple[Quota, Budget]] = {}
    for client in githubs:
        meter = client.session.meter
        if not meter.quotas:
            _try(client)
        for method, quota in meter.quotas.items():
            known = found.get(BUCKETS[method])
            if known is None or quota.remaining < known[0].remaining:
                found[BUCKETS[method]] = (quota, meter.budget or Budget(share=1.0))
    return found


def _try(client: GitHub) -> None:
    """A request whose headers show what is left."""
    try:
        client.get(endpoints.RATE_LIMIT.at())
    except NoAnswerError:
        return


def _usable(quota: Quota, budget: Budget) -> int:
    """How many requests of this hour the run may send."""
    kept = round(quota.limit * (1 - budget.share))
    return max(0, min(quota.remaining - kept, budget.most or quota.limit))


def _hours(questions: list[ForecastRequest], bucket: str, quota: Quota, budget: Budget) -> int:
    """How many hours' budgets it takes, the present one included."""
    requests = sum(item.requests for item in questions if item.bucket == bucket)
    beyond = requests - _usable(quota, budget)
    hourly = _usable(Quota(quota.limit, quota.limit, quota.reset), budget)
    return 1 if beyond <= 0 or hourly <= 0 else 1 + -(-beyond // hourly)
