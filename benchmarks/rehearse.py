"""How many requests `hardenme rehearse` takes, for few packages and for many.

    python -m benchmarks.rehearse [--packages N ...] [--monorepo]

Each package has a repository of its own, with a release workflow, an environment and a trusted
publisher, and its owner answers npm's question for 2FA. With `--monorepo` one repository has all
packages, each in a folder, and changesets publishes them. The counts are exact; a test holds them.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.self_audit import kind_of
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
OF_WORKSPACES = RELEASE.replace(b"npm publish", b"npx changeset publish")


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The requests of one run.

    Attributes:
        packages: how many were rehearsed.
        github: requests to GitHub, by kind.
        npm: requests to the registry, by kind.
        ways: how many ways to release were judged.
        accepted: how many of these are accepted.
    """

    packages: int
    github: Counter[str]
    npm: Counter[str]
    ways: int
    accepted: int

    @property
    def total(self) -> int:
        """All requests."""
        return self.github.total() + self.npm.total()


def count(packages: int, *, monorepo: bool = False) -> Rehearsed:
    """Rehearse so many packages once."""
    world = github.scaled_maintainer(NOW, repositories=1 if monorepo else packages)
    world.limit = world.graphql_limit = 10**9
    registry = npm.scaled_maintainer(NOW, packages=packages, tokens=1)
    for number, package in enumerate(registry.packages):
        if monorepo:
            _release_from_folder(package, world.repositories[0], number)
        else:
            _release_by(package, world.repositories[number], number)
    with stage(world, registry, github.SCALED_TOKEN, registry.token("sedge")) as running:
        running.person = AtHand()
        report = running.audit(
            "npm:@reed-bed", select_=tuple(CHECKS.split(",")), depth=Depth.DEEP, bounds=PATIENT
        )
        to_github = Counter(map(kind_of, running.github.requests))
        to_npm = Counter(map(kind_of, running.npm.requests))
    found = report.publishing.packages if report.publishing is not None else ()
    ways = [way for one in found for way in one.releases]
    accepted = sum(way.accepted for way in ways)
    return Rehearsed(packages, to_github, to_npm, len(ways), accepted)


def _release_by(package: Package, repository: Repository, number: int) -> None:
    """Have a repository release a package by a trusted publisher."""
    repository.files[".github/workflows/release.yml"] = RELEASE
    repository.files["package.json"] = _manifest(package, repository)
    package.repository = f"github:{repository.full_name}"
    _bind(package, repository, number)


def _release_from_folder(package: Package, repository: Repository, number: int) -> None:
    """Have a repository release one package of many, which is in a folder."""
    folder = f"packages/{package.name.partition('/')[2]}"
    root = {"name": "root", "private": True, "workspaces": ["packages/*"]}
    repository.files[".github/workflows/release.yml"] = OF_WORKSPACES
    repository.files["package.json"] = json.dumps(root).encode()
    repository.files[f"{folder}/package.json"] = _manifest(package, repository)
    url = f"git+https://github.com/{repository.full_name}.git"
    package.repository = {"type": "git", "url": url, "directory": folder}
    _bind(package, repository, number)


def _manifest(package: Package, repository: Repository) -> bytes:
    """The `package.json` of the next release."""
    named = {"name": package.name, "version": "2.0.0"}
    return json.dumps({**named, "repository": f"github:{repository.full_name}"}).encode()


def _bind(package: Package, repository: Repository, number: int) -> None:
    """Make the repository's workflow a trusted publisher of the package."""
    name = repository.full_name
    if not any(one.name == "npm" for one in repository.environments):
        repository.environments.append(Environment(number + 1, "npm", NOW, NOW))
    claims = {"repository": name, "workflow_ref": {"file": "release.yml"}, "environment": "npm"}
    identity = f"7d3c0000-0000-4000-8000-{number:012d}"
    package.publishers.append(
        TrustedPublisher(identity, "github", claims, ("createPackage", "createStagedPackage"))
    )


def lines(found: Rehearsed) -> Iterable[str]:
    """The counts in words."""
    each = found.total / found.packages
    yield f"{found.packages} packages: {found.total} requests, {each:.1f} a package"
    yield f"  {found.github.total():5} to GitHub"
    yield from (f"        {n:5} {kind}" for kind, n in sorted(found.github.items()))
    yield f"  {found.npm.total():5} to npm"
    yield from (f"        {n:5} {kind}" for kind, n in sorted(found.npm.items()))
    yield f"  {found.ways:5} ways to release, {found.accepted} accepted"


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--packages", type=int, nargs="*", default=PACKAGES)
    parser.add_argument("--monorepo", action="store_true", help="one repository has all packages")
    given = parser.parse_args()
    for number in given.packages:
        print(*lines(count(number, monorepo=given.monorepo)), sep="\n", flush=True)


if __name__ == "__main__":
    main()
