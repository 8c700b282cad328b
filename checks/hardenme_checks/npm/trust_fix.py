"""How a trusted publisher is set up again, restricted to what it should be."""

from hardenme.facts.github.named import THERE, NamedRepository
from hardenme.facts.npm.publishing import GITHUB, TrustedPublisher
from hardenme.facts.npm.site import NpmFact
from hardenme.model.commands import (
    AFTER_RELEASE,
    STAGES,
    options,
    publisher_removed,
    second_environment,
)
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Fix

GONE_FIRST = (
    "Remove it: anyone who takes the name of its repository can publish. Set up a publisher for the"
    " repository that releases, if any."
)
NEEDS = "write access to the package, 2FA, and npm 11.15 or newer"


def trust_command(fact: NpmFact, package: str, repository: str, file: str, environment: str) -> str:
    """The command that lets a workflow stage releases; empty where no repository is known."""
    if not repository:
        return ""
    return fact.npm(
        *("trust", "github", package),
        *options(f"--repo={repository}", f"--file={file or 'release.yml'}"),
        *options(f"--env={environment or 'npm'}", "--allow-stage-publish"),
    )


def checked_first(step: str, repository: str, file: str, environment: str) -> str:
    """A step that sets up a publisher: what the command names by itself has to be there first."""
    if not repository or (file and environment):
        return step
    return (
        f"Check that {repository} has the environment {environment or 'npm'} and the workflow"
        f" {file or 'release.yml'}. Then {step[:1].lower()}{step[1:]}"
    )


def revoke_command(publisher: TrustedPublisher) -> str:
    """The command that removes a trusted publisher."""
    return publisher.npm(*publisher_removed(publisher.package, publisher.publisher_id))


def end(publisher: TrustedPublisher, step: str) -> Fix:
    """Remove it; what should replace it is not known, or does not matter."""
    return Fix(
        step=step,
        page=publisher.page("package-access", package=publisher.package),
        command=revoke_command(publisher),
        needs=NEEDS,
        undo="Add it again on the page.",
    )


def next_or_end(publisher: TrustedPublisher, step: str, standing: NamedRepository | Unknown) -> Fix:
    """Set up one that takes its place, unless its repository is gone or has another name.

    An account that takes the name of a repository that is gone could publish by the new one, too.

    Args:
        step: what to do where the repository is there, as a sentence.
        standing: the repository's present state; if it is unknown, the step stays.
    """
    if isinstance(standing, Unknown) or standing.state == THERE:
        return set_up_next_to(publisher, step)
    return end(publisher, GONE_FIRST)


def set_up_again(publisher: TrustedPublisher, step: str, repository: str) -> Fix:
    """Remove one that no longer publishes, and set it up for the repository's present name.

    It ends first: who takes the old name could publish, and nothing is released by it any more.

    Args:
        step: what to do, as a sentence.
        repository: the present name, as `owner/name`.
    """
    claims = _claims(publisher)
    command = revoke_command(publisher)
    if claims is not None:
        again = trust_command(publisher, publisher.package, repository, *claims[1:])
        step = f"{checked_first(step, repository, *claims[1:])} {STAGES}."
        # Without the other half, who runs it has no publisher at all.
        command = f"{command} && {again}" if command and again else ""
    return Fix(
        step=step,
        page=publisher.page("package-access", package=publisher.package),
        command=command,
        needs=NEEDS,
        undo="Revoke the new one, and add the old one again on the page.",
    )


def set_up_next_to(publisher: TrustedPublisher, step: str, *, repository: str = "") -> Fix:
    """Set up one that takes its place; it goes once a release through the new one was seen.

    So the package is never without a way to release. npm cannot change a publisher, and takes no
    second one of the same repository, workflow and environment.

    Args:
        step: what to do, as a sentence.
        repository: another one that it should name, as `owner/name`.
    """
    claims, old = _claims(publisher), revoke_command(publisher)
    command = ""
    if claims is not None:
        named, file, environment = claims
        where = repository or named
        if environment and file and where == named:
            environment = second_environment(environment)
        command = trust_command(publisher, publisher.package, where, file, environment)
        step = checked_first(step, where, file, environment)
    last = f"remove the old one: {old}" if old else "remove the old one on the page"
    return Fix(
        step=f"{step} {STAGES}. {AFTER_RELEASE}, {last}",
        page=publisher.page("package-access", package=publisher.package),
        command=command,
        needs=NEEDS,
        undo="Remove the new one with npm trust revoke.",
    )


def _claims(publisher: TrustedPublisher) -> tuple[str, str, str] | None:
    """Repository, workflow and environment, empty if not known; None for another provider."""
    known = publisher.unknown_fields().keys()
    if "provider" in known or publisher.provider != GITHUB:
        return None
    repository, workflow, environment = (
        "" if name in known else getattr(publisher, name) or ""
        for name in ("repository", "workflow", "environment")
    )
    return repository, workflow, environment
