"""What no API shows and a person has stated, dated and for a limited time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hardenme.facts.github.account import Account
from hardenme.facts.github.site import GitHubFact
from hardenme.facts.npm.package import Package
from hardenme.facts.npm.site import NpmFact
from hardenme.model.fact import key
from hardenme.model.permission import NOTHING
from hardenme.model.unknown import Reason, Unknown


def no_one_answered(unknown: Unknown) -> bool:
    """Whether a statement is not known because none was made, and not because it does not count."""
    return unknown.reason is Reason.NOT_ASKED


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFactors(GitHubFact):
    """Which 2FA an account has (subject `github:user/LOGIN`).

    GitHub shows them to no one but the person at the settings page. So they are known from the
    answer that this person gave to ATT101.

    Attributes:
        resistant: two that cannot be phished, one of them kept elsewhere, and no text message.

    Class attributes:
        asked_by: the check whose question it answers.
        question: what a person is asked, word for word.
        stands_in_for: the checks that a yes answers too, where the token is not shown what they go
            by.
    """

    asked_at = "attested"
    requirement = NOTHING
    source = "hardenme attest ATT101"
    noun = "statement about 2FA"
    listed_by = Account
    asked_by: ClassVar[str] = "ATT101"
    question: ClassVar[str] = (
        "Does the account have two passkeys or security keys, one of them kept elsewhere, and no"
        " text message (SMS) as a factor?"
    )

    stands_in_for: ClassVar[frozenset[str]] = frozenset({"GHA101"})

    resistant: bool = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishingAccess(NpmFact):
    """How a package's page sets who may publish it (subject `npm:package/PACKAGE`).

    npm takes this setting and shows it on its page, but has no request that reads it. So it is
    known from the answer that a person gave to NPP106.

    Attributes:
        package: the package's name.
        disallows_tokens: "Require two-factor authentication and disallow tokens" is chosen.

    Class attributes:
        asked_by: the check whose question it answers.
        question: what a person is asked, word for word.
    """

    asked_at = "attested"
    requirement = NOTHING
    source = "hardenme attest NPP106"
    noun = "statement about who may publish"
    listed_by = Package
    asked_by: ClassVar[str] = "NPP106"
    question: ClassVar[str] = 'Is "Require two-factor authentication and disallow tokens" chosen?'

    package: str = key()
    disallows_tokens: bool = key()
