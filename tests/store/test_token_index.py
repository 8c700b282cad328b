from __future__ import annotations

import json
import os
import stat
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hardenme.ground.errors import StoredError
from hardenme.model.stored_token import KeyringToken
from hardenme.store.token_index import TokenIndex
from tests.moment import NOW
from tests.posix import AS_ROOT, ON_POSIX

ONE = KeyringToken(
    provider="github",
    base="https://api.github.com",
    login="mallow",
    kind="fine-grained",
    stored_at=NOW,
    expires_at=NOW + timedelta(days=30),
)
OTHER = replace(ONE, owner="acme-labs", expires_at=None)
NPM = replace(ONE, provider="npm", base="http://127.0.0.1:4873", login="~old.name", kind="")


def index(tmp_path: Path) -> TokenIndex:
    return TokenIndex(tmp_path / "state")


def written(tmp_path: Path, *entries: KeyringToken) -> TokenIndex:
    found = index(tmp_path)
    for entry in entries:
        found.add(entry)
    return found


def test_what_is_added_is_read(tmp_path: Path) -> None:
    written(tmp_path, ONE, OTHER, NPM)
    found = index(tmp_path)
    assert set(found.entries()) == {ONE, OTHER, NPM}
    assert found.fault == ""
    assert stat.S_IMODE(found.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(found.path.parent.stat().st_mode) == 0o700


def test_none_is_no_fault(tmp_path: Path) -> None:
    found = index(tmp_path)
    assert found.entries() == ()
    assert not found.remove(ONE)
    assert found.fault == ""
    assert not found.path.parent.exists()


def test_the_same_key_is_replaced(tmp_path: Path) -> None:
    later = replace(ONE, login="Mallow", kind="classic")
    assert written(tmp_path, ONE, OTHER, later).entries() == (later, OTHER)


def test_one_is_removed_and_the_others_stay(tmp_path: Path) -> None:
    found = written(tmp_path, ONE, OTHER)
    assert found.remove(ONE)
    assert not found.remove(ONE)
    assert found.entries() == (OTHER,)


def test_changes_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    names = [f"user{number}" for number in range(12)]
    workers = [
        threading.Thread(target=index(tmp_path).add, args=(replace(ONE, login=name),))
        for name in names
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert {entry.login for entry in index(tmp_path).entries()} == set(names)


@pytest.mark.parametrize(
    "change",
    [
        {"base": "https://api.github.com/"},
        {"base": "https://API.github.com"},
        {"base": "http://api.github.com"},
        {"base": "https://user:word@api.github.com"},
        {"base": ""},
        {"login": ""},
        {"login": "a/b"},
        {"login": "a b"},
        {"login": "a\n"},
        {"owner": "Acme"},
        {"owner": "a/b"},
        {"provider": "gitlab"},
        {"kind": "\x1b[31m"},
        {"stored_at": datetime(2026, 11, 24)},  # noqa: DTZ001 (the fault)
    ],
)
def test_what_would_not_be_read_is_not_written(tmp_path: Path, change: dict[str, Any]) -> None:
    found = written(tmp_path, OTHER)
    with pytest.raises(StoredError):
        found.add(replace(ONE, **change))
    assert found.entries() == (OTHER,)


def damaged() -> dict[str, Any]:
    """Contents that `add` does not write."""
    entry = {
        "provider": "github",
        "base": "https://api.github.com",
        "login": "mallow",
        "owner": "",
        "kind": "",
        "stored_at": NOW.isoformat(),
        "expires_at": None,
    }
    wrong = {
        "login": [1, None, "", "a/b", "a\u202eb", "x" * 101],
        "base": [None, "http://github.example.test", "https://api.github.com/", "file:///etc"],
        "provider": ["", None, []],
        "owner": [None, "ACME"],
        "kind": [0, "KIND"],
        "stored_at": [None, "yesterday", "2026-11-24T12:00:00", 1],
        "expires_at": ["", "never", 0, False],
    }
    found: dict[str, Any] = {
        "an empty file": "",
        "no json": "{",
        "a list": "[]",
        "a number": "1",
        "deep": "[" * 100_000,
        "not utf-8": b"\xff\xfe",
        "no version": json.dumps({"tokens": []}),
        "a version of another type": json.dumps({"version": True, "tokens": []}),
        "more keys": json.dumps({"version": 1, "tokens": [], "url": "https://evil.example"}),
        "no tokens": json.dumps({"version": 1}),
        "twice the same": json.dumps({"version": 1, "tokens": [entry, entry]}),
        "too many": json.dumps({"version": 1, "tokens": [entry] * 1001}),
        "a field less": json.dumps({"version": 1, "tokens": [{"login": "mallow"}]}),
        "a field more": json.dumps({"version": 1, "tokens": [entry | {"value": "x"}]}),
    }
    for name, values in wrong.items():
        for value in values:
            text = json.dumps({"version": 1, "tokens": [entry | {name: value}]})
            found[f"{name} {value!r:.20}"] = text
    return found


@pytest.mark.parametrize("content", damaged().values(), ids=damaged().keys())
def test_a_damaged_one_is_not_used_nor_written_over(tmp_path: Path, content: str | bytes) -> None:
    found = written(tmp_path, ONE)
    data = content.encode() if isinstance(content, str) else content
    found.path.write_bytes(data)
    assert found.entries() == ()
    assert "is damaged" in found.fault
    assert str(found.path) in found.fault
    for change in (found.add, found.remove):
        with pytest.raises(StoredError, match="is damaged"):
            change(ONE)
    assert found.path.read_bytes() == data


def test_another_version_is_told(tmp_path: Path) -> None:
    found = written(tmp_path, ONE)
    found.path.write_text(json.dumps({"version": 2, "entries": []}))
    assert found.entries() == ()
    assert "another version of hardenme" in found.fault


def test_a_huge_one_is_not_read(tmp_path: Path) -> None:
    found = written(tmp_path, ONE)
    found.path.write_bytes(b" " * (1024 * 1024 + 1) + found.path.read_bytes())
    assert found.entries() == ()
    assert "larger than" in found.fault


@pytest.mark.parametrize("mode", [0o666, 0o620, 0o602, 0o644, 0o640])
def test_one_that_others_may_touch_is_not_used(tmp_path: Path, mode: int) -> None:
    found = written(tmp_path, ONE)
    found.path.chmod(mode)
    assert found.entries() == ()
    assert "chmod 600" in found.fault
    found.path.chmod(0o600)
    assert found.entries() == (ONE,)
    assert found.fault == ""


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    found = written(tmp_path, ONE)
    found.path.rename(tmp_path / "elsewhere.json")
    found.path.symlink_to(tmp_path / "elsewhere.json")
    assert found.entries() == ()
    assert "a link to elsewhere" in found.fault
    with pytest.raises(StoredError, match="a link to elsewhere"):
        found.add(OTHER)
    assert "acme" not in (tmp_path / "elsewhere.json").read_text()


@ON_POSIX
def test_what_is_no_file_does_not_hang(tmp_path: Path) -> None:
    found = index(tmp_path)
    found.path.parent.mkdir()
    os.mkfifo(found.path, 0o600)
    assert found.entries() == ()
    assert "not a regular file" in found.fault


@AS_ROOT
def test_one_of_somebody_else_is_not_used(tmp_path: Path) -> None:
    found = written(tmp_path, ONE)
    os.chown(found.path, 54321, 54321)
    assert found.entries() == ()
    assert "someone else" in found.fault


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with pytest.raises(StoredError, match=r"tokens\.json"):
        index(tmp_path).add(ONE)
