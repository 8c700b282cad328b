"""The settings of Actions as they count: an organization's own, and a repository's below them.

What an organization restricts, its repositories cannot open again. GitHub documents this for the
actions that may be used ("you cannot override them for the repository") and forks of private
repositories. So it does for the approval of pull requests ("prevented by the owning organization").
It does for the token's default ("if the default is set to the restricted permissions at any of
these levels then this will apply"). It does not hold for the approval of outside contributors:
there a repository's own setting overrides the organization's.
"""

from __future__ import annotations

from typing import Any

from hardenme.facts.github.actions import (
    RESTRICTED,
    ActionsPolicy,
    ForkApprovalPolicy,
    ForkWorkflowsPolicy,
    OrganizationActions,
    OrganizationForkApproval,
    OrganizationForkWorkflows,
    OrganizationWorkflowToken,
    RepositoryActions,
    RepositoryForkApproval,
    RepositoryForkWorkflows,
    RepositoryWorkflowToken,
    SettingPlace,
    WorkflowTokenPolicy,
)
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.selected_actions import (
    OrganizationSelectedActions,
    RepositorySelectedActions,
    SelectedActionsPolicy,
)
from hardenme.model.fact import Fact
from hardenme.model.known import field
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

Maybe = Fact | Unknown
SELECTION = ("github_owned", "verified", "patterns")


def organization_actions(own: OrganizationActions) -> ActionsPolicy:
    """An organization's own setting."""
    return ActionsPolicy(
        **_identity(own),
        allowed=field(own, "allowed"),
        pinned=field(own, "pinned"),
        at=_at(own.subject.name, _off(own)),
    )


def repository_actions(
    repository: Repository,
    own: RepositoryActions | Unknown,
    organization: OrganizationActions | Unknown,
) -> ActionsPolicy:
    """What counts in a repository."""
    above = _above(repository, organization)
    return ActionsPolicy(
        **_identity(repository),
        allowed=_bound(above, own, "allowed", RESTRICTED),
        pinned=_bound(above, own, "pinned", {True}),
        at=_place(repository, _off(own, above)),
    )


def organization_selection(own: OrganizationSelectedActions) -> SelectedActionsPolicy:
    """An organization's own selection."""
    return SelectedActionsPolicy(**_identity(own), **{name: field(own, name) for name in SELECTION})


def repository_selection(
    repository: Repository,
    own: RepositorySelectedActions | Unknown,
    organization: OrganizationSelectedActions | Unknown,
    actions: OrganizationActions | Unknown,
) -> SelectedActionsPolicy:
    """What counts in a repository: the organization's selection, if the organization selects."""
    above = _above(repository, actions)
    bound = above is not None and field(above, "allowed") == "selected"
    counts = _of_subject(repository.within, organization) if bound else own
    if counts is None:
        counts = _why(organization)
    return SelectedActionsPolicy(
        **_identity(repository), **{name: _of(counts, name) for name in SELECTION}
    )


def organization_token(
    own: OrganizationWorkflowToken, actions: OrganizationActions | Unknown
) -> WorkflowTokenPolicy:
    """An organization's own setting."""
    return WorkflowTokenPolicy(
        **_identity(own),
        default=field(own, "default"),
        approves=field(own, "approves"),
        at=_at(own.subject.name, _off(_same(own, actions))),
    )


def repository_token(
    repository: Repository,
    own: RepositoryWorkflowToken | Unknown,
    organization: OrganizationWorkflowToken | Unknown,
    actions: RepositoryActions | Unknown,
) -> WorkflowTokenPolicy:
    """What counts in a repository."""
    above = _above(repository, organization)
    return WorkflowTokenPolicy(
        **_identity(repository),
        default=_bound(above, own, "default", {"read"}),
        approves=_bound(above, own, "approves", {False}),
        at=_place(repository, _off(actions)),
    )


def organization_fork_approval(
    own: OrganizationForkApproval, actions: OrganizationActions | Unknown
) -> ForkApprovalPolicy:
    """An organization's default."""
    return ForkApprovalPolicy(
        **_identity(own),
        policy=field(own, "policy"),
        at=_at(own.subject.name, _off(_same(own, actions))),
    )


def repository_fork_approval(
    repository: Repository,
    own: RepositoryForkApproval | Unknown,
    actions: RepositoryActions | Unknown,
) -> ForkApprovalPolicy:
    """What counts in a repository; only public ones have the setting."""
    idle = _seen_by_others(repository, {"private", "internal"}, "private") or _off(actions)
    return ForkApprovalPolicy(
        **_identity(repository),
        policy=_of(own, "policy"),
        at=_place(repository, idle),
    )


