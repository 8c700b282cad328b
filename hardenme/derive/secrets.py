"""All secrets that the workflows of a repository can read, wherever they are kept."""

from typing import Any, TypeVar

from hardenme.facts.github.environments import (
    ENVIRONMENT,
    ORGANIZATION,
    REPOSITORY,
    Environment,
    EnvironmentSecret,
    InheritedSecret,
    WorkflowSecret,
)
from hardenme.facts.github.repository import ActionsSecret, Repository
from hardenme.model.fact import Every, Fact
from hardenme.model.known import field
from hardenme.model.unknown import Unknown

F = TypeVar("F", bound=Fact)


def workflow_secrets(
    repository: Repository,
    own: Every[ActionsSecret],
    inherited: Every[InheritedSecret] | Unknown,
    environments: Every[Environment] | Unknown,
    kept: Every[EnvironmentSecret] | Unknown,
) -> Every[WorkflowSecret]:
    """The secrets of the repository, its environments and its organization, in one list.

    What is known about one counts although another was not read: the result then says why it is
    incomplete. A person's repository inherits none, and without an environment none is kept in one.
    """

    def made(secret: Any, kept_by: str, environment: Any = "") -> WorkflowSecret:
        return WorkflowSecret(
            **secret.placed(repository.subject),
            name=field(secret, "name"),
            kept_by=kept_by,
            environment=environment,
            repository=repository.subject.name,
        )

    above = _whole(inherited)
    if field(repository, "in_organization") is False:
        above = Every(())
    inner = _whole(kept)
    if isinstance(environments, Every) and not environments.facts and not environments.missing:
        inner = Every(())
    found = [
        *(made(secret, REPOSITORY) for secret in own.facts),
        *(made(secret, ORGANIZATION) for secret in above.facts),
        *(made(secret, ENVIRONMENT, field(secret, "environment")) for secret in inner.facts),
    ]
    return Every(tuple(found), own.missing or above.missing or inner.missing)


def _whole(secrets: Every[F] | Unknown) -> Every[F]:
    return Every((), secrets) if isinstance(secrets, Unknown) else secrets
