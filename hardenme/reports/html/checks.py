"""The results of each check in numbers; the links to the sections, and the last line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import chain

from hardenme.model.report import CheckText, Report
from hardenme.reports.closing import counts_line
from hardenme.reports.html.element import Element, element
from hardenme.reports.html.tally import CodeTally, title_of
from hardenme.reports.html.words import (
    anchor,
    aside,
    chip,
    folded,
    passage,
    prose,
    section,
)
from hardenme.reports.plain import counted, plain

RESULTS = {
    "failed": ("failed",),
    "unknown": ("unknown", "errored"),
    "manual": ("manual",),
    "attested": ("attested",),
    "waived": ("waived",),
    "passed": ("passed",),
    "n/a": ("not_applicable",),
}
"""The columns of a check's row, and the results that each one counts."""


QUIET = {"passed", "not_applicable"}
"""Results that leave nothing to fix."""


def about(text: CheckText | None, *, why: bool, fix: bool = True) -> Element | None:
    """What is to be known of a check, folded.

    Args:
        text: of the check; nothing is known without it.
        why: say why it matters, since nothing above does.
        fix: say what to know before it is fixed, since there may be something to fix.
    """
    if text is None:
        return None
    told = {
        "": text.why if why else "",
        "Before the fix: ": text.fix if fix else "",
        "Limits: ": text.limits,
    }
    known = (passage(said, label) for label, said in told.items())
    return folded(["About ", *prose(text.slug)], *chain.from_iterable(known))


def by_check(report: Report, tally: CodeTally, explained: Collection[str]) -> Element | None:
    """All checks that gave a result, by family.

    Args:
        tally: the results of each check.
        explained: the checks of which another part of the page says why they matter.
    """
    if not tally.by_check:
        return None
    return section(
        "checks",
        "All checks",
        element(
            "p",
            "What each check requires, and its results.",
            element("span", " Press a number to list its subjects.", class_="with-script"),
            class_="intro",
        ),
        *(
            _family(family, codes, report.checks, tally, explained)
            for family, codes in tally.by_family().items()
        ),
    )


def _family(
    family: str,
    codes: list[str],
    texts: Mapping[str, CheckText],
    tally: CodeTally,
    explained: Collection[str],
) -> Element:
    counts = sum((tally.by_check[code] for code in codes), Counter[str]())
    asked = counts.total() - counts["manual"]
    known = asked - counts["unknown"] - counts["errored"]
    share = f", {known * 100 // asked}% of {counted(asked, 'result')} known" if asked else ""
    return folded(
        (
            element("b", title_of(plain(family))),
            aside(f" {counted(len(codes), 'check')}{share}"),
        ),
        element(
            "ul",
            *(_check(code, texts.get(code), tally.by_check[code], explained) for code in codes),
        ),
        class_="family",
    )


def _check(
    code: str, text: CheckText | None, found: Counter[str], explained: Collection[str]
) -> Element:
    own = text is not None and code not in explained
    return element(
        "li",
        chip(code),
        " ",
        element("span", *(prose(text.summary) if text else ())),
        " ",
        element("em", _numbers(found)),
        about(text, why=True, fix=not found.keys() <= QUIET) if own else None,
        id=(anchor(code) if own else "") or None,
    )


def _numbers(found: Counter[str]) -> str:
    """The results of a check as numbers; the script makes a button of each part."""
    told = {name: sum(found[one] for one in results) for name, results in RESULTS.items()}
    return ", ".join(f"{number:,} {name}" for name, number in told.items() if number)


def foot(report: Report, tally: CodeTally) -> Element:
    """The last line, and what this page does."""
    return element(
        "footer",
        element("p", " \u00b7 ".join(counts_line(report, counts=tally.total)), class_="last"),
        element(
            "p",
            "This page loads and sends nothing. What you tick or answer stays in this browser. The"
            " run changed nothing.",
        ),
    )


def contents(sections: Mapping[str, str]) -> Element:
    """Links to the sections."""
    return element(
        "nav",
        element("ul", *_links(sections)),
        aria_label="Sections",
        class_="contents",
    )


def _links(sections: Mapping[str, str]) -> Iterator[Element]:
    for key, title in sections.items():
        yield element("li", element("a", title, href=f"#{key}"))
