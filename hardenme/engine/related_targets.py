"""What is asked about for the sake of targets, and is none itself: whose these are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from hardenme.engine.plan import Selection
from hardenme.model.subject import Subject


def related_targets(
    roots: Sequence[Subject],
    plan: Selection,
    github: str,
    npm: str,
    kind_of: Callable[[str], str],
) -> tuple[Subject, ...]:
    """The related subjects of the targets, none of which is a target.

    Args:
        github: the account on GitHub; empty if it is not known.
        npm: the account on npm; empty if it is not known.
        kind_of: from a login on GitHub to `user`, `org` or, where that is not known, nothing.
    """
    found = (*_of_packages(roots, npm), *_of_repositories(roots, plan, github, kind_of))
    return tuple(dict.fromkeys(item for item in found if item not in roots))


def _of_packages(roots: Sequence[Subject], npm: str) -> Iterator[Subject]:
    """The npm account that asks about packages, and their owners.

    The owner is the organization that a package's scope is named after, if it is not the account's
    own scope. A target that is the account leads to its organizations by itself.
    """
    own = Subject("npm", "user", npm)
    if not npm or own in roots:
        return
    of_npm = [root for root in roots if root.provider == "npm"]
    if of_npm:
        yield own
    scopes = {
        root.name.partition("/")[0].removeprefix("@")
        for root in of_npm
        if root.kind == "package" and root.name.startswith("@")
    }
    for name in sorted(scopes - {own.name}):
        yield Subject("npm", "org", name)


def _of_repositories(
    roots: Sequence[Subject], plan: Selection, github: str, kind_of: Callable[[str], str]
) -> Iterator[Subject]:
    """The organizations of repositories that are named alone: what they set holds there too."""
    if not plan.of_repositories() & plan.facts:
        return
    looked_at = {root.name.lower() for root in roots if root.kind in {"org", "user"}}
    for root in roots:
        owner = root.name.partition("/")[0]
        known = owner.lower() in {*looked_at, github.lower()}
        if root.kind == "repo" and not known and kind_of(owner) == "org":
            looked_at.add(owner.lower())
            yield Subject("github", "org", owner)
