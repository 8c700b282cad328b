"""What the domain name system says of a mail domain (RFC 5321 §5.1, RFC 7505).

It needs dnspython, which is an extra: import this module only where that is certain.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, Resolver

from hardenme.collectors.mail.answers import MailAnswer
from hardenme.ground import clock
from hardenme.model.evidence import Atom
from hardenme.model.unknown import Reason, Unknown

SECONDS = 5.0
"""For one question, all name servers and repetitions together."""
PER_SERVER = 2.0
"""Seconds for one try at one name server."""
MOST_EXCHANGERS = 5
"""Mail exchangers whose addresses are asked for."""
FOUND = 200
NO_SUCH_NAME = 404
NO_MAIL = "."
"""The exchanger that says that a domain takes no mail (RFC 7505)."""


class _NoSuchNameError(Exception):
    """The domain name system knows no such name."""


def look_up(resolver: Resolver | None, domain: str) -> MailAnswer | Unknown:
    """Whether a domain exists and receives mail.

    Args:
        resolver: who asks; None for this machine's name servers.
        domain: in ASCII, without a trailing dot.
    """
    evidence: list[Atom] = []
    try:
        receives = _Question(resolver or _usual(), evidence).receives(domain)
    except _NoSuchNameError:
        return MailAnswer(domain, exists=False, receives_mail=False, evidence=tuple(evidence))
    except (DNSException, OSError) as error:
        return Unknown(
            Reason.UNREACHABLE,
            f"a name server has to answer for {domain}; check the network and run again",
            type(error).__name__,
            tuple(evidence),
        )
    if isinstance(receives, Unknown):
        return receives
    return MailAnswer(domain, exists=True, receives_mail=receives, evidence=tuple(evidence))


def _usual() -> Resolver:
    """A resolver that asks this machine's name servers, within bounds of time."""
    resolver = Resolver()
    resolver.timeout, resolver.lifetime = PER_SERVER, SECONDS
    return resolver


class _Question:
    """The look-up of one domain; the list of evidence grows by each answer."""

    def __init__(self, resolver: Resolver, evidence: list[Atom]) -> None:
        self.resolver = resolver
        self.evidence = evidence

    def receives(self, domain: str) -> bool | Unknown:
        """Whether the domain receives mail.

        Raises:
            _NoSuchNameError: it does not exist.
            DNSException: no name server gave an answer.
        """
        exchangers = self._records(domain, "MX")
        if not exchangers:
            return self._has_address(domain)
        ordered = sorted((record.preference, str(record.exchange)) for record in exchangers)
        hosts = [host for _, host in ordered if host != NO_MAIL]
        if self._any_has_address(hosts[:MOST_EXCHANGERS]):
            return True
        if len(hosts) <= MOST_EXCHANGERS:
            return False
        return Unknown(
            Reason.INCOMPLETE,
            f"{domain} names {len(hosts)} mail exchangers, of which {MOST_EXCHANGERS} were asked"
            " for; look at them by hand",
            "none of those that were asked for has an address",
            tuple(self.evidence),
        )

    def _any_has_address(self, hosts: Iterable[str]) -> bool:
        """Whether one of the hosts has an address; a failure counts only where none has."""
        lost: Exception | None = None
        for host in hosts:
            try:
                if self._has_address(host):
                    return True
            except _NoSuchNameError:
                continue
            except (DNSException, OSError) as error:
                lost = error
        if lost is not None:
            raise lost
        return False

    def _has_address(self, name: str) -> bool:
        return bool(self._records(name, "A") or self._records(name, "AAAA"))

    def _records(self, name: str, kind: str) -> list[Any]:
        absolute = name if name.endswith(".") else f"{name}."
        try:
            answer = self.resolver.resolve(absolute, kind, search=False, raise_on_no_answer=False)
        except NXDOMAIN as error:
            self._note(kind, name, NO_SUCH_NAME)
            responses: dict[Any, Any] = error.kwargs["responses"]
            # An alias that leads nowhere is a name that exists.
            if any(response.answer for response in responses.values()):
                return []
            raise _NoSuchNameError(name) from None
        self._note(kind, name, FOUND)
        return list(answer.rrset or ())

    def _note(self, kind: str, name: str, status: int) -> None:
        endpoint = f"DNS {kind} {name.removesuffix('.')}"
        self.evidence.append(Atom(endpoint, status, clock.now()))
