"""A repository on the sandbox whose workflows ran in and around a window."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from hardenme.cli.exposed.question import ExposureQuestion
from hardenme.cli.exposed.search import repository_exposure
from hardenme.collectors.github.client import GitHub
from hardenme.exposure.asked import asked
from hardenme.model.exposure import ExposureRow, RepositoryExposure
from hardenme.model.secret import Secret
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.github.state.changes import JobStep, Run, RunJob, RunTry, commit_id
from hardenme.sandbox.github.state.repository import Repository
from hardenme.sandbox.github.world import World
from tests.moment import NOW
from tests.worlds.github import WEAK_TOKEN, weak_maintainer

NAME = "mallow/pantry"
START = datetime(2026, 11, 20, 0, 21, tzinfo=UTC)
END = datetime(2026, 11, 20, 3, 29, tzinfo=UTC)
INSIDE = START + timedelta(hours=1)
HOUR = timedelta(hours=1)
FILE = ".github/workflows/ci.yml"
STEPS = ("Set up job", "Run actions/checkout@v4", "Run npm ci", "Complete job")
SHA = "0e58ed8671d6b60d0890c21b07f8835ace038e67"


def workflow(*steps: str, job: str = "", on: str = "push") -> bytes:
    """A workflow with one job."""
    listed = "".join(f"      - {step}\n" for step in steps)
    return (
        f"on: {on}\njobs:\n  build:\n    runs-on: ubuntu-latest\n{job}    steps:\n{listed}".encode()
    )


CHECKOUT = "uses: actions/checkout@v4"
CI = workflow(CHECKOUT, "uses: actions/setup-node@v4", "run: npm ci")


def lock(**versions: str) -> bytes:
    """A lock file of npm's."""
    listed = "".join(
        f', "node_modules/{name}": {{"version": "{version}"}}' for name, version in versions.items()
    )
    return f'{{"lockfileVersion": 3, "packages": {{"": {{}}{listed}}}}}'.encode()


def project(lock_file: bytes | None, ci: bytes = CI, **more: bytes) -> dict[str, bytes]:
    """The files of a commit."""
    files = {FILE: ci, "package.json": b'{"dependencies": {"axios": "^1.13.0"}}', **more}
    if lock_file is not None:
        files["package-lock.json"] = lock_file
    return files


def attempt(
    at: datetime, *, steps: tuple[str, ...] = STEPS, number: int = 1, log: str | None = None
) -> RunTry:
    """An attempt of one job that took ten minutes; without a log, that expired.

    A job that does not come to its end was cancelled.
    """
    ended = at + timedelta(minutes=10)
    done = tuple(JobStep(name) for name in steps)
    conclusion = "success" if "Complete job" in steps else "cancelled"
    job = RunJob(900 + number, "build", at, ended, done, conclusion, log=log)
    return RunTry(at, ended, (job,))


def run(number: int, at: datetime, files: str, *tries: RunTry, event: str = "push") -> Run:
    """A run at the commit that has these files, by name."""
    return Run(
        number,
        FILE,
        event,
        "main",
        at,
        "mallow",
        head=commit_id(files),
        attempts=tries or (attempt(at),),
    )


LONG_AGO = START - timedelta(days=90)
OLD = run(1, LONG_AGO, "old", attempt(LONG_AGO, number=0))
"""A run from long before, so that records are seen to reach back."""


def question(*things: str) -> ExposureQuestion:
    return ExposureQuestion(tuple(map(asked, things)), START, END, (f"github:{NAME}",), NOW)


def world(runs: list[Run], files: Mapping[str, dict[str, bytes]]) -> World:
    """A world with the repository; `files` are those of each commit, by its name."""
    made = weak_maintainer(NOW)
    trees = {commit_id(name): there for name, there in files.items()}
    repository = Repository(
        "mallow", "pantry", 4900, NOW - timedelta(days=900), NOW, runs=runs, trees=trees
    )
    made.repositories.append(repository)
    made.limit = 10**6
    return made


@contextmanager
def served(there: World) -> Iterator[tuple[GitHubServer, GitHub]]:
    with github_sandbox(there) as server:
        yield server, GitHub.connect(server.url, Secret(WEAK_TOKEN))


def looked_at(
    things: tuple[str, ...], runs: list[Run], files: Mapping[str, dict[str, bytes]]
) -> RepositoryExposure:
    with served(world([OLD, *runs], {"old": project(None), **files})) as (_server, github):
        return repository_exposure(question(*things), github, NAME, lambda _text: None)


def only(found: RepositoryExposure) -> ExposureRow:
    (row,) = found.rows
    return row
