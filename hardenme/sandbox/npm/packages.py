"""Public package data: packuments, single releases, dist-tags, tarballs, search."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import quote

from hardenme.sandbox.http import Reply
from hardenme.sandbox.npm.tarball import Tarball, pack
from hardenme.sandbox.npm.visit import RefusedVisit, View, Visit, iso, not_found, number
from hardenme.sandbox.npm.world import Package, Person, Version

ABBREVIATED = "application/vnd.npm.install-v1+json"
PROVENANCE = "https://slsa.dev/provenance/v1"
SEARCH_LIMIT = 250
BINDING = '{"targets": []}\n'
"""A `binding.gyp` that builds nothing."""
ABBREVIATED_KEYS = (
    "name", "version", "dist", "deprecated", "dependencies", "optionalDependencies",
    "hasInstallScript",
)  # fmt: skip


def tarball_of(package: Package, version: Version) -> Tarball:
    """The packed release."""
    manifest = {
        "name": package.name,
        "version": version.version,
        "license": package.license,
        "scripts": dict(version.scripts),
        "dependencies": dict(version.dependencies),
        **_gypfile(version),
    }
    return pack(manifest, *([("binding.gyp", BINDING)] if version.binding_gyp else []))


def _gypfile(version: Version) -> dict[str, bool]:
    return {} if version.gypfile is None else {"gypfile": version.gypfile}


def _people(people: tuple[Person, ...] | list[Person]) -> list[dict[str, str]]:
    return [{"name": person.name, "email": person.email} for person in people]


def _publisher(version: Version) -> dict[str, Any]:
    data: dict[str, Any] = {"name": version.publisher.name, "email": version.publisher.email}
    if version.trusted_publisher is not None:
        data["trustedPublisher"] = dict(version.trusted_publisher)
    if version.approver is not None:
        data["approver"] = {"name": version.approver.name, "email": version.approver.email}
    return data


def _dist(visit: Visit, package: Package, version: Version) -> dict[str, Any]:
    tarball = tarball_of(package, version)
    base = package.name.rpartition("/")[2]
    data: dict[str, Any] = {
        "tarball": f"{visit.desk.url}/{package.name}/-/{base}-{version.version}.tgz",
        "shasum": tarball.shasum,
        "integrity": tarball.integrity,
        "fileCount": version.file_count,
        "unpackedSize": version.unpacked_size,
    }
    if version.signed:
        signer = visit.desk.signer
        text = f"{package.name}@{version.version}:{tarball.integrity}".encode()
        data["signatures"] = [{"keyid": signer.key_id, "sig": signer.sign(text)}]
    if version.provenance is not None:
        name = quote(f"{package.name}@{version.version}", safe="@")
        data["attestations"] = {
            "url": f"{visit.desk.url}/-/npm/v1/attestations/{name}",
            "provenance": {"predicateType": PROVENANCE},
        }
    return data


def _manifest(visit: Visit, package: Package, version: Version) -> dict[str, Any]:
    people = package.maintainers if version.maintainers is None else version.maintainers
    data: dict[str, Any] = {
        "name": package.name,
        "version": version.version,
        "description": package.description,
        "license": package.license,
        "_id": f"{package.name}@{version.version}",
        "maintainers": _people(people),
        "_npmUser": _publisher(version),
        "dist": _dist(visit, package, version),
    }
    optional = {
        "repository": package.repository,
        "scripts": dict(version.scripts),
        "dependencies": dict(version.dependencies),
        "optionalDependencies": dict(version.optional_dependencies),
        "gitHead": version.commit,
        "hasInstallScript": version.has_install_script,
        "deprecated": version.deprecated,
    }
    return data | {key: value for key, value in optional.items() if value} | _gypfile(version)


def _times(package: Package) -> dict[str, Any]:
    times = [version.published_at for version in package.versions]
    if not times:
        return {}
    times += package.removed.values()
    ends = {"created": iso(min(times)), "modified": iso(max(times))}
    shown = {version.version: version.published_at for version in package.versions}
    return ends | {number: iso(then) for number, then in {**package.removed, **shown}.items()}


def packument(visit: Visit) -> Reply:
    """`GET /{package}`: full, or abbreviated when `Accept` asks so; with an ETag."""
    package = visit.package()
    manifests = {v.version: _manifest(visit, package, v) for v in package.versions}
    times = _times(package)
    if ABBREVIATED in visit.request.headers.get("accept", ""):
        kind = ABBREVIATED
        data: dict[str, Any] = {
            "name": package.name,
            "dist-tags": dict(package.tags),
            "versions": {
                name: {key: manifest[key] for key in ABBREVIATED_KEYS if key in manifest}
                for name, manifest in manifests.items()
            },
            "modified": times.get("modified"),
        }
    else:
        kind = "application/json"
        data = {
            "_id": package.name,
            "name": package.name,
            "dist-tags": dict(package.tags),
            "versions": manifests,
            "time": times,
            "maintainers": _people(package.maintainers),
            "description": package.description,
            "license": package.license,
            "readme": package.readme,
        }
        if package.repository is not None:
            data["repository"] = package.repository
        data["_rev"] = f"{len(manifests)}-{_digest(data)[:32]}"
    headers = {"content-type": kind, "etag": f'"{_digest(data)}"', "vary": "accept"}
    if headers["etag"] in _known(visit):
        return Reply(304, headers=headers)
    return Reply(200, data, headers)


def _digest(data: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def _known(visit: Visit) -> set[str]:
    """The ETags that the client holds, weak ones taken as strong."""
    known = visit.request.headers.get("if-none-match", "").split(",")
    return {tag.strip().removeprefix("W/") for tag in known}


def release(visit: Visit) -> Reply:
    """`GET /{package}/{version}`: one release, by version or dist-tag."""
    package = visit.package()
    version = package.version(visit.args["version"])
    if version is None:
        raise RefusedVisit(not_found(f"version not found: {visit.args['version']}"))
    return Reply(200, _manifest(visit, package, version))


def dist_tags(visit: Visit) -> Reply:
    """`GET /-/package/{package}/dist-tags`."""
    return Reply(200, dict(visit.package().tags))


def tarball(visit: Visit) -> Reply:
    """`GET /{package}/-/{file}`: the packed release."""
    package = visit.package()
    base = package.name.rpartition("/")[2]
    for version in package.versions:
        if visit.args["file"] == f"{base}-{version.version}.tgz":
            data = tarball_of(package, version).data
            return Reply(200, headers={"content-type": "application/octet-stream"}, body=data)
    raise RefusedVisit(not_found())


def search(visit: Visit) -> Reply:
    """`GET /-/v1/search?text=&size=20&from=0`: public packages.

    `maintainer:NAME` and `scope:NAME` narrow the search, other words must be in the name.
    """
    text = visit.request.query.get("text", "")
    if not text:
        data = {"error": "'text' query parameter is required", "code": "ERR_TEXT_MISSING"}
        return Reply(400, data)
    found = [
        package
        for package in visit.world.packages
        if not package.private
        and package.versions
        and all(_matches(package, word) for word in text.split())
    ]
    start = number(visit, "from", 0)
    size = number(visit, "size", 20, SEARCH_LIMIT)
    page = found[start : start + size]
    now = iso(visit.world.now)
    return Reply(
        200,
        {"objects": [_hit(visit, package) for package in page], "total": len(found), "time": now},
    )


def _matches(package: Package, word: str) -> bool:
    qualifier, _, value = word.partition(":")
    if qualifier == "maintainer":
        return any(person.name == value for person in package.maintainers)
    if qualifier == "scope":
        return package.name.startswith(f"@{value.removeprefix('@')}/")
    return word in package.name


def _hit(visit: Visit, package: Package) -> dict[str, Any]:
    newest = package.version("latest") or package.versions[-1]
    repository = package.repository
    url = repository if isinstance(repository, str) else (repository or {}).get("url")
    links = {"npm": f"{visit.site}/package/{package.name}"}
    return {
        "downloads": {
            "monthly": package.weekly_downloads * 4,
            "weekly": package.weekly_downloads,
        },
        "dependents": package.dependents,
        "updated": iso(newest.published_at),
        "searchScore": 1.0,
        "package": {
            "name": package.name,
            "keywords": [],
            "version": newest.version,
            "description": package.description,
            "sanitized_name": package.name,
            "publisher": {"username": newest.publisher.name, "email": newest.publisher.email},
            "maintainers": [
                {"username": person.name, "email": person.email} for person in package.maintainers
            ],
            "license": package.license,
            "date": iso(newest.published_at),
            "links": links | ({"repository": url} if url else {}),
        },
        "score": {
            "final": 1.0,
            "detail": {"popularity": 1, "quality": 1, "maintenance": 1},
        },
        "flags": {"insecure": 0},
    }


ROUTES: dict[str, View] = {
    "GET /-/v1/search": search,
    "GET /-/package/{package}/dist-tags": dist_tags,
    "GET /{package}": packument,
    "GET /{package}/{version}": release,
    "GET /{package}/-/{file}": tarball,
}
