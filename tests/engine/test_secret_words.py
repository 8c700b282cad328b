"""Secrets that may hold a token for npm, through the whole run: none of them passes in silence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hardenme.model.publishing import State
from hardenme.model.severity import Severity
from hardenme.model.way import Way
from hardenme.sandbox.github.server import GitHubServer
from hardenme.sandbox.github.world import OrganizationSecret, Repository, RepositorySecret
from tests.engine.repository_stage import judged, one_repository
from tests.hostile.publishing import PACKAGE, TARGET, publisher
from tests.passing import organization
from tests.running import NOW, Stage

RELEASE = """on: {push: {tags: ['v*']}}
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    permissions: {contents: read}
    steps:
      - uses: somebody/some-action@v3
      - run: ./release.sh
        env: {TOKEN: "${{ secrets.NAME }}"}
"""
CASES = [
    ("NPM_AUTH2", {"GHR116": ("failed", Severity.HIGH), "GHR117": ("failed", Severity.MEDIUM)}),
    ("PUBLISH_NPM_KEY", {"GHR116": ("failed", Severity.HIGH), "GHW206": ("failed", Severity.HIGH)}),
    ("NPMTOKEN", {"GHR116": ("failed", Severity.HIGH), "GHW206": ("failed", Severity.HIGH)}),
    ("NPM_PROD", {"GHR117": ("failed", Severity.LOW), "GHW206": ("failed", Severity.MEDIUM)}),
    ("YARN_TOKEN", {"GHR117": ("failed", Severity.LOW), "GHW206": ("failed", Severity.MEDIUM)}),
    ("NPM_REGISTRY_URL", {"GHR116": ("passed", Severity.HIGH)}),
]


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[Stage, Repository]]:
    with one_repository() as found:
        yield found


@pytest.mark.parametrize(("name", "expected"), CASES)
def test_secrets_of_a_repository(
    place: tuple[Stage, Repository], name: str, expected: dict[str, tuple[str, Severity]]
) -> None:
    running, repository = place
    repository.secrets[:] = [RepositorySecret(name, NOW, NOW)]
    repository.files[".github/workflows/release.yml"] = RELEASE.replace("NAME", name).encode()
    for code, said in expected.items():
        (finding,) = judged(running, code)
        assert (finding.result, finding.severity) == said, code


def test_a_name_that_is_near_is_asked_about(place: tuple[Stage, Repository]) -> None:
    running, repository = place
    repository.secrets[:] = [RepositorySecret("NPM_PROD", NOW, NOW)]
    (finding,) = judged(running, "GHR116")
    assert finding.result == "manual"
    assert "NPM_PROD" in str(finding.outcome)


def test_secrets_of_an_organization() -> None:
    with organization() as running:
        assert isinstance(running.github, GitHubServer)
        running.github.world.organizations[0].secrets[:] = [
            OrganizationSecret(name, NOW, NOW, "all") for name in ("NPM_AUTH2", "NPM_PROD", "CHAT")
        ]
        report = running.audit("github:cedar-labs", select_=("GHO128",))
    found = {item.label: (item.result, item.severity) for item in report.findings}
    assert found["NPM_AUTH2"] == ("failed", Severity.HIGH)
    assert found["NPM_PROD"] == ("failed", Severity.MEDIUM)
    assert found["CHAT"][0] == "not_applicable"


@pytest.mark.parametrize("name", ["NPM_AUTH2", "PUBLISH_NPM_KEY", "NPM_PROD"])
def test_a_secret_is_a_path_to_a_release(name: str) -> None:
    with publisher() as running:
        running.others = dict
        assert isinstance(running.github, GitHubServer)
        for repository in running.github.world.repositories:
            repository.secrets.append(RepositorySecret(name, NOW, NOW))
        report = running.audit(TARGET, select_=("PUB101",))
    assert report.publishing is not None
    (told,) = (one for one in report.publishing.packages if one.package == PACKAGE)
    paths = [path for path in told.paths if path.way is Way.SECRET]
    assert [path.state for path in paths] == [State.UNKNOWN]
    assert paths[0].name.startswith(name)
