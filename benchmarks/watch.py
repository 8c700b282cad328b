"""What a watch of packages or an organization costs, and a check of a scope.

    python -m benchmarks.watch [--packages N] [--scope N] [--github N ...] [--requests N ...]
        [--runs N]

Each run is the installed command in a process of its own against the loopback registry in another.
Where several runs are measured, their median is told.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.serving import Ran, ran, served
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.http import Request
from hardenme.sandbox.npm.scenarios import scaled_maintainer
from hardenme.sandbox.npm.server import npm_sandbox
from hardenme.sandbox.npm.world import World
from tests.worlds.scaled_organization import LOGIN, scaled_organization

COMMAND = str(Path(sys.executable).with_name("hardenme"))
MEGABYTE = 1_000_000
NAME = re.compile(r"@reed-bed(?:%2f|/)stem-\d+(?:@[\d.]+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cost:
    """One run of the command.

    Attributes:
        requests: how many were sent.
        spared: how many of them were answered with "not modified".
        ran: the run.
    """

    requests: int
    spared: int
    ran: Ran


def shape(request: Request) -> str:
    """A request without the name of its package."""
    marked = " (conditional)" if "if-none-match" in request.headers else ""
    return f"{request.method} {NAME.sub('{package}', request.path)}{marked}"


@contextmanager
def registry(world: World, latency: float) -> Iterator[tuple[str, Counter[str], dict[str, str]]]:
    """The registry, what it was asked, and the environment of whoever asks it."""
    with (
        tempfile.TemporaryDirectory() as home,
        served(lambda: npm_sandbox(world, latency=latency), shape) as (url, counts),
    ):
        yield url, counts, {"PATH": os.environ["PATH"], "HOME": home}


def cost(words: Sequence[str], environ: dict[str, str]) -> Cost:
    """Run the command, and read in its own report what it sent."""
    done = ran([COMMAND, *words, "-f", "json"], environ)
    traffic = json.loads(done.text)["traffic"]
    return Cost(sum(traffic["requests"].values()), traffic["spared"], done)


def watch(packages: int, latency: float, runs: int) -> Iterator[tuple[str, list[Cost]]]:
    """The first watch of so many packages, and those after it."""
    world = scaled_maintainer(datetime.now(UTC), packages)
    targets = [f"npm:{package.name}" for package in world.packages]
    with registry(world, latency) as (url, _counts, environ):
        words = ["watch", *targets, "--npm-registry", url]
        yield "watch, first", [cost(words, environ)]
        yield "watch, later", [cost(words, environ) for _ in range(runs)]


def scope(packages: int, latency: float, largest: int) -> tuple[Cost, Counter[str]]:
    """A check of a scope, by its owner's session."""
    world = scaled_maintainer(datetime.now(UTC), packages, tokens=5, largest=largest)
    with registry(world, latency) as (url, counts, environ):
        words = ["check", "npm:@reed-bed", "--npm-registry", url]
        found = cost(words, {**environ, "HARDENME_NPM_TOKEN": world.token("sedge")})
    return found, counts


def github_cycles(
    repositories: int, requests: int, latency: float, cycles: int
) -> Iterator[tuple[str, list[Cost]]]:
    """The first cycle over so many repositories, and those after it, each a process.

    Args:
        requests: the most of a cycle; 0 for the usual.
    """
    sweep = scaled_organization(datetime.now(UTC), repositories=repositories, members=50)
    with (
        tempfile.TemporaryDirectory() as home,
        served(lambda: github_sandbox(sweep.world, latency=latency), shape) as (url, _counts),
    ):
        environ = {"PATH": os.environ["PATH"], "HOME": home, "HARDENME_GITHUB_TOKEN": sweep.token}
        words = [COMMAND, "watch", f"github:{LOGIN}", "--github-url", url, "-f", "json"]
        words += ["--requests", str(requests)]
        found = [_cycle(ran(words, environ)) for _ in range(cycles + 1)]
    limit = f", --requests {requests}" if requests else ""
    yield f"watch github{limit}, first", found[:1]
    yield f"watch github{limit}, later", found[1:]


def _cycle(done: Ran) -> Cost:
    document = json.loads(done.text)
    return Cost(document["requests"], document["not_modified"], done)


def line(name: str, packages: int, costs: Sequence[Cost]) -> str:
    """Several runs in a line, each number their median."""
    requests = median(item.requests for item in costs)
    return (
        f"{name:<44} {packages:>8} {requests:>9.0f} {requests / packages:>10.2f}"
        f" {median(item.spared for item in costs):>8.0f}"
        f" {median(item.ran.wall for item in costs):>6.2f} s"
        f" {median(item.ran.cpu for item in costs):>6.2f} s"
        f" {median(item.ran.memory for item in costs):>5.0f} MiB"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--packages", type=int, default=50, help="of the watch; 0 for none")
    parser.add_argument("--scope", type=int, default=200, help="packages of the scope; 0 for none")
    parser.add_argument(
        "--github", type=int, nargs="*", default=[1, 100], metavar="N", help="repositories"
    )
    parser.add_argument(
        "--requests", type=int, nargs="*", default=[0], metavar="N", help="of a cycle; 0 as usual"
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--latency", type=float, default=50.0, metavar="MS")
    parser.add_argument("--largest", type=int, nargs="*", default=[0, 30, 50], metavar="MB")
    parser.add_argument("--endpoints", action="store_true", help="print what was asked how often")
    options = parser.parse_args()
    latency = options.latency / 1000
    print(
        f"{'':<44} {'of':>8} {'requests':>9} {'for each':>10} {'not mod.':>8} {'wall':>8}"
        f" {'cpu':>8} {'peak':>9}"
    )
    if options.packages:
        for name, costs in watch(options.packages, latency, options.runs):
            print(line(name, options.packages, costs), flush=True)
    for repositories, requests in itertools.product(options.github, options.requests):
        for name, costs in github_cycles(repositories, requests, latency, options.runs):
            print(line(name, repositories, costs), flush=True)
    for size in options.largest if options.scope else ():
        found, counts = scope(options.scope, latency, size * MEGABYTE)
        name = f"check npm:@SCOPE, one of {size} MB" if size else "check npm:@SCOPE"
        print(line(name, options.scope, [found]), flush=True)
        if options.endpoints:
            for endpoint, number in counts.most_common(40):
                print(f"{number:>10}  {endpoint}")


if __name__ == "__main__":
    main()
