"""Reads an organization's own settings, its owners, and its defaults for new repositories."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from hardenme.collectors.answer import known, nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import fetch, place, why_not_whole
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.declared import of_scope
from hardenme.collectors.github.policies import Policy
from hardenme.collectors.github.refusal import barring, refusal, sso_left_out, wanted
from hardenme.collectors.github.role import APP, PROFILE, ROLE_PRICE, account_role
from hardenme.collectors.price import Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item, all_known
from hardenme.collectors.transport.origin import Origin
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.facts.github import endpoints
from hardenme.facts.github.new_token import prefills
from hardenme.facts.github.organization import (
    OWNERS_VIEW,
    PLAN_VIEW,
    ClassicTokenPolicy,
    OAuthAppPolicy,
    OrganizationImmutableReleases,
    OrganizationOwners,
    OrganizationPlan,
    OrganizationPrivileges,
    OrganizationProfile,
    OrganizationSecurity,
    SecurityDefault,
    TokenApprovalRequests,
)
from hardenme.facts.github.people import MEMBERS
from hardenme.facts.github.token import CLASSIC, INSTALLATION, OAUTH
from hardenme.model.fact import Answer
from hardenme.model.permission import NOTHING
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

LOCK = "actions.lock"
FREE = "free"
"""How GitHub names the plan that costs nothing."""
LESSER = frozenset({FREE, "team"})
"""The plans of organizations that are not Enterprise Cloud. What old ones include is not known."""
ENTERPRISE = "enterprise"
"""GitHub's name for the plan Enterprise Cloud, and what GitHub Enterprise Server answers too."""
SETTINGS = (OrganizationProfile, OrganizationSecurity, OrganizationPrivileges, OrganizationPlan)
"""What GET /orgs/{org} shows."""


def settings(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}: what it shows to everyone, and what only to its owners."""
    yield from _refused(github, scope)
    found = fetch(github, endpoints.ORGANIZATION.at(scope.name), OWNERS_VIEW)
    if isinstance(found, Unknown):
        for kind in SETTINGS:
            yield nothing(kind, scope, found)
        return
    response, item = found
    where = place(github, scope)
    profile = OrganizationProfile(**where, **read(OrganizationProfile, item))
    yield known(OrganizationProfile, scope, response, profile)
    # Where it does not show a setting, GitHub writes null or leaves it out.
    hidden = partial(_hidden, github, scope, response)
    for kind in (OrganizationSecurity, OrganizationPrivileges):
        yield known(kind, scope, response, kind(**where, **read(kind, item, hidden=hidden)))
    plan = OrganizationPlan(
        **where,
        locks_actions=_locks_actions(github, response, item),
        enterprise_cloud=enterprise_cloud(github, response, item),
        paid=_paid(github, response, item),
    )
    yield known(OrganizationPlan, scope, response, plan)


def _plan(github: GitHub, response: Response, item: Item) -> Any:
    """The plan's name, or why it is not known."""
    if not item.has_value("plan"):
        needed = wanted(PLAN_VIEW, github.kind)
        return Unknown(Reason.NOT_PERMITTED, needed, "`plan` is not shown", (response.atom,))
    return item.item("plan").text("name")


def _paid(github: GitHub, response: Response, item: Item) -> Any:
    """Whether the plan is another one than GitHub Free, or why that is not known."""
    name: Any = _plan(github, response, item)
    return name if isinstance(name, Unknown) else name != FREE


def _locks_actions(github: GitHub, response: Response, item: Item) -> Any:
    """That the plan is Enterprise Cloud, or why it is not known whether lock files count."""
    name: Any = _plan(github, response, item)
    if isinstance(name, Unknown):
        return name
    if name == ENTERPRISE and _is_cloud(github):
        return True
    return Unknown(
        Reason.NOT_ASKED,
        f"GitHub Enterprise Cloud, the plan for which GitHub documents `{LOCK}`",
        f"the plan is {name}, and GitHub does not document the file for it",
        (response.atom,),
    )


def _is_cloud(github: GitHub) -> bool:
    """Whether the host is not an Enterprise Server. One on this machine counts as github.com."""
    return prefills(github.web) or Origin.of(github.web).on_this_machine


def enterprise_cloud(github: GitHub, response: Response, item: Item) -> Any:
    """Whether the plan is Enterprise Cloud, or why that is not known.

    Args:
        github: the client.
        response: the answer about the organization.
        item: the organization in it.
    """
    name: Any = _plan(github, response, item)
    if isinstance(name, Unknown):
        return name
    if name == ENTERPRISE:
        return _is_cloud(github)
    return False if name in LESSER else item.item("plan").odd("name")


def _hidden(github: GitHub, scope: Subject, response: Response, name: str) -> Unknown:
    """Why a setting is not shown, with what the account is where that is known."""
    own = account_role(github, scope)
    roles = {"": "", APP: "; the token is a GitHub App's"}
    who = roles.get(own.role, f"; the account's role is {own.role}")
    return Unknown(
        Reason.NOT_PERMITTED,
        wanted(OWNERS_VIEW, github.kind),
        f"`{name}` is not shown{who}",
        (response.atom, *own.evidence),
    )


