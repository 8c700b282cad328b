"""One audit, from checked options to the exit code."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TextIO

from hardenme.cli.audit.clients import Connection, chain, clients, usual_cache
from hardenme.cli.audit.faults import faults_kept
from hardenme.cli.audit.people import for_person, of_people
from hardenme.cli.audit.presence import at_the_terminal, missing_terminal
from hardenme.cli.audit.releases import fitted
from hardenme.cli.audit.resume import resumable_run
from hardenme.cli.audit.reuse import ABOUT_NOBODY, find_reusable_run, how_of, show_member
from hardenme.cli.audit.stored_tokens import stored_tokens
from hardenme.cli.audit.tokens import Tokens, find, job_limits
from hardenme.cli.options.audit import CheckOptions
from hardenme.cli.options.given import OptionValues
from hardenme.cli.output.delivery import Delivery, Made, deliver, hand_out, place_of, say_not_found
from hardenme.cli.stored.incidents import about_incidents, alarmed, informed
from hardenme.cli.stored.runs import keep, shown
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.progress import ProgressLine
from hardenme.cli.terminal.sign_on import say_sign_on
from hardenme.collectors.github.client import api_url
from hardenme.collectors.transport.bounds import Bounds
from hardenme.collectors.transport.origin import base_url
from hardenme.config.table.access import CACHE, STDIN, TOKEN_FILE, USE_GH
from hardenme.credentials.gh import Gh
from hardenme.engine.audit import audit
from hardenme.engine.clients import Clients
from hardenme.engine.filter import RepositoryFilter
from hardenme.engine.run_config import RunConfig
from hardenme.ground.errors import (
    OutputError,
)
from hardenme.ground.exit_code import Exit
from hardenme.ground.files import PrivateFile
from hardenme.ground.lock import lock
from hardenme.ground.places import home, state_folder
from hardenme.model.report import Report
from hardenme.reports import ALERTS, render_forecast
from hardenme.store.attestations import load
from hardenme.store.observations import ObservationFile
from hardenme.store.recording import FactsFile

NOTING = frozenset({"screen", "table", "markdown", "json", "html", ALERTS})
"""The formats that hold the notes of a report."""
Hand = Callable[[Report, tuple[str, str], PrivateFile | None], int]
"""What becomes of a report while nobody else runs for the same targets, in place of being shown: it
takes the addresses that were asked and the file that was opened, and gives the exit code."""
Before = Callable[[Clients], None]
"""What is asked before a run; it raises a `UsageError` where the run has no point."""


def run_check(  # noqa: PLR0913 (what a run needs from outside)
    given: OptionValues,
    options: CheckOptions,
    delivery: Delivery,
    stdin: TextIO | None,
    *,
    hand: Hand | None = None,
    before: Before | None = None,
    kept: bool = False,
) -> int:
    """Find the tokens, ask, judge, deliver; returns the exit code."""
    console = given.console
    github_url, registry = api_url(options.github_url), base_url(options.npm_registry)
    if options.interactive and (why := missing_terminal(console, stdin, given[STDIN])):
        console.say(why)
        return Exit.USAGE
    if options.member:
        found = (
            find_reusable_run(options, (github_url, registry)) if kept and hand is None else None
        )
        if found is not None:
            return show_member(console, found, options.member, delivery)
        options = replace(options, plan=of_people(options.plan))
    line = ProgressLine(console, quiet=delivery.quiet)
    observations = ObservationFile(state_folder())
    connection = Connection(
        github_url,
        registry,
        cache=usual_cache(wanted=given[CACHE]),
        bounds=Bounds(patience=float(options.max_wait)),
        on_wait=line.wait,
        ca_file=options.ca_file,
        trust_root=options.trust_root.text if options.trust_root else "",
        budget=options.budget,
        presence=at_the_terminal(console, stdin) if options.interactive and stdin else None,
        observations=observations,
        statements=load(state_folder()),
    )
    environ, stored = dict(os.environ), stored_tokens()
    places = chain(
        environ,
        home(),
        stdin,
        given[STDIN],
        given[TOKEN_FILE],
        stored=stored,
        as_login=options.as_login,
        gh=Gh(environ, console.say) if given[USE_GH] else None,
    )
    tokens = find(places, options, github_url, registry)
    place, facts = _files(delivery, options)
    tell(console, _before(delivery, options, (stored.fault, *job_limits(tokens, environ))))
    options = fitted(console, options, tokens, quiet=delivery.quiet)
    try:
        ready = _Ready(
            console, options, connection, tokens, delivery, place, facts, hand, kept, before
        )
        code = ready.foretell() if options.planned else ready.run(line)
    finally:
        _discard(place, facts)
    if observations.failure:
        console.say(f"what npm showed you was not kept for later runs: {observations.failure}")
    return code


def _before(delivery: Delivery, options: CheckOptions, found: Iterable[str]) -> Iterator[str]:
    """What is said before a run: what was found, and what the report will not hold."""
    if not delivery.quiet:
        yield from found
    yield from unheld(delivery, options)


def unheld(delivery: Delivery, options: CheckOptions) -> tuple[str, ...]:
    """The notes on files that the result will not hold.

    Whatever its form, nobody is to miss what a folder selects.
    """
    held = not delivery.quiet and delivery.output_format in NOTING
    return () if held else options.settled.notes


def _files(
    delivery: Delivery, options: CheckOptions
) -> tuple[PrivateFile | None, FactsFile | None]:
    """The files of the report and of the facts, as far as they are wanted.

    Raises:
        OutputError: one cannot be written, or they are one and the same.
    """
    if (
        options.save_facts
        and delivery.file
        and options.save_facts.resolve() == delivery.file.resolve()
    ):
        raise OutputError(f"{delivery.file} cannot hold both the report and what was read")
    place = place_of(delivery)
    try:
        return place, None if options.save_facts is None else FactsFile(options.save_facts)
    except OutputError:
        _discard(place)
        raise


def _discard(*files: PrivateFile | FactsFile | None) -> None:
    """Leave no trace of files that have not got their names."""
    for file in files:
        if file is not None:
            file.discard()


def tell(console: Console, lines: Iterable[str]) -> None:
    """Say each line that is not empty."""
    for line in lines:
        if line:
            console.say(line)


@dataclass(frozen=True, slots=True)
class _Ready:
    """All that a run needs, found and checked."""

    console: Console
    options: CheckOptions
    connection: Connection
    tokens: Tokens
    delivery: Delivery
    place: PrivateFile | None
    facts: FactsFile | None
    hand: Hand | None = None
    kept: bool = False
    before: Before | None = None

    def run(self, line: ProgressLine) -> int:
        """Ask, judge, deliver."""
        options, hosts = self.options, self.hosts
        kind = ["watch"] if options.watch else ["recent"] if options.window else []
        names = " ".join([*kind, *hosts, *sorted(target.text for target in options.targets)])
        with (
            faults_kept(self.console),
            lock(state_folder(), names),
            resumable_run(options, self.tokens, hosts) as session,
        ):
            try:
                asked = clients(self.connection, self.tokens)
                if self.before is not None:
                    self.before(asked)
                report = audit(run_config(options), asked, line, self.facts, session)
                if session.begun is not None:
                    # A part of its answers is as old as the run that it goes on with.
                    report = replace(report, started=session.begun)
            finally:
                line.close()
            report = alarmed(report) if options.watch else informed(report)
            if self.hand is None and self.delivery.output_format not in NOTING:
                tell(self.console, about_incidents(report))
            say_not_found(self.console, report)
            how = how_of(options, hosts, people=bool(options.member)) if self.kept else ""
            run = keep(self.console, report, how) if self.kept else None
            empty = ""
            if options.member:
                report = for_person(report, options.plan.checks, options.member)
                empty = ABOUT_NOBODY.format(options.member)
            if self.hand is not None:
                code = self.hand(report, hosts, self.place)
            else:
                delivery = replace(self.delivery, kept=None if options.member else run)
                code = deliver(self.console, report, delivery, self.place, empty=empty)
                if run is not None and self.delivery.numbered:
                    shown(run)
            if not self.facts_kept():
                code = Exit.USAGE
            say_sign_on(self.console, asked)
            session.whole = not report.partial
            if report.partial and session.resumable:
                self.console.say(
                    f"{session.kept} repositories are done; within a day, the same command with"
                    " --resume continues there"
                )
            return code

    def facts_kept(self) -> bool:
        """Give the file of facts its name, if one is wanted; returns whether that went well."""
        if self.facts is None:
            return True
        try:
            self.facts.finish()
        except OutputError as error:
            self.console.say(str(error))
            return False
        if not self.delivery.quiet:
            self.console.say(f"what was read is in {self.facts.target}; it holds names, no tokens")
        return True

    def foretell(self) -> int:
        """Print what a run would ask."""
        from hardenme.rights.forecast import forecast  # noqa: PLC0415 (start-up is a feature)

        text = render_forecast(
            forecast(run_config(self.options), clients(self.connection, self.tokens)),
            self.delivery.output_format,
            width=self.console.width,
            color=self.console.color and self.place is None,
            ascii_only=self.console.ascii_only and self.place is None,
        )
        return hand_out(self.console, Made.of(text), self.delivery, self.place)

    @property
    def hosts(self) -> tuple[str, str]:
        """Who is asked."""
        return self.connection.github_url, self.connection.npm_registry


def run_config(options: CheckOptions) -> RunConfig:
    """What these options ask of a run."""
    return RunConfig(
        targets=options.targets,
        selection=options.plan,
        profile=options.profile,
        fail_on=options.fail_on,
        allowed_unknown=options.allow_unknown,
        chosen=RepositoryFilter(options.include, options.exclude, options.archived),
        workers=options.workers,
        expected_login=options.as_login,
        local=options.local,
        accounts=not options.watch,
        release_days=options.since,
        window=options.window,
        warnings=_warnings(options),
        notes=options.settled.notes,
        waivers=options.settled.waivers,
        proposed=options.settled.proposed,
        adjustments=options.settled.adjustments,
    )


def _warnings(options: CheckOptions) -> tuple[str, ...]:
    """What a reader of the report has to know of what was trusted."""
    said = []
    if options.ca_file:
        said.append(f"certificates are checked against {options.ca_file}")
    if options.trust_root is not None:
        said.append(f"provenance is verified by {options.trust_root.path}, not the public root")
    return tuple(said)
