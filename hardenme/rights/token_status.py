"""What each token at hand is good for: whose it is, what it holds, lacks, and has too much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from hardenme.collectors.github.admission import barred
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.visibility import owns
from hardenme.collectors.npm.client import Npm
from hardenme.engine.clients import Clients
from hardenme.engine.plan import Selection, sources
from hardenme.engine.target import Target
from hardenme.facts.github.new_token import GH_SCOPES, gh_command
from hardenme.facts.github.token import APP_USER, CLASSIC, FINE_GRAINED, INSTALLATION, OAUTH
from hardenme.facts.npm.account import GRANULAR, SESSION
from hardenme.model.forecast import Blind
from hardenme.model.grant import Grant, Shortfall, Surplus, shortfall, surplus
from hardenme.model.least import LeastToken, Permissions
from hardenme.model.pages import github_page
from hardenme.model.permission import Permission
from hardenme.model.token_status import Repair, TokenStatus
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Fix
from hardenme.rights.blindness import Hidden
from hardenme.rights.grant import github_grant
from hardenme.rights.holdings import Holdings
from hardenme.rights.needs import Needs
from hardenme.rights.npm_grant import npm_grant
from hardenme.rights.of_command import needs_of_command
from hardenme.rights.permissions import needs_of, permissions
from hardenme.rights.token_creation import login_command

ME = Target("me", "me")
OF_ONE_OWNER = frozenset({FINE_GRAINED, APP_USER, INSTALLATION})
"""The kinds of token whose rights are reckoned for one owner."""
ITS_OWNER = "the token's owner"


@dataclass(frozen=True, slots=True)
class Examination:
    """Looks at the tokens of a run without running it.

    Attributes:
        plan: the checks that the tokens are for.
        targets: what these look at.
        clients: the tokens, each with its host.
        days: how long a token lives that a printed link makes.
    """

    plan: Selection
    targets: tuple[Target, ...]
    clients: Clients
    days: int = 30

    def statuses(self) -> Iterator[TokenStatus]:
        """Every token: the general one of GitHub, those of single owners, npm's."""
        if self.clients.github is not None:
            yield self.of_github(self.clients.github)
        for owner, client in self.clients.github_by_owner.items():
            yield self.of_github(client, owner)
        if self.clients.npm.secret is not None:
            yield self.of_npm(self.clients.npm)

    def of_github(self, client: GitHub, owner: str = "") -> TokenStatus:
        """One token of GitHub. It takes some thirty requests, one more for each target, at most.

        Args:
            owner: whose things alone it is for; empty for everything.
        """
        served = self._served(owner)
        organization = next((t.name for t in served if t.kind == "github-owner"), "")
        repository = next((t.name for t in served if t.kind == "github-repo"), "")
        grant = github_grant(client, organization, repository)
        status = TokenStatus(
            provider="github",
            address=str(client.session.origin),
            source=self.clients.sources.get(f"github/{owner}" if owner else "github", ""),
            owner=owner,
            grant=grant,
        )
        if grant.refused is not None or isinstance(grant.kind, Unknown):
            return replace(status, repairs=_new_token(status, client.web))
        served = tuple(dict.fromkeys(ME if _is_own(t, grant) else t for t in served))
        found = permissions(self.plan, served, web=client.web, days=self.days)
        least = _of_github(found, grant.kind, served)
        own = owns(client, organization) if organization else None
        judged = self._judged(client, status, Holdings(grant, own), served, least)
        return replace(judged, repairs=(*_sign_on(client), *judged.repairs))

    def of_npm(self, client: Npm) -> TokenStatus:
        """The token of a registry. It takes a few requests, and raises nothing."""
        grant = npm_grant(client)
        status = TokenStatus(
            provider="npm",
            address=client.session.base,
            source=self.clients.sources.get("npm", ""),
            grant=grant,
        )
        served = tuple(t for t in self.targets if t.provider in {"", "npm"}) or (ME,)
        found = permissions(self.plan, served, registry=client.registry, days=self.days)
        least = _those(found.of(SESSION if grant.kind == SESSION else GRANULAR))
        if grant.refused is not None:
            return replace(status, repairs=_new_token(status, client.registry))
        judged = self._judged(client, status, Holdings(grant), served, least)
        if grant.kind != SESSION:
            return judged
        return replace(judged, person=tuple(gap for gap in found.person if gap.whole))

    def _judged(
        self,
        client: GitHub | Npm,
        status: TokenStatus,
        holdings: Holdings,
        served: tuple[Target, ...],
        least: tuple[LeastToken, ...],
    ) -> TokenStatus:
        """The status, with what the need says of what is held."""
        grant = holdings.grant
        if not least:
            return status
        needed = frozenset(Permission(grant.scheme, name) for one in least for name in one.names)
        over, short = surplus(grant, needed | _read_by_recent()), shortfall(grant, needed)
        blind, partly = self._blind(client, holdings, served)
        return replace(
            status,
            surplus=over,
            shortfall=short,
            asked=len({code for one in least for code in one.checks}),
            blind=blind,
            partly=partly,
            repairs=tuple(_repairs(grant, least, short, over, status.owner)),
        )

    def _blind(
        self, client: GitHub | Npm, holdings: Holdings, served: tuple[Target, ...]
    ) -> tuple[tuple[Blind, ...], tuple[str, ...]]:
        """What cannot be read, and the codes that are answered in fewer cases for it."""
        provider = holdings.grant.provider
        codes: dict[tuple[str, str], set[str]] = {}
        needs: list[Needs] = []
        for target in served:
            own = needs_of(self.plan, target)
            why_not = _barred(client, target)
            if why_not is None:
                needs += own
                continue
            shut = {one.check.code for one in own if any(k.asked_at == provider for k in one.must)}
            codes.setdefault((why_not.needed, why_not.seen), set()).update(shut)
        kinds = {kind for one in needs for kind in one.all if kind.asked_at == provider}
        why = {kind: holdings.lacks(kind.requirement) for kind in kinds}
        hidden = Hidden(frozenset(kind for kind, reason in why.items() if reason))
        private = {kind for kind in kinds if holdings.hides_private(kind.requirement)}
        lacking = private | {kind for kind, reason in why.items() if reason}
        partly = set[str]()
        for one in needs:
            found = hidden.of_check(one.check)
            for kind in found:
                key = (holdings.needs(kind.requirement), why[kind])
                codes.setdefault(key, set()).add(one.check.code)
            if not found and one.all & lacking:
                partly.add(one.check.code)
        blind = tuple(
            Blind(needed, seen, tuple(sorted(named)))
            for (needed, seen), named in sorted(codes.items())
            if named
        )
        return blind, tuple(sorted(partly))

    def _served(self, owner: str) -> tuple[Target, ...]:
        """What a GitHub token is checked for."""
        if owner:
            named = tuple(t for t in self.targets if _owner(t) == owner)
            return named or (Target.parse(f"github:{owner}"),)
        own = self.clients.github_by_owner
        served = (t for t in self.targets if t.provider != "github" or _owner(t) not in own)
        return tuple(t for t in served if t.kind != "local") or (ME,)


