"""`--from-facts`: judges again what an earlier run kept with `--save-facts`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from hardenme import __version__
from hardenme.cli.audit.faults import faults_kept
from hardenme.cli.audit.people import for_person
from hardenme.cli.audit.run import run_config, tell, unheld
from hardenme.cli.options.audit import CheckOptions
from hardenme.cli.output.delivery import Delivery, deliver, place_of, say_not_found
from hardenme.cli.stored.runs import FROM_FACTS, keep, shown
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.progress import ProgressLine
from hardenme.engine.plan import plan
from hardenme.engine.recorder import Ending, RunContext
from hardenme.engine.replay import readable, replay
from hardenme.engine.target import Target
from hardenme.ground import clock
from hardenme.ground.files import PrivateFile
from hardenme.model.depth import Depth
from hardenme.model.report import Report
from hardenme.store.journal import Journal, JournalRun
from hardenme.store.recording import Recording


def judge_again(
    console: Console, options: CheckOptions, delivery: Delivery, file: Path, *, kept: bool = False
) -> int:
    """Judge what a file holds, and deliver the report; returns the exit code."""
    line = ProgressLine(console, quiet=delivery.quiet)
    place: PrivateFile | None = None
    try:
        place = place_of(delivery)
        tell(console, unheld(delivery, options))
        with faults_kept(console), _store() as store:
            try:
                report = _report(options, Recording(file), store, line)
            finally:
                line.close()
            say_not_found(console, report)
            run = keep(console, report, FROM_FACTS) if kept else None
            if options.member:
                report = for_person(report, options.plan.checks, options.member)
            code = deliver(console, report, delivery, place)
            if run is not None and delivery.numbered:
                shown(run)
            return code
    finally:
        if place is not None:
            place.discard()


def _report(options: CheckOptions, recording: Recording, store: Any, line: ProgressLine) -> Report:
    context, ending = recording.context(RunContext), recording.ending(Ending)
    wanted = readable(
        plan(options.plan.checks, context.opted_in, Depth(context.depth)), context.facts
    )
    when = f"{context.started:%Y-%m-%d %H:%M} UTC"
    told = f"judged again from facts that hardenme {context.version} read on {when}"
    what = replace(
        run_config(options),
        targets=tuple(map(Target.parse, context.targets)),
        # The command's own plan is at its deepest: what it leaves out, files left out.
        selection=replace(wanted, left_out={**options.plan.left_out, **wanted.left_out}),
        profile=options.profile or context.profile,
    )
    report = replay(context, recording.parts(), ending, what, line, store=store)
    warnings = (told, *report.warnings)
    if recording.left_out:
        kinds = ", ".join(sorted(recording.left_out))
        warnings = (*warnings, f"the file holds facts that this version does not know: {kinds}")
    return replace(report, warnings=warnings)


@contextmanager
def _store() -> Iterator[Journal]:
    """Keeps findings about repositories on disk for as long as the report is made."""
    with tempfile.TemporaryDirectory(prefix="hardenme-") as folder:
        journal = Journal.start(
            Path(folder) / "findings", JournalRun(__version__, (), "", ()), clock.now()
        )
        try:
            yield journal
        finally:
            journal.close(keep=False)
