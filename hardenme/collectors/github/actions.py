"""Reads the settings of Actions of each repository that its organization does not bind.

A repository's settings take one request each. If the organization's policy leaves no choice, its
repositories are not asked: `hardenme/derive/actions.py` computes what applies there. The client
caches the organization's answers, so they are requested once in a run, whether by its own collector
or by that of a repository.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.declared import single_of
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.facts.github.actions import (
    OrganizationActions,
    OrganizationForkWorkflows,
    OrganizationWorkflowToken,
    RepositoryActions,
    RepositoryForkApproval,
    RepositoryForkWorkflows,
    RepositoryWorkflowToken,
)
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.selected_actions import (
    OrganizationSelectedActions,
    RepositorySelectedActions,
)
from hardenme.model.fact import Answer, Fact
from hardenme.model.known import field
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

PRIVATE = ("private", "internal")
EVERY = ("public", *PRIVATE)
NO_SELECTION = "nothing: workflows are not limited to selected actions here"


def _settles(above: type[Fact], binds: Callable[[Any], bool]) -> Callable[[GitHub, Subject], bool]:
    """Whether an owner leaves its repositories no choice."""

    def settled(github: GitHub, owner: Subject) -> bool:
        return owner.kind == "org" and any(map(binds, single_of(github, above, owner).facts))

    return settled


def _below(
    kind: type[Fact],
    *,
    settled: Callable[[GitHub, Subject], bool] | None = None,
    visible: tuple[str, ...] = EVERY,
    read: Callable[[GitHub, type[Any], Subject], Answer[Any]] = single_of,
) -> Callable[[GitHub, Subject, FactStore], Iterator[Answer[Any]]]:
    """Reads a setting of a repository, unless something else settles it already.

    Args:
        settled: whether an owner leaves nothing open; None if none can.
        visible: the visibilities with which a repository has the setting.
        read: asks for the fact.
    """

    def collect(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
        repository = store.fact(Repository, scope)
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
            why = Unknown(
                Reason.NOT_ASKED, f"a {visible[0]} repository: only those have this setting"
            )
            yield nothing(kind, scope, why)
            return
        owner = repository.within
        if settled is not None and settled(github, owner):
            why = Unknown(Reason.NOT_ASKED, f"nothing: {owner.name} sets it for all repositories")
            yield nothing(kind, scope, why)
            return
        yield read(github, kind, scope)

    return collect


def _selected(above: type[Any]) -> Callable[[GitHub, type[Any], Subject], Answer[Any]]:
    """Reads a selection where the setting of the same place says that there is one.

    Everywhere else GitHub refuses the question with 409.
    """

    def read(github: GitHub, kind: type[Any], scope: Subject) -> Answer[Any]:
        setting = single_of(github, above, scope)
        if setting.missing is not None or not setting.facts:
            why = setting.missing or Unknown(Reason.NOT_ASKED, "which actions workflows can use")
            return nothing(kind, scope, why)
        allowed: Any = field(setting.facts[0], "allowed")
        if isinstance(allowed, Unknown):
            return nothing(kind, scope, allowed)
        if allowed != "selected":
            return nothing(kind, scope, Unknown(Reason.NOT_ASKED, NO_SELECTION))
        return single_of(github, kind, scope)

    return read


def _organization_selection(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    read = _selected(OrganizationActions)
    yield read(github, OrganizationSelectedActions, scope)


def _each(name: str, kind: type[Fact], price: Price) -> Collector:
    """Asks each repository that has the setting, unless its owner settles it."""
    visible = {Per.PUBLIC: ("public",), Per.PRIVATE: PRIVATE}.get(price.per, EVERY)
    return Collector(
        name,
        (kind,),
        _below(kind, settled=price.spared, visible=visible),
        priced=(replace(price, in_use=True),),
    )


ACTIONS = _settles(OrganizationActions, OrganizationActions.binds)
SELECTION = _settles(OrganizationActions, OrganizationActions.selects)
TOKEN = _settles(OrganizationWorkflowToken, OrganizationWorkflowToken.binds)
SENDING = _settles(OrganizationForkWorkflows, OrganizationForkWorkflows.binds)
COLLECTORS = (
    _each("a repository's Actions", RepositoryActions, Price(Per.REPOSITORY, spared=ACTIONS)),
    Collector(
        "organization selected actions",
        (OrganizationSelectedActions,),
        _organization_selection,
        priced=(Price(at_most=True),),
    ),
    Collector(
        "a repository's selected actions",
        (RepositorySelectedActions,),
        _below(RepositorySelectedActions, settled=SELECTION, read=_selected(RepositoryActions)),
        priced=(Price(Per.REPOSITORY, at_most=True, in_use=True, spared=SELECTION),),
    ),
    _each(
        "a repository's workflow token",
        RepositoryWorkflowToken,
        Price(Per.REPOSITORY, spared=TOKEN),
    ),
    _each("a repository's approval of forks", RepositoryForkApproval, Price(Per.PUBLIC)),
    _each(
        "a repository's private forks",
        RepositoryForkWorkflows,
        Price(Per.PRIVATE, spared=SENDING),
    ),
)
