"""A stored report that is read back tells what it told, or is refused."""

from __future__ import annotations

import copy
import io
import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardenme.codec.packed import BLOCK
from hardenme.ground.errors import ContentError
from hardenme.model.finding import Outcome, question_in
from hardenme.model.report import Report
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Manual, Passed
from hardenme.reports import render
from hardenme.reports.jsonfile import SCHEMA
from hardenme.reports.reading import load, read
from tests.codec.outcomes import KINDS, findings
from tests.reports import publishing_sample
from tests.reports.rich_sample import rich
from tests.reports.sample import USER, finding, hostile, large, maintainer, report_of, repository

pytestmark = pytest.mark.second_tier("whole reports in every format", one_of=3)

SAMPLES: dict[str, Callable[[], Report]] = {
    "rich": rich,
    "maintainer": maintainer,
    "hostile": hostile,
    "publishing": publishing_sample.five,
    "hostile publishing": publishing_sample.hostile,
    "large": lambda: large(40),
    "empty": lambda: report_of([]),
}
FOR_PEOPLE = ("table", "markdown", "mermaid", "commands")
RICH = render(rich(), "json")
DOCUMENT: dict[str, Any] = json.loads(RICH)


@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_written_again_is_the_same_to_the_byte(name: str) -> None:
    text = render(SAMPLES[name](), "json")
    assert render(read(text), "json") == text


@pytest.mark.sampled(3)
@pytest.mark.parametrize("form", FOR_PEOPLE)
@pytest.mark.parametrize("name", ["rich", "maintainer", "publishing", "large"])
def test_the_formats_for_people_are_those_of_the_run(name: str, form: str) -> None:
    report = SAMPLES[name]()
    assert render(read(render(report, "json")), form) == render(report, form)


TEXT = st.text(max_size=30)
NAMES = TEXT.filter(bool)


@given(name=NAMES, label=TEXT, message=TEXT, seen=st.dictionaries(TEXT, TEXT, max_size=3))
@settings(max_examples=20)
def test_any_text_comes_back(name: str, label: str, message: str, seen: dict[str, Any]) -> None:
    fix = Fix(message.strip() or "x", page=name, command=label, needs=message, undo=label)
    failed = Failed(message.strip() or "x", {"x": name, **seen}, fix)
    found = [
        finding("GHB101", repository(name), failed, label=label),
        finding("GHR102", repository(name), Unknown(Reason.STALE, message, label), label=label),
        finding("NPA103", USER, Manual(message.strip() or "x", name.strip() or "x", fix)),
    ]
    text = render(report_of(found, partial=message), "json")
    again = read(text)
    assert render(again, "json") == text
    assert [one.fingerprint for one in again.findings] == [
        one.fingerprint for one in report_of(found).findings
    ]


def test_a_pass_says_that_a_report_says_so() -> None:
    (one,) = read(
        render(report_of([finding("GHR102", USER, Passed("on", {"x": 1}))]), "json")
    ).findings
    assert isinstance(one.outcome, Passed)
    assert one.outcome.message == "passed, by a stored report"
    assert [source.endpoint for source in one.sources] == ["a stored report"]
    assert one.slug == "repo-push-protection"


def test_findings_can_be_gone_through_again_and_taken_one_by_one() -> None:
    report = large(60)
    found = read(render(report, "json")).findings
    assert len(found) == len(report.findings) == 600 > 2 * BLOCK
    assert list(found) == list(found)
    assert found[0].subject == report.findings[0].subject
    assert found[-1].subject == report.findings[-1].subject
    assert [one.code for one in found[250:260]] == [one.code for one in report.findings[250:260]]
    with pytest.raises(IndexError):
        found[600]


@pytest.mark.second_tier("takes long in all", one_of=3)
@pytest.mark.sampled(3)
@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=25)
def test_every_outcome_comes_back_as_it_was(kind: type[Outcome], data: st.DataObject) -> None:
    found = data.draw(findings(KINDS[kind]))
    named = replace(
        found,
        code="GHB101",
        slug="some-check",
        title="x",
        subject=repository("web"),
        within=repository("web"),
    )
    text = render(report_of([named]), "json")
    (again,) = read(text).findings
    assert type(again.outcome) is kind
    assert again.result == named.result
    assert render(read(text), "json") == text
    assert (question_in(again.outcome) is None) == (question_in(named.outcome) is None)


