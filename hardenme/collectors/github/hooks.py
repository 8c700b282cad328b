"""Reads webhooks: whither they send, whether that is guarded, and never a whole address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

from hardenme.collectors.book import Book
from hardenme.collectors.github.asking import listed
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.facts.github.hooks import OrganizationHook, RepositoryHook
from hardenme.facts.github.repository import Repository
from hardenme.model.depth import Depth
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject

SSL = {"0": True, "1": False}
"""What `insecure_ssl` says of the check of certificates; GitHub writes it as text or as a number.
"""


def _address(config: Item) -> tuple[Any, Any]:
    """The scheme and the host of the receiver."""
    text: Any = config.text("url")
    if not isinstance(text, str):
        return text, text
    try:
        parts = urlsplit(text)
        scheme, host = parts.scheme.lower(), parts.hostname
    except ValueError:
        scheme, host = "", None
    if scheme not in {"http", "https"} or not host:
        return config.odd("url"), config.odd("url")
    return scheme, host


def _verifies(config: Item) -> Any:
    value = config.data.get("insecure_ssl")
    if "insecure_ssl" not in config:
        return config.absent("insecure_ssl")
    known = isinstance(value, str | int) and not isinstance(value, bool)
    return SSL.get(str(value), config.odd("insecure_ssl")) if known else config.odd("insecure_ssl")


def _has_secret(config: Item) -> Any:
    """GitHub leaves the key out where there is no secret, and shows asterisks where there is one.

    That it is left out counts only in a configuration that is shown: one that holds its address.
    """
    if "secret" not in config:
        shown = isinstance(config.data.get("url"), str)
        return False if shown else config.absent("secret")
    value = config.data["secret"]
    if value == "":
        return False
    return True if isinstance(value, str) and set(value) == {"*"} else config.odd("secret")


def _parts(github: GitHub, scope: Subject, kind: str, item: Item) -> dict[str, Any]:
    config = item.item("config")
    scheme, host = _address(config)
    return {
        "subject": Subject("github", kind, f"{scope.name}/{item.data.get('id')}"),
        "within": scope,
        "label": host if isinstance(host, str) else "",
        "web": github.web,
        "number": item.number("id"),
        "scheme": scheme,
        "host": host,
        "verifies": _verifies(config),
        "has_secret": _has_secret(config),
        "updated_at": item.moment("updated_at"),
    }


def organization_hooks(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}/hooks."""
    yield listed(
        github,
        OrganizationHook,
        scope,
        f"/orgs/{quote(scope.name, safe='')}/hooks",
        lambda item: OrganizationHook(**_parts(github, scope, "org-hook", item)),
        keep=False,
    )


def repository_hooks(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/hooks."""
    yield listed(
        github,
        RepositoryHook,
        scope,
        f"/repos/{scope.name}/hooks",
        lambda item: RepositoryHook(**_parts(github, scope, "repo-hook", item)),
        keep=False,
    )


COLLECTORS = (
    Collector(
        "organization webhooks",
        "github",
        (OrganizationHook,),
        organization_hooks,
        roots=("github:org",),
    ),
    Collector(
        "repository webhooks",
        "github",
        (RepositoryHook,),
        repository_hooks,
        of=(Repository,),
        depth=Depth.STANDARD,
    ),
)
