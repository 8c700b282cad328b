"""What a watch of many packages asks, and a check of their scope."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from hardenme.collectors.transport.cache import Cache
from hardenme.model.depth import Depth
from hardenme.sandbox.github.world import Repository, Token, User
from hardenme.sandbox.github.world import World as GitHubWorld
from hardenme.sandbox.npm.scenarios import scaled_maintainer
from tests.running import NOW, PATIENT, Stage, stage

pytestmark = pytest.mark.second_tier("counts the requests of whole runs", one_of=8)

TOKEN = "ghp_CANARYsedge00000000000000000000000000"
PACKAGES = 50


def github() -> GitHubWorld:
    """A repository for each package, each with the tags of its releases."""
    long_ago = NOW - timedelta(days=400)
    return GitHubWorld(
        NOW,
        users=[User("sedge", 1700, long_ago)],
        repositories=[
            Repository(
                "sedge",
                f"stem-{index}",
                4800 + index,
                long_ago,
                NOW,
                tags=["v1.2.0", "v1.1.0", "v1.0.0"],
            )
            for index in range(PACKAGES)
        ],
        tokens=[Token(TOKEN, "classic", "sedge", scopes=frozenset({"repo"}))],
    )


def watched(at: Stage, cache: Cache) -> tuple[int, int, int]:
    """Watch all packages: requests to the registry, how many were conditional, and to GitHub."""
    at.npm.requests.clear()
    at.github.requests.clear()
    report = at.audit(
        *(f"npm:@reed-bed/stem-{index}" for index in range(PACKAGES)),
        select_=("REL",),
        bounds=PATIENT,
        cache=cache,
        accounts=False,
        release_days=3,
    )
    assert report.counts()["failed"] == report.counts()["unknown"] == 0
    conditional = sum("if-none-match" in request.headers for request in at.npm.requests)
    return len(at.npm.requests), conditional, len(at.github.requests)


@pytest.mark.sampled(2, among="requests of a watch")
@pytest.mark.second_tier("takes over half a second")
@pytest.mark.parametrize(("newest", "looked_for"), [(30, 0), (2, PACKAGES)])
def test_a_watch_asks_once_a_package(tmp_path: Path, newest: int, looked_for: int) -> None:
    """And once for the tag of a release that it has not seen before."""
    world = scaled_maintainer(NOW, PACKAGES, owner="sedge", newest=newest)
    with stage(github(), world, TOKEN) as at:
        cache = Cache(tmp_path)
        assert watched(at, cache) == (PACKAGES, 0, looked_for)
        assert watched(at, cache) == (PACKAGES, PACKAGES, 0)
        assert watched(at, cache) == (PACKAGES, PACKAGES, 0)


@pytest.mark.sampled(2, among="requests of a watch")
@pytest.mark.second_tier("takes long")
@pytest.mark.parametrize(("depth", "each"), [(Depth.STANDARD, 4), (Depth.DEEP, 5)])
def test_how_many_requests_a_package_takes_at_most(depth: Depth, each: int) -> None:
    world = scaled_maintainer(NOW, PACKAGES, tokens=12, newest=2)
    with stage(GitHubWorld(NOW), world, npm_token=world.token("sedge")) as at:
        report = at.audit("npm:@reed-bed", bounds=PATIENT, depth=depth)
        assert len(report.findings) > 10 * PACKAGES
        assert len(at.npm.requests) <= each * PACKAGES
