"""The domain of an account's e-mail address: who owns it can reset the account's password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hardenme.model.fact import Fact, key
from hardenme.model.permission import NOTHING, Requirement

OPT_IN = "--network-lookups"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDomain(Fact):
    """What the domain name system says of the domain of an address.

    Attributes:
        domain: the domain.
        exists: the name is known.
        receives_mail: it has a mail exchanger, or an address that takes its place (RFC 5321 §5.1).
    """

    requirement: ClassVar[Requirement] = NOTHING
    source: ClassVar[str] = "DNS MX, A, AAAA"
    opt_in: ClassVar[str] = OPT_IN

    domain: str = key()
    exists: bool = key()
    receives_mail: bool = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainRegistration(Fact):
    """When the registration of the domain of an address ends.

    Attributes:
        domain: the registered domain.
        expires_at: when it ends.
    """

    requirement: ClassVar[Requirement] = NOTHING
    source: ClassVar[str] = "RDAP domain events (RFC 9083 §4.5)"
    opt_in: ClassVar[str] = OPT_IN

    domain: str = key()
    expires_at: datetime = key()
