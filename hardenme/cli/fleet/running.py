"""`hardenme fleet run --index`: reads the organizations of one shard, one after another."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from hardenme import __version__
from hardenme.cli.audit.run import PreparedRun, audited, prepare
from hardenme.cli.fleet.options import LONGEST_WAIT, WAIT
from hardenme.cli.fleet.scopes import listed_packages, npm_alone
from hardenme.cli.options.durations import seconds
from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.run_config import run_config
from hardenme.cli.output.delivery import delivered
from hardenme.config.table.access import APP_ID, APP_KEY
from hardenme.config.table.selection import (
    ARCHIVED,
    DEPTH,
    EXCLUDE,
    IGNORE,
    INCLUDE,
    LOCAL,
    SELECT,
    TARGET,
)
from hardenme.engine.target import Target
from hardenme.facts.npm.package import PackageGrant
from hardenme.fleet.leases import LaneLeases
from hardenme.fleet.plan import FleetPlan, FleetSettings, PlannedOwner, is_scope, target_of
from hardenme.fleet.results import ATTEMPTS, LAST_WINS, Receipt, StoredResults, digest_of
from hardenme.fleet.storage import Storage
from hardenme.ground.errors import CredentialError, LockedError, UsageError
from hardenme.ground.exit_code import Exit
from hardenme.model.report import Report
from hardenme.model.unknown import IN_WORDS, Reason, Unknown
from hardenme.store.recording import FactsFile, Recording


def read_shard(given: OptionValues, plan: FleetPlan, index: int, storage: Storage) -> Exit:
    """Read the organizations of a shard that have no whole receipt yet; returns the exit code.

    Raises:
        OutputError: a result cannot be written.
        StoredError: a receipt is damaged.
        UsageError: the plan has no such shard, or is about another host.
    """
    if index >= len(plan.shards):
        raise UsageError(f"the plan has {len(plan.shards)} shards, counted from 0; not {index}")
    patience = seconds("--wait", given[WAIT], LONGEST_WAIT, "a week")
    results, leases = StoredResults(storage, plan.id), LaneLeases(storage)
    lanes: dict[str, list[PlannedOwner]] = {}
    for number in plan.shards[index]:
        owner = plan.owner(number)
        lanes.setdefault(owner.lane, []).append(owner)
    codes: list[Exit] = []
    for lane, owners in lanes.items():
        left = [owner for owner in owners if not _is_read(given, results, owner)]
        if not left:
            continue
        with leases.held(f"{plan.host} {lane}", patience) as other:
            if other:
                names = ", ".join(owner.login for owner in left)
                given.console.say(f"skipped {names}: {other} reads what has the same rate limit")
                codes.append(Exit.UNKNOWN)
            else:
                _say_overwriting(given, storage, results)
                codes += _lane_codes(given, plan, left, index, results)
    worst = (Exit.NO_CREDENTIAL, Exit.UNKNOWN)
    return next((code for code in worst if code in codes), Exit.CLEAN)


def _is_read(given: OptionValues, results: StoredResults, owner: PlannedOwner) -> bool:
    """Whether it was read as a whole; says so."""
    before = results.best(owner.number)
    if before is None or before.partial:
        return False
    given.console.say(f"{owner.login} was read before")
    return True


def _say_overwriting(given: OptionValues, storage: Storage, results: StoredResults) -> None:
    """Say of a store in which the last writer wins that it is one: the first process says it."""
    if not storage.creates_once and results.note_overwriting():
        given.console.say(LAST_WINS)


def _lane_codes(
    given: OptionValues,
    plan: FleetPlan,
    owners: Sequence[PlannedOwner],
    index: int,
    results: StoredResults,
) -> Iterator[Exit]:
    """Read the organizations of a lane. A credential that is rejected is not tried on the others.

    GitHub bars an address for a while that continues with one.
    """
    rejected = ""
    for owner in owners:
        if rejected:
            given.console.say(
                f"{owner.login} was not read: GitHub rejected the credential for {rejected},"
                " which shares it"
            )
            yield Exit.NO_CREDENTIAL
            continue
        code = _read(given, plan, owner, index, results)
        rejected = owner.login if code is Exit.NO_CREDENTIAL else ""
        yield code


def _read(
    given: OptionValues, plan: FleetPlan, owner: PlannedOwner, index: int, results: StoredResults
) -> Exit:
    before = results.best(owner.number)
    if before is not None and not before.partial:
        # The process that held the lane before has read it.
        return Exit.CLEAN
    attempt = 1 if before is None else before.attempt + 1
    if attempt > ATTEMPTS:
        given.console.say(f"{owner.login} was tried {ATTEMPTS} times: make a new plan")
        return Exit.UNKNOWN
    try:
        run = _prepared(given, plan, owner)
    except CredentialError as error:
        given.console.say(f"{owner.login} was not read: {error}")
        return Exit.NO_CREDENTIAL
    with tempfile.TemporaryDirectory(prefix="hardenme-") as name:
        facts = Path(name) / "facts.jsonl"
        try:
            report = _facts_of(run, facts)
        except LockedError as error:
            given.console.say(f"{owner.login} was not read: {error}")
            return Exit.UNKNOWN
        receipt = _receipt(plan, owner, index, attempt, report, facts)
        if is_scope(owner.login) and PackageGrant in run.config.selection.facts:
            why = receipt.partial or listed_packages(Recording(facts), owner.root).why
            receipt = replace(receipt, partial=why)
        first = results.put(receipt, facts)
    if not first:
        given.console.say(f"{owner.login} was read by another process at the same time")
    elif receipt.partial:
        given.console.say(f"{owner.login} was not read as a whole: {receipt.partial}")
    else:
        given.console.say(f"{owner.login} was read, with {receipt.requests} requests")
    if any(one.reason is Reason.REJECTED for one in run.clients.refused.values()):
        return Exit.NO_CREDENTIAL
    return Exit.UNKNOWN if receipt.partial else Exit.CLEAN


def _prepared(given: OptionValues, plan: FleetPlan, owner: PlannedOwner) -> PreparedRun:
    """A run of this organization alone, as the plan asks for it.

    Raises:
        CredentialError: there is no credential for it.
        UsageError: another host is asked than the plan is about.
    """
    if is_scope(owner.login):
        return _prepared_scope(given, plan, owner)
    target = Target.of_organization(owner.login, owner.number)
    config = run_config(settled_by(given, plan.settings).but({TARGET: (target.text,)}))
    config = replace(config, targets=(target,))
    run = prepare(given, config, delivered(given), sys.stdin)
    if run.hosts[0] != plan.host:
        raise UsageError(f"the plan is about {plan.host}; give --github-url {plan.host}")
    served = {*run.tokens.owners, *run.tokens.installed}
    if run.tokens.github is None and owner.login.lower() not in served:
        raise CredentialError(f"there is no GitHub token for {owner.login}")
    return run


def _prepared_scope(given: OptionValues, plan: FleetPlan, owner: PlannedOwner) -> PreparedRun:
    """A run of this scope of npm alone.

    Raises:
        CredentialError: there is no npm token.
        UsageError: another registry is asked than the plan is about.
    """
    # A GitHub App asks about organizations on GitHub alone.
    given = settled_by(given, plan.settings).but({APP_ID: 0, APP_KEY: ""})
    config = run_config(given.but({TARGET: (target_of(owner.login),)}))
    config = replace(config, selection=npm_alone(config.selection))
    run = prepare(given, config, delivered(given), sys.stdin)
    if run.hosts[1] != plan.registry:
        raise UsageError(f"the plan is about {plan.registry}; give --npm-registry {plan.registry}")
    if run.tokens.npm is None:
        raise CredentialError(f"there is no npm token for {owner.login}")
    # The account that asks is not part of the scope, and each machine may have another.
    return replace(run, config=replace(run.config, accounts=False))


def settled_by(given: OptionValues, settings: FleetSettings) -> OptionValues:
    """The options as the plan sets them, whatever this machine's files say."""
    return given.but(
        {
            SELECT: settings.select,
            IGNORE: settings.ignore,
            DEPTH: settings.depth,
            INCLUDE: settings.include,
            EXCLUDE: settings.exclude,
            ARCHIVED: settings.archived,
            LOCAL: False,
        }
    )


