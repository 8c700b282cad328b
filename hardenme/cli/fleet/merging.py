"""`hardenme fleet merge`: one report of what the shards read, judged by this process."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hardenme import __version__
from hardenme.cli.audit.facts_file import findings_folder
from hardenme.cli.audit.faults import faults_kept
from hardenme.cli.audit.people import for_person, member_of
from hardenme.cli.audit.run import notes_left_out, say_each
from hardenme.cli.fleet.scopes import demand_scope, listed_packages
from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.run_config import run_config
from hardenme.cli.output.delivery import Delivery, deliver, delivered
from hardenme.cli.output.place import output_file
from hardenme.cli.stored.runs import FROM_FACTS, keep, note_shown, wanted
from hardenme.cli.terminal.progress import ProgressLine
from hardenme.config.table.result import KEEP_RUN
from hardenme.config.table.selection import DEPTH, NETWORK_LOOKUPS
from hardenme.engine.catalogue import select
from hardenme.engine.combined import one_context, one_ending, unread
from hardenme.engine.plan import Selection, plan
from hardenme.engine.progress import Progress
from hardenme.engine.recorder import Ending, RunContext
from hardenme.engine.replay import replay
from hardenme.engine.results import ResultStore
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.facts.github.repository import Repository
from hardenme.facts.npm.package import PackageGrant
from hardenme.fleet.plan import FleetPlan, PlannedOwner, is_scope, root_of, target_of
from hardenme.fleet.results import LAST_WINS, Receipt, StoredResults
from hardenme.ground.errors import StoredError
from hardenme.ground.exit_code import Exit
from hardenme.model.depth import Depth
from hardenme.model.fact import Answer, fact_name
from hardenme.model.report import Report, UnreadTarget
from hardenme.model.secret import looks_secret
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.store.recording import ABOVE, LATE, RecordedPart, Recording

OWNED = frozenset({"org", "repo"})
"""The kinds of subject whose names begin with their owner's."""
OLDEST = timedelta(days=1)
"""How much earlier than the newest result another one may have been read."""
OF_REPOSITORIES = frozenset({"repository", "left_out"})


@dataclass(frozen=True, slots=True)
class OwnerResult:
    """The part of one organization in the merged report.

    Attributes:
        login: its name.
        why: why it was not looked at, or not as a whole; empty if it was.
        recording: its facts; None if there are none that count.
        receipt: of these.
    """

    login: str
    why: str
    recording: Recording | None = None
    receipt: Receipt | None = None

    @property
    def root(self) -> Subject:
        """The organization."""
        return root_of(self.login)

    @property
    def target(self) -> str:
        """The organization as a command names it."""
        return target_of(self.login)


def merge_results(given: OptionValues, fleet: FleetPlan, results: StoredResults) -> int:
    """Judge the results of a plan, and deliver the report; returns the exit code.

    Raises:
        UsageError: an option is not of its form.
    """
    config = run_config(given.but({NETWORK_LOOKUPS: False, DEPTH: "deep"}))
    console, login, delivery = given.console, member_of(given), delivered(given)
    line = ProgressLine(console, quiet=delivery.quiet)
    with output_file(delivery) as place:
        say_each(console, notes_left_out(delivery, config))
        with faults_kept(console), findings_folder() as store:
            try:
                report = merged(config, fleet, results, store, line)
            finally:
                line.close()
            keeps = wanted(console.environ, asked=given[KEEP_RUN])
            kept = keep(console, report, FROM_FACTS) if keeps else None
            report = replace(report, kept=kept is not None)
            _say_rest(given, report, delivery)
            shown = for_person(report, config.selection.checks, login) if login else report
            code = deliver(console, shown, delivery, place)
            if kept is not None and delivery.numbered:
                note_shown(kept)
            return Exit.UNKNOWN if code == Exit.CLEAN and report.partial else code


def _say_rest(given: OptionValues, report: Report, delivery: Delivery) -> None:
    """Say on standard error what was not looked at, whatever the report's form."""
    if report.partial and not delivery.quiet:
        given.console.say(report.partial)


def merged(
    config: RunConfig,
    fleet: FleetPlan,
    results: StoredResults,
    store: ResultStore,
    line: Progress,
) -> Report:
    """The report of all organizations of a plan.

    Args:
        config: how facts are judged.
        fleet: the plan.
        results: what was read.
        store: keeps the findings about repositories.
        line: shows each step.
    """
    settings = fleet.settings
    read = plan(select(settings.select, settings.ignore), (), Depth.parse(settings.depth))
    config = replace(config, selection=_judging(config.selection, read))
    with ExitStack() as stack:
        temporary = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hardenme-")))
        found = [*_fresh([*_results(fleet, results, temporary, read)])]
        found += [
            OwnerResult(
                one.login, f"it could not be read when the plan was made; it takes {one.why}"
            )
            for one in fleet.unplanned
        ]
        found.sort(key=lambda one: one.login.lower())
        report = _judged(config, fleet, found, store, line)
        return replace(report, warnings=(*report.warnings, *_overwritten(results)))


