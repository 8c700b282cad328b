"""Answers that a person gives to someone else: the file of them, and the record of those received.

The file holds what one person answered about their own account, and nothing of the notes that they
made. It is signed by one of the SSH keys that GitHub shows for the account. Who received it keeps
what was verified: the newest file of a person takes the place of the ones before it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hardenme.codec.layout import Layout
from hardenme.codec.shape import demand
from hardenme.codec.text import parsed as parsed_json
from hardenme.codec.typed import Codec
from hardenme.codec.version import versioned
from hardenme.ground.errors import ContentError, OtherVersionError, StoredError
from hardenme.ground.names import LOGIN
from hardenme.model.practice import PROVIDER
from hardenme.model.statement import Statement, Word
from hardenme.store.attestations import moment
from hardenme.store.chain import Chain

FORMAT, VERSION = "hardenme answers", 1
PURPOSE = "hardenme-answers"
"""The namespace of the signature: one that was made for anything else does not count."""
LARGEST = 256 * 1024
CODE = re.compile(r"ATT\d{3}")
"""The checks that ask how people work."""
FIELDS = ("code", "subject", "question", "answer", "by", "account", "at", "until")


FORM = Codec(records={Statement: Layout(FIELDS)})


@dataclass(frozen=True, slots=True)
class Answers:
    """What one person answered about their own account.

    Attributes:
        login: whose.
        account: the same as statements name it, like `github:hazel`.
        exported: when the file was made.
        statements: the newest answer to each question.
    """

    login: str
    account: str
    exported: datetime
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """A file of answers that was verified.

    Attributes:
        answers: what it says.
        key: the fingerprint of the key that signed it.
        digest: of the file.
        at: when it was verified.
    """

    answers: Answers
    key: str
    digest: str
    at: datetime


def is_shared(statement: Statement, login: str) -> bool:
    """Whether an answer is one that a person may give to others: about their own account."""
    own = f"{PROVIDER}:user/{login}".lower()
    return bool(CODE.fullmatch(statement.code)) and statement.subject.lower() == own


def digest_of(data: bytes) -> str:
    """The digest that identifies a file."""
    return hashlib.sha256(data).hexdigest()


def written(answers: Answers) -> str:
    """The file, to the byte."""
    raw = {"format": FORMAT, "version": VERSION, **FORM.write(answers)}
    return json.dumps(raw, indent=1) + "\n"


def parsed(data: bytes, now: datetime) -> Answers:
    """The answers in a file, which no one has verified yet.

    Args:
        now: what its dates are compared with.

    Raises:
        StoredError: it is none, of another version, or says what no such file may.
    """
    try:
        answers = _answers(data)
    except OtherVersionError as error:
        raise StoredError(
            f"the file is of another version of {FORMAT}, and {error}: use the same hardenme on"
            " both sides"
        ) from None
    except ContentError:
        raise StoredError("the file is not one that `hardenme attest export` writes") from None
    _demand(answers, now)
    return answers


def _answers(data: str | bytes) -> Answers:
    raw = demand(dict, parsed_json(data))
    if raw.pop("format", None) != FORMAT or "statements" not in raw:
        raise ContentError("is not a file of answers")
    if raw.get("version") != VERSION:
        raise OtherVersionError(f"this hardenme reads version {VERSION}")
    return FORM.read(Answers, versioned(raw, VERSION))


def _demand(answers: Answers, now: datetime) -> None:
    """See to it that each answer is one that the person may give.

    Raises:
        StoredError: one is not.
    """
    if not LOGIN.fullmatch(answers.login) or not answers.statements:
        raise StoredError("the file does not name an account of GitHub and its answers")
    if answers.exported > now:
        raise StoredError(f"the file is dated {answers.exported:%Y-%m-%d %H:%M}, in the future")
    if len({item.key for item in answers.statements}) != len(answers.statements):
        raise StoredError("the file answers a question twice")
    for item in answers.statements:
        about = f"the answer to {item.code[:10]!r}"
        if not is_shared(item, answers.login) or item.account != answers.account:
            raise StoredError(f"{about} is not about {answers.login}'s own account")
        if item.answer is Word.WITHDRAWN or not item.within_bounds:
            raise StoredError(f"{about} counts for longer than an answer may, or is withdrawn")
        if item.at > answers.exported:
            raise StoredError(f"{about} is dated after the file")


def _received(raw: Mapping[str, str]) -> Received:
    answers = _answers(raw["answers"])
    return Received(answers, raw["key"], raw["digest"], moment(raw["at"]))


CHAIN = Chain(
    name="received",
    noun="record of received answers",
    again="import the files again",
    fields=("at", "key", "digest", "answers"),
    parse=_received,
)


def keep(folder: Path, received: Received) -> None:
    """Write down what was verified; it is on the disk when this returns.

    Raises:
        StoredError: it cannot be written, or the record is incomplete.
    """
    raw = written(received.answers)
    CHAIN.add(folder, (received.at.isoformat(), received.key, received.digest, raw))


def latest(received: Iterable[Received]) -> tuple[Received, ...]:
    """The newest of each account, sorted by it."""
    found = {item.answers.account.lower(): item for item in received}
    return tuple(found[name] for name in sorted(found))
