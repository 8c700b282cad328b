"""`hardenme attest CODE`: puts the questions of a check, and records the answers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Self, TextIO

from hardenme.cli.attest.noted import Noted
from hardenme.cli.attest.questions import OpenQuestion, Questions
from hardenme.cli.attest.request import AttestOptions
from hardenme.cli.attest.sitting import (
    BACK,
    CONFIRM,
    NOTED,
    ONE,
    QUIT,
    SEVERAL,
    SKIP,
    about,
    grouped,
    heard,
    name_of,
)
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
READABLE = 80
"""Columns of what explains a question."""
LONG = 12
"""Rows of a list after which its question is put again."""
NAME = "NAME"
"""Takes the place of a name in an address that several share."""


def state(console: Console, options: AttestOptions, stdin: TextIO | None) -> int:
    """Ask, and record; returns the exit code."""
    check = options.check()
    if options.answer is None and (options.given[STDIN] or not console.can_ask(stdin)):
        raise UsageError(NO_TERMINAL)
    meant = [Meant.parse(text) for text in options.subjects] or [Meant(OWN.text, OWN)]
    questions = Questions.of(console, options, check, meant, stdin)
    # By now the tokens are known, so that none of them can be written down.
    return AnswerPrompt.of(console, options, stdin).all_of(questions.about(meant))


@dataclass(frozen=True, slots=True)
class AnswerPrompt:
    """A person who answers.

    Attributes:
        console: where questions are put.
        options: what the user typed.
        texts: who says so, and what to remember.
        said: the newest answer to each question.
        stdin: where answers are typed.
        explains: whether each question comes with what yes means, and what to do about a no.
        noted: the answers that were noted on the page, by question; each has to be confirmed.
    """

    console: Console
    options: AttestOptions
    texts: tuple[str, str]
    said: dict[tuple[str, str], Statement]
    stdin: TextIO | None
    explains: bool = False
    noted: Noted = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        console: Console,
        options: AttestOptions,
        stdin: TextIO | None,
        *,
        explains: bool = False,
        noted: Noted | None = None,
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
        return cls(console, options, texts, said, stdin, explains, noted or {})

    def all_of(self, questions: Sequence[OpenQuestion]) -> int:
        """Put each question, and write down each answer as soon as it is given."""
        answered = set[tuple[str, str]]()
        if self.options.answer is not None:
            word = Word.YES if self.options.answer else Word.NO
            for question in questions:
                self._record(question, word)
                answered.add(question.key)
        else:
            self._sitting(grouped(questions), answered)
        if not answered:
            self.console.say("nothing was recorded")
        return Exit.CLEAN if answered else Exit.NOTHING_MATCHED

    def _sitting(
        self, groups: Sequence[Sequence[OpenQuestion]], answered: set[tuple[str, str]]
    ) -> None:
        """Ask each question once for all of its subjects; a person can go back."""
        at = 0
        while at < len(groups):
            self._show(groups[at], f"{at + 1} of {len(groups)}")
            word = self._group(groups[at], answered)
            if word == QUIT:
                return
            at = max(at - 1, 0) if word == BACK else at + 1

    def _group(self, group: Sequence[OpenQuestion], answered: set[tuple[str, str]]) -> str:
        """Ask for and record answers until each subject has one, or the person skips or ends."""
        left = set(range(1, len(group) + 1))
        while left:
            proposed: dict[int, str] = {
                at: self.noted[one.key] for at, one in enumerate(group, 1) if one.key in self.noted
            }
            word, numbers = self._hear(len(group), {*proposed} & left)
            if word in {BACK, QUIT}:
                return word
            # All means those that are left; a number also replaces an answer given before.
            numbers = frozenset(left) if numbers >= left else numbers
            given = proposed if word == CONFIRM else dict.fromkeys(numbers, word)
            for answer in (Word.YES, Word.NO):
                chosen = [group[at - 1] for at in sorted(numbers) if given[at] == answer]
                self._record_all(chosen, answer, answered)
            left -= numbers
            if left:
                names = (f"{number} {shown(name_of(group[number - 1]))}" for number in sorted(left))
                self.console.put(*_paragraph("Left", ", ".join(names)))
        return SKIP

    def _record_all(
        self, chosen: Sequence[OpenQuestion], answer: Word, answered: set[tuple[str, str]]
    ) -> None:
        """Record one answer to several questions."""
        for question in chosen:
            self._record(question, answer, alone=len(chosen) == 1)
        answered |= {question.key for question in chosen}
        if len(chosen) > 1:
            self._print(self.said[chosen[0].key], about(chosen))

    def _show(self, group: Sequence[OpenQuestion], place: str) -> None:
        question, check = group[0], group[0].check
        several = len(group) > 1
        name = about(group) if several else question.subject
        lines = [f"{check.code} {check.slug} · {name} · {place}", *self._fitted(question.text)]
        if not several:
            lines.append(f"  {question.page}")
        if self.explains or several:
            lines += _paragraph("Look for", check.texts["look"])
            lines += _paragraph("Yes means", check.summary)
            lines += _steps("If no", check.texts["fix"])
        if several:
            lines += self._listed(group)
            # A long list moves the question off the screen.
            lines += self._fitted(question.text) if len(group) > LONG else []
        elif (before := self.said.get(question.key)) is not None:
            until = f"{before.until:%Y-%m-%d}"
            lines.append(f"  on record: {before.answer.value}, by {before.by}, until {until}")
        if not several and question.key in self.noted:
            lines.append(f"  you noted: {self.noted[question.key].value}")
        self.console.put(*lines)

    def _fitted(self, text: str) -> list[str]:
        """A sentence in lines that fit the terminal, each with room for a blank and the cursor."""
        return paragraph(text, min(READABLE, self.console.width) - 2, indent=2)

    def _listed(self, group: Sequence[OpenQuestion]) -> list[str]:
        """What one question is about, numbered, each with its page.

        If these do not fit on their lines and differ by the name alone, the page comes once.
        """
        rows = [f"{number:>3}  {name_of(one)}" for number, one in enumerate(group, 1)]
        pages = {one.page.replace(name_of(one), NAME) for one in group}
        wide = max(len(row) + len(one.page) for row, one in zip(rows, group, strict=True)) + 4
        once = len(pages) == 1 and wide > self.console.width
        lines = [f"  Page of each: {pages.pop()}"] if once else []
        for row, one in zip(rows, group, strict=True):
            before = self.said.get(one.key)
            record = f"  (on record: {before.answer.value})" if before is not None else ""
            noted = self.noted.get(one.key)
            note = f"  (you noted: {noted.value})" if noted is not None else ""
            lines.append(f"  {row}{'' if once else f'  {one.page}'}{record}{note}")
        return lines

    def _hear(self, most: int, noted: Collection[int]) -> tuple[str, frozenset[int]]:
        """What the person types; the end of the input is not an answer."""
        prompt = self._fitted(f"{NOTED * bool(noted)}{ONE if most == 1 else SEVERAL}")
        while self.stdin is not None:
            self.console.put(*prompt, end=" ")
            line = self.stdin.readline()
            if not line:
                break
            found = heard(line, most, noted)
            if not isinstance(found, str):
                return found
            if found:
                self.console.put(f"  {found}")
        return QUIT, frozenset()

    def _record(self, question: OpenQuestion, answer: Word, *, alone: bool = True) -> None:
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
            owner=question.owner,
        )
        add(state_folder(), said)
        self.said[question.key] = said
        if alone:
            self._print(said, shown(said.subject))

    def _print(self, said: Statement, subject: str) -> None:
        until = f"{said.until:%Y-%m-%d}"
        answer = said.answer.value
        self.console.tell(f"{said.code} {subject}: {answer}, by {said.by}, until {until}\n")


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