def _owner(target: Target) -> str:
    of_github = target.provider == "github"
    return target.name.partition("/")[0].lower() if of_github else ""


def _is_own(target: Target, grant: Grant) -> bool:
    """Whether a target is the account that the token belongs to, which is not an organization."""
    login = grant.identity if isinstance(grant.identity, str) else ""
    return target.kind == "github-owner" and target.name.lower() == login.lower()


def _barred(client: GitHub | Npm, target: Target) -> Unknown | None:
    """Why an owner lets no such token in, whatever it holds; None if it does, or is not asked.

    Other kinds are tried at each permission; a classic token's scopes say nothing about it.
    """
    if not isinstance(client, GitHub) or client.kind not in {CLASSIC, OAUTH}:
        return None
    return barred(client, target.name) if target.provider == "github" else None


def _of_github(found: Permissions, kind: str, served: tuple[Target, ...]) -> tuple[LeastToken, ...]:
    """The least token of the kind at hand; where it is of one owner, for each that is asked."""
    if kind not in OF_ONE_OWNER:
        return _those(found.of(kind))
    owners = dict.fromkeys(_owner(target) for target in served)
    # What an app's token for a person holds is spelled as for a fine-grained one.
    return _those(*(found.of(kind, owner) or found.of(FINE_GRAINED, owner) for owner in owners))


