"""`hardenme explain`."""

from __future__ import annotations

from itertools import chain

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.panels import PanelCommand
from hardenme.config.option import text
from hardenme.reports.columns import paragraph

TITLES = {"look": "Look for", "why": "Why", "fix": "Fix", "limits": "Limits"}
NOTHING = "no permission is needed"
CODE = text("code", "A check's code or slug.", spelled="CODE", required=True, offers="one_check")


def explain(given: OptionValues) -> int:
    """Show what a check means, why it matters, how to fix it, and what it needs to read."""
    from hardenme.engine.catalogue import find  # noqa: PLC0415 (start-up)
    from hardenme.engine.plan import sources  # noqa: PLC0415
    from hardenme.engine.standards import supported  # noqa: PLC0415
    from hardenme.model.passages import ITEM, paragraphs  # noqa: PLC0415

    console = given.console
    check = find(given[CODE])
    width = min(console.width, 88)
    console.print(f"{check.code} {check.title}\n{check.slug} · {check.severity}\n\n")
    console.print("\n".join([*paragraph(f"Required: {check.summary}", width), ""]))
    for section, title in TITLES.items():
        if check.texts[section]:
            console.print(f"\n{title}\n")
            for line in chain.from_iterable(paragraphs(check.texts[section])):
                hang = 2 if ITEM.match(line) else 0
                console.print("\n".join([*paragraph(line, width, indent=2, hang=hang), ""]))
    answers = supported(check.code)
    if answers:
        console.print("\nStandards\n")
    for standard, control in answers:
        text = f"{standard.name} {control.key}: {control.title} ({control.support})"
        console.print("\n".join([*paragraph(text, width, indent=2, hang=2), ""]))
    console.print("\nReads\n")
    # Several facts are read from one answer.
    kinds = sorted(sources(check.facts), key=lambda kind: kind.source)
    needs = (f"{kind.source}: {str(kind.requirement) or NOTHING}" for kind in kinds)
    for text in dict.fromkeys(needs):
        console.print("\n".join([*paragraph(text, width, indent=2, hang=2), ""]))
    return 0


COMMAND = PanelCommand("explain", explain, CODE)
