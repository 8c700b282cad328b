"""A run for a timer: compared, stored, reported.

The order keeps every change: a report is completely written before anything about it is sent, and
gets its name after everything was. A run that is killed in between sends it again next time, and
loses nothing.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from pathlib import Path

from hardenme.cli.audit.reuse import how_of
from hardenme.cli.options.least_token import LeastTokenOptions
from hardenme.cli.output.delivery import (
    ACTIONS,
    NOTHING,
    STOPPED,
    Made,
    hand_out,
)
from hardenme.cli.output.step_summary import add_summary
from hardenme.cli.stored.history import previous, series_of
from hardenme.cli.stored.incidents import about_incidents
from hardenme.cli.stored.lately import with_lately
from hardenme.cli.stored.runs import keep, note_shown, wanted
from hardenme.cli.terminal.console import Console
from hardenme.cli.timer.news import ReportOptions, RunNotes, Text
from hardenme.cli.timer.notifications import deliver, print_issue, warnings
from hardenme.cli.timer.sequence import Following, following, remembered
from hardenme.drift import follow
from hardenme.drift.result import drift_code
from hardenme.engine.run_config import RunConfig
from hardenme.engine.settle import exit_code
from hardenme.ground.errors import HardenmeError, OutputError
from hardenme.ground.exit_code import Exit
from hardenme.ground.files import PrivateFile
from hardenme.ground.places import home, state_folder
from hardenme.model.accounts import accounts_of
from hardenme.model.report import Report
from hardenme.reports import pieces
from hardenme.reports.message import Stored, message
from hardenme.reports.sign_in import first_words, unsigned
from hardenme.store.heartbeat import Heartbeats
from hardenme.store.history import Draft
from hardenme.store.runs import KeptRun

REFUSED = (
    "no credential was accepted: `hardenme auth status` shows what is wrong with each, and `{}`"
    " which token is enough"
)
NOTHING_SEEN = frozenset({Exit.NO_CREDENTIAL, Exit.NOTHING_MATCHED})


@dataclass(frozen=True, slots=True)
class Reporting:
    """Compares, stores and reports.

    Attributes:
        console: where it is printed.
        options: the options of the run.
    """

    console: Console
    config: RunConfig
    options: ReportOptions

    def store_and_show(
        self, report: Report, hosts: tuple[str, str], place: PrivateFile | None
    ) -> int:
        """Take a run's report to its end; returns the exit code."""
        if report.partial:
            self.console.say(
                f"{report.partial}: nothing was compared or stored, so the next run reports all"
                " that changed"
            )
            return STOPPED.get(report.partial, Exit.UNKNOWN)
        series, beats = series_of(self.config, hosts).folder, Heartbeats(state_folder())
        found = previous(self.config, hosts, report.identities)
        follows = following(found, beats, series, report)
        for problem in (*found.history.problems, *beats.problems):
            self.console.say(problem)
        told = _Told(self, report, follows, place, how_of(self.config, hosts))
        if found.report is None and exit_code(report) in NOTHING_SEEN:
            return told.nothing_seen()
        return told.told(beats)


