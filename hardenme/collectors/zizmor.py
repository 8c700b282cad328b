"""Runs zizmor over workflow files: the one program that hardenme starts.

It is the installed package's own binary, found through the package's list of files and never
through `PATH`. It runs offline, without a configuration, and ignores comments that suppress its
findings. It runs in a private folder that only holds the files, named by number. It does not get
this process's environment, from which it would use a GitHub token.

A file without findings leaves no trace in the answer, so an answer counts only as a whole. zizmor
has to read every file (it refuses the whole run otherwise) and to end normally. It also has to find
the planted problem in a file of ours, next to a comment that asks to ignore it. If one file breaks
a run, the files are given in halves until it is alone.
"""

from __future__ import annotations

import csv  # noqa: F401 (importlib.metadata loads it with a list of files, from Python 3.13 on)
import json
import os
import subprocess
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from hardenme.facts.github.workflow import ScanFinding
from hardenme.ground.errors import ContentError
from hardenme.model.unknown import Reason, Unknown
from hardenme.workflows.yaml import load
from hardenme.workflows.zizmor_harmless import harmless
from hardenme.workflows.zizmor_rules import USED

LEVELS = ("Unknown", "Informational", "Low", "Medium", "High")
MOST_FILES = 200
"""Files a run."""
LARGE = 64 * 1024
"""Characters from which a file is given alone: the time for a line is quadratic in its length."""
MOST_OUTPUT = 64 * 1024 * 1024
"""Bytes that a run may answer."""
OPTIONS = (
    "--offline",
    "--no-config",
    "--no-ignores",
    "--strict-collection",
    "--persona=pedantic",
    "--format=json-v1",
    "--no-progress",
    "--no-exit-codes",
    "--color=never",
)
PROOF = "proof.yml"
PROOF_TEXT = """\
on: push
permissions: {}
jobs:
  proof:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4 # zizmor: ignore[unpinned-uses]
      - run: echo ${{ github.head_ref }} # zizmor: ignore[template-injection]
"""
"""A file with two findings that it asks to be spared."""
PROVEN = frozenset({"unpinned-uses", "template-injection"})

SCRIPTS = Path(sysconfig.get_path("scripts"))
"""The scripts folder of this Python. Computed here, since sysconfig loads a module for it."""

Findings = tuple[ScanFinding, ...]


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """How long zizmor may take.

    Attributes:
        run: seconds for one run.
        large: seconds for a large file, which runs after all others.
        whole: seconds for all runs over the files of one call.
    """

    run: float = 30.0
    large: float = 10.0
    whole: float = 90.0


@cache
def installed() -> Path | None:
    """The program that the installed package brings; None if there is none."""
    try:
        found = distribution("zizmor")
    except PackageNotFoundError:
        return None
    names = {"zizmor", "zizmor.exe"}
    listed = [
        Path(str(found.locate_file(entry)))
        for entry in found.files or ()
        if entry.name.lower() in names and entry.parent.name.lower() in {"bin", "scripts"}
    ]
    beside = [SCRIPTS / name for name in sorted(names)]
    return next((path.resolve() for path in [*listed, *beside] if path.is_file()), None)


