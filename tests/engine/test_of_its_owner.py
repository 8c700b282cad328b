"""What an organization sets holds in its own repositories, also where a run sees no other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hardenme.sandbox.github.world import Repository
from hardenme.sandbox.npm import scenarios as npm
from tests.moment import NOW
from tests.running import stage
from tests.worlds.intrusion import OWNER, TOKEN, ordinary

OWN = f"{OWNER}/own"


@pytest.mark.parametrize(
    "targets", [("me", "github:cedar-labs"), ("github:cedar-labs", f"github:{OWN}")]
)
def test_a_role_of_an_organization_administers_no_repository_of_a_person(
    targets: tuple[str, ...],
) -> None:
    world = ordinary(NOW, repositories=1)
    (role,) = (one for one in world.organizations[0].staff.roles or () if one.id == 8136)
    role.users.add("birch")
    made = NOW - timedelta(days=900)
    world.repositories.append(Repository(OWNER, "own", 991, made, made, files={"a.md": b"a"}))
    with stage(world, npm.weak_maintainer(NOW), TOKEN) as running:
        report = running.audit(*targets, select_=("GHR112",))
    found = {str(one.subject): one for one in report.findings}
    own = found[f"github:repo/{OWN}"]
    assert own.result == "failed"
    assert "1 admin" in str(own.outcome)
    assert "birch" in str(found["github:repo/cedar-labs/cone"].outcome)
