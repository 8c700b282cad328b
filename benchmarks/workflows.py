"""How much is known of the workflow files of real projects, and how many guards are decided.

    python -m benchmarks.workflows fetch FOLDER
    python -m benchmarks.workflows measure FOLDER

`fetch` takes the source distributions that `workflow_corpus.txt` names, each by its digest, with
pip, and keeps their workflows and actions. Nothing of them is built or run: pip's own step that
would is given no build system, and what it unpacked before is kept. `measure` audits each project
as a repository on a loopback server, and prints for each check how many files passed, failed and
stay unknown, with what is not known.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
import venv
from collections import Counter
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from hardenme.model.unknown import Unknown
from hardenme.sandbox.npm import scenarios as npm
from tests.running import NOW, stage
from tests.worlds import github

CORPUS = Path(__file__).with_name("workflow_corpus.txt")
KEPT = ".github"
WORKFLOWS = ".github/workflows"
SUBJECT = "hazel/lantern"
CODES = tuple(f"GHW2{number:02}" for number in range(1, 10))
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
    for action in around.rglob("action.y*ml"):
        place = target / action.relative_to(around)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(action, place)


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
    _print(len(world.repositories), results)
    for (code, why), number in sorted(reasons.items()):
        print(f"{code} {number} {why}")


def _files(project: Path) -> dict[str, bytes]:
    """What was kept of a project, by its path in the repository."""
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in project.rglob("*")
        if path.is_file()
    }


def _print(projects: int, results: Counter[tuple[str, str]]) -> None:
    print(f"{projects} projects")
    for code in CODES:
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
