"""Logs of jobs: what names a version or commit is a witness, and nothing else is."""

from __future__ import annotations

import pytest

from hardenme.exposure.asked import asked
from hardenme.exposure.logs import log_signs
from hardenme.model.exposure import ExposureGrade, ExposureSign

CONFIRMED, POSSIBLE = ExposureGrade.CONFIRMED, ExposureGrade.POSSIBLE
SHA, OTHER = "0e58ed8671d6b60d0890c21b07f8835ace038e67", "b" * 40
CHANGED = "tj-actions/changed-files"
PINNED, TAGGED = f"{CHANGED}@{SHA}", f"{CHANGED}@v45"
DOWNLOADED = f"Download action repository '{TAGGED}' (SHA:{SHA})"
END = "Complete job name: build"


def log(*lines: str) -> str:
    """A log as GitHub stores it."""
    return "\ufeff" + "".join(f"2026-11-20T01:21:07.1234567Z {line}\n" for line in lines)


def signs(text: str, *things: str) -> list[ExposureSign]:
    return log_signs(text, [asked(one) for one in things], 7)


def grades(text: str, *things: str) -> list[ExposureGrade]:
    return [one.grade for one in signs(text, *things)]


SET_UP = (
    "Current runner version: '2.330.0'",
    "##[group]GITHUB_TOKEN Permissions",
    "Contents: read",
    "##[endgroup]",
    "Secret source: Actions",
    "Prepare workflow directory",
    "Prepare all required actions",
    "Getting action download info",
    f"Download action repository 'actions/checkout@v4' (SHA:{OTHER})",
)


def test_a_commit_that_the_runner_downloaded_is_confirmed() -> None:
    text = log(*SET_UP, DOWNLOADED, END)
    (one,) = signs(text, PINNED, TAGGED)
    assert one.grade is CONFIRMED
    assert one.why == (f"the log of job 7 shows that the runner downloaded {TAGGED} at {SHA}")


def test_an_action_within_another_is_found_too() -> None:
    inner = (END.replace("Complete", "Incomplete"), "Getting action download info")
    path = DOWNLOADED.replace(CHANGED, f"{CHANGED}/sub/folder")
    assert grades(log(*SET_UP, *inner, path, END), PINNED) == [CONFIRMED]


def test_an_immutable_action_is_found_by_its_source() -> None:
    package = (
        f"##[group]Download immutable action package '{TAGGED}'",
        "Version: 45.0.0",
        "Digest: sha256:" + "c" * 64,
        f"Source commit SHA: {SHA}",
        "##[endgroup]",
    )
    assert grades(log(*SET_UP, *package, END), PINNED) == [CONFIRMED]


def test_a_tag_that_led_elsewhere_says_where() -> None:
    text = log(*SET_UP, DOWNLOADED.replace(SHA, OTHER), END)
    (one,) = signs(text, PINNED, TAGGED)
    assert (one.grade, one.why.rpartition(": ")[2]) == (POSSIBLE, "not a commit that you named")
    (one,) = signs(text, TAGGED)
    assert (one.grade, one.why.rpartition(": ")[2]) == (
        POSSIBLE,
        "name that commit if it was bad",
    )
    assert OTHER in one.why


@pytest.mark.parametrize(
    "lines",
    [
        (*SET_UP, END, DOWNLOADED),
        (*SET_UP, DOWNLOADED),
        (*SET_UP, f"x {DOWNLOADED}", END),
        (*SET_UP, DOWNLOADED[:-2], END),
        (*SET_UP, DOWNLOADED.replace(CHANGED, f"evil/{CHANGED}"), END),
        (*SET_UP, DOWNLOADED.replace(CHANGED, "tj-actions/changed-files-2"), END),
        (*SET_UP, f"Source commit SHA: {SHA}", END),
        (END, *SET_UP, DOWNLOADED, END),
    ],
)
def test_a_line_that_is_not_the_runner_s_is_no_witness(lines: tuple[str, ...]) -> None:
    assert grades(log(*lines), PINNED) == []


