"""Checks of who works on an organization's repositories without belonging to it."""

from hardenme.facts.github.people import OutsideAccess, OutsideTwoFactor
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, Passed, Verdict
from hardenme_checks.wording import count

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
    """The outside collaborator signs in with a second factor that is no text message.

    ## Why
    An outside collaborator pushes to your code from an account that you do not manage. A guessed
    password, or a telephone number that was taken over, is enough to do so in that name.

    ## Fix
    Ask for a passkey or an authenticator app, and remove the access where nobody answers. Where the
    organization requires two-factor authentication, that binds outside collaborators too.

    ## Limits
    GitHub shows it to the organization's owners only, and calls only text messages insecure.
    """
    known = factor.unknown_fields()
    login, organization = factor.label, factor.within.name
    page = factor.page("org-outside-collaborators", org=organization)
    command = factor.deletes()
    if "insecure" not in known and factor.insecure:
        return Failed(
            "a text message is one of the second factors",
            {"2fa_insecure": True},
            fix=Fix(
                f"{login} adds a passkey or an authenticator app, then removes the telephone"
                " number; without an answer, remove the access",
                page=page,
                command=command,
                needs="organization owner; the command removes the access and needs the scope"
                " admin:org",
                undo="Invite the account to its repositories again",
            ),
        )
    if factor.enabled:
        seen: Seen = {"2fa_disabled": False, "2fa_insecure": factor.insecure}
        return Passed("two-factor authentication is on, and not by text message", seen)
    return Failed(
        "two-factor authentication is off",
        {"2fa_disabled": True},
        fix=Fix(
            f"{login} turns on two-factor authentication; without an answer, remove the access",
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
    """The outside collaborator manages no repository.

    ## Why
    Who administers or maintains a repository changes its protection, its secrets and its people.
    Somebody who is not in the organization escapes what binds members: its second factor, its
    single sign-on, the list that is looked through when people leave.

    ## Fix
    Give the role that the work takes, mostly write. Make a member of who really runs it.

    ## Limits
    Archived repositories, and those that the run leaves out, are not looked at.
    """
    if not access.powerful:
        seen: Seen = {"highest": access.highest, "repositories": access.repositories}
        return Passed(f"at most {access.highest} on {_repositories(access.repositories)}", seen)
    first, number = access.powerful[0], len(access.powerful)
    others = f", and on {count(number - 1, 'other')} likewise" if number > 1 else ""
    return Failed(
        f"administers or maintains {first}{others}",
        {"repositories": list(access.powerful[:NAMED]), "count": number},
        fix=Fix(
            f"Give {access.login} the role that the work takes on {first}{others}",
            page=access.page("org-outside-collaborators", org=access.within.name),
            command=access.gh(
                "api",
                "-X",
                "PUT",
                f"repos/{first}/collaborators/{access.login}",
                "-f",
                "permission=push",
            ),
            needs="repository admin; the command needs the scope repo",
            undo="Give the former role again, by the same command with `permission=admin` or"
            " `permission=maintain`",
        ),
    )


def _repositories(number: int) -> str:
    return "1 repository" if number == 1 else f"{number} repositories"


CHECKS = (outside_collaborator_two_factor, outside_collaborator_minimal)
