"""Judges again what an earlier run learnt: no token, no network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Protocol

from hardenme.collectors.attested import Statements
from hardenme.collectors.fact_store import FactStore
from hardenme.engine.adjusting import Adjusting
from hardenme.engine.judge import Judge
from hardenme.engine.plan import Selection, indispensable, makers
from hardenme.engine.progress import Progress
from hardenme.engine.recorder import Ending, RunContext
from hardenme.engine.results import ResultStore
from hardenme.engine.run_config import RunConfig
from hardenme.engine.summary import report_of
from hardenme.engine.waive import Waiving
from hardenme.model.check import Check
from hardenme.model.fact import Answer, fact_name
from hardenme.model.given import Targets
from hardenme.model.profile import PROFILES
from hardenme.model.report import Report
from hardenme.model.subject import Subject

NOT_READ = "their facts are not in the file"


class Recorded(Protocol):
    """One part of what was learnt."""

    @property
    def name(self) -> str:
        """`above`, `repository`, `joined`, `left_out` or `late`."""

    @property
    def repository(self) -> Subject | None:
        """Of `repository`, `joined` and `left_out`; else None."""

    @property
    def answers(self) -> Iterable[Answer[Any]]:
        """What was learnt."""


def readable(plan: Selection, facts: frozenset[str]) -> Selection:
    """The plan without the checks that need a fact which was not asked for then.

    Args:
        facts: the names of the types that were asked for.
    """
    running = tuple(check for check in plan.checks if _has_all(check, facts))
    dropped = len(plan.checks) - len(running)
    left_out = {**plan.left_out, **({NOT_READ: dropped} if dropped else {})}
    return replace(plan, checks=running, left_out=left_out)


def _has_all(check: Check, facts: frozenset[str]) -> bool:
    parts = (item for item in check.parameters if not (item.given or item.optional))
    needed = indispensable(item.kind for item in parts)
    return all(makers(kind) or fact_name(kind) in facts for kind in needed)


def replay(  # noqa: PLR0913 (a run and how it is judged)
    context: RunContext,
    parts: Iterator[Recorded],
    ending: Ending,
    config: RunConfig,
    progress: Progress,
    *,
    result_store: ResultStore,
) -> Report:
    """Judge what was learnt, at the time of the run that learnt it.

    Args:
        parts: what was learnt, in its order.
        ending: how that run went.
        config: its request; the selection is limited to `readable`.
        progress: receives each step.
        result_store: keeps the findings about repositories.
    """
    days = context.release_days or max(one.limits.release_days for one in PROFILES.values())
    store = FactStore(config.selection.facts, config.selection.depth, release_days=days)
    statements = Statements.of(context.statements)
    statements.refused = context.refused
    statements.account = lambda within: context.accounts.get(_lane(context, within), "")
    judge = Judge(
        config.selection,
        config.profile,
        store,
        roots=lambda: context.roots,
        beside=lambda: context.beside,
        targets=lambda: Targets(context.owners, context.repositories),
        timeless=lambda: context.timeless,
        result_store=result_store,
        release_days=context.release_days,
        statements=statements,
        waiving=Waiving(config.waivers),
        adjusting=Adjusting(config.adjustments),
        started=context.started,
        progress=progress,
    )
    begun = False
    for part in parts:
        if part.name != "above" and not begun:
            begun = True
            judge.begin()
        if part.repository is None:
            _put(store, part.answers)
            continue
        scoped = store.scoped()
        _put(scoped, part.answers)
        hand_over = {"joined": judge.join, "left_out": judge.leave}.get(part.name, judge.settle)
        hand_over(part.repository, scoped)
    if not begun:
        judge.begin()
    judge.finish()
    return report_of(config, judge, store, context.started, ending, context.roots)


def _put(store: FactStore, answers: Iterable[Answer[Any]]) -> None:
    for answer in answers:
        store.put(answer)


def _lane(context: RunContext, subject: Subject) -> str:
    """The credential that a subject was asked about with, as in `Clients.lane`."""
    owner = subject.name.partition("/")[0].lower()
    own = subject.provider == "github" and subject.kind != "token" and owner in context.lanes
    return f"github/{owner}" if own else subject.provider
