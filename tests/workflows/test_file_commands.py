"""Commands that run files of an artifact, and those that only read or unpack it."""

from __future__ import annotations

import json

import pytest

from hardenme.model.unknown import Unknown
from hardenme.workflows.file_commands import FORMS, HARMLESS
from hardenme.workflows.running import RUNS
from tests.workflows.said import fields

DOWNLOAD = "gh run download 1 --dir out"
RUN = (
    "awk -f out/x.awk f",
    "sed -f out/x.sed f",
    "gcloud builds submit out",
    "brew bundle --file out/Brewfile",
    "sudo apt-get install ./out/x.deb",
    "tar xf out/x.tar --to-command='sh'",
    "gh extension install out",
    'echo "$PWD/out/bin" >> $GITHUB_PATH',
    'echo out/bin >> "$GITHUB_PATH"',
    "export PATH=$PWD/out:$PATH; ls",
    "unzip out/a.zip; npm ci",
    "cd out && unzip a.zip -d .. && cd .. && npm ci",
    "tar xzf out/a.tgz; make",
    "7z x out/a.7z; make",
    "bsdtar -xf out/a.tar; make",
    "python -m zipfile -e out/a.zip .; make",
    "cp -r out/. .; make",
    "rsync -a out/ ./; make",
    "mv out/* .; npm test",
    "cp -t . out/x; make",
    'for f in out/*.zip; do unzip "$f"; done; npm ci',
    "cat out/x.tar | tar x; make",
    "find out -name '*.sh' -exec sh {} \\;",
    'NODE_OPTIONS="--require ./out/x.js" node own.js',
    "source out/env",
    ". out/env",
    "xargs -a out/list sh",
)
"""What runs a file of the artifact in the folder `out`."""
HARMLESS_FORMS = (
    "cat out/number",
    "jq . out/x.json",
    "gh pr comment 1 --body-file out/body.md",
    "npm ci",
    "awk '{print $1}' out/x",
    "sed 's/a/b/' out/x",
    "tar czf y.tgz out",
    "apt-get install -y jq",
    "unzip out/a.zip -d out2 && cat out2/x",
    "brew install jq; cat out/x",
)
"""What runs none of its files."""
HANDLED = ("sometool x out", "unar out/x.zip", "cpio -id < out/x.cpio", "cd out && sometool")
"""Commands that are not known, which may put it anywhere."""


def judged(*scripts: str, settings: str = "") -> str:
    """What is said of a job that runs these scripts after a run that outsiders may have started."""
    steps = "".join(f"      - run: {json.dumps(script)}\n{settings}" for script in scripts)
    found = fields(
        "on: {workflow_run: {workflows: [CI], types: [completed]}}\n"
        "jobs:\n  one:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n" + steps
    )
    (job,) = found["jobs"]
    if job.fetches:
        return "failed"
    return "unknown" if isinstance(found["unfollowed_code"], Unknown) else "passed"


@pytest.mark.parametrize("script", RUN)
def test_a_file_of_an_artifact_is_run(script: str) -> None:
    assert judged(DOWNLOAD, script) == "failed"


@pytest.mark.parametrize("script", HARMLESS_FORMS)
def test_an_artifact_is_only_read(script: str) -> None:
    assert judged(DOWNLOAD, script) == "passed"


@pytest.mark.parametrize("script", HANDLED)
def test_an_artifact_that_a_command_may_have_put_anywhere(script: str) -> None:
    assert judged(DOWNLOAD, script, "npm ci") == "unknown"


def test_settings_of_git_that_came_with_an_artifact() -> None:
    assert judged("gh run download 1", "git status") == "unknown"
    assert judged(DOWNLOAD, "git -C out status") == "unknown"
    assert judged(DOWNLOAD, "git status") == "passed"


def test_an_archive_is_unpacked_from_within_the_folder() -> None:
    inside = "        working-directory: out\n"
    steps = judged(DOWNLOAD, "tar xf x.tar -C ..", settings=inside)
    assert steps == "passed"
    assert judged(DOWNLOAD, "cd out && tar xf x.tar -C ..", "npm ci") == "failed"


def test_each_program_has_one_rule_and_its_reason() -> None:
    assert all(HARMLESS.values())
    assert not set(HARMLESS) & set(FORMS)
    assert not (set(HARMLESS) | set(FORMS)) & RUNS
