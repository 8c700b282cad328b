"""All secrets that the workflows of a repository can read, wherever they are kept."""

from typing import Any

from hardenme.derive.field import field
from hardenme.facts.github.environments import (
    ENVIRONMENT,
    ORGANIZATION,
    REPOSITORY,
    EnvironmentSecret,
    InheritedSecret,
    WorkflowSecret,
)
from hardenme.facts.github.repository import ActionsSecret, Repository
from hardenme.model.fact import Every
from hardenme.model.unknown import Unknown


def workflow_secrets(
    repository: Repository,
    own: Every[ActionsSecret],
    inherited: Every[InheritedSecret] | Unknown,
    kept: Every[EnvironmentSecret] | Unknown,
) -> Every[WorkflowSecret]:
    """The secrets of the repository, its environments and its organization, in one list.

    What is known of one counts although another was not read: the result then says why it is not
    whole.
    """

    def made(secret: Any, kept_by: str, environment: Any = "") -> WorkflowSecret:
        return WorkflowSecret(
            subject=secret.subject,
            within=repository.subject,
            label=secret.label,
            web=secret.web,
            name=field(secret, "name"),
            kept_by=kept_by,
            environment=environment,
            repository=repository.subject.name,
        )

    missing = own.missing
    found = [made(secret, REPOSITORY) for secret in own.facts]
    if isinstance(inherited, Unknown):
        missing = missing or inherited
    else:
        missing = missing or inherited.missing
        found += [made(secret, ORGANIZATION) for secret in inherited.facts]
    if isinstance(kept, Unknown):
        missing = missing or kept
    else:
        missing = missing or kept.missing
        found += [made(item, ENVIRONMENT, field(item, "environment")) for item in kept.facts]
    return Every(tuple(found), missing)
