"""Checks of an organization's outside collaborators."""

from hardenme.facts.github.people import OutsideAccess, OutsideTwoFactor
from hardenme.model.check import check
from hardenme.model.commands import lines
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, Passed, Verdict
from hardenme_checks.wording import listing

NAMED = 10
"""Repositories that the evidence names; all are counted."""


@check(
    "GHO104",
    "outside-collaborator-two-factor",
    title="Outside collaborator has no 2FA, or 2FA by text message",
    severity=Severity.HIGH,
    since="0.1",
)
def outside_collaborator_two_factor(factor: OutsideTwoFactor) -> Verdict:
    """The outside collaborator has 2FA that accepts no codes by text message.

    ## Why
    A guessed password or hijacked phone number is enough to push as the outside collaborator.

    ## Fix
    Ask for a passkey or authenticator app, and remove the access if there is no answer. Requiring
    2FA in the organization covers outside collaborators too.

    ## Limits
    - GitHub shows this to organization owners only.
    - GitHub calls only text messages insecure.
    """
    known = factor.unknown_fields()
    login, organization = factor.label, factor.within.name
    page = factor.page("org-outside-collaborators", org=organization)
    command = factor.deletes()
    if "insecure" not in known and factor.insecure:
        return Failed(
            "2FA codes can be sent by text message",
            {"2fa_insecure": True},
            fix=Fix(
                f"Ask {login} to add a passkey or an authenticator app, and to remove the phone"
                " number. Remove the access if there is no answer",
                page=page,
                command=command,
                needs="organization owner; the command removes the access and needs the scope"
                " admin:org",
                undo="Invite the account to its repositories again",
            ),
        )
    if factor.enabled:
        seen: Seen = {"2fa_disabled": False, "2fa_insecure": factor.insecure}
        return Passed("2FA is on, without text messages", seen)
    return Failed(
        "2FA is off",
        {"2fa_disabled": True},
        fix=Fix(
            f"Ask {login} to turn on 2FA. Remove the access if there is no answer",
            page=page,
            command=command,
            needs="organization owner; the command removes the access and needs the scope"
            " admin:org",
            undo="Invite the account to its repositories again",
        ),
    )


@check(
    "GHO123",
    "outside-collaborator-minimal",
    title="Outside collaborator manages the organization's repositories",
    severity=Severity.HIGH,
    since="0.1",
)
def outside_collaborator_minimal(access: OutsideAccess) -> Verdict:
    """The outside collaborator has no admin or maintain role.

    ## Why
    The admin and maintain roles can change settings and access, and outside collaborators escape
    single sign-on and access reviews.

    ## Fix
    Change the role to the one that the work needs, usually "Write". Invite people who really run
    the repository as members.

    ## Limits
    - Leaves out archived repositories and those that the run does not cover.
    - A custom role counts as the role it is based on. One that gives more makes the result unknown:
      GitHub does not show who has it.
    """
    if not access.powerful:
        seen: Seen = {"highest": access.highest, "repositories": access.repositories}
        return Passed(f"at most {access.highest} on {_repositories(access.repositories)}", seen)
    repositories = list(access.powerful)
    where = f"repos/{{}}/collaborators/{access.login}"
    page = access.page("org-outside-collaborators", org=access.within.name)
    if len(repositories) == 1:
        # Its admins open it, and the organization's list is for owners.
        page = access.page("repo-access", repo=repositories[0])
    return Failed(
        f"has the admin or maintain role on {listing(repositories, NAMED)}",
        {"repositories": repositories[:NAMED], "count": len(repositories)},
        fix=Fix(
            f"Give {access.login} the role that the work needs on {', '.join(repositories)}",
            page=page,
            command=lines(
                access.gh("api", "-X", "PUT", where.format(one), "-f", "permission=push")
                for one in repositories
            ),
            needs="repository admin; the command needs the scope repo",
            undo="Run the same command with `permission=admin` or `permission=maintain`",
        ),
    )


def _repositories(number: int) -> str:
    return "1 repository" if number == 1 else f"{number} repositories"
