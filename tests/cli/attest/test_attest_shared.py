"""`hardenme attest export` and `import`: real keys, the real ssh-keygen, servers over sockets."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hardenme.engine.practices import questions
from hardenme.ground import clock
from hardenme.model.statement import Statement, Word
from hardenme.sandbox.github.server import GitHubServer
from hardenme.sandbox.github.state.people import SshKey
from hardenme.store.attestations import add
from hardenme.store.shared_answers import PURPOSE, Answers, written
from tests.cli.attest.desk import PRACTICE, Desk, desk
from tests.factories.statements import today
from tests.printed import printed

__all__ = ["desk"]

KEYGEN = shutil.which("ssh-keygen") or ""
pytestmark = [
    pytest.mark.skipif(not KEYGEN, reason="there is no ssh-keygen on this machine"),
    pytest.mark.sampled(3),
]


def ssh_keygen(*arguments: str) -> None:
    subprocess.run([KEYGEN, *arguments], check=True, capture_output=True)  # noqa: S603


def new_key(folder: Path, name: str, kind: str = "ed25519") -> tuple[Path, str]:
    """A private key, and its public one as GitHub shows it."""
    private = folder / name
    ssh_keygen("-t", kind, "-N", "", "-C", "", "-f", str(private))
    return private, private.with_suffix(".pub").read_text().strip()


class Room:
    """A member with a key on GitHub, and an owner who imports.

    Attributes:
        member: the member's own home and record.
        owner: another home; no token.
        key: the member's private key.
        public: the same as GitHub shows it.
    """

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.member, self.folder = desk, folder
        home = folder / "owner"
        home.mkdir()
        self.owner = Desk(desk.accounts, home)
        self.key, self.public = new_key(folder, "member")
        self.keys(self.public)

    def keys(self, *public: str, login: str = "hazel", signing: bool = False) -> None:
        """What GitHub shows of an account from here on."""
        server = self.member.accounts.github
        assert isinstance(server, GitHubServer)
        user = server.world.user(login)
        assert user is not None
        shown = [SshKey(9000 + n, "key", key, today(-9)) for n, key in enumerate(public)]
        user.ssh_keys, user.ssh_signing_keys = ([], shown) if signing else (shown, [])

    @property
    def file(self) -> Path:
        return self.folder / "answers.json"

    def export(self, *arguments: str) -> int:
        return self.member("attest", "export", "-o", str(self.file), *arguments)

    def sign(self, key: Path | None = None, purpose: str = PURPOSE) -> None:
        self.file.with_name("answers.json.sig").unlink(missing_ok=True)
        ssh_keygen("-Y", "sign", "-n", purpose, "-f", str(key or self.key), str(self.file))

    def receive(self) -> int:
        return self.owner("attest", "import", str(self.file), *self.urls, tokens=False)

    @property
    def urls(self) -> tuple[str, ...]:
        return "--github-url", self.member.accounts.github.url

    @property
    def received(self) -> list[dict[str, str]]:
        assert self.owner("attest", "--list", "-f", "json") == 0
        rows: list[dict[str, str]] = printed("answers", self.owner.out)["answers"]
        return rows

    def write(self, change: Callable[[Answers], Answers] = lambda it: it) -> None:
        """A file that nobody's hardenme wrote, well signed."""
        at = clock.now().replace(microsecond=0)
        account = f"github:hazel@{self.member.accounts.github.url}"
        said = Statement(
            *("ATT105", PRACTICE, questions("hazel")["ATT105"], Word.YES, "hazel", account),
            *(at - timedelta(days=1), at + timedelta(days=80)),
        )
        self.file.write_text(written(change(Answers("hazel", account, at, (said,)))))
        self.sign()


@pytest.fixture
def room(desk: Desk, tmp_path: Path) -> Room:
    found = Room(desk, tmp_path)
    assert desk.attest("ATT101", PRACTICE, "--yes", "--evidence", "the safe at home") == 0
    assert desk.attest("ATT103", PRACTICE, "--no") == 0
    assert desk.attest("NPP106", "npm:package/@hazel-grove/lantern", "--yes") == 0
    return found


def refused(room: Room, why: str, code: int = 2) -> None:
    assert room.receive() == code
    assert why in " ".join(room.owner.err.split()), room.owner.err
    assert "nothing was recorded" in room.owner.err
    assert room.received == []


