"""A run of `hardenme recent` over an organization after an attack, in this process."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

from hardenme.derive.handover import FACTS as OF_A_PERSON
from hardenme.derive.recent import FACTS
from hardenme.engine.audit import audit
from hardenme.engine.catalogue import select
from hardenme.engine.plan import plan, with_facts
from hardenme.engine.progress import Silent
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.model.depth import Depth
from hardenme.model.report import Report
from hardenme.sandbox.github.state.changes import Run
from hardenme.sandbox.github.state.staff import Team
from hardenme.sandbox.github.world import Environment
from hardenme.sandbox.npm import scenarios as npm
from tests.moment import NOW, standing_at
from tests.running import PATIENT, stage
from tests.watched_reads import READS
from tests.worlds.intrusion import intrusion

WINDOW = timedelta(hours=48)
NIGHTLY = ".github/workflows/nightly.yml"
TARGETS = ("me", "github:cedar-labs")


@cache
@READS.installed()
def lately(depth: Depth = Depth.STANDARD) -> Report:
    """The report of such a run."""
    found = intrusion(NOW, repositories=14)
    one = found.world.repositories[1]
    one.files[NIGHTLY] = b"on: {schedule: [{cron: '0 3 * * *'}]}\njobs: {}\n"
    one.runs.append(Run(6002, NIGHTLY, "schedule", "main", NOW, "birch", "Nightly"))
    one.environments.append(Environment(6001, "production", NOW, NOW, reviewers=["birch"]))
    organization = found.world.organizations[0]
    rights = {one.full_name: "READ"}
    birch = frozenset({"birch"})
    organization.staff.teams.append(Team(6003, "growers", birch, birch, rights))
    own = replace(one, owner="birch", name="poems", id=6004, visibility="public", activity=[])
    found.world.repositories.append(replace(own, commits=[], runs=[], environments=[]))
    made = with_facts(plan(select(()), (), depth), FACTS | OF_A_PERSON)
    order = RunConfig(tuple(map(Target.parse, TARGETS)), made, local=False, window=WINDOW)
    with (
        stage(found.world, npm.weak_maintainer(NOW), found.token) as running,
        standing_at(NOW),
    ):
        return audit(order, running.clients(PATIENT), Silent())
