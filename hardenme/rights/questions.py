"""What a run would ask: every kind of request with its number, each counted once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from hardenme.collectors.github.account import ACCOUNT
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.engine.plan import sources
from hardenme.engine.run_config import RunConfig
from hardenme.facts.github import endpoints
from hardenme.facts.github.site import OrganizationFact
from hardenme.model.fact import Fact
from hardenme.model.forecast import ForecastRequest
from hardenme.rights.asked_of import NOBODY, AskedOf

METHODS = {"rest": "GET ", "graphql": "POST "}
BETWEEN = re.compile(r",? or |, | and (?=GET|POST)")


class RequestCounter:
    """Counts the requests of collectors.

    Attributes:
        config: what the user asks of the run.
        targets: what is known about each target.
    """

    def __init__(self, config: RunConfig, targets: Sequence[AskedOf]) -> None:
        self.config = config
        self.targets = targets
        self._sent: set[tuple[int, str]] = set()

    def first(self) -> Iterator[ForecastRequest]:
        """Who asks, and what the named logins are."""
        named = [target for target in self.targets if target.client is not None]
        who = len({id(target.client) for target in named})
        owners = sum(target.target.kind == "github-owner" or target.aside for target in named)
        for target in named:
            self._sent.add((id(target.client), ACCOUNT.once))
        if who:
            yield ForecastRequest("who asks", ACCOUNT.endpoint, "rest", who, "once", False, ())  # noqa: FBT003 (none is spared)
        if owners:
            what = "whether a login is an organization"
            endpoint = endpoints.USER.source
            yield ForecastRequest(what, endpoint, "rest", owners, "once", False, ())  # noqa: FBT003

    def of(self, collector: Collector) -> Iterator[ForecastRequest]:
        """What a collector sends: one question for each kind of request."""
        rooted = [
            target
            for target in self.targets
            if set(collector.roots).intersection(target.roots)
            and not (target.aside and self._spared(collector))
        ]
        if not collector.prices:
            return
        if collector.provider != "github":
            yield from self._elsewhere(collector, len(rooted) if collector.roots else 1)
            return
        if collector.of:
            found = (t for t in self.targets if t.kind and t not in rooted)
            rooted += [t for t in found if not t.aside or self._follows(collector)]
        asked = [target for target in rooted if target.on_github]
        for price in collector.prices:
            counts = [self._count(price, target) for target in asked if self._sends(price, target)]
            most, least = sum(item[0] for item in counts), sum(item[1] for item in counts)
            uncounted = price.per is Per.ITEM and price.counted is None and counts
            if most or uncounted:
                yield self._question(collector, price, most, least)

    def _spared(self, collector: Collector) -> bool:
        """Whether an organization is not asked this for the sake of a repository of its."""
        wanted = self.config.selection.of_repositories() & self.config.selection.facts
        return collector.discovers or wanted.isdisjoint(collector.gives)

    def _follows(self, collector: Collector) -> bool:
        """Whether it is asked of what an organization lists for the sake of a repository of its."""
        inside = all(issubclass(one, OrganizationFact) for one in collector.of)
        return inside and not self._spared(collector)

    def _sends(self, price: Price, target: AskedOf) -> bool:
        client, plan = target.client, self.config.selection
        return not (
            client is None
            or price.depth > plan.depth
            or (price.owners and target.kind not in price.owners)
            or (price.kinds and client.kind not in price.kinds)
            or (price.wanted and plan.facts.isdisjoint(price.wanted))
            or (price.spared is not None and price.spared(client, target.owner))
        )

    def _count(self, price: Price, target: AskedOf) -> tuple[int, int]:
        """The most and the fewest requests; none if someone else sends them."""
        if price.once:
            name = (id(target.client), price.once.format(owner=target.name))
            if name in self._sent:
                return 0, 0
            self._sent.add(name)
        if price.counted is not None:
            number = price.counted(target.client, target.owner)
            return number, 0 if price.at_most else number
        size = target.size or NOBODY
        return price.most(size), price.least(size)

    def _question(
        self, collector: Collector, price: Price, most: int, least: int
    ) -> ForecastRequest:
        wanted = [kind for kind in collector.gives if kind in self.config.selection.facts]
        relevant = [kind for kind in wanted if kind in price.wanted] if price.wanted else wanted
        return ForecastRequest(
            what=price.what or collector.name,
            endpoint=price.endpoint or _endpoint(wanted, price.bucket),
            bucket=price.bucket,
            requests=most,
            per=str(price.per),
            at_most=least < most,
            checks=self._codes(relevant),
            at_least=least,
        )

    def _elsewhere(self, collector: Collector, number: int) -> Iterator[ForecastRequest]:
        """The requests to providers other than GitHub; this machine and mail are not counted."""
        wanted = [kind for kind in collector.gives if kind in self.config.selection.facts]
        found = collector.of and not (collector.roots and number)
        per = Per.ITEM if found else Per.RUN
        yield ForecastRequest(
            collector.name,
            _endpoint(wanted, "rest"),
            "npm" if collector.provider == "npm" else "",
            number if per is Per.RUN else 0,
            str(per),
            False,  # noqa: FBT003 (none is spared)
            self._codes(wanted),
        )

    def _codes(self, kinds: Iterable[type[Fact]]) -> tuple[str, ...]:
        wanted = set(kinds)
        checks = self.config.selection.checks
        return tuple(c.code for c in checks if not wanted.isdisjoint(sources(c.facts)))


def _endpoint(kinds: Sequence[type[Fact]], bucket: str) -> str:
    """The address that a fact names for this kind of request."""
    told = [part for kind in kinds for part in BETWEEN.split(kind.source)]
    method = METHODS[bucket]
    return next((part for part in told if part.startswith(method)), told[0] if told else "")
