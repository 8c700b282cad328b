"""The run that a command's options ask for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from hardenme.cli.options.given import OptionValues, demand_choice, split
from hardenme.config.table.access import AS, CA_FILE, TRUST_ROOT
from hardenme.config.table.result import ALLOW_UNKNOWN, FAIL_ON
from hardenme.config.table.selection import (
    ALL_ORGANIZATIONS,
    ARCHIVED,
    DEPTH,
    ENTERPRISE,
    EXCLUDE,
    IGNORE,
    INCLUDE,
    LOCAL,
    NETWORK_LOOKUPS,
    PROFILE,
    SELECT,
    SINCE,
    TARGET,
    WORKERS,
)
from hardenme.engine.catalogue import catalogue, matches, select
from hardenme.engine.filter import RepositoryFilter
from hardenme.engine.plan import Selection, plan
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.ground.errors import UsageError
from hardenme.model.check import Check
from hardenme.model.depth import Depth
from hardenme.model.profile import PROFILES
from hardenme.model.severity import Severity
from hardenme.model.unknown import Reason

FEW, SWEEPING = 4, 8
"""Requests at once, and where an organization is swept."""


def run_config(given: OptionValues, *, accounts: bool = True) -> RunConfig:
    """What the given options ask of a run; `RunConfig` says what `accounts` is.

    Raises:
        UsageError: an option is not of its form.
    """
    with given.naming_origins():
        return _config(given, accounts=accounts)


def _config(given: OptionValues, *, accounts: bool) -> RunConfig:
    try:
        depth = Depth.parse(given[DEPTH])
        targets = tuple(dict.fromkeys(Target.parse(text) for text in given[TARGET] or ("me",)))
        checks = select(split(given[SELECT]), split(given[IGNORE]))
        fail_on = Severity.parse(given[FAIL_ON])
    except ValueError as error:
        raise UsageError(str(error)) from None
    demand_choice("--profile", given[PROFILE], ("", *PROFILES))
    settled = given.settled
    return RunConfig(
        targets=targets,
        selection=_selection(given, checks, depth),
        scope=_scope(given),
        profile=given[PROFILE],
        fail_on=fail_on,
        allowed_unknown=tuple(map(_allowable, split(given[ALLOW_UNKNOWN]))),
        chosen=RepositoryFilter(
            tuple(split(given[INCLUDE])), tuple(split(given[EXCLUDE])), given[ARCHIVED]
        ),
        workers=given[WORKERS] or _workers(targets),
        expected_login=given[AS],
        local=given[LOCAL],
        accounts=accounts,
        release_days=given.where_it_is(SINCE),
        warnings=tuple(_warnings(given)),
        notes=settled.notes,
        waivers=settled.waivers,
        proposed=settled.proposed,
        adjustments=settled.adjustments,
    )


def _selection(given: OptionValues, checks: Sequence[Check], depth: Depth) -> Selection:
    """The checks of the run, with how many are left out by what a file or a variable selects.

    Who gives an option sees what it leaves out; a file may be someone else's, or forgotten.
    """
    settled = given.settled
    selection = plan(checks, (NETWORK_LOOKUPS.option,) if given[NETWORK_LOOKUPS] else (), depth)
    own = [[] if settled.narrowed(one.name) else split(given[one]) for one in (SELECT, IGNORE)]
    left_out = len(select(*own)) - len(checks)
    if left_out:
        selection.left_out[f"not selected by {settled.narrowed('select', 'ignore')}"] = left_out
    return selection


def _scope(given: OptionValues) -> str:
    lists = {one.name: sorted(split(given[one])) for one in (SELECT, IGNORE, INCLUDE, EXCLUDE)}
    return json.dumps({**lists, **{one.name: given[one] for one in (ARCHIVED, LOCAL, DEPTH)}})


def lists_organizations(given: OptionValues) -> bool:
    """Whether organizations are asked for that GitHub lists."""
    return bool(given.where_it_is(ALL_ORGANIZATIONS) or given.where_it_is(ENTERPRISE))


def with_organizations(
    config: RunConfig, given: OptionValues, listed: Iterable[Target], unlisted: str
) -> RunConfig:
    """The run with the organizations of a list as its targets, and those that are named.

    Args:
        listed: the organizations.
        unlisted: why there may be more; empty if these are all.
    """
    named = config.targets if given[TARGET] else ()
    targets = {target.text.lower(): target for target in (*named, *listed)}
    found = tuple(targets.values())
    workers = given[WORKERS] or _workers(found)
    return replace(config, targets=found, workers=workers, unlisted=unlisted)


def _workers(targets: Iterable[Target]) -> int:
    """Requests at once: more where an organization's repositories are gone through."""
    sweeps = any(target.kind == "github-owner" for target in targets)
    return SWEEPING if sweeps else FEW


def _warnings(given: OptionValues) -> Iterator[str]:
    """What a reader of the report has to know about what the run trusts."""
    if given[CA_FILE]:
        yield f"certificates are checked against {given[CA_FILE]}"
    if given[TRUST_ROOT]:
        yield f"provenance is verified by {given[TRUST_ROOT]}, not the public root"


def _allowable(name: str) -> str:
    """What may stay unknown, by a name that means something.

    Raises:
        UsageError: it is not a check, a family or a reason.
    """
    reasons = {reason.value for reason in Reason} | {"ERRORED"}
    known = name.upper() in reasons or any(
        matches(check.code, check.slug, name) for check in catalogue()
    )
    if not known:
        raise UsageError(
            f"--allow-unknown takes codes, slugs, families or one of: {', '.join(sorted(reasons))};"
            f" not {name!r}"
        )
    return name
