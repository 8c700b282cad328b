"""Runs that were kept: written after a check, and read again to be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from hardenme.cli.options.durations import in_words
from hardenme.cli.terminal.console import Console
from hardenme.ground import clock
from hardenme.ground.errors import (
    ContentError,
    NoRunError,
    OutputError,
    UnsafeFileError,
    UsageError,
)
from hardenme.ground.places import state_folder
from hardenme.model.clocks import differences
from hardenme.model.report import Report
from hardenme.model.text import visible
from hardenme.reports import pieces
from hardenme.reports.closing import listed
from hardenme.reports.plain import counted, timestamp
from hardenme.store.runs import KeptRun, Runs
from hardenme.store.series import digest, folded

NONE = "No run is kept. Run `hardenme check` first."
NO_DEMO = "No run of the demo is kept. Run `hardenme demo` first."
KEPT_APART = "Runs of the demo are kept apart: `hardenme show --demo`."
FROM_FACTS = "from facts"
"""The origin of a run that never replaces a new one."""
FALSE = frozenset({"", "0", "false"})
"""What `CI` says where it does not say that this is a job of continuous integration."""
DEMO = "demo"
"""Where a credential of the demo comes from."""
MOST_READ = 10
"""Kept runs that are looked into for one of certain targets."""
LONGEST_NAME = 100
"""Characters of a target or a login in the line that names the owner of the run."""
RUN_NONE = "The accounts of the demo are invented: run none of the commands below"


@dataclass(frozen=True, slots=True)
class Kept:
    """A run that was kept, read again.

    Attributes:
        report: what it found.
        run: when it was kept, which number it has, and its file.
        refused: why a newer run of the same targets is not used in its place, as a sentence; empty
            if there is none.
    """

    report: Report
    run: KeptRun
    refused: str = ""

    @property
    def headline(self) -> str:
        """Whose run it is, of which targets and how old, after why a newer one is not shown."""
        own = whose(self.report)
        return f"{self.refused} {own}" if self.refused else own


def judged_again(run: KeptRun) -> bool:
    """Whether a run looked at nothing, and only judged what an earlier one had read."""
    return run.how == digest(FROM_FACTS)


def runs(*, demo: bool = False, lately: bool = False) -> Runs:
    """The store of this user's runs, or of the demo's; of checks, or of `recent`."""
    return Runs(state_folder(), demo=demo, lately=lately)


def wanted(environ: Mapping[str, str], *, asked: bool) -> bool:
    """Whether a run is kept: not where the user says so, and not in continuous integration."""
    return asked and environ.get("CI", "").lower() in FALSE


def keep(console: Console, report: Report, how: str = "", *, demo: bool = False) -> KeptRun | None:
    """Keep a run that looked at something. A failure to keep it is printed, not raised."""
    if not report.findings:
        return None
    store = runs(demo=demo)
    try:
        run = store.keep(report, pieces(report, "json"), how)
    except OutputError as error:
        console.say(f"This run is not kept, so `hardenme show` does not have it: {error}")
        return None
    _say_what_stands(console, report, store)
    return run


def keep_lately(console: Console, report: Report) -> bool:
    """Keep a run of `recent` that could sign in, for an incident; whether that could be done."""
    from hardenme.reports.sign_in import unsigned  # noqa: PLC0415 (start-up is a feature)

    if not report.inventory or unsigned(report) or not wanted(console.environ, asked=True):
        return False
    try:
        runs(demo=is_demo(report), lately=True).keep(report, pieces(report, "json"))
    except OutputError as error:
        console.say(f"This run is not kept, so no incident can be opened from it: {error}")
        return False
    return True


def latest_lately(*, demo: bool = False) -> Kept | None:
    """The last kept run of `recent`; None for none.

    Raises:
        NoRunError: it cannot be read.
    """
    found = kept(runs(demo=demo, lately=True))
    return Kept(read(found[0], "hardenme recent"), found[0]) if found else None


def latest(*, demo: bool = False) -> Kept:
    """The last run that was kept.

    If the last one cannot be read, an older one is not returned: it would be mistaken for the last.
    One that could not sign in does not replace an earlier one of the same targets that could.

    Raises:
        NoRunError: there is none, or it cannot be read.
    """
    found = kept(runs(demo=demo))
    if not found:
        others = "" if demo or not kept(runs(demo=True)) else f" {KEPT_APART}"
        raise NoRunError(NO_DEMO if demo else f"{NONE}{others}")
    again = "hardenme demo" if demo else "hardenme check"
    return _signed_in(read(found[0], again), found)


def of_targets(
    targets: Sequence[str], *, last: bool = False, earlier_than: KeptRun | None = None
) -> Kept | None:
    """The newest kept run of these targets, or of any where none is named; None for none.

    Args:
        last: it has to be the last run: None if a newer one cannot be read. Otherwise unreadable
            ones are skipped.
        earlier_than: a run; it and later ones are left out.

    Raises:
        NoRunError: the kept runs cannot be listed.
    """
    found = _until(earlier_than)
    for place, run in enumerate(found[:MOST_READ]):
        try:
            report = read(run)
        except NoRunError:
            if last:
                return None
            continue
        if not is_demo(report) and (not targets or folded(report.targets) == folded(targets)):
            return _signed_in(report, found[place:])
    return None


def numbered(number: int, *, demo: bool = False) -> Kept:
    """A kept run, by its number.

    Raises:
        UsageError: there is none of that number, or it could not sign in.
        NoRunError: it cannot be read.
    """
    from hardenme.reports.sign_in import unsigned  # noqa: PLC0415 (start-up is a feature)

    there = kept(runs(demo=demo))
    known = named(there)
    for run in there:
        if run.number == number:
            report = read(run)
            if why := unsigned(report):
                told = f"run {number} could not sign in: {' and '.join(why)}"
                raise UsageError(f"{told}. Name another; these are kept: {known}")
            return Kept(report, run)
    told = f"these are kept: {known}" if known else "none is kept"
    raise UsageError(f"no run {number} is kept; {told}. Or name the file of a report")


def named(there: Sequence[KeptRun]) -> str:
    """The numbers of kept runs, each with its time."""
    return ", ".join(f"{one.number} ({timestamp(one.at)})" for one in there)


def _say_what_stands(console: Console, report: Report, store: Runs) -> None:
    """Print which earlier run `show` and `fix` continue to use if this one could not sign in."""
    with suppress(NoRunError):
        earlier = _signed_in(report, kept(store))
        if earlier.refused:
            failed = counted(sum(one.fails for one in earlier.report.findings), "finding")
            when = timestamp(earlier.report.started)
            console.say(f"The run of {when} stands, with {failed}: `hardenme show`")


def _signed_in(report: Report, newest: Sequence[KeptRun]) -> Kept:
    """A kept run; where it could not sign in, the newest of the same targets before it that could.

    Args:
        newest: the run, then all before it, the newest first.
    """
    from hardenme.reports.sign_in import unsigned  # noqa: PLC0415 (start-up is a feature)

    why = unsigned(report)
    # A timer may run for weeks with an expired token: all kept runs are looked through.
    for run in newest[1:] if why else ():
        try:
            earlier = read(run)
        except NoRunError:
            continue
        if folded(earlier.targets) == folded(report.targets) and not unsigned(earlier):
            told = f"The last run could not sign in: {' and '.join(why)}"
            return Kept(earlier, run, f"{told}. This is an earlier one.")
    return Kept(report, newest[0])


def before(
    targets: Sequence[str], moment: datetime, *, earlier_than: KeptRun | None = None
) -> Kept | None:
    """The newest kept run of these targets that was over by a moment; None for none.

    A run whose clock was not the servers' shows no time at which it was over.

    Args:
        targets: which.
        moment: by the servers' clocks.
        earlier_than: a run; it and later ones are left out.

    Raises:
        NoRunError: the kept runs cannot be listed.
    """
    for run in _until(earlier_than):
        if run.at > moment:
            continue
        try:
            report = read(run)
        except NoRunError:
            continue
        ended = max(run.at, report.started + timedelta(seconds=report.traffic.seconds))
        fits = not is_demo(report) and folded(report.targets) == folded(targets)
        if fits and ended <= moment and not differences(report.warnings):
            return Kept(report, run)
    return None


def _until(end: KeptRun | None) -> tuple[KeptRun, ...]:
    """The kept runs before one, the newest first; all of them for None."""
    there = kept(runs())
    return there if end is None else tuple(one for one in there if one.number < end.number)


def note_shown(run: KeptRun, *, demo: bool = False) -> None:
    """Remember that the steps of this run were shown last, with their numbers."""
    runs(demo=demo).note_shown(run)


def last_shown(*, demo: bool = False) -> KeptRun | None:
    """The run whose steps were shown last, whether it is still there or not; None for none."""
    return runs(demo=demo).last_shown()


def kept(store: Runs) -> tuple[KeptRun, ...]:
    """The runs of a store, the newest first.

    Raises:
        NoRunError: they cannot be listed.
    """
    try:
        return store.all()
    except UnsafeFileError as error:
        raise NoRunError(f"No kept run is read: {error}") from None
    except OSError as error:
        raise NoRunError(f"{store.folder} cannot be read: {error.strerror}") from None


def read(run: KeptRun, again: str = "hardenme check") -> Report:
    """The report of a kept run.

    Args:
        again: the command that makes a new one.

    Raises:
        NoRunError: it cannot be read, or not as a whole.
    """
    from hardenme.reports.reading import load  # noqa: PLC0415 (start-up is a feature)

    try:
        with run.open() as file:
            return load(file)
    except FileNotFoundError:
        why = "it is gone"
    except OSError as error:
        why = f"{error.strerror}"
    except (ContentError, UnsafeFileError) as error:
        why = str(error)
    raise NoRunError(f"The last run, {run.path}, cannot be read: {why}. Run `{again}` again.")


def whose(report: Report) -> str:
    """Whose run a report is of, of which targets, and how old, in one line."""
    seconds = (clock.now() - report.started).total_seconds()
    age = f"{in_words(seconds)} ago" if seconds >= 0 else "ahead of this machine's clock"
    when = f"{timestamp(report.started)} ({age})"
    return f"{_name(report)} of {when}: {_targets(report)}, {_who(report)}"


def is_demo(report: Report) -> bool:
    """Whether a report is of the demo's invented accounts."""
    return any(identity.source == DEMO for identity in report.identities)


def _name(report: Report) -> str:
    part = "stopped before its end" if report.partial or report.halted is not None else ""
    name = "Demo run" if is_demo(report) else "Run"
    return f"{name} ({part})" if part else name


def _targets(report: Report) -> str:
    return listed([visible(target, longest=LONGEST_NAME) for target in report.targets])


def _who(report: Report) -> str:
    hosts: dict[str, dict[str, None]] = {}
    for one in report.identities:
        host = urlsplit(one.host).hostname or one.provider
        hosts.setdefault(one.login, {}).setdefault(host.removeprefix("api."))
    if is_demo(report):
        return listed(tuple(f"as {visible(login, longest=LONGEST_NAME)}" for login in hosts))
    told = (
        f"as {visible(login, longest=LONGEST_NAME)} on {' and '.join(names)}"
        for login, names in hosts.items()
        if login
    )
    return listed(tuple(told)) or "without an account"
