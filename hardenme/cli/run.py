"""One audit, from checked options to the exit code."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from hardenme.cli.connect import Connection, chain, clients, usual_cache
from hardenme.cli.console import Console
from hardenme.cli.faults import faults_kept
from hardenme.cli.options import CheckOptions, UsageError
from hardenme.cli.progress import ProgressLine
from hardenme.collectors.github.client import api_url
from hardenme.collectors.transport.origin import base_url
from hardenme.credentials.token import Credential, CredentialError
from hardenme.engine.audit import Clients, Order, WrongAccountError, audit
from hardenme.engine.filter import Filter
from hardenme.engine.settle import Exit, exit_code
from hardenme.model.report import Report
from hardenme.reports import render
from hardenme.store.files import OutputError, PrivateFile
from hardenme.store.lock import LockedError, lock
from hardenme.store.places import home, state_folder

STOPPED = {"interrupted": Exit.INTERRUPTED, "terminated": Exit.TERMINATED}


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where a report goes, and how.

    Attributes:
        output_format: a key of `FORMATS`.
        file: None for standard output.
        quiet: the findings alone.
    """

    output_format: str
    file: Path | None = None
    quiet: bool = False


def run_check(  # noqa: PLR0913 (what a run needs from outside)
    console: Console,
    options: CheckOptions,
    delivery: Delivery,
    *,
    stdin: TextIO | None,
    stdin_for: str,
    files: Iterable[str],
    cached: bool,
) -> int:
    """Find the tokens, ask, judge, deliver; returns the exit code."""
    try:
        github_url, registry = api_url(options.github_url), base_url(options.npm_registry)
    except ValueError as error:
        console.say(f"{error}")
        return Exit.USAGE
    line = ProgressLine(console, quiet=delivery.quiet)
    connection = Connection(
        github_url,
        registry,
        cache=usual_cache(wanted=cached),
        on_wait=line.wait,
        ca_file=options.ca_file,
    )
    asked = _asked(options)
    try:
        places = chain(dict(os.environ), home(), stdin, stdin_for, files)
        github = places.github(github_url) if "github" in asked else None
        npm = places.npm(registry) if "npm" in asked else None
        place = None if delivery.file is None else PrivateFile(delivery.file)
    except CredentialError as error:
        console.say(str(error))
        return Exit.NO_CREDENTIAL
    except (UsageError, OutputError) as error:
        console.say(str(error))
        return Exit.USAGE
    _tell_missing(console, options, github, npm)
    names = " ".join(sorted(target.text for target in options.targets))
    try:
        with faults_kept(console), lock(state_folder(), f"{github_url} {registry} {names}"):
            report = _audit(options, clients(connection, github, npm), line)
        return deliver(console, report, delivery, place)
    except (LockedError, WrongAccountError) as error:
        console.say(str(error))
        return Exit.LOCKED if isinstance(error, LockedError) else Exit.NO_CREDENTIAL
    finally:
        if place is not None:
            place.discard()


def _audit(options: CheckOptions, found: Clients, line: ProgressLine) -> Report:
    try:
        return audit(order(options), found, line)
    finally:
        line.close()


def order(options: CheckOptions) -> Order:
    """The order that these options make."""
    return Order(
        targets=options.targets,
        plan=options.plan,
        profile=options.profile,
        fail_on=options.fail_on,
        allowed_unknown=options.allow_unknown,
        chosen=Filter(options.include, options.exclude, options.archived),
        workers=options.workers,
        expected_login=options.as_login,
        local=options.local,
        warnings=(f"certificates are checked against {options.ca_file}",)
        if options.ca_file
        else (),
    )


def deliver(
    console: Console, report: Report, delivery: Delivery, place: PrivateFile | None = None
) -> int:
    """Print or write the report; returns the exit code.

    A report that cannot be written where it should go is printed: nothing that was found is lost.
    """
    code = exit_code(report)
    text = render(
        report,
        delivery.output_format,
        width=console.width,
        color=console.color and place is None,
        quiet=delivery.quiet,
        ascii_only=console.ascii_only and place is None,
    )
    if place is None:
        console.print(text)
    else:
        try:
            place.write(text)
            if not delivery.quiet:
                console.say(f"the report is in {place.target}")
        except OutputError as error:
            console.print(text)
            console.say(str(error))
            code = Exit.USAGE
    if report.partial in STOPPED:
        console.say(f"{report.partial}: the report holds what was found until then")
        return STOPPED[report.partial]
    if code is Exit.NOTHING_MATCHED:
        console.say("no selected check has anything to look at here; `hardenme list` shows all")
    return code


def _asked(options: CheckOptions) -> frozenset[str]:
    """The providers whose credentials the targets and the checks have a use for."""
    named = {target.provider for target in options.targets}
    asked = options.plan.providers()
    return asked if "" in named else asked & named


def _tell_missing(
    console: Console, options: CheckOptions, github: Credential | None, npm: Credential | None
) -> None:
    kinds = {target.kind for target in options.targets}
    asked = _asked(options)
    missing = {}
    if github is None and "github" in asked:
        missing["GitHub"] = "HARDENME_GITHUB_TOKEN"
    if npm is None and "npm" in asked and "me" in kinds:
        missing["npm"] = "HARDENME_NPM_TOKEN"
    if missing:
        tokens = " and no ".join(f"{name} token" for name in missing)
        accounts = f"{' and '.join(missing)} account{'s' if len(missing) > 1 else ''}"
        console.say(
            f"there is no {tokens}, so nothing of the {accounts} was looked at;"
            f" set {' and '.join(missing.values())}, or see how it looks with: hardenme demo"
        )
