"""What still publishes a package when tokens that bypass 2FA no longer do."""

from __future__ import annotations

from typing import Any

from hardenme.derive.publishing import steps, tokens
from hardenme.derive.publishing.criterion import listed
from hardenme.derive.publishing.paths import ordered
from hardenme.derive.publishing.publishers import idle
from hardenme.derive.publishing.steps import shown
from hardenme.facts.github.release_place import publishing_file
from hardenme.facts.github.workflow import Workflow
from hardenme.facts.npm.acceptance import PublisherRelease
from hardenme.facts.npm.account import WEAK, NpmAccount, NpmTwoFactor
from hardenme.facts.npm.history import ReleaseHistory
from hardenme.facts.npm.package import NewestRelease, Package, PackageRepository
from hardenme.facts.npm.paths import PublisherRoute, PublishFuture
from hardenme.facts.npm.token import NpmToken
from hardenme.model.acceptance import AcceptanceState, ReleaseWay
from hardenme.model.fact import Every
from hardenme.model.given import Now
from hardenme.model.known import field
from hardenme.model.maybe import first_unknown
from hardenme.model.publishing import ClosingStep
from hardenme.model.unknown import Reason, Unknown


def publish_future(  # noqa: PLR0913 (what a release may need)
    package: Package,
    *,
    now: Now,
    own_tokens: Every[NpmToken] | Unknown,
    routes: Every[PublisherRoute] | Unknown,
    releases: Every[PublisherRelease] | Unknown,
    newest: NewestRelease | Unknown,
    history: ReleaseHistory | Unknown,
    account: NpmAccount | Unknown,
    factor: NpmTwoFactor | Unknown,
    repository: PackageRepository | Unknown,
    workflows: Every[Workflow] | Unknown,
) -> PublishFuture:
    """Whether releases continue: by a trusted publisher, or by hand.

    Whether a token that stages is accepted can depend on a person's answer: the check judges it.
    """
    name = package.subject.name
    held = ordered(listed(own_tokens))
    bypassing = [token for token in held.facts if _needs_bypass(token, name, now) is True]
    unclear = (_needs_bypass(token, name, now) for token in held.facts)
    missing = next((value for value in unclear if isinstance(value, Unknown)), held.missing)
    staging = [token for token in held.facts if _stages(token, name, now)]
    approved = _approved(newest, history)
    survives, by = _goes_on(ordered(listed(routes)), listed(releases))
    if survives is not True and not bypassing:
        unread = survives if isinstance(survives, Unknown) else None
        survives, by = _by_hand(newest, account, missing, unread)
        survives, by = _with_factor(factor, by) if survives is True else (survives, by)
    if survives is False and (staging or approved):
        how = f"with the token {tokens.shown(staging[0])}" if staging else "as the newest one was"
        needed = f"whether the next version is accepted when it is staged {how}"
        survives, by = Unknown(Reason.NOT_VISIBLE, needed), ""
    elif survives is False and bypassing:
        names = ", ".join(tokens.shown(token) for token in bypassing)
        by = f"{by or 'no trusted publisher is set up'}, and unattended releases use {names}"
    return PublishFuture(
        **package.placed(),
        package=name,
        survives=survives,
        by=by,
        bypass=tuple(tokens.shown(token) for token in bypassing),
        approved=approved,
        steps=_steps(package, bypassing, repository, listed(workflows)),
    )


def _needs_bypass(token: NpmToken, package: str, now: Now) -> Any:
    """Whether a token publishes the package without 2FA, and at once."""
    if field(token, "publish_policy") == "stage_only" or field(token, "bypass") is False:
        return False
    may = tokens.publishes(token, package, now)
    bypass = field(token, "bypass")
    return bypass if may is True else may


def _stages(token: NpmToken, package: str, now: Now) -> bool:
    """Whether a token surely can only stage versions of the package."""
    only = field(token, "publish_policy") == "stage_only"
    return only and tokens.publishes(token, package, now) is True


