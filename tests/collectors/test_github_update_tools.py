from __future__ import annotations

import pytest

from hardenme.collectors.github.update_tools import (
    dependabot_wait,
    renovate_wait,
)
from hardenme.ground.errors import ContentError

COOL = "cooldown:\n      default-days: 7"


def dependabot(*updates: str) -> str:
    return "version: 2\nupdates:\n" + "".join(
        f"  - package-ecosystem: npm\n    directory: /\n    {update}\n" for update in updates
    )


@pytest.mark.parametrize(
    ("text", "waits"),
    [
        (dependabot(COOL), 7),
        (dependabot(COOL, "cooldown: {default-days: '3'}"), 3),
        (
            dependabot(
                "cooldown: {semver-major-days: 9, semver-minor-days: 7, semver-patch-days: 3}"
            ),
            3,
        ),
        (dependabot(COOL, "open-pull-requests-limit: 0"), 7),
        (dependabot("cooldown: {default-days: 7, include: ['*']}"), 7),
        (dependabot("labels: []"), 3),
        (dependabot(COOL, "labels: []"), 3),
        (dependabot("open-pull-requests-limit: 0"), 3),
        (dependabot("cooldown: {default-days: 1}"), 1),
        (dependabot(COOL, "cooldown: {default-days: 1}"), 1),
        (dependabot("cooldown: {default-days: 7, semver-patch-days: 0}"), 0),
        (dependabot("cooldown: {default-days: 1, semver-major-days: 30}"), 1),
        (dependabot("cooldown: {default-days: 0}"), 0),
        (dependabot("cooldown: {default-days: soon}"), 0),
        (dependabot("cooldown: {semver-major-days: 9}"), 0),
        (dependabot("cooldown: {default-days: 7, include: [left-pad]}"), 0),
        (dependabot("cooldown: {default-days: 7, exclude: ['*']}"), 0),
        (dependabot("cooldown: 7"), 0),
        (dependabot("cooldown:"), 0),
        ("version: 2\nupdates: []\n", None),
    ],
)
def test_dependabot(text: str, *, waits: int | None) -> None:
    found = dependabot_wait(text)
    assert (found and found.days) == waits


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a",
        "updates: {}",
        "updates: [a]",
        "version: 2",
        "a: [",
        "a: &a [*a]",
        "a\n---\nb",
        "42",
    ],
)
def test_settings_of_dependabot_that_are_not_understood(text: str) -> None:
    with pytest.raises(ContentError):
        dependabot_wait(text)


@pytest.mark.parametrize(
    ("text", "waits"),
    [
        ('{"minimumReleaseAge": "3 days"}', 3),
        ('{"stabilityDays": 3}', 3),
        ('{"extends": ["config:best-practices"]}', 3),
        ('{"extends": [":a(b)", "security:minimumReleaseAgeNpm"]}', 3),
        ('{"extends": ["local>x/y"], "minimumReleaseAge": "3 days"}', 3),
        ('{"packageRules": [{"matchDatasources": ["npm"], "minimumReleaseAge": "1 week"}]}', 7),
        ('{"npm": {"minimumReleaseAge": "5 days"}}', 5),
        (
            (
                '{"minimumReleaseAge": "3 days", "packageRules":'
                ' [{"matchPackageNames": ["@hazel/catkin"], "minimumReleaseAge": null}]}'
            ),
            3,
        ),
        ('{"minimumReleaseAge": "1 day"}', 1),
        ('{"minimumReleaseAge": "36 hours"}', 1),
        ('{"minimumReleaseAge": "2h"}', 0),
        ('{"minimumReleaseAge": "2 weeks", "extends": ["config:best-practices"]}', 14),
        ('{"minimumReleaseAge": "soon"}', 0),
        ("{}", 0),
        ('{"extends": ["config:recommended", ":semanticCommits", "group:all"]}', 0),
        ('{"minimumReleaseAge": "0 days"}', 0),
        ('{"minimumReleaseAge": null}', 0),
        ('{"minimumReleaseAge": 3}', 0),
        ('{"extends": "config:best-practices"}', 0),
        ('{"enabled": false, "minimumReleaseAge": "3 days"}', None),
    ],
)
def test_renovate(text: str, *, waits: int | None) -> None:
    found = renovate_wait(text)
    assert (found and found.days) == waits


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{a: 1}",
        '{"a": 1} // why',
        "[" * 100_000,
        '{"extends": ["github>hazel/renovate"]}',
        '{"extends": ["local>hazel/renovate:strict"]}',
        '{"extends": ["hazel"]}',
        '{"extends": [7]}',
        '{"packageRules": [{"extends": ["github>hazel/renovate"]}]}',
        '{"extends": ["config:best-practices"], "packageRules": [{"minimumReleaseAge": null}]}',
        (
            '{"minimumReleaseAge": "3 days", "packageRules":'
            ' [{"matchPackageNames": ["*"], "minimumReleaseAge": "0 days"}]}'
        ),
        (
            '{"minimumReleaseAge": "3 days", "packageRules":'
            ' [{"matchPackageNames": ["!react"], "minimumReleaseAge": "0 days"}]}'
        ),
    ],
)
def test_settings_of_renovate_that_are_not_understood(text: str) -> None:
    with pytest.raises(ContentError):
        renovate_wait(text)
