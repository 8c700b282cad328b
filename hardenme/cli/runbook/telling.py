"""From the last kept run to a runbook."""

from __future__ import annotations

from hardenme import __version__
from hardenme.cli.output.delivery import Delivery, Made, hand_out, place_of
from hardenme.cli.stored.runs import RUN_NONE, NoRunError, is_demo, latest, whose
from hardenme.cli.terminal.console import Console
from hardenme.derive.recent.wording import Hosts
from hardenme.derive.runbook import runbook
from hardenme.engine.catalogue import catalogue
from hardenme.facts.npm.release import Observed
from hardenme.ground.files import OutputError
from hardenme.model.exit_code import Exit
from hardenme.model.npm_address import REGISTRY
from hardenme.model.pages import GITHUB_WEB, web_url
from hardenme.model.report import Report
from hardenme.model.unknown import WHAT_TO_DO
from hardenme.reports.runbook import RunbookShown, render
from hardenme.reports.style import Style


def tell(console: Console, delivery: Delivery, *, demo: bool) -> int:
    """Show the runbook of the last kept run; returns the exit code."""
    try:
        report = latest(demo=demo).report
        place = place_of(delivery)
    except (NoRunError, OutputError) as error:
        console.say(str(error))
        return Exit.USAGE
    found = runbook(report, _hosts(report), _release_checks())
    told = RunbookShown(found, whose(report), __version__, _warning(report))
    style = Style(
        console.width,
        color=console.color and place is None,
        ascii_only=console.ascii_only and place is None,
    )
    text = render(told, delivery.output_format, style)
    if hand_out(console, Made.of(text), delivery, place) is not Exit.CLEAN:
        return Exit.USAGE
    return Exit.UNKNOWN if found.missing or _cut(report) else Exit.CLEAN


def _hosts(report: Report) -> Hosts:
    """Whom the run asked; the demo's accounts are of no real host."""
    if is_demo(report):
        return Hosts()
    asked = {one.provider: one.host for one in report.identities}
    return Hosts(web_url(asked.get("github", GITHUB_WEB)), asked.get("npm", REGISTRY))


def _release_checks() -> frozenset[str]:
    return frozenset(one.code for one in catalogue() if issubclass(one.subject_fact, Observed))


def _cut(report: Report) -> str:
    """Why the run did not go to its end; empty where it did."""
    return report.partial or ("" if report.halted is None else WHAT_TO_DO[report.halted])


def _warning(report: Report) -> str:
    cut = _cut(report)
    parts = [
        f"{RUN_NONE}." if is_demo(report) else "",
        f"The run did not go to its end: {cut}" if cut else "",
    ]
    return " ".join(filter(None, parts))
