"""The last kept check names the packages that trust a workflow."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hardenme.cli.exposed.command import _with_publishers
from hardenme.cli.stored.runs import runs
from hardenme.exposure.publishers import NOT_KNOWN
from hardenme.exposure.reach import OIDC
from hardenme.reports import pieces
from tests.exposure.test_publishers import TRUSTS, exposure, place
from tests.reports.sample import report_of


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def reach() -> tuple[str, ...]:
    return _with_publishers(exposure(OIDC)).repositories[0].rows[0].reach


def test_a_kept_check_names_them() -> None:
    report = replace(report_of(()), inventory=(place(),))
    runs().keep(report, pieces(report, "json"))
    assert reach() == (TRUSTS, OIDC, NOT_KNOWN)


def test_without_a_kept_check_they_are_not_known() -> None:
    assert reach() == (OIDC, NOT_KNOWN)
