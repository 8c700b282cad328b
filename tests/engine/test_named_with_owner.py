"""A repository that is named together with its owner is still one of the owner's repositories."""

from __future__ import annotations

import pytest

from hardenme.model.report import Report
from tests.failing import weak_organization
from tests.passing import organization
from tests.running import Stage

WORLDS = {
    "weak": (weak_organization, "github:bramble-labs"),
    "sound": (organization, "github:cedar-labs"),
}


def judged(report: Report) -> dict[tuple[str, str], str]:
    return {(one.code, str(one.subject)): one.result for one in report.findings}


def names(running: Stage, target: str) -> list[str]:
    report = running.audit(target)
    return sorted({one.subject.name for one in report.findings if one.subject.kind == "repo"})


@pytest.mark.sampled(2)
@pytest.mark.second_tier("two runs of the whole catalogue")
@pytest.mark.parametrize("world", list(WORLDS))
def test_naming_a_repository_too_changes_no_result(world: str) -> None:
    stage, target = WORLDS[world]
    with stage() as running:
        alone = judged(running.audit(target))
        repositories = [f"github:{name}" for name in names(running, target)]
        assert repositories
        together = judged(running.audit(target, *repositories))
    assert {one: together.get(one) for one in alone} == alone
