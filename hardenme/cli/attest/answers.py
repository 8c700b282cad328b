"""`hardenme attest CODE`: puts the questions of a check, and records the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, TextIO

from hardenme.cli.attest.questions import OpenQuestion, Questions
from hardenme.cli.attest.request import AttestOptions
from hardenme.cli.options.subjects import OWN, Meant
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.texts import LONGEST_BY, LONGEST_EVIDENCE, clean, shown
from hardenme.config.table.access import STDIN
from hardenme.engine.attested import login_of
from hardenme.ground import clock
from hardenme.ground.errors import StoredError, UsageError
from hardenme.ground.exit_code import Exit
from hardenme.ground.places import state_folder
from hardenme.model.passages import paragraphs
from hardenme.model.statement import Statement, Word
from hardenme.reports.columns import paragraph
from hardenme.store.attestations import add, newest, read

NO_TERMINAL = "there is no terminal to ask you on: add --yes or --no"
SKIP, QUIT = "skip", "quit"
READABLE = 80
"""Columns of what explains a question."""
WORDS = {word[:length]: word for word in ("yes", "no", SKIP, QUIT) for length in (1, len(word))}


def state(console: Console, options: AttestOptions, stdin: TextIO | None) -> int:
    """Ask, and record; returns the exit code."""
    check = options.check()
    if options.answer is None and (options.given[STDIN] or not console.can_ask(stdin)):
        raise UsageError(NO_TERMINAL)
    meant = [Meant.parse(text) for text in options.subjects] or [Meant(OWN.text, OWN)]
    questions = Questions.of(console, options, check, meant, stdin)
    # By now the tokens are known, so that none of them can be written down.
    return Stating.of(console, options, stdin).all_of(questions.about(meant))


@dataclass(frozen=True, slots=True)
class Stating:
    """A person who answers.

    Attributes:
        console: where questions are put.
        options: what the user typed.
        texts: who says so, and what to remember.
        said: the newest answer to each question.
        stdin: where answers are typed.
        explains: whether each question comes with what yes means, and what to do about a no.
    """

    console: Console
    options: AttestOptions
    texts: tuple[str, str]
    said: dict[tuple[str, str], Statement]
    stdin: TextIO | None
    explains: bool = False

    @classmethod
    def of(
        cls,
        console: Console,
        options: AttestOptions,
        stdin: TextIO | None,
        *,
        explains: bool = False,
    ) -> Self:
        """Read what is on record.

        Raises:
            StoredError: the record cannot be used.
            UsageError: `--by` or `--evidence` is not of its form.
        """
        texts = (
            clean("--by", options.by, LONGEST_BY),
            clean("--evidence", options.evidence, LONGEST_EVIDENCE),
        )
        record = read(state_folder())
        if record.fault:
            raise StoredError(record.fault)
        said = {item.key: item for item in newest(record.statements)}
        return cls(console, options, texts, said, stdin, explains)

    def all_of(self, questions: Sequence[OpenQuestion]) -> int:
        """Put each question, and write down each answer as soon as it is given."""
        count = 0
        for number, question in enumerate(questions, 1):
            answer = "yes" if self.options.answer else "no"
            if self.options.answer is None:
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

    def _show(self, question: OpenQuestion, place: str) -> None:
        check = question.check
        lines = [
            f"{check.code} {check.slug} · {question.subject} · {place}",
            f"  {question.text}",
            f"  {question.page}",
        ]
        if self.explains:
            lines += _paragraph("Look for", check.texts["look"])
            lines += _paragraph("Yes means", check.summary)
            lines += _steps("If no", check.texts["fix"])
        before = self.said.get(question.key)
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

    def _record(self, question: OpenQuestion, answer: Word) -> None:
        by, evidence = self.texts
        now = clock.now().replace(microsecond=0)
        said = Statement(
            code=question.check.code,
            subject=question.subject,
            question=question.text,
            answer=answer,
            by=by or login_of(question.account),
            account=question.account,
            at=now,
            until=self.options.end(now, question.check.code),
            evidence=evidence,
        )
        add(state_folder(), said)
        subject, until = shown(said.subject), f"{said.until:%Y-%m-%d}"
        self.console.print(f"{said.code} {subject}: {answer.value}, by {said.by}, until {until}\n")


def _steps(label: str, text: str) -> list[str]:
    """A label and the first of several paragraphs; of a list, each item on lines of its own."""
    first = next(iter(paragraphs(text)), [])
    if len(first) <= 1:
        return _paragraph(label, " ".join(first))
    return [f"  {label}:", *(line for item in first for line in _wrapped(item, "    "))]


def _wrapped(text: str, indent: str) -> list[str]:
    return paragraph(text, READABLE, indent=len(indent), hang=3)


def _paragraph(label: str, text: str) -> list[str]:
    """A label and what belongs to it, in lines that are not too long to read; none for nothing."""
    if not text:
        return []
    return paragraph(f"{label}: {text}", READABLE, indent=2, hang=2)
