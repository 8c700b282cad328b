"""What actions do with a text, with caches and with files: what is not listed is not known."""

from __future__ import annotations

import pytest

from hardenme.model.unknown import Unknown
from hardenme.workflows import known
from hardenme.workflows.harmless_actions import DATA_INPUTS, RESTORES_NO_CACHE
from tests.workflows.said import fields, jobs

TITLE = "${{ github.event.issue.title }}"
RAN = sorted(set(known.SCRIPTS) - {"actions/github-script"})
UNLISTED = (
    *("appleboy/ssh-action", "some/thing", "actions/ai-inference", "github/some-action"),
    *("docker/setup-buildx-action", "docker/login-action", "docker://alpine:3"),
)


def judged(uses: str, inputs: str = "", env: str = "") -> str:
    """What is said of a step that uses an action after an issue was opened."""
    keys = f"        with: {{{inputs}}}\n" if inputs else ""
    keys += f"        env: {{{env}}}\n" if env else ""
    found = fields(
        f"on: issues\njobs:\n  one:\n    runs-on: x\n    steps:\n      - uses: {uses}\n{keys}"
    )
    if found["injections"]:
        return "failed"
    return "unknown" if isinstance(found["unfollowed_text"], Unknown) else "passed"


@pytest.mark.parametrize("action", [*RAN, *UNLISTED])
@pytest.mark.parametrize("name", ["host", "args", "envs", "with-text", "registry-url", "options"])
def test_text_for_an_input_that_is_not_listed(action: str, name: str) -> None:
    assert judged(f"{action}@v1", f'{name}: "{TITLE}"') == "unknown"
    assert judged(f"{action}@v1", f'{name}: "a-{TITLE}-b"') == "unknown"
    assert judged(f"{action}@v1", f'{name}: "a value"') == "passed"


@pytest.mark.parametrize("action", sorted({*RAN, *UNLISTED} - {"nick-fields/retry"}))
def test_text_for_a_variable_of_an_action(action: str) -> None:
    own = action == "reactivecircus/android-emulator-runner"
    script = known.SCRIPTS.get(action, "x")
    given = judged(f"{action}@v1", f"{script}: 'echo $T', envs: T", f'T: "{TITLE}"')
    assert given == ("passed" if own else "unknown")


@pytest.mark.parametrize("action", RAN)
def test_text_in_the_script_of_an_action_fails(action: str) -> None:
    assert judged(f"{action}@v1", f'{known.SCRIPTS[action]}: "{TITLE}"') == "failed"


@pytest.mark.parametrize(
    ("action", "name"),
    [
        ("actions/labeler", "repo-token"),
        ("peter-evans/create-or-update-comment", "body"),
        ("marocchino/sticky-pull-request-comment", "message"),
        ("actions/cache", "key"),
        ("actions/setup-python", "python-version"),
        ("slackapi/slack-github-action", "payload"),
    ],
)
def test_text_for_an_input_that_is_data(action: str, name: str) -> None:
    assert judged(f"{action}@v1", f'{name}: "{TITLE}"') == "passed"


@pytest.mark.parametrize(
    ("action", "name"),
    [
        ("actions/setup-node", "registry-url"),
        ("actions/setup-go", "go-download-base-url"),
        ("actions/setup-java", "jdkFile"),
        ("actions/cache", "path"),
        ("actions/checkout", "path"),
        ("actions/download-artifact", "path"),
        ("docker/metadata-action", "context"),
        ("github/codeql-action/init", "queries"),
    ],
)
def test_another_input_of_a_listed_action(action: str, name: str) -> None:
    assert judged(f"{action}@v1", f'{name}: "{TITLE}"') == "unknown"


def of_release(uses: str, extra: str = "") -> str:
    """What is said of caches of a release that uses an action."""
    found = fields(
        "on: {release: {types: [published]}}\njobs:\n  one:\n    runs-on: x\n    steps:\n"
        f"      - uses: {uses}\n{extra}      - run: npm publish\n"
    )
    (job,) = found["jobs"]
    if job.caches:
        return "failed"
    return "unknown" if isinstance(found["unfollowed_caches"], Unknown) else "passed"


@pytest.mark.parametrize(
    "action",
    ["some/restore-thing", "some/setup", "actions/unheard-of", "docker/bake-action", "docker://a"],
)
def test_an_action_that_may_restore_a_cache(action: str) -> None:
    assert of_release(f"{action}@v1") == "unknown"


@pytest.mark.parametrize("action", sorted(RESTORES_NO_CACHE))
def test_an_action_that_restores_none(action: str) -> None:
    assert of_release(f"{action}@v1") == "passed"


@pytest.mark.parametrize(
    ("action", "off"),
    [
        ("prefix-dev/setup-pixi", "cache: false"),
        ("docker/setup-buildx-action", "cache-binary: false"),
        ("hynek/setup-cached-uv", "use-cache-if: false"),
    ],
)
def test_a_cache_that_is_turned_off(action: str, off: str) -> None:
    assert of_release(f"{action}@v1") == "failed"
    assert of_release(f"{action}@v1", f"        with: {{{off}}}\n") == "passed"


@pytest.mark.parametrize("on", ["pull_request_target", "{workflow_run: {workflows: [CI]}}", "fork"])
@pytest.mark.parametrize("then", ["npm ci", "bash x.sh", "./build", "python -m x", "sometool"])
def test_an_action_that_may_have_brought_files_which_then_run(on: str, then: str) -> None:
    text = "on: {}\njobs:\n  one:\n    runs-on: x\n    steps:\n      - uses: {}\n      - run: {}\n"
    for action in ("some/restore-thing@v1", "some/pr-fetcher@v1", "docker://a"):
        (job,) = jobs(text.format(on, action, then))
        assert job.doubts
        (job,) = jobs(text.format(on, action, "echo done"))
        assert not job.doubts
    for action in ("actions/labeler@v1", "actions/cache@v4", "codecov/codecov-action@v5"):
        (job,) = jobs(text.format(on, action, then))
        assert not job.doubts


def test_each_list_has_a_reason_and_they_do_not_contradict() -> None:
    assert all(RESTORES_NO_CACHE.values())
    assert not set(RESTORES_NO_CACHE) & set(known.CACHES)
    for action, inputs in DATA_INPUTS.items():
        script = known.SCRIPTS.get(action)
        assert script is None or script in inputs
