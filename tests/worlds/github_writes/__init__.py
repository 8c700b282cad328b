"""What changes something, for a sandbox that was told to take it.

So the commands that hardenme prints can be run, and what they come to be seen. hardenme itself
sends none of these.
"""

from __future__ import annotations

from hardenme.sandbox.github.calls import Route
from tests.worlds.github_writes import (
    account,
    actions,
    branches,
    hooks,
    organization,
    people,
    plain,
    repository,
    rulesets,
)

CHANGES = (
    *account.CHANGES,
    *organization.CHANGES,
    *people.CHANGES,
    *actions.CHANGES,
    *rulesets.CHANGES,
    *hooks.CHANGES,
    *branches.CHANGES,
    *repository.CHANGES,
    *plain.CHANGES,
)


def by_method() -> dict[str, tuple[Route, ...]]:
    """The endpoints, by the method that they are asked with."""
    methods = sorted({change.method for change in CHANGES})
    return {
        method: tuple(change.route for change in CHANGES if change.method == method)
        for method in methods
    }
