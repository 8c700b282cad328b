"""The file of facts: all that a run learnt, a line of JSON for each part, to be judged again.

The first line has how the run was made. Then come the answers about everything above the
repositories, a line for each repository, and what was learned later. The last line has how the run
went, with the digest of all lines before. A file without its end, or with a missing line, is not
read: what is missing would look as if it had never existed. The digest prevents no one from writing
a file of their own, so a report from a file always says that it is one.

The file holds names and settings, so it is written for its owner alone. It holds no token: facts
never do, and what looks like one is removed from each line.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import IO, Any, TypeVar

from hardenme.codec.facts import FactForm
from hardenme.codec.shape import demand
from hardenme.codec.text import line, parsed
from hardenme.codec.version import demand_version
from hardenme.collectors.registry import collectors
from hardenme.ground.errors import ContentError, OutputError, StoredError
from hardenme.ground.files import PrivateFile
from hardenme.model.fact import Answer, Fact, fact_name
from hardenme.model.secret import redacted
from hardenme.model.subject import Subject

T = TypeVar("T")
VERSION = 2
"""Of the file's form; a reader takes no other."""
HEAD = "hardenme_facts"
"""The key of the version, in the first line."""
DIGEST = "sha256"
"""The key of the digest, in the last line."""
FAULT = "input/output error"
LONGEST = 64 * 1024 * 1024
"""Bytes of a line."""
ABOVE, LATE, ENDING = "above", "late", "ending"
UNTOLD = "does not describe its run as hardenme does"
OF_A_REPOSITORY = ("repository", "joined", "left_out")
"""What lines hold, by their first key."""


@cache
def kinds() -> Mapping[str, type[Fact]]:
    """Every type of fact that a collector gives, by name."""
    return {fact_name(kind): kind for collector in collectors() for kind in collector.gives}


@lru_cache(8)
def _form_of(writer: str) -> FactForm:
    """The form of what a version wrote: one for all files that it wrote."""
    return FactForm(writer)


@dataclass(frozen=True, slots=True)
class RecordedPart:
    """The answers of one part of a run.

    Attributes:
        name: `above`, `repository`, `joined`, `left_out` or `late`.
        repository: of `repository`, `joined` and `left_out`; else None.
        answers: what was learnt.
    """

    name: str
    repository: Subject | None
    answers: tuple[Answer[Any], ...]


class FactsFile:
    """Takes a run's facts as they come, and gives the file its name when the run is over.

    Raises:
        OutputError: the file cannot be written where it should go.
    """

    def __init__(self, target: Path) -> None:
        self._file = PrivateFile(target)
        self._form = FactForm()
        self._lines: IO[str] = tempfile.TemporaryFile("w+", encoding="ascii", newline="\n")  # noqa: SIM115 (closed with the run)
        self._digest = hashlib.sha256()
        self._fault = ""

    @property
    def target(self) -> Path:
        """Where it goes."""
        return self._file.target

    def begin(self, context: Any, answers: Iterable[Answer[Any]]) -> None:
        """Write how the run was made, and what is above the repositories."""
        self._put({HEAD: VERSION, "scene": self._form.write(context)})
        for answer in answers:
            self._put({ABOVE: [self._form.answer(answer)]})

    def repository(
        self, repository: Subject, answers: Iterable[Answer[Any]], *, joined: bool
    ) -> None:
        """Write what is known about a repository."""
        self._put_of("joined" if joined else "repository", repository, answers)

    def left_out(self, repository: Subject, answers: Iterable[Answer[Any]]) -> None:
        """Write down that there is a repository which is not looked at."""
        self._put_of("left_out", repository, answers)

    def _put_of(self, name: str, repository: Subject, answers: Iterable[Answer[Any]]) -> None:
        self._put(
            {name: self._form.write(repository), "answers": list(map(self._form.answer, answers))}
        )

    def end(self, answers: Iterable[Answer[Any]], ending: Any) -> None:
        """Write down what came later, and how the run went."""
        for answer in answers:
            self._put({LATE: [self._form.answer(answer)]})
        self._put({ENDING: self._form.write(ending), DIGEST: self._digest.hexdigest()})

    def finish(self) -> None:
        """Give the file its name.

        Raises:
            OutputError: it cannot be written.
        """
        try:
            if not self._fault:
                self._rewind()
            if self._fault:
                raise OutputError(f"{self.target} cannot be written: {self._fault}")
            self._file.write(self._lines)
        finally:
            self.discard()

    def _rewind(self) -> None:
        """Go back to the first line; what was not written yet is written before."""
        try:
            self._lines.seek(0)
        except OSError as error:
            self._fault = error.strerror or FAULT

    def discard(self) -> None:
        """Leave no trace, unless the file has its name already."""
        self._lines.close()
        self._file.discard()

    def _put(self, values: Mapping[str, Any]) -> None:
        # A run continues if its facts cannot be stored: its findings are worth more.
        if self._fault:
            return
        text = line(redacted(values)) + "\n"
        self._digest.update(text.encode("ascii"))
        try:
            self._lines.write(text)
        except OSError as error:
            self._fault = error.strerror or FAULT


