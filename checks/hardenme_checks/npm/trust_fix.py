"""How a trusted publisher is set up again, restricted to what it should be."""

from dataclasses import dataclass

from hardenme.facts.github.environments import Environment
from hardenme.facts.github.named import RENAMED, THERE, NamedRepository
from hardenme.facts.github.release_place import publishing_environment, publishing_file
from hardenme.facts.github.workflow import Workflow
from hardenme.facts.npm.publishing import GITHUB, TrustedPublisher
from hardenme.facts.npm.site import NpmFact
from hardenme.model.commands import (
    AFTER_RELEASE,
    REMOVED,
    STAGES,
    options,
    publisher_removed,
    second_environment,
)
from hardenme.model.fact import Every
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Fix

GONE_FIRST = (
    "Remove it: a repository created under that name could publish. Then set up a publisher for"
    " the repository that releases, if any. `{}` prints the one that the package names."
)
RENEWED = "Remove it at once, and set it up again for the present name."
NEEDS = "write access to the package, 2FA, and npm 11.15 or newer"


@dataclass(frozen=True, slots=True)
class ReleasePlace:
    """What a new publisher is bound to where the old one does not say; empty where none is seen.

    Attributes:
        file: the workflow.
        environment: the environment.
    """

    file: str = ""
    environment: str = ""


def place_of(
    workflows: Every[Workflow] | Unknown, environments: Every[Environment] | Unknown
) -> ReleasePlace:
    """From where the publisher's repository is likely to release, as far as it is known."""
    return ReleasePlace(
        "" if isinstance(workflows, Unknown) else publishing_file(workflows.facts),
        "" if isinstance(environments, Unknown) else publishing_environment(environments.facts),
    )


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
        undo=f"{publisher.set_up_again}.",
    )


def gone(publisher: TrustedPublisher) -> Fix:
    """Remove one whose repository does not exist; what releases the package is looked up."""
    named = publisher.npm("view", publisher.package, "repository.url")
    return end(publisher, GONE_FIRST.format(named))


def next_or_end(
    publisher: TrustedPublisher, step: str, standing: NamedRepository | Unknown, place: ReleasePlace
) -> Fix:
    """Set up one that takes its place, unless its repository is gone.

    An account that takes the name of a repository that is gone could publish by the new one, too.
    One that was renamed is trusted by its present name.

    Args:
        step: what to do where the repository is there, as a sentence.
        standing: the repository's present state; if it is unknown, the step stays.
        place: from where the repository is likely to release.
    """
    if isinstance(standing, Unknown) or standing.state == THERE:
        return set_up_next_to(publisher, step, place)
    if standing.state == RENAMED:
        return set_up_again(publisher, standing.current, place)
    return gone(publisher)


def set_up_again(publisher: TrustedPublisher, repository: str, place: ReleasePlace) -> Fix:
    """Remove one that no longer publishes, and set it up for the repository's present name.

    It ends first: who takes the old name could publish, and nothing is released by it any more.

    Args:
        repository: the present name, as `owner/name`.
        place: from where it is likely to release.
    """
    claims = _claims(publisher, place)
    command, step = revoke_command(publisher), RENEWED
    if claims is not None:
        again = trust_command(publisher, publisher.package, repository, *claims[1:])
        then = checked_first("Set it up again.", repository, *claims[1:])
        step = RENEWED if then.startswith("Set") else f"Remove it at once. {then}"
        step = f"{step} {STAGES}."
        # Without the other half, who runs it has no publisher at all.
        command = f"{command} && {again}" if command and again else ""
    return Fix(
        step=step,
        page=publisher.page("package-access", package=publisher.package),
        command=command,
        needs=NEEDS,
        undo=f"Revoke the new one. {publisher.set_up_again}.",
    )


def set_up_next_to(
    publisher: TrustedPublisher, step: str, place: ReleasePlace, *, repository: str = ""
) -> Fix:
    """Set up one that takes its place; it goes once a release through the new one was seen.

    So the package is never without a way to release. npm cannot change a publisher, and takes no
    second one of the same repository, workflow and environment.

    Args:
        step: what to do, as a sentence.
        place: from where that repository is likely to release.
        repository: another one that it should name, as `owner/name`.
    """
    claims, old = _claims(publisher, place), revoke_command(publisher)
    command = ""
    if claims is not None:
        named, file, environment = claims
        where = repository or named
        if _binds(publisher) and where == named:
            environment = second_environment(environment)
        command = trust_command(publisher, publisher.package, where, file, environment)
        step = checked_first(step, where, file, environment)
    last = f"remove the old one: `{old}`" if old else "remove the old one on the page"
    return Fix(
        step=f"{step} {STAGES}. {AFTER_RELEASE}, {last}",
        page=publisher.page("package-access", package=publisher.package),
        command=command,
        needs=NEEDS,
        undo=f"{REMOVED.format(publisher.package)}.",
    )


def _claims(publisher: TrustedPublisher, place: ReleasePlace) -> tuple[str, str, str] | None:
    """Repository, workflow and environment, empty if not known; None for another provider."""
    if _named(publisher, "provider") != GITHUB:
        return None
    return (
        _named(publisher, "repository"),
        _named(publisher, "workflow") or place.file,
        _named(publisher, "environment") or place.environment,
    )


def _binds(publisher: TrustedPublisher) -> bool:
    """Whether it names a workflow and an environment: npm takes no second one of the same."""
    return bool(_named(publisher, "workflow") and _named(publisher, "environment"))


def _named(publisher: TrustedPublisher, name: str) -> str:
    """What it names; empty if that is nothing, or not known."""
    return "" if name in publisher.unknown_fields() else getattr(publisher, name) or ""
