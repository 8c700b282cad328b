"""One run: prepared, then audited while no one else runs for the same targets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TextIO

from hardenme.cli.audit.clients import Connection, clients, token_chain
from hardenme.cli.audit.faults import faults_kept
from hardenme.cli.audit.organizations import listed_organizations
from hardenme.cli.audit.presence import at_the_terminal
from hardenme.cli.audit.releases import without_github
from hardenme.cli.audit.resume import RunSession, resumable_run
from hardenme.cli.audit.tokens import AppLogin, Tokens, find, job_limits, report_missing
from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.run_config import lists_organizations
from hardenme.cli.output.delivery import Delivery, Made, hand_out, say_not_found
from hardenme.cli.stored.incidents import about_incidents, alarmed, informed
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.progress import ProgressLine
from hardenme.cli.terminal.sign_on import say_sign_on
from hardenme.config.table.access import STDIN
from hardenme.config.table.selection import INTERACTIVE, RESUME
from hardenme.engine.audit import audit
from hardenme.engine.clients import Clients
from hardenme.engine.run_config import RunConfig
from hardenme.ground.exit_code import Exit
from hardenme.ground.files import PrivateFile
from hardenme.ground.lock import lock
from hardenme.ground.places import state_folder
from hardenme.model.report import Report
from hardenme.reports import ALERTS, render_forecast
from hardenme.store.observations import ObservationFile
from hardenme.store.recording import FactsFile

NOTING = frozenset({"screen", "table", "markdown", "json", "html", ALERTS})
"""The formats that hold the notes of a report."""


@dataclass(frozen=True, slots=True)
class PreparedRun:
    """A run before its first request: what it asks, of whom, by which tokens."""

    console: Console
    config: RunConfig
    tokens: Tokens
    clients: Clients
    hosts: tuple[str, str]
    """The addresses of GitHub's API and of the npm registry."""
    line: ProgressLine
    observations: ObservationFile
    """What a person's 2FA shows on npm, kept for later runs."""
    resume: bool
    """Whether a stopped run is continued."""


def prepare(
    given: OptionValues, config: RunConfig, delivery: Delivery, stdin: TextIO | None
) -> PreparedRun:
    """Find the tokens that a run needs; what it will not see for want of one is printed.

    Args:
        given: the options of access and pace.
        delivery: how the report goes out; a quiet run prints less.
        stdin: where a token or a person's key press comes from.

    Raises:
        CredentialError: a token that was found must not be used.
        UsageError: an option is not of its form, or no one is there to be asked.
    """
    console = given.console
    login = AppLogin.of(given, config)
    line = ProgressLine(console, quiet=delivery.quiet)
    observations = ObservationFile(state_folder())
    connection = Connection.of(
        given,
        on_wait=line.wait,
        presence=at_the_terminal(console, stdin, given[STDIN]) if given[INTERACTIVE] else None,
        observations=observations,
    )
    chain = token_chain(given, stdin)
    if lists_organizations(given):
        config = listed_organizations(given, config, connection, chain, login)
    tokens = find(chain, config, connection.hosts, login)
    found = (chain.fault, *job_limits(tokens, chain.environ))
    say_each(console, () if delivery.quiet else found)
    say_each(console, notes_left_out(delivery, config))
    if not config.accounts and tokens.github is None:
        config = without_github(console, config, quiet=delivery.quiet)
    report_missing(given, config, tokens)
    return PreparedRun(
        console,
        config,
        tokens,
        clients(connection, tokens),
        connection.hosts,
        line,
        observations,
        given[RESUME],
    )


@contextmanager
def audited(run: PreparedRun, facts: FactsFile | None = None) -> Iterator[Report]:
    """The report of a run; while it is used, no one else runs for the same targets.

    Args:
        facts: keeps what was read; None for nowhere.

    Raises:
        LockedError: someone else does.
        StoredError: there is no run to resume, and that was asked for.
    """
    console = run.console
    config = run.config
    with (
        faults_kept(console),
        lock(state_folder(), _lock_name(config, run.hosts)),
        resumable_run(config, run.tokens, run.hosts, resume=run.resume) as session,
    ):
        try:
            report = audit(config, run.clients, run.line, facts, session)
        finally:
            run.line.close()
        if session.begun is not None:
            # A part of its answers is as old as the run that it resumes.
            report = replace(report, started=session.begun)
        registry = run.hosts[1]
        report = informed(report, registry) if config.accounts else alarmed(report, registry)
        say_not_found(console, report)
        yield report
        say_sign_on(console, run.clients)
        # What may not have been listed cannot be resumed either.
        session.whole = report.partial in {"", config.unlisted}
        _say_resumable(console, session)
    if run.observations.failure:
        console.say(f"what npm showed you was not kept for later runs: {run.observations.failure}")


def _lock_name(config: RunConfig, hosts: tuple[str, str]) -> str:
    kind = [] if config.accounts else ["watch"]
    kind += ["recent"] if config.window and config.turn is None else []
    kind += ["cycle"] if config.turn is not None else []
    return " ".join([*kind, *hosts, *sorted(target.text for target in config.targets)])


def _say_resumable(console: Console, session: RunSession) -> None:
    if session.resumable and not session.whole:
        console.say(
            f"{session.kept} repositories are done; within a day, the same command with"
            " --resume continues there"
        )


def print_forecast(run: PreparedRun, delivery: Delivery, place: PrivateFile | None) -> Exit:
    """Print or write what a run would ask, with the requests that it takes to know that."""
    from hardenme.rights.forecast import forecast  # noqa: PLC0415 (start-up is a feature)

    console = run.console
    text = render_forecast(
        forecast(run.config, run.clients),
        delivery.output_format,
        width=console.width,
        color=console.color and place is None,
        ascii_only=console.ascii_only and place is None,
    )
    return hand_out(console, Made.of(text), delivery, place)


def notes_left_out(delivery: Delivery, config: RunConfig) -> tuple[str, ...]:
    """The notes on files that the result will not hold.

    Whatever its form, no one is to miss what a folder selects.
    """
    held = not delivery.quiet and delivery.output_format in NOTING
    return () if held else config.notes


def say_incidents(console: Console, report: Report, delivery: Delivery) -> None:
    """Print what a report says of incidents where its format holds no notes."""
    if delivery.output_format not in NOTING:
        say_each(console, about_incidents(report))


def say_each(console: Console, lines: Iterable[str]) -> None:
    """Print each line that is not empty."""
    for line in lines:
        if line:
            console.say(line)