def _overwritten(results: StoredResults) -> Iterator[str]:
    """What a reader has to know of a store in which the last writer wins."""
    try:
        may_be = results.may_be_overwritten()
    except StoredError:
        # Then nothing else of it was read, and each organization says so.
        return
    if may_be:
        yield LAST_WINS


def _judging(wanted: Selection, read: Selection) -> Selection:
    """The checks that are judged, of those whose facts were read."""
    codes = {check.code for check in read.checks}
    found = plan([check for check in wanted.checks if check.code in codes], (), read.depth)
    return replace(found, left_out={**wanted.left_out, **found.left_out})


def _judged(
    config: RunConfig,
    fleet: FleetPlan,
    found: Sequence[OwnerResult],
    store: ResultStore,
    line: Progress,
) -> Report:
    recordings = [one.recording for one in found if one.recording is not None]
    rest = [one for one in found if one.why]
    whole = len(found) - len(rest)
    partial = f"{whole} of {len(found)} organizations were looked at as a whole" if rest else ""
    if fleet.unlisted:
        partial = "; ".join(filter(None, (partial, fleet.unlisted)))
    contexts = [recording.context(RunContext) for recording in recordings]
    endings = [recording.ending(Ending) for recording in recordings]
    context = replace(
        one_context(contexts or [_nothing(fleet, config)]),
        targets=tuple(one.target for one in found),
        roots=tuple(one.root for one in found),
        owners=frozenset(one.login.lower() for one in found if not is_scope(one.login)),
    )
    config = replace(
        config,
        targets=tuple(map(Target.parse, context.targets)),
        unread=tuple(UnreadTarget(one.target, one.why) for one in rest),
    )
    ending = one_ending(endings, partial)
    report = replay(
        context, _parts(config.selection, found), ending, config, line, result_store=store
    )
    return replace(report, warnings=(*_told(fleet, found), *report.warnings))


def _told(fleet: FleetPlan, found: Sequence[OwnerResult]) -> Iterator[str]:
    """What a reader has to know of where the facts come from, and of what was not looked at."""
    yield (
        f"judged from facts that other processes read for the plan of {fleet.made:%Y-%m-%d %H:%M}"
        " UTC"
    )
    versions = Counter(one.receipt.version for one in found if one.receipt is not None)
    for version, count in sorted(versions.items()):
        if version != __version__:
            yield (
                f"{count} of {len(found)} organizations were read by hardenme {version:.40}, and"
                f" {__version__} judges: what only this version reads is unknown"
            )
    for one in found:
        if one.why:
            how = "as a whole" if one.recording is not None else "at all"
            yield f"{one.login} was not looked at {how}: {one.why}"


def _nothing(fleet: FleetPlan, config: RunConfig) -> RunContext:
    """The inputs of a judgement for which nothing was read."""
    return RunContext(
        version=fleet.version,
        started=fleet.made,
        targets=(),
        profile="",
        depth=int(config.selection.depth),
        opted_in=(),
        facts=frozenset(fact_name(kind) for kind in config.selection.facts),
        release_days=None,
        roots=(),
        beside=(),
        owners=frozenset(),
        repositories=frozenset(),
        lanes=(),
        accounts={},
        statements=(),
    )


def _parts(selection: Selection, found: Sequence[OwnerResult]) -> Iterator[RecordedPart]:
    """What is above repositories of all of them, then their repositories, then what came later."""
    late: list[RecordedPart] = []
    for one in found:
        if one.recording is None:
            why = Unknown(Reason.INCOMPLETE, f"a run that reads {one.login}: {one.why}")
            yield RecordedPart(ABOVE, None, tuple(unread(selection, one.root, why)))
            continue
        for part in one.recording.parts():
            if part.name != ABOVE:
                break
            yield part
    for one in found:
        for part in one.recording.parts() if one.recording is not None else ():
            if part.name == LATE:
                late.append(part)
            elif part.name != ABOVE and not is_scope(one.login):
                yield part
    yield from late


