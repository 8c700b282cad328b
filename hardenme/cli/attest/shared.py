"""`hardenme attest export` and `import`: a person's answers, signed, for who looks after others."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.texts import shown
from hardenme.collectors.github.client import GitHub, api_url
from hardenme.collectors.github.public_keys import public_keys
from hardenme.collectors.ssh_signature import verified
from hardenme.engine.attested import account_name, login_of
from hardenme.engine.practices import questions
from hardenme.ground import clock
from hardenme.ground.errors import FileError, OutputError, StoredError, UsageError
from hardenme.ground.exit_code import Exit
from hardenme.ground.files import PrivateFile
from hardenme.ground.names import LOGIN
from hardenme.ground.places import state_folder
from hardenme.model.pages import web_url
from hardenme.model.practice import PROVIDER
from hardenme.model.statement import Statement, Word
from hardenme.model.unknown import Unknown
from hardenme.store import shared_answers as shared
from hardenme.store.attestations import newest, read
from hardenme.store.shared_answers import Answers, Received

SIGNATURE_LARGEST = 16 * 1024
KEY = "~/.ssh/id_ed25519"


def export(console: Console, login: str, output: str) -> int:
    """Write a person's answers about their own account to a file, and show how it is signed."""
    statements = _own(login)
    account = statements[0].account
    login = login_of(account)
    file = Path(output or f"answers-{login}.json")
    answers = Answers(login, account, clock.now().replace(microsecond=0), statements)
    _demand_ours(file)
    PrivateFile(file).write(shared.written(answers))
    for item in statements:
        console.tell(f"{item.code} {item.answer.value:<3} until {item.until:%Y-%m-%d}\n")
    command = ["ssh-keygen", "-Y", "sign", "-n", shared.PURPOSE, "-f"]
    console.tell(
        f"\nWritten to {shown(str(file))}. Nothing was sent, and notes are left out.\n"
        "Sign it with a key that GitHub shows for you, such as:\n"
        f"  {shlex.join(command)} {KEY} {shlex.quote(str(file))}\n"
        f"Then give {shown(str(file))} and {shown(str(file))}.sig to the owner, who runs:\n"
        f"  hardenme attest import {shlex.quote(file.name)}\n"
    )
    return Exit.CLEAN


def _own(login: str) -> tuple[Statement, ...]:
    """The newest answers about one account's ways of working.

    Raises:
        UsageError: there are none, or of several accounts.
        StoredError: the record cannot be used.
    """
    if login and not LOGIN.fullmatch(login):
        raise UsageError(f"--account takes a login of GitHub; not {login!r}")
    record = read(state_folder())
    if record.fault:
        raise StoredError(record.fault)
    found: dict[str, list[Statement]] = {}
    for item in newest(record.statements):
        provider, _, rest = item.subject.partition(":")
        who = login_of(item.account)
        own = provider == PROVIDER and rest.startswith("user/") and shared.is_shared(item, who)
        if own and item.answer is not Word.WITHDRAWN and login.lower() in {"", who.lower()}:
            found.setdefault(item.account.lower(), []).append(item)
    if not found:
        raise UsageError("there is nothing to export: answer the questions of ATT first,"
                         " by `hardenme attest`")  # fmt: skip
    if len(found) > 1:
        names = " or ".join(sorted(login_of(account) for account in found))
        raise UsageError(f"there are answers of several accounts: add --account {names}")
    return tuple(next(iter(found.values())))


def _demand_ours(file: Path) -> None:
    """See to it that nothing else is overwritten.

    Raises:
        OutputError: something else has that name.
    """
    try:
        with file.open("rb") as there:
            start = there.read(100)
    except FileNotFoundError:
        return
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}") from None
    if shared.FORMAT.encode() not in start:
        raise OutputError(f"{file} is another file: name one with --output")


def receive(console: Console, files: list[str], github_url: str, ca_file: str) -> int:
    """Verify files of answers, and keep those that count; returns the exit code."""
    if not files:
        console.say("name the file, as in: hardenme attest import answers-LOGIN.json")
        return Exit.USAGE
    api = api_url(github_url)
    client = GitHub.connect(api, None, ca_file=ca_file)
    codes = [_receive(console, Path(file), client, api) for file in files]
    return next((code for code in codes if code != Exit.CLEAN), Exit.CLEAN)


def _receive(console: Console, file: Path, client: GitHub, api: str) -> int:
    name = shown(str(file))
    try:
        data = _read(file, shared.LARGEST)
        signature = _read(file.with_name(f"{file.name}.sig"), SIGNATURE_LARGEST)
        answers = shared.parsed(data, clock.now())
        known = _demand_newer(answers, shared.digest_of(data), api)
        if known:
            console.say(f"{name}: {known}; nothing was recorded")
            return Exit.NOTHING_MATCHED
        keys = public_keys(client, answers.login)
        if isinstance(keys, Unknown):
            seen = f" ({keys.seen})" if keys.seen else ""
            console.say(f"{name}: the keys of {answers.login} are not known; it takes"
                        f" {keys.needed}{seen}; nothing was recorded")  # fmt: skip
            return Exit.UNKNOWN
        path = os.environ.get("PATH", "")
        key = verified(
            *(data, signature), login=answers.login, keys=keys, purpose=shared.PURPOSE, path=path
        )
        now = clock.now().replace(microsecond=0)
        shared.keep(state_folder(), Received(answers, key, shared.digest_of(data), now))
    except (StoredError, FileError) as error:
        console.say(f"{name}: {error}; nothing was recorded")
        return Exit.USAGE
    page = f"{web_url(api)}/{answers.login}.keys"
    console.tell(f"{answers.login}: signed by {key}, one of {page}\n")
    asked = questions(answers.login)
    for item in answers.statements:
        state = "" if asked.get(item.code) == item.question else ", asked in other words"
        console.tell(
            f"  {item.code} {item.answer.value:<3} until {item.until:%Y-%m-%d}{shown(state)}\n"
        )
    return Exit.CLEAN


def _read(file: Path, largest: int) -> bytes:
    """A file's bytes.

    Raises:
        StoredError: it cannot be read, or is too large.
    """
    if not file.is_file():
        raise StoredError(f"there is no file {shown(str(file))}")
    try:
        with file.open("rb") as there:
            data = there.read(largest + 1)
    except OSError as error:
        raise StoredError(f"{shown(str(file))} cannot be read: {error.strerror}") from None
    if len(data) > largest:
        raise StoredError(f"{shown(str(file))} is larger than such a file can be")
    return data


def _demand_newer(answers: Answers, digest: str, api: str) -> str:
    """Why nothing has to be recorded; empty if there is something.

    Raises:
        StoredError: its account is at another GitHub, or a newer file of it was received.
        StoredError: the record cannot be used.
    """
    if answers.account.lower() != account_name("github", answers.login, api).lower():
        raise StoredError(f"its answers are of {shown(answers.account)}, not at this GitHub")
    lines = shared.CHAIN.read(state_folder())
    if lines.fault:
        raise StoredError(lines.fault)
    before = [one for one in lines.items if one.answers.account.lower() == answers.account.lower()]
    same = next((one for one in before if one.digest == digest), None)
    if same is not None:
        return f"this file was imported on {same.at:%Y-%m-%d} already"
    last = max((one.answers.exported for one in before), default=None)
    if last is not None and answers.exported <= last:
        raise StoredError(f"a newer file of {answers.login} was imported, made on {last:%Y-%m-%d}")
    return ""
