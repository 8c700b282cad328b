"""The script as a text: plain shell, without a name of anyone's."""

from __future__ import annotations

import subprocess
import sysconfig
from pathlib import Path

import pytest

from hardenme.reports.move.script import script

SHELLCHECK = Path(sysconfig.get_path("scripts")) / "shellcheck"


def test_it_is_the_same_for_all() -> None:
    made = script()
    assert made.startswith("#!/bin/sh\n")
    assert made.isascii()
    assert "_authToken" not in made
    assert not [line for line in made.splitlines() if len(line) > 200]


@pytest.mark.second_tier("it runs shellcheck")
@pytest.mark.parametrize("shell", ["sh", "dash", "bash"])
def test_shellcheck_finds_nothing(shell: str) -> None:
    done = subprocess.run(  # noqa: S603 (our own script)
        [SHELLCHECK, "--norc", "-s", shell, "-"],
        input=script(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")
