"""The filter, and the list of all results that the page's script fills."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from hardenme.model.severity import Severity
from hardenme.reports.html.element import Element, element
from hardenme.reports.html.tally import CodeTally, title_of
from hardenme.reports.html.words import section

OUTCOMES = {
    "failed": "failed",
    "unknown": "unknown",
    "manual": "manual",
    "attested": "attested",
    "waived": "waived",
    "passed": "passed",
    "not_applicable": "n/a",
}
"""Results that can be chosen, and their words."""


def filters(tally: CodeTally) -> Element:
    """What is shown: by subject, severity, family and result. It needs the script."""
    families = sorted(tally.by_family())
    total = tally.total + Counter(unknown=tally.total["errored"])
    found = {name: word for name, word in OUTCOMES.items() if total[name]}
    return element(
        "form",
        element("h2", "Filter", class_="unseen"),
        element(
            "label",
            element("span", "Subject", class_="unseen"),
            element(
                "input",
                type="search",
                id="subject",
                placeholder="Filter by subject\u2026",
                autocomplete="off",
                spellcheck="false",
            ),
            class_="search",
        ),
        element(
            "label",
            element("span", "Family", class_="unseen"),
            element(
                "select",
                element("option", "All families", value=""),
                *(element("option", f"{one} {title_of(one)}", value=one) for one in families),
                id="family",
            ),
        ),
        _choices("severity", "Severity", ((str(one), str(one)) for one in _levels())),
        _choices("outcome", "Result", found.items()),
        element("input", type="hidden", id="code"),
        element("output", id="shown", for_="subject family"),
        element("button", "Clear", type="reset", id="clear"),
        class_="filters with-script",
        role="search",
        id="filters",
    )


def _levels() -> list[Severity]:
    return sorted(Severity, reverse=True)


def _choices(name: str, title: str, options: Iterable[tuple[str, str]]) -> Element:
    return element(
        "fieldset",
        element("legend", title, class_="unseen"),
        *_boxes(name, options),
        class_=f"choices {name}",
    )


def _boxes(name: str, options: Iterable[tuple[str, str]]) -> Iterator[Element]:
    for value, word in options:
        yield element(
            "label",
            element("input", type="checkbox", name=name, value=value),
            element("span", word),
            class_=f"choice {value}",
        )


def results(tally: CodeTally) -> Element:
    """The list of all results, which the script fills as far as it is looked at."""
    total = sum(tally.total.values())
    return section(
        "results",
        "All results",
        element(
            "p",
            "This list is made by the page's script. Without it, hardenme's JSON or CSV report has "
            f"all {total:,} results.",
            class_="without-script intro",
        ),
        element("p", id="listed", class_="with-script intro", aria_live="polite"),
        element("div", id="rows", class_="rows with-script"),
        element(
            "button", "Show more", type="button", id="further", class_="with-script", hidden=True
        ),
    )
