"""Which thresholds of a profile a check reads: from its code, so that no list can be wrong."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from hardenme.engine.plan import derivations
from hardenme.model.check import Check, Parameter
from hardenme.model.given import Limits
from hardenme.model.profile import PROFILES

NAME = "limits"
"""What the thresholds are called wherever they are handed on."""
MEANS = {"solo": "approvals", "profile": ""}
"""What is no threshold of its own."""

WORDS: dict[str, str] = {
    "activity_days": "days without activity",
    "app_suspended_days": "days for which an app may stay suspended",
    "approvals": "approvals that a change needs; 0 where nobody else can review",
    "burst_packages": "packages released together that are many",
    "burst_versions": "versions within an hour that are many",
    "dependency_age_days": "days that a dependency has to be old",
    "domain_days": "days for which a domain has to be registered still",
    "grant_unused_days": "days for which a credential may be unused",
    "high_impact_dependents": "dependents from which a package weighs more",
    "high_impact_downloads": "weekly downloads from which a package weighs more",
    "invitation_days": "days for which an invitation may wait",
    "key_new_days": "days for which a key counts as just added",
    "key_old_days": "days after which a key is old",
    "key_unused_days": "days for which a key may be unused",
    "npm_active_tokens": "active tokens that can be looked through",
    "npm_expired_days": "days for which an expired token may stay listed",
    "npm_new_token_days": "days for which a token counts as just made",
    "npm_owners_least": "owners at the least",
    "npm_owners_most": "owners at the most",
    "npm_read_days": "days that a token may live that only reads",
    "npm_read_unused_days": "days for which a token that only reads may be unused",
    "npm_write_days": "days that a token may live that writes",
    "npm_write_unused_days": "days for which a token that writes may be unused",
    "owners_least": "owners at the least",
    "owners_most": "owners at the most",
    "package_active_days": "days within which somebody has to have released",
    "package_writers": "accounts that may publish, at the most",
    "release_age_days": "days that a version has to be old before it is installed",
    "release_days": "days for which a release counts as recent",
    "release_dormant_days": "days without a release that are a long silence",
    "repository_admins_least": "administrators at the least",
    "repository_admins_most": "administrators at the most",
    "repository_quiet_days": "days without a push after which a repository rests",
    "rsa_bits": "bits of an RSA key at the least",
    "secret_old_days": "days after which a secret is renewed",
    "staged_days": "days for which a staged version may wait",
    "token_left_days": "days for which a token may still live",
    "token_warning_days": "days before the end of a token at which it is told",
}
"""What each is, in words."""


def thresholds(check: Check) -> tuple[str, ...]:
    """The names of the thresholds, sorted."""
    functions = [check.function] if _takes(check.parameters) else []
    functions += [
        made.function
        for kind in check.facts
        for made in derivations().get(kind, ())
        if _takes(made.parameters)
    ]
    names = {MEANS.get(name, name) for function in functions for name in _read(function)}
    return tuple(sorted(names - {""}))


def by_profile(name: str) -> dict[str, Any]:
    """The value of a threshold in each profile."""
    return {profile.name: getattr(profile.limits, name) for profile in PROFILES.values()}


def _takes(parameters: tuple[Parameter, ...]) -> bool:
    return any(item.kind is Limits for item in parameters)


@cache
def _read(function: Callable[..., Any]) -> frozenset[str]:
    """What a function, and those of our own that it hands the thresholds to, reads of them."""
    return frozenset(_walk(function, set()))


def _walk(function: Callable[..., Any], seen: set[Any]) -> Iterator[str]:
    if function in seen:
        return
    seen.add(function)
    module = inspect.getmodule(function)
    tree = ast.parse(inspect.getsource(function).lstrip())
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == NAME:
                yield node.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and _hands_on(node):
            called = getattr(module, node.func.id, None)
            if inspect.isfunction(called):
                yield from _walk(called, seen)


def _hands_on(call: ast.Call) -> bool:
    given = [*call.args, *(word.value for word in call.keywords)]
    return any(isinstance(value, ast.Name) and value.id == NAME for value in given)