def test_a_question_that_resolves_an_unknown_comes_back() -> None:
    why = Unknown(Reason.NOT_VISIBLE, "an answer", question=("Is it on?", "https://a.example/x"))
    text = render(report_of([finding("GHB101", USER, why)]), "json")
    (told,) = json.loads(text)["findings"]
    assert told["unknown"]["question"] == {"question": "Is it on?", "page": "https://a.example/x"}
    (again,) = read(text).findings
    assert question_in(again.outcome) == Manual("Is it on?", "https://a.example/x")


UNKNOWN = [number for number, one in enumerate(DOCUMENT["findings"]) if one["outcome"] == "unknown"]
WORDS = ("passed", "failed", "not_applicable", "waived", "manual", "attested", "errored", "x", "")


@pytest.mark.second_tier("takes over half a second")
@given(
    number=st.sampled_from(UNKNOWN),
    name=st.sampled_from(sorted(DOCUMENT["findings"][UNKNOWN[0]])),
    value=st.sampled_from([*WORDS, None, True, 1, [], {}, {"seen": {"a": 1}, "sources": []}]),
)
@settings(max_examples=60)
def test_a_broken_finding_makes_no_verdict_of_what_is_not_known(
    number: int, name: str, value: Any
) -> None:
    document = copy.deepcopy(DOCUMENT)
    document["findings"][number][name] = value
    try:
        after = read(json.dumps(document)).findings[number].outcome
    except ContentError:
        return
    assert type(after) is Unknown


@pytest.mark.parametrize(
    ("part", "name"),
    [
        *(("", name) for name in ("partial", "allowed_unknown", "warnings", "checks", "coverage")),
        *(("coverage", name) for name in ("notes", "not_selected", "known")),
    ],
)
def test_a_member_that_is_missing_is_seen(part: str, name: str) -> None:
    document = copy.deepcopy(DOCUMENT)
    del (document[part] if part else document)[name]
    with pytest.raises(ContentError, match=f"{name}` is missing"):
        read(json.dumps(document))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (("evidence",), "sources"),
        (("evidence", "sources", 0), "pages_expected"),
        (("fix",), "needs"),
    ],
)
def test_a_member_of_a_finding_that_is_missing_is_seen(
    path: tuple[str | int, ...], name: str
) -> None:
    document = copy.deepcopy(DOCUMENT)
    part = next(one for one in document["findings"] if one["outcome"] == "failed")
    for step in path:
        part = part[step]
    del part[name]
    with pytest.raises(ContentError, match=f"{name}` is missing"):
        read(json.dumps(document))


def test_what_a_later_minor_version_adds_is_passed_over() -> None:
    document = copy.deepcopy(DOCUMENT)
    document["schema_version"] = "1.99"
    document["more"] = [1, {"x": None}, 2.5]
    document["coverage"]["more"] = 1
    for one in document["findings"]:
        one["more"] = {"x": 1}
    assert render(read(json.dumps(document)), "json") == RICH


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        (" \n", "it is empty"),
        ("[]", "not a JSON object"),
        ("hello", "not a JSON object"),
        ("{}", "no `schema_version`"),
        ('{"a": 1}', "no `schema_version`"),
        ('{"a": 1, "a": 2}', "two members 'a'"),
        ('{"schema_version": 1}', "none of a hardenme report"),
        ('{"schema_version": "one"}', "none of a hardenme report"),
        ('{"schema_version": "2.0", "version": "9"}', "reads reports of version 1.x"),
        ('{"schema_version": "1.0"}', "is missing"),
        ('{"a": NaN}', "not JSON"),
        ('{"a": 1e999}', "not JSON"),
        ('{"a": ' + "9" * 5000 + "}", "not JSON"),
        ('{"a": ' + "[" * 100_000, "nested too deeply"),
        ('{"a": 1} {}', "something follows its end"),
        ('{"a": 1 "b": 2}', "',' is missing"),
        ("{1: 2}", "not JSON"),
        ('{"findings": {}}', "'[' is missing"),
    ],
)
def test_what_is_no_report_is_refused_in_a_sentence(text: str, why: str) -> None:
    with pytest.raises(ContentError) as refused:
        read(text)
    assert why in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 200


def test_a_report_that_was_not_written_to_its_end_is_refused() -> None:
    whole = RICH.rstrip()
    for end in {*range(1, len(whole), 499), *range(len(whole) - 60, len(whole))}:
        with pytest.raises(ContentError):
            read(whole[:end])


@pytest.mark.parametrize("version", [DOCUMENT["schema_version"], "1.99"])
def test_a_report_of_this_version_without_a_member_is_refused(version: str) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    carried = schema["properties"]["carried"]["required"]
    for name in schema["required"]:
        document = {**DOCUMENT, "schema_version": version}
        del document[name]
        with pytest.raises(ContentError, match=name if name != "carried" else carried[0]):
            read(json.dumps(document))
    for name in carried:
        left = {key: part for key, part in DOCUMENT["carried"].items() if key != name}
        with pytest.raises(ContentError, match=name):
            read(json.dumps({**DOCUMENT, "schema_version": version, "carried": left}))


