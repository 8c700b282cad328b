"""The domain of an account's email address: who owns it can reset the account's password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hardenme.facts.github.account import EmailAddress
from hardenme.facts.npm.account import NpmProfile
from hardenme.model.fact import Fact, given, key
from hardenme.model.permission import NOTHING

OPT_IN = "--network-lookups"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFact(Fact):
    """The base of facts about the domain of an address, which no token is needed for.

    Their subject is `github:email/ADDRESS`, or the npm account.
    """

    asked_at = "mail"
    found_by = (EmailAddress, NpmProfile)
    requirement = NOTHING
    opt_in = OPT_IN


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDomain(MailFact):
    """What the domain name system says of the domain of an address.

    Attributes:
        domain: the domain.
        exists: the name is known.
        receives_mail: it has a mail exchanger, or an address that takes its place (RFC 5321 §5.1).
    """

    source = "DNS MX, A, AAAA"

    domain: str = given("the address")
    exists: bool = key("MX", "A", "AAAA")
    receives_mail: bool = key("MX", "A", "AAAA")


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainRegistration(MailFact):
    """When the registration of the domain of an address ends.

    Attributes:
        domain: the registered domain.
        expires_at: when it ends.
    """

    source = "GET /domain/{domain} (RDAP; RFC 9083 §4.5), GET /rdap/dns.json (RFC 9224)"
    gates = ("services",)

    domain: str = given("the address")
    expires_at: datetime = key("events/eventDate", "events/eventAction")
