from __future__ import annotations

import time

import pytest

from hardenme.derive.ref_pattern import names

CASES = [
    ("~ALL", "refs/tags/v1.2.3", True),
    ("~DEFAULT_BRANCH", "refs/tags/v1.2.3", False),
    ("refs/tags/v1.2.3", "refs/tags/v1.2.3", True),
    ("refs/tags/v1.2.3", "refs/tags/v1x2x3", False),
    ("refs/tags/*", "refs/tags/v1.2.3", True),
    ("refs/tags/*", "refs/tags/web/v1.2.3", False),
    ("refs/tags/v*", "refs/tags/v", True),
    ("refs/tags/v*", "refs/tags/1.2.3", False),
    ("refs/tags/V*", "refs/tags/v1.2.3", False),
    ("refs/tags/v*.*.*", "refs/tags/v1.2.3", True),
    ("refs/tags/v*.*.*", "refs/tags/v1", False),
    ("refs/tags/*-rc*", "refs/tags/v1.2.3", False),
    ("refs/tags/?1.2.3", "refs/tags/v1.2.3", True),
    ("refs/tags?v1.2.3", "refs/tags/v1.2.3", False),
    ("refs/tags/v[0-9]*", "refs/tags/v1.2.3", True),
    ("refs/tags/v[0-9]*", "refs/tags/vx", False),
    ("refs/tags/[vr]1.2.3", "refs/tags/r1.2.3", True),
    ("refs/tags/[a-]1", "refs/tags/-1", True),
    ("refs/tags/**/*", "refs/tags/v1.2.3", True),
    ("refs/tags/**/*", "refs/tags/web/v1.2.3", True),
    ("refs/tags/**/v*", "refs/tags/web/ui/v1.2.3", True),
    ("refs/tags/**/v*", "refs/tags/web/1.2.3", False),
    ("refs/tags/**/v*", "refs/tags/webv1.2.3", False),
    ("**/v*", "refs/tags/v1", True),
    ("refs/heads/**/*", "refs/tags/v1.2.3", False),
    ("v*", "refs/tags/v1.2.3", False),
    ("refs/tags/{v1,v2}", "refs/tags/v1", False),
    ("refs/tags/{v1,v2}", "refs/tags/{v1,v2}", True),
    ("", "refs/tags/v1.2.3", False),
]
UNSURE = [
    ("refs/tags/**", "refs/tags/web/v1.2.3"),
    ("refs/tags/v**", "refs/tags/v/1"),
    ("refs/tags/[^v]*", "refs/tags/v1.2.3"),
    ("refs/tags/[!v]*", "refs/tags/1.2.3"),
    ("refs/tags/v\\*", "refs/tags/v*"),
    ("refs/tags/[v", "refs/tags/[v"),
    ("refs/tags/[]", "refs/tags/[]"),
    ("refs/tags/[[v]", "refs/tags/v"),
    ("refs[!-~]tags/v1", "refs/tags/v1"),
    ("refs[/]tags/v1", "refs/tags/v1"),
    ("~SOMETHING_NEW", "refs/tags/v1"),
    ("~", "refs/tags/v1"),
]


@pytest.mark.parametrize(("pattern", "reference", "expected"), CASES)
@pytest.mark.parametrize("at_most", [False, True])
def test_what_a_pattern_names(
    pattern: str, reference: str, *, expected: bool, at_most: bool
) -> None:
    assert names(pattern, reference, at_most=at_most) is expected


@pytest.mark.parametrize(("pattern", "reference"), UNSURE)
def test_what_is_documented_nowhere_decides_nothing(pattern: str, reference: str) -> None:
    assert not names(pattern, reference, at_most=False)
    assert names(pattern, reference, at_most=True)


def test_two_stars_name_at_least_what_one_does() -> None:
    for at_most in (False, True):
        assert names("refs/tags/v**", "refs/tags/v1.2.3", at_most=at_most)
        assert not names("refs/tags/v**", "refs/tags/1.2.3", at_most=at_most)


def test_no_pattern_takes_long() -> None:
    begun = time.thread_time()
    assert not names("refs/tags/" + "*a" * 200 + "b", "refs/tags/" + "a" * 250, at_most=False)
    assert not names("**/" * 80 + "b", "a/" * 120, at_most=False)
    assert time.thread_time() - begun < 2.0
