"""The paths that start from tokens: the account's own, anyone's, and those kept as secrets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from hardenme.derive.publishing import steps
from hardenme.derive.publishing.cover import Remedy
from hardenme.derive.publishing.criterion import Criterion
from hardenme.derive.publishing.people import scope
from hardenme.facts.attested import PublishingAccess
from hardenme.facts.github.environments import WorkflowSecret
from hardenme.facts.npm.package import Package
from hardenme.facts.npm.token import NpmToken
from hardenme.model.fact import Every
from hardenme.model.given import Now
from hardenme.model.known import field
from hardenme.model.maybe import all_of, negate
from hardenme.model.publishing import ClosingStep, Hop, PublishPath, State
from hardenme.model.secret_name import Likeness, names_npm_token, npm_token_likeness
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Fix
from hardenme.model.way import Way

ANY = "token/*"
"""The key of the path of tokens as such, anyone who made them."""
LEFT = "the package is stated to disallow tokens"
SHOWN_OF_KEY = 8
HELD = {
    Likeness.CERTAIN: "is named like an npm token, and its rights are not visible",
    Likeness.NEAR: "may hold an npm token, by its name",
}
NEEDED = {
    Likeness.CERTAIN: "the rights of the token that it holds: look it up on npm",
    Likeness.NEAR: "what the secret holds; if it is an npm token, its rights on npm",
}
"""By how sure a secret is named like a token for npm."""


def covers(token: NpmToken, package: str) -> Any:
    """Whether a token names a package, or all of them, or its scope."""
    unlimited, packages = field(token, "unlimited"), field(token, "packages")
    scopes = field(token, "scopes")
    owner = scope(package)
    if unlimited is True or (not isinstance(packages, Unknown) and package in packages):
        return True
    if owner and not isinstance(scopes, Unknown) and {owner, f"@{owner}"} & set(scopes):
        return True
    return next(
        (part for part in (unlimited, packages, scopes) if isinstance(part, Unknown)), False
    )


def publishes(token: NpmToken, package: str, now: Now) -> Any:
    """Whether a token is still valid and can write a package; unknown if that is not shown."""
    ends = field(token, "expires_at")
    usable = ends if isinstance(ends, Unknown) else ends is None or ends > now.time
    revoked = negate(field(token, "revoked"))
    parts = (field(token, "package_write"), covers(token, package), usable, revoked)
    return all_of(parts)


def shown(token: NpmToken) -> str:
    """What a token is called, with the start of its key: two may have one name."""
    name, key = field(token, "name"), token.subject.name[:SHOWN_OF_KEY]
    return f"{name} ({key})" if isinstance(name, str) and name.strip() else key


def _can(token: NpmToken) -> str:
    """What a token that writes can do."""
    bypass, policy = field(token, "bypass"), field(token, "publish_policy")
    if policy == "stage_only":
        return "can stage versions, and can move dist-tags without approval"
    if isinstance(bypass, Unknown):
        return "may publish; whether it needs 2FA is not visible"
    if bypass:
        return "publishes without 2FA"
    return "publishes with 2FA; stages without it"


def token_paths(
    tokens: Every[NpmToken], package: str, now: Now, setting: PublishingAccess | Unknown
) -> Iterator[PublishPath]:
    """One path for each token of the account that may publish the package, or could."""
    closed = not isinstance(setting, Unknown) and field(setting, "disallows_tokens") is True
    for token in tokens.facts:
        may = publishes(token, package, now)
        if may is False:
            continue
        name = shown(token)
        path = f"token/{token.subject.name}"
        hops = (Hop("token", name),)
        if isinstance(may, Unknown):
            why = "whether it can publish is not visible"
            yield PublishPath(
                path, Way.TOKEN, name, State.UNKNOWN, why, hops=hops, needed=may.needed
            )
            continue
        why = _can(token)
        if closed:
            why = f"is left over: {LEFT}, but it can still stage and move dist-tags"
        yield PublishPath(path, Way.TOKEN, name, State.OPEN, why, hops=hops)


def setting_path(package: str, setting: PublishingAccess | Unknown) -> PublishPath:
    """The path of tokens as such: those of other writers are shown to no one else."""
    stated = setting if isinstance(setting, Unknown) else field(setting, "disallows_tokens")
    state, why, needed = State.CLOSED, LEFT, ""
    if isinstance(stated, Unknown):
        state, why = State.UNKNOWN, "npm does not show whether the package disallows tokens"
        needed = stated.needed or f"`hardenme attest NPP106 npm:package/{package}`"
    elif not stated:
        state, why = State.OPEN, "the package accepts tokens of every account that may publish"
    name = "tokens of any account that may publish"
    return PublishPath(ANY, Way.TOKEN, name, state, why, hops=(Hop("token", name),), needed=needed)


def secret_paths(
    secrets: Every[WorkflowSecret], setting: PublishingAccess | Unknown
) -> Iterator[PublishPath]:
    """One path for each secret of the repository that is named like a token for npm."""
    closed = not isinstance(setting, Unknown) and field(setting, "disallows_tokens") is True
    for secret in secrets.facts:
        name, repository = field(secret, "name"), field(secret, "repository")
        likeness = npm_token_likeness(name) if isinstance(name, str) else Likeness.NONE
        if likeness is Likeness.NONE:
            continue
        yield PublishPath(
            secret_key(secret),
            Way.SECRET,
            f"{name} in {repository if isinstance(repository, str) else secret.within.name}",
            State.CLOSED if closed else State.UNKNOWN,
            LEFT if closed else HELD[likeness],
            hops=(Hop("secret", name), Hop("repository", secret.within.name)),
            needed="" if closed else NEEDED[likeness],
        )


def secret_key(secret: WorkflowSecret) -> str:
    """The key of a secret's path: where it is kept, and its name."""
    return f"secret/{secret.subject.kind}/{secret.subject.name}"


