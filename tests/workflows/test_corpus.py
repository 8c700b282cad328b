"""Small workflows with the verdicts that each must have, audited once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest

from hardenme.sandbox.npm import scenarios as npm
from tests.running import NOW, stage
from tests.worlds import github as scenarios

FOLDER = Path(__file__).parent / "corpus"
TITLE = re.compile(r"^### (?:file (?P<path>\S+)|(?P<title>.+))$", re.MULTILINE)
EXPECTED = re.compile(r"^# (GHW\d+) (critical|high|medium|low|passed|unknown|not_applicable)$")
SEVERITIES = ("critical", "high", "medium", "low")
SUBJECT = "hazel/lantern"


@dataclass(frozen=True)
class Entry:
    """A file of the repository, with the verdicts that it must have."""

    kind: str
    title: str
    path: str
    text: str
    expected: dict[str, str]


def entries() -> Iterator[Entry]:
    """All of the corpus."""
    for file in sorted(FOLDER.glob("*.txt")):
        text = file.read_text(encoding="utf-8")
        heads = list(TITLE.finditer(text))
        ends = [head.start() for head in heads[1:]] + [len(text)]
        for head, end in zip(heads, ends, strict=True):
            body = text[head.end() + 1 : end].rstrip("\n") + "\n"
            expected = dict(
                match.groups()
                for line in body.splitlines()
                if (match := EXPECTED.fullmatch(line)) is not None
            )
            title = head["title"] or ""
            name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
            path = head["path"] or f".github/workflows/{file.stem}-{name}.yml"
            yield Entry(file.stem, title, path, body, expected)


CORPUS = list(entries())
JUDGED = [entry for entry in CORPUS if entry.title]


@cache
def verdicts() -> dict[tuple[str, str], str]:
    """What the audit says of each file, by its name and a code."""
    return verdicts_of(JUDGED)


def verdicts_of(some: Sequence[Entry]) -> dict[tuple[str, str], str]:
    """The same of other texts of these files, which stand in the order of their kinds."""
    world = scenarios.hardened_maintainer(NOW)
    model = next(item for item in world.repositories if item.full_name == SUBJECT)
    beside = {entry.path: entry.text.encode() for entry in CORPUS if not entry.title}
    world.repositories[:] = [
        replace(model, name=kind, files=beside | {entry.path: entry.text.encode() for entry in of})
        for kind, of in groupby(some, key=lambda entry: entry.kind)
    ]
    targets = [f"github:{repository.full_name}" for repository in world.repositories]
    codes = tuple(sorted({code for entry in some for code in entry.expected}))
    with stage(world, npm.hardened_maintainer(NOW), scenarios.HARDENED_CLASSIC) as found:
        report = found.audit(*targets, select_=codes)
    said: dict[tuple[str, str], str] = {}
    for finding in report.findings:
        severity = finding.severity.name.lower()
        said[finding.subject.name.rpartition("/")[2], finding.code] = (
            severity if finding.result == "failed" else finding.result
        )
    return said


def test_the_corpus_is_whole() -> None:
    names = [entry.path for entry in CORPUS]
    assert len(set(names)) == len(names)
    assert all(entry.expected for entry in JUDGED)


@pytest.mark.second_tier("an audit of hundreds of workflow files")
@pytest.mark.parametrize("entry", JUDGED, ids=lambda entry: entry.title)
def test_a_workflow_has_its_verdicts(entry: Entry) -> None:
    name = entry.path.rpartition("/")[2]
    found = {code: verdicts().get((name, code), "none") for code in entry.expected}
    assert found == entry.expected