def test_a_member_exports_and_signs_and_an_owner_imports(room: Room) -> None:
    asked = room.member.accounts.asked
    assert room.export() == 0
    assert room.member.accounts.asked == asked, "nothing is sent"
    text = room.file.read_text()
    assert "the safe at home" not in text, "notes are the member's own"
    assert "NPP106" not in text
    (line,) = (line for line in room.member.out.splitlines() if "-Y sign" in line)
    command = shlex.split(line.replace("~/.ssh/id_ed25519", str(room.key)))
    ssh_keygen(*command[1:])
    assert room.receive() == 0
    assert "hazel: signed by SHA256:" in room.owner.out
    rows = {row["code"]: row for row in room.received}
    assert {code: row["answer"] for code, row in rows.items()} == {"ATT101": "yes", "ATT103": "no"}
    assert {row["subject"] for row in rows.values()} == {PRACTICE}
    assert {row["state"] for row in rows.values()} == {"counts"}
    assert all(row["signed_by"].startswith("SHA256:") for row in rows.values())
    assert room.owner("attest", "--list") == 0
    assert ", signed with SHA256:" in room.owner.out


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_keys_of_other_kinds_and_signing_keys_count(room: Room, kind: str) -> None:
    private, public = new_key(room.folder, kind, kind)
    room.keys(room.public, public, signing=True)
    assert room.export() == 0
    room.sign(private)
    assert room.receive() == 0


def test_a_removed_key_verifies_nothing(room: Room) -> None:
    _, other = new_key(room.folder, "other")
    room.export()
    room.sign()
    room.keys(other)
    refused(room, "is not by a key that GitHub shows for hazel")
    room.keys()
    refused(room, "GitHub shows no SSH key of 'hazel'")


def test_the_key_of_another_login_verifies_nothing(room: Room) -> None:
    private, public = new_key(room.folder, "rowan")
    room.keys(public, login="rowan")
    room.export()
    room.sign(private)
    refused(room, "is not by a key that GitHub shows for hazel")


def test_a_signature_for_another_purpose_does_not_count(room: Room) -> None:
    room.export()
    room.sign(purpose="git")
    refused(room, "the signature is not by a key")


def test_an_edited_file_does_not_count(room: Room) -> None:
    room.export()
    room.sign()
    room.file.write_text(room.file.read_text().replace('"no"', '"yes"'))
    refused(room, "or the file was changed")


def test_the_same_file_twice_and_an_older_one_change_nothing(room: Room) -> None:
    room.write(lambda it: replace(it, exported=it.exported - timedelta(hours=2)))
    older, signature = room.file.read_bytes(), room.file.with_name("answers.json.sig").read_bytes()
    room.write()
    assert room.receive() == 0
    kept = room.received
    assert room.receive() == 5
    assert "was imported on" in room.owner.err
    room.file.write_bytes(older)
    room.file.with_name("answers.json.sig").write_bytes(signature)
    assert room.receive() in {2, 5}
    assert "a newer file of hazel was imported" in " ".join(room.owner.err.split())
    assert room.received == kept


def of(**fields: Any) -> Callable[[Answers], Answers]:
    """A file whose one answer has other fields."""
    return lambda it: replace(it, statements=(replace(it.statements[0], **fields),))


CASES: dict[str, tuple[Callable[[Answers], Answers], str]] = {
    "ahead": (lambda it: replace(it, exported=it.exported + timedelta(days=2)), "in the future"),
    "answer-ahead": (
        lambda it: of(at=it.exported + timedelta(days=1))(it),
        "is dated after the file",
    ),
    "too-long": (lambda it: of(until=it.exported + timedelta(days=300))(it), "counts for longer"),
    "withdrawn": (of(answer=Word.WITHDRAWN), "is withdrawn"),
    "of-an-organization": (of(subject="practice:org/hazel-grove"), "not about hazel's own"),
    "of-somebody-else": (of(subject="practice:user/rowan"), "not about hazel's own"),
    "of-a-package": (of(code="NPP106", subject="npm:package/x"), "not about hazel's own"),
    "hostile-code": (of(code="ATT105\x1b[31m"), "not about hazel's own"),
    "another-account": (of(account="github:rowan"), "not about hazel's own"),
    "elsewhere": (
        lambda it: replace(
            it,
            account="github:hazel",
            statements=(replace(it.statements[0], account="github:hazel"),),
        ),
        "not at this GitHub",
    ),
    "twice": (lambda it: replace(it, statements=it.statements * 2), "answers a question twice"),
    "none": (lambda it: replace(it, statements=()), "does not name an account"),
    "hostile": (lambda it: replace(it, login="../../x\x1b[31m"), "does not name an account"),
}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", CASES)
def test_what_a_person_may_not_answer_is_refused_though_it_is_signed(room: Room, name: str) -> None:
    change, why = CASES[name]
    room.write(change)
    refused(room, why)


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_another_version_of_the_file_is_refused(room: Room, version: Any) -> None:
    room.write()
    raw = json.loads(room.file.read_text())
    room.file.write_text(json.dumps({**raw, "version": version}))
    room.sign()
    refused(room, "use the same hardenme on both sides")


