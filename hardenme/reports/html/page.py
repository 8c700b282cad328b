"""The page as a whole: its policy, its style sheet, its parts in their order, and its script."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from functools import partial
from importlib import resources

from hardenme.model.report import Report
from hardenme.reports.checklist import Checklist
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.closing import Closing
from hardenme.reports.fixplan.plan import FixPlan
from hardenme.reports.fixplan.words import command_of
from hardenme.reports.grouping import checklist_of
from hardenme.reports.html import steps
from hardenme.reports.html.blocks import Blocks
from hardenme.reports.html.checks import about as about_check
from hardenme.reports.html.checks import by_check, contents, foot
from hardenme.reports.html.element import Child, Element, Verbatim, element, opening, written
from hardenme.reports.html.filters import filters, results
from hardenme.reports.html.graph import graph, legend
from hardenme.reports.html.overview import drawings, looked_at, severities
from hardenme.reports.html.rows import Rows
from hardenme.reports.html.screen import FirstScreen
from hardenme.reports.html.standards import standards
from hardenme.reports.html.steps import step_link
from hardenme.reports.html.tally import CodeTally
from hardenme.reports.html.words import inline, link_of
from hardenme.reports.outline.accepted import idle, waived
from hardenme.reports.outline.paths import heading, who_can_publish
from hardenme.reports.outline.practices import safeguards
from hardenme.reports.outline.report import (
    about,
    could_not,
    ending,
    members,
    questions,
    statements,
    targets,
)
from hardenme.reports.outline.steps import in_full
from hardenme.reports.outline.tasks import failed
from hardenme.reports.overview.overview import overview_of
from hardenme.reports.plain import counted, timestamp
from hardenme.reports.practices import asks_practices, standings
from hardenme.reports.publishing import is_fine, most_used_first
from hardenme.reports.screen.outline import outline_of as first_screen
from hardenme.reports.screen.summary import Summary, summary_of

ICON = (
    "data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%20viewBox='0%200%2016%2016'%3E"
    "%3Cpath%20d='M8%201l6%202v5c0%204-3%206-6%207-3-1-6-3-6-7V3z'%20fill='%230f5c63'/%3E"
    "%3Cpath%20d='M5%208l2%202%204-4'%20stroke='white'%20stroke-width='2'%20fill='none'/%3E%3C/svg%3E"
)
TICKED = (
    "A box that you tick is a note in this browser. The next run shows whether the step is done."
)
SPACED = re.compile(r"\s*([{};])\s*|([:,])\s+")
"""What a style sheet can do without, around the marks that divide it."""
DRAWN = 12
"""Packages with a drawing, the most used; the list of each has all of its paths."""
BATCH = 500
"""Lines of data that are written at once."""


def pieces(report: Report) -> Iterator[str]:
    """The page, section by section, and then the data in batches of whole values."""
    style, script = _asset("page.css"), _asset("page.js")
    checklist, tally = checklist_of(report), CodeTally(report.findings)
    plan = plan_of(report, checklist=checklist)
    summed = summary_of(report, plan)
    closing = Closing(plan)
    yield '<!DOCTYPE html>\n<html lang="en">\n'
    yield written(_head(report, Verbatim("style", style), script))
    yield f"\n{opening('body')}\n"
    sections = [
        section
        for section in _sections(report, checklist, tally, plan, closing, summed)
        if section is not None
    ]
    named = dict(map(link_of, sections))
    shown = overview_of(report, plan)
    yield written(
        element("a", "Skip to the findings", href="#to-fix", class_="skip"),
        FirstScreen(partial(step_link, plan), named).drawn(
            first_screen(report, plan, summed),
            timestamp(report.started),
            (severities(shown), element("p", looked_at(shown), class_="looked")),
            (drawings(shown, lambda step: step_link(plan, step.id, step.id)),),
        ),
    )
    yield written(contents(named))
    yield f"\n{opening('main')}\n"
    yield f"{written(filters(tally))}\n"
    for section in sections:
        yield f"{written(section)}\n"
    yield "</main>\n"
    yield written(foot(report, tally))
    yield '\n<script type="application/json" id="data">'
    gathered: list[str] = []
    for piece in Rows(report, closing).pieces():
        gathered.append(piece)
        if len(gathered) >= BATCH:
            yield "".join(gathered)
            gathered.clear()
    yield "".join(gathered)
    yield "</script>\n"
    yield written(Verbatim("script", script))
    yield "\n</body>\n</html>\n"


def _sections(  # noqa: PLR0913, PLR0917 (all that a page is made from)
    report: Report,
    checklist: Checklist,
    tally: CodeTally,
    plan: FixPlan,
    closing: Closing,
    summed: Summary,
) -> Iterator[Element | None]:
    blocks = Blocks(
        lambda name: step_link(plan, name, name),
        lambda code: about_check(report.checks.get(code), why=False),
    )
    yield blocks.named("targets", targets(summed.rows, command_of(plan, "show --full")))
    yield publishing(report, plan, blocks)
    yield blocks.named("members", members(checklist.members))
    yield blocks.named(
        "steps",
        (in_full(plan, steps.STEPS),) if plan.steps else (),
        element("p", TICKED, class_="intro with-script"),
    )
    yield blocks.named(
        "to-fix",
        (failed(checklist, report.checks, closing),),
        None if checklist.failed else element("p", "No check failed.", class_="good"),
        outcome="failed",
    )
    yield blocks.named(
        "questions",
        questions(checklist.questions, demo=plan.demo),
        _intro("No API shows these. They count neither as passed nor as unknown."),
        element("p", id="answers", class_="intro", hidden=True),
        outcome="manual",
    )
    unknown = counted(sum(cause.count for cause in checklist.causes), "result")
    yield blocks.named(
        "unknown",
        could_not(checklist.causes, ending(report, plan)),
        _intro(
            f"{unknown} not known, by what it takes to know them. "
            "What is not known is never counted as passed."
        ),
        outcome="unknown",
    )
    yield blocks.named(
        "accepted",
        (*waived(checklist.accepted), *idle(report.waivers)),
        _intro(
            f"{counted(checklist.waived, 'failure')} accepted. Each is a finding that someone "
            "decided to accept until a date; it is not a pass."
            if checklist.accepted
            else "No failure is accepted."
        ),
        outcome="waived",
    )
    yield blocks.named("statements", statements(checklist.statements), outcome="attested")
    yield by_check(report, tally, {item.code for item in checklist.items})
    yield results(tally)
    if asks_practices(report):
        yield blocks.named("safeguards", (safeguards(standings(report, plan)),))
    yield standards(report.standards, tally.by_check)
    yield blocks.named("about", (about(report),))


def _intro(text: str) -> Child:
    """What a section is about."""
    return element("p", text, class_="intro")


def _head(report: Report, style: Verbatim, script: str) -> Element:
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_digest(style.text)}'",
            f"script-src '{_digest(script)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
        )
    )
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="robots", content="noindex"),
        element("title", f"hardenme: {inline(', '.join(report.targets)) or 'report'}"),
        element("link", rel="icon", href=ICON),
        style,
    )


def _digest(text: str) -> str:
    """The hash by which the policy allows an inline element: the digest of its content."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _asset(name: str) -> str:
    """A style sheet or a script, without what is there for who reads its source alone."""
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    short = "\n".join(line for line in lines if line and not line.startswith(("//", "/*")))
    return SPACED.sub(r"\1\2", short) if name.endswith(".css") else short


def publishing(report: Report, plan: FixPlan, blocks: Blocks) -> Element | None:
    """The packages, and how far each credential reaches."""
    packages = most_used_first(report.publishing.packages if report.publishing else ())
    wanting = [one for one in packages if not is_fine(one)]
    first = enumerate(wanting[:DRAWN])
    drawn = ((heading(one), graph(one, f"package-{place}")) for place, one in first)
    return blocks.named(
        "publishing",
        who_can_publish(report, plan, most_used_first),
        legend(releases=any(one.releases for one in wanting)) if wanting else None,
        drawings={words: drawing for words, drawing in drawn if drawing is not None},
    )
