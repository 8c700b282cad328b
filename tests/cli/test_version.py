"""What `--version` prints, and that its way to verify the files that run does that."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

from hardenme import __version__
from hardenme.ground.distribution import OWNER
from tests.cli.command import Command

ROOT = Path(__file__).parents[2]
WHEEL = f"hardenme-{__version__}-py3-none-any.whl"


def printed(command: Command) -> list[list[str]]:
    """The printed commands, as a shell takes them apart."""
    text = command("--version", "--verbose").out.replace("\\\n", " ")
    return [shlex.split(line) for line in text.splitlines() if line.startswith("   ")]


def test_the_printed_comparison_runs_outside_of_the_environment(command: Command) -> None:
    (words,) = [words for words in printed(command) if ".ci/verify" in words]
    assert words[1:5] == ["-I", "-S", "-B", ".ci/verify"]
    assert not Path(words[0]).is_relative_to(sys.prefix)
    assert words[5:8] == [sys.prefix, "--wheel", WHEEL]
    done = subprocess.run(  # noqa: S603 (what hardenme printed)
        [*words[:5], "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    help_ = " ".join(done.stdout.split())
    assert all(word in help_ for word in words[6:] if word.startswith("--"))


def test_the_attestation_is_held_to_the_workflow_and_the_tag(command: Command) -> None:
    (words,) = [words for words in printed(command) if "attestation" in words]
    assert words[:4] == ["gh", "attestation", "verify", WHEEL]
    options = dict(zip(words[4::2], words[5::2], strict=True))
    assert options == {
        "-R": f"{OWNER}/hardenme",
        "--source-ref": f"refs/tags/v{__version__}",
        "--signer-workflow": f"{OWNER}/hardenme/.github/workflows/release.yml",
    }
    assert (ROOT / ".github" / "workflows" / "release.yml").is_file()


def test_it_names_the_version_and_fits_a_screen(command: Command) -> None:
    lines = command("--version", "--verbose").out.splitlines()
    assert lines[0] == command("--version").out.strip() == f"hardenme {__version__}"
    assert len(lines) <= 24


def test_verbose_alone_is_refused(command: Command) -> None:
    ran = command("--verbose")
    assert (ran.code, ran.out) == (2, "")
    assert "--verbose goes with --version" in ran.err