class Recording:
    """A file of facts that is read back.

    Attributes:
        writer: the version of hardenme that wrote it.
        left_out: types of fact that this version does not know.

    Raises:
        StoredError: the file cannot be read, is of another form, or was cut or changed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.left_out: set[str] = set()
        digest = hashlib.sha256()
        first: dict[str, Any] = {}
        before = b""
        for raw in self._raw_lines():
            first = first or self._object(raw)
            digest.update(before)
            before = raw
        last = self._object(before) if before else first
        try:
            demand_version(first.get(HEAD), VERSION)
        except ContentError as error:
            told = f"{path} holds no facts that this version of hardenme reads"
            raise StoredError(f"{told}: {error}") from None
        if ENDING not in last:
            raise StoredError(f"{path} was cut: it does not show how its run ended")
        if last.get(DIGEST) != digest.hexdigest():
            raise StoredError(
                f"{path} was changed: a line is missing in it, or is not as hardenme wrote it"
            )
        self._parts = {"scene": first.get("scene"), ENDING: last[ENDING]}
        if not isinstance(self._parts["scene"], dict):
            raise StoredError(f"{path} {UNTOLD}")
        self.writer = str(self._parts["scene"].get("version", ""))
        self._form = _form_of(self.writer)

    def context(self, kind: type[T]) -> T:
        """How the run was made.

        Raises:
            StoredError: the value is not of that type.
        """
        return self._named_part("scene", kind)

    def ending(self, kind: type[T]) -> T:
        """How the run went.

        Raises:
            StoredError: the value is not of that type.
        """
        return self._named_part(ENDING, kind)

    def _named_part(self, name: str, kind: type[T]) -> T:
        try:
            return self._form.read(kind, self._parts[name])
        except ContentError as error:
            raise StoredError(f"{self._path} {UNTOLD}: {error.within(name)}") from None

    def parts(self) -> Iterator[RecordedPart]:
        """What was learnt, in the order in which it is judged.

        Raises:
            StoredError: a line is not of its form.
        """
        for number, raw in enumerate(self._raw_lines(), start=1):
            values = self._object(raw)
            if HEAD in values or ENDING in values:
                continue
            try:
                yield self._part(values)
            except ContentError as error:
                raise StoredError(f"{self._path}, line {number}: {error}") from None

    def _part(self, values: Mapping[str, Any]) -> RecordedPart:
        name = next(iter(values), "")
        if name in {ABOVE, LATE}:
            return RecordedPart(name, None, self._answers(values[name]))
        if name in OF_A_REPOSITORY:
            repository = self._form.read(Subject, values[name])
            return RecordedPart(name, repository, self._answers(values.get("answers")))
        raise ContentError(f"is nothing that this version knows: {name!r:.60}")

    def _answers(self, raw: Any) -> tuple[Answer[Any], ...]:
        found = (self._form.as_answer(one, self._kind_of) for one in demand(list, raw))
        return tuple(answer for answer in found if answer is not None)

    def _kind_of(self, name: str) -> type[Fact] | None:
        found = kinds().get(name)
        if found is None:
            self.left_out.add(name)
        return found

    def _raw_lines(self) -> Iterator[bytes]:
        try:
            with self._path.open("rb") as file:
                while raw := file.readline(LONGEST):
                    yield raw
        except OSError as error:
            raise StoredError(f"{self._path} cannot be read: {error.strerror}") from None

    def _object(self, raw: bytes) -> dict[str, Any]:
        try:
            return demand(dict, parsed(raw))
        except ContentError as error:
            told = f"{self._path} holds no facts of hardenme, or was cut"
            raise StoredError(f"{told}: it {error}") from None
