"""What its owner can be asked about an account, where no API tells."""

from hardenme.derive.field import field
from hardenme.facts.github.account import Account, AccountPractice
from hardenme.model.practice import practice_of


def account_practice(account: Account) -> AccountPractice:
    """What the account's owner does."""
    return AccountPractice(
        subject=practice_of(account.subject),
        within=account.subject,
        label=account.label,
        web=account.web,
        login=field(account, "login"),
    )
