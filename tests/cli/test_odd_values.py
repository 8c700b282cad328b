"""No value that a person types ends a command as a fault of hardenme.

Each option and argument that takes a text, of each command, with values that no one means.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hardenme.cli.main import root
from hardenme.config.kinds import LONGEST, Kind
from hardenme.config.settings import BY_VARIABLE, SETTINGS
from hardenme.ground.exit_code import Exit
from tests.cli.command import Command, Ran
from tests.cli.conftest import Accounts

ODD = (
    "",
    "\x07",
    "x" * 5000,
    "https:evil",
    "https://[::1",
    "[::1",
    "2026-13-45",
    "-1",
    "%",
    "\udcff",
    "../..",
    "~nobody/x",
    "²",
)
"""Values of no form; `\\udcff` is how Python has a byte that is not UTF-8."""
NOBODY = "http://127.0.0.1:9"
"""Where nothing listens."""
HOSTS = ("--github-url", "--npm-registry")
SENT_NOWHERE = {"HTTPS_PROXY": NOBODY, "HTTP_PROXY": NOBODY}
"""So that no name is looked up, and no other machine asked, whatever an address is."""
SOUND = {
    "after": "run.json",
    "before": "run.json",
    "code": "GHA101",
    "login": "mallow",
    "name": "spring",
    "provider": "github",
    "shell": "bash",
    "targets": "me",
}
"""Arguments that a command takes, by their name."""
WRITTEN = {
    Kind.WORD: "{name} = {value}",
    Kind.PATH: "{name} = {value}",
    Kind.WORDS: "{name} = [{value}]",
    Kind.FOLDERS: "{name} = [{value}]",
    Kind.FILES: "{name} = [{value}]",
}
"""How a file sets what takes a text."""
USERS = {
    Kind.WORD: (*ODD[3:9], "x" * LONGEST),
    Kind.PATH: ("/", "/%", "~/..", "~/" + "x" * 300, "/" + "x/" * 400),
    Kind.FILES: ("github:/", "npm:~/" + "x" * 300),
}
""""Odd values that are of the form of a setting."""


@dataclass(frozen=True, slots=True)
class Place:
    """An option or an argument of a command.

    Attributes:
        words: those of the command.
        name: the option as it is typed; the argument's name.
        others: what a call has besides.
    """

    words: tuple[str, ...]
    name: str
    others: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join((*self.words, self.name))

    def call(self, value: str) -> list[str]:
        """The words of a call with this value."""
        if self.name.startswith("-"):
            return [*self.words, f"{self.name}={value}", *self.others]
        return [*self.words, *self.others, "--", value]


def commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield words, command
        return
    for name in inner:
        yield from commands(inner[name], (*words, name))


def places() -> Iterator[Place]:
    for words, command in commands(root()):
        arguments = [one for one in command.params if one.param_type_name == "argument"]
        options = [one for one in command.params if one not in arguments]
        hosts = [word for one in options for word in one.opts if word in HOSTS]
        for one in (*arguments, *(option for option in options if not option.is_flag)):
            name = one.name if one in arguments else one.opts[0]
            others = [f"{host}={NOBODY}" for host in hosts if host != name]
            # What comes before it; what follows would take its place.
            before = arguments[: arguments.index(one)] if one in arguments else arguments
            others += [SOUND[other.name] for other in before if other.name in SOUND]
            yield Place(words, name, tuple(others))


PLACES = list(places())


@pytest.fixture(scope="module")
def used(checked: Accounts) -> Command:
    """A home with a kept run and an incident."""
    ran = checked.command("incident", "open", "spring")
    assert ran.code == Exit.CLEAN
    return checked.command


def odd(used: Command, folder: Path) -> Command:
    """A home of its own, with what is in the one that was used."""
    command = Command.within(folder)
    shutil.copytree(used.home, command.home, dirs_exist_ok=True)
    shutil.copytree(used.folder, command.folder, dirs_exist_ok=True)
    return command


def holds(ran: Ran) -> bool:
    return ran.code in {*Exit} and "this is a fault of hardenme" not in ran.err


def test_the_commands_have_such_options() -> None:
    assert len({place.words for place in PLACES}) > 30
    assert len(PLACES) > 250


@pytest.mark.sampled(240)
@pytest.mark.second_tier("starts a command for each value")
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_an_odd_value_is_refused_or_taken(used: Command, tmp_path: Path, place: Place) -> None:
    command = odd(used, tmp_path)
    for value in ODD:
        ran = command(*place.call(value), **SENT_NOWHERE)
        assert holds(ran), (place.call(value), ran.code, ran.err)


@pytest.mark.sampled(80)
@pytest.mark.second_tier("starts a command for each value")
@pytest.mark.parametrize("name", BY_VARIABLE)
def test_an_odd_value_of_a_variable_is_refused_or_taken(
    used: Command, tmp_path: Path, name: str
) -> None:
    command = odd(used, tmp_path)
    for value in ODD:
        ran = command("doctor", **{**SENT_NOWHERE, name: value})
        assert holds(ran), (name, value, ran.code, ran.err)


@pytest.mark.sampled(12)
@pytest.mark.second_tier("starts a command for each value")
@pytest.mark.parametrize("name", [name for name, one in SETTINGS.items() if one.kind in WRITTEN])
def test_an_odd_value_in_the_users_file_is_refused_or_taken(
    used: Command, tmp_path: Path, name: str
) -> None:
    command = odd(used, tmp_path)
    file = command.home / ".config" / "hardenme" / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    kind = SETTINGS[name].kind
    for value in USERS.get(kind, USERS[Kind.PATH]):
        file.write_text(WRITTEN[kind].format(name=name, value=json.dumps(value)))
        file.chmod(0o600)
        for words in ("doctor", "check me --no-local"):
            ran = command(*words.split(), **SENT_NOWHERE)
            assert holds(ran), (name, value, ran.code, ran.err)
