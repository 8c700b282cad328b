"""How many requests a maintainer's self-audit takes, and how long.

    python -m benchmarks.self_audit [--repositories N] [--organizations N] [--runs N] [--depth D]

It runs the real audit against the loopback servers: an account with 30 repositories, 5 listed npm
tokens, 6 SSH keys and 10 packages. The counts are exact and are held by a test. The time is of this
machine, without any network latency; it is printed and held by nothing.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hardenme.collectors.registry import by_hand, collectors
from hardenme.facts.github.repository import Repository
from hardenme.model.depth import Depth
from hardenme.sandbox.http import Request
from hardenme.sandbox.npm import scenarios as npm
from tests.attended import AtHand
from tests.running import NOW, PATIENT, stage
from tests.worlds import github

ACCOUNT_TARGET = 16
"""GitHub requests for the account, at most."""
ORGANIZATION_TARGET = 1
"""More of them for each organization that the account owns, at most."""
BATCH = 25
"""Repositories that one GraphQL request tells of."""


def declared(depth: Depth) -> dict[str, str]:
    """What is read of each repository by a collector that only its fact's declaration makes.

    With what the fact tells, in its own words.
    """
    return {
        kind.source.replace("{owner}/{repo}", "{repo}"): (kind.__doc__ or "")
        .partition("\n")[0]
        .partition(" (subject")[0]
        .rstrip(".")
        for collector in collectors()[len(by_hand()) :]
        for kind in collector.gives
        if kind.listed_by is Repository and kind.depth is depth
    }


STANDARD_REST = declared(Depth.STANDARD) | {
    "GET /repos/{repo}": "secret scanning and push protection, outside organizations",
    "GET /repos/{repo}/actions/permissions": "which actions run, outside bound organizations",
    "GET /repos/{repo}/actions/permissions/selected-actions": "which are selected, where some are",
    "GET /repos/{repo}/actions/permissions/workflow": "what the workflow token may do",
    "GET /repos/{repo}/actions/workflows": "whether a workflow that publishes is disabled",
    "GET /repos/{repo}/hooks": "whither webhooks send, and whether that is signed",
    "GET /repos/{repo}/keys": "when a deploy key was last used; where GraphQL shows a key",
    "GET /repos/{repo}/private-vulnerability-reporting": "whether strangers can report",
    "GET /repos/{repo}/rulesets/{id}": "who may bypass; where GraphQL shows a ruleset",
}
"""What is read of a repository by REST at the usual depth: GraphQL does not answer it."""
DEEP_REST = declared(Depth.DEEP) | {
    "GET /repos/{repo}/actions/permissions/fork-pr-contributor-approval": "whose runs wait",
    "GET /repos/{repo}/actions/permissions/fork-pr-workflows-private-repos": "what forks are sent",
    "GET /repos/{repo}/actions/runners": "self-hosted runners of public repositories",
    "GET /repos/{repo}/code-scanning/default-setup": "whether the default set-up scans the code",
    "GET /repos/{repo}/dependabot/alerts": "alerts of malware, outside organizations",
    "GET /repos/{repo}/dependency-graph/sbom": "whether there is an SBOM; where a release has none",
    "GET /repos/{repo}/immutable-releases": "whether releases can be changed",
    "GET /repos/{repo}/rulesets/rule-suites": "who passed by the rules in the last month",
    "GET /repos/{repo}/secret-scanning/alerts": "secrets that were found, outside organizations",
}
"""What else is read of each at the greatest depth, for the same reason."""
ONLY_REST = {
    Depth.FAST: {},
    Depth.STANDARD: STANDARD_REST,
    Depth.DEEP: STANDARD_REST | DEEP_REST,
}
MODULES = (
    *("requests", "github", "keyring", "rich", "tabulate", "pydantic", "asyncio"),
    "importlib.metadata",
)
"""What must not be loaded before it is needed."""


@dataclass(frozen=True, slots=True)
class Count:
    """The requests of one audit.

    Attributes:
        repositories: how many the account owns.
        organizations: how many it owns.
        account: requests for the account itself, by kind.
        organization: requests for single organizations, by kind.
        depth: how deep it asked.
        batches: GraphQL requests for repositories.
        rest: requests for single repositories, by kind.
        npm: requests to the registry, by kind.
        findings: how many findings came out.
        unknown: how many of them are unknown or errored.
        seconds: how long it took, by the wall clock.
    """

    repositories: int
    organizations: int
    depth: Depth
    account: Counter[str]
    organization: Counter[str]
    batches: int
    rest: Counter[str]
    npm: Counter[str]
    findings: int
    unknown: int
    seconds: float

    @property
    def github(self) -> int:
        """All requests to GitHub."""
        return self.account.total() + self.organization.total() + self.batches + self.rest.total()


def batches(repositories: int) -> int:
    """How many GraphQL requests tell of so many repositories."""
    return -(-repositories // BATCH)


def count(repositories: int = 30, organizations: int = 0, depth: Depth = Depth.STANDARD) -> Count:
    """Audit an account of that size once."""
    world = github.scaled_maintainer(
        NOW, repositories=repositories, keys=6, organizations=organizations
    )
    world.limit = world.graphql_limit = 10**9
    registry = npm.scaled_maintainer(NOW, packages=10, tokens=5)
    with stage(world, registry, github.SCALED_TOKEN, registry.token("sedge")) as running:
        running.person = AtHand()
        begun = time.perf_counter()
        report = running.audit(depth=depth, bounds=PATIENT)
        seconds = time.perf_counter() - begun
        kinds = Counter(map(kind_of, running.github.requests))
        asked = Counter(map(kind_of, running.npm.requests))
    batched = kinds.pop("POST /graphql Repositories", 0) + kinds.pop("POST /graphql Files", 0)
    return Count(
        repositories,
        organizations,
        depth,
        account=_only(kinds, lambda kind: "/repos/{repo}" not in kind and "/orgs/" not in kind),
        organization=_only(kinds, lambda kind: kind.startswith("GET /orgs/")),
        batches=batched,
        rest=_only(kinds, lambda kind: "/repos/{repo}" in kind),
        npm=asked,
        findings=len(report.findings),
        unknown=sum(finding.result in {"unknown", "errored"} for finding in report.findings),
        seconds=seconds,
    )


def kind_of(request: Request) -> str:
    """A request without what it is about: its method, the shape of its path, its query's name."""
    path = re.sub(r"^/repos/[^/]+/[^/]+", "/repos/{repo}", request.path)
    path = re.sub(r"^/orgs/[^/]+", "/orgs/{org}", path)
    path = re.sub(r"^/@[^/]+$", "/{package}", path)
    path = re.sub(r"^/-/package/[^/]+", "/-/package/{package}", path)
    path = re.sub(r"/\d+$", "/{id}", path)
    named = re.match(rb'\{"query": "\s*query (\w+)', request.body)
    return f"{request.method} {path}" + (f" {named[1].decode()}" if named else "")


