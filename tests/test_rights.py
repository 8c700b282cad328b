"""Each right that `docs/permissions.md` names is needed, and no other is.

One permission at a time is taken from the token that opens everything. What becomes unknown are the
checks whose rows name it, and nothing else changes.
"""

from __future__ import annotations

from functools import cache

import pytest

from hardenme.engine.catalogue import catalogue
from hardenme.engine.plan import indispensable, sources
from hardenme.engine.rights import Rights, rights
from hardenme.model.permission import Scheme, expand_scopes
from hardenme.sandbox.github import scenarios as github
from hardenme.sandbox.github.scenario.organizations import base
from hardenme.sandbox.npm import scenarios as npm
from tests.running import NOW, stage

ROWS: dict[str, Rights] = {
    check.code: rights(check) for check in catalogue() if check.code.startswith("GH")
}
APP = sorted(set(base.APP_PERMISSIONS) - {"metadata", "organization_plan"})
FINE_GRAINED = sorted(set(base.PERMISSIONS) - {"metadata"})
STRICT_FINE, WEAK_FINE = github.STRICT_ORG_FINE_GRAINED, github.WEAK_ORG_FINE_GRAINED
CAREFUL = {STRICT_FINE, github.STRICT_ORG_APP, github.STRICT_ORG_TOKEN}
KNOWN = {"passed", "failed", "not_applicable"}

ELSEWHERE = {("GHR107", "contents:read")}
"""Needed only where the default set-up is off in a private repository whose plan offers it; there
is none such in these two organizations."""

Outcomes = dict[tuple[str, str], str]


@cache
def outcomes(value: str, without: str = "") -> Outcomes:
    """What is found of an organization with a token that lacks something."""
    careful = value in CAREFUL
    world = github.strict_organization(NOW) if careful else github.weak_organization(NOW)
    token = world.token(value)
    assert token is not None
    token.permissions.pop(without, None)
    token.scopes -= {without}
    login = base.STRICT if careful else base.WEAK
    with stage(world, npm.hardened_maintainer(NOW), value) as running:
        report = running.audit(f"github:{login}", select_=("GHO", "GHB", "GHR", "GHW"))
    return {(item.code, str(item.subject)): item.result for item in report.findings}


def changed(value: str, without: str) -> set[str]:
    """The codes of which something was known, and is not any more."""
    full, less = outcomes(value), outcomes(value, without)
    lost = {key for key, result in full.items() if result in KNOWN and less.get(key) != result}
    new = {key for key, result in less.items() if result in KNOWN and full.get(key) != result}
    assert not {key for key in new if less[key] == "passed"}, "a right that is missing passes"
    return {code for code, _subject in lost | new}


def needed(row: Rights) -> set[str]:
    """The fine-grained permissions that the facts of a check cannot do without."""
    kinds = indispensable(
        item.kind for item in row.check.parameters if not (item.given or item.optional)
    )
    found: set[str] = set()
    for kind in kinds & sources(row.check.facts):
        own = kind.requirement.within(Scheme.FINE_GRAINED).alternatives
        if own:
            found |= {item.name for item in frozenset.intersection(*own)}
    return found


@pytest.mark.parametrize(
    ("values", "permission"),
    [
        *(((STRICT_FINE, WEAK_FINE), name) for name in FINE_GRAINED),
        *(((github.STRICT_ORG_APP, github.WEAK_ORG_APP), name) for name in APP),
    ],
    ids=lambda value: value if value in APP else "",
)
def test_a_permission_that_is_missing(values: tuple[str, ...], permission: str) -> None:
    name = f"{permission}:read"
    lost = set().union(*(changed(value, permission) for value in values))
    named = {code for code, row in ROWS.items() if name in (row.fine_grained or set()) | row.more}
    assert lost <= named, "no row names the right"
    asked = {code for value in values for code, _ in outcomes(value)}
    for code in asked & ROWS.keys():
        must = name in needed(ROWS[code]) and (code, name) not in ELSEWHERE
        if must and ROWS[code].fine_grained is not None:
            known = {r for v in values for (c, _), r in outcomes(v).items() if c == code}
            assert code in lost or not known & KNOWN, f"{code} does not need {name}"


@pytest.mark.parametrize("scope", sorted(base.SCOPES))
def test_a_scope_that_is_missing(scope: str) -> None:
    gone = changed(github.STRICT_ORG_TOKEN, scope) | changed(github.WEAK_ORG_TOKEN, scope)
    lost = expand_scopes({scope}) - expand_scopes(base.SCOPES - {scope})
    named = {
        code
        for code, row in ROWS.items()
        if lost & expand_scopes((row.classic or frozenset()) | row.more_classic)
    }
    assert gone <= named, "a scope that no row names"


def test_what_takes_an_owner_is_not_known_to_a_member() -> None:
    world = github.weak_organization(NOW)
    with stage(world, npm.weak_maintainer(NOW), github.WEAK_ORG_MEMBER) as running:
        report = running.audit(f"github:{base.WEAK}", select_=("GHO",))
    told = {
        item.code
        for item in report.findings
        if item.result in {"passed", "failed"} and ROWS[item.code].roles == {"organization owner"}
    }
    assert not told


def test_every_right_of_the_table_is_tried() -> None:
    named = {
        name.removesuffix(":read")
        for row in ROWS.values()
        for name in (row.fine_grained or frozenset()) | row.more
    }
    own = {name for name in named if name in {"keys", "gpg_keys", "emails", "user_events"}}
    own |= {name for name in named if name.startswith("git_signing")}
    assert named - own - {"metadata"} <= set(APP)
