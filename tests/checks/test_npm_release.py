"""What is said of a release, and what to do first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hardenme.engine.catalogue import checks_of
from hardenme.facts.github.release_tags import ReleaseTag
from hardenme.facts.npm.release import LatestTag, Release, ReleaseBurst, ReleaseDependencies
from hardenme.facts.npm.site import REGISTRY
from hardenme.model.check import Check
from hardenme.model.given import Now, SafeVersions
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme_checks.npm.release_content import (
    release_content_expected,
    release_dependency_aged,
)
from hardenme_checks.npm.release_place import dist_tag_forward, release_tag_exists
from tests.factories.given import MISSING, NONE_SAFE, NOW, TEAM

CONTENT, RHYTHM, TRUST = (
    checks_of(f"hardenme_checks.npm.release_{about}") for about in ("content", "rhythm", "trust")
)
NAME = "@hazel-grove/catkin"
PACKAGE = Subject("npm", "package", NAME)
OBSERVED: dict[str, Any] = {
    "subject": Subject("npm", "package", f"{NAME}@1.4.1"),
    "within": PACKAGE,
    "registry": REGISTRY,
    "package": NAME,
    "version": "1.4.1",
    "published_at": NOW.time - timedelta(minutes=4),
    "tags": ("latest", "stable"),
    "first": False,
    "trust": 3,
    "publisher": "hazel",
    "approver": "rowan",
    "provenance": True,
}
FINE: dict[type, dict[str, Any]] = {
    Release: {
        "trust_before": 3,
        "path": "3 hazel",
        "maintains": True,
        "published_before": True,
        "away_days": 0,
        "scripts_changed": (),
        "addresses_added": (),
        "maintainers_added": (),
        "addresses_changed": (),
        "silent_days": 40,
        "compared": 9,
        "size": 100,
        "usual_size": 100,
        "files": 4,
        "usual_files": 4,
        "outside": (),
    },
    ReleaseDependencies: {"patch": True, "added": ("wick",), "young": ()},
    ReleaseBurst: {
        "packages": 1,
        "usual_packages": False,
        "versions": 1,
        "usual_versions": False,
        "same_minutes": ("@hazel-grove/catkin",),
        "same_hour": ("1.4.1",),
        "installable": ("1.4.1",),
    },
}
SAFE = SafeVersions(
    lambda package, _tag, version: "1.4.0" * (package == PACKAGE and version > "1.4")
)
ON_A_RELEASE = (*TRUST, *CONTENT, *RHYTHM)


def observed(kind: type, **overrides: Any) -> Any:
    return kind(**OBSERVED | FINE[kind] | overrides)


def said(check: Check, now: Now = NOW, safe: SafeVersions = SAFE, **overrides: Any) -> Any:
    given: dict[str, Any] = {"now": now, "limits": TEAM, "safe": safe}
    rest = {item.name: given[item.name] for item in check.parameters[1:]}
    return check(observed(check.subject_fact, **overrides), **rest)


@pytest.mark.parametrize("check", ON_A_RELEASE, ids=lambda check: check.code)
def test_an_ordinary_release_passes_and_a_first_one_is_held_against_nothing(check: Check) -> None:
    assert isinstance(said(check), Passed)
    assert isinstance(said(check, first=True), NotApplicable)
    with pytest.raises(NotKnownError):
        said(check, first=MISSING)


WRONG: list[tuple[str, dict[str, Any], str]] = [
    (
        "REL101",
        {"trust": 0},
        "nothing shows that a workflow run made it: it was published without provenance",
    ),
    ("REL101", {"trust": 1}, "1.4.1: it was published with provenance; releases before it"),
    ("REL102", {"maintains": False}, "hazel published it, and was not a maintainer then"),
    (
        "REL102",
        {"published_before": False},
        "hazel had not published this package in this way before",
    ),
    ("REL102", {"away_days": 366}, "hazel had published nothing of it for 366 days"),
    ("REL103", {"young": ("wick",)}, "adds wick, first published less than 7 days before"),
    ("REL104", {"scripts_changed": ("install",)}, "its install script is new or changed"),
    ("REL107", {"packages": 3}, "one publisher published 3 packages within ten minutes"),
    ("REL107", {"versions": 5}, "5 versions published within an hour"),
    ("REL108", {"silent_days": 366}, "nothing was published for 366 days"),
    ("REL109", {"maintainers_added": ("x", "y")}, "x, y became a maintainer"),
    ("REL109", {"addresses_changed": ("x",)}, "the address of x changed"),
    ("REL110", {"addresses_added": ("x git://y",)}, "from a new URL: x git://y"),
    ("REL111", {"outside": ("unpackedSize",), "size": 999}, "it has 4 files and 999 bytes"),
]


@pytest.mark.parametrize(("code", "change", "message"), WRONG)
def test_what_stands_out_fails_with_what_to_do_first(
    code: str, change: dict[str, Any], message: str
) -> None:
    check = next(check for check in ON_A_RELEASE if check.code == code)
    verdict = said(check, **change)
    assert isinstance(verdict, Failed)
    assert verdict.message.startswith("1.4.1: ")
    assert message in verdict.message
    assert verdict.message.endswith("; seen 4 minutes after the release")
    assert verdict.seen["version"] == "1.4.1"
    assert verdict.fix.page == f"https://www.npmjs.com/package/{NAME}/v/1.4.1"
    assert verdict.fix.command == (
        f"npm dist-tag add {NAME}@1.4.0 latest\nnpm dist-tag add {NAME}@1.4.0 stable\nnpm"
        f" deprecate {NAME}@1.4.1 'Do not install: under investigation'"
    )
    assert "at once move latest to 1.4.0 and stable to 1.4.0, deprecate it," in verdict.fix.step
    for name in change:
        with pytest.raises(NotKnownError):
            said(check, **change | {name: MISSING})


def test_a_tag_without_a_safe_version_stays_and_the_step_says_so() -> None:
    some = SafeVersions(lambda _package, tag, _version: "1.4.0" if tag == "stable" else "")
    fix = said(TRUST[0], safe=some, trust=0).fix
    assert fix.command.startswith(f"npm dist-tag add {NAME}@1.4.0 stable\nnpm deprecate ")
    assert "latest" not in fix.command
    assert fix.step.endswith("No version is known to be safe to move latest to.")
    none = said(TRUST[0], safe=NONE_SAFE, trust=0).fix
    assert none.command.startswith(f"npm deprecate {NAME}@1.4.1 ")
    assert none.step.endswith("No version is known to be safe to move latest and stable to.")
    untagged = said(TRUST[0], trust=0, tags=()).fix
    assert untagged.command.startswith(f"npm deprecate {NAME}@1.4.1 ")
    assert "move" not in untagged.step


def test_each_version_of_a_burst_is_deprecated_and_comes_back() -> None:
    five = tuple(f"1.4.{number}" for number in range(1, 6))
    there = five[:4]
    failed = said(RHYTHM[0], versions=5, same_hour=five, installable=there)
    fix = failed.fix
    assert "5 versions published within an hour" in failed.message
    for one in there:
        assert f"npm deprecate {NAME}@{one} 'Do not install: under investigation'" in fix.command
        assert f"`npm deprecate {NAME}@{one} ''`" in fix.undo
    # What was removed cannot be installed, and no command is about it.
    assert five[4] not in fix.command + fix.undo
    assert "intended these 4 versions, at once" in fix.step
    assert "deprecate each of them," in fix.step


def test_what_is_usual_is_no_burst() -> None:
    assert isinstance(said(RHYTHM[0], packages=9, usual_packages=True), Passed)
    assert isinstance(said(RHYTHM[0], versions=9, usual_versions=True), Passed)
    with pytest.raises(NotKnownError):
        said(RHYTHM[0], packages=9, usual_packages=MISSING)


def test_a_new_dependency_of_a_release_that_is_no_patch() -> None:
    assert isinstance(said(release_dependency_aged, patch=False, young=MISSING), Passed)
    assert isinstance(said(release_dependency_aged, added=(), young=()), Passed)


def test_too_few_releases_to_tell_a_size() -> None:
    assert isinstance(said(release_content_expected, compared=0), NotApplicable)


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (timedelta(minutes=-3), "0 minutes"),
        (timedelta(seconds=61), "1 minute"),
        (timedelta(minutes=119), "119 minutes"),
        (timedelta(hours=2), "2 hours"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(hours=49), "2 days"),
    ],
)
def test_how_long_after_the_release_it_was_seen(age: timedelta, text: str) -> None:
    verdict = said(TRUST[0], trust=0, published_at=NOW.time - age)
    assert verdict.message.endswith(f"; seen {text} after the release")


def release_tag(**overrides: Any) -> ReleaseTag:
    given: dict[str, Any] = {
        "subject": OBSERVED["subject"],
        "within": PACKAGE,
        "web": "https://github.com",
        "repository": "hazel/catkin",
        "tag": "v1.4.1",
        "forms": ("v1.4.1", "1.4.1"),
    }
    return ReleaseTag(**given | overrides)


def test_a_tag() -> None:
    release = observed(Release)
    assert isinstance(release_tag_exists(release, release_tag(), NOW, SAFE), Passed)
    elsewhere = release_tag(repository="", tag="", forms=())
    assert isinstance(release_tag_exists(release, elsewhere, NOW, SAFE), NotApplicable)
    verdict = release_tag_exists(release, release_tag(tag=""), NOW, SAFE)
    assert isinstance(verdict, Failed)
    assert "hazel/catkin has no tag for it" in verdict.message
    assert verdict.seen["looked for"] == ["v1.4.1", "1.4.1"]
    with pytest.raises(NotKnownError):
        release_tag_exists(release, release_tag(tag=MISSING), NOW, SAFE)


def latest_tag(**overrides: Any) -> LatestTag:
    given: dict[str, Any] = {
        "subject": Subject("npm", "package", f"{NAME}@latest"),
        "within": PACKAGE,
        "package": NAME,
        "version": "1.4.1",
        "published_at": NOW.time - timedelta(minutes=4),
        "stable": True,
        "ahead": "",
    }
    return LatestTag(**given | overrides)


def pointing_to(number: str) -> SafeVersions:
    return SafeVersions(lambda _package, _tag, _version: number)


def test_latest() -> None:
    assert isinstance(dist_tag_forward(latest_tag(), NOW, NONE_SAFE), Passed)
    behind = dist_tag_forward(latest_tag(ahead="2.0.0"), NOW, pointing_to("2.0.0"))
    assert isinstance(behind, Failed)
    assert "latest points to 1.4.1, behind 2.0.0; seen 4 minutes" in behind.message
    assert behind.fix.command == f"npm dist-tag add {NAME}@2.0.0 latest"
    assert behind.fix.step.endswith("Then move latest to 2.0.0.")
    early = dist_tag_forward(latest_tag(stable=False), NOW, pointing_to("1.3.0"))
    assert isinstance(early, Failed)
    assert "a prerelease" in early.message
    assert early.fix.command == f"npm dist-tag add {NAME}@1.3.0 latest"
    with pytest.raises(NotKnownError):
        dist_tag_forward(latest_tag(ahead=MISSING), NOW, NONE_SAFE)


@pytest.mark.parametrize("found", ["", "1.4.0", "1.4.1-rc.1"])
def test_latest_is_not_moved_where_nothing_safe_is_above_it(found: str) -> None:
    verdict = dist_tag_forward(latest_tag(ahead="2.0.0"), NOW, pointing_to(found))
    assert isinstance(verdict, Failed)
    assert verdict.fix.command == ""
    assert verdict.fix.step.endswith("No version is known to be safe to move latest to.")


ASKED = ("REL101", "REL102", "REL105", "REL108")
"""The checks whose first step is to ask someone."""


@pytest.mark.parametrize(
    ("how", "says", "secured"),
    [
        (
            {"trust": 0},
            "npm shows that hazel published it at {at}, by hand or with a token. It does not",
            "Secure the account hazel, even if it is your own: check its email address.",
        ),
        ({"trust": 1}, "npm shows that hazel published it at {at}: {run}.", "If an account did: "),
        (
            {"trust": 2, "publisher": "GitHub Actions"},
            "npm shows that GitHub Actions published it at {at}, as a trusted publisher: {run}.",
            "Revoke the trusted publisher until the run is explained.",
        ),
        (
            {"trust": 2, "publisher": "GitHub Actions", "provenance": False},
            "as a trusted publisher: no provenance names the run: look for it at that time",
            "Revoke the trusted publisher until the run is explained.",
        ),
        (
            {"trust": 3, "publisher": "GitHub Actions"},
            "npm shows that GitHub Actions staged it, and rowan approved it at {at}.",
            "If an account did: ",
        ),
        (
            {"trust": MISSING, "provenance": MISSING, "approver": MISSING},
            "npm shows that hazel published it at {at}. If it has provenance, {run}.",
            "If an account did: ",
        ),
        (
            {"trust": MISSING, "publisher": MISSING},
            "Who published it at {at} is not known here: `npm view {name}@1.4.1 _npmUser`",
            "If an account did: ",
        ),
    ],
)
@pytest.mark.parametrize(
    ("code", "change"), [("REL104", "scripts_changed"), ("REL107", "versions")]
)
def test_who_published_it_is_said_as_far_as_npm_shows_it(
    code: str, change: str, how: dict[str, Any], says: str, secured: str
) -> None:
    check = next(check for check in ON_A_RELEASE if check.code == code)
    found = said(check, **{change: 5 if change == "versions" else ("install",)}, **how)
    assert isinstance(found, Failed)
    at = f"{OBSERVED['published_at']:%Y-%m-%d %H:%M} UTC"
    run = 'the page of the version names the run and its commit under "Provenance"'
    assert says.format(at=at, run=run, name=NAME) in found.fix.step
    assert secured in found.fix.step


@pytest.mark.parametrize("code", [code for code in ASKED if code != "REL105"])
@pytest.mark.parametrize(
    ("how", "asks"),
    [
        ({"trust": 2}, "Find the run that published it, and ask who pushed its commit over"),
        ({"trust": 3, "trust_before": 4}, "Ask rowan over a channel that you already had"),
        ({"trust": 0}, "Ask hazel over a channel that you already had"),
        ({"trust": 0, "published_before": False}, "Do not ask hazel"),
        ({"trust": 0, "maintains": MISSING}, "Do not ask hazel"),
        ({"trust": 0, "publisher": MISSING}, "Ask who published it over a channel"),
    ],
)
def test_every_step_that_asks_asks_the_same(code: str, how: dict[str, Any], asks: str) -> None:
    check = next(check for check in ON_A_RELEASE if check.code == code)
    if code == "REL102" and MISSING in how.values():
        return
    odd = {"silent_days": 400, "away_days": 400}
    found = said(check, **{"trust_before": 4, **odd, **how})
    assert isinstance(found, Failed)
    assert asks in found.fix.step
