"""Workers load nothing: a module that two threads load at once may be used half made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.second_tier("starts Python many times")

ROOT = Path(__file__).parent.parent


@pytest.mark.sampled(2)
@pytest.mark.parametrize("what", ["spied", "many"])
def test_what_workers_use_is_loaded_before_they_do(
    what: str,
    tmp_path: Path,
    exhaustive: bool,  # noqa: FBT001 (a fixture)
) -> None:
    times = "100" if exhaustive else "20"
    done = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-m", "tests.first_use", what, times],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": "checks"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
