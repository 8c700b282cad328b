"""Reads the custom repository roles of an organization, where its plan has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import fetch
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.declared import list_of
from hardenme.collectors.github.organization import enterprise_cloud
from hardenme.collectors.github.role import PROFILE
from hardenme.collectors.price import Price
from hardenme.collectors.protocol import Collector
from hardenme.facts.github import endpoints
from hardenme.facts.github.organization import PLAN_VIEW
from hardenme.facts.github.repository_roles import CustomRepositoryRole
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown


def custom_roles(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}/custom-repository-roles; other plans than Enterprise Cloud have none.

    There GitHub answers 404, which is also what it answers to a token that may not know. So a plan
    that is not shown is what takes a look, if the list is not shown either.
    """
    kind = CustomRepositoryRole
    found = fetch(github, endpoints.ORGANIZATION.at(scope.name), PLAN_VIEW)
    if isinstance(found, Unknown):
        yield nothing(kind, scope, found)
        return
    cloud = enterprise_cloud(github, *found)
    if cloud is False:
        yield Answer(kind, scope, (), (found[0].atom,))
        return
    listed = list_of(github, kind, scope)
    lost = cloud if isinstance(cloud, Unknown) and listed.missing else listed.missing
    yield replace(listed, missing=lost)


COLLECTORS = (
    Collector(
        "custom repository roles",
        (CustomRepositoryRole,),
        custom_roles,
        priced=(Price(at_most=True), PROFILE),
    ),
)