@dataclass(slots=True)
class Analyser:
    """zizmor, over any number of files.

    Attributes:
        program: where it is; None if it is not installed.
        limits: how long it may take.
        runs: how often it was started.
    """

    program: Path | None = field(default_factory=installed)
    limits: TimeLimits = field(default_factory=TimeLimits)
    runs: int = 0

    def scan(self, texts: Sequence[str]) -> list[Findings | Unknown]:
        """What it finds in each file, or why that is not known, in the order of the files."""
        if self.program is None:
            why = Unknown(
                Reason.NOT_ASKED,
                "zizmor, which checks workflow files: reinstall hardenme with its dependencies",
                seen="zizmor is not installed",
            )
            return [why for _ in texts]
        ends = time.monotonic() + self.limits.whole
        small = [number for number, text in enumerate(texts) if len(text) < LARGE]
        groups = [small[at : at + MOST_FILES] for at in range(0, len(small), MOST_FILES)]
        limits = [(group, self.limits.run) for group in groups]
        limits += [([at], self.limits.large) for at, text in enumerate(texts) if len(text) >= LARGE]
        found: dict[int, Findings | Unknown] = {}
        for group, seconds in limits:
            results = self._halves([texts[at] for at in group], ends, seconds)
            found |= zip(group, results, strict=True)
        return [found[at] for at in range(len(texts))]

    def _halves(
        self, texts: Sequence[str], ends: float, seconds: float
    ) -> list[Findings | Unknown]:
        left = ends - time.monotonic()
        if left <= 0:
            return [_unknown("zizmor did not finish in time") for _ in texts]
        found = self._run(texts, min(left, seconds))
        if not isinstance(found, Unknown):
            return found
        if len(texts) == 1:
            return [found]
        middle = len(texts) // 2
        parts = texts[:middle], texts[middle:]
        return [result for part in parts for result in self._halves(part, ends, seconds)]

    def _run(self, texts: Sequence[str], seconds: float) -> list[Findings | Unknown] | Unknown:
        """What one run over all of these files finds in each, or why its answer does not count."""
        self.runs += 1
        names = [f"{number}.yml" for number in range(len(texts))]
        with tempfile.TemporaryDirectory(prefix="hardenme-") as folder:
            place = Path(folder)
            for name, text in zip([PROOF, *names], [PROOF_TEXT, *texts], strict=True):
                (place / name).write_text(text, encoding="utf-8", newline="")
            answer = self._ask(place, [PROOF, *names], seconds)
        if isinstance(answer, Unknown):
            return answer
        found = _understood(answer, dict(zip([PROOF, *names], [PROOF_TEXT, *texts], strict=True)))
        if isinstance(found, Unknown):
            return found
        if not {finding.rule for finding in found[PROOF]} >= PROVEN:
            return _unknown("zizmor did not find the flaws in the test workflow")
        return [found[name] for name in names]

    def _ask(self, place: Path, names: Sequence[str], seconds: float) -> bytes | Unknown:
        """What one run prints, or why that does not count."""
        command = [str(self.program), *OPTIONS, f"--cache-dir={place / 'cache'}", "--", *names]
        begun = time.monotonic()
        try:
            with subprocess.Popen(  # noqa: S603 (the installed program, no shell, names of our own)
                command,
                cwd=place,
                env=_environment(place),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            ) as process:
                timer = threading.Timer(seconds, process.kill)
                timer.start()
                try:
                    answer = process.stdout.read(MOST_OUTPUT + 1) if process.stdout else b""
                    if len(answer) > MOST_OUTPUT:
                        return _unknown("zizmor's output is too large")
                    code = process.wait()
                finally:
                    timer.cancel()
                    process.kill()
        except OSError as error:
            return _unknown(f"zizmor could not be started: {error.strerror}")
        if time.monotonic() - begun >= seconds:
            return _unknown("zizmor did not finish in time")
        if code != 0:
            return _unknown("zizmor does not accept it as a workflow")
        return answer


def _environment(place: Path) -> dict[str, str]:
    """The environment for zizmor: where it may write, and what Windows needs.

    Nothing of this process's own environment is passed on: a token in it would be used.
    """
    bare = {"HOME": str(place), "TMPDIR": str(place), "TEMP": str(place), "TMP": str(place)}
    return bare | {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}


def _understood(answer: bytes, texts: Mapping[str, str]) -> dict[str, Findings] | Unknown:
    """The findings of each file, by the files' names, but for harmless ones."""
    found: dict[str, dict[ScanFinding, None]] = {name: {} for name in texts}
    documents = {name: cache(partial(_document, text)) for name, text in texts.items()}
    try:
        for item in json.loads(answer):
            name, finding, at = _finding(item)
            # Lines do not distinguish them: a file may be one line.
            script = _script(documents[name], at) if finding.rule == "github-env" else ""
            spared = harmless(finding.rule, _expression(at), script)
            if finding.rule in USED and not spared:
                found[name].setdefault(finding)
    except (ValueError, LookupError, TypeError, StopIteration, RecursionError):
        return _unknown(
            "zizmor's output has a format that this version does not know; update hardenme"
        )
    return {name: tuple(findings) for name, findings in found.items()}


def _finding(item: Any) -> tuple[str, ScanFinding, Mapping[str, Any]]:
    """A finding, with the file that it is in before it, and what zizmor names there behind it."""
    judged = item["determinations"]
    if judged["severity"] not in LEVELS or judged["confidence"] not in LEVELS:
        raise ValueError("an unknown level")
    place = next(at for at in item["locations"] if at["symbolic"]["kind"] == "Primary")
    name = place["symbolic"]["key"]["Local"]["verbatim_path"]
    line = place["concrete"]["location"]["start_point"]["row"] + 1
    finding = ScanFinding(str(item["ident"]), judged["severity"], judged["confidence"], int(line))
    return str(name), finding, place["symbolic"]


def _expression(at: Mapping[str, Any]) -> str:
    """The part of an expression that zizmor names; empty if it names none."""
    kind = at.get("feature_kind")
    part = kind.get("Subfeature") if isinstance(kind, dict) else None
    return str(part["fragment"].get("Raw", "")) if part else ""


def _script(document: Callable[[], Any], at: Mapping[str, Any]) -> str:
    """The script that zizmor names by the keys that lead to it; empty if none is there."""
    value = document()
    for step in at.get("route", {}).get("route", ()):
        key = step.get("Key", step.get("Index"))
        is_there = isinstance(value, dict | list) and key in (
            value if isinstance(value, dict) else range(len(value))
        )
        value = value[key] if is_there else None
    return value if isinstance(value, str) else ""


def _document(text: str) -> Any:
    """The document of a file; None if it is not read here."""
    try:
        return load(text)
    except ContentError:
        return None


def _unknown(why: str) -> Unknown:
    return Unknown(Reason.MALFORMED, f"an analysis of the file: {why}", seen=why)
