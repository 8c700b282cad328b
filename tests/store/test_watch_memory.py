"""The file of a watch: what was written comes back, and what was changed is refused and stays."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hardenme.ground.errors import StoredError
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.report import Identity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.watch import AlertMemory, LastLooks, TurnQuestion, UnfinishedTurn, WatchMemory
from hardenme.store import watch_memory
from hardenme.store.watch_memory import WatchMemoryFile
from tests.moment import NOW
from tests.posix import IS_POSIX, ON_POSIX

ORG, REPO = Subject("github", "org", "acme"), Subject("github", "repo", "acme/web")
TAG = Subject("github", "tag", "acme/web/v1.0.0")
BEFORE = NOW - timedelta(minutes=5)
MEMORY = WatchMemory(
    started=BEFORE,
    ran=NOW,
    cycles=7,
    interval=300,
    identities=(Identity("github", "api.github.com", "alder", "fine-grained", "keyring"),),
    places=(
        Place(ORG, {"webhook": Unknown(Reason.UNREACHABLE, "an answer")}, ()),
        Place(
            REPO,
            {"release tag": None},
            (InventoryItem("release tag", TAG, "v1.0.0", "v1.0.0", {"commit": "5" * 40}),),
        ),
    ),
    looks=(LastLooks(REPO, ((NOW, ("push", "tag")),), ((BEFORE, ("repo-webhook",)),)),),
    turns=(("acme/web", NOW),),
    unfinished=(
        UnfinishedTurn(
            *("acme/api", BEFORE, 12, 9),
            read=(TurnQuestion("webhooks", REPO),),
            cut=(TurnQuestion("secrets", REPO),),
            given_up=(TurnQuestion("invitations", REPO),),
            seen=(Place(REPO, {"webhook": None}, ()),),
        ),
    ),
    costs=(("acme/web", 18),),
    base=42,
    waiting=("acme/web",),
    told=(AlertMemory("0" * 32, NOW, marked=True),),
    tags=(("github:tag/acme/web/v0.9.0", "4" * 40),),
    blind=BEFORE,
    blind_told=True,
)
"""Something else than the default in each field."""


@pytest.fixture
def file(tmp_path: Path) -> WatchMemoryFile:
    found = WatchMemoryFile(tmp_path, "acme")
    assert found.load() is None
    found.keep(MEMORY)
    return found


def test_each_field_comes_back_as_it_was_written(file: WatchMemoryFile) -> None:
    unlike = WatchMemory(MEMORY.started, MEMORY.ran)
    assert [
        one.name
        for one in fields(WatchMemory)[2:]
        if getattr(MEMORY, one.name) == getattr(unlike, one.name)
    ] == []
    assert file.load() == MEMORY
    if IS_POSIX:
        assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def signed(change: Callable[[dict[str, Any]], object]) -> Callable[[str], str]:
    """A file in which the memory was changed, with the digest that fits."""

    def changed(text: str) -> str:
        raw = json.loads(text)
        change(raw["memory"])
        raw["digest"] = watch_memory._digest(raw["memory"])
        return json.dumps(raw)

    return changed


def outside(**members: Any) -> Callable[[str], str]:
    """A file with other members next to the memory."""
    return lambda text: json.dumps({**json.loads(text), **members})


CHANGED: dict[str, tuple[Callable[[str], str], str]] = {
    **{
        f"without {one.name}": (
            signed(lambda raw, name=one.name: raw.pop(name)),  # type: ignore[misc]
            f"`{one.name}` is missing",
        )
        for one in fields(WatchMemory)
    },
    **{
        f"{one.name} of another type": (
            signed(lambda raw, name=one.name: raw.update({name: {"a": 1}})),  # type: ignore[misc]
            f"`{one.name}`",
        )
        for one in fields(WatchMemory)
    },
    "a field too many": (signed(lambda raw: raw.update(turn=[])), "unknown member 'turn'"),
    "a row too short": (signed(lambda raw: raw["told"][0].pop()), "`told"),
    "a time that is none": (signed(lambda raw: raw.update(ran="yesterday")), "`ran`"),
    "version 2": (outside(version=2), "version 2, and this hardenme reads version 1"),
    "a version in words": (outside(version="1"), "does not say the version"),
    "a member next to the memory": (outside(more=1), "changed or cut"),
    "another memory": (lambda text: text.replace("acme/web", "acme/wed"), "changed or cut"),
    "another digest": (outside(digest="0" * 64), "changed or cut"),
    "a list": (lambda _: "[]", "is not an object"),
    "nothing": (lambda _: "", "was not written to its end"),
    "the first half": (lambda text: text[: len(text) // 2], "was not written to its end"),
    "all but its end": (lambda text: text[:-3], "was not written to its end"),
    "twice": (lambda text: text * 2, "is not JSON"),
}


@pytest.mark.parametrize(("change", "why"), CHANGED.values(), ids=CHANGED.keys())
def test_what_is_not_of_the_form_is_refused_by_its_name_and_stays(
    file: WatchMemoryFile, change: Callable[[str], str], why: str
) -> None:
    """A start in its place would take what an attacker has left for what was there before."""
    text = change(file.path.read_text())
    file.path.write_text(text)
    with pytest.raises(StoredError) as caught:
        file.load()
    said = str(caught.value)
    assert why in said
    assert said.endswith(f"Move {file.path} away to start again without it")
    assert file.path.read_text() == text


def test_bytes_that_are_no_text_are_refused(file: WatchMemoryFile) -> None:
    file.path.write_bytes(b"\xff\xfe" + file.path.read_bytes())
    with pytest.raises(StoredError, match="is not JSON"):
        file.load()


@ON_POSIX
def test_a_file_that_others_can_change_is_refused(file: WatchMemoryFile, tmp_path: Path) -> None:
    file.path.chmod(0o666)
    with pytest.raises(StoredError, match="chmod 600"):
        file.load()
    file.path.unlink()
    file.path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoredError, match="is a link to elsewhere"):
        file.load()


def test_that_a_refusal_was_sent_is_known_until_a_cycle_is_kept(file: WatchMemoryFile) -> None:
    assert not file.refused
    file.note_refusal()
    assert file.refused
    file.keep(MEMORY)
    assert not file.refused
    assert [one.name for one in file.path.parent.iterdir()] == ["acme.json"]
