"""How long updates wait, through the whole run: Dependabot's own three days count (GHR123)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hardenme.model.severity import Severity
from hardenme.sandbox.github.world import Repository
from tests.engine.repository_stage import judged, one_repository
from tests.running import Stage

UPDATES = "version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n"


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[Stage, Repository]]:
    with one_repository() as found:
        yield found


@pytest.mark.parametrize(
    ("cooldown", "team", "strict"),
    [
        ("", "passed", "failed"),
        ("    cooldown: {default-days: 0}\n", "failed", "failed"),
        ("    cooldown: {default-days: 1}\n", "failed", "failed"),
        ("    cooldown: {default-days: 3}\n", "passed", "failed"),
        ("    cooldown: {default-days: 7}\n", "passed", "passed"),
        ("    cooldown: {default-days: 7, semver-patch-days: 1}\n", "failed", "failed"),
    ],
)
def test_dependabot(place: tuple[Stage, Repository], cooldown: str, team: str, strict: str) -> None:
    running, repository = place
    repository.files[".github/dependabot.yml"] = (UPDATES + cooldown).encode()
    for profile, result in (("team", team), ("strict", strict)):
        (finding,) = judged(running, "GHR123", profile)
        assert finding.result == result, profile
        assert finding.severity is Severity.LOW
