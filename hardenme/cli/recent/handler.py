"""From a run to the events of its window, compared with the newest kept run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from hardenme import __version__
from hardenme.cli.output.delivery import STOPPED, Delivery
from hardenme.cli.output.forms import show_form
from hardenme.cli.recent.once import RecentOnce
from hardenme.cli.stored.incidents import next_step, open_from_recent, open_one
from hardenme.cli.stored.lately import order_of
from hardenme.cli.stored.runs import keep_lately
from hardenme.cli.terminal.console import Console
from hardenme.derive.recent import Hosts, recent
from hardenme.engine.attested import account_name
from hardenme.engine.run_config import RunConfig
from hardenme.ground import clock
from hardenme.ground.errors import StoredError
from hardenme.ground.exit_code import Exit
from hardenme.ground.files import PrivateFile
from hardenme.ground.places import state_folder
from hardenme.model.confirm import ConfirmLine, with_confirmed
from hardenme.model.depth import DEEPER
from hardenme.model.pages import web_url
from hardenme.model.recent import Recent
from hardenme.model.report import LEFT_OUT, Report, command_targets
from hardenme.model.unknown import WHAT_TO_DO
from hardenme.reports.plain import counted
from hardenme.reports.recent import RecentView, render
from hardenme.reports.recent.view import AfterRecent, ShownBefore
from hardenme.reports.recent.view import window as in_words
from hardenme.reports.sign_in import first_words
from hardenme.reports.signs import signs_beyond
from hardenme.store import to_confirm
from hardenme.store.attestations import Record, read


def answered(
    found: Recent, accounts: Mapping[str, str], now: datetime
) -> tuple[Recent, tuple[str, ...]]:
    """The same with what is on record as confirmed, and what a reader has to know of the record."""
    try:
        record = read(state_folder())
    except StoredError as error:
        record = Record(fault=str(error))
    statements = () if record.fault else record.statements
    return with_confirmed(found, statements, accounts, now), record.warnings


def keep(console: Console, lines: Sequence[ConfirmLine]) -> None:
    """Keep lines for `hardenme attest`; if they cannot be written, say so and go on."""
    some = [one for one in lines if one.command]
    if not some:
        return
    try:
        to_confirm.keep(state_folder(), some, clock.now().replace(microsecond=0))
    except StoredError as error:
        console.say(f"The lines to confirm are not kept, so `hardenme attest` has none: {error}")


USUAL = "48h"
INVENTED = ("invented accounts",)
COUNTED = re.compile(rf"([\d,]+ repositor\w+) w\w+ {LEFT_OUT}")
"""The note of a run about repositories that it left out."""
NO_SITE = {"github.com": "github.com", "npmjs.org": "npmjs.com"}


@dataclass(frozen=True, slots=True)
class RecentHandler:
    """Handles the report of a run in place of printing it.

    Attributes:
        console: where it is printed.
        config: of the run.
        delivery: where it goes, and in which form.
        window: how far back.
        since: the same as the user wrote it.
        hosts: whom commands and pages name, where these are not who is asked.
        invented: it is the demo's.
        once: what runs before have shown, which is left out; None if it is shown again.
    """

    console: Console
    config: RunConfig
    delivery: Delivery
    window: timedelta
    since: str
    hosts: Hosts | None = None
    invented: bool = False
    once: RecentOnce | None = None

    def show_run(self, report: Report, hosts: tuple[str, str], place: PrivateFile | None) -> int:
        """Show what a run saw of its window; returns the exit code."""
        found = self._recent(report, hosts)
        beyond = signs_beyond(report, {one.subject for one in found.events if one.marks})
        accounts, notes = {}, (*_notes(report), *filter(None, (beyond,)))
        if not self.invented:
            accounts = _accounts(report)
            found, warnings = answered(found, accounts, _latest(report))
            notes = (*warnings, *notes)
        new = None if self.once is None else self.once.new(found, report)
        if new is not None:
            found = new.recent
        told = RecentView(
            recent=found,
            accounts=accounts,
            targets=report.targets,
            hosts=self._sites(report),
            version=__version__,
            window=in_words(self.window),
            requests=sum(report.traffic.requests.values()),
            partial=report.partial or ("" if report.halted is None else WHAT_TO_DO[report.halted]),
            full=self._full(),
            invented=self.invented,
            notes=notes,
            left_out=_left_out(report),
            refused=first_words(report),
            own=frozenset(one.login.lower() for one in report.identities if one.login),
            before=ShownBefore() if new is None else ShownBefore(new.marked, new.others),
        )
        if not self.invented:
            keep(self.console, told.to_confirm)
        kept = bool(found.marked) and keep_lately(self.console, report)
        told = replace(told, step=self._step(told, kept=kept))
        if self.once is None or new is None:
            return self._show(told, place) or _code(report, found)
        printed = self._show(told, place) if self.once.prints(new.cycle) else Exit.CLEAN
        ended = self.once.end(told, new.cycle)
        if Exit.USAGE in {printed, ended}:
            return Exit.USAGE
        return _code(report, found) or ended

    def _show(self, told: RecentView, place: PrivateFile | None) -> Exit:
        shown = show_form(self.console, self.delivery, place, told, render)
        return Exit.CLEAN if shown is Exit.CLEAN else Exit.USAGE

    def _step(self, found: RecentView, *, kept: bool) -> AfterRecent:
        """What comes next: an incident, of this run where it is kept."""
        if not found.recent.marked:
            return AfterRecent() if self.invented else AfterRecent(open_one())
        about, at = found.recent.to_stop[0].place.name, found.recent.until
        if kept:
            return open_from_recent(about, found.recent, found.targets, demo=self.invented)
        return AfterRecent() if self.invented else AfterRecent(next_step(about, at, found.targets))

    def _recent(self, report: Report, hosts: tuple[str, str]) -> Recent:
        named = self.hosts or Hosts(web_url(hosts[0]), hosts[1])
        depth = self.config.selection.depth
        return recent(report.inventory, order_of(report, self.window, hosts=named, depth=depth))

    def _sites(self, report: Report) -> tuple[str, ...]:
        if self.invented:
            return INVENTED
        return tuple(dict.fromkeys(_site(one.host) for one in report.identities))

    def _full(self) -> str:
        targets = () if self.invented else self.config.targets
        words = ["hardenme recent", *command_targets(target.text for target in targets)]
        words += [] if self.since == USUAL else ["--since", self.since]
        words += ["--demo"] if self.invented else []
        return f"{' '.join(words)} --full"


def _accounts(report: Report) -> dict[str, str]:
    """For which account each provider answered, where that is one and known."""
    names: dict[str, set[str]] = {}
    for one in report.identities:
        names.setdefault(one.provider, set()).add(account_name(one.provider, one.login, one.host))
    return {provider: some.pop() for provider, some in names.items() if len(some) == 1}


def _latest(report: Report) -> datetime:
    """The latest clock that the run saw decides whether an answer counts."""
    return max(filter(None, (report.observed, report.started, clock.now())))


def _left_out(report: Report) -> str:
    """How many repositories are not looked at as archived or by name, in words."""
    found = (COUNTED.match(note) for note in report.coverage.notes)
    return next((f"{one[1]} left out" for one in found if one), "")


def _notes(report: Report) -> tuple[str, ...]:
    """What a reader has to know of the run; what waits for a deeper one is named by itself."""
    notes = (one for one in report.coverage.notes if not one.endswith(DEEPER))
    return (*report.warnings, *notes, *_hidden(report))


def _hidden(report: Report) -> Iterator[str]:
    """How many of the repositories that are counted may not exist."""
    places = [one for one in report.inventory if one.subject.kind == "repo"]
    names = [one.subject.name for one in places if one.hidden]
    if names:
        all_of = f"{len(names):,} of {counted(len(places), 'repository', 'repositories')}"
        are = "is" if len(names) == 1 else "are"
        yield f"{all_of} {are} private or gone, only the name is known: {', '.join(sorted(names))}"


def _site(host: str) -> str:
    name = (urlsplit(host).hostname or host).removeprefix("api.").removeprefix("registry.")
    return NO_SITE.get(name, name)


def _code(report: Report, found: Recent) -> int:
    if report.partial in STOPPED:
        return STOPPED[report.partial]
    if found.marked:
        return Exit.FINDINGS
    if report.not_found and not found.looked:
        return Exit.NOTHING_MATCHED
    return Exit.UNKNOWN if found.unseen or found.to_confirm or report.partial else Exit.CLEAN
