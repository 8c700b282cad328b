"""The file of facts: all that a run learnt, a line of JSON for each part, to be judged again.

The first line tells how the run was made. Then come the answers about all that stands above the
repositories, a line for each repository, what came to be known later, and how the run went, with
the digest of all lines before. A file that lost its end, or a line anywhere, is not read: what is
missing would look as if it had never been there. The digest keeps nobody from writing a file of
their own, so that a report of a file always says that it is one.

The file holds names and settings, so it is written for its owner alone. It holds no token: facts
never do, and what looks like one is removed from each line.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from hardenme.ground.files import OutputError, PrivateFile
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer, Attestation, Fact, fact_name
from hardenme.model.secret import redacted
from hardenme.model.subject import Subject
from hardenme.store.fact_codec import CodecError, as_unknown, decode, encode, kinds, made, unknown
from hardenme.store.findings import read_atom, write_atom

VERSION = 1
"""Of the file's form; a reader takes no other."""
DIGEST = "sha256"
"""The key of the digest, in the last line."""
FAULT = "input/output error"
LONGEST = 64 * 1024 * 1024
"""Bytes of a line."""


class RecordingError(Exception):
    """A file that holds no whole run; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Part:
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
        self._lines: IO[str] = tempfile.TemporaryFile("w+", encoding="ascii", newline="\n")  # noqa: SIM115 (closed with the run)
        self._digest = hashlib.sha256()
        self._fault = ""

    @property
    def target(self) -> Path:
        """Where it goes."""
        return self._file.target

    def begin(self, scene: Any, answers: Iterable[Answer[Any]]) -> None:
        """Write down how the run was made, and what stands above the repositories."""
        self._put({"hardenme_facts": VERSION, "scene": encode(scene)})
        for answer in answers:
            self._put({"above": [_answer(answer)]})

    def repository(
        self, repository: Subject, answers: Iterable[Answer[Any]], *, joined: bool
    ) -> None:
        """Write down what is known of a repository."""
        name = "joined" if joined else "repository"
        self._put({name: encode(repository), "answers": [_answer(one) for one in answers]})

    def left_out(self, repository: Subject, answers: Iterable[Answer[Any]]) -> None:
        """Write down that there is a repository which is not looked at."""
        self._put({"left_out": encode(repository), "answers": [_answer(one) for one in answers]})

    def end(self, answers: Iterable[Answer[Any]], ending: Any) -> None:
        """Write down what came later, and how the run went."""
        for answer in answers:
            self._put({"late": [_answer(answer)]})
        self._put({"ending": encode(ending), DIGEST: self._digest.hexdigest()})

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

    def _put(self, line: Mapping[str, Any]) -> None:
        # A run goes on where its facts cannot be kept: what it finds is worth more.
        if self._fault:
            return
        text = json.dumps(redacted(line), separators=(",", ":")) + "\n"
        self._digest.update(text.encode("ascii"))
        try:
            self._lines.write(text)
        except OSError as error:
            self._fault = error.strerror or FAULT


class Recording:
    """A file of facts that is read back.

    Attributes:
        scene: how the run was made, as plain values.
        ending: how it went, as plain values.
        left_out: types of fact that this version does not know.

    Raises:
        RecordingError: the file cannot be read, is of another form, or was cut or changed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.left_out: set[str] = set()
        digest = hashlib.sha256()
        first: Mapping[str, Any] = {}
        last: Mapping[str, Any] = {}
        before = b""
        for line in self._raw_lines():
            digest.update(before)
            before = line
            last = self._object(line)
            first = first or last
        if first.get("hardenme_facts") != VERSION:
            raise RecordingError(f"{path} holds no facts that this version of hardenme reads")
        if "ending" not in last:
            raise RecordingError(f"{path} was cut: it does not tell how its run ended")
        if last.get(DIGEST) != digest.hexdigest():
            raise RecordingError(
                f"{path} was changed: a line is missing in it, or is not as hardenme wrote it"
            )
        self.scene = self._part_of(first, "scene")
        self.ending = self._part_of(last, "ending")

    def _part_of(self, line: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        part = line.get(name)
        if not isinstance(part, dict):
            raise RecordingError(f"{self._path} does not tell of its run as hardenme does")
        return part

    @property
    def writer(self) -> str:
        """The version of hardenme that wrote it."""
        return str(self.scene.get("version", ""))

    def parts(self) -> Iterator[Part]:
        """What was learnt, in the order in which it is judged.

        Raises:
            RecordingError: a line is not of its form.
        """
        for number, line in enumerate(self._lines(), start=1):
            try:
                part = self._part(line)
            except (CodecError, KeyError, TypeError, ValueError, AttributeError) as error:
                raise RecordingError(f"{self._path}, line {number}: {error}") from None
            if part is not None:
                yield part

    def _part(self, line: Mapping[str, Any]) -> Part | None:
        for name in ("above", "late"):
            if name in line:
                return Part(name, None, self._answers(line[name]))
        for name in ("repository", "joined", "left_out"):
            if name in line:
                return Part(name, Subject(*line[name]), self._answers(line["answers"]))
        return None

    def _answers(self, raw: Iterable[Mapping[str, Any]]) -> tuple[Answer[Any], ...]:
        found = (self._as_answer(one) for one in raw)
        return tuple(answer for answer in found if answer is not None)

    def _as_answer(self, raw: Mapping[str, Any]) -> Answer[Any] | None:
        kind = kinds().get(raw["kind"])
        if kind is None:
            self.left_out.add(str(raw["kind"]))
            return None
        facts: tuple[Fact, ...] = tuple(decode(kind, one, self.writer) for one in raw["facts"])
        evidence: tuple[Atom, ...] = tuple(map(read_atom, raw["evidence"]))
        missing = None if raw["missing"] is None else as_unknown(raw["missing"])
        attested = None if raw["attested"] is None else made(Attestation, raw["attested"])
        return Answer(kind, Subject(*raw["scope"]), facts, evidence, missing, attested)

    def _lines(self) -> Iterator[dict[str, Any]]:
        return map(self._object, self._raw_lines())

    def _raw_lines(self) -> Iterator[bytes]:
        try:
            with self._path.open("rb") as file:
                while line := file.readline(LONGEST):
                    yield line
        except OSError as error:
            raise RecordingError(f"{self._path} cannot be read: {error.strerror}") from None

    def _object(self, line: bytes) -> dict[str, Any]:
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            raise RecordingError(f"{self._path} holds no facts of hardenme, or was cut") from None
        if not isinstance(found, dict):
            raise RecordingError(f"{self._path} holds no facts of hardenme")
        return found


def _answer(answer: Answer[Any]) -> dict[str, Any]:
    return {
        "kind": fact_name(answer.kind),
        "scope": encode(answer.scope),
        "facts": [encode(fact) for fact in answer.facts],
        "evidence": [write_atom(atom) for atom in answer.evidence],
        "missing": None if answer.missing is None else unknown(answer.missing),
        "attested": None if answer.attested is None else encode(answer.attested),
    }
