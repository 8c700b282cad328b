"""Checks of who works on a repository: administrators, outsiders, and whom it waits for."""

from dataclasses import replace

from hardenme.facts.github.collaborators import (
    CollaboratorInvitation,
    RepositoryAdministrators,
    RepositoryOutsideCollaborator,
)
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.site import full_name
from hardenme.model.check import check
from hardenme.model.compensation import until_then
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits, Now
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.wording import count

ADMIN = "repository admin"
PEOPLE = {1: "1 person administers it"}
POWERFUL = frozenset({"admin", "maintain"})


def _administer(number: int) -> str:
    return PEOPLE.get(number, f"{number} people administer it")


@check(
    "GHR112",
    "repo-admin-count",
    title="Repository has too few or too many admins",
    severity=Severity.MEDIUM,
    since="0.1",
)
def repo_admin_count(
    admins: RepositoryAdministrators, repository: Repository, limits: Limits
) -> Verdict:
    """More than one person administers the repository, and not too many do.

    ## Why
    An administrator can turn off every rule of the repository, and delete it. Each one more is one
    more account to steal. With only one, nobody is left when that account is lost.

    ## Fix
    Give most people the Write or Maintain role. If there is one administrator only, make a second
    one whom you trust. A person's own repository has one administrator, so that takes moving it to
    an organization; for one person alone this is information.

    ## Limits
    Counts people, by whatever way they came to it: directly, through a team, as an owner of the
    organization, or because every member administers. Apps are not counted. Nobody can push to an
    archived repository, so there it does not apply.
    """
    if repository.archived:
        return NotApplicable("archived: nobody can push", {"isArchived": True})
    page = admins.page("repo-access", repo=full_name(admins))
    if admins.least > limits.repository_admins_most:
        return Failed(
            f"at least {admins.least} people administer it",
            {"administrators": admins.least},
            fix=Fix(
                "Give those who need not change settings the role Write or Maintain",
                page=page,
                needs=ADMIN,
                undo="Choose the role Admin again on the same page",
            ),
        )
    seen: Seen = {"administrators": admins.count}
    if limits.repository_admins_least <= admins.count:
        return Passed(_administer(admins.count), seen)
    if repository.in_organization:
        fix = Fix(
            "Choose the role Admin for a second person whom you trust",
            page=page,
            needs=ADMIN,
            undo="Choose the former role again on the same page",
        )
    else:
        fix = Fix(
            "Choose Transfer ownership, to an organization that two people own",
            page=admins.page("repo-settings", repo=full_name(admins)),
            needs="the repository's owner",
            undo="Transfer it back",
        )
    alone = limits.solo and admins.count == 1
    if alone:
        fix = replace(fix, step=f"{fix.step}{until_then('GHR112')}")
    return Failed(
        _administer(admins.count), seen, fix=fix, severity=Severity.INFO if alone else None
    )


@check(
    "GHR113",
    "repo-outside-collaborator-minimal",
    title="Outside collaborator has the admin or maintain role",
    severity=Severity.HIGH,
    since="0.1",
)
def repo_outside_collaborator_minimal(person: RepositoryOutsideCollaborator) -> Verdict:
    """The outside collaborator can neither change settings nor manage the repository.

    ## Why
    The organization's rules for its members, such as a second factor, do not reach outsiders, and
    nobody notices when one leaves their work. With these roles the account changes rules, invites
    others and reads secrets' names.

    ## Fix
    Give the person the role that the work takes, mostly Write or Triage. Somebody who should manage
    the repository should be a member.

    ## Limits
    A role that the organization made itself counts as the one that it is built on. People's own
    repositories have no such roles for others.
    """
    seen: Seen = {"permission": person.permission}
    if person.permission not in POWERFUL:
        return Passed(f"an outsider with the role {person.permission}", seen)
    name, login = full_name(person), person.login
    path = f"repos/{name}/collaborators/{login}"
    return Failed(
        f"an outsider with the role {person.permission}",
        seen,
        fix=Fix(
            "Choose a role that neither manages nor administers, or remove the person",
            page=person.page("repo-access", repo=name),
            command=person.gh("api", "-X", "PUT", path, "-f", "permission=push"),
            needs=ADMIN,
            undo=f"Choose the role {person.permission} again on the same page",
        ),
    )


@check(
    "GHR114",
    "repo-invitation-recent",
    title="Repository invitation has been pending too long",
    severity=Severity.LOW,
    since="0.1",
)
def repo_invitation_recent(offer: CollaboratorInvitation, now: Now, limits: Limits) -> Verdict:
    """Nobody was invited to the repository long ago and has not answered.

    ## Why
    An offer that is forgotten stays open for whoever gets hold of the account that it was sent to,
    and nobody looks at it again.

    ## Fix
    Ask the person, or cancel the invitation. A new one takes a minute.

    ## Limits
    An invitation that ran out can still be on GitHub's list: cancel it all the same.
    """
    age = now.days_since(offer.created_at)
    seen: Seen = {"created_at": offer.created_at.isoformat(), "permissions": offer.permissions}
    sent = f"sent {count(age, 'day')} ago, with the role {offer.permissions}"
    if age <= limits.invitation_days:
        return Passed(sent, seen)
    return Failed(
        f"unanswered: {sent}",
        seen,
        fix=Fix(
            "Cancel the invitation, unless the person is about to answer",
            page=offer.page("repo-access", repo=full_name(offer)),
            command=offer.deletes(),
            needs=ADMIN,
            undo="Invite the person again",
        ),
    )


CHECKS = (repo_admin_count, repo_outside_collaborator_minimal, repo_invitation_recent)
