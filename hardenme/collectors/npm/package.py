"""Reads which packages there are, and each package's full packument."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.npm.asking import Found, fetch, fetch_packument, no_name, no_token, place
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.history import history, published
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.facts.npm.endpoints import SEARCH
from hardenme.facts.npm.history import ReleaseHistory
from hardenme.facts.npm.names import addressable
from hardenme.facts.npm.organization import NpmOrganizationPackages
from hardenme.facts.npm.package import (
    NewestRelease,
    Package,
    PackageGrant,
    PackageRepository,
    WeeklyDownloads,
)
from hardenme.facts.npm.site import REGISTRY
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown


def inventory(npm: Npm, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /-/org/{entity}/package, then /-/user/{user}/package, then a search."""
    if npm.secret is None:
        yield _searched(npm, scope, no_token(npm, PackageGrant))
        return
    if not addressable(scope.name):
        yield nothing(PackageGrant, scope, no_name("an account or organization"))
        return
    why: Unknown | None = None
    for found in _lists(npm, scope):
        if not isinstance(found, Unknown):
            response, item = found
            facts = tuple(_grant(npm, scope, name, item) for name in item.data)
            yield Answer(PackageGrant, scope, facts, (response.atom,))
            return
        # npm's own client asks the next path only after "not found"; a refusal may hide one too.
        why = found
    yield _searched(npm, scope, why or no_token(npm, PackageGrant))


def _lists(npm: Npm, scope: Subject) -> Iterator[Found]:
    yield fetch(npm, NpmOrganizationPackages, org=scope.name)
    if scope.kind == "user":
        yield fetch(npm, PackageGrant, user=scope.name)


def _grant(npm: Npm, scope: Subject, package: str, item: Item) -> PackageGrant:
    told = read(PackageGrant, Item({package: item.data[package]}, item.endpoint))
    if scope.kind != "user":
        told["writes"] = Unknown(Reason.NOT_ASKED, "the account's own list of packages")
    return PackageGrant(**place(npm, Subject("npm", "package", package), scope), **told)


def _searched(npm: Npm, scope: Subject, why: Unknown) -> Answer[Any]:
    """What the public search knows: a lower bound, so that the list stays incomplete."""
    if scope.kind == "user" and npm.secret is None:
        return nothing(PackageGrant, scope, why)
    hits = _search(npm, _text(scope))
    if isinstance(hits, Unknown):
        return nothing(PackageGrant, scope, why)
    atom, found = hits
    names = [name for name in found if scope.kind == "user" or name.startswith(f"@{scope.name}/")]
    facts = tuple(
        PackageGrant(
            **place(npm, Subject("npm", "package", name), scope),
            writes=Unknown(why.reason, why.needed, "the public search does not show it"),  # type: ignore[arg-type]  # a field may be unknown
        )
        for name in names
    )
    return Answer(PackageGrant, scope, facts, (*why.evidence, atom), why)


def _text(scope: Subject) -> str:
    return f"maintainer:{scope.name}" if scope.kind == "user" else f"@{scope.name}"


def _search(npm: Npm, text: str) -> Any:
    """GET /-/v1/search: an atom, and the hits by name; or why there are none."""
    found = fetch(npm, WeeklyDownloads, text=text)
    if isinstance(found, Unknown):
        return found
    response, item = found
    if not item.lists(SEARCH.objects):
        return item.absent(SEARCH.objects)
    hits = (read(WeeklyDownloads, hit) for hit in item.items(SEARCH.objects))
    return response.atom, {hit["package"]: hit for hit in hits if isinstance(hit["package"], str)}


def packument(npm: Npm, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /{package}, never abbreviated: four facts."""
    found = fetch_packument(npm, scope.name, Package)
    if isinstance(found, Unknown):
        for kind in (Package, PackageRepository, ReleaseHistory, NewestRelease):
            yield nothing(kind, scope, found)
        return
    response, item = found
    then = response.observed_at
    package = read(Package, item)
    yield Answer(Package, scope, (Package(**place(npm, scope), **package),), (response.atom,))
    latest = package["latest"]
    version = item.item("versions").item(latest if isinstance(latest, str) else "")
    source = PackageRepository(**place(npm, scope), **read(PackageRepository, _says(version, item)))
    yield Answer(PackageRepository, scope, (source,), (response.atom,))
    yield Answer(ReleaseHistory, scope, (history(npm, scope, item, then),), (response.atom,))
    if isinstance(latest, Unknown):
        yield Answer(NewestRelease, scope, (), (response.atom,), latest)
        return
    if not version.data:
        yield Answer(NewestRelease, scope, (), (response.atom,), item.absent("versions"))
        return
    told = read(NewestRelease, version)
    told["signatures"] = signatures(npm, item, version, told["signatures"])
    release = NewestRelease(
        **place(npm, scope),
        **told,
        package=package["name"],
        version=latest,
        published_at=published(item, latest, then),
    )
    yield Answer(NewestRelease, scope, (release,), (response.atom,))


def _says(version: Item, item: Item) -> Item:
    """The manifest; with the packument's repository if it has none of its own."""
    if "repository" in version or "repository" not in item:
        return version
    told = {name: version.data[name] for name in ("_id", "_npmUser", "dist") if name in version}
    return Item({**told, "repository": item.data["repository"]}, version.endpoint)


def downloads(npm: Npm, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /-/v1/search: one for all packages of an account, else one for the package."""
    owner = next(
        (
            answer.scope
            for answer in store.answers(PackageGrant)
            if any(fact.subject == scope for fact in answer.facts)
        ),
        None,
    )
    hits = _search(npm, _text(owner) if owner else scope.name)
    if isinstance(hits, Unknown):
        yield nothing(WeeklyDownloads, scope, hits)
        return
    atom, found = hits
    hit = found.get(scope.name)
    if hit is None:
        why = Unknown(Reason.NOT_VISIBLE, "a registry whose search counts downloads", "", (atom,))
        yield nothing(WeeklyDownloads, scope, why)
        return
    yield Answer(WeeklyDownloads, scope, (WeeklyDownloads(**place(npm, scope), **hit),), (atom,))


OF = (PackageGrant,)
ROOT = ("npm:package",)
COLLECTORS = (
    Collector(
        "npm packages of an account or organization",
        (PackageGrant,),
        inventory,
        discovers=True,
    ),
    Collector(
        "npm packument",
        (Package, PackageRepository, ReleaseHistory, NewestRelease),
        packument,
        roots=ROOT,
        of=OF,
    ),
    Collector("npm downloads", (WeeklyDownloads,), downloads, roots=ROOT, of=OF),
)


def signatures(npm: Npm, packument: Item, version: Item, told: Any) -> Any:
    """The registry's signatures over a release, where the answer has them.

    npm has signed every release that there is. So where a package has no signed release at all, it
    is another registry's way to leave them out, and nothing is known.
    """
    dist = version.item("dist")
    if not dist.has_value("integrity") and not dist.has_value("shasum"):
        return version.absent("dist")
    if "signatures" in dist and dist.data["signatures"] != []:
        return told
    if npm.registry == REGISTRY or _signs(packument):
        return ()
    return Unknown(
        Reason.NOT_VISIBLE,
        "a registry that hands on npm's signatures",
        "no release of the package is signed",
    )


def _signs(packument: Item) -> bool:
    """Whether any release of a package is signed."""
    versions = packument.item("versions")
    return any(versions.item(name).item("dist").data.get("signatures") for name in versions.data)
