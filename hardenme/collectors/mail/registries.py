"""When a domain's registration ends, from its registry's public record (RDAP).

The registry's server is found in IANA's list (RFC 9224). A registry may have none, and a record may
lack the expiry: then it is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from hardenme.collectors.mail.answers import RegistrationAnswer
from hardenme.collectors.memo import Memo
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.bounds import Bounds
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.collectors.transport.session import Session, Wait
from hardenme.model.evidence import Atom
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.values import moment

BOOTSTRAP = "https://data.iana.org/rdap/dns.json"
"""IANA's list of the registries' servers."""
MOST_REQUESTS = 3
"""Names of one domain that a registry is asked for."""
TOO_MANY = 429
PAUSE = 60.0
"""Seconds to wait where a registry that is asked too often does not say how long."""
NOT_THIS_NAME = frozenset({400, 404, 422})
"""What registries answer for a name below a registered one."""
QUICK = Bounds(
    connect=5.0, idle=5.0, deadline=15.0, largest=4 * 1024 * 1024, retries=1, patience=3.0
)
"""A registry that is slow is not worth a long wait."""


class _Anybody:
    """Requests without a credential."""

    def headers(self) -> Mapping[str, str]:
        return {"Accept": "application/rdap+json, application/json"}

    def limited(self, response: Response) -> Wait | None:
        if response.status != TOO_MANY:
            return None
        told = response.headers.get("retry-after", "")
        return Wait(float(told) if told.isdecimal() else PAUSE, "registry's")


class Registries:
    """Asks registries; each host has a guarded session of its own.

    Attributes:
        bootstrap: the address of the list of servers.
        bounds: of time and size, for each request.
        ca_file: certificate authorities in place of the usual ones; empty for these.
    """

    def __init__(
        self, bootstrap: str = BOOTSTRAP, bounds: Bounds = QUICK, ca_file: str = ""
    ) -> None:
        self.bootstrap = bootstrap
        self.bounds = bounds
        self.ca_file = ca_file
        self._memo = Memo()

    def expiry(self, domain: str) -> RegistrationAnswer | Unknown:
        """When the registration of a domain, or of the one that it is below, ends.

        Args:
            domain: in ASCII, without a trailing dot.
        """
        try:
            listing, servers = self._memo.get("bootstrap", self._servers)
        except NoAnswerError as error:
            return error.unknown
        suffix = next((name for name in _upwards(domain) if name in servers), "")
        if not suffix:
            top = domain.rpartition(".")[2]
            return _not_told(domain, f"the registry of .{top} has no RDAP server", (listing,))
        names = [name for name in _upwards(domain) if name.endswith(f".{suffix}")]
        evidence = [listing]
        try:
            for name in names[-MOST_REQUESTS:]:
                response = self._session(servers[suffix]).get(f"/domain/{name}")
                evidence.append(response.atom)
                if response.ok:
                    return _read(name, response, tuple(evidence))
                if response.status not in NOT_THIS_NAME:
                    seen = f"{response.endpoint} answered {response.status}"
                    return _not_told(domain, seen, tuple(evidence))
        except NoAnswerError as error:
            return error.unknown
        return _not_told(domain, "the registry knows no such domain", tuple(evidence))

    def _servers(self) -> tuple[Atom, dict[str, str]]:
        """IANA's list: the server of each suffix; an address that may not be asked is left out.

        Raises:
            NoAnswerError: the list did not arrive, or is not understood.
        """
        parts = urlsplit(self.bootstrap)
        session = self._session(f"{parts.scheme}://{parts.netloc}")
        response = session.get(parts.path)
        data = response.json() if response.ok else None
        services = data.get("services") if isinstance(data, dict) else None
        if not isinstance(services, list):
            raise NoAnswerError(
                Unknown(
                    Reason.MALFORMED,
                    f"{self.bootstrap} must list the registries' servers; run again later",
                    f"status {response.status}",
                    (response.atom,),
                )
            )
        found: dict[str, str] = {}
        for names, addresses in _pairs(services):
            address = next((one for one in addresses if _usable(one, parts.scheme)), None)
            if address is not None:
                found.update(dict.fromkeys((name.lower() for name in names), address))
        return response.atom, found

    def _session(self, base: str) -> Session:
        session: Session = self._memo.get(
            ("session", base),
            lambda: Session(base, _Anybody(), bounds=self.bounds, ca_file=self.ca_file),
        )
        return session


def _pairs(services: list[Any]) -> Iterator[tuple[list[str], list[str]]]:
    """The suffixes and addresses of each entry (RFC 9224 §3); an odd entry is left out."""
    for entry in services:
        lists = entry[:2] if isinstance(entry, list) else []
        if len(lists) == 2 and all(isinstance(part, list) for part in lists):  # noqa: PLR2004 (the two lists)
            names, addresses = ([x for x in part if isinstance(x, str)] for part in lists)
            yield names, addresses


def _usable(address: str, scheme: str) -> bool:
    """Whether an address may be asked: over https, as the list itself."""
    if not address.startswith(f"{scheme}://"):
        return False
    try:
        Session(address, _Anybody())
    except ValueError:
        return False
    return True


def _upwards(domain: str) -> list[str]:
    """The domain, the one above it, and so on to the top."""
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(len(labels))]


def _read(
    name: str, response: Response, evidence: tuple[Atom, ...]
) -> RegistrationAnswer | Unknown:
    try:
        record = Item(response.json(), response.endpoint)
    except NoAnswerError as error:
        return error.unknown
    dates = [
        event.data.get("eventDate")
        for event in record.items("events")
        if event.data.get("eventAction") == "expiration"
    ]
    if not dates:
        return _not_told(name, "the record names no expiration", evidence)
    try:
        return RegistrationAnswer(name, min(moment(date) for date in dates), evidence)
    except (ValueError, TypeError):
        return Unknown(
            Reason.MALFORMED,
            f"{response.endpoint} must write the expiration as a time (RFC 3339)",
            "`eventDate` is not understood",
            evidence,
        )


def _not_told(domain: str, seen: str, evidence: tuple[Atom, ...]) -> Unknown:
    return Unknown(
        Reason.NOT_VISIBLE,
        f"when the registration of {domain} ends: look it up at your registrar",
        seen,
        evidence,
    )
