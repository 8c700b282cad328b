"""From a run, new or kept, to who could do harm and who can stop whom."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from hardenme import __version__
from hardenme.cli.output.delivery import STOPPED, Delivery
from hardenme.cli.output.forms import show_form
from hardenme.cli.output.place import place_of
from hardenme.cli.stored.lately import signed, signs_in
from hardenme.cli.stored.runs import Kept
from hardenme.cli.terminal.console import Console
from hardenme.derive.holders import Link, holders, linked
from hardenme.ground.errors import UsageError
from hardenme.ground.exit_code import Exit
from hardenme.ground.files import PrivateFile
from hardenme.model.npm_address import REGISTRY
from hardenme.model.pages import GITHUB_WEB, web_url
from hardenme.model.report import Report
from hardenme.model.unknown import WHAT_TO_DO
from hardenme.reports.header import header_of
from hardenme.reports.holders import HoldersView, render
from hardenme.store.runs import KeptRun


def links_of(stated: Iterable[str]) -> tuple[Link, ...]:
    """The accounts that the user says are of one person.

    Raises:
        UsageError: one is not of the form GITHUB=NPM.
    """
    links = []
    for text in stated:
        github, equals, npm = text.partition("=")
        if not (github and equals and npm) or "=" in npm:
            raise UsageError(f"--same-person takes GITHUB=NPM; not {text!r}")
        links.append(Link(github.strip(), npm.strip()))
    return tuple(links)


@dataclass(frozen=True, slots=True)
class PeopleHandler:
    """Handles the report of a run in place of printing it.

    Attributes:
        console: where it is printed.
        delivery: where it goes, and in which form.
        links: which accounts are of one person, as the user says.
        full: everything is shown.
        hosts: whom commands and pages name, where these are not who is asked.
        invented: it is the demo's.
    """

    console: Console
    delivery: Delivery
    links: tuple[Link, ...]
    full: bool = False
    hosts: tuple[str, str] | None = None
    invented: bool = False

    def show_run(self, report: Report, hosts: tuple[str, str], place: PrivateFile | None) -> int:
        """Show a run that was just made; returns the exit code."""
        self._say_signs(report, None)
        hosts = self.hosts or (web_url(hosts[0]), hosts[1])
        return self._show(report, hosts, None, place)

    def of_kept(self, found: Kept) -> int:
        """Show a run that was kept; asks no one."""
        self._say_signs(found.report, found.run)
        place = place_of(self.delivery)
        asked = {one.provider: one.host for one in found.report.identities}
        hosts = web_url(asked.get("github", GITHUB_WEB)), asked.get("npm", REGISTRY)
        return self._show(found.report, hosts, found, place)

    def _say_signs(self, report: Report, run: KeptRun | None) -> None:
        if line := signs_in(report, run):
            self.console.say(line)

    def _show(
        self,
        report: Report,
        hosts: tuple[str, str],
        kept: Kept | None,
        place: PrivateFile | None,
    ) -> int:
        header = header_of(report)
        if place is not None:
            header = signed(header, report, kept.run if kept else None)
        known = holders(report, (*linked(report), *self.links), web=hosts[0], registry=hosts[1])
        told = HoldersView(
            known,
            kept.headline if kept else "",
            report.targets,
            __version__,
            header,
            full=self.full or self.delivery.output_format != "table",
            everything=self._everything(report),
            warnings=report.warnings,
            notes=report.coverage.notes,
            partial=report.partial or ("" if report.halted is None else WHAT_TO_DO[report.halted]),
        )
        if show_form(self.console, self.delivery, place, told, render) is not Exit.CLEAN:
            return Exit.USAGE
        if report.partial in STOPPED:
            return STOPPED[report.partial]
        unread = report.partial or report.halted is not None or not known.holders
        return Exit.UNKNOWN if unread or known.gaps else Exit.CLEAN

    def _everything(self, report: Report) -> str:
        """The command that shows the same without leaving anything out."""
        targets = [] if report.targets == ("me",) else list(report.targets)
        words = ["--demo"] if self.invented else targets
        for link in self.links:
            words += ["--same-person", f"{link.github}={link.npm}"]
        return shlex.join(["hardenme", "people", *words, "--full"])
