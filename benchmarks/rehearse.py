"""How many requests `hardenme rehearse` takes, for few packages and for many.

    python -m benchmarks.rehearse [--packages N ...]

Each package has a repository of its own, with a release workflow, an environment and a trusted
publisher, and its owner answers npm's question for 2FA. The counts are exact; a test holds them.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.self_audit import batches, kind_of
from hardenme.cli.rehearse.command import CHECKS
from hardenme.model.depth import Depth
from hardenme.sandbox.github.state.repository import Environment
from hardenme.sandbox.github.world import Repository
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.released import Package, TrustedPublisher
from tests.attended import AtHand
from tests.running import NOW, PATIENT, stage
from tests.worlds import github

PACKAGES = (5, 200)
RELEASE = b"""\
on: {push: {tags: ['v*']}}
permissions: {contents: read, id-token: write}
jobs:
  publish:
    runs-on: ubuntu-latest
    environment: npm
    steps:
      - uses: actions/setup-node@v7
        with: {node-version: 24}
      - run: npm publish
"""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The requests of one run.

    Attributes:
        packages: how many were rehearsed.
        github: requests to GitHub, by kind.
        npm: requests to the registry, by kind.
        ways: how many ways to release were judged.
    """

    packages: int
    github: Counter[str]
    npm: Counter[str]
    ways: int

    @property
    def total(self) -> int:
        """All requests."""
        return self.github.total() + self.npm.total()


def count(packages: int) -> Rehearsed:
    """Rehearse so many packages once."""
    world = github.scaled_maintainer(NOW, repositories=packages)
    world.limit = world.graphql_limit = 10**9
    registry = npm.scaled_maintainer(NOW, packages=packages, tokens=1)
    for number, (package, repository) in enumerate(
        zip(registry.packages, world.repositories, strict=True)
    ):
        _release_by(package, repository, number)
    with stage(world, registry, github.SCALED_TOKEN, registry.token("sedge")) as running:
        running.person = AtHand()
        report = running.audit(
            "npm:@reed-bed", select_=tuple(CHECKS.split(",")), depth=Depth.DEEP, bounds=PATIENT
        )
        to_github = Counter(map(kind_of, running.github.requests))
        to_npm = Counter(map(kind_of, running.npm.requests))
    found = report.publishing.packages if report.publishing is not None else ()
    return Rehearsed(packages, to_github, to_npm, sum(len(one.releases) for one in found))


def _release_by(package: Package, repository: Repository, number: int) -> None:
    """Have a repository release a package by a trusted publisher."""
    name = repository.full_name
    package.repository = f"github:{name}"
    repository.environments.append(Environment(number + 1, "npm", NOW, NOW))
    repository.files[".github/workflows/release.yml"] = RELEASE
    manifest = {"name": package.name, "version": "2.0.0", "repository": f"github:{name}"}
    repository.files["package.json"] = json.dumps(manifest).encode()
    claims = {"repository": name, "workflow_ref": {"file": "release.yml"}, "environment": "npm"}
    identity = f"7d3c0000-0000-4000-8000-{number:012d}"
    package.publishers.append(
        TrustedPublisher(identity, "github", claims, ("createStagedPackage",))
    )


def lines(found: Rehearsed) -> Iterable[str]:
    """The counts in words."""
    each = found.total / found.packages
    yield f"{found.packages} packages: {found.total} requests, {each:.1f} a package"
    yield f"  {found.github.total():5} to GitHub, {batches(found.packages)} batches of repositories"
    yield from (f"        {n:5} {kind}" for kind, n in sorted(found.github.items()))
    yield f"  {found.npm.total():5} to npm"
    yield from (f"        {n:5} {kind}" for kind, n in sorted(found.npm.items()))
    yield f"  {found.ways:5} ways to release"


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--packages", type=int, nargs="*", default=PACKAGES)
    for number in parser.parse_args().packages:
        print(*lines(count(number)), sep="\n", flush=True)


if __name__ == "__main__":
    main()
