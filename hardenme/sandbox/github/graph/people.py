"""The roots of a query: the viewer, users, organizations, enterprises, and repositories by name."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from graphql import GraphQLError

from hardenme.sandbox.github.access import role_of
from hardenme.sandbox.github.calls import moment
from hardenme.sandbox.github.graph.connections import connection
from hardenme.sandbox.github.graph.repository import view_repository
from hardenme.sandbox.github.graph.rules import view_ruleset
from hardenme.sandbox.github.graph.seen import Seen, View, not_found
from hardenme.sandbox.github.graph.teams import TeamViews, view_teams
from hardenme.sandbox.github.permits import BY_INTEGRATION, Permit, account, owner
from hardenme.sandbox.github.state.people import node_id
from hardenme.sandbox.github.state.policies import AllowedAddresses
from hardenme.sandbox.github.world import Organization, Repository, SshKey, User

YEAR = timedelta(days=366)
OWNER_READ = owner("organization_administration:read")
RULES_WRITE = owner("organization_administration:write")
MEMBERS = Permit(scopes=("read:org",), permissions=(("members:read",),))
SIGN_ON = owner("members:read", "read:org")
ENTERPRISE = Permit(scopes=("read:enterprise",), permissions=None, of_user=True)
KEYS = account("keys:read", "read:public_key")


def roots(seen: Seen) -> View:
    """What `Query` is read from, except for `rateLimit`."""

    def viewer(_info: object) -> View:
        if seen.caller.user is None:
            raise GraphQLError(BY_INTEGRATION, extensions={"type": "FORBIDDEN"})
        return view_user(seen, seen.caller.user)

    def user(_info: object, login: str) -> View:
        found = seen.world.user(login)
        if found is None:
            raise not_found(f"Could not resolve to a User with the login of '{login}'.")
        return view_user(seen, found)

    def organization(_info: object, login: str) -> View:
        found = seen.world.organization(login)
        if found is None:
            raise not_found(f"Could not resolve to an Organization with the login of '{login}'.")
        return view_organization(seen, found)

    def repository_owner(_info: object, login: str) -> View | None:
        found = seen.world.user(login)
        if found is not None:
            return view_user(seen, found)
        known = seen.world.organization(login)
        return view_organization(seen, known) if known else None

    def repository(_info: object, **arguments: Any) -> View:
        return by_name(seen, arguments.pop("owner"), **arguments)

    return {
        "viewer": viewer,
        "user": user,
        "organization": organization,
        "enterprise": lambda _info, slug: view_enterprise(seen, slug),
        "repositoryOwner": repository_owner,
        "repository": repository,
    }


def view_enterprise(seen: Seen, slug: str) -> View:
    """An enterprise. Its owner sees all organizations; a member of one sees those joined.

    Raises:
        GraphQLError: there is none, the caller is not of it, or lacks the scope.
    """
    seen.need(ENTERPRISE, None)
    found = next((one for one in seen.world.enterprises if one.slug == slug.lower()), None)
    me = seen.caller.user.login if seen.caller.user else ""
    owned = [one for one in seen.world.organizations if found and one.login in found.organizations]
    joined = [one for one in owned if seen.caller.member_role(one)]
    owns = found is not None and me in found.owners
    if found is None or not (owns or joined):
        raise not_found(f"Could not resolve to a Business with the URL slug of '{slug}'.")
    shown = owned if owns else joined

    def organizations(_info: object, **arguments: Any) -> View:
        return connection(shown, seen.view, arguments)

    return {
        "id": node_id("E", found.id),
        "slug": found.slug,
        "viewerIsAdmin": owns,
        "organizations": organizations,
    }


def by_name(seen: Seen, owner_login: str, **arguments: Any) -> View:
    """A repository by its name, or by a former one unless `followRenames` is off."""
    full_name = f"{owner_login}/{arguments['name']}"
    found = seen.world.repository(full_name)
    if found is None and arguments.get("followRenames") is not False:
        found = seen.world.renamed(full_name)
    if found is None or not seen.caller.sees(found):
        raise not_found(f"Could not resolve to a Repository with the name '{full_name}'.")
    block = seen.owner_block(found)
    if block:
        raise block
    return view_repository(seen, found)


def view_user(seen: Seen, user: User) -> View:
    """A user; what is private answers the user alone."""
    own = user is seen.caller.user

    def organizations(_info: object, **arguments: Any) -> View:
        scoped = seen.caller.token is not None and seen.caller.token.scoped
        if own and not scoped:
            # As in REST's /user/orgs: a token with permissions is shown none, without an error.
            return connection([], lambda o: o, arguments)
        full = own and "read:org" in seen.caller.scopes
        found = [
            o
            for o in seen.world.organizations
            if (seen.caller.member_role(o) if full else user.login in o.public_members)
        ]
        return connection(found, lambda o: view_organization(seen, o), arguments)

    def public_keys(_info: object, **arguments: Any) -> View:
        if own:
            seen.need(KEYS, None)
        return connection(user.ssh_keys, lambda key: _public_key(key, own=own), arguments)

    def contributions(_info: object, **arguments: Any) -> View:
        return _contributions(seen, user, arguments)

    return {
        "__typename": "User",
        "id": user.node_id,
        "databaseId": user.id,
        "login": user.login,
        "name": user.name,
        "url": f"{seen.web}/{user.login}",
        "createdAt": moment(user.created_at),
        "organizations": organizations,
        "contributionsCollection": contributions,
        "repositories": lambda _info, **a: _repositories(seen, user.login, a),
        "publicKeys": public_keys,
        "repository": lambda _info, **a: by_name(seen, user.login, **a),
    }


def _public_key(key: SshKey, *, own: bool) -> View:
    blob = base64.b64decode(key.key.split()[1])
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return {
        "id": f"PK_{key.id}",
        "key": key.key,
        "fingerprint": f"SHA256:{digest}",
        "createdAt": moment(key.created_at) if own else None,
        "accessedAt": moment(key.last_used) if own and key.last_used else None,
        "isReadOnly": key.read_only if own else None,
    }


def _contributions(seen: Seen, user: User, arguments: dict[str, Any]) -> View:
    """A user's contributions of a time span, in one organization or in all."""
    until = _time(arguments.get("to")) or seen.world.now
    since = _time(arguments.get("from")) or until - timedelta(days=365)
    if until - since > YEAR:
        raise GraphQLError("The total time spanned by 'from' and 'to' must not exceed 1 year")
    wanted = arguments.get("organizationID")
    known = {o.node_id: o.login for o in seen.world.organizations}
    if wanted is not None and wanted not in known:
        raise not_found(f"Could not resolve to a node with the global id of '{wanted}'.")
    last = [
        time
        for login, time in user.contributions.items()
        if wanted is None or login == known[wanted]
    ]
    count = sum(since <= time <= until for time in last)
    return {
        "hasAnyContributions": count > 0,
        "hasAnyRestrictedContributions": False,
        "restrictedContributionsCount": 0,
        "totalCommitContributions": count,
        "totalIssueContributions": 0,
        "totalPullRequestContributions": 0,
        "totalPullRequestReviewContributions": 0,
        "startedAt": moment(since),
        "endedAt": moment(until),
    }


