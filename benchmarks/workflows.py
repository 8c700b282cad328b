"""How much is known of the workflow files of real projects, and how many guards are decided.

    python -m benchmarks.workflows fetch FOLDER
    python -m benchmarks.workflows measure FOLDER

`fetch` takes the source distributions that `workflow_corpus.txt` names, each by its digest, with
pip, and keeps their workflows, their actions, and the settings by which editors and agents start
something. Nothing of them is built or run: pip's own step that would is given no build system, and
what it unpacked before is kept. `measure` audits each project as a repository on a loopback server,
and prints for each check how many files passed, failed and stay unknown, with what is not known.
GHR130 is about a project, LOC114 about one settings file. Then it prints how many guards are
decided: each `if` of a job or step, once for each event by which people without write access start
its file. `workflows.md` has the figures.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
import venv
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from hardenme.collectors.autorun import reader_of, runs
from hardenme.facts.github.workflow import BY_ANYONE
from hardenme.ground.errors import ContentError
from hardenme.model.unknown import Unknown
from hardenme.sandbox.npm import scenarios as npm
from hardenme.workflows.actions import CompositeAction, action
from hardenme.workflows.context_values import ContextValues
from hardenme.workflows.flow import FileFlow
from hardenme.workflows.level import Level
from hardenme.workflows.outsiders import Start, starts_of
from hardenme.workflows.reading import ENDINGS, parsed
from hardenme.workflows.source import WorkflowSource
from hardenme.workflows.steps import Files
from tests.running import NOW, stage
from tests.worlds import github

CORPUS = Path(__file__).with_name("workflow_corpus.txt")
KEPT = ".github"
WORKFLOWS = ".github/workflows"
SUBJECT = "hazel/lantern"
CODES = (*(f"GHW2{number:02}" for number in range(1, 10)), "GHR130")
LOCAL = "LOC114"
OPTIONS = (
    *("--no-clean", "--no-deps", "--no-binary", ":all:"),
    *("--no-build-isolation", "--require-hashes"),
)


def fetch(folder: Path) -> None:
    """Put the `.github` folder of each project of the corpus below a folder."""
    for line in CORPUS.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name = line.partition("==")[0]
            if not (folder / name).exists():
                _keep(_unpacked(line, folder), folder / name)
                print(name)


def _keep(project: Path, target: Path) -> None:
    """Copy a project's workflows and actions; those of what it vendors where it has none."""
    around = min(project.rglob(KEPT), key=lambda path: len(path.parts)).parent
    shutil.copytree(around / KEPT, target / KEPT)
    started = [path for path in around.rglob("*") if starts_by_itself(path.relative_to(around))]
    for path in (*around.rglob("action.y*ml"), *started):
        place = target / path.relative_to(around)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)


def starts_by_itself(path: Path) -> bool:
    """Whether a file is one by which editors and agents start something."""
    return reader_of(path.as_posix()) is not None


def _unpacked(requirement: str, folder: Path) -> Path:
    """The folder of a source distribution, which pip fetches, compares and unpacks."""
    scratch = Path(tempfile.mkdtemp(dir=folder, prefix=".fetched-"))
    listed = scratch / "requirements.txt"
    listed.write_text(requirement + "\n", "utf-8")
    bare = scratch / "bare"
    venv.create(bare)
    (pip,) = find_spec("pip").submodule_search_locations  # type: ignore[union-attr,misc]
    # An interpreter of an empty environment: pip finds no build system, and so builds nothing.
    subprocess.run(  # noqa: S603 (pip of this environment)
        [bare / "bin" / "python", pip, "download", *OPTIONS, "-r", listed, "-d", scratch],
        env={**os.environ, "TMPDIR": str(scratch)},
        capture_output=True,
        check=False,
    )
    (project,) = scratch.glob("pip-download-*/*")
    return project