def _results(
    fleet: FleetPlan, results: StoredResults, temporary: Path, read: Selection
) -> Iterator[OwnerResult]:
    """The part of each organization. A store that gave no answer is not asked about the others.

    Waiting for each of them could take hours.
    """
    why = ""
    for owner in fleet.owners:
        if not why:
            try:
                yield _result(fleet, owner, results, temporary, read)
                continue
            except StoredError as error:
                why = f"its result was not read: {error}"
        yield OwnerResult(owner.login, why)


def _result(
    fleet: FleetPlan,
    owner: PlannedOwner,
    results: StoredResults,
    temporary: Path,
    read: Selection,
) -> OwnerResult:
    """The part of one organization. What is wrong with it says why it was not looked at.

    Raises:
        StoredError: the store gives no answer.
    """
    try:
        receipt = results.best(owner.number)
        if receipt is None:
            shard = fleet.shard_of(owner.number)
            return OwnerResult(owner.login, f"shard {shard} has no receipt of it; run it again")
        path = temporary / f"{owner.number}.jsonl"
        with path.open("wb") as file:
            results.facts(receipt, file)
        _demand_no_secret(path)
        recording = Recording(path)
        if is_scope(owner.login):
            return _scope_result(fleet, owner, receipt, recording, read)
        counted = _demand_own(recording, owner, read)
    except StoredError as error:
        if error.may_pass:
            raise
        return OwnerResult(owner.login, f"its result is refused: {error}")
    why = receipt.partial
    known = owner.repositories if Repository in read.facts else None
    if not why and known is not None and counted < known:
        why = f"{counted} of {known} repositories were listed"
    return OwnerResult(owner.login, why, recording, receipt)


def _scope_result(
    fleet: FleetPlan, owner: PlannedOwner, receipt: Receipt, recording: Recording, read: Selection
) -> OwnerResult:
    """The part of one scope of npm.

    Raises:
        StoredError: its facts are about something else.
    """
    logins = {one.login.lower().removeprefix("@") for one in fleet.owners if is_scope(one.login)}
    demand_scope(recording, owner, read, frozenset(logins - {owner.root.name.lower()}))
    why = receipt.partial
    if not why and PackageGrant in read.facts:
        listed = listed_packages(recording, owner.root)
        why = listed.why
        if not why and owner.repositories is not None and listed.count < owner.repositories:
            why = f"{listed.count} of {owner.repositories} packages were listed"
    return OwnerResult(owner.login, why, recording, receipt)


def _fresh(found: Sequence[OwnerResult]) -> Iterator[OwnerResult]:
    """The results, without what was read long before the newest of them.

    All are judged as of the earliest, and a secret that has since become too old would pass.
    """
    times = [one.receipt.observed for one in found if one.receipt and one.receipt.observed]
    newest = max(times, default=None)
    for one in found:
        read = one.receipt.observed if one.receipt else None
        if newest is None or read is None or newest - read <= OLDEST:
            yield one
        else:
            yield OwnerResult(
                one.login,
                f"it was read at {read:%Y-%m-%d %H:%M} UTC, over a day before the newest result;"
                " make a new plan",
            )


def _demand_no_secret(path: Path) -> None:
    """Demand that facts hold nothing that looks like a credential: none is written into them.

    Raises:
        StoredError: they do.
    """
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if looks_secret(line):
                raise StoredError(f"line {number} of its facts looks like it holds a credential")


def _demand_own(recording: Recording, owner: PlannedOwner, read: Selection) -> int:
    """Demand that facts are about this organization alone; returns how many repositories.

    Raises:
        StoredError: they are about something else, or were not asked for as the plan says.
    """
    context = recording.context(RunContext)
    root = Subject("github", "org", owner.login)
    names = frozenset(fact_name(kind) for kind in read.facts)
    if context.roots != (root,) or context.beside or context.repositories:
        raise StoredError("its facts are about another target")
    if context.depth != int(read.depth) or not names <= context.facts:
        raise StoredError("its facts were read with other settings than the plan's")
    login, counted = owner.login.lower(), 0
    for part in recording.parts():
        if part.repository is not None and (
            part.name not in OF_REPOSITORIES or _owner_of(part.repository) != login
        ):
            raise StoredError(f"it holds facts about {part.repository}, which is not part of it")
        counted += part.name in OF_REPOSITORIES
        for answer in part.answers:
            _demand_within(answer, login)
    return counted


def _demand_within(answer: Answer[Any], login: str) -> None:
    subjects = [answer.scope]
    for fact in answer.facts:
        subjects += [fact.subject, fact.within]
    for subject in subjects:
        if subject.provider != "github" or (subject.kind in OWNED and _owner_of(subject) != login):
            raise StoredError(f"it holds facts about {subject}, which is not part of it")


def _owner_of(subject: Subject) -> str:
    return subject.name.partition("/")[0].lower()
