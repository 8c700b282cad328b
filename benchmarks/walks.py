"""The ways of five people through what hardenme prints, followed to their ends.

    python -m benchmarks.walks [--repositories N] [--most N] [--only NAME] [--show]

A maintainer begins with the demo, an administrator with the sweep of an organization, cron with its
weekly report, and someone who was attacked with the bare command, or with what changed lately in
the organization. Each command of ours that a screen prints is then run as it stands there, and so
are those that its screen prints, each once.
Quoted are how many commands there are, the lines of the first screen and of all screens, and the
dead ends: what was printed and cannot be run, ends in an error, or does not show what it names.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import sys
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.sweep import sandbox
from tests.cli.ready import ready
from tests.worlds.scaled_organization import LOGIN, scaled_organization

OURS = re.compile(
    r"(?<![\w./-])hardenme (?=[a-z-])"
    r"(?:(?! {2}| · | → | (?:would|takes|shows) |[`),;:.]+(?:\s|$)).)+"
)
"""A command in a line: it ends with two spaces, or with what parts it from the next words."""
LOOKS = frozenset(
    {
        *("check", "demo", "diff", "doctor", "fix", "list", "people", "permissions", "person"),
        *("recent", "runbook", "show"),
    }
)
"""Commands that only look, so that each can be run as it is printed."""
LOOKS_WITHIN = {"auth": {"status"}, "incident": {"status"}}
PLACEHOLDER = re.compile(r"(?<!-)\b(?:N|[A-Z]{2,}(?:_[A-Z]+)*)\b|…|\.\.\.|--interactive")
"""What its reader replaces, or answers at a terminal."""
TITLES = re.compile(r"hardenme (?:fix plan|checklist|runbook \d\S*)")
"""Headings that begin as commands do."""
NAMING = frozenset({"fix", "show"})
"""Commands that are given a step or a check."""
PROMISED = re.compile(r"[a-z2-7]{6}|[A-Z]{3}\d{3}")
"""A word of a command by which its screen is about one step or one check."""
NUMBERED = re.compile(r"hardenme fix \d")
"""A step by its number on the screen that was shown last."""
ENDED = frozenset({0, 1, 3})
"""Exit codes of a command that did what it says."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What one command printed.

    Attributes:
        command: as it was typed or printed.
        above: the command whose screen printed it; empty for the first.
        code: its exit code.
        lines: of both streams.
        text: of both streams.
    """

    command: str
    above: str
    code: int
    lines: int
    text: str

    @property
    def is_dead_end(self) -> bool:
        """Whether it ended in an error, or does not show what the printed command names."""
        failed = self.code not in ENDED or "Traceback" in self.text
        return failed or any(word not in self.text for word in self.promised)

    @property
    def promised(self) -> list[str]:
        """The steps and checks that the command names, and so its screen too."""
        named = shlex.split(self.command)[1:]
        return [word for word in named[1:] if named[0] in NAMING and PROMISED.fullmatch(word)]


@dataclass(slots=True)
class Walk:
    """The way of one person.

    Attributes:
        name: who goes it.
        begin: the commands that are typed, in order; the last one's screen is the first one read.
        environ: what their shell has.
        settings: their own settings file.
        skips: commands that are not followed, since they would ask servers that are not there.
        screens: what was seen.
    """

    name: str
    begin: Sequence[str]
    environ: Mapping[str, str] = field(default_factory=dict)
    settings: str = ""
    skips: frozenset[str] = frozenset()
    screens: list[Screen] = field(default_factory=list)

    def follow(self, most: int) -> None:
        """Go it, with a home and a folder of its own."""
        with tempfile.TemporaryDirectory() as above:
            home = Path(above)
            own = home / ".config" / "hardenme" / "config.toml"
            own.parent.mkdir(parents=True)
            own.write_text(self.settings)
            for command in self.begin:
                first = self._run(command, "", home)
            ahead, seen = deque[tuple[str, str]](), set(self.begin)
            _queue(ahead, ours(first.text, first.command))
            while ahead and len(self.screens) < most:
                command, printed_by = ahead.popleft()
                if command in seen or command.split()[1] in self.skips:
                    continue
                seen.add(command)
                _queue(ahead, ours(self._run(command, printed_by, home).text, command))

    def _run(self, command: str, above: str, home: Path) -> Screen:
        words = shlex.split(command)
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environ = {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8", "COLUMNS": "100"}
        code, out, err, _ = ready().run(words[1:], b"", {**environ, **self.environ}, home)
        text = (out + err).decode(errors="replace")
        screen = Screen(command, above, code, len(text.splitlines()), text)
        self.screens.append(screen)
        return screen

    @property
    def dead_ends(self) -> list[Screen]:
        """The screens on which nobody gets further."""
        return [screen for screen in self.screens if screen.is_dead_end]


def _queue(ahead: deque[tuple[str, str]], found: Iterable[tuple[str, str]]) -> None:
    """Put the steps by number first: a number is about the run that was shown last."""
    commands = list(found)
    numbers = [one for one in commands if NUMBERED.match(one[0])]
    ahead.extendleft(reversed(numbers))
    ahead.extend(one for one in commands if one not in numbers)


def ours(text: str, above: str) -> Iterator[tuple[str, str]]:
    """Each command in a text that only looks and names no placeholder, with who printed it."""
    for found in OURS.finditer(text):
        command = found.group().strip().rstrip(".,:;")
        if PLACEHOLDER.search(command) or TITLES.fullmatch(command):
            continue
        try:
            words = shlex.split(command)
        except ValueError:
            continue
        _, name, *others = words
        if name in LOOKS or (others and others[0] in LOOKS_WITHIN.get(name, ())):
            yield command, above


@contextmanager
def walks(repositories: int) -> Iterator[list[Walk]]:
    """All of them, with the servers that theirs need."""
    now = datetime.now(UTC).replace(microsecond=0)
    sweep = scaled_organization(now, repositories=repositories)
    with sandbox(sweep, latency=0.0) as (url, _counts):
        environ = {"HARDENME_GITHUB_TOKEN": sweep.token}
        own, servers = f'github-url = "{url}"\n', frozenset({"auth", "check"})
        target = f"github:{LOGIN}"
        yield [
            Walk("maintainer", ["hardenme demo"], skips=servers),
            Walk("administrator", [f"hardenme check {target}"], environ, own),
            Walk("cron", [f"hardenme report {target}"] * 2, environ, own),
            Walk("alarmed", [f"hardenme recent {target}"], environ, own),
            Walk(
                "attacked",
                [
                    *("hardenme", "hardenme recent --demo"),
                    "hardenme incident open night --from recent --demo",
                    "hardenme incident status --demo",
                ],
                skips=servers,
            ),
        ]


def main() -> int:
    """Follow all of them, and print what was met.

    Returns:
        1 where somebody gets no further.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--repositories", type=int, default=100, help="of the organization")
    parser.add_argument("--most", type=int, default=150, help="screens of a walk at most")
    parser.add_argument("--only", default="", help="the walk of this name alone")
    parser.add_argument("--show", action="store_true", help="print each command with its lines")
    given = parser.parse_args()
    print(f"{'':>14} {'screens':>8} {'first':>6} {'median':>7} {'longest':>8} {'dead ends':>10}")
    dead = 0
    with walks(given.repositories) as people:
        for walk in people:
            if given.only not in {"", walk.name}:
                continue
            walk.follow(given.most)
            lines = [screen.lines for screen in walk.screens]
            first = lines[len(walk.begin) - 1]
            print(
                f"{walk.name:>14} {len(lines):>8} {first:>6} {median(lines):>7.0f} {max(lines):>8}"
                f" {len(walk.dead_ends):>10}"
            )
            for screen in walk.screens if given.show else walk.dead_ends:
                last = screen.text.strip().splitlines()[-1:] or [""]
                print(f"  {screen.code:>3} {screen.lines:>5}  {screen.command}   < {screen.above}")
                if screen.is_dead_end:
                    print(f"             {last[0][:160]}")
            dead += len(walk.dead_ends)
    return 1 if dead else 0


if __name__ == "__main__":
    raise SystemExit(main())
