"""What a person can be asked about an account or an organization, where no API shows it."""

from hardenme.facts.github.account import Account, AccountPractice
from hardenme.facts.github.organization import OrganizationPractice, OrganizationSecurity
from hardenme.model.known import field
from hardenme.model.practice import practice_of
from hardenme.model.unknown import Unknown


def account_practice(account: Account) -> AccountPractice:
    """What the account's owner does."""
    return AccountPractice(
        subject=practice_of(account.subject),
        within=account.subject,
        label=account.label,
        web=account.web,
        login=field(account, "login"),
    )


def organization_practice(security: OrganizationSecurity) -> OrganizationPractice | Unknown:
    """What an organization's owners do; only who sees what owners see can be asked."""
    seen = field(security, "two_factor_required")
    if isinstance(seen, Unknown):
        return seen
    return OrganizationPractice(
        subject=practice_of(security.subject),
        within=security.subject,
        label=security.label,
        web=security.web,
        name=security.subject.name,
    )
