"""What `--version` prints, and that its way to verify the files that run does that."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from hardenme import __version__
from hardenme.ground.distribution import OWNER
from tests.cli.command import Command

ROOT = Path(__file__).parents[2]
WHEEL = f"hardenme-{__version__}-py3-none-any.whl"


def wheel_of(folder: Path, *, changed: str = "") -> None:
    """A wheel with the files that run; one of them with something added."""
    with zipfile.ZipFile(folder / WHEEL, "w") as wheel:
        for base, package in ((ROOT, "hardenme"), (ROOT / "checks", "hardenme_checks")):
            for path in sorted((base / package).rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    name = path.relative_to(base).as_posix()
                    data = path.read_bytes() + (b"pass\n" if name == changed else b"")
                    wheel.writestr(name, data)


@pytest.mark.parametrize("changed", ["", "hardenme/__main__.py", "hardenme_checks/publishing.py"])
def test_the_printed_commands_compare_the_files_that_run(
    command: Command, tmp_path: Path, changed: str
) -> None:
    shown = command("--version", "--verbose")
    assert (shown.code, shown.err) == (0, "")
    commands = [
        line.strip()
        for line in shown.out.splitlines()
        if line.startswith(("   diff ", "   /")) and "gh " not in line
    ]
    assert len(commands) == 3
    wheel_of(tmp_path, changed=changed)
    done = subprocess.run(  # noqa: S603 (what hardenme printed)
        ["/bin/bash", "-c", "\n".join(commands)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert ("pass" in done.stdout) == bool(changed)
    assert not done.stdout or changed in done.stdout


def test_it_names_the_version_and_fits_a_screen(command: Command) -> None:
    lines = command("--version", "--verbose").out.splitlines()
    assert lines[0] == command("--version").out.strip() == f"hardenme {__version__}"
    assert len(lines) <= 24
    assert f"   gh attestation verify {WHEEL} -R {OWNER}/hardenme" in lines


def test_verbose_alone_is_refused(command: Command) -> None:
    ran = command("--verbose")
    assert (ran.code, ran.out) == (2, "")
    assert "--verbose goes with --version" in ran.err
