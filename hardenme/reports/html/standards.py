"""Published standards: how far the checks answer what they ask for, and what this run found of it.

No sentence in here says that somebody complies: the checks see a part, and this run saw a part of
that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from hardenme.model.standard import Control, Standard, Support
from hardenme.reports.html.charts import hatching
from hardenme.reports.html.element import Child, Element, element
from hardenme.reports.html.words import chip, counted, folded, page, prose, said, section

Counts = Mapping[str, Counter[str]]
LOOKS: dict[Support, str] = {
    Support.COVERED: "covered",
    Support.PARTLY: "partly",
    Support.ATTESTED: "attested",
    Support.NOT: "not",
}
WIDTH, HEIGHT = 600, 14
FOUND = ("failed", "unknown", "errored", "manual", "waived", "attested", "passed")
"""Results in the order in which they are told; the first that is there says how a check stands."""


def standards(known: Sequence[Standard], counts: Counts) -> Element | None:
    """A bar and a table of the controls for each standard."""
    if not known:
        return None
    return section(
        "standards",
        "Standards",
        element(
            "p",
            "How far the checks answer what a standard asks for, and what this run found. It is no "
            "statement that a standard is met.",
            class_="intro",
        ),
        *(_standard(one, number, counts) for number, one in enumerate(known)),
    )


def _standard(one: Standard, number: int, counts: Counts) -> Element:
    supported = Counter(control.support for control in one.controls)
    told = ", ".join(f"{supported[support]} {support.value}" for support in Support)
    source = (page(one.page), f", read on {one.read.isoformat()}") if one.page else ()
    return element(
        "div",
        element("h3", said(one.title), " ", element("span", said(one.version), class_="aside")),
        _bar(said(one.title), told, supported, len(one.controls), f"standard-{number}"),
        element(
            "ul",
            *(_key(support, supported[support], f"standard-{number}") for support in Support),
            class_="keys",
        ),
        element("p", *source, class_="aside") if source else None,
        folded([counted(len(one.controls), "control")], _table(one, counts)),
        class_="standard",
    )


def _key(support: Support, number: int, key: str) -> Element:
    mark = element(
        "svg",
        element(
            "rect",
            width=12,
            height=12,
            fill=_fill(support, key),
            class_=f"support {LOOKS[support]}",
        ),
        viewBox="0 0 12 12",
        width=12,
        height=12,
        aria_hidden="true",
    )
    return element("li", mark, f" {number:,} {support.value}")


def _bar(
    title: str, told: str, supported: Mapping[Support, int], whole: int, key: str
) -> Element | None:
    if not whole:
        return None
    parts: list[Element] = []
    at = 0.0
    for support in Support:
        length = WIDTH * supported.get(support, 0) / whole
        if length:
            look = f"support {LOOKS[support]}"
            width = max(round(length - 2, 2), 1)
            parts.append(
                element(
                    "rect",
                    x=round(at, 2),
                    width=width,
                    height=HEIGHT,
                    fill=_fill(support, key),
                    class_=look,
                )
            )
        at += length
    return element(
        "svg",
        element("title", title, id=f"{key}-title"),
        element("desc", f"{told}.", id=f"{key}-desc"),
        element("defs", hatching(key)),
        *parts,
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        preserveAspectRatio="none",
        role="img",
        aria_labelledby=f"{key}-title {key}-desc",
        class_="bar",
    )


def _fill(support: Support, key: str) -> str | None:
    return f"url(#{key}-hatch)" if support is Support.ATTESTED else None


def _table(one: Standard, counts: Counts) -> Element:
    heads = ("Control", "What it asks for", "Checked", "This run")
    return element(
        "div",
        element(
            "table",
            element("caption", f"Controls of {said(one.title)}", class_="unseen"),
            element("thead", element("tr", *(element("th", head, scope="col") for head in heads))),
            element("tbody", *(_control(control, counts) for control in one.controls)),
            class_="controls",
        ),
        class_="wide",
        tabindex="0",
        role="region",
        aria_label=f"Controls of {said(one.title)}",
    )


def _control(control: Control, counts: Counts) -> Element:
    gap = element("span", "Not seen: ", *prose(control.gap), class_="gap") if control.gap else None
    return element(
        "tr",
        element("th", said(control.key), scope="row"),
        element("td", *prose(control.title), gap),
        element(
            "td", element("span", control.support.value, class_=f"mark {LOOKS[control.support]}")
        ),
        element("td", *_found(control, counts)),
    )


def _found(control: Control, counts: Counts) -> Iterator[Child]:
    """What this run found, check by check."""
    if not control.checks:
        yield element("span", "no check", class_="aside")
        return
    yield element("ul", *(_check(code, counts) for code in control.checks), class_="found")


def _check(code: str, counts: Counts) -> Element:
    return element("li", chip(code), " ", *results(counts.get(code, Counter())))


def results(found: Mapping[str, int]) -> Iterable[Child]:
    """What came out of a check, in numbers."""
    told = [(name, found.get(name, 0)) for name in FOUND if found.get(name, 0)]
    if not told:
        skipped = found.get("not_applicable", 0)
        yield element(
            "span",
            f"{skipped:,} not applicable" if skipped else "not looked at in this run",
            class_="aside",
        )
        return
    for number, (name, count) in enumerate(told):
        if number:
            yield ", "
        yield element("span", f"{count:,} {name}", class_=f"result {name}")