@pytest.mark.parametrize("text", ["", "{}", "[]", "\xff", '{"format": 1}', "[" * 100_000])
def test_any_other_file_is_refused(room: Room, text: str) -> None:
    room.file.write_bytes(text.encode("latin-1"))
    room.sign()
    refused(room, "is not one that `hardenme attest export` writes")


def test_an_answer_to_other_words_is_shown_as_such(room: Room) -> None:
    room.write(of(question="Did you ever do a security drill?"))
    assert room.receive() == 0
    assert "ATT105 yes" in room.owner.out
    assert "asked in other words" in room.owner.out
    assert [row["state"] for row in room.received] == ["other words"]


def test_hostile_words_of_a_member_are_shown_inert(room: Room) -> None:
    room.write(of(by="ha\x1b[31mzel\u202e\n::stop-commands::x", question="Q\x07?"))
    assert room.receive() == 0
    shown = room.owner.out + room.owner.err
    for form in ("table", "json"):
        assert room.owner("attest", "--list", "-f", form) == 0
        shown += room.owner.out + room.owner.err
    assert not any(character in shown for character in "\x1b\x07\u202e")
    assert not any(line.startswith("::") for line in shown.splitlines())


def test_without_a_signature_or_keys_nothing_is_known(room: Room) -> None:
    room.export()
    refused(room, "answers.json.sig")
    room.sign()
    broken = lambda _q, reply: replace(reply, data={"message": "no list"})  # noqa: E731
    room.member.accounts.github.fault(r"/users/hazel/keys.*", edit=broken)
    refused(room, "the keys of hazel are not known", 3)


def test_a_broken_record_is_not_exported_and_not_added_to(room: Room) -> None:
    room.write()
    assert room.receive() == 0
    record = room.owner.folder / "received.jsonl"
    record.write_text(record.read_text().replace("SHA256", "SHA255"))
    assert room.owner("attest", "--list") == 3
    assert "no received answer counts" in room.owner.err
    room.write(lambda it: replace(it, exported=it.exported + timedelta(seconds=0)))
    assert room.receive() == 2
    (room.member.folder / "attestations.jsonl").write_text("{}\n")
    assert room.export() == 2
    assert "state everything anew" in room.member.err


def test_an_export_overwrites_nothing_of_others(room: Room) -> None:
    room.file.write_text("my notes")
    assert room.export() == 2
    assert room.file.read_text() == "my notes"


def test_of_several_accounts_one_is_named(room: Room) -> None:
    add(
        room.member.folder,
        Statement(
            *("ATT101", "practice:user/rowan", "?", Word.YES, "rowan", "github:rowan"),
            *(today(-1), today(8)),
        ),
    )
    assert room.export() == 2
    assert "add --account" in room.member.err
    assert room.export("--account", "hazel") == 0


def test_no_other_ssh_keygen_is_run(room: Room, tmp_path: Path) -> None:
    """One that others could have put there, and one in the working directory, are not started."""
    room.write()
    folder, mark = tmp_path / "shared", tmp_path / "ran"
    folder.mkdir()
    (folder / "ssh-keygen").write_text(f"#!/bin/sh\ntouch {mark}\n")
    (folder / "ssh-keygen").chmod(0o755)
    folder.chmod(0o777)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("PATH", os.pathsep.join([".", ""]))
        refused(room, "no folder of PATH has ssh-keygen")
        patch.setenv("PATH", str(folder))
        refused(room, "others can write to")
    assert not mark.exists()
