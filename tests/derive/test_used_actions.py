from __future__ import annotations

from typing import Any

import pytest

from hardenme.derive.used_actions import used_actions
from hardenme.facts.github.workflow import OWN, Workflow
from hardenme.model.fact import Every
from hardenme.workflows.jobs import use
from tests.factories.github import repository
from tests.factories.github_workflow import job, workflow
from tests.factories.given import MISSING, REFUSED

OTHERS = ("alder/press@v1", "birch/bark/sub@main", "alder/press@v2")
REST = ("actions/checkout@v4", "github/codeql-action/init@v3", "./here", "docker://alpine:3")


def uses(*references: str) -> Workflow:
    return workflow(job(uses=tuple(use(one, "mallow") for one in references)))


def of(*workflows: Workflow, missing: Any = None) -> Any:
    return used_actions(repository(), Every(workflows, missing))


def test_what_others_publish_is_allowed_at_each_version() -> None:
    found = of(uses(*OTHERS[:2], *REST), uses(*OTHERS[2:], *REST))
    assert found.patterns == ("alder/press@*", "birch/bark/sub@*")
    assert of(uses(*REST)).patterns == of().patterns == ()
    assert use("mallow/own@v1", "mallow").origin == OWN
    assert of(uses("mallow/own@v1")).patterns == ()


@pytest.mark.parametrize("name", ["jobs", "opaque"])
def test_a_workflow_that_is_not_read_leaves_what_is_used_unknown(name: str) -> None:
    found = of(uses(*OTHERS), workflow(**{name: MISSING}))
    assert "patterns" in found.unknown_fields()
    assert "patterns" in of(uses(*OTHERS), missing=REFUSED).unknown_fields()
