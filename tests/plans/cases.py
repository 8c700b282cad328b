"""The worlds whose plans are followed: the demo, an organization, made-up ones, and incidents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from hardenme.sandbox.npm import scenarios as npm
from tests.moment import NOW
from tests.plans.hosts import Hosts, writable
from tests.plans.runner import Followed, follow
from tests.worlds import github
from tests.worlds.generated import ME, generated
from tests.worlds.incidents import INCIDENTS

SEEDS = 10
SOON, LATE = timedelta(hours=1), timedelta(days=8)
"""How long after an attack's last release its keeper looks: soon, and late."""


@dataclass(frozen=True, slots=True)
class PlanCase:
    """A world, by a name: `demo`, `weak`, a seed, or an incident with how late it is seen."""

    name: str

    def follow(self, folder: Path) -> tuple[Followed, frozenset[str]]:
        """Follow its plan; with it the versions that are an attacker's."""
        with self._served(folder) as (hosts, targets, malware):
            return follow(hosts, *targets), malware

    @contextmanager
    def _served(self, folder: Path) -> Iterator[tuple[Hosts, tuple[str, ...], frozenset[str]]]:
        if self.name == "demo":
            worlds = github.weak_maintainer(NOW), npm.weak_maintainer(NOW)
            who = github.WEAK_TOKEN, "mallow"
            targets: tuple[str, ...] = ("me",)
            malware = frozenset[str]()
        elif self.name == "weak":
            worlds = github.weak_organization(NOW), npm.weak_maintainer(NOW)
            who, targets = (github.WEAK_ORG_TOKEN, "mallow"), ("github:bramble-labs",)
            malware = frozenset()
        elif self.name.isdigit():
            made = generated(int(self.name), NOW)
            worlds, who = (made.github, made.npm), (made.token, ME)
            targets, malware = made.targets, made.malware
        else:
            name, _, late = self.name.partition(" ")
            incident = INCIDENTS[name]
            at = incident.over_at + (LATE if late else SOON)
            worlds = incident.github(at), incident.npm(at)
            who = incident.github_token, incident.keeper.name
            targets = ("me", *(f"npm:{one}" for one in incident.packages))
            malware = frozenset(incident.attacks(at))
        token, account = who
        with writable(*worlds, folder, token=token, account=account) as hosts:
            yield hosts, targets, malware


CASES = (
    *map(PlanCase, ("demo", "weak")),
    *(PlanCase(str(seed)) for seed in range(SEEDS)),
    *(PlanCase(f"{name}{late}") for name in INCIDENTS for late in ("", " late")),
)
"""All of them."""
