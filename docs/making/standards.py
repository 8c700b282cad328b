"""Published standards: the controls that a check supports, and a page with all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hardenme.engine import standards as engine
from hardenme.model.standard import Control, Standard, Support

MADE = "<!-- made by docs/make.py from the catalogue: change the standard, not this page -->"
HEAD = """\
How far the checks cover published standards. Titles are ours; a standard's own text
decides. A covered control is not yet fulfilled: a run shows that, and its JSON and HTML
reports have the controls next to the findings.

`hardenme list --standard NAME` prints a standard in the terminal, `hardenme explain CODE` the
controls of a check."""
SUPPORT = {
    Support.COVERED: "checks decide all of it",
    Support.PARTLY: "checks decide a part",
    Support.ATTESTED: "a person looks, and answers",
    Support.NOT: "nothing that hardenme reads shows it",
}
"""How far, in words."""


def supported(code: str) -> list[str]:
    """A line for each control that a check supports, for a page below `checks`."""
    return [_line(standard, control) for standard, control in engine.supported(code)]


def page() -> str:
    """The page of all standards."""
    parts = [
        MADE,
        "# Published standards",
        HEAD,
        "\n".join(_overview()),
        "\n".join(f"- *{support}*: {meaning}" for support, meaning in SUPPORT.items()),
    ]
    for standard in engine.standards():
        parts += _section(standard)
    return "\n\n".join(parts) + "\n"


def _line(standard: Standard, control: Control) -> str:
    gap = f" Not seen: {_inert(control.gap)}" if control.gap else ""
    return (
        f"- [{standard.name}](../standards.md#{standard.name}) `{control.key}`,"
        f" {control.support}: {_inert(control.title)}.{gap}"
    )


def _overview() -> Iterator[str]:
    yield f"| standard | controls | {' | '.join(Support)} |"
    yield f"|---|{'---|' * (len(Support) + 1)}"
    for standard in engine.standards():
        counted = Counter(control.support for control in standard.controls)
        numbers = " | ".join(str(counted[support]) for support in Support)
        title = f"[{_inert(standard.title)}](#{standard.name})"
        yield f"| {title} | {len(standard.controls)} | {numbers} |"


def _section(standard: Standard) -> Iterator[str]:
    yield f"## {standard.name}"
    yield (
        f"[{_inert(standard.title)}, {standard.version}]({standard.page}), read on"
        f" {standard.read.isoformat()}."
    )
    rows = ["| control | what it asks for | support | checks | not seen |", "|---|---|---|---|---|"]
    for control in standard.controls:
        checks = " ".join(f"[{code}](checks/{code}.md)" for code in control.checks)
        cells = (f"`{control.key}`", _inert(control.title), control.support, checks)
        rows.append(f"| {' | '.join((*cells, _inert(control.gap)))} |")
    yield "\n".join(rows)


def _inert(text: str) -> str:
    """A text in which Markdown takes no character for its own."""
    return "".join(f"\\{sign}" if sign in "*_|<[" else sign for sign in text)
