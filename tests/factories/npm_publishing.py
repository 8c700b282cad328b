"""Valid facts about the queue, and about the repository that a publisher names."""

from __future__ import annotations

from typing import Any

from hardenme.facts.github.named import THERE, NamedRepository
from hardenme.facts.npm.publishing import StagedVersion
from hardenme.model.subject import Subject
from tests.factories.given import ago, made
from tests.factories.npm import PACKAGE
from tests.factories.npm_paths import HOME, SUBJECT

STAGE = "1de6f3db-2ed9-4d72-b3dd-8f0e2b474a2f"


staged_version = made(
    StagedVersion,
    subject=Subject("npm", "staged", STAGE),
    within=SUBJECT,
    stage_id=STAGE,
    package=PACKAGE,
    version="2.1.0",
    actor="hazel",
    automated=False,
    created_at=ago(1 / 24),
    shasum="0" * 40,
)
"""A version that hazel handed in an hour ago."""


def named_repository(state: Any = THERE, current: Any = HOME, **overrides: Any) -> NamedRepository:
    """The repository that the package and its publisher name, which is there."""
    given = {
        "subject": SUBJECT,
        "within": SUBJECT,
        "named": HOME,
        "state": state,
        "current": current,
    }
    return NamedRepository(**given | overrides)
