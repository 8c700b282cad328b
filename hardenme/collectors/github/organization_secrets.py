"""Reads the names of an organization's secrets, for Actions and for Dependabot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar
from urllib.parse import quote

from hardenme.collectors.book import Book
from hardenme.collectors.github.asking import listed
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.price import Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.facts.github.organization_secrets import (
    OrganizationDependabotSecret,
    OrganizationSecret,
)
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject

S = TypeVar("S", bound=OrganizationSecret)


def _secrets(
    github: GitHub, kind: type[S], scope: Subject, place: str, prefix: str = ""
) -> Answer[S]:
    def build(item: Item) -> S:
        name = item.identity("name")
        return kind(
            subject=Subject("github", "org-secret", f"{scope.name}/{prefix}{name}"),
            within=scope,
            label=name,
            web=github.web,
            name=item.text("name"),
            visibility=item.choice("visibility", "all", "private", "selected"),
            updated_at=item.moment("updated_at"),
        )

    path = f"/orgs/{quote(scope.name, safe='')}/{place}/secrets"
    return listed(github, kind, scope, path, build)


def actions_secrets(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}/actions/secrets."""
    yield _secrets(github, OrganizationSecret, scope, "actions")


def dependabot_secrets(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}/dependabot/secrets."""
    yield _secrets(github, OrganizationDependabotSecret, scope, "dependabot", "dependabot/")


COLLECTORS = (
    Collector(
        "organization secrets for Actions",
        "github",
        (OrganizationSecret,),
        actions_secrets,
        roots=("github:org",),
        priced=(Price(once="/orgs/{owner}/actions/secrets"),),
    ),
    Collector(
        "organization secrets for Dependabot",
        "github",
        (OrganizationDependabotSecret,),
        dependabot_secrets,
        roots=("github:org",),
    ),
)