def test_a_report_without_one_of_its_findings_is_refused() -> None:
    lines = RICH.splitlines()
    at = next(number for number, line in enumerate(lines) if '"outcome": "failed"' in line)
    with pytest.raises(ContentError, match="changed or cut: it counts"):
        read("\n".join([*lines[:at], *lines[at + 1 :]]))


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("coverage", "known", 10**400),
        ("coverage", "known", DOCUMENT["coverage"]["asked"] + 1),
        ("traffic", "seconds", 10**400),
        ("traffic", "spared", 2**53 + 1),
        ("", "started", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_a_number_or_a_moment_that_cannot_be_is_refused(part: str, name: str, value: Any) -> None:
    document = copy.deepcopy(DOCUMENT)
    (document[part] if part else document)[name] = value
    with pytest.raises(ContentError):
        read(json.dumps(document))


@pytest.mark.parametrize("name", ["code", "slug"])
@pytest.mark.parametrize("value", ["GHA101\n::error::x", "<b>", "", "`x`", "gha101\n"])
def test_what_no_check_is_called_names_none(name: str, value: str) -> None:
    document = copy.deepcopy(DOCUMENT)
    found = next(one for one in document["findings"] if one["outcome"] == "failed")
    found[name] = value
    with pytest.raises(ContentError, match="the name of a check"):
        read(json.dumps(document))


def test_a_text_is_of_a_check_alone() -> None:
    document = copy.deepcopy(DOCUMENT)
    document["checks"]["X\n::error::x"] = next(iter(document["checks"].values()))
    with pytest.raises(ContentError, match="what is not a check"):
        read(json.dumps(document))


def test_a_failure_that_was_made_a_pass_is_refused() -> None:
    with pytest.raises(ContentError, match="changed or cut"):
        read(RICH.replace('"outcome": "failed"', '"outcome": "passed"', 1))


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


PLACES = list(places(DOCUMENT))
WRONG: tuple[Any, ...] = (None, 5, -1, 1.5, True, "x", "", [], [5], {}, {"x": 1}, "\ud800", [[[]]])


@pytest.mark.second_tier("takes over half a second")
@given(path=st.sampled_from(PLACES), value=st.sampled_from(WRONG))
@settings(max_examples=80)
def test_whatever_stands_in_a_place_it_is_read_or_refused(
    path: tuple[Any, ...], value: Any
) -> None:
    document = copy.deepcopy(DOCUMENT)
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    try:
        report = read(json.dumps(document))
    except ContentError:
        return
    assert render(report, "json")


@pytest.mark.parametrize(
    "laid_out",
    [
        lambda: json.dumps(DOCUMENT, indent=2),
        lambda: json.dumps(DOCUMENT, separators=(",", ":"), ensure_ascii=False),
        lambda: json.dumps(DOCUMENT, sort_keys=True),
        lambda: RICH.replace("\n", "\r\n"),
    ],
    ids=["indented", "in one line", "sorted", "with carriage returns"],
)
def test_any_layout_will_do(laid_out: Callable[[], str]) -> None:
    assert json.loads(render(read(laid_out()), "json")) == DOCUMENT


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_a_file_may_be_in_the_encodings_of_json(encoding: str) -> None:
    assert render(load(io.BytesIO(RICH.encode(encoding))), "json") == RICH


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x80abc", b"\x00" * 100, b"{\xff}", b"\xef"])
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    with pytest.raises(ContentError):
        load(io.BytesIO(data))


def test_a_pipe_is_read_as_it_comes() -> None:
    reads, writes = os.pipe()

    def write() -> None:
        with os.fdopen(writes, "wb") as file:
            data = RICH.encode()
            for start in range(0, len(data), 1000):
                file.write(data[start : start + 1000])
                file.flush()

    writer = threading.Thread(target=write)
    writer.start()
    with os.fdopen(reads, "rb") as file:
        assert render(load(file), "json") == RICH
    writer.join()


def test_a_step_that_is_not_there_is_refused() -> None:
    document = copy.deepcopy(DOCUMENT)
    document["steps"] = []
    with pytest.raises(ContentError, match=r"finding \d+: it does not hold the step step-1"):
        read(json.dumps(document))


def test_a_redacted_report_stays_one() -> None:
    said = "Redacted for sharing: x"
    report = replace(rich(), redacted=said)
    assert read(render(report, "json")).redacted == said
