"""What the sweep of an organization costs: requests, time and memory, beside the least there is.

    python -m benchmarks.sweep [--repositories N ...] [--depth D ...] [--strict] [--twice] ...

Each line is one run of the installed `hardenme check` in a process of its own against the loopback
server in another: 50 ms an answer and 8 workers unless told otherwise, without a rate budget. It
checks that every weakness that was put in is found, and that nothing is said of what is sound.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.serving import Ran, ran, served
from hardenme.sandbox.github.server import github_sandbox
from tests.worlds.scaled_organization import LOGIN, Sweep, scaled_organization

WORKERS = 8
PER_REPOSITORY = {"standard": 5.0, "strict": 3.0, "fast": 0.0, "deep": 11.0}
"""Requests a repository that nothing spares: hooks, Actions' settings and its token's, secrets'
names, private reporting; where the organization binds, the first two and the names alone."""
PAGE = 25
REFUSED = "refused"
REPOSITORY = re.compile(r"/repos/[^/]+/[^/]+")


@dataclass(frozen=True, slots=True)
class Cost:
    """One run.

    Attributes:
        requests: by endpoint.
        wall: seconds.
        memory: MiB at the peak.
        cpu: seconds of a processor.
        refused: answers that said that a limit of a minute is used up.
        missed: weaknesses that were not found.
        alarms: what was said of sound repositories.
        last: the last line of the report.
    """

    requests: Counter[str]
    wall: float
    memory: float
    cpu: float
    refused: int
    missed: tuple[str, ...]
    alarms: tuple[str, ...]
    last: str


def sandbox(
    sweep: Sweep, latency: float, *, limited: bool = False
) -> AbstractContextManager[tuple[str, Counter[str]]]:
    """The server in a process of its own; its requests by endpoint."""
    return served(
        lambda: github_sandbox(sweep.world, latency=latency, secondary=limited),
        lambda item: f"{item.method} {REPOSITORY.sub('/repos/{repo}', item.path)}",
        lambda server: {REFUSED: server.limits.refused} if limited else {},
    )


def command(url: str, token: str, home: str, depth: str, *options: str, typed: bool = False) -> Ran:
    """Run the installed command in a process of its own; its text is that of the report.

    As somebody types it, it has no options about speed.
    """
    speed = () if typed else ("--workers", str(WORKERS), "--rate-budget", "off")
    report = Path(home, "report")
    words = [
        *(str(Path(sys.executable).with_name("hardenme")), "check", f"github:{LOGIN}"),
        *("--github-url", url, "--depth", depth, *speed),
        *("--profile", "org", "-o", str(report), *options),
    ]
    environ = {"PATH": os.environ["PATH"], "HOME": home, "HARDENME_GITHUB_TOKEN": token}
    return replace(ran(words, environ), text=report.read_text())


def run(sweep: Sweep, depth: str, latency: float, *, look: bool, typed: bool) -> Cost:
    """Sweep once; with `look` the findings are held against what was put in.

    With `typed` the command has no options about speed, and the server refuses what is beyond
    GitHub's limits of a minute.
    """
    options = (*(() if typed else ("--no-cache",)), *(("-f", "json") if look else ()))
    with (
        tempfile.TemporaryDirectory() as home,
        sandbox(sweep, latency, limited=typed) as (url, counts),
    ):
        ran = command(url, sweep.token, home, depth, *options, typed=typed)
    missed, alarms = _held_against(sweep, json.loads(ran.text), depth) if look else ((), ())
    last = "" if look else ran.text.strip().splitlines()[-1]
    refused = counts.pop(REFUSED, 0)
    return Cost(counts, ran.wall, ran.memory, ran.cpu, refused, missed, alarms, last)


def twice(sweep: Sweep, depth: str, latency: float) -> Iterator[str]:
    """Sweep twice with one folder of kept answers; the second run in words.

    An answer of "not modified" does not count in the hour of a token.
    """
    with tempfile.TemporaryDirectory() as home, sandbox(sweep, latency) as (url, _counts):
        for name in ("first", "second"):
            ran = command(url, sweep.token, home, depth, "-f", "json")
            traffic = json.loads(ran.text)["traffic"]
            sent, spared = sum(traffic["requests"].values()), traffic["spared"]
            yield (
                f"{name:>12} {sent:>6} requests, {spared} of them not modified:"
                f" {sent - spared} count; {ran.wall:.1f} s"
            )


def _held_against(
    sweep: Sweep, report: dict[str, object], depth: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    findings = report["findings"]
    if not isinstance(findings, list):
        raise SystemExit("the report has no findings")
    failed = [item for item in findings if item["outcome"] == "failed"]
    decided = [item for item in findings if item["outcome"] != "unknown" or depth == "deep"]
    looked_at = {(item["code"], name) for item in decided for name in _names(item)}
    found = {(item["code"], name) for item in failed for name in _names(item)}
    missed = tuple(
        f"{seed.code} {seed.name}"
        for seed in sweep.seeded
        if (seed.code, seed.name) in looked_at - found
    )
    sound = set(sweep.sound)
    alarms = tuple(
        f"{item['code']} {item['subject']}" for item in failed if sound.intersection(_names(item))
    )
    return missed, alarms


def _names(item: dict[str, str]) -> Iterator[str]:
    """What a finding is about: an owner, a repository, or a person of an organization."""
    for key in ("subject", "within"):
        name = item[key].partition("/")[2]
        yield from (name, name.rpartition("/")[2])


def floor(sweep: Sweep, depth: str, *, strict: bool) -> int:
    """The fewest requests that read everything: pages of repositories, and what has no batch."""
    active = [item for item in sweep.world.repositories if not item.archived]
    pages = -(-len(sweep.world.repositories) // PAGE)
    if depth == "fast":
        return pages
    settings = 1 if strict else 2
    public = sum(not item.private for item in active)
    keys = sum(bool(item.deploy_keys) for item in active)
    return pages + len(active) * (2 + settings) + public + keys


def main() -> int:
    """Measure and print; 1 where something was missed or said wrongly."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--repositories", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--members", type=int, default=50)
    parser.add_argument("--depth", nargs="+", default=["standard"])
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--latency", type=float, default=50.0, metavar="MS")
    parser.add_argument("--endpoints", action="store_true", help="print what was asked how often")
    parser.add_argument(
        "--twice", action="store_true", help="sweep again with the answers of the first run kept"
    )
    parser.add_argument(
        "--typed",
        action="store_true",
        help="without options about speed, against a server that keeps GitHub's limits of a minute",
    )
    parser.add_argument("--look", action="store_true", help="hold the findings against the seeds")
    options = parser.parse_args()
    wrong = False
    print(f"{'':>12} {'repos':>6} {'requests':>9} {'a repo':>7} {'floor':>6} {'wall':>8}", end="")
    print(f" {'floor':>7} {'peak':>8} {'CPU':>7} {'refused':>7}")
    for depth in options.depth:
        for count in options.repositories:
            sweep = scaled_organization(
                datetime.now(UTC),
                repositories=count,
                members=options.members,
                strict=options.strict,
            )
            if options.twice:
                print(f"{depth:>12} {count:>6} repositories")
                print(*twice(sweep, depth, options.latency / 1000), sep="\n", flush=True)
                continue
            cost = run(sweep, depth, options.latency / 1000, look=options.look, typed=options.typed)
            least = floor(sweep, depth, strict=options.strict)
            sent = cost.requests.total()
            quickest = least * options.latency / 1000 / WORKERS
            name = f"{depth}{' strict' if options.strict else ''}"
            print(
                f"{name:>12} {count:>6} {sent:>9} {sent / count:>7.2f} {least:>6}"
                f" {cost.wall:>6.1f} s {quickest:>5.1f} s {cost.memory:>4.0f} MiB"
                f" {cost.cpu:>5.1f} s {cost.refused:>7}",
                flush=True,
            )
            if options.endpoints:
                for endpoint, number in cost.requests.most_common(60):
                    print(f"{number:>10}  {endpoint}")
            for text in (*cost.missed, *cost.alarms):
                wrong = True
                print(f"  {'missed' if text in cost.missed else 'alarm'}: {text}")
            if cost.last:
                print(f"  {cost.last}")
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