def _time(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise GraphQLError(f"Could not parse {text} as a time") from error


def view_organization(seen: Seen, organization: Organization) -> View:
    """An organization; what single sign-on guards becomes an error of its own field."""

    def guarded(permit: Permit, value: object) -> Any:
        def resolve(_info: object) -> object:
            seen.need(permit, organization)
            return value

        return resolve

    def members(_info: object, **arguments: Any) -> View:
        seen.need(MEMBERS, organization)
        inside = seen.caller.sees_membership(organization)
        logins = sorted(organization.members if inside else organization.public_members)
        sees_factor = seen.caller.denial(OWNER_READ, organization) is None
        by_login = {user.login: user for user in seen.world.users}
        known = [(login, by_login[login]) for login in logins if login in by_login]

        def edge(pair: tuple[str, User]) -> View:
            role = "ADMIN" if organization.members.get(pair[0]) == "admin" else "MEMBER"
            factor = pair[1].two_factor != "off" if sees_factor else None
            return {"role": role, "hasTwoFactorEnabled": factor}

        return connection(known, lambda pair: view_user(seen, pair[1]), arguments, edge=edge)

    def rulesets(_info: object, **arguments: Any) -> View:
        seen.need(RULES_WRITE, organization)
        targets = arguments.get("targets") or ["BRANCH", "TAG"]
        found = [s for s in organization.rulesets if s.target.upper() in targets]
        return connection(found, lambda s: view_ruleset(seen, None, s), arguments)

    return {
        "__typename": "Organization",
        "id": organization.node_id,
        "samlIdentityProvider": lambda _info: _provider(seen, organization),
        "ipAllowListEnabledSetting": guarded(
            OWNER_READ, _setting(on=organization.policies.allow_list)
        ),
        "ipAllowListForInstalledAppsEnabledSetting": guarded(
            OWNER_READ, _setting(on=organization.policies.addresses_of_apps)
        ),
        "ipAllowListEntries": lambda _info, **a: _allowed(seen, organization, a),
        "databaseId": organization.id,
        "login": organization.login,
        "name": organization.name,
        "url": f"{seen.web}/{organization.login}",
        "createdAt": moment(organization.created_at),
        "requiresTwoFactorAuthentication": guarded(OWNER_READ, organization.two_factor_required),
        "membersCanForkPrivateRepositories": guarded(
            OWNER_READ, organization.settings.members_can_fork_private_repositories
        ),
        "viewerCanAdminister": seen.caller.member_role(organization) == "admin",
        "viewerIsAMember": seen.caller.member_role(organization) is not None,
        "membersWithRole": members,
        "teams": lambda _info, **a: view_teams(seen, organization, a, TEAM_VIEWS),
        "repositories": lambda _info, **a: _repositories(seen, organization.login, a),
        "rulesets": rulesets,
        "repository": lambda _info, **a: by_name(seen, organization.login, **a),
    }


def _provider(seen: Seen, organization: Organization) -> View | None:
    """The identity provider; anyone who is not shown it gets null, as where there is none."""
    fine_grained = seen.caller.token is not None and seen.caller.token.kind == "fine-grained"
    if fine_grained or seen.caller.denial(SIGN_ON, organization) is not None:
        return None
    return {"id": f"OIDP_{organization.id}"} if organization.policies.sign_on else None


def _allowed(seen: Seen, organization: Organization, arguments: dict[str, Any]) -> View:
    """The entries of the IP allow list."""
    seen.need(OWNER_READ, organization)
    return connection(organization.policies.addresses, _entry, arguments)


def _setting(*, on: bool) -> str:
    return "ENABLED" if on else "DISABLED"


def _entry(entry: AllowedAddresses) -> View:
    """An entry of an IP allow list."""
    return {
        "id": f"IALE_{entry.id}",
        "allowListValue": entry.value,
        "isActive": entry.active,
    }


TEAM_VIEWS = TeamViews(view_user, view_repository)


def _affiliation(seen: Seen, repository: Repository, login: str) -> str | None:
    if repository.owner.lower() == login.lower():
        return "OWNER"
    if login in repository.collaborators:
        return "COLLABORATOR"
    user = seen.caller.user
    if user is not None and user.login == login:
        role = seen.caller.role(repository)
    else:
        role = role_of(seen.world, repository, login)
    return "ORGANIZATION_MEMBER" if role else None


def _repositories(seen: Seen, login: str, arguments: dict[str, Any]) -> View:
    """The repositories of an owner that the caller sees, filtered and ordered."""
    affiliations = arguments.get("ownerAffiliations") or ["OWNER", "COLLABORATOR"]
    viewer = arguments.get("affiliations")
    me = seen.caller.user.login if seen.caller.user else ""
    own = me.lower() == login.lower()
    scoped = seen.caller.token is not None and seen.caller.token.scoped
    filters: dict[str, Callable[[Repository], object]] = {
        "isArchived": lambda r: r.archived,
        "isFork": lambda r: r.fork,
        "privacy": lambda r: "PRIVATE" if r.private else "PUBLIC",
        "visibility": lambda r: r.visibility.upper(),
    }
    found = [
        repository
        for repository in seen.world.repositories
        if _affiliation(seen, repository, login) in affiliations
        and (viewer is None or _affiliation(seen, repository, me) in viewer)
        and seen.caller.sees(repository)
        and (scoped or not own or seen.caller.reaches(repository))
        and all(
            read(repository) == arguments[name]
            for name, read in filters.items()
            if arguments.get(name) is not None
        )
    ]
    order = arguments.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    keys: dict[str, Callable[[Repository], Any]] = {
        "NAME": lambda r: r.name.lower(),
        "CREATED_AT": lambda r: (r.created_at, r.id),
        "UPDATED_AT": lambda r: (r.pushed_at, r.id),
        "PUSHED_AT": lambda r: (r.pushed_at, r.id),
        "STARGAZERS": lambda r: r.id,
    }
    found.sort(key=keys[order["field"]], reverse=order["direction"] == "DESC")
    return connection(found, lambda r: seen.owner_block(r) or view_repository(seen, r), arguments)
