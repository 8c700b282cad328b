"""`hardenme cache`."""

from __future__ import annotations

from itertools import product

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.panels import CommandGroup, PanelCommand
from hardenme.cli.terminal.console import Console
from hardenme.config.option import switch

UNITS = ("bytes", "kB", "MB", "GB")
STEP = 1000
RUNS = switch("runs", "Remove the runs that `hardenme show` shows, in their place.")


def show(given: OptionValues) -> int:
    """Show what is kept: how many answers and runs, how large, where."""
    from hardenme.cli.stored.runs import kept, runs  # noqa: PLC0415
    from hardenme.collectors.transport.cache import Cache  # noqa: PLC0415 (start-up)
    from hardenme.ground.places import cache_folder  # noqa: PLC0415

    console = given.console
    answers = Cache(cache_folder())
    console.tell(_row("answers", *answers.size(), str(answers.folder)))
    names = ("runs", "runs of the demo", "runs of recent", "runs of recent --demo")
    for name, (lately, demo) in zip(names, product((False, True), repeat=2), strict=True):
        store = runs(demo=demo, lately=lately)
        sizes = [run.size for run in kept(store)]
        console.tell(_row(name, len(sizes), sum(sizes), str(store.folder)))
    return 0


def clear(given: OptionValues) -> int:
    """Remove every answer that is kept."""
    from hardenme.collectors.transport.cache import Cache  # noqa: PLC0415 (start-up)
    from hardenme.ground.places import cache_folder  # noqa: PLC0415

    console = given.console
    if given[RUNS]:
        return _clear_runs(console)
    folder = cache_folder()
    count = Cache(folder).clear()
    console.tell(f"removed {count} files from {folder}\n")
    return 0


def path(given: OptionValues) -> int:
    """Print where answers are kept."""
    from hardenme.ground.places import cache_folder  # noqa: PLC0415 (start-up)

    console = given.console
    console.print(f"{cache_folder()}\n")
    return 0


def _clear_runs(console: Console) -> int:
    from hardenme.cli.stored.runs import runs  # noqa: PLC0415 (start-up)
    from hardenme.ground.errors import UnsafeFileError  # noqa: PLC0415

    for lately, demo in product((False, True), repeat=2):
        store = runs(demo=demo, lately=lately)
        try:
            count = store.clear()
        except UnsafeFileError as error:
            console.say(f"no run was removed: {error}")
            return 2
        except OSError as error:
            console.say(f"{store.folder} cannot be emptied: {error.strerror}")
            return 2
        console.tell(f"removed {count} run{'' if count == 1 else 's'} from {store.folder}\n")
    return 0


def _row(name: str, count: int, size: int, folder: str) -> str:
    return f"{count} {name}, {_in_words(size)}, in {folder}\n"


def _in_words(size: int) -> str:
    number, unit = float(size), 0
    while number >= STEP and unit < len(UNITS) - 1:
        number, unit = number / STEP, unit + 1
    return f"{number:.1f} {UNITS[unit]}" if unit else f"{size} {UNITS[0]}"


COMMAND = CommandGroup(
    "cache",
    PanelCommand("show", show),
    PanelCommand("clear", clear, RUNS),
    PanelCommand("path", path),
    told="Show what is kept, answers and runs, and where; or remove it.",
)
