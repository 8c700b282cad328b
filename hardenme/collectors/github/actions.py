"""Reads the settings of Actions: of an organization, and of each repository that it does not bind.

A repository's settings come one request each. Where the organization leaves nothing open, there is
nothing to ask of its repositories: `hardenme/derive/actions.py` says what counts there. What the
organization answers is remembered by the client, so that it is asked once in a run, whether its own
collector or that of a repository comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from hardenme.collectors.book import Book
from hardenme.collectors.github.asking import nothing, single
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.facts.github.actions import (
    OrganizationActions,
    OrganizationForkApproval,
    OrganizationForkWorkflows,
    OrganizationWorkflowToken,
    RepositoryActions,
    RepositoryForkApproval,
    RepositoryForkWorkflows,
    RepositoryWorkflowToken,
)
from hardenme.facts.github.repository import Repository
from hardenme.model.depth import Depth
from hardenme.model.fact import Answer, Fact
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

PERMISSIONS = "/actions/permissions"
WORKFLOW = f"{PERMISSIONS}/workflow"
APPROVAL = f"{PERMISSIONS}/fork-pr-contributor-approval"
FORKS = f"{PERMISSIONS}/fork-pr-workflows-private-repos"
PRIVATE = ("private", "internal")
EVERY = ("public", *PRIVATE)
Fields = Callable[[Item], dict[str, Any]]


def _allowed(item: Item) -> dict[str, Any]:
    return {
        "allowed": item.choice("allowed_actions", "all", "local_only", "selected"),
        "pinned": item.flag("sha_pinning_required"),
    }


def _of_organization(item: Item) -> dict[str, Any]:
    which = item.choice("enabled_repositories", "all", "none", "selected")
    return {"enabled_repositories": which, **_allowed(item)}


def _of_repository(item: Item) -> dict[str, Any]:
    return {"enabled": item.flag("enabled"), **_allowed(item)}


def _token(item: Item) -> dict[str, Any]:
    return {
        "default": item.choice("default_workflow_permissions", "read", "write"),
        "approves": item.flag("can_approve_pull_request_reviews"),
    }


def _approval(item: Item) -> dict[str, Any]:
    first = "first_time_contributors"
    known = (f"{first}_new_to_github", first, "all_external_contributors")
    return {"policy": item.choice("approval_policy", *known)}


def _forks(item: Item) -> dict[str, Any]:
    return {
        "runs": item.flag("run_workflows_from_fork_pull_requests"),
        "write_tokens": item.flag("send_write_tokens_to_workflows"),
        "secrets": item.flag("send_secrets_and_variables"),
        "waits": item.flag("require_approval_for_fork_pr_workflows"),
    }


def _ask(
    github: GitHub, kind: type[Fact], scope: Subject, path: str, read: Fields
) -> Iterator[Answer[Any]]:
    place: dict[str, Any] = {
        "subject": scope,
        "within": scope,
        "label": scope.name,
        "web": github.web,
    }
    yield single(github, kind, scope, path, lambda item: kind(**place, **read(item)))


def _of_owner(
    kind: type[Fact], path: str, read: Fields
) -> Callable[[GitHub, Subject, Book], Iterator[Answer[Any]]]:
    """Reads a setting of an organization."""

    def collect(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
        return _ask(github, kind, scope, f"/orgs/{scope.name}{path}", read)

    return collect


def _below(  # noqa: PLR0913 (a setting's two forms, and what spares asking for the second)
    kind: type[Fact],
    path: str,
    read: Fields,
    *,
    above: type[Fact] | None = None,
    read_above: Fields | None = None,
    binds: Callable[[Any], bool] = lambda _: False,
    visible: tuple[str, ...] = EVERY,
) -> Callable[[GitHub, Subject, Book], Iterator[Answer[Any]]]:
    """Reads a setting of a repository, unless something else settles it already.

    Args:
        kind: the fact.
        path: below the repository.
        read: the fact's fields.
        above: the same of an organization; None where that does not bind.
        read_above: its fields, where they are others.
        binds: whether an organization leaves nothing open.
        visible: the visibilities with which a repository has the setting.
    """

    def collect(github: GitHub, scope: Subject, book: Book) -> Iterator[Answer[Any]]:
        repository = book.fact(Repository, scope)
        if repository is None:
            yield nothing(kind, scope, Unknown(Reason.NOT_ASKED, "the repository itself"))
            return
        unknown = repository.unknown_fields()
        if "archived" not in unknown and repository.archived:
            yield nothing(kind, scope, Unknown(Reason.NOT_ASKED, "a repository in use"))
            return
        if "visibility" in unknown and visible != EVERY:
            yield nothing(kind, scope, unknown["visibility"])
            return
        if "visibility" not in unknown and repository.visibility not in visible:
            why = Unknown(Reason.NOT_ASKED, f"a {visible[0]} repository: only these have it")
            yield nothing(kind, scope, why)
            return
        owner = repository.within
        if above is not None and owner.kind == "org":
            fields = read_above or read
            for answer in _ask(github, above, owner, f"/orgs/{owner.name}{path}", fields):
                if answer.facts and binds(answer.facts[0]):
                    why = Unknown(Reason.NOT_ASKED, f"nothing: {owner.name} settles it")
                    yield nothing(kind, scope, why)
                    return
        yield from _ask(github, kind, scope, f"/repos/{scope.name}{path}", read)

    return collect


def _collector(name: str, kind: type[Fact], read: Any) -> Collector:
    if kind.listed_by is None:
        return Collector(name, "github", (kind,), read, roots=("github:org",))
    return Collector(name, "github", (kind,), read, of=(Repository,), depth=Depth(kind.depth))


COLLECTORS = (
    _collector(
        "an organization's Actions",
        OrganizationActions,
        _of_owner(OrganizationActions, PERMISSIONS, _of_organization),
    ),
    _collector(
        "an organization's workflow token",
        OrganizationWorkflowToken,
        _of_owner(OrganizationWorkflowToken, WORKFLOW, _token),
    ),
    _collector(
        "an organization's approval of forks",
        OrganizationForkApproval,
        _of_owner(OrganizationForkApproval, APPROVAL, _approval),
    ),
    _collector(
        "an organization's private forks",
        OrganizationForkWorkflows,
        _of_owner(OrganizationForkWorkflows, FORKS, _forks),
    ),
    _collector(
        "a repository's Actions",
        RepositoryActions,
        _below(
            RepositoryActions,
            PERMISSIONS,
            _of_repository,
            above=OrganizationActions,
            read_above=_of_organization,
            binds=OrganizationActions.binds,
        ),
    ),
    _collector(
        "a repository's workflow token",
        RepositoryWorkflowToken,
        _below(
            RepositoryWorkflowToken,
            WORKFLOW,
            _token,
            above=OrganizationWorkflowToken,
            binds=OrganizationWorkflowToken.binds,
        ),
    ),
    _collector(
        "a repository's approval of forks",
        RepositoryForkApproval,
        _below(RepositoryForkApproval, APPROVAL, _approval, visible=("public",)),
    ),
    _collector(
        "a repository's private forks",
        RepositoryForkWorkflows,
        _below(
            RepositoryForkWorkflows,
            FORKS,
            _forks,
            above=OrganizationForkWorkflows,
            binds=OrganizationForkWorkflows.binds,
            visible=PRIVATE,
        ),
    ),
)
