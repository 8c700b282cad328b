"""Whether what may deploy to an environment is a selection of branches and tags."""

from __future__ import annotations

from typing import Any

from hardenme.derive.ref_breadth import leaves_out
from hardenme.facts.github.branch import ClassicProtection
from hardenme.facts.github.environments import (
    NAMED,
    PROTECTED,
    EnvironmentGuards,
    EnvironmentSelection,
    ProtectedPatterns,
)
from hardenme.model.known import field
from hardenme.model.unknown import Reason, Unknown

EVERYTHING = "every branch and tag"
UNPROTECTED = "every branch (none is protected)"
BRANCH, TAG = "branch ", "tag "


def environment_selection(
    guards: EnvironmentGuards,
    protected: ProtectedPatterns | Unknown,
    protection: ClassicProtection | Unknown,
) -> EnvironmentSelection:
    """What an environment is open to, by its policy and by what makes a branch a protected one."""
    branches: Any = field(guards, "branches")
    open_to: Any = EVERYTHING
    if isinstance(branches, Unknown):
        open_to = branches
    elif branches == NAMED:
        open_to = _named(field(guards, "patterns"))
    elif branches == PROTECTED:
        open_to = _protected(protected, protection)
    return EnvironmentSelection(
        **guards.placed(),
        open_to=open_to,
    )


def _named(patterns: Any) -> Any:
    """What the names that may deploy are open to."""
    if isinstance(patterns, Unknown):
        return patterns
    branches = [name.removeprefix(BRANCH) for name in patterns if name.startswith(BRANCH)]
    tags = [name.removeprefix(TAG) for name in patterns if name.startswith(TAG)]
    found = [
        _too_wide(branches, "branches of nearly every name"),
        _too_wide(tags, "tags of nearly every name"),
    ]
    wide = (one for one in found if one and not isinstance(one, Unknown))
    return next(wide, found[0] or found[1])


def _too_wide(patterns: list[str], what: str) -> str | Unknown:
    """What patterns are open to; empty if they are a selection."""
    selected = leaves_out(patterns)
    if selected is None:
        return Unknown(
            Reason.MALFORMED,
            "patterns that GitHub documents; check the environment on its page",
            "a pattern is not understood",
        )
    return "" if selected else what


def _protected(
    protected: ProtectedPatterns | Unknown, protection: ClassicProtection | Unknown
) -> Any:
    """What the protected branches are open to.

    GitHub lets every branch deploy where only protected branches may and none is protected. And
    where a rule protects a branch of any name that someone pushes, everyone who can push has one.
    """
    patterns = protected if isinstance(protected, Unknown) else field(protected, "patterns")
    if isinstance(patterns, Unknown):
        rules = protection if isinstance(protection, Unknown) else field(protection, "rules")
        return UNPROTECTED if rules == 0 else patterns
    if not patterns:
        return UNPROTECTED
    creatable: Any = field(protected, "creatable")  # type: ignore[arg-type]  # known as patterns is
    if isinstance(creatable, Unknown):
        return creatable
    return _too_wide(list(creatable), "each new branch (a rule protects nearly every name)")
