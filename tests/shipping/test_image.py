"""The image: what its Dockerfile may say, and what is collected into it."""

from __future__ import annotations

import re

from tests.shipping.workflows import ROOT, ran

DOCKERFILE = ROOT / "image" / "Dockerfile"
TEXT = DOCKERFILE.read_text().replace("\\\n", " ")
LINES = [line.split(maxsplit=1) for line in TEXT.splitlines() if line and line[0] != "#"]
LAST = LINES[max(at for at, (word, _) in enumerate(LINES) if word == "FROM") :]


def test_hadolint_finds_nothing() -> None:
    done = ran("hadolint", "--failure-threshold=style", DOCKERFILE)
    assert done.returncode == 0, done.stdout


def test_the_last_stage_is_empty_but_for_what_was_collected() -> None:
    assert LAST[0] == ["FROM", "scratch"]
    assert [line for line in LAST if line[0] in {"COPY", "ADD", "RUN"}] == [
        ["COPY", "--from=build /image /"]
    ]


def test_it_runs_as_nobody_in_particular_and_without_a_shell() -> None:
    (user,) = (rest for word, rest in LAST if word == "USER")
    assert re.fullmatch(r"[1-9]\d{4}:[1-9]\d{4}", user)
    for word, rest in LINES:
        if word in {"RUN", "CMD", "ENTRYPOINT"}:
            assert rest.startswith("["), f"{word} {rest} takes a shell"


def test_what_it_is_built_from_is_pinned() -> None:
    bases = [rest for word, rest in LINES if word == "FROM" and rest != "scratch"]
    assert bases
    assert all(re.fullmatch(r"[\w./:-]+@sha256:[0-9a-f]{64} AS \w+", base) for base in bases)
    copied = {rest.split()[0] for word, rest in LINES if word == "COPY" and rest[0] != "-"}
    allowed = set(
        re.findall(
            r"^!([\w./-]+?)(?:/\*\.whl)?$", (ROOT / ".dockerignore").read_text(), re.MULTILINE
        )
    )
    assert copied == allowed


def test_the_workflow_tries_it_on_a_file_system_that_cannot_be_written() -> None:
    release = (ROOT / ".github" / "workflows" / "release.yml").read_text()
    for option in ("--read-only", "--cap-drop ALL", "--network none", "no-new-privileges"):
        assert option in release
