"""The patterns of `on.push.branches`, by the examples of GitHub's cheat sheet and beyond."""

from __future__ import annotations

import pytest

from hardenme.derive.ref_filter import compiled
from hardenme.facts.github.branch_names import BranchNames

CASES = [
    (("*",), "main", True),
    (("*",), "releases/v1", False),
    (("**",), "all/the/branches", True),
    (("*feature",), "my-feature", True),
    (("*feature",), "feature", True),
    (("*feature",), "my/feature", False),
    (("feature/*",), "feature/my-branch", True),
    (("feature/*",), "feature/beta-a/my-branch", False),
    (("feature/**",), "feature/beta-a/my-branch", True),
    (("**feature",), "a/feature", True),
    (("**/README.md",), "README.md", True),
    (("**/README.md",), "js/README.md", True),
    (("**/x",), "a/b/x", True),
    (("**/x",), "ax", False),
    (("docs/**/x",), "docs/x", True),
    (("docs/**/x",), "docs/a/b/x", True),
    (("docs/**/x",), "docsx", False),
    (("a**/x",), "ax", False),
    (("a**/x",), "ab/c/x", True),
    (("**", "!**/x"), "x", False),
    (("main", "releases/mona-the-octocat"), "main", True),
    (("main",), "Main", False),
    (("v2*",), "v2", True),
    (("v[12].[0-9]+.[0-9]+",), "v1.10.1", True),
    (("v[12].[0-9]+.[0-9]+",), "v3.10.1", False),
    (("v[12].[0-9]+.[0-9]+",), "v1..1", False),
    (("*.jsx?",), "page.js", True),
    (("*.jsx?",), "page.jsx", True),
    (("*.jsx?",), "page.jsxx", False),
    (("a+b",), "aaab", True),
    (("a+b",), "b", False),
    (("[a-c]?x",), "x", True),
    (("release/**", "!release/**-alpha"), "release/v1", True),
    (("release/**", "!release/**-alpha"), "release/v1-alpha", False),
    (("release/**", "!release/**-alpha", "release/x-alpha"), "release/x-alpha", True),
    ((r"a\*b",), "a*b", True),
    ((r"a\*b",), "axb", False),
    (("a.b",), "axb", False),
    ((), "main", False),
    (("!main",), "main", False),
]
ODD = ("***", "?", "+a", "*+", "a?+", "[", "[]", "[^a]", "[a-]", "[z-a]", "[a-Z]", "a]", "a\\")


@pytest.mark.parametrize(("patterns", "name", "expected"), CASES)
@pytest.mark.parametrize("at_most", [False, True])
def test_what_a_filter_lets_in(
    patterns: tuple[str, ...], name: str, *, expected: bool, at_most: bool
) -> None:
    assert compiled(BranchNames(patterns), at_most=at_most).takes(name) is expected


@pytest.mark.parametrize("pattern", ODD)
def test_a_pattern_that_is_not_understood_could_be_anything(pattern: str) -> None:
    let_in, taken_away = BranchNames((pattern,)), BranchNames(("**", f"!{pattern}"))
    for names in (let_in, taken_away):
        assert compiled(names, at_most=True).takes("main")
        assert not compiled(names, at_most=False).takes("main")


def test_the_case_of_letters() -> None:
    names = BranchNames(("Main", "release/**"), any_case=True)
    found = compiled(names, at_most=False)
    assert found.takes("mAIN")
    assert found.takes("RELEASE/x")
    assert not found.takes("mains")
