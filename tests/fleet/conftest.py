"""The places in which results are kept, for each test of the contract."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fleet.places import EACH, Place, empty


@pytest.fixture(params=EACH, ids=lambda one: one.__name__)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """An empty place; `tmp_path` may hold other files."""
    with empty(request.param, tmp_path) as made:
        yield made
