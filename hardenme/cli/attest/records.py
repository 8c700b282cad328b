"""`hardenme attest --list` and `--withdraw`: list what is on record, and withdraw answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hardenme.cli.options.subjects import Meant, same, suggestion
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.texts import LONGEST_BY, LONGEST_EVIDENCE, clean, shown
from hardenme.engine.catalogue import find
from hardenme.engine.practices import asked_about
from hardenme.ground import clock
from hardenme.ground.errors import UsageError
from hardenme.ground.exit_code import Exit
from hardenme.ground.places import state_folder
from hardenme.model.check import Check
from hardenme.model.confirm import ID
from hardenme.model.statement import Statement, Word, attest_command
from hardenme.reports.columns import paragraph
from hardenme.reports.printed import PrintedDocument, as_json
from hardenme.store import shared_answers as shared
from hardenme.store.attestations import Record, add, newest, read

COUNTS, EXPIRED, AHEAD, UNTRUSTED = "counts", "expired", "dated ahead", "not trusted"
NAMED = 3
"""Subjects in a line of the same answer before the rest is counted."""
REWORDED = "other words"
"""The check asks a question that has since been put in other words."""


@dataclass(frozen=True, slots=True)
class PrintedAnswer:
    """The newest answer to a question.

    Attributes:
        code: the check that asks.
        subject: what it is about.
        question: as it was asked.
        answer: `yes`, `no` or `withdrawn`.
        evidence: what the person wrote down.
        by: who answered.
        account: as which account.
        at: when.
        until: when the answer stops counting.
        state: whether it counts at this moment.
        signed_by: the fingerprint of the key that signed it; empty if it was given here.
    """

    code: str
    subject: str
    question: str
    answer: Word
    evidence: str
    by: str
    account: str
    at: datetime
    until: datetime
    state: str
    signed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersDocument(PrintedDocument):
    """The answers on record.

    Attributes:
        answers: the newest one to each question.
    """

    answers: tuple[PrintedAnswer, ...]


def show(console: Console, code: str, output_format: str) -> int:
    """Print the newest answer to each question."""
    only = code if not code or code.startswith(ID) else find(code).code
    record = read(state_folder())
    received = shared.CHAIN.read(state_folder())
    statements = [item for item in newest(record.statements) if only in {"", item.code}]
    states = [_state(item, record) for item in statements]
    keys = [""] * len(statements)
    for one in shared.latest(received.items):
        theirs = [item for item in one.answers.statements if only in {"", item.code}]
        statements += theirs
        states += [UNTRUSTED if received.fault else state_of(item) for item in theirs]
        keys += [one.key] * len(theirs)
    if output_format == "json":
        console.print(as_json(_document(statements, states, keys)))
    else:
        console.print(_as_table(statements, states, keys, console.width, full=bool(only)))
    for warning in record.warnings:
        console.say(warning)
    if received.fault:
        console.say(f"no received answer counts: {received.fault}")
    return Exit.UNKNOWN if record.fault or received.fault else Exit.CLEAN


def _state(item: Statement, record: Record) -> str:
    return UNTRUSTED if record.fault else state_of(item)


def state_of(item: Statement) -> str:
    """Whether an answer counts at this moment, in a word or two."""
    now = clock.now()
    if not item.within_bounds:
        return UNTRUSTED
    if item.answer is Word.WITHDRAWN:
        return item.answer.value
    if now < item.at:
        return AHEAD
    if now >= item.until:
        return EXPIRED
    return COUNTS if asked_about(item.code, item.subject) in {"", item.question} else REWORDED


def _document(
    statements: Sequence[Statement], states: Sequence[str], keys: Sequence[str]
) -> AnswersDocument:
    return AnswersDocument(
        answers=tuple(
            PrintedAnswer(
                *(item.code, item.subject, item.question, item.answer, item.evidence, item.by),
                *(item.account, item.at, item.until, state, key),
            )
            for item, state, key in zip(statements, states, keys, strict=True)
        )
    )


def _as_table(
    statements: Sequence[Statement],
    states: Sequence[str],
    keys: Sequence[str],
    width: int,
    *,
    full: bool,
) -> str:
    if not statements:
        return "nothing is on record; `hardenme attest --help` shows how to record an answer\n"
    wide = max(len(state) for state in states)
    alike: dict[tuple[str, str, str, str, str], list[str]] = {}
    for number, (item, state, key) in enumerate(zip(statements, states, keys, strict=True)):
        about = item.question if item.code.startswith(ID) else item.subject
        head = f"{item.code}  {state:<{wide}}  {item.answer.value:<9}  {item.until:%Y-%m-%d}"
        end = f"by {shown(item.by)}" + (f", signed with {shown(key)}" if key else "")
        told = shown(item.evidence, longest=LONGEST_EVIDENCE) if item.evidence else ""
        noted = "".join(f"{line}\n" for line in paragraph(told, width, indent=2)) if told else ""
        # An answer of its own line has a key of its own.
        own = str(number) if full else ""
        alike.setdefault((head, end, noted, item.code, own), []).append(shown(about))
    return "".join(
        _line(head, end, noted, code, subjects)
        for (head, end, noted, code, _), subjects in alike.items()
    )


def _line(head: str, end: str, noted: str, code: str, subjects: Sequence[str]) -> str:
    """One answer, or the same answer about several subjects, with their number and names."""
    text = ", ".join(subjects)
    if len(subjects) > NAMED:
        more = f"`hardenme attest --list {code}` has all"
        names = ", ".join(subjects[:NAMED])
        text = f"{len(subjects):,} answers: {names} and {len(subjects) - NAMED:,} more ({more})"
    return f"{head}  {text}, {end}\n{noted}"


def take_back(console: Console, code: str, subjects: Sequence[str], by: str) -> int:
    """Withdraw what was stated about some subjects; what is wrong with one leaves all as it is."""
    for item in _standing(find(code), subjects):
        now = clock.now().replace(microsecond=0)
        who = clean("--by", by, LONGEST_BY) or item.by
        gone = replace(item, answer=Word.WITHDRAWN, by=who, at=now, until=now, evidence="")
        add(state_folder(), gone)
        console.print(f"{item.code} {shown(item.subject)}: withdrawn\n")
    return Exit.CLEAN


def _standing(check: Check, subjects: Sequence[str]) -> list[Statement]:
    """The statements about what the texts name, each once.

    Raises:
        UsageError: there is none about one of them, or nothing is named.
        StoredError: the record cannot be read.
    """
    if not subjects:
        command = attest_command(check.code, "npm:PACKAGE")
        raise UsageError(f"name what about, as in: {command} --withdraw")
    known = {
        same(item.subject): item
        for item in newest(read(state_folder()).statements)
        if item.code == check.code and item.answer is not Word.WITHDRAWN
    }
    found: dict[Statement, None] = {}
    for text in subjects:
        names = [same(text), *Meant.parse(text).ids]
        standing = next((known[name] for name in names if name in known), None)
        if standing is None:
            near = suggestion(names[-1], [item.subject for item in known.values()])
            raise UsageError(f"nothing is on record of {check.code} about {text}{near}")
        found[standing] = None
    return list(found)
