"""What an organization or an enterprise has against a token, whatever permissions it holds.

No permission helps against these, so that each says what does. One table holds the sentences that
GitHub answers with 403, or as the message of a GraphQL error.

Source: GitHub's documentation of token policies, IP allow lists, OAuth app access restrictions and
SAML single sign-on; the sentences are as users report them from the live API.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from hardenme.model.unknown import Reason

NAME = re.compile(r"[`'](?P<name>[\w.-]{1,60})[`']")
"""A login, as the sentences quote it; what else is quoted is a display name, and left out."""


class Policy(Enum):
    """What refuses a token."""

    LIFETIME = auto()
    NO_CLASSIC = auto()
    NO_FINE_GRAINED = auto()
    ADDRESS = auto()
    OAUTH_APPS = auto()
    SIGN_ON = auto()
    SUSPENDED_APP = auto()
    SUSPENDED_ACCOUNT = auto()
    BLOCKED = auto()


@dataclass(frozen=True, slots=True)
class Barred:
    """A policy that was seen to refuse a token.

    Attributes:
        name: the login of whose it is, in lower case; empty if the sentence does not say.
        reason: why nothing is known.
        needed: what helps.
    """

    policy: Policy
    name: str
    reason: Reason
    needed: str


@dataclass(frozen=True, slots=True)
class _Row:
    policy: Policy
    said: re.Pattern[str]
    needed: str
    reason: Reason = Reason.NOT_PERMITTED


def _row(policy: Policy, said: str, needed: str, reason: Reason = Reason.NOT_PERMITTED) -> _Row:
    return _Row(policy, re.compile(said, re.IGNORECASE), needed, reason)


TABLE = (
    _row(
        Policy.LIFETIME,
        r"forbids access via a .{0,60}if the token's lifetime is greater than (?P<days>\d{1,5}) ",
        "a token that expires within {days} days: {whose} refuses a longer lifetime",
    ),
    _row(
        Policy.NO_CLASSIC,
        r"forbids access via a personal access tokens? \(classic\)(?=\.|$)",
        "a fine-grained token: {whose} does not admit classic ones",
    ),
    _row(
        Policy.NO_FINE_GRAINED,
        r"forbids access via a fine-grained personal access tokens?(?=\.|$)",
        "a GitHub App's token, or a classic one: {whose} does not admit fine-grained tokens",
    ),
    _row(
        Policy.ADDRESS,
        r"has an IP allow list enabled",
        "a run from an address on the IP allow list of {whose}",
    ),
    _row(
        Policy.OAUTH_APPS,
        r"has enabled OAuth App access restrictions",
        "an OAuth app that an owner of {whose} approved, or a fine-grained token",
    ),
    _row(
        Policy.SIGN_ON,
        r"protected by organization SAML enforcement",
        "a token that is authorized for the organization's single sign-on:"
        ' "Configure SSO" next to it'
        " next to it in your settings",
        Reason.NEEDS_SSO,
    ),
    _row(
        Policy.SUSPENDED_APP,
        r"this installation has been suspended",
        "an installation of the GitHub App that is not suspended",
    ),
    _row(
        Policy.SUSPENDED_ACCOUNT,
        r"your account was suspended",
        "a token of an account that is not suspended",
    ),
    _row(
        Policy.BLOCKED,
        r"repository access blocked|trade controls law restrictions",
        "GitHub to lift its block: no token is shown this",
        Reason.NOT_VISIBLE,
    ),
)
"""The sentences, and what helps with each."""


def barred(message: str) -> Barred | None:
    """The policy that an error's message names; None if it names none."""
    text = " ".join(message.split())
    for row in TABLE:
        found = row.said.search(text)
        if found is not None:
            named = NAME.search(text, 0, found.start())
            name = named["name"] if named else ""
            words = {"whose": name or "the organization or its enterprise", **found.groupdict()}
            return Barred(row.policy, name.lower(), row.reason, row.needed.format(**words))
    return None