def _goes_on(routes: Every[PublisherRoute], releases: Every[PublisherRelease]) -> tuple[Any, str]:
    """Whether the next release by a trusted publisher is accepted."""
    # The publisher of the newest release may have been removed since: it does not count as a
    # current one.
    ways = {one.subject: field(one, "release") for one in releases.facts}
    found = [
        (field(route, "publisher"), _works(route, ways.get(route.subject, releases.missing)))
        for route in routes.facts
    ]
    working = [publisher for publisher, works in found if works is True]
    if working:
        return True, f"the trusted publisher {shown(working[0])} publishes it"
    if unclear := routes.missing or first_unknown(works for _, works in found):
        return unclear, ""
    broken = next((one for one, _ in found if not idle(one)), None)
    if broken is None:
        return False, ""
    way = ways.get(broken.subject)
    refused = way.refused if isinstance(way, ReleaseWay) else ()
    why = f"npm refuses it: {refused[0].cause}" if refused else "part of it is missing"
    return False, f"{shown(broken)} cannot publish: {why}"


def _works(route: PublisherRoute, way: ReleaseWay | Unknown | None) -> Any:
    """Whether the next release by it is accepted, and all of it exists."""
    publisher = field(route, "publisher")
    may = [field(publisher, name) for name in ("may_publish", "may_stage")]
    allowed = True in may or first_unknown(may) or False
    works = field(route, "works") if allowed is True else allowed
    refused = isinstance(way, ReleaseWay) and way.verdict is AcceptanceState.REFUSED
    if works is False or refused:
        return False
    if isinstance(works, Unknown) or (isinstance(way, ReleaseWay) and way.accepted):
        return works
    if isinstance(way, ReleaseWay) and way.unread:
        first = way.unread[0]
        return Unknown(first.reason, first.needed)
    if isinstance(way, Unknown):
        return way
    return Unknown(Reason.NOT_VISIBLE, f"whether npm accepts {shown(publisher)}")


def _with_factor(factor: NpmTwoFactor | Unknown, by: str) -> tuple[Any, str]:
    """Whether the account can publish by hand, for which npm asks for 2FA."""
    mode: Any = factor if isinstance(factor, Unknown) else field(factor, "mode")
    if isinstance(mode, Unknown):
        return mode, ""
    if mode in WEAK:
        return False, "npm refuses releases by hand: the account has no 2FA"
    return True, by


def _approved(newest: NewestRelease | Unknown, history: ReleaseHistory | Unknown) -> bool:
    """Whether the newest release is known to have been staged and approved."""
    if isinstance(newest, Unknown):
        return False
    releases = () if isinstance(history, Unknown) else field(history, "releases")
    version = field(newest, "version")
    for release in releases if isinstance(releases, tuple) else ():
        unknown = release.unknown_fields()
        if not {"version", "approver"} & unknown.keys() and release.version == version:
            return bool(release.approver)
    return False


def _by_hand(
    newest: NewestRelease | Unknown,
    account: NpmAccount | Unknown,
    missing: Unknown | None,
    unread: Unknown | None,
) -> tuple[Any, str]:
    """Whether it still works where no token of the account publishes it: by hand, with 2FA.

    Each account is shown its own tokens only, so nothing is known about another's releases. A
    workflow's release belongs to no one: it takes the publishers, of which `unread` is not known.
    """
    publisher = newest if isinstance(newest, Unknown) else field(newest, "publisher")
    own = account if isinstance(account, Unknown) else field(account, "name")
    for value in (missing, publisher, own):
        if isinstance(value, Unknown):
            return value, ""
    if publisher is None:
        gone = "what publishes it: the trusted publisher of the newest release no longer exists"
        return unread or Unknown(Reason.NOT_VISIBLE, gone), ""
    if publisher == own:
        return True, f"{own} publishes it with 2FA, and has no such token"
    why = Unknown(
        Reason.NOT_VISIBLE,
        f"the tokens of {publisher}, who published the newest release: npm shows each account"
        " only its own",
    )
    return why, ""


def _steps(
    package: Package,
    bypassing: list[NpmToken],
    repository: PackageRepository | Unknown,
    workflows: Every[Workflow],
) -> tuple[ClosingStep, ...]:
    name = package.subject.name
    named = repository if isinstance(repository, Unknown) else field(repository, "repository")
    closes = tuple(f"token/{token.subject.name}" for token in bypassing)
    ending = (
        steps.revoke(token, token.subject.name, tokens.shown(token), (key,))
        for token, key in zip(bypassing, closes, strict=True)
    )
    return steps.in_order(
        (
            steps.trust(
                package,
                name,
                repository=named if isinstance(named, str) else "",
                file=publishing_file(workflows.facts),
                hidden=steps.not_visible(workflows.missing),
            ),
            steps.disallow(package, name, (tokens.ANY,)),
            *ending,
        )
    )
