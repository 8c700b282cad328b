"""Reads what guards the environments of a repository, and the names of the secrets in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import quote

from hardenme.collectors.book import Book
from hardenme.collectors.github.asking import listed, unique, why_not_whole
from hardenme.collectors.github.batch.environments import place_of
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.deeper import left_to_deeper
from hardenme.collectors.github.pages import Listing
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item, all_known
from hardenme.facts.github.environments import (
    ACTIONS,
    EVERY_BRANCH,
    NAMED,
    PROTECTED,
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

F = TypeVar("F", bound=Fact)
REVIEWER = frozenset({"User", "Team"})
"""Who can approve: anything else in the list of reviewers approves nothing."""
REVIEWERS, TIMER, POLICY = "required_reviewers", "wait_timer", "branch_policy"


def _path(scope: Subject) -> str:
    return f"/repos/{scope.name}/environments"


def _rows(github: GitHub, scope: Subject) -> tuple[Listing, Unknown | None, list[Item]]:
    """The environments as REST lists them, asked for once; and why they are not all."""
    path = _path(scope)
    listing = github.pages(path)
    missing = why_not_whole(listing, ACTIONS, github.kind)
    rows = [Item(raw, f"GET {path}") for raw in listing.items]
    named = [row for row in rows if isinstance(row.text("name"), str)]
    if missing is None and len(named) < len(rows):
        missing = Unknown(
            Reason.MALFORMED, "a name for each environment", evidence=listing.evidence
        )
    return listing, missing, named


def _none_there(kind: type[F], scope: Subject, book: Book) -> Answer[F] | None:
    """The answer for what environments have, where the batch counted these to zero."""
    batched = book.get(Environment, scope)
    if batched is None or batched.missing is not None or batched.facts:
        return None
    return Answer(kind, scope, (), batched.evidence)


def environments(github: GitHub, scope: Subject, book: Book) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/environments, unless the batch told all."""
    batched = book.get(Environment, scope)
    if batched is not None and not left_to_deeper(batched.missing):
        return
    listing, missing, rows = _rows(github, scope)
    facts = unique(_environment(github, scope, row) for row in rows)
    yield Answer(Environment, scope, facts, listing.evidence, missing)


def _environment(github: GitHub, scope: Subject, row: Item) -> Environment:
    rules = list(row.items("protection_rules"))
    kinds: list[Any] = [rule.choice("type", REVIEWERS, TIMER, POLICY) for rule in rules]
    why: Any = all_known(kinds)
    if not row.lists("protection_rules"):
        why = row.absent("protection_rules")
    reviewing = [rule for rule, kind in zip(rules, kinds, strict=True) if kind == REVIEWERS]
    reviewed: Any = bool(reviewing) or why or False
    limited: Any = POLICY in kinds or why or False
    return Environment(
        **place_of(scope, row.text("name"), github.web),
        name=row.text("name"),
        reviewed=reviewed,
        prevents_self_review=_alone(row),
        limited=limited,
    )


def _alone(row: Item) -> Any:
    """Whether nobody approves their own deployment."""
    if not row.lists("protection_rules"):
        return row.absent("protection_rules")
    rules = list(row.items("protection_rules"))
    reviewing = [rule for rule in rules if rule.data.get("type") == REVIEWERS]
    return all_known(values := [rule.flag("prevent_self_review") for rule in reviewing]) or (
        bool(values) and all(values)
    )


