"""What a report by a timer costs where nothing changed: requests that count, and messages.

    python -m benchmarks.weekly [--repositories N ...] [--depth DEPTH] [--weeks N]

The installed command runs against an organization in the sandbox, which counts as GitHub does: an
answer of "not modified" costs nothing of the hour's requests, and a query what its points are.
A web server stands for whoever hears of changes. Counts, no times: they hold on any machine.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.serving import ran
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.http import LoopbackServer, Reply
from tests.worlds.scaled_organization import LOGIN, scaled_organization

COMMAND = str(Path(sys.executable).with_name("hardenme"))
PLENTY = 10**6
SHARE = 0.25
"""Of the first run's requests, what a run may cost at most where nothing changed."""
DEPTHS = ("fast", "standard", "deep")


@dataclass(frozen=True, slots=True)
class Week:
    """One run.

    Attributes:
        sent: requests to GitHub.
        rest: those that count against the hour's requests of REST.
        points: what counts against the hour's points of GraphQL.
        messages: how many were delivered.
        printed: characters on standard output.
    """

    sent: int
    rest: int
    points: int
    messages: int
    printed: int

    @property
    def counted(self) -> int:
        """All that counts against a primary limit."""
        return self.rest + self.points


def used(server: GitHubServer, resource: str) -> int:
    """What all tokens have used of a resource."""
    return sum(count for (_, kind), count in server.limits.used.items() if kind == resource)


def weeks(repositories: int, depth: str, count: int) -> Iterator[Week]:
    """The first run and those after it, of an organization that nobody touches."""
    sweep = scaled_organization(datetime.now(UTC), repositories=repositories)
    sweep.world.limit = sweep.world.graphql_limit = PLENTY
    with (
        tempfile.TemporaryDirectory() as home,
        github_sandbox(sweep.world) as github,
        LoopbackServer(lambda _: Reply(200, body=b"ok")) as sink,
    ):
        port = sink.url.rpartition(":")[2]
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": home,
            "HARDENME_GITHUB_TOKEN": sweep.token,
            "HARDENME_NOTIFY": f"json://127.0.0.1:{port}/hook",
        }
        words = [COMMAND, "report", f"github:{LOGIN}", "--github-url", github.url, "--quiet"]
        for _ in range(count):
            before = len(github.requests), used(github, "core"), used(github, "graphql")
            heard = len(sink.requests)
            done = ran([*words, "--depth", depth, "--rate-budget", "off"], environ)
            yield Week(
                len(github.requests) - before[0],
                used(github, "core") - before[1],
                used(github, "graphql") - before[2],
                len(sink.requests) - heard,
                len(done.text),
            )


def share(first: Week, later: Sequence[Week]) -> float:
    """What the dearest of the later runs cost, of the first one's."""
    return max(week.counted for week in later) / first.counted


def main() -> int:
    """Measure and print; 1 where a run costs more than its share, or says anything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--repositories", type=int, nargs="*", default=[30, 100])
    parser.add_argument("--depth", choices=DEPTHS, default="standard")
    parser.add_argument("--weeks", type=int, default=3)
    options = parser.parse_args()
    names = ("week", "sent", "REST", "points", "share")
    print(f"{'repositories':>12} " + " ".join(f"{name:>7}" for name in names) + " said")
    bad = False
    for repositories in options.repositories:
        first, *later = found = list(weeks(repositories, options.depth, options.weeks))
        for number, week in enumerate(found):
            part = week.counted / first.counted
            said = f"{week.messages} messages, {week.printed} characters"
            print(
                f"{repositories:>12} {number:>7} {week.sent:>7} {week.rest:>7} {week.points:>7}"
                f" {part:>7.0%} {said}",
                flush=True,
            )
        bad |= share(first, later) > SHARE or any(w.messages or w.printed for w in later)
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