def judge(
    package: str, tokens: Every[NpmToken], now: Now, setting: PublishingAccess | Unknown
) -> Criterion:
    """The leg that no token publishes: the package takes none, and none that writes is left."""
    leg = Criterion(f"whether tokens publish {package}")
    stated = setting if isinstance(setting, Unknown) else field(setting, "disallows_tokens")
    leg.demand(stated, "the package is stated to accept tokens")
    leg.unread.extend([tokens.missing] if tokens.missing else [])
    for path in token_paths(tokens, package, now, setting):
        if path.state is State.OPEN:
            leg.against.append(f"the token {path.name} {path.reason}")
    may = (publishes(token, package, now) for token in tokens.facts)
    leg.unread.extend(value for value in may if isinstance(value, Unknown))
    return leg


def other_tokens(
    package: str, tokens: Every[NpmToken], now: Now, setting: PublishingAccess | Unknown
) -> bool:
    """Whether tokens are known to publish the package; one that may only stage does not."""
    stated = setting if isinstance(setting, Unknown) else field(setting, "disallows_tokens")
    if not isinstance(stated, Unknown):
        return not stated
    policies = (
        field(token, "publish_policy")
        for token in tokens.facts
        if publishes(token, package, now) is True
    )
    return any(isinstance(policy, str) and policy != "stage_only" for policy in policies)


def remedies(
    package: Package,
    paths: Iterable[PublishPath],
    tokens: Every[NpmToken],
    secrets: Every[WorkflowSecret],
) -> Iterator[Remedy]:
    """What closes the paths of tokens and secrets.

    The setting of the package closes everything at once, but a leftover token of the account would
    work again if it is changed. So such a token is revoked by itself.
    """
    listed = {path.key: path for path in paths}
    whole = tuple(key for key, path in listed.items() if key == ANY or path.way is Way.SECRET)
    yield Remedy((steps.disallow(package, package.subject.name, whole),))
    for token in tokens.facts:
        path = listed.get(f"token/{token.subject.name}")
        # If it is not shown whether one publishes, it may be needed for something else.
        if path is not None and path.state is State.OPEN:
            step = steps.revoke(token, token.subject.name, path.name, (path.key,))
            yield Remedy((step,), losses=1)
    for secret in secrets.facts:
        key, secret_name = secret_key(secret), field(secret, "name")
        # What may hold something else is looked at first, not deleted.
        if key in listed and names_npm_token(secret_name):
            yield Remedy((_delete(secret, listed[key].name, key),), losses=1)


def _delete(secret: WorkflowSecret, name: str, key: str) -> ClosingStep:
    """Delete a secret, and end the token that it holds."""
    repository = secret.within.name
    owner = repository.partition("/")[0]
    pages = {"environment": "repo-environments", "organization": "org-secrets"}
    kept = field(secret, "kept_by")
    page = pages.get(kept if isinstance(kept, str) else "", "repo-secrets")
    known = not {"name", "kept_by", "environment", "repository"} & secret.unknown_fields().keys()
    return ClosingStep(
        f"secret/{secret.subject.name}",
        Fix(
            f"Revoke the token that {name} holds, then delete the secret",
            page=secret.page(page, repo=repository, org=owner),
            command=secret.gh("api", "-X", "DELETE", secret.address) if known else "",
            needs="repository admin, or organization owner for a secret of the organization",
            undo="Create a new value at its provider and add the secret again",
        ),
        (key,),
    )
