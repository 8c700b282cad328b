"""`hardenme fleet plan`: who is in the fleet, and which shard reads whom."""

from __future__ import annotations

import sys
from functools import partial

from hardenme import __version__
from hardenme.cli.audit.organizations import demand_list, is_chosen
from hardenme.cli.audit.run import PreparedRun, prepare
from hardenme.cli.fleet.options import SHARDS
from hardenme.cli.fleet.scopes import planned_scope
from hardenme.cli.options.fleet_plan import demand_organizations
from hardenme.cli.options.given import OptionValues, split
from hardenme.cli.options.run_config import lists_organizations, run_config
from hardenme.cli.output.delivery import delivered
from hardenme.collectors.github.asking import fetch
from hardenme.collectors.reading import Item
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
from hardenme.engine.identity import github_who
from hardenme.engine.target import Target
from hardenme.facts.github import endpoints
from hardenme.fleet.plan import (
    FleetPlan,
    FleetSettings,
    PlannedOwner,
    UnplannedOwner,
    packed,
    with_earlier,
)
from hardenme.ground import clock
from hardenme.ground.errors import UsageError
from hardenme.model.permission import NOTHING
from hardenme.model.unknown import Unknown


def planned(given: OptionValues, earlier: FleetPlan | None) -> FleetPlan:
    """The plan for the organizations that are listed and named.

    Args:
        given: the options.
        earlier: the plan that it replaces; None if there is none.

    Raises:
        CredentialError: no credential lists or reads them.
        UsageError: a target is not an organization, or none is named.
    """
    every = lists_organizations(given)
    demand_list(given, asked=every)
    given = given.but({LOCAL: False})
    config = run_config(given)
    if given[TARGET]:
        demand_organizations(config.targets, scopes=True)
    if not given[TARGET] and not every:
        raise UsageError(
            "name organizations, as github:ORG or npm:@SCOPE, or give --all-organizations or"
            " --enterprise NAME"
        )
    run = prepare(given, config, delivered(given), sys.stdin)
    try:
        found = _plan(given, run)
    finally:
        run.line.close()
    if earlier is None or not every:
        return found
    return with_earlier(found, earlier, partial(is_chosen, given))


def _plan(given: OptionValues, run: PreparedRun) -> FleetPlan:
    owners: list[PlannedOwner] = []
    unplanned: list[UnplannedOwner] = []
    targets = sorted(run.config.targets, key=lambda target: target.name.lower())
    for done, target in enumerate(targets, 1):
        of_npm = target.kind == "npm-scope"
        found = planned_scope(run, target) if of_npm else _owner(run, target)
        if isinstance(found, UnplannedOwner):
            unplanned.append(found)
        else:
            owners.append(found)
        run.line.step(done, len(targets), "organizations")
    return FleetPlan(
        made=clock.now(),
        version=__version__,
        host=run.hosts[0],
        registry=run.hosts[1],
        settings=FleetSettings(
            select=tuple(split(given[SELECT])),
            ignore=tuple(split(given[IGNORE])),
            depth=given[DEPTH],
            include=tuple(split(given[INCLUDE])),
            exclude=tuple(split(given[EXCLUDE])),
            archived=given[ARCHIVED],
        ),
        owners=tuple(owners),
        unplanned=tuple(unplanned),
        unlisted=run.config.unlisted,
        shards=packed(owners, given[SHARDS]),
    )


def _owner(run: PreparedRun, target: Target) -> PlannedOwner | UnplannedOwner:
    """The organization as GitHub shows it, or what it takes to read it."""
    github = run.clients.of_owner(target.name)
    if github is None:
        return UnplannedOwner(target.name, target.number, f"a GitHub token for {target.name}")
    found = fetch(github, endpoints.ORGANIZATION.at(target.name), NOTHING)
    if isinstance(found, Unknown):
        return UnplannedOwner(target.name, target.number, found.needed)
    number = found[1].number("id")
    if isinstance(number, Unknown):
        return UnplannedOwner(target.name, target.number, number.needed)
    if target.number and str(number) != target.number:
        why = f"its present name: {target.name} is another organization, with the ID {number}"
        return UnplannedOwner(target.name, target.number, why)
    return PlannedOwner(target.name, str(number), _lane(run, target.name), _count(found[1]))


def _count(item: Item) -> int | None:
    """How many repositories there are; None unless all of them are counted."""
    counts = item.number("public_repos"), item.number("total_private_repos")
    known = [count for count in counts if isinstance(count, int)]
    return sum(known) if len(known) == len(counts) else None


def _lane(run: PreparedRun, login: str) -> str:
    """What shares a rate limit: an app's installation has its own, a person's tokens have one."""
    name = login.lower()
    if name in run.tokens.installed:
        return f"installation on {name}"
    who = github_who(run.clients.of_owner(login))
    return f"account {who.login.lower()}" if who.login else f"token for {name}"
