"""`hardenme fleet`: many organizations, on as many machines as it takes."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from hardenme.cli.fleet.options import (
    CLUSTER,
    ENGINE,
    INDEX,
    LONGEST_WAIT,
    OUT,
    PROCESSES,
    RESULTS,
    SHARDS,
    WAIT,
)
from hardenme.cli.options.fleet_plan import ENGINES, FLEET_PLAN
from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.panels import CommandGroup
from hardenme.cli.options.settled import SettledCommand, files_chosen
from hardenme.config.table.access import ADDRESSES, APP, CACHE, TOKEN_FILE, TOKENS, USE_GH
from hardenme.config.table.result import (
    ALLOW_UNKNOWN,
    FAIL_ON,
    FORMAT,
    FULL,
    KEEP_RUN,
    LINES,
    OUTPUT,
    QUIET,
    REDACT,
    WITH_MEMBERS,
)
from hardenme.config.table.selection import (
    ARCHIVED,
    DEPTH,
    EXCLUDE,
    IGNORE,
    INCLUDE,
    MEMBER,
    ORGANIZATIONS,
    PACE,
    PROFILE,
    SELECT,
    TARGET,
)
from hardenme.ground.errors import UsageError
from hardenme.reports.plain import counted

if TYPE_CHECKING:
    from hardenme.cli.fleet.local import Engine
    from hardenme.fleet.plan import FleetPlan
    from hardenme.fleet.storage import Storage

PLAN_HELP = """\
Write down which organizations are read, and in which shard each of them is.

\b
hardenme fleet plan --all-organizations -o plan.json
hardenme fleet plan github:ACME github:BROOK -o plan.json
hardenme fleet plan --all-organizations --app-id N --app-key app.pem -o p.json
hardenme fleet plan --enterprise ACME --app-id N --app-key app.pem -o p.json
hardenme fleet plan github:ACME npm:@ACME -o plan.json

The plan holds names and IDs of organizations, and no token. What shares one rate limit is in one
shard. An organization that is known and cannot be read stays in the plan, and is reported as not
looked at.

If the file is there, it is the plan before. With --all-organizations or --enterprise, an
organization that it has and that is no longer listed is reported as not looked at, too: it may be
hidden. To leave one out that is gone, name a new file or --exclude-organization.
"""
PLAN_EPILOG = (
    "Exit codes: 0 written, 2 usage, 3 written, and not every organization can be read or was"
    " listed, 4 no usable credential, 5 no organization."
)
RUN_HELP = """\
Read the organizations of one shard, or of all shards by several processes.

\b
hardenme fleet run --plan plan.json --out results             all shards
hardenme fleet run --plan plan.json --out results --index 1   one shard

Each process finds its own tokens, as `hardenme check` does. An organization that was read as a
whole is not read again: the same command continues what was interrupted.

What shares one rate limit is read by one process at a time. If another run with the same results
reads it, it is skipped. --wait waits for that run first.

Results can be in an object store: --out s3://BUCKET/PREFIX. It takes the extra fleet.

With --engine dask, workers of a Dask cluster read the shards. Each worker must find the plan and
the results by the same path. It takes the extra fleet-dask.
"""
RUN_EPILOG = (
    "Exit codes: 0 every organization was read, whatever was found, 2 usage, 3 some were not read"
    " as a whole: run it again, 4 there is no usable credential for some, 130 interrupted, 143"
    " terminated."
)
MERGE_HELP = """\
Judge what was read, and print one report of all organizations of the plan.

\b
hardenme fleet merge --plan plan.json --in results
hardenme fleet merge --plan plan.json --in results -f html -o fleet.html

