"""Which steps of the plan are on the page, and links to them."""

from __future__ import annotations

from hardenme.reports.fixplan.plan import FixPlan
from hardenme.reports.fixplan.words import command_of
from hardenme.reports.html.element import Element, element
from hardenme.reports.html.words import step_place

STEPS = 200
"""Steps before the rest is counted."""


def is_on_page(place: int) -> bool:
    """Whether the step at a place of the plan, from 0, is on the page."""
    return place < STEPS


def step_link(plan: FixPlan, name: str, text: str = "") -> Element:
    """A link to a step of the plan; where it is not on the page, the command that shows it.

    Args:
        name: the step's id.
        text: what is linked; empty for the id.
    """
    if any(step.id == name for step in plan.steps[:STEPS]):
        return element("a", text or f"step {name}", href=f"#{step_place(name)}")
    shown = element("code", command_of(plan, f"fix {name}"), class_="command")
    return element("span", text, " ", shown) if text else shown