def guards(github: GitHub, scope: Subject, book: Book) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/environments, and the names that may deploy to each."""
    if (none := _none_there(EnvironmentGuards, scope, book)) is not None:
        yield none
        return
    listing, missing, rows = _rows(github, scope)
    if missing is not None or not rows:
        yield Answer(EnvironmentGuards, scope, (), listing.evidence, missing)
        return
    for row in rows:
        place = place_of(scope, row.text("name"), github.web)
        branches = _branches(row)
        patterns, evidence = (), listing.evidence
        if branches == NAMED:
            policies = f"{_path(scope)}/{quote(place['label'], safe='')}/deployment-branch-policies"
            named = github.pages(policies)
            patterns, evidence = _patterns(github, named, policies), evidence + named.evidence
        fact = EnvironmentGuards(
            **place,
            reviewers=_reviewers(row),
            prevents_self_review=_alone(row),
            branches=branches,
            patterns=patterns,
            admins_bypass=_bypass(github, scope, row),
        )
        yield Answer(EnvironmentGuards, fact.subject, (fact,), evidence)


def _bypass(github: GitHub, scope: Subject, row: Item) -> Any:
    """Whether administrators can bypass the rules; a person can look where the key is absent."""
    found: Any = row.flag("can_admins_bypass")
    if not isinstance(found, Unknown):
        return found
    place = place_of(scope, row.text("name"), github.web)
    name, subject = visible(place["label"]), place["subject"]
    question = (
        f"In the environment {name}, is"
        ' "Allow administrators to bypass configured protection rules" unticked?'
    )
    page = GitHubFact(subject=subject, within=scope, web=github.web).page(
        "repo-environments", repo=scope.name
    )
    command = attest_command(EnvironmentGuards.asked_by, subject)
    needed = f"a person's answer: {question} Record it with {command}"
    return replace(found, needed=needed, question=(question, page))


def _reviewers(row: Item) -> Any:
    """How many users and teams may approve."""
    if not row.lists("protection_rules"):
        return row.absent("protection_rules")
    count = 0
    for rule in row.items("protection_rules"):
        if rule.data.get("type") != REVIEWERS:
            continue
        if not rule.lists("reviewers"):
            return rule.absent("reviewers")
        for part in rule.items("reviewers"):
            approves = _approves(part)
            if isinstance(approves, Unknown):
                return approves
            count += approves
    return count


def _approves(part: Item) -> Any:
    """Whether an entry in the list of reviewers is somebody; who is gone stands there as null."""
    kind: Any = part.text("type")
    if kind not in REVIEWER or part.data.get("reviewer", ...) is None:
        return kind if isinstance(kind, Unknown) else False
    named = part.item("reviewer")
    number: Any = named.number("id")
    # An account's own type tells a person from a bot; a team has none.
    return number if isinstance(number, Unknown) else named.data.get("type", "User") == "User"


def _branches(row: Item) -> Any:
    """Which branches and tags may deploy: null stands for every one."""
    if row.data.get("deployment_branch_policy", ...) is None:
        return EVERY_BRANCH
    policy = row.item("deployment_branch_policy")
    if not row.has_value("deployment_branch_policy"):
        return row.absent("deployment_branch_policy")
    flags: tuple[Any, Any] = (
        policy.flag("protected_branches"),
        policy.flag("custom_branch_policies"),
    )
    said = {(True, False): PROTECTED, (False, True): NAMED}
    return all_known(flags) or said.get(flags) or row.odd("deployment_branch_policy")


def _patterns(github: GitHub, listing: Listing, path: str) -> Any:
    """The names that may deploy; unknown where not all of them came."""
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


def environment_secrets(github: GitHub, scope: Subject, book: Book) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/environments/{environment_name}/secrets of each environment."""
    if (none := _none_there(EnvironmentSecret, scope, book)) is not None:
        yield none
        return
    listing, missing, rows = _rows(github, scope)
    if missing is not None or not rows:
        yield Answer(EnvironmentSecret, scope, (), listing.evidence, missing)
        return
    for row in rows:
        name = row.text("name")
        place = place_of(scope, name, github.web)
        path = f"{_path(scope)}/{quote(name, safe='')}/secrets"

        def build(item: Item, within: Subject = place["subject"]) -> EnvironmentSecret:
            secret = item.identity("name")
            return EnvironmentSecret(
                subject=Subject("github", "environment-secret", f"{within.name}/{secret}"),
                within=within,
                label=secret,
                web=github.web,
                name=secret,
                environment=within.name.removeprefix(f"{scope.name}/"),
            )

        yield listed(github, EnvironmentSecret, place["subject"], path, build)


LIST = Price(
    Per.REPOSITORY,
    at_most=True,
    once="environments of {owner}",
    endpoint="GET /repos/{owner}/{repo}/environments",
)
"""One list for all three. Where the batch shows that there are none it is spared."""
POLICIES = "GET /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies"


def _collector(name: str, kind: type[Any], read: Any, *priced: Price) -> Collector:
    return Collector(
        name, "github", (kind,), read, of=(Repository,), depth=Depth.DEEP, priced=priced
    )


COLLECTORS = (
    _collector("environments", Environment, environments, LIST),
    _collector(
        "guards of environments",
        EnvironmentGuards,
        guards,
        LIST,
        Price(Per.ITEM, endpoint=POLICIES),
    ),
    _collector(
        "names of environments' secrets",
        EnvironmentSecret,
        environment_secrets,
        LIST,
        Price(Per.ITEM),
    ),
)
