"""Who can publish: each package with its drawing and its paths, the most used package first."""

from __future__ import annotations

from hardenme.model.report import Report
from hardenme.reports.fixplan.plan import FixPlan
from hardenme.reports.html.blocks import Blocks
from hardenme.reports.html.element import Element
from hardenme.reports.html.graph import graph, legend
from hardenme.reports.outline.paths import heading, who_can_publish
from hardenme.reports.publishing import is_fine, most_used_first


def publishing(report: Report, plan: FixPlan, blocks: Blocks) -> Element | None:
    """The packages, and how far each credential reaches."""
    packages = most_used_first(report.publishing.packages if report.publishing else ())
    wanting = [one for one in packages if not is_fine(one)]
    drawn = ((heading(one), graph(one, f"package-{place}")) for place, one in enumerate(wanting))
    return blocks.named(
        "publishing",
        who_can_publish(report, plan, most_used_first),
        legend() if wanting else None,
        drawings={words: drawing for words, drawing in drawn if drawing is not None},
    )
