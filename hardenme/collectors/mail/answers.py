"""What the two kinds of look-up answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hardenme.model.evidence import Atom


@dataclass(frozen=True, slots=True)
class MailAnswer:
    """What the domain name system says of a mail domain.

    Attributes:
        exists: the name is known.
        receives_mail: it has a mail exchanger with an address, or an address in its place.
        evidence: the questions that were answered.
    """

    domain: str
    exists: bool
    receives_mail: bool
    evidence: tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class RegistrationAnswer:
    """When a registration ends.

    Attributes:
        domain: the registered domain.
        expires_at: when it ends, in UTC.
        evidence: the answers that were read.
    """

    domain: str
    expires_at: datetime
    evidence: tuple[Atom, ...]
