"""A fleet of small organizations at one server, read once; its results are put into folders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from hardenme import __version__
from hardenme.cli.fleet.merging import merged
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.npm.client import Npm
from hardenme.engine.audit import audit
from hardenme.engine.catalogue import select
from hardenme.engine.clients import Clients
from hardenme.engine.plan import plan
from hardenme.engine.progress import Silent
from hardenme.engine.results import MemoryResultStore
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.fleet.plan import (
    FleetPlan,
    FleetSettings,
    PlannedOwner,
    UnplannedOwner,
    packed,
)
from hardenme.fleet.results import Receipt, StoredResults, digest_of
from hardenme.fleet.storage import Storage
from hardenme.model.report import Report
from hardenme.model.secret import Secret
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.github.world import Organization, World
from hardenme.store.recording import FactsFile
from tests.moment import NOW
from tests.running import QUICK
from tests.worlds.organizations import base

CHECKS = ("GHO101", "GHO105", "GHO106", "GHO107", "GHR101", "GHR104", "GHB101")
REGISTRY = "https://npm.example.test"
SETTINGS = FleetSettings(CHECKS, (), "standard", (), (), archived=False)
LOGINS = tuple(f"grove-{name}" for name in ("ash", "beech", "cedar", "elm", "fir", "larch", "oak"))


def world_of(logins: Sequence[str]) -> World:
    """Organizations of one owner, every second one careful."""
    world = base.weak(NOW)
    world.organizations.clear()
    world.repositories.clear()
    for position, login in enumerate(logins):
        careful = bool(position % 2)
        organization = Organization(
            login,
            7001 + position,
            NOW - timedelta(days=1500),
            members={"thorn": base.OWNER, "nettle": base.MEMBER},
            plan="team",
        )
        organization.settings.two_factor_requirement_enabled = careful
        world.organizations.append(organization)
        world.repositories += [
            base.repository(
                login, f"leaf-{number}", 70000 + 10 * position + number, NOW, careful=careful
            )
            for number in range(1 + position % 3)
        ]
    return world


@dataclass(frozen=True, slots=True)
class ReadFleet:
    """What was read of each organization, and the report of one run of all of them.

    Attributes:
        host: where it was read.
        whole: the report of the one run.
        facts: the facts of each organization, by its ID.
        owners: the organizations.
        folder: for files.
    """

    host: str
    whole: Report
    facts: dict[str, bytes]
    owners: tuple[PlannedOwner, ...]
    folder: Path

    def plan(self, shards: int = 2, **others: object) -> FleetPlan:
        """A plan of all organizations."""
        made = FleetPlan(
            NOW,
            __version__,
            self.host,
            REGISTRY,
            SETTINGS,
            self.owners,
            (),
            "",
            packed(self.owners, shards),
        )
        return replace(made, **others)  # type: ignore[arg-type]  # fields of the plan

    def put(self, fleet: FleetPlan, storage: Storage, numbers: Sequence[str] = ()) -> None:
        """Put the results of organizations, in this order; all if none is named."""
        for number in numbers or [one.number for one in fleet.owners]:
            self.put_one(fleet, storage, number, self.facts[number])

    def put_one(
        self, fleet: FleetPlan, storage: Storage, number: str, facts: bytes, **others: object
    ) -> Receipt:
        """Put one result, with a receipt that fits its facts."""
        file = self.folder / "put.jsonl"
        file.write_bytes(facts)
        sha256, size = digest_of(file)
        receipt = Receipt(
            fleet.id,
            fleet.shard_of(number),
            number,
            fleet.owner(number).login,
            1,
            sha256,
            size,
            __version__,
            "thorn",
            NOW,
            7,
            "",
        )
        receipt = replace(receipt, **others)  # type: ignore[arg-type]  # fields of the receipt
        assert StoredResults(storage, fleet.id).put(receipt, file)
        return receipt


def config_of(*targets: Target) -> RunConfig:
    """A run of the checks of the fleet."""
    return RunConfig(targets, plan(select(CHECKS, ())), local=False)


def report_of(fleet: FleetPlan, storage: Storage) -> Report:
    """The merged report of what is in a place."""
    results = StoredResults(storage, fleet.id)
    return merged(config_of(), fleet, results, MemoryResultStore(), Silent())


def read_fleet(folder: Path, logins: Sequence[str] = LOGINS) -> ReadFleet:
    """Read organizations in one run, and each in a run of its own."""
    with github_sandbox(world_of(logins)) as server:
        return read_from(server, folder)


def read_from(server: GitHubServer, folder: Path) -> ReadFleet:
    """Read all organizations of a server in one run, and each in a run of its own."""
    targets = [Target.of_organization(one.login, str(one.id)) for one in server.world.organizations]
    whole = _read(server, targets, folder / "whole.jsonl")
    facts: dict[str, bytes] = {}
    owners: list[PlannedOwner] = []
    for target in targets:
        file = folder / f"{target.number}.jsonl"
        _read(server, [target], file)
        facts[target.number] = file.read_bytes()
        count = sum(one.owner == target.name for one in server.world.repositories)
        owners.append(PlannedOwner(target.name, target.number, f"lane {target.name}", count))
    return ReadFleet(server.url, whole, facts, tuple(owners), folder)


def _read(server: GitHubServer, targets: Sequence[Target], path: Path) -> Report:
    client = GitHub.connect(server.url, Secret(base.WEAK_CLASSIC), bounds=QUICK)
    clients = Clients(client, Npm.connect(server.url, None, bounds=QUICK))
    file = FactsFile(path)
    report = audit(config_of(*targets), clients, Silent(), file)
    file.finish()
    return report


__all__ = [
    "LOGINS",
    "ReadFleet",
    "UnplannedOwner",
    "config_of",
    "read_fleet",
    "read_from",
    "report_of",
]