class _Told:
    """One report on its way."""

    def __init__(
        self,
        reporting: Reporting,
        report: Report,
        follows: Following,
        place: PrivateFile | None,
        how: str,
    ) -> None:
        self.seen, self.how = report, how
        """The report without what earlier ones knew, and how it was asked for."""
        self.console, self.options = reporting.console, reporting.options
        self.permissions = LeastTokenOptions(
            targets=[one.text for one in reporting.config.targets]
        ).line
        """Shows the token that is enough."""
        self.drift, self.report = follow(follows.previous.report, report)
        self.follows = follows
        self.place = place
        self.alarms = list(follows.alarms)
        known = follows.previous.history.accounts(report.identities)
        self.silent = sorted(known.keys() - accounts_of(report.identities).keys())
        """Providers and hosts that named an account before, and no longer do."""
        self.draft: Draft | None = None
        self.run: KeptRun | None = None
        self.refused = False
        """Whether this is a first run that saw nothing."""
        self.whole = (
            report.halted is None
            and exit_code(report) not in NOTHING_SEEN
            and not self.silent
            and not unsigned(report)
        )

    def nothing_seen(self) -> int:
        """A first run, and it saw nothing: that is not a baseline for anyone."""
        code = exit_code(self.report)
        self.refused = True
        self.report = replace(self.report, kept=False)
        why = NOTHING if code is Exit.NOTHING_MATCHED else REFUSED.format(self.permissions)
        if self.report.not_found:
            why = "no target was found"
        self.alarms.append(f"{why}; nothing was stored, so the next run is the first one")
        return code if self._show() is Exit.CLEAN else Exit.USAGE

    def told(self, beats: Heartbeats) -> int:
        """Store, show, send; returns the exit code."""
        # Why nothing was looked at comes first, and says more than that no account was named.
        why = first_words(self.report)
        if why:
            self.console.say(why)
        for host in () if why else self.silent:
            self.console.say(
                f"{host} did not say whose credential this is, as it did before: the credential is"
                " gone or refused, or no answer came; what it alone shows is unknown"
            )
        draft = self.draft = self._stored()
        self._keep_run()
        lately = with_lately(self.seen, self.run).lately
        self.report = replace(self.report, lately=lately, kept=self.run is not None)
        try:
            shown = self._show()
            sent = self._send()
            kept = draft is not None and self._keep(draft, beats)
        finally:
            if draft is not None:
                draft.discard()
        if not kept or shown is not Exit.CLEAN:
            return Exit.USAGE
        good = self._beat() if self.whole and sent else sent
        code = self._code()
        return code if code is not Exit.CLEAN or good else Exit.UNDELIVERED

    def _stored(self) -> Draft | None:
        """The report on the disk; None, and an alarm, where there is no room for it."""
        history = self.follows.previous.history
        try:
            return history.draft(self.report, pieces(self.report, "json"))
        except OutputError as error:
            self.alarms.insert(
                0,
                "this report could not be stored, so the next run compares with the one before it,"
                f" and reports the same again: {error}",
            )
            return None

    @property
    def first(self) -> bool:
        """Whether there is nothing to compare with."""
        return self.follows.previous.report is None

    @property
    def something(self) -> bool:
        """Whether there is anything to report."""
        drift = self.drift
        news = not drift.empty or bool(drift.incomparable or drift.fresh or self.alarms)
        return news or self.first or self.options.digest

    def _show(self) -> Exit:
        """Print what changed, and the current state."""
        delivery = self.options.delivery
        if delivery.quiet and self.place is None and not self.something:
            return Exit.CLEAN
        if self.options.issue:
            # It is piped into a shell: nothing else is printed.
            drift = self._notes.on(self.drift)
            print_issue(self.console, drift, self.report, self.options.issue)
        code = Exit.CLEAN
        if self.place is not None or not self.options.issue:
            text = Text(
                self.console,
                self.options,
                self.report,
                self.drift,
                self._notes,
                self.place,
                met=not self.first and not self.refused,
                compared=not self.refused,
            )
            if text.numbered and self.run is not None:
                note_shown(self.run)
            made = Made(text.pieces, text.written)
            code = hand_out(self.console, made, delivery, self.place)
        if delivery.output_format == ACTIONS:
            add_summary(self.console, self.report, with_members=False)
        return code

    def _keep_run(self) -> None:
        """Keep the run: `show` and `fix` speak of what was printed and sent.

        A watch keeps none: every few minutes, it would push out each run of a `check`.
        """
        keeps = not (self.options.standing or self.refused)
        if keeps and wanted(self.console.environ, asked=True):
            self.run = keep(self.console, self.seen, self.how)

    def _files(self) -> Stored:
        """Where the two reports are, as far as they are stored."""
        earlier, draft = self.follows.previous.history.newest(), self.draft
        if draft is None:
            return Stored()
        compared = not (self.first or self.follows.previous.narrowed)
        if earlier is None or earlier.who != draft.who or not compared:
            return Stored(_short(draft.path))
        return Stored(_short(draft.path), _short(earlier.path))

    @property
    def _notes(self) -> RunNotes:
        """What has to be known of what changed."""
        return RunNotes(tuple(self.alarms), self.follows.notes, self._files())

    def _send(self) -> bool:
        """Send the new message and those that wait; returns whether all were sent."""
        options = self.options
        made = None
        if options.addresses and self.something:
            notes = self._notes
            made = message(
                notes.on(
                    self.drift,
                    *warnings(options.addresses, self.report),
                    *about_incidents(self.seen),
                ),
                self.report,
                evidence=options.evidence,
                digest=options.digest,
                stored=notes.stored,
            )
        return deliver(
            self.console, options.addresses, made, state_folder(), self.options.ca_file
        ).complete

    def _keep(self, draft: Draft, beats: Heartbeats) -> bool:
        """Have the next run compare with this report."""
        history, known = self.follows.previous.history, len(self.follows.previous.history.problems)
        why = "the next run reports this one's changes again"
        try:
            draft.keep(self.options.keep)
            why = "when this run was is not remembered"
            if self.something and not self.options.delivery.quiet:
                self.console.say(f"this report is stored as {draft.path}")
            beat, instead = remembered(
                self.follows,
                draft,
                self.report,
                whole=self.whole,
                interval=self.options.interval,
                by_hand=self.console.attended,
            )
            beats.put(beat, instead)
        except OutputError as error:
            self.console.say(f"{why}: {error}")
            return False
        for problem in history.problems[known:]:
            self.console.say(problem)
        return True

    def _beat(self) -> bool:
        """Give the sign of life."""
        if self.options.heartbeat is None:
            return True
        try:
            self.options.heartbeat.beat()
        except HardenmeError as error:
            self.console.say(f"the run went well, and its heartbeat did not arrive: {error}")
            return False
        return True

    def _code(self) -> Exit:
        code = drift_code(self.drift, self.report)
        if code is not Exit.CLEAN:
            return code
        if self.follows.lost:
            return Exit.UNKNOWN
        if exit_code(self.report) in NOTHING_SEEN:
            return exit_code(self.report)
        return Exit.CLEAN if self.whole else Exit.UNKNOWN


def _short(path: Path) -> str:
    """A path as a shell takes it; the user's own folder is not named."""
    own = home()
    if own is not None and path.is_relative_to(own):
        return f"~/{shlex.quote(str(path.relative_to(own)))}"
    return shlex.quote(str(path))
