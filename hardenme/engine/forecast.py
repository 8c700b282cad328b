"""The plan before the run: what would be asked, how long it takes, what the token cannot see."""

from __future__ import annotations

import time
from collections.abc import Iterable

from hardenme.collectors.every import COLLECTORS
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.sight import Sight, sight, size
from hardenme.collectors.price import Per, Size
from hardenme.collectors.protocol import Collector
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.engine.audit import Clients, Order
from hardenme.engine.identity import github_owner_kind, github_who
from hardenme.engine.plan import sources
from hardenme.engine.reach import reached
from hardenme.engine.target import Target
from hardenme.facts.github.token import CLASSIC, OAUTH
from hardenme.model.fact import Fact
from hardenme.model.forecast import Blind, Forecast, Question

BUCKETS = {"GET": "rest", "POST": "graphql"}
ROOTS = {
    "me": ("github:user", "github:token", "npm:user", "local:workstation"),
    "local": ("local:workstation",),
    "github-repo": ("github:repo",),
    "npm-package": ("npm:package",),
    "npm-scope": ("npm:org",),
}


class _Owner:
    """One target with its size and what its token sees."""

    def __init__(self, target: Target, kind: str, size: Size, sight: Sight | None) -> None:
        self.target = target
        self.kind = kind
        self.size = size
        self.sight = sight

    @property
    def roots(self) -> tuple[str, ...]:
        return (self.kind,) if self.kind else ROOTS[self.target.kind]


def forecast(order: Order, clients: Clients) -> Forecast:
    """Tell what a run would ask.

    It takes a few requests of its own: the size of each owner, and what each token sees.
    """
    begun = time.monotonic()
    owners = [_owner(target, order, clients) for target in order.targets]
    sent = sum(client.session.meter.sent for client in _githubs(clients))
    pace = (time.monotonic() - begun) / sent if sent else 0.1
    collectors = reached(
        [
            item
            for item in COLLECTORS
            if item.depth <= order.plan.depth and order.plan.facts.intersection(item.gives)
        ],
        (root for owner in owners for root in owner.roots),
    )
    questions = [
        question
        for collector in collectors
        if (question := _question(collector, owners, order)) is not None
    ]
    left = _left(clients)
    total = dict.fromkeys(left, 0)
    for question in questions:
        total[question.bucket] = total.get(question.bucket, 0) + question.requests
    hours = max(
        [1, *(_hours(total.get(bucket, 0), quota[1], quota[0]) for bucket, quota in left.items())]
    )
    everything = sum(total.values())
    notes = [
        f"{question.what}: one request for {question.per}"
        for question in questions
        if question.per == Per.ITEM
    ]
    whole = sum((owner.size for owner in owners), Size(members=0))
    return Forecast(
        targets=tuple(target.text for target in order.targets),
        depth=str(order.plan.depth),
        sizes={
            "repositories": whole.repositories,
            "of these public": whole.public,
            "members": whole.members,
        },
        questions=tuple(questions),
        left={bucket: remaining for bucket, (_limit, remaining) in left.items()},
        seconds=everything * pace / order.workers,
        hours=hours,
        blind=_blind(order, owners, frozenset(k for item in collectors for k in item.gives)),
        not_selected=dict(order.plan.left_out),
        notes=tuple(notes),
    )


def _owner(target: Target, order: Order, clients: Clients) -> _Owner:
    if target.kind not in {"me", "github-owner", "github-repo"}:
        return _Owner(target, "", Size(members=0), None)
    if target.kind == "me":
        who = github_who(clients.github)
        if clients.github is None or not who.login:
            return _Owner(target, "", Size(members=0), None)
        counted, sample = size(clients.github, who.login, archived=order.chosen.archived)
        return _Owner(target, "", counted, sight(clients.github, "", sample))
    owner = target.name.partition("/")[0]
    client = clients.of_owner(owner)
    if client is None:
        return _Owner(target, "github:org", Size(members=0), None)
    if target.kind == "github-repo":
        return _Owner(target, "", Size(1, 1, 1, 0), sight(client, "", target.name))
    kind = github_owner_kind(client, owner) or "org"
    counted, sample = size(client, owner, archived=order.chosen.archived)
    seen = sight(client, owner if kind == "org" else "", sample)
    return _Owner(target, f"github:{kind}", counted, seen)


def _githubs(clients: Clients) -> list[GitHub]:
    own = clients.github_by_owner.values()
    return [client for client in (clients.github, *own) if client is not None]


def _question(collector: Collector, owners: list[_Owner], order: Order) -> Question | None:
    price = collector.price
    rooted = [owner for owner in owners if set(collector.roots).intersection(owner.roots)]
    if collector.roots and not rooted:
        return None
    counted = owners if not collector.roots else rooted
    requests = sum(price.requests(owner.size) for owner in counted)
    if not requests and price.per is not Per.ITEM:
        return None
    bucket = price.bucket if collector.provider == "github" else collector.provider
    wanted = [kind for kind in collector.gives if kind in order.plan.facts]
    endpoint = next((kind.source for kind in wanted), "")
    if collector.provider == "github":
        bucket = BUCKETS.get(endpoint.partition(" ")[0], bucket) if bucket else ""
    return Question(
        collector.name,
        endpoint,
        bucket if collector.provider in {"github", "npm"} else "",
        requests,
        str(price.per),
        price.at_most,
        _codes(order, wanted),
    )


def _codes(order: Order, kinds: Iterable[type[Fact]]) -> tuple[str, ...]:
    wanted = set(kinds)
    return tuple(
        check.code for check in order.plan.checks if not wanted.isdisjoint(sources(check.facts))
    )


def _left(clients: Clients) -> dict[str, tuple[int, int]]:
    """The hour's limit and what is left of it, by bucket, of the credential that has least."""
    found: dict[str, tuple[int, int]] = {}
    for client in _githubs(clients):
        if client.kind in {CLASSIC, OAUTH} or not client.session.meter.quotas:
            _try(client)
        for method, quota in client.session.meter.quotas.items():
            bucket = BUCKETS[method]
            known = found.get(bucket)
            if known is None or quota.remaining < known[1]:
                found[bucket] = (quota.limit, quota.remaining)
    return found


def _try(client: GitHub) -> None:
    """A request whose headers tell what is left."""
    try:
        client.get("/rate_limit")
    except NoAnswerError:
        return


def _hours(requests: int, remaining: int, limit: int) -> int:
    """How many hours' budgets it takes, the present one included."""
    if requests <= remaining or limit <= 0:
        return 1
    return 1 + -(-(requests - remaining) // limit)


def _blind(order: Order, owners: list[_Owner], asked: frozenset[type[Fact]]) -> tuple[Blind, ...]:
    codes: dict[tuple[str, str], set[str]] = {}
    for check in order.plan.checks:
        for kind in sources(check.facts) & asked:
            for owner in owners:
                why = owner.sight.lacks(kind.requirement) if owner.sight else ""
                if why:
                    codes.setdefault((str(kind.requirement), why), set()).add(check.code)
    return tuple(
        Blind(needs, seen, tuple(sorted(found))) for (needs, seen), found in sorted(codes.items())
    )
