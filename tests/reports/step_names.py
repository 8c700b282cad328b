"""Whether the commands about steps that a text has lead to the steps of these titles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hardenme.engine.report_filter import Named, ReportFilter, cut, each_place
from hardenme.model.report import Report
from hardenme.reports.fixplan.plan import FixPlan

COMMAND = re.compile(r"hardenme (?:fix|show --step) ([a-z2-7]{6}|\d+)\b")
"""A command about a step, and what it calls the step."""
NUMBERED = re.compile(r"hardenme fix \d+\b")
IDS = re.compile(r"\b[a-z2-7]{6}\b")
AFTER = re.compile(r"\bAfter:?\s+steps?\s+[a-z2-7]{6}(?:,\s+[a-z2-7]{6})*")
"""Which steps come before one: their ids head nothing."""
NEAR = 700
"""Characters before and behind a command about a step in which its title stands."""


def plain(text: str) -> str:
    """The text without white space and markup, so that a wrapped title is found."""
    text = re.sub(r"<[^>]*>", "", text.partition("<script")[0])
    text = text.replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&")
    return re.sub(r"[\s`\\\u200b]|&nbsp;", "", text)


def begins(title: str) -> str:
    """So much of a title as stands whole on its first line."""
    return plain(title)[:24].casefold()


def demand_one_name(plan: FixPlan, shown: str) -> int:
    """Each command about a step leads to one whose title stands beside it; how many there are."""
    names = {name: step for step in plan.steps for name in (step.id, str(step.number))}
    found = 0
    text = re.sub(r"<[^>]*>", " ", shown.partition("<script")[0])
    for match in COMMAND.finditer(text):
        found += 1
        assert match[1] in names, match[0]
        if "Closedbystep" in plain(text[match.start() - 60 : match.start()]):
            # The paths of a package, and the steps by which they end.
            continue
        near = plain(text[max(match.start() - NEAR, 0) : match.end() + NEAR]).casefold()
        step = names[match[1]]
        # In a narrow column the id stands next to the number, and the title in several lines. Of
        # a long step the last heading is its own.
        beside = match[1].isdigit() and step.id in near
        before = AFTER.sub("", text[: match.start()])
        heading = next((one for one in reversed(IDS.findall(before)) if one in names), "")
        assert beside or begins(step.title) in near or heading == step.id, match[0]
    return found


def parts_of(made: Report) -> Iterator[Report]:
    """A run cut to each of its places, to some of its subjects, and to a check."""
    subjects = list({str(one.within) for one in made.findings})
    yield from (part for _, part in each_place(made))
    yield from (
        cut(made, ReportFilter(named=(Named(subject),))) for subject in sorted(subjects)[:4]
    )
    yield cut(made, ReportFilter(codes=(made.findings[0].code,)))