FETCH = (
    "npm http fetch GET 200 https://registry.example/axios/-/axios-1.14.1.tgz 283ms (cache miss)"
)
YARN = (
    f'verbose 14.3 Copying "/home/runner/.cache/yarn/npm-axios-1.14.1-{SHA}-integrity/'
    'node_modules/axios/package.json" to "/home/runner/web/node_modules/axios/package.json".'
)
BERRY = (
    "\x1b[94m➤\x1b[39m YN0085: │ \x1b[38;5;70m+\x1b[39m \x1b[38;5;173maxios\x1b[39m"
    "\x1b[38;5;111m@\x1b[39m\x1b[38;5;111mnpm:1.14.1\x1b[39m, @acme/bad@npm:3.0.0, and 2 more."
)


@pytest.mark.parametrize(
    "line",
    [
        FETCH,
        FETCH.replace("283ms", "283ms attempt #2"),
        FETCH.replace("registry.example", "mirror.example/api/npm/all"),
        YARN,
        YARN.replace("/", "\\"),
        BERRY,
        "+ axios 1.14.1",
        "+ axios 1.14.1 (1.15.0 is available)",
        "+ axios@1.14.1",
        "installed axios@1.14.1",
        "installed axios@1.14.1 with binaries:",
        "\x1b[32m+\x1b[39m axios \x1b[90m1.14.1\x1b[39m",
    ],
)
def test_a_download_or_an_installed_dependency_is_confirmed(line: str) -> None:
    assert grades(log("added", line), "axios@1.14.1", "chalk@5.6.1") == [CONFIRMED]


@pytest.mark.parametrize(
    "line",
    [
        "+ @acme/bad 3.0.0",
        FETCH.replace("axios/-/axios-1.14.1", "@acme%2fbad/-/bad-3.0.0"),
        YARN.replace("axios-1.14.1", "@acme-bad-3.0.0"),
        BERRY,
    ],
)
def test_a_package_with_a_scope(line: str) -> None:
    assert grades(log(line), "@acme/bad@3.0.0") == [CONFIRMED]
    assert grades(log(line), "bad@3.0.0") == []


@pytest.mark.parametrize(
    "line",
    [
        "added 312 packages in 4s",
        "axios@1.14.1",
        "npm http cache axios@https://registry.example/axios/-/axios-1.14.1.tgz 1ms (cache hit)",
        FETCH.replace("200", "404"),
        FETCH.replace("GET", "HEAD"),
        FETCH.replace("1.14.1", "1.14.10"),
        FETCH.replace("axios/-/", "evil-axios/-/"),
        FETCH.replace("/axios/-/axios-1.14.1.tgz", "/axios-1.14.1.tgz"),
        FETCH.replace("axios/-/", "@evil/axios/-/"),
        YARN.replace("axios-1.14.1", "evil-axios-1.14.1"),
        YARN.replace("axios-1.14.1", "axios-1.14.1-rc"),
        BERRY.replace("+", "-"),
        BERRY.replace("axios", "evil"),
        'verbose 1.2 Performing "GET" request to "https://a.example/axios/-/axios-1.14.1.tgz".',
        '"resolved": "https://registry.example/axios/-/axios-1.14.1.tgz"',
        "+ axios 1.14.10",
        "+ axios-mock 1.14.1",
        "- axios 1.14.1",
        "installed axios@1.14.10",
        "not installed axios@1.14.1",
        '+    "axios": "1.14.1",',
    ],
)
def test_what_only_names_a_version_is_no_witness(line: str) -> None:
    assert grades(log(line), "axios@1.14.1") == []


@pytest.mark.parametrize("text", ["", "\n", "\x00", "no time\n" * 3, "+ axios " + "9" * 400_000])
def test_any_text_is_read(text: str) -> None:
    assert signs(text, "axios@1.14.1", PINNED) == []