def _facts_of(run: PreparedRun, path: Path) -> Report:
    file = FactsFile(path)
    try:
        with audited(run, file) as report:
            file.finish()
            return report
    finally:
        file.discard()


def _receipt(  # noqa: PLR0913, PLR0917 (what a receipt says)
    plan: FleetPlan,
    owner: PlannedOwner,
    index: int,
    attempt: int,
    report: Report,
    facts: Path,
) -> Receipt:
    sha256, size = digest_of(facts)
    return Receipt(
        plan=plan.id,
        shard=index,
        number=owner.number,
        login=owner.login,
        attempt=attempt,
        sha256=sha256,
        size=size,
        version=__version__,
        reader=", ".join(_readers(report)),
        observed=report.observed,
        requests=sum(report.traffic.requests.values()),
        partial=_partial(report),
    )


def _readers(report: Report) -> Iterator[str]:
    for identity in report.identities:
        yield identity.login or identity.kind


def _partial(report: Report) -> str:
    """Why not everything was read; empty if it was."""
    if report.partial:
        return report.partial
    if report.halted is not None:
        return IN_WORDS[report.halted]
    if report.coverage.known:
        return ""
    needed = Counter(
        one.outcome.needed for one in report.findings if isinstance(one.outcome, Unknown)
    )
    takes = "".join(f"; it takes {name}" for name, _ in needed.most_common(1))
    return f"nothing of it could be read{takes}"
