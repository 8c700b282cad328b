"""What it costs to start: CPU time of short commands, beside that of Python alone.

    python -m benchmarks.startup [--runs N]

Each run is a process of its own in an empty home, and what counts is its CPU time: on a machine
that does other things as well, the time on the clock says little. Of each command the median is
told. The tests look at the modules that are loaded, not at time (`tests/cli/test_startup.py`).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

COMMAND = str(Path(sys.executable).with_name("hardenme"))
BARE = (sys.executable, "-I", "-c", "pass")
LOCAL = (COMMAND, "check", "local", "--select", "LOC101", "--no-keep")
MOST = {"--version": 8.0, "--help": 8.0}
"""How many times Python alone each may cost."""
MOST_SECONDS = 0.35
"""How much a check of this machine may cost."""


def cost(command: Sequence[str], home: str) -> float:
    """Seconds of CPU time of one run."""
    environ = {"HOME": home, "PATH": os.defpath, "COLUMNS": "80"}
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run(  # noqa: S603 (our own program)
        command, env=environ, cwd=home, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure, and print a line for each command."""
    parser = argparse.ArgumentParser(description="CPU time of short commands.")
    parser.add_argument("--runs", type=int, default=21)
    runs = parser.parse_args().runs
    commands = {"python -I -c pass": BARE}
    commands |= {f"hardenme {option}": (COMMAND, option) for option in MOST}
    commands["hardenme check local --select LOC101"] = LOCAL
    with tempfile.TemporaryDirectory() as home:
        for command in commands.values():
            cost(command, home)  # So that bytecode is there, and files are in memory.
        # One after the other, so that what else the machine does hits all of them alike.
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                taken[name].append(cost(command, home))
    bare = median(taken["python -I -c pass"])
    for name, seconds in taken.items():
        middle = median(seconds)
        most = MOST.get(name.rpartition(" ")[2])
        aim = f"at most {most:.0f}" if most else f"at most {MOST_SECONDS} s"
        aim = "" if name.startswith("python") else f"  ({aim})"
        print(f"{name:<40} {middle * 1000:6.0f} ms  {middle / bare:5.1f} times Python{aim}")


if __name__ == "__main__":
    main()
