"""What came out of each check, in numbers; and what is said of the run as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from hardenme.model.report import CheckText, Report
from hardenme.reports.closing import counts_line, notes_of_run
from hardenme.reports.html.element import Child, Element, element
from hardenme.reports.html.families import family_of, title_of
from hardenme.reports.html.tally import Tally
from hardenme.reports.html.words import chip, prose, section, terms
from hardenme.reports.plain import plain

COLUMNS = {
    "failed": ("failed",),
    "unknown": ("unknown", "errored"),
    "manual": ("manual",),
    "attested": ("attested",),
    "waived": ("waived",),
    "passed": ("passed",),
    "n/a": ("not_applicable",),
}
"""The columns of the table, and the results that each counts."""


def by_check(report: Report, tally: Tally) -> Element | None:
    """A table of all checks that gave a result, by family."""
    families: dict[str, list[str]] = {}
    for code in sorted(tally.by_check):
        families.setdefault(family_of(code), []).append(code)
    if not families:
        return None
    head = element(
        "tr",
        element("th", "Check", scope="col"),
        *(element("th", name, scope="col", class_="number") for name in COLUMNS),
    )
    return section(
        "checks",
        "All checks",
        element(
            "p",
            "How often each check came out how. What passed is counted here.",
            element("span", " Press a number to list its subjects.", class_="with-script"),
            class_="intro",
        ),
        element(
            "div",
            element(
                "table",
                element("caption", "Results by check", class_="unseen"),
                element("thead", head),
                *(
                    _family(family, codes, report.checks, tally)
                    for family, codes in families.items()
                ),
                class_="tally",
            ),
            class_="wide",
            tabindex="0",
            role="region",
            aria_label="Results by check",
        ),
    )


def _family(family: str, codes: list[str], texts: Mapping[str, CheckText], tally: Tally) -> Element:
    title = element("th", title_of(plain(family)), colspan=len(COLUMNS) + 1, scope="rowgroup")
    return element(
        "tbody",
        element("tr", title, class_="family"),
        *(_check(code, texts.get(code), tally.by_check[code]) for code in codes),
    )


def _check(code: str, text: CheckText | None, found: Counter[str]) -> Element:
    summary: tuple[Child, ...] = prose(text.summary) if text else ()
    return element(
        "tr",
        element("th", chip(code), " ", element("span", *summary), scope="row"),
        *(_number(code, name, sum(found[one] for one in COLUMNS[name])) for name in COLUMNS),
        data_code=plain(code),
    )


def _number(code: str, name: str, number: int) -> Element:
    look = f"number {'none' if not number else name.replace('/', '')}"
    shown = element(
        "span",
        f"{number:,}" if number else "\u2013",
        data_list=f"{plain(code)} {name}" if number else None,
    )
    return element("td", shown, class_=look)


def about(report: Report) -> Element:
    """What the run left out, accepted and cost."""
    return section(
        "about",
        "About this run",
        terms(((label, list(prose(text))) for label, text in notes_of_run(report)), "terms long"),
    )


def foot(report: Report, tally: Tally) -> Element:
    """The last line, and what this page does."""
    return element(
        "footer",
        element("p", " \u00b7 ".join(counts_line(report, counts=tally.total)), class_="last"),
        element(
            "p",
            "This page is whole in itself: it loads nothing, sends nothing and keeps nothing. "
            "Nothing was changed by the run; what is to be done is printed for you to do.",
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
