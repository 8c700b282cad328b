"""Reads the trusted publishers of packages: with a person there, or from when one last was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.npm.asking import fetch, no_name, no_token, place
from hardenme.collectors.npm.client import Npm, refusal
from hardenme.collectors.npm.observed import KeptObservation
from hardenme.collectors.npm.presented import kind_of
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.facts.npm.account import GRANULAR, NpmAccount
from hardenme.facts.npm.endpoints import TRUST
from hardenme.facts.npm.names import addressable
from hardenme.facts.npm.package import Package, PackageGrant
from hardenme.facts.npm.publishing import CLAIMS, TrustedPublisher
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

OBSERVATION_DAYS = 8
"""Days for which runs continue to use what was read while a person was present: a weekly round, and
a day of grace."""
SKEW = timedelta(minutes=5)
"""By how much a registry's clock may go back between two runs."""
SESSION_NEEDED = "a session token of npm login: npm shows trusted publishers to no granular token"
REFUSED_GRANULAR = "tokens that bypass 2fa"
"""What npm says to any granular token, whether it bypasses 2FA or not."""


def trust(npm: Npm, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /-/package/{package}/trust."""
    if npm.secret is None:
        yield nothing(TrustedPublisher, scope, no_token(npm, TrustedPublisher))
        return
    if not addressable(scope.name):
        yield nothing(TrustedPublisher, scope, no_name("a package"))
        return
    if scope in _unwritten(store):
        yield nothing(
            TrustedPublisher, scope, _not_a_writer("the account may only see the package")
        )
        return
    kept = _kept(npm, scope)
    if isinstance(kept, Answer) and npm.presence.person is None:
        yield kept
        return
    found = _asked(npm, scope, store)
    if not isinstance(found, Unknown):
        yield found
    elif found.reason is Reason.NEEDS_PRESENCE and kept is not None:
        yield kept if isinstance(kept, Answer) else nothing(TrustedPublisher, scope, kept)
    else:
        yield nothing(TrustedPublisher, scope, found)


def _asked(npm: Npm, scope: Subject, store: FactStore) -> Answer[Any] | Unknown:
    if kind_of(npm) == GRANULAR:
        return Unknown(Reason.NOT_PERMITTED, SESSION_NEEDED, "the token is a granular one")
    path = TRUST.at(package=scope.name)
    try:
        response = npm.presence.get(npm.session, path, TRUST.command, _packages_to_read(store))
        if not response.ok:
            return _refused(response)
        body = response.json()
    except NoAnswerError as error:
        return error.unknown
    answer = _answer(npm, scope, body, response.atom)
    if "link" in response.headers:
        why = "every trusted publisher must be listed; run again"
        return Unknown(Reason.INCOMPLETE, why, "a list of several pages", (response.atom,))
    if answer.missing is None:
        _keep(npm, scope, KeptObservation(response.observed_at, reduced(body)))
    return answer


def _answer(npm: Npm, scope: Subject, body: Any, atom: Atom) -> Answer[Any]:
    """What a list says; there may be none, and ten at most, as npm says today."""
    endpoint = f"GET {TRUST.path}"
    if not isinstance(body, list):
        why = Unknown(Reason.MALFORMED, f"{endpoint} must answer with a list", "", (atom,))
        return nothing(TrustedPublisher, scope, why)
    facts: dict[Subject, TrustedPublisher] = {}
    missing: Unknown | None = None
    for raw in body:
        item = Item(raw, endpoint)
        number: Any = item.text("id")
        if isinstance(number, Unknown):
            missing = missing or number
            continue
        fact = _publisher(npm, scope, item, number)
        facts.setdefault(fact.subject, fact)
    if missing is None and len(facts) < len(body):
        needed = "every trusted publisher must have its own id; run again"
        missing = Unknown(Reason.INCOMPLETE, needed, "one came twice", (atom,))
    return Answer(TrustedPublisher, scope, tuple(facts.values()), (atom,), missing)


def _publisher(npm: Npm, scope: Subject, item: Item, number: str) -> TrustedPublisher:
    told = read(TrustedPublisher, item)
    named = told["repository"] if isinstance(told["repository"], str) else ""
    subject = Subject("npm", TRUST.kind, TRUST.named.format(scope=scope.name, identity=number))
    return TrustedPublisher(**place(npm, subject, scope, named or number), **told)


def _refused(response: Response) -> Unknown:
    """The refusals, each with what it takes: only npm's words distinguish them."""
    said, found = response.message().lower(), refusal(response, TrustedPublisher.requirement)
    needed = found.needed
    if REFUSED_GRANULAR in said:
        return Unknown(Reason.NOT_PERMITTED, SESSION_NEEDED, found.seen, found.evidence)
    if "enable 2fa" in said:
        needed = "2FA on the account that the token belongs to"
    elif "insufficient permissions to access trusted publisher" in said:
        return _not_a_writer(found.seen, found.evidence)
    elif found.reason is Reason.NOT_PERMITTED:
        needed = "a session token of an account that may publish the package"
    elif found.reason is Reason.NOT_VISIBLE:
        needed = "a package that is there and seen, on a registry that knows trusted publishers"
    return Unknown(found.reason, needed, found.seen, found.evidence)


def _not_a_writer(seen: str, evidence: tuple[Atom, ...] = ()) -> Unknown:
    needed = "write access to the package: npm shows its trusted publishers to no one else"
    return Unknown(Reason.NOT_PERMITTED, needed, seen, evidence)


def _unwritten(store: FactStore) -> frozenset[Subject]:
    """The packages that the account may see and not publish."""
    grants = [fact for answer in store.answers(PackageGrant) for fact in answer.facts]
    writes = {fact.subject: fact.writes for fact in grants if "writes" not in fact.unknown_fields()}
    return frozenset(subject for subject, may in writes.items() if not may)


def _packages_to_read(store: FactStore) -> int:
    """How many packages there are to read, as far as is known by now."""
    found = {fact.subject for answer in store.answers(PackageGrant) for fact in answer.facts}
    found |= {answer.scope for answer in store.answers(Package)}
    return len(found - _unwritten(store))


def _who(npm: Npm) -> tuple[str, datetime] | None:
    """The account that asks, and what time it is for the registry."""
    found = fetch(npm, NpmAccount)
    if isinstance(found, Unknown):
        return None
    name = found[1].data.get("username")
    return (name, found[0].observed_at) if isinstance(name, str) and name else None


def _kept(npm: Npm, scope: Subject) -> Answer[Any] | Unknown | None:
    """What an earlier run read; or that it is too old; None if there is nothing."""
    who = _who(npm) if npm.observations is not None else None
    if who is None or npm.observations is None:
        return None
    name, now = who
    found = npm.observations.find(npm.registry, name, scope.name)
    if found is None or found.at > now + SKEW:
        return None
    path = f"GET {TRUST.at(package=scope.name)}"
    atom = Atom(path, 200, found.at, cached=True)
    if now - found.at > timedelta(days=OBSERVATION_DAYS):
        return Unknown(
            Reason.STALE,
            "the trusted publishers as they are now: run again with --interactive, on a terminal",
            f"they were last read on {found.at:%Y-%m-%d}",
            (atom,),
        )
    answer = _answer(npm, scope, found.body, atom)
    return answer if answer.missing is None else None


def _keep(npm: Npm, scope: Subject, observed: KeptObservation) -> None:
    who = _who(npm) if npm.observations is not None else None
    if who is not None and npm.observations is not None:
        npm.observations.keep(npm.registry, who[0], scope.name, observed)


def reduced(body: list[Any]) -> list[dict[str, Any]]:
    """An answer of objects with nothing in them but what is read; no object is left out."""
    found = []
    for raw in body:
        item = {name: raw[name] for name in ("id", "type", "permissions") if name in raw}
        claims = raw.get("claims")
        if isinstance(claims, dict):
            item["claims"] = {name: claims[name] for name in CLAIMS if name in claims}
        found.append(item)
    return found


COLLECTORS = (
    Collector(
        "npm trusted publishers",
        (TrustedPublisher,),
        trust,
        roots=("npm:package",),
        of=(PackageGrant,),
    ),
)
