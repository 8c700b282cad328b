"""A facts file that `hardenme check --save-facts` wrote, judged again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from hardenme import __version__
from hardenme.cli.terminal.progress import ProgressLine
from hardenme.engine.plan import plan
from hardenme.engine.recorder import Ending, RunContext
from hardenme.engine.replay import readable, replay
from hardenme.engine.results import ResultStore
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.ground import clock
from hardenme.model.depth import Depth
from hardenme.model.report import Report
from hardenme.store.journal import Journal
from hardenme.store.journal_head import JournalRun
from hardenme.store.recording import Recording


def judged_again(config: RunConfig, path: Path, store: ResultStore, line: ProgressLine) -> Report:
    """The report of the facts in a file; no one is asked.

    Args:
        config: how they are judged.
        path: of the file.
        store: keeps the findings about repositories.
        line: shows each step.
    """
    recording = Recording(path)
    context, ending = recording.context(RunContext), recording.ending(Ending)
    selection = config.selection
    wanted = readable(plan(selection.checks, context.opted_in, Depth(context.depth)), context.facts)
    when = f"{context.started:%Y-%m-%d %H:%M} UTC"
    told = f"judged again from facts that hardenme {context.version} read on {when}"
    config = replace(
        config,
        targets=tuple(map(Target.parse, context.targets)),
        # The command's own plan is at its deepest: what it leaves out, files left out.
        selection=replace(wanted, left_out={**selection.left_out, **wanted.left_out}),
        profile=config.profile or context.profile,
    )
    report = replay(context, recording.parts(), ending, config, line, result_store=store)
    warnings = (told, *report.warnings)
    if recording.left_out:
        kinds = ", ".join(sorted(recording.left_out))
        warnings = (*warnings, f"the file holds facts that this version does not know: {kinds}")
    return replace(report, warnings=warnings)


@contextmanager
def findings_folder() -> Iterator[Journal]:
    """Keeps findings about repositories on disk for as long as the report is made."""
    with tempfile.TemporaryDirectory(prefix="hardenme-") as folder:
        journal = Journal.start(
            Path(folder) / "findings", JournalRun(__version__, (), "", ()), clock.now()
        )
        try:
            yield journal
        finally:
            journal.close(keep=False)
