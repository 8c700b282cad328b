"""Reads what guards the environments of a repository, and the names of the secrets in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeVar

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import listed, unique, why_not_whole
from hardenme.collectors.github.batch.environments import place_of
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.pages import Listing
from hardenme.collectors.github.single_request import needs_single_request
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item, all_known
from hardenme.facts.github import endpoints
from hardenme.facts.github.environments import (
    ACTIONS,
    NAMED,
    Environment,
    EnvironmentGuards,
    EnvironmentSecret,
)
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.site import GitHubFact
from hardenme.model.depth import Depth
from hardenme.model.fact import Answer, Fact
from hardenme.model.statement import attest_command
from hardenme.model.subject import Subject
from hardenme.model.text import visible
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.watch import READ_BEFORE

POLICIES = endpoints.DEPLOYMENT_POLICIES
F = TypeVar("F", bound=Fact)


def _rows(github: GitHub, scope: Subject) -> tuple[Listing, Unknown | None, dict[str, Item]]:
    """The environments as REST lists them, by name, asked for once; and why they are not all."""
    path = endpoints.ENVIRONMENTS.at(scope.name)
    listing = github.pages(path, counted=endpoints.ENVIRONMENTS.counted)
    missing = why_not_whole(listing, ACTIONS, github.kind)
    rows = [Item(raw, f"GET {path}") for raw in listing.items]
    named = {name: row for row in rows if isinstance(name := row.text("name"), str)}
    if missing is None and len(named) < len(rows):
        missing = Unknown(
            Reason.MALFORMED, "a name for each environment", evidence=listing.evidence
        )
    return listing, missing, named


def _none_there(kind: type[F], scope: Subject, store: FactStore) -> Answer[F] | None:
    """The answer for what environments have, where the batch counted these to zero."""
    batched = store.get(Environment, scope)
    if batched is None or batched.missing is not None or batched.facts:
        return None
    return Answer(kind, scope, (), batched.evidence)


def environments(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/environments, unless the batch showed all."""
    batched = store.get(Environment, scope)
    if batched is not None and not needs_single_request(batched.missing):
        return
    listing, missing, rows = _rows(github, scope)
    facts = unique(
        Environment(**place_of(scope, name, github.web), **read(Environment, row))
        for name, row in rows.items()
    )
    yield Answer(Environment, scope, facts, listing.evidence, missing)


