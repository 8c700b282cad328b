"""`hardenme verify-request`: an interview that records all of a decision, or nothing."""

from __future__ import annotations

import hashlib
import io
import json
import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.cli.main import run
from hardenme.cli.terminal.console import Console
from hardenme.cli.verify_request.campaigns import CHANNELS, KINDS
from hardenme.ground import clock
from hardenme.store import requests
from hardenme.store.requests import CHAIN as RECORD
from hardenme.store.requests import (
    Contact,
    contacts,
    fingerprint,
    new_contact,
    plain,
    remove,
    store,
)
from tests.cli.attest.desk import Terminal
from tests.printed import printed

NUMBER = "+49 (30) 1234-567"
DAY = timedelta(days=1)
COST = requests.COST
"""What a fingerprint costs; here, all but one cost nothing."""


class Person:
    """Somebody at a terminal, or a script without one."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.out = self.err = ""

    @property
    def folder(self) -> Path:
        return self.home / "hardenme"

    def __call__(self, *arguments: str, typed: str | None = None, piped: str = "") -> int:
        err: io.StringIO = io.StringIO() if typed is None else Terminal()
        out = io.StringIO()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_STATE_HOME", str(self.home))
            stdin = io.StringIO(piped) if typed is None else Terminal(typed)
            patch.setattr(sys, "stdin", stdin)
            console = Console(out, err, {"COLUMNS": "100"})
            code = run(["verify-request", *arguments], console)
        self.out, self.err = out.getvalue(), err.getvalue()
        assert "fault of hardenme" not in self.err
        return code

    def knows(self, name: str = "Rowan", number: str = NUMBER, days: float = -10) -> None:
        """A contact that was stored some days from the present."""
        at = clock.now().replace(microsecond=0) + days * DAY
        store(self.folder, new_contact(name, number, at))

    @property
    def decisions(self) -> list[dict[str, str]]:
        assert self("--list", "-f", "json") == 0
        rows: list[dict[str, str]] = printed("decisions", self.out)["decisions"]
        return rows

    def files(self) -> str:
        return "".join(path.read_text() for path in self.folder.glob("*") if path.is_file())


@pytest.fixture(autouse=True, scope="module")
def _cheap() -> Iterator[None]:
    """Fingerprints that cost nothing: each takes a tenth of a second, so that guessing does."""
    with mock.patch.object(requests, "COST", 2):
        yield


@pytest.fixture
def person(tmp_path: Path) -> Person:
    return Person(tmp_path)


def answers(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


JOIN = ("Rowan from Acme", "2", "1", "2h")
"""Who, by chat, to join a call, two hours ago."""


def test_a_request_that_a_contact_confirms_waits_for_its_time(person: Person) -> None:
    person.knows()
    code = person(typed=answers(*JOIN, *"nnnn", "1", "0049 30 1234567", "yes", "1"))
    assert code == 0, person.err
    assert "Rowan confirmed it. Act not before" in " ".join(person.err.split())
    (row,) = person.decisions
    assert (row["who"], row["kind"], row["channel"]) == ("Rowan from Acme", "join", "chat")
    assert (row["called"], row["verified"], row["decision"]) == ("Rowan", "confirmed", "act")
    assert row["when"].startswith("not before ")


def test_each_sign_is_asked_with_its_campaign_and_source(person: Person) -> None:
    person.knows()
    assert person(typed=answers(*JOIN, "y", "n", "?", "n", "2", "3")) == 1
    shown = " ".join(person.err.split())
    for sign in KINDS[0].signs:
        assert f"{sign.text}." in shown
        assert f"As at {sign.where}: {sign.source}" in shown
    assert "2 of 4 known signs show." in shown, "not sure counts as a sign"
    assert person.decisions[0]["signs"].count(";") == 1


def test_what_is_not_verified_is_never_recorded_as_acted_on(person: Person) -> None:
    person.knows()
    for lines in (
        (*JOIN, *"nnnn", "2", "1"),  # Nobody was called.
        (*JOIN, *"nnnn", "1", "+49 30 7654321", "1"),  # Another number than the one stored.
        (*JOIN, *"nnnn", "1", NUMBER, "no", "1"),  # The contact knows nothing of it.
    ):
        assert person(typed=answers(*lines)) == 1, person.err
        assert person.decisions[-1]["decision"] == "wait"
    assert [row["verified"] for row in person.decisions] == [
        *("nobody called", "number does not match", "denied")
    ]


@pytest.mark.parametrize("days", [0, -1 / 24])
def test_a_contact_that_was_stored_after_the_request_does_not_count(
    person: Person, days: float
) -> None:
    person.knows(days=days)
    assert person(typed=answers(*JOIN, *"nnnn", "2")) == 1
    assert "Rowan does not count: it was stored after the request came" in " ".join(
        person.err.split()
    )
    assert "no contact from before the request" in " ".join(person.err.split())


def test_a_contact_that_was_removed_or_replaced_after_the_request_is_named(person: Person) -> None:
    person.knows()
    remove(person.folder, "Rowan", clock.now().replace(microsecond=0) - DAY / 48)
    assert person(typed=answers(*JOIN, *"nnnn", "3")) == 1
    assert "after the request came" in " ".join(person.err.split())
    person.knows("Sorrel")
    person.knows("sorrel", "+1 555 0100", days=-1 / 48)
    assert person(typed=answers(*JOIN, *"nnnn", "3")) == 1
    assert "Sorrel does not count: it was removed" in " ".join(person.err.split())
    code = person(*BY_OPTIONS, "--arrived", "2h", "--called", "sorrel", "--confirmed", piped="x")
    assert code == 2
    assert "does not count as a contact: it was removed" in " ".join(person.err.split())


def test_a_contact_counts_for_a_year(person: Person) -> None:
    person.knows(days=-366)
    assert person(typed=answers(*JOIN, *"nnnn", "2")) == 1
    assert "verify and store it again" in " ".join(person.err.split())
    assert person("--contacts") == 0
    assert "expired" in person.out


@pytest.mark.parametrize("end", range(9))
def test_an_interview_that_ends_early_records_nothing(person: Person, end: int) -> None:
    person.knows()
    before = person.files()
    lines = (*JOIN, *"nnnn", "1", NUMBER, "yes", "1")[:end]
    for last in ("", "quit\n"):
        assert person(typed=answers(*lines) + last) == 5
        assert "nothing was recorded" in person.err
        assert person.files() == before


def test_an_interrupt_records_nothing(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    person.knows()
    before = person.files()

    class Interrupted(Terminal):
        def readline(self, *_: Any) -> str:
            line = super().readline()
            if not line:
                raise KeyboardInterrupt
            return line

    monkeypatch.setenv("XDG_STATE_HOME", str(person.home))
    monkeypatch.setattr(sys, "stdin", Interrupted(answers(*JOIN, *"nnnn", "1")))
    assert run(["verify-request"], Console(io.StringIO(), Terminal(), {})) == 130
    assert person.files() == before


BY_OPTIONS = (
    *("--who", "Rowan", "--channel", "email", "--kind", "maintainer", "--decision", "act"),
)


def test_without_a_terminal_it_takes_options_and_refuses_what_is_missing(person: Person) -> None:
    assert person() == 2
    assert "add --who, --channel, --kind, --decision" in person.err
    person.knows()
    how = ("--arrived", "3d", "--signs", "1,4", "--called", "rowan")
    assert person(*BY_OPTIONS, *how, piped=NUMBER) == 2
    assert "--confirmed or --denied" in person.err
    assert person(*BY_OPTIONS, *how[2:], "--confirmed", piped=f"{NUMBER}\n") == 2
    assert "--called needs --arrived" in person.err
    assert person(*BY_OPTIONS, *how, "--confirmed", piped="") == 5
    assert person.decisions == []
    assert person(*BY_OPTIONS, *how, "--confirmed", piped=f"{NUMBER}\n") == 0
    assert person.decisions[0]["signs"].count(";") == 1
    assert person(*BY_OPTIONS) == 1
    assert person.decisions[1]["decision"] == "wait"
    for wrong in (("--kind", "x"), ("--channel", "x"), ("--signs", "9"), ("--arrived", "soon")):
        assert person(*BY_OPTIONS, *wrong) == 2, wrong
    assert person(*BY_OPTIONS, "--arrived", "2h", "--called", "nobody", "--denied") == 2
    assert person(*BY_OPTIONS, "--who", " ") == 2
    assert len(person.decisions) == 2


def test_contacts_are_stored_without_their_numbers(person: Person) -> None:
    assert person("--add-contact", "Rowan", typed=f"{NUMBER}\n") == 0
    assert person("--add-contact", "Sorrel", piped="@sorrel.01\n") == 0
    assert person("--contacts", "-f", "json") == 0
    found = printed("contacts", person.out)["contacts"]
    assert [row["name"] for row in found] == ["Rowan", "Sorrel"]
    known = {one.name: one for one in contacts(RECORD.read(person.folder).items)}
    seen = person.files() + person.out + person.err
    # Any few digits may be in a random salt, and in a digest of it.
    for digits in re.findall("[0-9a-f]{32,}", seen):
        seen = seen.replace(digits, "")
    assert not [one for one in known.values() if one.salt in seen or one.fingerprint in seen]
    for text in (NUMBER, plain(NUMBER), "sorrel.01", "1234"):
        assert text not in seen
    assert known["Rowan"].is_of("0049301234567")
    assert not known["Rowan"].is_of("0049301234568")
    assert known["Rowan"].salt != known["Sorrel"].salt
    assert person("--remove-contact", "rowan") == 0
    assert person("--remove-contact", "rowan") == 2
    assert person("--contacts") == 0
    assert "Rowan" not in person.out
    assert person("--add-contact", "Short", piped="12\n") == 2
    assert person("--add-contact", "Short", piped="(12-34)\n") == 2
    assert person("--add-contact", " ", piped=NUMBER) == 2
    assert person("--add-contact", "None", piped="") == 5


@pytest.mark.second_tier("takes long")
def test_to_guess_a_number_takes_time_and_memory() -> None:
    salt = b"sixteen bytes..."
    with mock.patch.object(requests, "COST", COST):
        kept = fingerprint("1 2345", salt)
    made = hashlib.scrypt(b"12345", salt=salt, n=2**15, r=8, p=1, maxmem=2**26, dklen=32)
    assert kept == made.hex()
    assert kept != fingerprint("1 2345", salt), "what it costs is part of it"


@given(st.text(min_size=5, max_size=40), st.binary(min_size=16, max_size=16))
def test_what_is_kept_of_a_number_is_not_redacted_and_hides_it(number: str, salt: bytes) -> None:
    contact = Contact("x", salt.hex(), fingerprint(number, salt), clock.now())
    data = json.dumps({"salt": contact.salt, "fingerprint": contact.fingerprint})
    values = ("contact stored", contact.at.isoformat(), "x", data)
    line, digest = RECORD.line(1, values, "")
    event, _, wrong = RECORD.read_line(line, 1, "")
    assert (wrong, event and event.data["fingerprint"]) == ("", contact.fingerprint)
    assert digest


def test_hostile_names_are_shown_and_kept_inert(person: Person) -> None:
    name = "Row\x1b[31man\u202e\n::add-mask::x"
    assert person("--add-contact", name, piped=NUMBER) == 0
    person.knows()
    lines = (f"x{name!r}\x1b]0;t\x07", *JOIN[1:], *"nnnn", "2", "3")
    assert person(typed=answers(*lines)) == 1
    assert person("--list") == 0
    assert person("--contacts") == 0
    for text in (person.out, person.err, person.files()):
        assert not any(character in text for character in "\x1b\x07\u202e")


def test_a_token_is_no_name(person: Person) -> None:
    token = "ghp_CANARYname00000000000000000000000000"
    assert person("--add-contact", token, piped=NUMBER) == 2
    assert person(*BY_OPTIONS, "--who", token) == 2
    assert not person.folder.exists() or token not in person.files()


def test_a_record_that_was_changed_is_not_used(person: Person) -> None:
    person.knows()
    file = person.folder / "requests.jsonl"
    file.write_text(file.read_text().replace("Rowan", "Robin"))
    assert person(typed=answers(*JOIN)) == 2
    assert person("--contacts") == 3
    assert person("--add-contact", "New", piped=NUMBER) == 2
    assert "store your contacts again" in person.err


def test_every_kind_has_a_rule_a_waiting_time_and_signs_with_sources() -> None:
    assert [kind.key for kind in KINDS] == [
        *("join", "install", "run", "maintainer", "address", "access")
    ]
    for kind in KINDS:
        assert kind.rule
        assert kind.hours >= 24
        assert len(kind.signs) >= 3
        assert all(sign.where and sign.source.startswith("https://") for sign in kind.signs)
    assert len(set(CHANNELS)) == len(CHANNELS)


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("j.doe@mail.example", "jdoe@mail.example"),
        ("@sorrel-01", "@sorrel01"),
        ("matrix/rowan", "matrixrowan"),
    ],
)
def test_a_handle_that_only_resembles_the_stored_one_verifies_nothing(
    person: Person, stored: str, typed: str
) -> None:
    person.knows(number=stored)
    how = ("--arrived", "2h", "--called", "Rowan", "--confirmed")
    assert person(*BY_OPTIONS, *how, piped=f"{typed}\n") == 1
    assert person(*BY_OPTIONS, *how, piped=f" {stored.upper()}\n") == 0
    verified = [row["verified"] for row in person.decisions]
    assert verified == ["number does not match", "confirmed"]


def test_when_it_came_is_not_taken_for_granted(person: Person) -> None:
    person.knows(days=-1 / 24)
    lines = (*JOIN[:3], "", "2h", *"nnnn", "2")
    assert person(typed=answers(*lines)) == 1
    assert "stored after the request came" in " ".join(person.err.split())
    assert person("--arrived", "2h", typed=answers(*JOIN[:3], *"nnnn", "2")) == 1
    assert "How long ago" not in person.err


def test_a_contact_of_the_future_is_named_as_such(person: Person) -> None:
    person.knows(days=2)
    assert person("--contacts") == 0
    assert "Rowan  dated ahead" in person.out
    how = ("--arrived", "now", "--called", "Rowan", "--confirmed")
    assert person(*BY_OPTIONS, *how, piped=NUMBER) == 2


@pytest.mark.parametrize(("hours", "counts"), [(26, True), (25, False), (3, False)])
def test_a_contact_counts_a_day_after_it_was_stored(
    person: Person, hours: float, *, counts: bool
) -> None:
    """Two hours ago the request came; who has the computer could store a contact before it."""
    person.knows(days=-(hours + 1 / 60 * counts) / 24)
    how = ("--arrived", "2h", "--called", "Rowan", "--confirmed")
    assert person(*BY_OPTIONS, *how, piped=f"{NUMBER}\n") == (0 if counts else 2)
    if not counts:
        assert "stored less than 24 hours before the request came" in " ".join(person.err.split())
        assert person.decisions == []


def test_a_replaced_number_counts_a_day_after_it_was_replaced(person: Person) -> None:
    person.knows()
    person.knows(number="+1 555 0100", days=-1)
    how = ("--called", "Rowan", "--confirmed")
    for number in (NUMBER, "+1 555 0100"):
        assert person(*BY_OPTIONS, "--arrived", "2h", *how, piped=f"{number}\n") == 2
    assert person(*BY_OPTIONS, "--arrived", "now", *how, piped="+1 555 0100\n") == 0


def test_a_new_contact_is_shown_as_new(person: Person) -> None:
    assert person("--add-contact", "Rowan", piped=NUMBER) == 0
    assert "It counts for requests from" in person.out
    assert person("--contacts", "-f", "json") == 0
    (row,) = json.loads(person.out)["contacts"]
    assert row["state"] == "new"


@pytest.mark.parametrize(
    ("who", "differs"),
    [("Rowan", False), ("rowan from Acme", False), ("Sorrel", True), ("Rowana", True)],
)
def test_who_asks_is_held_against_who_was_called(
    person: Person, who: str, *, differs: bool
) -> None:
    person.knows()
    how = ("--arrived", "2h", "--called", "Rowan", "--confirmed", "--who", who)
    assert person(*BY_OPTIONS[2:], *how, piped=f"{NUMBER}\n") == 0
    assert ("You called Rowan, and" in " ".join(person.err.split())) is differs
    assert person.decisions[-1]["called"] == "Rowan"
