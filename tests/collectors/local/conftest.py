from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardenme.model.finding import Finding
from hardenme.sandbox.npm import scenarios as npm
from tests.collectors.local.home import Home
from tests.running import NOW, Stage, stage
from tests.workstations import fill_orderly
from tests.worlds import github

Look = Callable[[str], list[Finding]]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture(scope="module")
def running() -> Iterator[Stage]:
    with stage(github.hardened_maintainer(NOW), npm.hardened_maintainer(NOW)) as found:
        yield found


@pytest.fixture
def look(running: Stage, home: Home) -> Look:
    """What a check says of the machine; no secret is in it."""
    fill_orderly(home)

    def findings(code: str) -> list[Finding]:
        running.others = lambda: {"local": home.station()}
        found = running.audit("local", select_=(code,), local=True).findings
        assert "CANARY" not in repr(found)
        return [one for one in found if one.result == "failed"]

    return findings
