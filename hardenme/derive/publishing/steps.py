"""Steps that close publish paths: what to do, by which command, and how to take it back.

Names come from a registry or from GitHub. In commands they are always quoted words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hardenme.facts.github.site import GitHubFact
from hardenme.facts.npm.publishing import TrustedPublisher
from hardenme.facts.npm.site import NpmFact
from hardenme.model.commands import (
    REMOVED,
    STAGES,
    options,
    publisher_removed,
    releasers,
    tokens_disallowed,
)
from hardenme.model.known import field
from hardenme.model.publishing import ClosingStep
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Fix

PHASES = (
    *("environment", "workflow", "trust", "factor"),
    *("team", "access", "publisher", "token", "secret"),
)
"""Prefixes of the keys of steps, in the safe order. First the replacement is set up and secured,
then what it replaces is closed. What might still be needed is removed last."""
FILE, ENVIRONMENT = "release.yml", "npm"
"""Placeholders in a command for unknown names, to be filled in or created."""
SOME = "the repository that releases it"
"""What a step calls a repository that is not known: no command can name it."""
UNNEEDED = "Remove this trusted publisher: another one remains that may only stage"
UNSEEN = (
    "See whether its repository exists: it is not visible, so it is private or gone. If it is gone,"
    " anyone who takes its name can publish. Remove this trusted publisher, unless its repository"
    " is a private one of yours"
)
UNCONFIRMED = (
    "Confirm that {} is yours, or correct repository in package.json: it could not be seen, and"
    " anyone may own that name."
)
REPLACED = "Remove the trusted publisher that was replaced, {old}. Keep {new}"
REPLACED_ELSEWHERE = "Remove the trusted publisher that was replaced, {old}"
ABSENT = (
    "Remove this trusted publisher: {} does not exist, and a repository created under that name"
    " could publish"
)
RENAMED = (
    "Remove this trusted publisher at once: {} was renamed, and anyone who takes the old name can"
    " publish"
)
WRITER = "write access to the package and 2FA"
ADMIN = "repository admin"
SESSION = "a session of npm login and 2FA"


def in_order(steps: Iterable[ClosingStep]) -> tuple[ClosingStep, ...]:
    """Each step once, in the order in which they are safe to take."""
    found: dict[str, ClosingStep] = {}
    for step in steps:
        known = found.get(step.key, step)
        closes = tuple(sorted({*known.closes, *step.closes}))
        found[step.key] = replace(known, closes=closes)
    return tuple(sorted(found.values(), key=lambda step: (_phase(step), step.key)))


def not_visible(missing: Unknown | None) -> bool:
    """Whether the repository of what is missing is absent, or hidden from the account in use."""
    return missing is not None and missing.reason is Reason.NOT_VISIBLE


def _phase(step: ClosingStep) -> int:
    return PHASES.index(step.key.partition("/")[0])


def trust(  # noqa: PLR0913 (what a publisher is bound to)
    npm: NpmFact,
    package: str,
    *,
    repository: str = "",
    file: str = "",
    environment: str = "",
    closes: tuple[str, ...] = (),
    unread: bool = False,
    hidden: bool = False,
) -> ClosingStep:
    """Set up a trusted publisher that may only stage, bound to an environment.

    Where none is named, or the repository's were `unread`, the environment has to be there first:
    GitHub makes one without rules. A repository that is `hidden` may be someone else's: no command
    names it.
    """
    where = (repository or SOME, file or FILE, environment or ENVIRONMENT)
    first = f"Check that {where[0]} has the environment {where[2]}, with its rules, then set"
    if environment and not unread:
        first = "Set"
    command = npm.npm(
        *("trust", "github", package),
        *options(f"--repo={where[0]}", f"--file={where[1]}", f"--env={where[2]}"),
        *options("--allow-stage-publish"),
    )
    step = (
        f"{first} up {where[1]} of {where[0]}, in its environment {where[2]}, as a trusted"
        f" publisher that may only stage. {STAGES}, and try one release"
    )
    if hidden:
        command = ""
        step = f"{UNCONFIRMED.format(where[0])} Then {step[:1].lower()}{step[1:]}"
    if not repository:
        command = ""
        step = (
            f"Run `hardenme move npm:{package} --to staged`, and name {SOME} in its table."
            f" {STAGES}, and try one release"
        )
    return ClosingStep(
        f"trust/{package}/{'/'.join(where)}",
        Fix(
            step,
            page=npm.page("package-access", package=package),
            command=command,
            needs=f"{WRITER}, and npm 11.15 or newer",
            undo=REMOVED.format(package),
        ),
        closes,
        presence=True,
    )


def trust_elsewhere(
    npm: NpmFact, package: str, provider: str, closes: tuple[str, ...]
) -> ClosingStep:
    """Set up a trusted publisher of another provider anew."""
    return ClosingStep(
        f"trust/{package}/{provider}",
        Fix(
            f"Set up the workflow of {provider or 'its provider'} again as a trusted publisher that"
            f" may only stage, bound to an environment. {STAGES}, and try one release",
            page=npm.page("package-access", package=package),
            needs=WRITER,
            undo=REMOVED.format(package),
        ),
        closes,
        presence=True,
    )


def shown(publisher: TrustedPublisher) -> str:
    """What a trusted publisher is called: its file, its repository and its environment."""
    file, place = field(publisher, "workflow"), field(publisher, "repository")
    environment = field(publisher, "environment")
    where = place if isinstance(place, str) and place else field(publisher, "provider")
    name = file if isinstance(file, str) and file else "any workflow"
    inside = (
        f" in the environment {environment}" if isinstance(environment, str) and environment else ""
    )
    return f"{name} of {where if isinstance(where, str) else 'a project'}{inside}"


def replaced(publisher: TrustedPublisher, workflow: str, environment: str) -> str:
    """What is removed once another publisher is there, as a step that says which is which.

    Args:
        workflow: what the other one trusts, like `release.yml of acme/web`; empty if not known.
        environment: the one that the other one is bound to.
    """
    old = shown(publisher)
    old += " without an environment" * (field(publisher, "environment") is None)
    if not workflow:
        return REPLACED_ELSEWHERE.format(old=old)
    return REPLACED.format(old=old, new=f"{workflow} in the environment {environment}")


def untrust(
    npm: TrustedPublisher, package: str, closes: tuple[str, ...], why: str = UNNEEDED
) -> ClosingStep:
    """End a trusted publisher."""
    publisher = field(npm, "publisher_id")
    known = isinstance(publisher, str)
    return ClosingStep(
        f"publisher/{package}/{publisher if known else ''}",
        Fix(
            why,
            page=npm.page("package-access", package=package),
            command=npm.npm(*publisher_removed(package, publisher)) if known else "",
            needs=WRITER,
            undo=npm.set_up_again,
        ),
        closes,
        presence=True,
    )


def environment(
    github: GitHubFact, repository: str, name: str, closes: tuple[str, ...]
) -> ClosingStep:
    """Add an environment, with its rules."""
    return ClosingStep(
        f"environment/{repository}/{name}",
        Fix(
            f"Add the environment {name} in {repository}: choose required reviewers, and"
            " select the branches or tags that may deploy. Prevent self-review only where a second"
            " person can approve",
            page=github.page("repo-environments", repo=repository),
            needs=f"{ADMIN}; on a private repository a plan with environment rules",
            undo="Delete the environment on the same page",
        ),
        closes,
    )


def add_workflow(
    github: GitHubFact, repository: str, file: str, environment: str, closes: tuple[str, ...]
) -> ClosingStep:
    """Add a workflow file that a publisher names and the default branch lacks."""
    return ClosingStep(
        f"workflow/{repository}/{file}",
        Fix(
            f"Add {file} to the default branch of {repository}. Its job names the environment"
            f" {environment}, has id-token: write, and runs `npm stage publish` with npm 11.15 or"
            " newer",
            page=github.page("repo-new-workflow", repo=repository),
            needs="write access to the repository",
            undo="Revert the commit",
        ),
        closes,
    )


def repair(
    github: GitHubFact, repository: str, file: str, wrong: Iterable[str], closes: tuple[str, ...]
) -> ClosingStep:
    """Change a workflow file until nothing speaks against it."""
    path = f".github/workflows/{file}"
    return ClosingStep(
        f"workflow/{repository}/{file}",
        Fix(
            f"Change {file} of {repository}: {'; '.join(wrong)}",
            page=github.page("repo-file", repo=repository, path=path),
            needs="write access to the repository",
            undo="Revert the commit",
        ),
        closes,
    )


def factor(npm: NpmFact, user: str, closes: tuple[str, ...]) -> ClosingStep:
    """Ask for 2FA at sign-in and at each write."""
    return ClosingStep(
        f"factor/{user}",
        Fix(
            f"Require 2FA for every npm write by {user}",
            page=npm.page("two-factor", user=user),
            command=npm.npm("profile", "enable-2fa", "auth-and-writes"),
            needs="the account's own session",
            undo="Change the mode on the same page",
        ),
        closes,
        presence=True,
    )


def read_only(
    npm: NpmFact, package: str, team: tuple[str, str], closes: tuple[str, ...]
) -> ClosingStep:
    """Take the right to publish from a team."""
    name = ":".join(team)
    return ClosingStep(
        f"team/{package}/{name}",
        Fix(
            f"{releasers(team[0], package)}, then set the team {name} to read-only for it",
            page=npm.page("package-access", package=package),
            command=npm.npm("access", "grant", "read-only", name, package),
            needs="organization admin or owner, with 2FA",
            undo=f"Restore it: `{npm.npm('access', 'grant', 'read-write', name, package)}`",
        ),
        closes,
        presence=True,
    )


def disallow(npm: NpmFact, package: str, closes: tuple[str, ...]) -> ClosingStep:
    """Require two-factor authentication and take no tokens."""
    return ClosingStep(
        f"access/{package}",
        Fix(
            'Choose "Require two-factor authentication and disallow tokens", then record it with'
            f" `hardenme attest NPP106 npm:package/{package}`",
            page=npm.page("package-access", package=package),
            command=npm.npm(*tokens_disallowed(package)),
            needs=WRITER,
            undo="Choose the former setting on the same page: note which one that is before you"
            " change it",
        ),
        closes,
        presence=True,
    )


def revoke(npm: NpmFact, token: str, name: str, closes: tuple[str, ...]) -> ClosingStep:
    """End a token."""
    return ClosingStep(
        f"token/{token}",
        Fix(
            f"Revoke the token {name}; anything that still uses it fails",
            page=npm.page("tokens", user=npm.within.name),
            command=npm.npm("token", "revoke", token),
            needs=SESSION,
            undo="Cannot be undone. Create a new token if something still needs it",
        ),
        closes,
        presence=True,
    )
