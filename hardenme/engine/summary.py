"""Puts a report together from what was judged and how the run went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from hardenme import __version__
from hardenme.collectors.fact_store import FactStore
from hardenme.engine.judge import Judge
from hardenme.engine.recorder import Ending
from hardenme.engine.run_config import RunConfig
from hardenme.engine.standards import answered_by, controls_of
from hardenme.model.check import Check
from hardenme.model.depth import DEEPER
from hardenme.model.finding import Finding
from hardenme.model.finding_summary import weight
from hardenme.model.publishing import PackagePaths, Publishing
from hardenme.model.report import (
    ADDS_ARCHIVED,
    LEFT_OUT,
    CheckText,
    Coverage,
    Report,
    UnreadTarget,
    absence,
)
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject

RELEASES = ("REL", "NPP112")
"""How the checks begin of releases, and of versions that wait for approval."""
FAINTEST = Severity.MEDIUM
"""From which severity on a sign counts."""
LOOK = "releases of this package show signs of an attack: look at these first"


def report_of(  # noqa: PLR0913, PLR0917 (all that a report contains)
    config: RunConfig,
    judge: Judge,
    store: FactStore,
    started: datetime,
    ending: Ending,
    roots: tuple[Subject, ...],
) -> Report:
    """The report of a run.

    Args:
        judge: what was judged, to the end.
        store: what was learned about everything above the repositories.
        started: when, in UTC.
        ending: how the run went.
        roots: the subjects that the targets named.
    """
    unseen: tuple[tuple[str, str], ...] = ()
    if "github" in config.selection.providers():
        from hardenme.engine.partial_visibility import partial_visibility  # noqa: PLC0415 (start-up is a feature)

        unseen = tuple(partial_visibility(store))
    stopped = bool(ending.partial) or ending.halted is not None
    whole = not (stopped or unseen or ending.left_out or judge.results.beyond)
    ledger = judge.waiving.ledger(
        judge.checks, judge.now, proposed=config.proposed, roots=roots, whole=whole
    )
    not_found = () if stopped else tuple(judge.not_found(config.targets))
    absent = (f"{name}: {absence(name, ending.identities)}" for name in not_found)
    changed = judge.adjusting.notes(judge.checks, judge.profile, judge.fitting)
    findings = judge.results.all()
    return Report(
        version=__version__,
        started=started,
        targets=tuple(target.text for target in config.targets),
        profile=judge.profile,
        profile_chosen=judge.chosen,
        identities=ending.identities,
        findings=findings,
        checks={check.code: _text(check, judge.weight(check)) for check in judge.checks},
        coverage=_coverage(config, judge, ending.left_out, map(" ".join, unseen)),
        traffic=ending.traffic,
        fail_on=config.fail_on,
        allowed_unknown=config.allowed_unknown,
        partial=ending.partial,
        halted=ending.halted,
        unread=_unread(config, ending, unseen),
        warnings=(*absent, *ending.warnings, *config.notes, *changed, *judge.notes()),
        publishing=with_attention(judge.publishing, findings),
        waivers=ledger,
        standards=answered_by(check.code for check in judge.checks),
        inventory=judge.inventory.all(),
        not_found=not_found,
        observed=judge.observed,
    )


def _unread(
    config: RunConfig, ending: Ending, unseen: Iterable[tuple[str, str]]
) -> tuple[UnreadTarget, ...] | None:
    """The targets that were not looked at as a whole; None if an early end leaves that open.

    Args:
        unseen: organizations that may have more repositories, each with why.
    """
    early = ending.partial not in {"", config.unlisted} or ending.halted is not None
    if config.unread is None and early:
        return None
    whys: dict[str, list[str]] = {}
    for name, why in unseen:
        whys.setdefault(name.lower(), []).append(f"it {why}")
    named = {one.target for one in config.unread or ()}
    owners = [one for one in config.targets if one.kind == "github-owner" and one.text not in named]
    found = [
        UnreadTarget(one.text, why) for one in owners for why in whys.get(one.name.lower(), ())
    ]
    return (*(config.unread or ()), *found)


def _coverage(
    config: RunConfig, judge: Judge, repositories: int, unseen: Iterable[str]
) -> Coverage:
    counts = judge.results.counts
    decided = ("passed", "failed", "waived", "attested", "not_applicable")
    known = sum(counts[name] for name in decided)
    asked = counts.total() - counts["manual"]
    left_out = dict(config.selection.left_out)
    dropped = len(config.selection.checks) - len(judge.checks)
    if dropped:
        left_out["belongs to another profile"] = dropped
    notes = []
    if repositories:
        were = "repository was" if repositories == 1 else "repositories were"
        notes.append(f"{repositories} {were} {LEFT_OUT}{ADDS_ARCHIVED}")
    notes += unseen
    if judge.results.beyond:
        beyond = judge.results.beyond
        notes.append(f"{beyond:,} {'setting was' if beyond == 1 else 'settings were'} {DEEPER}")
    if counts["errored"]:
        broke = counts["errored"]
        notes.append(f"{broke} checks broke: this is a fault of hardenme, please report it")
    return Coverage(known, asked, len(judge.checks), left_out, tuple(notes))


def _text(check: Check, severity: Severity) -> CheckText:
    texts = check.texts
    return CheckText(
        check.code,
        check.slug,
        check.title,
        severity,
        texts["summary"],
        texts["why"],
        texts["fix"],
        texts["limits"],
        controls_of(check.code),
    )


def with_attention(publishing: Publishing | None, findings: Iterable[Finding]) -> Publishing | None:
    """The paths, of which the intended ones say so where a release of their package is suspicious.

    Args:
        publishing: who can publish; None if no package was looked at.
        findings: all of the run.
    """
    if publishing is None:
        return None
    suspicious = {
        finding.within.name
        for finding in findings
        if finding.code.startswith(RELEASES) and finding.fails and weight(finding) >= FAINTEST
    }
    packages = tuple(
        _warned(package) if package.package in suspicious else package
        for package in publishing.packages
    )
    return replace(publishing, packages=packages)


def _warned(package: PackagePaths) -> PackagePaths:
    paths = tuple(
        replace(path, reason=f"{path.reason}; {LOOK}") if path.intended else path
        for path in package.paths
    )
    return replace(package, paths=paths)