It asks no one and needs no token. Only organizations with a receipt count. All others are reported
as not looked at, and the exit code is never 0 then. `hardenme show` and `hardenme fix` read the
result as that of any other run.
"""
MERGE_EPILOG = (
    "Exit codes: as `hardenme check`; 3 also if an organization of the plan was not read as a"
    " whole."
)
JUDGED = (SELECT, IGNORE, PROFILE, FAIL_ON, ALLOW_UNKNOWN, MEMBER)
"""How facts are judged."""
SHOWN = (FORMAT, FULL, REDACT, OUTPUT, QUIET, LINES, WITH_MEMBERS, KEEP_RUN)
"""Where a report goes."""


def _is_there(path: Path) -> bool:
    """Whether there is a file; there is none of a name that no file can have."""
    try:
        return path.exists()
    except OSError:
        return False


def plan(given: OptionValues) -> int:
    """Write the plan of a fleet."""
    from hardenme.cli.fleet.planning import planned  # noqa: PLC0415 (start-up)
    from hardenme.fleet.plan import plan_at, written  # noqa: PLC0415
    from hardenme.ground.exit_code import Exit  # noqa: PLC0415
    from hardenme.ground.files import PrivateFile  # noqa: PLC0415

    if not given[OUTPUT]:
        raise UsageError("name the plan's file: --output plan.json")
    path, console = Path(given[OUTPUT]), given.console
    earlier = plan_at(path) if _is_there(path) else None
    file = PrivateFile(path)
    try:
        found = planned(given.but({OUTPUT: ""}), earlier)
        file.write(written(found))
    finally:
        file.discard()
    for one in found.unplanned:
        console.say(f"{one.login} cannot be read; it takes {one.why}")
    if found.unlisted:
        console.say(found.unlisted)
    console.say(
        f"{counted(len(found.owners), 'organization')} in {counted(len(found.shards), 'shard')}"
        f" planned in {file.target}; it holds names, no tokens. Next: hardenme fleet run --plan"
        f" {shlex.quote(str(path))} --out results"
    )
    return Exit.UNKNOWN if found.unplanned or found.unlisted else Exit.CLEAN


def run(given: OptionValues) -> int:
    """Read organizations of a plan."""
    from hardenme.fleet.opening import storage_at  # noqa: PLC0415 (start-up)

    found = _plan(given)
    if not given[OUT]:
        raise UsageError("name the folder of the results: --out results")
    _demand_one_way(given)
    storage, index = storage_at(given[OUT]), _index(given)
    if index is None:
        return _run_all(given, found, storage)
    from hardenme.cli.fleet.running import read_shard  # noqa: PLC0415 (start-up)

    return read_shard(given, found, index, storage)


def _run_all(given: OptionValues, found: FleetPlan, storage: Storage) -> int:
    """Read all shards, by the engine that is named."""
    from hardenme.cli.fleet.local import ShardEnd  # noqa: PLC0415 (start-up)
    from hardenme.fleet.results import StoredResults  # noqa: PLC0415
    from hardenme.ground.exit_code import Exit  # noqa: PLC0415

    engine = _engine(given)
    indexes = range(len(found.shards))
    failed = False
    for index, ending in engine.start(given[FLEET_PLAN], indexes, given[OUT]):
        failed = failed or ending is ShardEnd.FAILED
        if ending is not ShardEnd.ENDED:
            given.console.say(f"shard {index} {ending}")
    results = StoredResults(storage, found.id)
    receipts = [results.best(owner.number) for owner in found.owners]
    whole = sum(receipt is not None and not receipt.partial for receipt in receipts)
    given.console.say(f"{whole} of {len(found.owners)} organizations were read as a whole")
    if failed:
        return Exit.NO_CREDENTIAL
    return Exit.CLEAN if whole == len(found.owners) else Exit.UNKNOWN


def _engine(given: OptionValues) -> Engine:
    """What starts the shards. It passes on the arguments that were typed, and no token.

    Raises:
        UsageError: the engine takes something that is missing.
    """
    arguments = (*files_chosen(given.context), *given.typed(PASSED_ON))
    if given[ENGINE] == "local":
        from hardenme.cli.fleet.local import LocalEngine  # noqa: PLC0415 (start-up)

        return LocalEngine(arguments, given[PROCESSES])
    from hardenme.cli.fleet.cluster import DaskEngine, cluster_at  # noqa: PLC0415 (start-up)

    cluster = cluster_at(*(given[one] for one in CLUSTER))
    return DaskEngine(arguments, cluster, given.console.say)


def _demand_one_way(given: OptionValues) -> None:
    """Demand options that go together: no shard is read here that workers are asked to read.

    Raises:
        UsageError: they do not.
    """
    if given.one_of(ENGINE, ENGINES) == "local":
        if surplus := [one.option for one in CLUSTER if given[one]]:
            raise UsageError(f"{surplus[0]} is for --engine dask")
    elif given[INDEX] is not None:
        raise UsageError("--index reads a shard here, and --engine dask all of them by workers")


def _index(given: OptionValues) -> int | None:
    """The shard to read: the option's, else that of an indexed job of Kubernetes; None for all."""
    if given[INDEX] is not None:
        return given[INDEX]
    if given[ENGINE] != "local":
        return None
    named = os.environ.get("JOB_COMPLETION_INDEX", "")
    if not named:
        return None
    if not (named.isascii() and named.isdigit()):
        raise UsageError("JOB_COMPLETION_INDEX is not a number, as Kubernetes sets it")
    return int(named)


def merge(given: OptionValues) -> int:
    """Judge the results of a fleet, and deliver the report."""
    from hardenme.cli.fleet.merging import merge_results  # noqa: PLC0415 (start-up)
    from hardenme.cli.options.durations import seconds  # noqa: PLC0415
    from hardenme.fleet.opening import storage_at  # noqa: PLC0415
    from hardenme.fleet.results import StoredResults  # noqa: PLC0415

    found = _plan(given)
    if not given[RESULTS]:
        raise UsageError("name the folder with the results: --in results")
    results = StoredResults(storage_at(given[RESULTS]), found.id)
    if longest := seconds("--wait", given[WAIT], LONGEST_WAIT, "a week"):
        results.wait([owner.number for owner in found.owners], longest)
    return merge_results(given, found, results)


def _plan(given: OptionValues) -> FleetPlan:
    from hardenme.fleet.plan import plan_at  # noqa: PLC0415 (start-up)

    if not given[FLEET_PLAN]:
        raise UsageError("name the plan: --plan plan.json")
    return plan_at(Path(given[FLEET_PLAN]))


PASSED_ON = (WAIT, TOKEN_FILE, USE_GH, *APP, *ADDRESSES, CACHE, *PACE)
COMMAND = CommandGroup(
    "fleet",
    SettledCommand(
        "plan",
        plan,
        *(TARGET, *ORGANIZATIONS, SELECT, IGNORE, INCLUDE, EXCLUDE, ARCHIVED, DEPTH, SHARDS),
        *(*TOKENS, *APP, *ADDRESSES, CACHE, *PACE),
        OUTPUT,
        help=PLAN_HELP,
        epilog=PLAN_EPILOG,
        short_help="Write which organizations are read, and where.",
    ),
    SettledCommand(
        "run",
        run,
        *(FLEET_PLAN, OUT, INDEX, PROCESSES, ENGINE, *CLUSTER, *PASSED_ON),
        help=RUN_HELP,
        epilog=RUN_EPILOG,
        short_help="Read the organizations of one shard, or of all.",
    ),
    SettledCommand(
        "merge",
        merge,
        *(FLEET_PLAN, RESULTS, WAIT, *JUDGED, *SHOWN),
        help=MERGE_HELP,
        epilog=MERGE_EPILOG,
        short_help="Judge what was read; print one report of all.",
    ),
    told="Read many organizations, on as many machines as it takes, into one report.",
)
