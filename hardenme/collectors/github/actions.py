"""Reads the settings of Actions: of an organization, and of each repository that it does not bind.

A repository's settings come one request each. Where the organization leaves nothing open, there is
nothing to ask of its repositories: `hardenme/derive/actions.py` says what counts there. What the
organization answers is remembered by the client, so that it is asked once in a run, whether its own
collector or that of a repository comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from hardenme.collectors.book import Book
from hardenme.collectors.github.asking import nothing, single
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.price import Per, Price
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


def _settles(
    above: type[Fact], path: str, read: Fields, binds: Callable[[Any], bool]
) -> Callable[[GitHub, Subject], bool]:
    """Tells whether an owner leaves nothing open to its repositories."""

    def settled(github: GitHub, owner: Subject) -> bool:
        if owner.kind != "org":
            return False
        answers = _ask(github, above, owner, f"/orgs/{owner.name}{path}", read)
        return any(bool(answer.facts) and binds(answer.facts[0]) for answer in answers)

    return settled


def _below(
    kind: type[Fact],
    path: str,
    read: Fields,
    *,
    settled: Callable[[GitHub, Subject], bool] | None = None,
    visible: tuple[str, ...] = EVERY,
) -> Callable[[GitHub, Subject, Book], Iterator[Answer[Any]]]:
    """Reads a setting of a repository, unless something else settles it already.

    Args:
        kind: the fact.
        path: below the repository.
        read: the fact's fields.
        settled: whether an owner leaves nothing open; None where none can.
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
        if settled is not None and settled(github, owner):
            why = Unknown(Reason.NOT_ASKED, f"nothing: {owner.name} settles it")
            yield nothing(kind, scope, why)
            return
        yield from _ask(github, kind, scope, f"/repos/{scope.name}{path}", read)

    return collect


def _above(name: str, kind: type[Fact], path: str, read: Fields) -> Collector:
    """Asks the organization itself."""
    collect = _of_owner(kind, path, read)
    return Collector(name, "github", (kind,), collect, roots=("github:org",))


def _each(name: str, kind: type[Fact], path: str, read: Fields, price: Price) -> Collector:
    """Asks each repository that has the setting, unless its owner settles it."""
    visible = {Per.PUBLIC: ("public",), Per.PRIVATE: PRIVATE}.get(price.per, EVERY)
    return Collector(
        name,
        "github",
        (kind,),
        _below(kind, path, read, settled=price.spared, visible=visible),
        of=(Repository,),
        depth=Depth(kind.depth),
        priced=(replace(price, in_use=True),),
    )


ACTIONS = _settles(OrganizationActions, PERMISSIONS, _of_organization, OrganizationActions.binds)
TOKEN = _settles(OrganizationWorkflowToken, WORKFLOW, _token, OrganizationWorkflowToken.binds)
SENDING = _settles(OrganizationForkWorkflows, FORKS, _forks, OrganizationForkWorkflows.binds)
COLLECTORS = (
    _above("an organization's Actions", OrganizationActions, PERMISSIONS, _of_organization),
    _above("an organization's workflow token", OrganizationWorkflowToken, WORKFLOW, _token),
    _above("an organization's approval of forks", OrganizationForkApproval, APPROVAL, _approval),
    _above("an organization's private forks", OrganizationForkWorkflows, FORKS, _forks),
    _each(
        "a repository's Actions",
        RepositoryActions,
        PERMISSIONS,
        _of_repository,
        Price(Per.REPOSITORY, spared=ACTIONS),
    ),
    _each(
        "a repository's workflow token",
        RepositoryWorkflowToken,
        WORKFLOW,
        _token,
        Price(Per.REPOSITORY, spared=TOKEN),
    ),
    _each(
        "a repository's approval of forks",
        RepositoryForkApproval,
        APPROVAL,
        _approval,
        Price(Per.PUBLIC),
    ),
    _each(
        "a repository's private forks",
        RepositoryForkWorkflows,
        FORKS,
        _forks,
        Price(Per.PRIVATE, spared=SENDING),
    ),
)
