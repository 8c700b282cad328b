"""Published standards: how far the checks answer what they ask for, and what this run found of it.

No sentence in here says that someone complies: the checks see a part, and this run saw a part of
that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from hardenme.model.standard import Control, Standard, Support
from hardenme.reports.html.element import Child, Element, element
from hardenme.reports.html.words import aside, chips, folded, inline, page, prose, section, table

Counts = Mapping[str, Counter[str]]
FOUND = ("failed", "unknown", "errored", "manual", "waived", "attested", "passed")
"""The order of results."""


LEFT_OUT = "not in this run"


def standards(known: Sequence[Standard], counts: Counts) -> Element | None:
    """The controls of each standard."""
    if not known:
        return None
    return section(
        "standards",
        "Standards",
        element(
            "p",
            "How far the checks answer what a standard asks for, and what this run found. It does "
            "not show that a standard is met.",
            class_="intro",
        ),
        *(_standard(one, counts) for one in known),
    )


def _standard(one: Standard, counts: Counts) -> Element:
    supported = Counter(control.support for control in one.controls)
    told = ", ".join(f"{supported[support]} {support.value}" for support in Support)
    source = (page(one.page), f", read on {one.read.isoformat()}") if one.page else ()
    return folded(
        (
            element("b", inline(one.title)),
            " ",
            aside(f"{inline(one.version)}: {told}"),
        ),
        element("p", *source) if source else None,
        table(
            f"Controls of {inline(one.title)}",
            ("Control", "What it asks for", "Checked", "This run"),
            (_control(control, counts) for control in one.controls if control.checks),
            "controls",
        ),
        *_not_covered(one),
        class_="standard",
    )


def _not_covered(one: Standard) -> Iterator[Element]:
    """What no check answers, by the reason, which many share."""
    gaps: dict[str, list[Control]] = {}
    for control in one.controls:
        if not control.checks:
            gaps.setdefault(control.gap, []).append(control)
    if gaps:
        yield element("h3", f"{Support.NOT.value.capitalize()} by any check")
    for gap, controls in gaps.items():
        asked = (f"{inline(control.key)} {inline(control.title)}" for control in controls)
        yield element("p", aside(*prose(gap)), " ", "; ".join(asked))


def _control(control: Control, counts: Counts) -> tuple[Iterable[Child], ...]:
    """One row of the table."""
    gap = (" ", aside("Not seen: ", *prose(control.gap))) if control.gap else ()
    return (
        (inline(control.key),),
        (*prose(control.title), *gap),
        (control.support.value,),
        _by_check(control, counts),
    )


def _by_check(control: Control, counts: Counts) -> Iterator[Child]:
    """The results of this run, check by check; checks with equal results share a line."""
    alike: dict[str, list[str]] = {}
    for code in control.checks:
        alike.setdefault(_results(counts.get(code, Counter())), []).append(code)
    for number, (result, codes) in enumerate(alike.items()):
        if number:
            yield "; "
        yield from chips(codes)
        yield f" each {result}" if len(codes) > 1 and result != LEFT_OUT else f" {result}"


def _results(found: Mapping[str, int]) -> str:
    """The results of a check, in numbers."""
    told = [f"{found[name]:,} {name}" for name in FOUND if found.get(name)]
    if not told:
        skipped = found.get("not_applicable", 0)
        return f"{skipped:,} not applicable" if skipped else LEFT_OUT
    return ", ".join(told)
