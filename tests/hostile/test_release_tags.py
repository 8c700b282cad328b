"""Which rules keep release tags, through the whole command: one repository a case."""

from __future__ import annotations

from functools import cache

import pytest

from hardenme.model.finding import Finding
from hardenme.sandbox.github.scenario.rulebook import release_tags
from hardenme.sandbox.github.world import BypassActor, World
from tests.hostile.sweeping import STRICT, swept, told
from tests.running import NOW
from tests.worlds.organizations import base

V = ("v1.4.0", "v1.3.2")
PACKAGES = ("@cedar/web@1.4.0", "@cedar/ui@2.0.0", "cli@0.3.1")
ALL = "refs/tags/**/*"
CASES: dict[str, tuple[tuple[str, ...], list[str], list[str], str]] = {
    "each-version": (V, ["refs/tags/v*"], [], "passed"),
    "three-numbers": (V, ["refs/tags/v*.*.*"], [], "passed"),
    "each-digit": (V, ["refs/tags/v[0-9]*"], [], "passed"),
    "everything": (V, ["~ALL"], [], "passed"),
    "everything-but-nightlies": (V, ["~ALL"], ["refs/tags/nightly-*"], "passed"),
    "one-major": (V, ["refs/tags/v1.*"], [], "failed"),
    "one-major-and-the-next": (V, ["refs/tags/v1.*", "refs/tags/v2.*"], [], "failed"),
    "some-majors": (V, ["refs/tags/v[1-4]*"], [], "failed"),
    "all-but-one-major": (V, ["refs/tags/v*"], ["refs/tags/v2.*"], "failed"),
    "all-but-an-old-major": (("v5.0.0",), ["refs/tags/v*"], ["refs/tags/v1.*"], "failed"),
    "all-but-trials": (V, ["refs/tags/v*"], ["refs/tags/*-rc.*"], "failed"),
    "the-newest-tag": (V, ["refs/tags/v1.4.0", "refs/tags/v1.3.2"], [], "failed"),
    "a-set-that-is-not-documented": (V, ["refs/tags/[^n]*"], [], "unknown"),
    "an-exception-that-is-not": (V, ["refs/tags/v*"], ["refs/tags/[!v]*"], "unknown"),
    "each-package": (PACKAGES, [ALL], [], "passed"),
    "packages-by-name": (
        PACKAGES,
        ["refs/tags/@cedar/web@*", "refs/tags/@cedar/ui@*", "refs/tags/cli@*"],
        [],
        "passed",
    ),
    "one-package-of-three": (PACKAGES, ["refs/tags/@cedar/web@*"], [], "failed"),
    "without-folders": (PACKAGES, ["refs/tags/*"], [], "failed"),
    "all-but-one-package": (PACKAGES, [ALL], ["refs/tags/cli@*"], "failed"),
    "one-major-of-a-package": (
        PACKAGES,
        ["refs/tags/@cedar/**/*", "refs/tags/cli@0.*"],
        [],
        "failed",
    ),
    "years": (("2026.4.0",), ["refs/tags/20*"], [], "passed"),
    "one-year": (("2026.4.0",), ["refs/tags/2026.*"], [], "failed"),
}


BYPASSED: dict[str, tuple[BypassActor, str]] = {
    "bypassed-by-an-app": (BypassActor("Integration", 15368, "always"), "passed"),
    "bypassed-by-a-team": (BypassActor("Team", 12, "always"), "passed"),
    "bypassed-by-owners": (BypassActor("OrganizationAdmin", 1, "always"), "passed"),
    "bypassed-by-admins": (BypassActor("RepositoryRole", 5, "always"), "passed"),
    "bypassed-by-writers": (BypassActor("RepositoryRole", 4, "always"), "failed"),
    "bypassed-by-maintainers": (BypassActor("RepositoryRole", 2, "always"), "failed"),
    "bypassed-by-merging": (BypassActor("RepositoryRole", 4, "pull_request"), "passed"),
    "bypassed-by-a-custom-role": (BypassActor("RepositoryRole", 9001, "always"), "unknown"),
}
"""Repositories with a ruleset for all tags, with who is on its bypass list."""


def ruled(world: World) -> None:
    """The repositories of `CASES`, each with a ruleset of its own."""
    for ruleset in world.organizations[0].rulesets:
        ruleset.repositories = ["cone", "resin", "bark"]
    bypassed = {name: (V, ["~ALL"], [], "") for name in BYPASSED}
    cases = (CASES | bypassed).items()
    for number, (name, (tags, include, exclude, _)) in enumerate(cases, 70_000):
        made = base.repository(STRICT, name, number, NOW, careful=True)
        made.tags, made.releases = list(tags), []
        own = release_tags(number, made.full_name, NOW)
        own.include, own.exclude = include, exclude
        own.bypass_actors = [BYPASSED[name][0]] if name in BYPASSED else []
        made.rulesets[:] = [own]
        world.repositories.append(made)


@cache
def findings() -> dict[tuple[str, str], Finding]:
    return told(swept(STRICT, change=ruled, select_=("GHB115",), profile="team"))


@pytest.mark.parametrize("name", CASES)
def test_which_rules_keep_release_tags(name: str) -> None:
    assert findings()["GHB115", f"github:repo/{STRICT}/{name}"].result == CASES[name][3]


@pytest.mark.parametrize("name", BYPASSED)
def test_a_ruleset_that_every_writer_may_bypass_keeps_nothing(name: str) -> None:
    assert findings()["GHB115", f"github:repo/{STRICT}/{name}"].result == BYPASSED[name][1]


def test_the_tags_that_are_left_out_are_named() -> None:
    finding = findings()["GHB115", f"github:repo/{STRICT}/one-major"]
    assert "v2.0.0" in str(finding.outcome)
    assert "v1.4.0" not in str(finding.outcome)
