"""What was read with a person there: kept for its owner, its account and its package alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hardenme.collectors.npm.observed import KeptObservation
from hardenme.store.observations import ObservationFile
from tests.posix import NOT_AS_ROOT

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
SEEN = KeptObservation(
    AT, [{"id": "1", "type": "github", "claims": {"repository": "hazel/lantern"}}]
)
KEY = ("https://registry.example", "hazel", "lantern")


@pytest.fixture
def file(tmp_path: Path) -> ObservationFile:
    found = ObservationFile(tmp_path / "state")
    found.keep(*KEY, SEEN)
    assert found.failure == ""
    return found


def test_an_answer_is_found_by_what_it_is_of(file: ObservationFile) -> None:
    again = ObservationFile(file.path.parent)
    assert again.find(*KEY) == SEEN
    for place, other in enumerate(("https://mirror.example", "rowan", "compass")):
        assert again.find(*[other if place == n else part for n, part in enumerate(KEY)]) is None


def test_only_the_owner_reads_it(file: ObservationFile) -> None:
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert file.path.parent.stat().st_mode & 0o777 == 0o700
    assert list(file.path.parent.iterdir()) == [file.path]


def test_a_newer_answer_takes_the_place_and_old_ones_go(file: ObservationFile) -> None:
    file.keep(*KEY[:2], "compass", KeptObservation(AT, []))
    newer = KeptObservation(AT + timedelta(days=91), [])
    file.keep(*KEY, newer)
    assert file.find(*KEY) == newer
    assert file.find(*KEY[:2], "compass") is None


@pytest.mark.parametrize(
    ("age", "kept"),
    [(timedelta(days=90), False), (timedelta(days=90, seconds=-1), True)],
    ids=["90 days", "a second less"],
)
def test_an_answer_is_forgotten_after_ninety_days(
    file: ObservationFile, age: timedelta, *, kept: bool
) -> None:
    file.keep(*KEY[:2], "compass", KeptObservation(AT + age, []))
    assert (file.find(*KEY) is not None) is kept


def _edit(**change: Any) -> Callable[[dict[str, Any]], None]:
    return lambda entry: entry.update(change)


@pytest.mark.parametrize(
    "edit",
    [
        _edit(body=[]),
        _edit(at="2026-11-24T12:00:00+00:00"),
        _edit(account="rowan"),
        _edit(digest=""),
        _edit(more=1),
        lambda entry: entry.pop("digest"),
        lambda entry: entry.pop("body"),
    ],
)
def test_an_entry_that_was_changed_is_not_used(
    file: ObservationFile, edit: Callable[[dict[str, Any]], None]
) -> None:
    file.keep(*KEY[:2], "compass", SEEN)
    data = json.loads(file.path.read_text())
    edit(data["entries"][0])
    file.path.write_text(json.dumps(data))
    account = data["entries"][0].get("account", "hazel")
    assert file.find(KEY[0], account, KEY[2]) is None
    assert file.find(*KEY[:2], "compass") == SEEN, "the others are"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 2, "entries": []}', "\udcff", "[" * 9**5]
)
def test_a_file_that_is_none_of_ours_is_not_used(file: ObservationFile, text: str) -> None:
    file.path.write_bytes(text.encode(errors="surrogateescape"))
    assert file.find(*KEY) is None
    file.keep(*KEY, SEEN)
    assert file.find(*KEY) == SEEN


def test_a_file_that_others_can_write_or_lead_to_is_not_used(file: ObservationFile) -> None:
    file.path.chmod(0o620)
    assert file.find(*KEY) is None
    file.path.chmod(0o600)
    elsewhere = file.path.with_name("elsewhere")
    file.path.rename(elsewhere)
    file.path.symlink_to(elsewhere)
    assert file.find(*KEY) is None


@NOT_AS_ROOT
def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    _says_that_it_failed(ObservationFile(tmp_path / "state"))


def test_a_place_that_is_no_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    _says_that_it_failed(ObservationFile(tmp_path / "state"))


def _says_that_it_failed(file: ObservationFile) -> None:
    file.keep(*KEY, SEEN)
    assert file.failure
    assert file.find(*KEY) is None
