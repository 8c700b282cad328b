"""Actions and workflows of other repositories are read at the commit that a run used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from hardenme.cli.exposed.search import repository_exposure
from hardenme.model.exposure import ExposureGrade
from hardenme.sandbox.github.state.changes import commit_id
from hardenme.sandbox.github.state.repository import Repository
from tests.cli.exposed.search_scene import (
    CHECKOUT,
    INSIDE,
    NAME,
    OLD,
    lock,
    project,
    question,
    run,
    served,
    workflow,
    world,
)
from tests.moment import NOW

CONFIRMED, POSSIBLE, UNKNOWN, NOT_SEEN = ExposureGrade
GOOD = lock(axios="1.14.0")
THERE = commit_id("there")
OTHER = "nettle/setup"
FLOW = f"{OTHER}/.github/workflows/release.yml"
TJ = "tj-actions/changed-files@v45"


def composite(*steps: str) -> bytes:
    listed = "".join(f"    - {step}\n" for step in steps)
    return f"runs:\n  using: composite\n  steps:\n{listed}".encode()


def grade_of(
    thing: str,
    used: str,
    theirs: Mapping[str, bytes],
    called: tuple[tuple[str, str], ...] = (),
    *,
    ci: bytes = b"",
    own: Mapping[str, bytes] | None = None,
) -> ExposureGrade:
    """The grade of a run that uses something of another repository."""
    files = project(GOOD, ci or workflow(CHECKOUT, f"uses: {used}")) | dict(own or {})
    ran = replace(run(2, INSIDE, "a"), called=called)
    there = world([OLD, ran], {"old": project(None), "a": files})
    there.repositories.append(
        Repository("nettle", "setup", 4901, NOW, NOW, trees={THERE: dict(theirs)})
    )
    with served(there) as (_server, github):
        return repository_exposure(question(thing), github, NAME, lambda _text: None).grade


@pytest.mark.parametrize("thing", ["axios@1.14.1", TJ])
def test_an_action_of_another_repository_that_uses_nothing(thing: str) -> None:
    theirs = {"action.yml": composite("{run: echo a, shell: bash}")}
    assert grade_of(thing, f"{OTHER}@{THERE}", theirs) is NOT_SEEN


@pytest.mark.parametrize("ref", ["v1", "main", "0" * 40, THERE[:12]])
def test_an_action_by_a_ref_that_can_have_led_elsewhere_is_unknown(ref: str) -> None:
    theirs = {"action.yml": composite("{run: echo a, shell: bash}")}
    assert grade_of("axios@1.14.1", f"{OTHER}@{ref}", theirs) is UNKNOWN
    assert grade_of(TJ, f"{OTHER}@{ref}", theirs) is UNKNOWN


def test_what_an_action_of_another_repository_installs_is_possible() -> None:
    theirs = {"sub/action.yaml": composite("{run: npx axios, shell: bash}")}
    assert grade_of("axios@1.14.1", f"{OTHER}/sub@{THERE}", theirs) is POSSIBLE


def test_an_action_that_a_pinned_one_uses_by_its_tag_is_possible() -> None:
    theirs = {"action.yml": composite(f"uses: {TJ}")}
    assert grade_of(TJ, f"{OTHER}@{THERE}", theirs) is POSSIBLE


def test_an_action_within_another_is_followed() -> None:
    theirs = {
        "action.yml": composite(f"uses: {OTHER}/inner@{THERE}"),
        "inner/action.yml": composite(f"uses: {TJ}"),
    }
    assert grade_of(TJ, f"{OTHER}@{THERE}", theirs) is POSSIBLE
    theirs["inner/action.yml"] = composite("{run: echo a, shell: bash}")
    assert grade_of(TJ, f"{OTHER}@{THERE}", theirs) is NOT_SEEN


MOVED = "uses: actions/checkout@v4\n        with: {repository: nettle/files}"
OWN = {".github/actions/own/action.yml": composite("{run: echo a, shell: bash}")}


@pytest.mark.parametrize("thing", ["axios@1.14.1", TJ])
@pytest.mark.parametrize(
    ("steps", "theirs"),
    [
        ((MOVED, f"uses: {OTHER}@{THERE}"), ("uses: ./.github/actions/own",)),
        (
            (f"uses: {OTHER}@{THERE}", "uses: ./.github/actions/own"),
            ("uses: actions/checkout@v4\n      with: {ref: other}",),
        ),
        (
            (f"uses: {OTHER}@{THERE}",),
            (
                "uses: actions/checkout@v4\n      with: {repository: nettle/files}",
                "uses: ./.github/actions/own",
            ),
        ),
    ],
    ids=["before it", "by it", "within it"],
)
def test_a_folder_with_another_commit_has_not_the_action_of_the_run(
    thing: str, steps: tuple[str, ...], theirs: tuple[str, ...]
) -> None:
    files = {"action.yml": composite(*theirs)}
    plain = workflow(CHECKOUT, f"uses: {OTHER}@{THERE}", "uses: ./.github/actions/own")
    calm = {"action.yml": composite("uses: ./.github/actions/own")}
    assert grade_of(thing, "", calm, ci=plain, own=OWN) is NOT_SEEN
    assert grade_of(thing, "", files, ci=workflow(CHECKOUT, *steps), own=OWN) is UNKNOWN


@pytest.mark.parametrize(
    ("given", "grade"),
    [
        ("name: out, path: out", NOT_SEEN),
        ("name: out", UNKNOWN),
        ("run-id: 7, path: out", UNKNOWN),
        ("repository: nettle/files, path: out", UNKNOWN),
    ],
)
def test_an_artifact_that_may_bring_other_files_is_unknown(
    given: str, grade: ExposureGrade
) -> None:
    ci = workflow(
        CHECKOUT, f"uses: actions/download-artifact@v4\n        with: {{{given}}}", "run: npm ci"
    )
    assert grade_of("axios@1.14.1", "", {}, ci=ci) is grade


def test_an_action_that_uses_itself_ends() -> None:
    theirs = {"action.yml": composite(f"uses: {OTHER}@{THERE}")}
    assert grade_of(TJ, f"{OTHER}@{THERE}", theirs) in {UNKNOWN, NOT_SEEN}


@pytest.mark.parametrize("using", ["node20", "docker"])
def test_a_program_uses_no_action_and_may_install(using: str) -> None:
    theirs = {"action.yml": f"runs:\n  using: {using}\n  main: a.js\n".encode()}
    assert grade_of(TJ, f"{OTHER}@{THERE}", theirs) is NOT_SEEN
    assert grade_of("axios@1.14.1", f"{OTHER}@{THERE}", theirs) is UNKNOWN


@pytest.mark.parametrize("text", [b"", b"runs: [", b"runs:\n  using: odd\n", b"\xff"])
def test_an_action_that_is_not_understood_is_unknown(text: bytes) -> None:
    assert grade_of(TJ, f"{OTHER}@{THERE}", {"action.yml": text}) is UNKNOWN
    assert grade_of(TJ, f"{OTHER}/other@{THERE}", {"action.yml": text}) is UNKNOWN


CALLS = f"on: push\njobs:\n  a:\n    uses: {FLOW}@v1\n".encode()


@pytest.mark.parametrize(
    ("step", "grade"), [("run: echo a", NOT_SEEN), ("run: npx axios", POSSIBLE)]
)
def test_a_called_workflow_is_read_at_the_commit_of_github_s_record(
    step: str, grade: ExposureGrade
) -> None:
    theirs = {".github/workflows/release.yml": workflow(CHECKOUT, step, on="workflow_call")}
    called = ((f"{FLOW}@v1", THERE),)
    assert grade_of("axios@1.14.1", "", theirs, called, ci=CALLS) is grade


@pytest.mark.parametrize("called", [(), ((f"{FLOW}@v1", "1" * 40),), ((f"{FLOW}@v2", THERE),)])
def test_a_called_workflow_without_a_commit_that_is_there_is_unknown(
    called: tuple[tuple[str, str], ...],
) -> None:
    theirs = {".github/workflows/release.yml": workflow(CHECKOUT, on="workflow_call")}
    assert grade_of("axios@1.14.1", "", theirs, called, ci=CALLS) is UNKNOWN


def test_what_a_called_workflow_calls_in_turn_is_of_its_own_repository() -> None:
    theirs = {
        ".github/workflows/release.yml": (
            b"on: workflow_call\njobs:\n  b:\n    uses: ./.github/workflows/inner.yml\n"
        ),
        ".github/workflows/inner.yml": workflow("run: npx axios", on="workflow_call"),
    }
    called = ((f"{FLOW}@v1", THERE),)
    assert grade_of("axios@1.14.1", "", theirs, called, ci=CALLS) is POSSIBLE


def test_no_more_than_some_commits_of_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hardenme.cli.exposed.search.MOST_OTHERS", 0)
    theirs = {"action.yml": composite("{run: echo a, shell: bash}")}
    assert grade_of("axios@1.14.1", f"{OTHER}@{THERE}", theirs) is UNKNOWN