def guards(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/environments, and the names that may deploy to each."""
    if (none := _none_there(EnvironmentGuards, scope, store)) is not None:
        yield none
        return
    listing, missing, rows = _rows(github, scope)
    if missing is not None or not rows:
        yield Answer(EnvironmentGuards, scope, (), listing.evidence, missing)
        return
    for name, row in rows.items():
        place = place_of(scope, name, github.web)
        if store.parts.read_before(EnvironmentGuards, place["subject"]):
            yield nothing(EnvironmentGuards, place["subject"], READ_BEFORE)
            continue
        told = read(EnvironmentGuards, row, "reviewers", "prevents_self_review", "branches")
        patterns: Any = ()
        evidence = listing.evidence
        if told["branches"] == NAMED:
            policies = POLICIES.at(scope.name, environment_name=place["label"])
            named = github.pages(policies, counted=POLICIES.counted)
            patterns, evidence = _patterns(github, named, policies), evidence + named.evidence
        fact = EnvironmentGuards(
            **place,
            **told,
            patterns=patterns,
            admins_bypass=_bypass(github, scope, name, row),
        )
        store.parts.note(EnvironmentGuards, fact.subject, patterns)
        yield Answer(EnvironmentGuards, fact.subject, (fact,), evidence)


def _bypass(github: GitHub, scope: Subject, called: str, row: Item) -> Any:
    """Whether administrators can bypass the rules; a person can look where the key is absent."""
    found: Any = read(EnvironmentGuards, row, "admins_bypass")["admins_bypass"]
    if not isinstance(found, Unknown):
        return found
    place = place_of(scope, called, github.web)
    name, subject = visible(called), place["subject"]
    question = (
        f"In the environment {name}, is"
        ' "Allow administrators to bypass configured protection rules" unticked?'
    )
    page = GitHubFact(subject=subject, within=scope, web=github.web).page(
        "repo-environments", repo=scope.name
    )
    command = attest_command(EnvironmentGuards.asked_by, subject)
    needed = f"your answer: {question} Record it with {command}"
    return replace(found, needed=needed, question=(question, page))


def _patterns(github: GitHub, listing: Listing, path: str) -> Any:
    """The names that may deploy; unknown if not all of them came."""
    missing = why_not_whole(listing, ACTIONS, github.kind)
    if missing is not None:
        return missing
    rows = [Item(raw, f"GET {path}") for raw in listing.items]
    parts: list[Any] = [
        part for row in rows for part in (row.choice("type", "branch", "tag"), row.text("name"))
    ]
    return all_known(parts) or tuple(
        f"{kind} {name}" for kind, name in zip(parts[::2], parts[1::2], strict=True)
    )


def environment_secrets(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/environments/{environment_name}/secrets of each environment."""
    if (none := _none_there(EnvironmentSecret, scope, store)) is not None:
        yield none
        return
    listing, missing, rows = _rows(github, scope)
    if missing is not None or not rows:
        yield Answer(EnvironmentSecret, scope, (), listing.evidence, missing)
        return
    for name in rows:
        place = place_of(scope, name, github.web)
        if store.parts.read_before(EnvironmentSecret, place["subject"]):
            yield nothing(EnvironmentSecret, place["subject"], READ_BEFORE)
            continue
        path = EnvironmentSecret.endpoint.at(scope.name, environment_name=name)

        def build(item: Item, within: Subject = place["subject"]) -> EnvironmentSecret:
            secret = item.identity("name")
            return EnvironmentSecret(
                subject=Subject("github", "environment-secret", f"{within.name}/{secret}"),
                within=within,
                label=secret,
                web=github.web,
                name=secret,
                environment=within.name.removeprefix(f"{scope.name}/"),
                **read(EnvironmentSecret, item, "created_at", "updated_at"),
            )

        answer = listed(github, EnvironmentSecret, place["subject"], path, build)
        store.parts.note(EnvironmentSecret, answer.scope, answer.missing)
        yield answer


def secret_names(github: GitHub, name: str, environment: str) -> tuple[str, ...] | Unknown:
    """The names of an environment's secrets, or why they are not known.

    Args:
        name: of the repository, with its owner.
    """
    endpoint = EnvironmentSecret.endpoint
    path = endpoint.at(name, environment_name=environment)
    listing = github.pages(path, counted=endpoint.counted)
    missing = why_not_whole(listing, EnvironmentSecret.requirement, github.kind)
    if missing is not None:
        return missing
    names: list[Any] = [Item(raw, f"GET {path}").text("name") for raw in listing.items]
    return all_known(names) or tuple(names)


LIST = Price(
    Per.REPOSITORY,
    at_most=True,
    once="environments of {owner}",
    endpoint=endpoints.ENVIRONMENTS.source,
)
"""One list for all three. Where the batch shows that there are none it is spared."""


def _collector(name: str, kind: type[Any], read: Any, *priced: Price) -> Collector:
    return Collector(name, (kind,), read, of=(Repository,), deeper=Depth.DEEP, priced=priced)


COLLECTORS = (
    _collector("environments", Environment, environments, LIST),
    _collector(
        "guards of environments",
        EnvironmentGuards,
        guards,
        LIST,
        Price(Per.ITEM, endpoint=POLICIES.source),
    ),
    _collector(
        "names of environments' secrets",
        EnvironmentSecret,
        environment_secrets,
        LIST,
        Price(Per.ITEM),
    ),
)
