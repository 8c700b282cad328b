"""The drawings of the first page, which is printed: from the numbers of the overview."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from hardenme.model.trend_point import TrendPoint
from hardenme.reports.fixplan.plan import Step
from hardenme.reports.header import day
from hardenme.reports.html.bars import bar, stacked, swatch
from hardenme.reports.html.element import Child, Element, element
from hardenme.reports.html.heat import heat, keys
from hardenme.reports.html.words import aside, inline, names, table, typed
from hardenme.reports.overview.heat_map import HeatMap
from hardenme.reports.overview.overview import ReportOverview
from hardenme.reports.overview.reach import NOT_SHOWN, PeopleReach, ReachRow
from hardenme.reports.overview.waterfall import Fall, Waterfall
from hardenme.reports.plain import counted
from hardenme.reports.publishing import briefly

NAMED = 5
"""Names in a row of people before the rest is counted."""
LOOKS = {"on": "good", "off": "bad", NOT_SHOWN: "unclear"}
"""How a cell of 2FA looks; any other is a weaker kind."""
SITES = {"github": "GitHub", "npm": "npm"}
WAITS = "until something else is done, such as a release: each step says what."
"""Of findings that a step does not close at once."""
PAST = "Unprotected, the left part of a bar: no rule of the default branch stops their push."
UNSEEN = "Not everything was read, so there may be others: "
COLUMN, BETWEEN, TALL = 36, 8, 60
"""Units of the trend: of a column, between two, and their height."""

Link = Callable[[Step], Child]
"""Makes a link to a step, with its id as text."""


def severities(shown: ReportOverview) -> Element | None:
    """One bar of all findings by severity, and of what is not known; nothing if there is none.

    Its legend has the numbers.
    """
    numbers = [(number, str(level)) for level, number in shown.severities.items()]
    if shown.unknown:
        numbers.append((shown.unknown, "unknown"))
    if not numbers:
        return None
    told = [f"{number:,} {word}" for number, word in numbers]
    total = sum(number for number, _ in numbers)
    legend = (
        element("li", swatch(look), f" {text}")
        for (_, look), text in zip(numbers, told, strict=True)
    )
    return element(
        "figure",
        bar(stacked(numbers), total, title=f"Findings by severity: {', '.join(told)}"),
        element("figcaption", element("ul", *legend, class_="keys")),
        class_="severities",
    )


def looked_at(shown: ReportOverview) -> str:
    """How much of what was asked is known."""
    if not shown.asked:
        return "Nothing was asked."
    left = shown.asked - shown.known
    asked = f"Of {counted(shown.asked, 'result')} that can be read"
    if not left:
        return f"{asked}, all are known."
    return f"{asked}, {shown.known:,} are known and {left:,} {'is' if left == 1 else 'are'} not."


def drawings(shown: ReportOverview, link: Link) -> Element:
    """All drawings, each with a heading and a sentence that says what it shows."""
    parts = (
        _waterfall(shown.waterfall, link),
        _heat_map(shown.heat_map),
        _trend(shown),
        None if shown.reach is None else _reach(shown.reach, shown.people),
    )
    return element("div", *parts, class_="drawings")


def _figure(look: str, title: str, text: str | Sequence[Child], *content: Child) -> Element:
    lead = element("p", *([text] if isinstance(text, str) else text))
    caption = element("figcaption", element("h2", title), lead)
    return element("figure", caption, *content, class_=look)


def _waterfall(shown: Waterfall, link: Link) -> Element | None:
    if not shown.total:
        return None
    changes = counted(len(shown.falls), "change")
    close = "closes" if len(shown.falls) == 1 else "close"
    text = f"{changes} {close} {shown.closed:,} of {counted(shown.total, 'finding')}."
    if not shown.falls:
        text = f"No step closes any of {counted(shown.total, 'finding')}."
    if shown.waiting:
        stay = "stays" if shown.waiting == 1 else "stay"
        text += f" {counted(shown.waiting, 'finding')} {stay} after all steps, {WAITS}"
    rest = shown.total - shown.closed
    rows = [
        _line("All findings", shown.total, ((0, shown.total, "all"),), shown.total),
        *(_fall(fall, shown.total, link) for fall in shown.falls),
    ]
    if shown.by_others:
        parts = ((rest - shown.by_others, shown.by_others, "fall"), (0, shown.left, "left"))
        title = counted(shown.others, "other step")
        rows.append(_line(title, -shown.by_others, parts, shown.total))
    left = ((0, shown.left, "left"),)
    rows.append(_line("Left after all steps", shown.left, left, shown.total))
    return _figure("falls", "What closes most", text, element("ol", *rows))


def _fall(fall: Fall, total: int, link: Link) -> Element:
    parts = ((fall.after, fall.closes, "fall"), (0, fall.after, "left"))
    return _line("", -fall.closes, parts, total, link(fall.step), " ", inline(fall.step.title))


def _line(
    title: str, number: int, parts: tuple[tuple[float, float, str], ...], total: int, *head: Child
) -> Element:
    shown = f"\u2212{-number:,}" if number < 0 else f"{number:,}"
    label = element("span", *head) if head else element("strong", title)
    return element("li", label, bar(parts, total), element("b", shown))


def _heat_map(shown: HeatMap) -> Element | None:
    if not shown.rows:
        return None
    places = {
        "repo": ("repository", "repositories"),
        "package": ("package", "packages"),
    }
    there = [
        counted(shown.kinds[kind], *words) for kind, words in places.items() if kind in shown.kinds
    ]
    text = f"{counted(shown.within, 'finding')} in {' and '.join(there)}"
    text += ", the worst first." if shown.within else "."
    if shown.beyond:
        text += f" {shown.beyond:,} more are of accounts, organizations and machines."
    return _figure("places", "Where the findings are", text, heat(shown), keys(shown))


def _reach(shown: PeopleReach, everyone: str) -> Element | None:
    people = typed(everyone)
    seen = sum(row.people for row in shown.rows) + shown.others
    if not seen:
        return None
    at_least = "" if shown.complete else "At least "
    machines = counted(
        shown.machines, "app, key, token or secret", "apps, keys, tokens and secrets"
    )
    who = counted(seen, "account") + (f" and {machines}" if shown.machines else "")
    text: list[Child] = [f"{at_least}{who} reach repositories or packages."]
    if any(row.past_rules for row in shown.rows):
        text.append(f" {PAST}")
    if shown.unseen:
        count = len(shown.unseen)
        were = "was" if count == 1 else "were"
        text.append(f" {count:,} of the repositories {were} not looked at: ")
        text += [*names(shown.unseen, most=NAMED), "."]
    if not shown.complete:
        text += [f" {UNSEEN}", people, "."]
    repositories, packages = shown.widest
    heads = ["Who", "2FA"]
    heads += ["Repositories"] if repositories else []
    heads += ["Packages \u00b7 downloads"] if packages else []
    rows = ([*_person(row, repositories, packages)] for row in shown.rows)
    more = counted(shown.others, "more account")
    left = element("p", f"{more} with no wider reach: ", people, class_="more")
    return _figure(
        "reach",
        "Who reaches what",
        text,
        table("Who reaches what", heads, rows),
        left if shown.others else None,
    )


def _person(row: ReachRow, repositories: int, packages: int) -> Iterator[tuple[Child, ...]]:
    many = (f"{row.people:,} accounts: ",) if row.people > 1 else ()
    where = aside(f" {SITES.get(row.provider, row.provider)}")
    first, others = row.names[:1], row.names[1:]
    you: Sequence[Child] = (aside(" (you)"), ", " if others else "") if row.own else ()
    listed = (*names(first), *you, *names(others, most=NAMED - 1)) if row.own else ()
    yield (*many, *(listed or names(row.names, most=NAMED)), where)
    yield (element("span", inline(row.two_factor), class_=f"state {_look(row)}"),)
    if repositories:
        past = f" \u00b7 {row.past_rules:,} unprotected" if row.past_rules else ""
        parts = ((0, row.repositories, "reach"), (0, row.past_rules, "past"))
        yield _reached(f"{row.repositories:,}{past}", parts, repositories, row.repositories)
    if packages:
        least = "\u2265 " if row.at_least else ""
        weekly = f" \u00b7 {least}{briefly(row.weekly)}/wk" if row.weekly else ""
        yield _reached(
            f"{row.packages:,}{weekly}", ((0, row.packages, "reach"),), packages, row.packages
        )


def _look(row: ReachRow) -> str:
    return LOOKS.get(row.two_factor, "poor")


def _reached(
    text: str, parts: tuple[tuple[float, float, str], ...], widest: int, number: int
) -> tuple[Child, ...]:
    if not number:
        return (aside("none seen"),)
    return (element("div", element("span", text), bar(parts, widest), class_="reached"),)


def _trend(shown: ReportOverview) -> Element:
    points = shown.trend
    if len(points) == 1:
        return _figure("trend", "Trend", "No earlier run is kept, so there is no trend yet.")
    first, last = points[0], points[-1]
    text = f"{_total(first)} on {day(first.at)}; {_total(last)} in this run."
    broken = sum(not point.whole for point in points)
    if broken:
        text += f" {counted(broken, 'run')} ended early and may count too few."
    return _figure("trend", "Trend", text, _columns(points))


def _total(point: TrendPoint) -> str:
    return f"{counted(sum(point.failed.values()), 'finding')}, {point.unknown:,} unknown"


def _columns(points: Sequence[TrendPoint]) -> Element:
    most = max(sum(point.failed.values()) + point.unknown for point in points) or 1
    width = len(points) * (COLUMN + BETWEEN)
    return element(
        "svg",
        element("title", "Findings of each kept run by severity", id="trend-title"),
        *(
            part
            for at, point in enumerate(points)
            for part in _column(point, at * (COLUMN + BETWEEN), most)
        ),
        viewBox=f"0 0 {width} {TALL + 30}",
        width=width,
        height=TALL + 30,
        role="img",
        aria_labelledby="trend-title",
        class_="columns",
    )


def _column(point: TrendPoint, left: int, most: int) -> Iterator[Element]:
    levels = [(number, str(level)) for level, number in sorted(point.failed.items()) if number]
    bottom = float(TALL + 14)
    rects: list[Element] = []
    for number, look in [(point.unknown, "unknown"), *levels]:
        tall = number / most * TALL
        bottom -= tall
        if number:
            rects.append(
                element(
                    "rect",
                    x=left,
                    y=f"{bottom:.1f}",
                    width=COLUMN,
                    height=f"{tall:.1f}",
                    class_=look,
                )
            )
    sign = "" if point.whole else "*"
    total = f"{sum(point.failed.values()):,}{sign}"
    middle = left + COLUMN // 2
    yield element(
        "g",
        element("title", f"{day(point.at)}: {_total(point)}"),
        *rects,
        element("text", total, x=middle, y=f"{bottom - 3:.1f}"),
        element("text", f"{point.at:%d %b}".lstrip("0"), x=middle, y=TALL + 27, class_="when"),
    )