def _only(kinds: Counter[str], wanted: Callable[[str], bool]) -> Counter[str]:
    return Counter({kind: n for kind, n in kinds.items() if wanted(kind)})


def loaded(*arguments: str) -> tuple[int, list[str]]:
    """How many modules a command loads, and which of `MODULES` are among them."""
    code = (
        "import contextlib, io, sys\n"
        "from hardenme.cli.main import run\n"
        "with contextlib.redirect_stdout(io.StringIO()): run(sys.argv[1:])\n"
        f"print(len(sys.modules), *[m for m in {MODULES} if m in sys.modules])"
    )
    done = subprocess.run(  # noqa: S603 (this interpreter, and a text of ours)
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    number, *names = done.stdout.split()
    return int(number), names


def lines(found: Count) -> Iterable[str]:
    """The counts in words, beside their targets."""
    yield (
        f"{found.repositories} repositories, {found.organizations} organizations,"
        f" depth {found.depth}"
    )
    yield f"  {found.account.total():4} for the account, of {ACCOUNT_TARGET}"
    yield from (f"       {n:4} {kind}" for kind, n in sorted(found.account.items()))
    allowed = ORGANIZATION_TARGET * found.organizations
    yield f"  {found.organization.total():4} for its organizations, of {allowed}"
    yield f"  {found.batches:4} GraphQL batches, of {batches(found.repositories)}"
    yield f"  {found.rest.total():4} by REST, for what GraphQL does not answer"
    reasons = ONLY_REST[found.depth]
    yield from (f"       {n:4} {kind}: {reasons[kind]}" for kind, n in sorted(found.rest.items()))
    yield f"  {found.github:4} to GitHub, {found.npm.total()} to npm"
    yield f"  {found.findings:4} findings, {found.unknown} of them unknown"


def main() -> None:
    """Count, time, and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repositories", type=int, default=30)
    parser.add_argument("--organizations", type=int, default=0)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--depth", type=Depth.parse, default=Depth.STANDARD)
    asked = parser.parse_args()
    runs = [count(asked.repositories, asked.organizations, asked.depth) for _ in range(asked.runs)]
    print(*lines(runs[0]), sep="\n")
    seconds = statistics.median(run.seconds for run in runs)
    print(f"  median of {asked.runs} runs: {seconds:.2f} s, no network latency")
    for arguments in (["--version"], ["--help"], ["list"], ["explain", "GHA101"]):
        number, names = loaded(*arguments)
        print(f"{' '.join(arguments):16} loads {number} modules; heavy ones: {names or 'none'}")


if __name__ == "__main__":
    main()