def _refused(github: GitHub, scope: Subject) -> Iterator[Answer[Any]]:
    """Whether the token was refused for being what it is."""
    try:
        response = github.get(endpoints.ORGANIZATION.at(scope.name))
        why = sso_left_out(response)
    except NoAnswerError as error:
        why = error.unknown
    if why is not None:
        yield nothing(ClassicTokenPolicy, scope, why)
        yield nothing(OAuthAppPolicy, scope, why)
        return
    found = barring(response)
    policy = None if found is None else found.policy
    classic = github.kind == CLASSIC and policy is Policy.NO_CLASSIC
    # The sentence names whose restrictions these are.
    named = found is not None and found.name == scope.name.lower()
    app = github.kind == OAUTH and policy is Policy.OAUTH_APPS and named
    where = place(github, scope)
    yield known(ClassicTokenPolicy, scope, response, ClassicTokenPolicy(**where, refused=classic))
    if found is None and not response.ok:
        yield nothing(OAuthAppPolicy, scope, refusal(response, NOTHING, github.kind))
        return
    yield known(OAuthAppPolicy, scope, response, OAuthAppPolicy(**where, refused=app))


def requests(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}/personal-access-token-requests, which answers apps only."""
    kind = TokenApprovalRequests
    if github.kind != INSTALLATION:
        why = Unknown(Reason.NOT_PERMITTED, wanted(kind.requirement, github.kind))
        yield nothing(kind, scope, why)
        return
    path = kind.endpoint.at(scope.name)
    listing = github.pages(path, counted=kind.endpoint.counted)
    missing = why_not_whole(listing, kind.requirement, github.kind)
    numbers: list[Any] = [Item(raw, f"GET {path}").number("id") for raw in listing.items]
    waiting = any(isinstance(number, int) for number in numbers)
    why_not = missing or (None if waiting else all_known(numbers))
    if why_not is not None:
        yield Answer(kind, scope, (), listing.evidence, why_not)
        return
    fact = TokenApprovalRequests(**place(github, scope), waiting=waiting)
    yield Answer(kind, scope, (fact,), listing.evidence)


def owners(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}/members?role=admin, of which non-members see only a part."""
    path = endpoints.OWNERS.at(scope.name)
    role, listing = (
        account_role(github, scope),
        github.pages(path, counted=endpoints.OWNERS.counted),
    )
    names: list[Any] = [Item(raw, f"GET {path}").text("login") for raw in listing.items]
    missing = why_not_whole(listing, MEMBERS, github.kind) or all_known(names)
    if missing is None and not role.inside:
        missing = role.lacks(MEMBERS)
    evidence = (*listing.evidence, *role.evidence)
    distinct = {name.lower(): name for name in names if isinstance(name, str)}
    if missing is None and (not distinct or len(distinct) != len(names)):
        # Every organization has an owner, and no account is listed twice.
        missing = Unknown(
            Reason.MALFORMED,
            f"GET {path} must name each owner once",
            f"{len(distinct)} names of {len(names)} owners",
            evidence,
        )
    if missing is not None:
        yield Answer(OrganizationOwners, scope, (), evidence, missing)
        return
    fact = OrganizationOwners(**place(github, scope), logins=tuple(sorted(distinct.values())))
    yield Answer(OrganizationOwners, scope, (fact,), evidence)


def defaults(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}/code-security/configurations/defaults: a list that has no pages."""
    endpoint = SecurityDefault.endpoint
    path = endpoint.at(scope.name)
    listing = github.pages(path, counted=endpoint.counted)
    missing = why_not_whole(listing, SecurityDefault.requirement, github.kind)
    facts = tuple(
        _default(github, scope, Item(raw, f"GET {path}"), number)
        for number, raw in enumerate(listing.items)
    )
    yield Answer(SecurityDefault, scope, facts, listing.evidence, missing)


def _default(github: GitHub, scope: Subject, item: Item, number: int) -> SecurityDefault:
    name = item.item("configuration").data.get("name")
    return SecurityDefault(
        subject=Subject("github", "security-default", f"{scope.name}/{number}"),
        within=scope,
        label=name if isinstance(name, str) else "",
        **{"web": github.web, **read(SecurityDefault, item)},
    )


COLLECTORS = (
    Collector(
        "organization settings",
        (*SETTINGS, ClassicTokenPolicy, OAuthAppPolicy),
        settings,
        priced=(PROFILE,),
    ),
    Collector(
        "token approval requests",
        (TokenApprovalRequests,),
        requests,
        priced=(Price(kinds=(INSTALLATION,)),),
    ),
    Collector(
        "organization owners",
        (OrganizationOwners,),
        owners,
        priced=(Price(endpoint=endpoints.OWNERS.source), ROLE_PRICE),
    ),
    Collector(
        "default security configurations",
        (SecurityDefault,),
        defaults,
    ),
    of_scope(OrganizationImmutableReleases, priced=(Price(once="immutable releases of {owner}"),)),
)
