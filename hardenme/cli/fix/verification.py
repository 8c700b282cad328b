"""The commands that check again what a step of a fix plan closed."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from functools import cache

from hardenme.engine.catalogue import catalogue
from hardenme.engine.plan import sources
from hardenme.engine.target import Target
from hardenme.facts.npm.publishing import TrustedPublisher
from hardenme.facts.npm.site import REGISTRY
from hardenme.ground.errors import UsageError
from hardenme.model.depth import Depth
from hardenme.model.pages import GITHUB_API
from hardenme.model.profile import PROFILES
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.reports.fixplan.plan import Verify

MOST = 5
"""Repositories or packages that a command names one by one; of more it names their owners."""
ALL = 20
"""Targets of one command; what is beyond them has a command of its own."""
DEMO = "demo"
"""Where a credential of the demo comes from: its addresses are gone when the demo has ended."""
OWN = frozenset({("github", "user"), ("github", "token"), ("npm", "user"), ("npm", "token")})
"""Kinds of subject that `me` leads to."""


def verifier(report: Report) -> Verify:
    """What makes the commands for the subjects of a report: for its profile and its hosts."""
    hosts = _hosts(report)
    profile = ["--profile", report.profile] if report.profile in PROFILES else []

    def verify(codes: Sequence[str], places: Sequence[tuple[Subject, Subject]]) -> tuple[str, ...]:
        selected = ["--select", ",".join(codes), *_demands(codes), *profile, *hosts]
        targets = _targets(places)
        return tuple(
            shlex.join(["hardenme", "check", *selected, *targets[start : start + ALL]])
            for start in range(0, len(targets), ALL)
        )

    return verify


def _hosts(report: Report) -> list[str]:
    """The options that ask the hosts that the report is of, where they are not the usual ones."""
    usual = {"github": ("--github-url", GITHUB_API), "npm": ("--npm-registry", REGISTRY)}
    found: dict[str, str] = {}
    for identity in report.identities:
        option, address = usual.get(identity.provider, ("", ""))
        if option and identity.source != DEMO and identity.host != address:
            found.setdefault(option, identity.host)
    return [word for pair in found.items() for word in pair]


def _demands(codes: Iterable[str]) -> list[str]:
    """The options without which a check would not run, or would rest on what was kept."""
    found: set[str] = set()
    deep = False
    for code in codes:
        options, depth = _demanded(code)
        found |= options
        deep |= depth > Depth.STANDARD
    return [*(["--depth", str(Depth.DEEP)] if deep else []), *sorted(found)]


@cache
def _demanded(code: str) -> tuple[frozenset[str], Depth]:
    check = next((one for one in catalogue() if one.code == code), None)
    kinds = sources(check.facts) if check is not None else frozenset()
    options = {kind.opt_in for kind in kinds if kind.opt_in}
    if TrustedPublisher in kinds:
        # Answers about them from before the step are cached for days.
        options.add("--interactive")
    return frozenset(options), max((kind.depth for kind in kinds), default=Depth.FAST)


def _targets(places: Sequence[tuple[Subject, Subject]]) -> list[str]:
    """The targets that cover all the subjects, sorted."""
    found = dict.fromkeys(target for place in places for target in (_target(*place),) if target)
    for kind, owner in (("github-repo", _owner), ("npm-package", _scope)):
        named = [text for text in found if Target.parse(text).kind == kind]
        if len(named) > MOST:
            wider = dict.fromkeys(owner(text) or text for text in named)
            found = dict.fromkeys([*(text for text in found if text not in named), *wider])
    return sorted(found)


def _owner(target: str) -> str:
    return target.partition("/")[0]


def _scope(target: str) -> str:
    name, slash, _ = target.partition("/")
    return name if slash else ""


def _target(subject: Subject, within: Subject) -> str:
    """The target that leads to a subject; empty if none can."""
    for place in (subject, within):
        if place.provider == "local":
            return "local"
        if (place.provider, place.kind) in OWN:
            return "me"
        text = _text(place)
        if text:
            return text
    return ""


def _text(place: Subject) -> str:
    start = {
        ("github", "repo"): "github:",
        ("github", "org"): "github:",
        ("npm", "package"): "npm:",
        ("npm", "org"): "npm:@",
    }.get((place.provider, place.kind))
    if start is None:
        return ""
    try:
        return Target.parse(f"{start}{place.name}").text
    except UsageError:
        return ""