def measure(folder: Path) -> None:
    """Audit each project, and print what is known of its workflow files."""
    world = github.hardened_maintainer(NOW)
    model = next(item for item in world.repositories if item.full_name == SUBJECT)
    world.repositories[:] = [
        replace(model, name=f"project-{project.name}", files=_files(project))
        for project in sorted(folder.iterdir())
        if (project / WORKFLOWS).is_dir()
    ]
    results: Counter[tuple[str, str]] = Counter()
    reasons: Counter[tuple[str, str]] = Counter()
    with stage(world, npm.hardened_maintainer(NOW), github.HARDENED_CLASSIC) as at:
        for repository in world.repositories:
            at.rest()
            for finding in at.audit(f"github:{repository.full_name}", select_=CODES).findings:
                results[finding.code, finding.result] += 1
                if isinstance(finding.outcome, Unknown):
                    why = f"{finding.outcome.seen or finding.outcome.needed}: {finding.subject}"
                    reasons[finding.code, why] += 1
    for project in sorted(folder.iterdir()):
        for path in sorted(project.rglob("*")):
            result, why = started(path.relative_to(project).as_posix(), path)
            if result:
                results[LOCAL, result] += 1
            if why:
                reasons[LOCAL, f"{why}: {path.relative_to(folder)}"] += 1
    _print(len(world.repositories), results)
    for (code, why), number in sorted(reasons.items()):
        print(f"{code} {number} {why}")
    found = [item for project in sorted(folder.iterdir()) for item in guards(project)]
    for name, some in (
        ("guards", found),
        ("guards without pull_request", [item for item in found if item[0] != "pull_request"]),
    ):
        decided = sum(level is not Level.MAYBE for _event, level in some)
        print(f"{name}: {decided} of {len(some)} decided, {decided / max(1, len(some)):.1%}")


def started(place: str, path: Path) -> tuple[str, str]:
    """What a file starts by itself: the verdict on it, and why there is none; empty for neither."""
    read = reader_of(place)
    if read is None or not path.is_file():
        return "", ""
    try:
        return ("failed" if runs(path.read_text("utf-8"), read) else "passed"), ""
    except ContentError as error:
        return "unknown", str(error)


def guards(project: Path) -> Iterator[tuple[str, Level]]:
    """How surely an outsider gets past each `if` of a project, with the event."""
    folder = project / WORKFLOWS
    paths = [path for path in sorted(folder.glob("*")) if path.suffix in ENDINGS]
    sources = {
        name: file if isinstance(file, WorkflowSource) else None
        for name, file in parsed({p.name: p.read_text("utf-8") for p in paths}).items()
    }
    files = Files(sources, dict(_actions(project)))
    for file in filter(None, sources.values()):
        for event in BY_ANYONE & file.events.keys():
            flow = FileFlow(file, files)
            starts = starts_of(event, file.events[event], owner="hazel")
            yield from ((event, level) for level in _levels(flow, starts))


def _levels(flow: FileFlow, starts: Sequence[Start]) -> Iterator[Level]:
    """How surely one of these starts gets past each `if` of a file."""
    values = [ContextValues(flow, start) for start in starts]
    for key, raw in flow.source.jobs.items():
        if raw.get("if"):
            yield max(item.job(key) for item in values)
        for step in flow.job(key).steps:
            if step.raw.get("if") and step.frame is None:
                yield max(item.step(key, step) for item in values)


def _actions(project: Path) -> Iterator[tuple[str, CompositeAction]]:
    for path in project.rglob("action.y*ml"):
        folder = path.parent.relative_to(project).as_posix()
        with suppress(ContentError):
            yield folder, action(folder, path.read_text("utf-8"))


def _files(project: Path) -> dict[str, bytes]:
    """What was kept of a project, by its path in the repository."""
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in project.rglob("*")
        if path.is_file()
    }


def _print(projects: int, results: Counter[tuple[str, str]]) -> None:
    print(f"{projects} projects")
    for code in (*CODES, LOCAL):
        row = Counter({result: n for (c, result), n in results.items() if c == code})
        asked = row.total() - row["not_applicable"]
        shares = [f"{row['unknown'] / of:.1%} of {of}" for of in (row.total(), asked) if of]
        print(f"{code} unknown: {', '.join(shares)}; {dict(row)}")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("fetch", "measure"))
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    given.folder.mkdir(exist_ok=True)
    {"fetch": fetch, "measure": measure}[given.what](given.folder)


if __name__ == "__main__":
    main()