def organization_fork_workflows(
    own: OrganizationForkWorkflows, actions: OrganizationActions | Unknown
) -> ForkWorkflowsPolicy:
    """An organization's own setting."""
    return ForkWorkflowsPolicy(
        **_identity(own),
        **{name: field(own, name) for name in ("runs", "write_tokens", "secrets", "waits")},
        at=_at(own.subject.name, _off(_same(own, actions))),
    )


def repository_fork_workflows(
    repository: Repository,
    own: RepositoryForkWorkflows | Unknown,
    organization: OrganizationForkWorkflows | Unknown,
    actions: RepositoryActions | Unknown,
) -> ForkWorkflowsPolicy:
    """What counts in a repository; only private ones have the setting."""
    above = _above(repository, organization)
    idle = _seen_by_others(repository, {"public"}, "public") or _off(actions)
    return ForkWorkflowsPolicy(
        **_identity(repository),
        **{name: _bound(above, own, name, {False}) for name in ("runs", "write_tokens", "secrets")},
        waits=_bound(above, own, "waits", {True}),
        at=_place(repository, idle),
    )


def _identity(fact: Repository | Fact) -> dict[str, Any]:
    return {
        "subject": fact.subject,
        "within": fact.subject,
        "label": fact.label,
        "web": field(fact, "web"),
    }


def _above(repository: Repository, organization: Maybe) -> Fact | None:
    """The setting of the organization that the repository was listed of; not of another one."""
    return _of_subject(repository.within, organization)


def _same(own: Fact, other: Maybe) -> Fact | None:
    """Another fact of the same subject; None if it is not known, or of another one."""
    return _of_subject(own.subject, other)


def _of_subject(subject: Subject, fact: Maybe) -> Fact | None:
    return None if isinstance(fact, Unknown) or fact.subject != subject else fact


def _why(fact: Maybe) -> Unknown:
    """Why the fact of the organization is not known; a fact of another one does not count."""
    if isinstance(fact, Unknown):
        return fact
    return Unknown(Reason.NOT_ASKED, "the organization's selection of actions")


def _of(fact: Maybe, name: str) -> Any:
    return fact if isinstance(fact, Unknown) else field(fact, name)


def _bound(above: Fact | None, own: Maybe, name: str, restrictive: Any) -> Any:
    """The organization's value where it binds, else the repository's own."""
    value = None if above is None else field(above, name)
    return value if not isinstance(value, Unknown) and value in restrictive else _of(own, name)


def _off(*facts: Fact | Unknown | None) -> Any:
    """`disabled` where Actions are known to be off; an unknown if an answer does not say it."""
    unsaid: Any = ""
    for fact in facts:
        if isinstance(fact, Unknown):
            # What no one may read, or was not asked, leaves the setting as it is.
            unsaid = fact if fact.reason is Reason.MALFORMED else unsaid
            continue
        if isinstance(fact, OrganizationActions):
            enabled: Any = field(fact, "enabled_repositories")
            off = enabled == "none"
        elif isinstance(fact, RepositoryActions):
            enabled = field(fact, "enabled")
            off = enabled is False
        else:
            continue
        if isinstance(enabled, Unknown):
            unsaid = enabled
        elif off:
            return "disabled"
    return unsaid


def _seen_by_others(repository: Repository, visibilities: set[str], idle: str) -> Any:
    """Why a setting for repositories of another visibility decides nothing; empty if it may."""
    seen: Any = field(repository, "visibility")
    if isinstance(seen, Unknown):
        return seen
    return idle if seen in visibilities else ""


def _place(repository: Repository, idle: Any) -> Any:
    organization = repository.within.name if repository.within.kind == "org" else ""
    archived: Any = field(repository, "archived")
    if isinstance(archived, Unknown):
        return archived
    return _at(organization, "archived" if archived else idle)


def _at(organization: str, idle: Any) -> Any:
    return idle if isinstance(idle, Unknown) else SettingPlace(organization, idle)


DERIVATIONS = (
    organization_actions,
    repository_actions,
    organization_selection,
    repository_selection,
    organization_token,
    repository_token,
    organization_fork_approval,
    repository_fork_approval,
    organization_fork_workflows,
    repository_fork_workflows,
)
