"""What it takes to move many packages to staged publishing: calls, prompts for 2FA, batches, time.

    python -m benchmarks.move_packages [--packages N] [--batch N]

The script of `hardenme move` runs at a terminal, with the npm client of this machine and a registry
on loopback. Its waits are counted and not waited for. A call counts as one second besides, and one
answer to npm's question opens a window of five minutes. Each batch is set, released an hour later,
and finished. Counts, no times of this machine: they hold on any other.

A batch of 80 packages takes `set` 165 calls, 2 prompts and 8 minutes, and `finish` 248 calls, 3
prompts and 12 minutes. 500 packages, 7 batches, take 2,583 calls, 31 prompts and 127 minutes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from hardenme.reports.move.batches import MOST
from hardenme.sandbox.http import Reply, Request
from hardenme.sandbox.npm.world import Person, Version
from tests.reports.move.scene import OLD, Scene, publisher, scene
from tests.reports.move.terminal import CLOCK, row

PACKAGES = 500
WINDOW = 300
"""Seconds for which npm asks for no further one-time password, if a person ticks that."""
UNCOUNTED = 10**9
NPM = f"""\
{CLOCK.format(what='echo $((now + 1)) >"$MOVE_CLOCK"')}echo "$1" >>"$HOME/calls"
exec {{npm}} "$@"
"""
"""The client, which counts what it is asked, and takes a second for it."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A part of a move, or the whole.

    Attributes:
        calls: of npm.
        prompts: how often npm asked for 2FA.
        minutes: by the injected clock.
        limited: how often a limit was waited for.
    """

    packages: int
    calls: int
    prompts: int
    minutes: float
    limited: int

    @property
    def windows(self) -> int:
        """How many windows of five minutes that takes at least."""
        return -(-round(self.minutes * 60) // WINDOW)


class TimedWindow:
    """A registry whose clock is the person's, and whose windows end by it."""

    def __init__(self, found: Scene) -> None:
        self.found = found
        self.opened = 0
        self.handler = found.sandbox.handler
        found.sandbox.handler = self.answer

    def answer(self, request: Request) -> Reply:
        """Answer; a proof that is older than the window counts no more."""
        seconds = int(self.found.terminal.clock.read_text() or self.opened)
        self.found.world.now = datetime.fromtimestamp(seconds, UTC)
        proven = self.found.sandbox.desk.proven
        if proven and seconds - self.opened >= WINDOW:
            proven.clear()
        before = bool(proven)
        reply = self.handler(request)
        if proven and not before:
            self.opened = seconds
        return reply


def counted(found: Scene, packages: int, *words: str) -> Moved:
    """Run the script, and count."""
    calls = found.terminal.folder / "calls"
    calls.write_text("")
    before = int(found.terminal.clock.read_text())
    ended = found.run(*words)
    if ended.code:
        raise SystemExit(ended.said)
    seconds = int(found.terminal.clock.read_text()) - before
    return Moved(
        packages,
        len(calls.read_text().splitlines()),
        ended.prompts,
        seconds / 60,
        ended.said.count("npm limits requests"),
    )


def release(found: Scene, names: Sequence[str]) -> None:
    """Release each of the packages through its new publisher."""
    wanted = set(names)
    for package in found.world.packages:
        if package.name in wanted:
            new = next(one for one in package.publishers if one.id != OLD)
            by = {"id": "github", "oidcConfigId": f"oidc:{new.id}"}
            person = Person("GitHub Actions", "ci@npm.example")
            package.versions.append(Version("9.0.0", found.world.now, person, trusted_publisher=by))


def move(packages: int, batch: int) -> list[tuple[str, Moved]]:
    """Move so many packages, each of which has one old publisher; returns each command's part."""
    parts: list[tuple[str, Moved]] = []
    with tempfile.TemporaryDirectory() as folder, scene(Path(folder), packages) as found:
        found.world.users[0].otp_window = UNCOUNTED
        found.terminal.install("npm", NPM.format(npm=shutil.which("npm")))
        TimedWindow(found)
        names = [package.name for package in found.world.packages]
        for package in found.world.packages:
            package.publishers.append(publisher())
        found.terminal.table(
            *(row(name, str(place // batch + 1)) for place, name in enumerate(names))
        )
        for number, start in enumerate(range(0, packages, batch), start=1):
            together = names[start : start + batch]
            parts.append((f"set {number}", counted(found, len(together), "set", str(number))))
            found.pass_hours(1)
            release(found, together)
            parts.append((f"finish {number}", counted(found, len(together), "finish", str(number))))
            print(json.dumps({name: asdict(one) for name, one in parts[-2:]}), file=sys.stderr)
        left = [one for package in found.world.packages for one in package.publishers]
        closed = {package.mfa for package in found.world.packages} == {"publish"}
        if len(left) != packages or OLD in {one.id for one in left} or not closed:
            raise SystemExit("the move did not end as it should")
    return parts


def total(parts: Sequence[tuple[str, Moved]], start: str) -> Moved:
    """All commands of a kind together."""
    found = [one for name, one in parts if name.startswith(start)]
    return Moved(
        sum(one.packages for one in found),
        sum(one.calls for one in found),
        sum(one.prompts for one in found),
        sum(one.minutes for one in found),
        sum(one.limited for one in found),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what a move comes to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=int, default=PACKAGES)
    parser.add_argument("--batch", type=int, default=MOST)
    given = parser.parse_args(arguments)
    parts = move(given.packages, given.batch)
    print(f"{given.packages} packages in {len(parts) // 2} batches of at most {given.batch}")
    for start in ("set", "finish"):
        one = total(parts, start)
        print(
            f"{start:8} {one.calls:6,} calls of npm  {one.prompts:4} prompts for 2FA"
            f"  {one.minutes:6.0f} minutes  {one.limited} limits"
        )


if __name__ == "__main__":
    main()
