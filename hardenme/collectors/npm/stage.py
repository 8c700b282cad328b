"""Reads the versions that wait for a person's approval: one list for all packages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hardenme.collectors.book import Book
from hardenme.collectors.npm.asking import fetch, no_token, nothing, place
from hardenme.collectors.npm.client import Npm, escaped
from hardenme.collectors.npm.names import addressable, no_name
from hardenme.collectors.npm.package import OF, ROOT, WRITE
from hardenme.collectors.npm.presented import is_session
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.collectors.shifting import CHANGED, Shown, shifted
from hardenme.facts.npm.access import PackageCollaborators
from hardenme.facts.npm.account import NpmAccount
from hardenme.facts.npm.package import PackageGrant
from hardenme.facts.npm.publishing import StagedVersion
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

STAGE = "/-/stage"
PAGE = 100
"""Entries of a page, the most that npm gives."""
MOST_PAGES = 100
ACTORS = {"user": False, "trusted automation": True}


@dataclass(frozen=True, slots=True)
class _Queue:
    """What waits, of all packages.

    Attributes:
        items: the raw entries.
        evidence: one atom that counts the pages.
        missing: why the list is not whole; None where it is.
    """

    items: tuple[Item, ...]
    evidence: tuple[Atom, ...]
    missing: Unknown | None


def staged(npm: Npm, scope: Subject, book: Book) -> Iterator[Answer[Any]]:
    """GET /-/stage, all pages, once for all packages."""
    if npm.secret is None:
        yield nothing(StagedVersion, scope, no_token(npm, StagedVersion))
        return
    if not addressable(scope.name):
        yield nothing(StagedVersion, scope, no_name("a package"))
        return
    queue: _Queue = npm.memo.get("staged versions", lambda: _read(npm))
    missing = queue.missing
    facts: dict[Subject, StagedVersion] = {}
    for item in queue.items:
        name, number = item.data.get("packageName"), item.data.get("id")
        if not isinstance(name, str) or not isinstance(number, str):
            missing = missing or _lost("a version without a package or an id", queue.evidence)
        elif name == scope.name:
            fact = _version(npm, scope, item, number)
            facts.setdefault(fact.subject, fact)
    if missing is None and not facts and not _publishes(npm, scope, book):
        missing = Unknown(
            Reason.NOT_PERMITTED,
            "write access to the package: the list holds what the account may publish",
            f"nothing waits of {scope.name} that the account sees",
            queue.evidence,
        )
    if missing is None and not facts and not is_session(npm):
        missing = Unknown(
            Reason.NOT_PERMITTED,
            "a session token: a granular one that only reads shows versions that wait, and does not"
            " prove that none does",
            f"nothing waits of {scope.name} that the token sees",
            queue.evidence,
        )
    yield Answer(StagedVersion, scope, tuple(facts.values()), queue.evidence, missing)


def _version(npm: Npm, scope: Subject, item: Item, number: str) -> StagedVersion:
    kind: Any = item.choice("actorType", *ACTORS)
    automated: Any = ACTORS.get(kind, kind)
    version: Any = item.text("version")
    label = version if isinstance(version, str) else number
    return StagedVersion(
        **place(npm, Subject("npm", "staged", number), scope, f"{scope.name}@{label}"),
        stage_id=number,
        package=scope.name,
        version=version,
        actor=item.text("actor"),
        automated=automated,
        created_at=item.moment("createdAt"),
    )


def _publishes(npm: Npm, scope: Subject, book: Book) -> bool:
    """Whether the account is known to publish a package, so that its queue is shown to it."""
    grant = book.fact(PackageGrant, scope)
    if grant is not None and "writes" not in grant.unknown_fields():
        return grant.writes
    who = fetch(npm, "/-/whoami", NpmAccount.requirement, "whoami")
    path = f"/-/package/{escaped(scope.name)}/collaborators"
    told = fetch(npm, path, PackageCollaborators.requirement, "access")
    if isinstance(who, Unknown) or isinstance(told, Unknown):
        return False
    right = told[1].data.get(str(who[1].data.get("username")))
    return isinstance(right, str) and right in WRITE


def _read(npm: Npm) -> _Queue:
    """All pages; the registry counts them from 0, newest first."""
    items: list[Item] = []
    evidence: list[Atom] = []
    missing: Unknown | None = None
    asked: list[str] = []
    pages: list[Shown] = []
    for number in range(MOST_PAGES):
        path = f"{STAGE}?page={number}&perPage={PAGE}"
        asked.append(path)
        found = fetch(npm, path, StagedVersion.requirement, "stage")
        if isinstance(found, Unknown):
            missing = found
            break
        response, page = found
        evidence.append(response.atom)
        total: Any = page.number("total")
        if not page.lists("items"):
            missing = page.odd("items") if "items" in page else page.absent("items")
            break
        if isinstance(total, Unknown):
            missing = total
            break
        pages.append(_shown(page))
        items.extend(page.items("items"))
        if len(items) >= total or not pages[-1].names:
            break
    if missing is None:
        missing = _gap(npm, asked, pages, tuple(evidence))
    return _Queue(tuple(items), _counted(evidence, missing), missing)


def _shown(page: Item) -> Shown:
    numbers = (str(item.data.get("id")) for item in page.items("items"))
    return Shown(page.data.get("total"), tuple(numbers))


def _gap(
    npm: Npm, asked: list[str], pages: list[Shown], evidence: tuple[Atom, ...]
) -> Unknown | None:
    """Why the pages that came are not the whole list; None where they are."""
    numbers = [number for page in pages for number in page.names]
    total = pages[-1].total
    if len(set(numbers)) < len(numbers):
        return _lost("a version came twice", evidence)
    if total != len(numbers):
        return _lost(f"{len(numbers)} of {total} versions", evidence)

    def again(path: str) -> Shown | None:
        found = fetch(npm, path, StagedVersion.requirement, "stage", again=True)
        return None if isinstance(found, Unknown) else _shown(found[1])

    return _lost(CHANGED, evidence) if shifted(asked, pages, again) else None


def _counted(evidence: list[Atom], missing: Unknown | None) -> tuple[Atom, ...]:
    if not evidence:
        return missing.evidence if missing is not None else ()
    last, count = evidence[-1], len(evidence)
    expected = count if missing is None else None
    return (Atom(f"GET {STAGE}", last.status, last.observed_at, count, expected),)


def _lost(seen: str, evidence: tuple[Atom, ...]) -> Unknown:
    needed = f"every page of GET {STAGE} must arrive; run again"
    return Unknown(Reason.INCOMPLETE, needed, seen, evidence)


COLLECTORS = (
    Collector(
        "npm staged versions",
        "npm",
        (StagedVersion,),
        staged,
        roots=ROOT,
        of=OF,
        priced=(Price(Per.RUN),),
    ),
)
