"""`hardenme attest CODE`: puts the questions of a check, and records the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from hardenme.cli.console import Console
from hardenme.cli.meant import OWN, Meant
from hardenme.cli.options import UsageError
from hardenme.cli.questions import Question, Questions, UnaskedError
from hardenme.cli.texts import LONGEST_BY, LONGEST_EVIDENCE, TextError, clean, shown
from hardenme.cli.wish import Wish
from hardenme.credentials.token import CredentialError
from hardenme.engine.attested import login_of
from hardenme.engine.catalogue import SelectionError
from hardenme.engine.settle import Exit
from hardenme.engine.target import TargetError
from hardenme.model import clock
from hardenme.model.check import Check
from hardenme.model.statement import Statement, Word, key_of
from hardenme.store.attestations import RecordError, add, newest, read
from hardenme.store.places import state_folder

NO_TERMINAL = "there is no terminal to ask you on: add --yes or --no"
SKIP, QUIT = "skip", "quit"
WRONG = (CredentialError, SelectionError, TargetError, TextError, UsageError, RecordError)
WORDS = {word[:length]: word for word in ("yes", "no", SKIP, QUIT) for length in (1, len(word))}


def state(console: Console, wish: Wish, stdin: TextIO | None) -> int:
    """Ask, and record; returns the exit code."""
    try:
        return _state(console, wish, stdin)
    except UnaskedError as error:
        console.say(str(error))
        return error.code
    except WRONG as error:
        console.say(str(error))
        return Exit.NO_CREDENTIAL if isinstance(error, CredentialError) else Exit.USAGE


def _state(console: Console, wish: Wish, stdin: TextIO | None) -> int:
    check = wish.check()
    watched = stdin is not None and stdin.isatty() and console.interactive
    if wish.answer is None and (wish.token_stdin or not watched):
        raise UsageError(NO_TERMINAL)
    meant = [Meant.parse(text) for text in wish.subjects] or [Meant(OWN.text, OWN)]
    questions = Questions.of(console, wish, check, meant, stdin)
    # By now the tokens are known, so that none of them can be written down.
    texts = (
        clean("--by", wish.by, LONGEST_BY),
        clean("--evidence", wish.evidence, LONGEST_EVIDENCE),
    )
    record = read(state_folder())
    if record.fault:
        raise RecordError(record.fault)
    said = {item.key: item for item in newest(record.statements)}
    return _Stating(console, wish, check, texts, said, stdin).all_of(questions.about(meant))


@dataclass(frozen=True, slots=True)
class _Stating:
    """A person who answers."""

    console: Console
    wish: Wish
    check: Check
    texts: tuple[str, str]
    said: dict[tuple[str, str], Statement]
    stdin: TextIO | None

    def all_of(self, questions: Sequence[Question]) -> int:
        """Put each question, and write down each answer as soon as it is given."""
        count = 0
        for number, question in enumerate(questions, 1):
            answer = "yes" if self.wish.answer else "no"
            if self.wish.answer is None:
                self._show(question, f"{number} of {len(questions)}")
                answer = self._hear()
            if answer == QUIT:
                break
            if answer != SKIP:
                self._record(question, Word(answer))
                count += 1
        if not count:
            self.console.say("nothing was recorded")
        return Exit.CLEAN if count else Exit.NOTHING_MATCHED

    def _show(self, question: Question, place: str) -> None:
        lines = [
            f"{self.check.code} {self.check.slug} · {question.subject} · {place}",
            f"  {question.text}",
            f"  {question.page}",
        ]
        before = self.said.get(key_of(self.check.code, question.subject))
        if before is not None:
            until = f"{before.until:%Y-%m-%d}"
            lines.append(f"  on record: {before.answer.value}, by {before.by}, until {until}")
        self.console.put(*lines)

    def _hear(self) -> str:
        """What the person types; the end of the input is no answer."""
        while self.stdin is not None:
            self.console.put("  yes, no, skip or quit? ", end="")
            line = self.stdin.readline()
            word = WORDS.get(line.strip().lower())
            if not line or word is not None:
                return word or QUIT
        return QUIT

    def _record(self, question: Question, answer: Word) -> None:
        by, evidence = self.texts
        now = clock.now().replace(microsecond=0)
        said = Statement(
            code=self.check.code,
            subject=question.subject,
            question=question.text,
            answer=answer,
            by=by or login_of(question.account),
            account=question.account,
            at=now,
            until=self.wish.end(now),
            evidence=evidence,
        )
        add(state_folder(), said)
        subject, until = shown(said.subject), f"{said.until:%Y-%m-%d}"
        self.console.print(f"{said.code} {subject}: {answer.value}, by {said.by}, until {until}\n")
