"""Reads a printed runbook as a person does: the steps in their order, and what each has to run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.cli.calls import calls_of

STEP = re.compile(r"^### (\d+)\. (.+)$")
RUN = re.compile(r"^  - Run: (`+) ?(.*?) ?\1$")


@dataclass(slots=True)
class Step:
    """One step of the page.

    Attributes:
        number: as printed.
        text: its heading.
        chapter: under which it stands.
        who: by whom; empty where it is not said.
        lines: the commands as they are printed, in their order.
        boxes: what there is to tick.
    """

    number: int
    text: str
    chapter: str
    who: str = ""
    lines: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)

    @property
    def calls(self) -> list[list[str]]:
        """The words of each program that the commands start."""
        return calls_of("\n".join(self.lines))


def steps(page: str) -> list[Step]:
    """The steps of a runbook in Markdown."""
    found: list[Step] = []
    chapter = ""
    for line in page.splitlines():
        if line.startswith("## "):
            chapter = line[3:]
        elif heading := STEP.match(line):
            found.append(Step(int(heading[1]), heading[2], chapter))
        elif found and chapter != "Not looked at":
            _read(line, found[-1])
    return found


def _read(line: str, step: Step) -> None:
    if run := RUN.match(line):
        step.lines.append(run[2])
    elif line.startswith("- [ ] "):
        step.boxes.append(line[6:])
    elif line.startswith("By: "):
        step.who = line[4:].rstrip(".")


def calls(page: str) -> Iterator[list[str]]:
    """All programs that a page has somebody start, in their order."""
    for step in steps(page):
        yield from step.calls
