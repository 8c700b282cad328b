"""The two kinds of look-up of a mail domain, each done once for a domain and run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hardenme.collectors.mail.answers import MailAnswer, RegistrationAnswer
from hardenme.collectors.mail.registries import BOOTSTRAP, QUICK, Registries
from hardenme.collectors.memo import Memo
from hardenme.collectors.transport.bounds import Bounds
from hardenme.ground.distribution import install
from hardenme.model.unknown import Reason, Unknown


@dataclass(frozen=True, slots=True)
class MailLookups:
    """Asks name servers and registries about mail domains; nothing but the domain is sent.

    Attributes:
        resolver: dnspython's; None for this machine's name servers.
        registries: the registries' public records.
    """

    resolver: Any
    registries: Registries
    _memo: Memo = field(default_factory=Memo)

    @classmethod
    def public(cls, ca_file: str = "") -> MailLookups:
        """By this machine's name servers and IANA's list of registries; nothing is asked yet.

        Args:
            ca_file: certificate authorities in place of the usual ones; empty for these.
        """
        return cls(None, Registries(ca_file=ca_file))

    @classmethod
    def by(cls, resolver: Any, bootstrap: str = BOOTSTRAP, bounds: Bounds = QUICK) -> MailLookups:
        """By a resolver of dnspython (None for the usual one) and a list of registries."""
        return cls(resolver, Registries(bootstrap, bounds))

    def mail(self, domain: str) -> MailAnswer | Unknown:
        """Whether the domain exists and receives mail."""
        found: MailAnswer | Unknown = self._memo.get(("mail", domain), lambda: self._mail(domain))
        return found

    def expiry(self, domain: str) -> RegistrationAnswer | Unknown:
        """When the domain's registration ends."""
        found: RegistrationAnswer | Unknown = self._memo.get(
            ("expiry", domain), lambda: self.registries.expiry(domain)
        )
        return found

    def _mail(self, domain: str) -> MailAnswer | Unknown:
        try:
            from hardenme.collectors.mail import names  # noqa: PLC0415 (dnspython is an extra)
        except ImportError:
            return Unknown(
                Reason.NOT_ASKED,
                f"the extra that looks up domains: {install('dns')}",
                "dnspython is not installed",
            )
        return names.look_up(self.resolver, domain)
