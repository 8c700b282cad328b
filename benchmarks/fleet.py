"""What a fleet costs beside the same organizations one at a time: requests, time and memory.

    python -m benchmarks.fleet [--organizations N] [--repositories N] [--processes N] [--latency MS]

An app is installed on each organization of a loopback server. `fleet plan`, `fleet run` by several
processes and `fleet merge` are run, and then `check` of one organization after the other, all of
them with 8 workers and without a rate budget. The merged report must be that of the single ones.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.serving import Ran, ran, served
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.state.connected import Installation
from hardenme.sandbox.github.world import App, Organization, World
from tests.credentials.app_keys import key_file, pem, public, rsa_key
from tests.worlds.organizations import base

APP = 5301
HELD = dict.fromkeys(
    (
        *("actions", "administration", "contents", "members", "metadata", "secrets"),
        *("organization_administration", "organization_hooks", "organization_secrets"),
        *("repository_hooks", "vulnerability_alerts", "environments"),
    ),
    "read",
)


def world_of(organizations: int, repositories: int) -> World:
    """Organizations with one app, every second one careful."""
    now = datetime.now(UTC).replace(microsecond=0)
    world = base.weak(now)
    world.organizations.clear()
    world.repositories.clear()
    app = App(APP, "hardenme-audit", "thorn", public(rsa_key()))
    world.apps.append(app)
    for position in range(organizations):
        login, careful = f"grove-{position:04}", bool(position % 2)
        organization = Organization(
            login,
            10_001 + position,
            now - timedelta(days=1500),
            members={"thorn": base.OWNER, "nettle": base.MEMBER},
            plan="team",
        )
        organization.settings.two_factor_requirement_enabled = careful
        installed = Installation(50_001 + position, app, now, dict(HELD), "all")
        organization.connected.installations.append(installed)
        world.organizations.append(organization)
        world.repositories += [
            base.repository(
                login, f"leaf-{number:04}", position * 100_000 + number + 1, now, careful=careful
            )
            for number in range(repositories)
        ]
    return world


@dataclass(frozen=True, slots=True)
class Fleet:
    """The command as the app, against one server.

    Attributes:
        home: for files.
        asking: the options of what asks.
    """

    home: Path
    asking: tuple[str, ...]

    def __call__(self, *words: str) -> Ran:
        """Run it to its end."""
        program = str(Path(sys.executable).with_name("hardenme"))
        environ = {"PATH": os.environ["PATH"], "HOME": str(self.home), "CI": "true"}
        return ran([program, *words], environ)

    def at(self, name: str) -> str:
        """A file in the folder."""
        return str(self.home / name)


def _asking(home: Path, url: str) -> tuple[str, ...]:
    key = key_file(home, pem(rsa_key()))
    where = ("--github-url", url, "--app-id", str(APP), "--app-key", str(key))
    return (*where, "--no-cache", "--workers", "8", "--rate-budget", "off")


def _outcomes(path: str) -> dict[tuple[str, str], str]:
    report: Any = json.loads(Path(path).read_text())
    return {(one["code"], one["subject"]): one["outcome"] for one in report["findings"]}


def _line(name: str, parts: Sequence[Ran], requests: int | None) -> str:
    wall, cpu = sum(one.wall for one in parts), sum(one.cpu for one in parts)
    asked = "" if requests is None else f"{requests} requests"
    memory = max(one.memory for one in parts)
    return f"{name:>12} {asked:>16} {wall:>7.1f} s {cpu:>7.1f} s CPU {memory:>5.0f} MiB"


def main() -> int:
    """Measure and print; 1 where the reports differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--organizations", type=int, default=200)
    parser.add_argument("--repositories", type=int, default=50)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--latency", type=float, default=50.0, metavar="MS")
    options = parser.parse_args()
    world = world_of(options.organizations, options.repositories)
    logins = [one.login for one in world.organizations]
    counts: list[Counter[str]] = []
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)

        def server() -> Any:
            return github_sandbox(world, latency=options.latency / 1000)

        with served(server, lambda item: item.method) as (url, counted):
            fleet = Fleet(home, _asking(home, url))
            plan, out, merged = fleet.at("plan.json"), fleet.at("out"), fleet.at("merged.json")
            planned = fleet("fleet", "plan", "--all-organizations", *fleet.asking, "-o", plan)
            words = ("fleet", "run", "--plan", plan, "--out", out, *fleet.asking)
            read = fleet(*words, "--processes", str(options.processes))
            places = ("--plan", plan, "--in", out, "--profile", "org")
            judged = fleet("fleet", "merge", *places, "-f", "json", "-o", merged)
        counts.append(counted)
        with served(server, lambda item: item.method) as (url, counted):
            fleet = Fleet(home, _asking(home, url))
            singles = []
            found: dict[tuple[str, str], str] = {}
            for login in logins:
                words = ("check", f"github:{login}", "--no-local", "--profile", "org")
                report = ("-f", "json", "-o", fleet.at("single.json"))
                singles.append(fleet(*words, *report, *fleet.asking))
                found |= _outcomes(fleet.at("single.json"))
        counts.append(counted)
        same = _outcomes(merged) == found
    several, single = (count.total() for count in counts)
    print(f"{len(logins)} organizations of {options.repositories}, {options.processes} processes")
    print(_line("plan", [planned], None))
    print(_line("run", [read], None))
    print(_line("merge", [judged], None))
    print(_line("fleet", [planned, read, judged], several))
    print(_line("one by one", singles, single))
    print(f"{several / single:.3f} of the requests; {len(found)} findings; equal: {same}")
    return int(not same)


if __name__ == "__main__":
    sys.exit(main())
