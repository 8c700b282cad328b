"""`--save-facts`: what a run read, in a file that can be judged again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hardenme.cli.options.given import OptionValues
from hardenme.cli.output.delivery import Delivery
from hardenme.config.table.result import SAVE_FACTS
from hardenme.config.table.selection import PLAN, RESUME
from hardenme.ground.errors import OutputError, UsageError
from hardenme.store.recording import FactsFile


@contextmanager
def facts_file(given: OptionValues, delivery: Delivery) -> Iterator[FactsFile | None]:
    """What takes a run's facts; None if the user wants no file of them.

    The file gets its name at the end, and leaves no trace where the run fails before.

    Raises:
        OutputError: it cannot be written, or holds the report.
        UsageError: the run reads nothing, or not all of it.
    """
    if not given[SAVE_FACTS]:
        yield None
        return
    file = FactsFile(_path(given, delivery))
    try:
        yield file
        file.finish()
    finally:
        file.discard()
    if not delivery.quiet:
        given.console.say(f"what was read is in {file.target}; it holds names, no tokens")


def _path(given: OptionValues, delivery: Delivery) -> Path:
    path = Path(given[SAVE_FACTS])
    with given.naming_origins():
        if given[RESUME]:
            raise UsageError(
                "--save-facts and --resume do not go together: what an earlier run read is gone"
            )
        if given[PLAN]:
            raise UsageError("--save-facts keeps what was read, and --plan reads nothing")
    if delivery.file and path.resolve() == delivery.file.resolve():
        raise OutputError(f"{path} cannot hold both the report and what was read")
    return path