@cache
def _read_by_recent() -> frozenset[Permission]:
    """The fine-grained permissions to read that `recent` and `watch` need: they count as needed."""
    kinds = sources(kind for need in needs_of_command("recent") for kind in need.facts)
    every = (one for kind in kinds for either in kind.requirement.alternatives for one in either)
    return frozenset(
        one for one in every if one.scheme == FINE_GRAINED and one.name.endswith(":read")
    )


def _those(*tokens: LeastToken | None) -> tuple[LeastToken, ...]:
    return tuple(token for token in tokens if token is not None)


def _repairs(
    grant: Grant, least: tuple[LeastToken, ...], short: Shortfall, over: Surplus, owner: str
) -> Iterator[Repair]:
    """How each need is met, and the surplus taken away; a token for one owner stays one."""
    missing = {item.name for item in short.missing}
    for one in least:
        lacking = missing & one.names
        if lacking and grant.kind in {APP_USER, INSTALLATION} and one.kind == FINE_GRAINED:
            what = "Create a fine-grained token instead: an app's permissions cannot be edited"
            yield Repair(what, _login(one.provider, one.web, one.owner or owner))
        elif lacking:
            fix = repair(one, lacking)
            yield Repair(fix.step, fix.command or fix.page)
    first = least[0]
    if over.held or over.writes:
        what = "Create a token with only the needed permissions, then delete this one"
        yield Repair(what, _login(first.provider, first.web, first.owner or owner))
    if first.kind == GRANULAR and any(gap.whole for gap in first.gaps):
        what = "Sign in to npm: a session lasts two hours and is shown more"
        yield Repair(what, _login(first.provider, first.web))


def _sign_on(client: GitHub) -> Iterator[Repair]:
    """For organizations that ask for single sign-on first. The link is not for a report."""
    for name in sorted(client.sign_on.links):
        if client.kind == OAUTH:
            what = f"Sign in with gh again, and authorize it for single sign-on of {name}"
            yield Repair(what, gh_command(client.web, sorted(GH_SCOPES)))
        else:
            what = f'Authorize the token for single sign-on of {name}: "Configure SSO" next to it'
            yield Repair(what, github_page(client.web, "account-classic-tokens"))


def _new_token(status: TokenStatus, web: str) -> tuple[Repair, ...]:
    """For a token that the provider does not take."""
    why = status.grant.refused if status.grant else None
    if why is None or why.reason is not Reason.REJECTED:
        return ()
    return (Repair("Create a new token", _login(status.provider, web, status.owner)),)


def _login(provider: str, web: str, owner: str = "") -> str:
    return login_command(SESSION if provider == "npm" else FINE_GRAINED, owner, web)


def repair(token: LeastToken, missing: Iterable[str] = ()) -> Fix:
    """The step that gives a token what it lacks.

    Args:
        token: the least token of its kind, as `permissions` says it.
        missing: names of the rights that the present token lacks; all of them where none is named.
    """
    names = sorted(missing) or sorted(token.names)
    listed = ", ".join(names)
    if token.kind == FINE_GRAINED:
        page = github_page(token.web, "account-fine-grained-tokens")
        step = f"Edit the token and set these permissions to Read-only: {listed}"
        return Fix(step, page, needs=ITS_OWNER, undo="Set them to No access again")
    if token.kind == INSTALLATION:
        page = github_page(token.web, "org-apps", org=token.owner)
        step = f"Add these permissions to the app, then accept them for {token.owner}: {listed}"
        return Fix(step, page, needs="organization owner", undo="Remove them again")
    if token.kind == CLASSIC:
        page = github_page(token.web, "account-classic-tokens")
        return Fix(
            f"Edit the token and tick these scopes: {listed}",
            page,
            needs=ITS_OWNER,
            undo="Untick them",
        )
    if token.kind == OAUTH:
        return Fix(
            f"Add these scopes to gh: {listed}",
            github_page(token.web, "account-oauth-grants"),
            gh_command(token.web, names),
            needs=ITS_OWNER,
            undo="gh auth refresh --reset-scopes",
        )
    if token.kind == SESSION:
        step = "Log in again: the session lasts for two hours"
        return Fix(step, token.page, token.command, needs=ITS_OWNER, undo="npm logout")
    step = "Create a read-only granular token: an existing token cannot get more permissions"
    return Fix(step, token.page, token.command, needs=ITS_OWNER, undo="Revoke it on the same page")
