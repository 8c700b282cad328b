"""Looks up the domains of the accounts' email addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.mail.client import MailLookups
from hardenme.collectors.protocol import Collector
from hardenme.facts.github.account import EmailAddress
from hardenme.facts.mail import DomainRegistration, MailDomain
from hardenme.facts.npm.account import NpmProfile
from hardenme.model.fact import Answer, Fact
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Reason, Unknown

LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
LONGEST = 253
"""Characters of a domain name (RFC 1035 §2.3.4, without the trailing dot)."""


def mail_domain(lookups: MailLookups, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """DNS MX, A and AAAA."""
    fact, domain = _address(scope, store)
    found = domain if isinstance(domain, Unknown) else lookups.mail(domain)
    if fact is None or isinstance(found, Unknown):
        yield _nothing(MailDomain, scope, found)
        return
    told = MailDomain(
        **_place(fact),
        domain=found.domain,
        exists=found.exists,
        receives_mail=found.receives_mail,
    )
    yield Answer(MailDomain, scope, (told,), found.evidence)


def registration(lookups: MailLookups, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """RDAP: the registry's record of the domain."""
    fact, domain = _address(scope, store)
    found = domain if isinstance(domain, Unknown) else lookups.expiry(domain)
    if fact is None or isinstance(found, Unknown):
        yield _nothing(DomainRegistration, scope, found)
        return
    told = DomainRegistration(**_place(fact), domain=found.domain, expires_at=found.expires_at)
    yield Answer(DomainRegistration, scope, (told,), found.evidence)


def _address(scope: Subject, store: FactStore) -> tuple[Fact | None, str | Unknown]:
    """The fact that holds the address, and the address's domain."""
    email = store.fact(EmailAddress, scope)
    profile = store.fact(NpmProfile, scope)
    try:
        text = email.address if email is not None else profile.email if profile is not None else ""
    except NotKnownError as error:
        return None, error.unknown
    try:
        return email or profile, domain_of(text)
    except ValueError as error:
        return None, Unknown(
            Reason.MALFORMED, "an email address with a domain that can be looked up", str(error)
        )


def _place(fact: Fact) -> dict[str, Any]:
    return {"subject": fact.subject, "within": fact.within, "label": fact.label}


def _nothing(kind: type[Fact], scope: Subject, why: Any) -> Answer[Any]:
    return Answer(kind, scope, (), why.evidence, why)


def _loads(_: Subject, __: FactStore) -> tuple[str, ...]:
    return ("hardenme.collectors.mail.names",)


COLLECTORS = (
    Collector("mail domain", (MailDomain,), mail_domain, loads=_loads),
    Collector("domain registration", (DomainRegistration,), registration),
)


def domain_of(address: str) -> str:
    """The domain after the last `@`, in lower case and ASCII.

    Raises:
        ValueError: none can be looked up: no `@`, a literal address, a single label, or letters
            that the two IDNA standards write differently.
    """
    _, at, domain = address.rpartition("@")
    domain = unicodedata.normalize("NFC", domain.strip().rstrip(".")).lower()
    if not at or not domain:
        raise ValueError("no domain")
    name = domain if domain.isascii() else _to_ascii(domain)
    labels = name.split(".")
    if len(labels) == 1 or len(name) > LONGEST or labels[-1].isdigit():
        raise ValueError("no domain name")
    if not all(LABEL.fullmatch(label) for label in labels):
        raise ValueError("no domain name")
    return name


def _to_ascii(domain: str) -> str:
    name = domain.encode("idna").decode("ascii")
    # The codec follows IDNA 2003, which turns `ß` into `ss`: that is another domain.
    if name.encode("ascii").decode("idna") != domain:
        raise ValueError("letters that the IDNA standards write differently")
    return name
