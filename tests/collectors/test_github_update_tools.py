from __future__ import annotations

import pytest

from hardenme.collectors.github.update_tools import (
    NotUnderstoodError,
    dependabot_waits,
    renovate_waits,
)

COOL = "cooldown:\n      default-days: 7"


def dependabot(*updates: str) -> str:
    return "version: 2\nupdates:\n" + "".join(
        f"  - package-ecosystem: npm\n    directory: /\n    {update}\n" for update in updates
    )


@pytest.mark.parametrize(
    ("text", "waits"),
    [
        (dependabot(COOL), True),
        (dependabot(COOL, "cooldown: {default-days: '3'}"), True),
        (
            dependabot(
                "cooldown: {semver-major-days: 9, semver-minor-days: 7, semver-patch-days: 3}"
            ),
            True,
        ),
        (dependabot(COOL, "open-pull-requests-limit: 0"), True),
        (dependabot("cooldown: {default-days: 7, include: ['*']}"), True),
        (dependabot("labels: []"), False),
        (dependabot(COOL, "labels: []"), False),
        (dependabot("cooldown: {default-days: 0}"), False),
        (dependabot("cooldown: {default-days: soon}"), False),
        (dependabot("cooldown: {semver-major-days: 9}"), False),
        (dependabot("cooldown: {default-days: 7, include: [left-pad]}"), False),
        (dependabot("cooldown: {default-days: 7, exclude: ['*']}"), False),
        (dependabot("cooldown: 7"), False),
        (dependabot("cooldown:"), False),
        ("version: 2\nupdates: []\n", None),
    ],
)
def test_dependabot(text: str, *, waits: bool | None) -> None:
    assert dependabot_waits(text) is waits


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
    with pytest.raises(NotUnderstoodError):
        dependabot_waits(text)


@pytest.mark.parametrize(
    ("text", "waits"),
    [
        ('{"minimumReleaseAge": "3 days"}', True),
        ('{"stabilityDays": 3}', True),
        ('{"extends": ["config:best-practices"]}', True),
        ('{"extends": [":a(b)", "security:minimumReleaseAgeNpm"]}', True),
        ('{"extends": ["local>x/y"], "minimumReleaseAge": "3 days"}', True),
        ('{"packageRules": [{"matchDatasources": ["npm"], "minimumReleaseAge": "1 week"}]}', True),
        ('{"npm": {"minimumReleaseAge": "5 days"}}', True),
        (
            (
                '{"minimumReleaseAge": "3 days", "packageRules":'
                ' [{"matchPackageNames": ["@hazel/catkin"], "minimumReleaseAge": null}]}'
            ),
            True,
        ),
        ("{}", False),
        ('{"extends": ["config:recommended", ":semanticCommits", "group:all"]}', False),
        ('{"minimumReleaseAge": "0 days"}', False),
        ('{"minimumReleaseAge": null}', False),
        ('{"minimumReleaseAge": 3}', False),
        ('{"extends": "config:best-practices"}', False),
        ('{"enabled": false, "minimumReleaseAge": "3 days"}', None),
    ],
)
def test_renovate(text: str, *, waits: bool | None) -> None:
    assert renovate_waits(text) is waits


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
    with pytest.raises(NotUnderstoodError):
        renovate_waits(text)
