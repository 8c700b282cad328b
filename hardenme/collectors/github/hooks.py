"""Reads webhooks: whither they send, whether that is guarded, and never a whole address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

from hardenme.collectors.book import Book
from hardenme.collectors.github.asking import listed
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import strict_json
from hardenme.facts.github.hooks import OrganizationHook, RepositoryHook
from hardenme.facts.github.repository import Repository
from hardenme.model.depth import Depth
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject

READ = ("id", "updated_at")
OF_CONFIG = ("url", "insecure_ssl", "secret")
"""What is read of a webhook, and of its configuration."""
SSL = {"0": True, "1": False}
"""What `insecure_ssl` says of the check of certificates; GitHub writes it as text or as a number.
"""


def slim(body: bytes) -> bytes:
    """The same list without what may give access: the path of an address, and all that is not read.

    What is no such list is left out as a whole: whoever reads it finds none.
    """
    try:
        found = strict_json(body.decode())
    except (ValueError, RecursionError):
        found = None
    hooks = list(map(_slimmed, found)) if isinstance(found, list) else None
    return json.dumps(hooks).encode()


def _slimmed(hook: Any) -> Any:
    if not isinstance(hook, dict):
        return None
    made = {name: hook[name] for name in READ if name in hook}
    config = hook.get("config")
    if isinstance(config, dict):
        made["config"] = {name: _told(name, config[name]) for name in OF_CONFIG if name in config}
    return made


def _told(name: str, value: Any) -> Any:
    """What is kept of a value: of an address where it leads, of a secret that there is one."""
    if not isinstance(value, str):
        return [] if isinstance(value, dict | list) else value
    if name == "url":
        scheme, host = _parted(value)
        return f"{scheme}://[{host}]/" if ":" in host else f"{scheme}://{host}/" if host else ""
    if name == "secret" and set(value) - {"*"}:
        return "?"
    return value


def _parted(address: str) -> tuple[str, str]:
    """The scheme and the host; empty where it is no address of the web."""
    try:
        parts = urlsplit(address)
        scheme, host = parts.scheme.lower(), parts.hostname or ""
    except ValueError:
        return "", ""
    return (scheme, host) if scheme in {"http", "https"} and host else ("", "")


def _address(config: Item) -> tuple[Any, Any]:
    """The scheme and the host of the receiver."""
    text: Any = config.text("url")
    if not isinstance(text, str):
        return text, text
    scheme, host = _parted(text)
    return (scheme, host) if host else (config.odd("url"), config.odd("url"))


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
        "subject": Subject("github", kind, f"{scope.name}/{item.identity('id')}"),
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
        slim=slim,
    )


def repository_hooks(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/hooks."""
    yield listed(
        github,
        RepositoryHook,
        scope,
        f"/repos/{scope.name}/hooks",
        lambda item: RepositoryHook(**_parts(github, scope, "repo-hook", item)),
        slim=slim,
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
