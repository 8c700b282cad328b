"""Checks of the GitHub token that hardenme uses: what it can do, reach and see."""

from hardenme.facts.github.token import (
    CLASSIC,
    OAUTH,
    WITNESSES,
    Token,
    TokenReach,
    TokenScopes,
    TokenVisibility,
    TokenWriteProbe,
)
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.fact import Every
from hardenme.model.given import NeededScopes, Targets
from hardenme.model.permission import expand_scopes
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual, Passed, Verdict
from hardenme_checks.github.token import DELETED, OWNER, page_of
from hardenme_checks.wording import count

WEIGHT = {
    "delete_repo": Severity.CRITICAL,
    "admin:enterprise": Severity.CRITICAL,
    "admin:org": Severity.CRITICAL,
    "user": Severity.MEDIUM,
    "gist": Severity.MEDIUM,
    "write:discussion": Severity.MEDIUM,
    "project": Severity.MEDIUM,
    "notifications": Severity.LOW,
    "user:email": Severity.LOW,
    "user:follow": Severity.LOW,
}
"""What a scope weighs that no selected check needs. Those that only read weigh little; all others,
like `repo`, `workflow`, `write:packages`, `admin:public_key`, and any that GitHub adds, weigh
`HIGH`."""


def _weight(scope: str) -> Severity:
    return WEIGHT.get(scope, Severity.LOW if reads_only(scope) else Severity.HIGH)


READS = frozenset(
    {"read:user", "user:email", "read:org", "read:public_key", "read:gpg_key"}
    | {"read:ssh_signing_key", "read:repo_hook", "read:packages", "read:project"}
    | {"read:discussion", "read:audit_log", "read:enterprise", "read:network_configurations"}
)
"""The scopes that change nothing. Source: GitHub's "Scopes for OAuth apps"."""


def reads_only(scope: str) -> bool:
    """Whether a classic scope changes nothing; one that is not known counts as one that writes."""
    return scope in READS


def _least(token: Token, step: str) -> Fix:
    return Fix(
        step,
        page=page_of(token),
        needs=OWNER,
        undo=DELETED,
    )


@check(
    "GHT105",
    "token-scopes-minimal",
    title="GitHub token has scopes that no check needs",
    severity=Severity.HIGH,
    since="0.1",
)
def token_scopes_minimal(scopes: TokenScopes, needed: NeededScopes, token: Token) -> Verdict:
    """The token has only scopes that the checks need.

    ## Why
    An unused scope helps only a thief: `admin:public_key`, for example, adds a key that outlives
    the token.

    ## Fix
    Untick the scopes: the token's value stays the same. An app's token loses scopes only if you
    revoke the app. Create a separate token for anything else that needs them.

    ## Limits
    - Compares with what all hardenme checks need, not with your own work.
    - Fine-grained tokens do not show their permissions.
    """
    allowed = expand_scopes(needed.scopes)
    surplus = sorted(scopes.granted - allowed)
    seen: Seen = {
        "X-OAuth-Scopes": sorted(scopes.granted),
        "needed": sorted(needed.scopes),
        "surplus": surplus,
    }
    if not surplus:
        return Passed("no scope beyond what the checks need", seen)
    fix = Fix(
        "Untick the scopes that are not needed, or create a new token without them",
        page=page_of(token),
        needs=OWNER,
        undo="Tick them again, or use the old token again",
    )
    message = f"{count(len(surplus), 'scope')} that no check needs: {', '.join(surplus)}"
    return Failed(message, seen, fix=fix, severity=max(_weight(scope) for scope in surplus))


@check(
    "GHT106",
    "token-read-only",
    title="GitHub token has write access",
    severity=Severity.HIGH,
    since="0.1",
    asks=True,
)
def token_read_only(
    token: Token, scopes: TokenScopes | Unknown, probes: Every[TokenWriteProbe]
) -> Verdict | Unknown:
    """The token is read-only.

    ## Why
    An audit needs no write access. In November 2025 a bot's stolen write token published PostHog
    packages with a worm.

    ## Fix
    Generate a fine-grained token with read permissions only. A classic token needs `repo`, which
    can write, to read private repositories.

    ## Limits
    - Fine-grained tokens do not show their permissions: you are asked.
    - Some requests that GitHub answers only with write access prove that a token can write.
    - hardenme writes nothing to find out.
    """
    if token.kind in {CLASSIC, OAUTH}:
        if isinstance(scopes, Unknown):
            return scopes
        return _by_scopes(token, scopes)
    step = "Generate a token with read permissions only, then delete this one"
    for probe in probes.facts:
        if probe.shown:
            return Failed(
                f"the token can write: it has {', '.join(probe.proved)}",
                {"kind": token.kind, "answered": _answered(probe)},
                fix=_least(token, step),
            )
    return Manual('Does the token\'s page show "Read-only" for every permission?', page_of(token))


def _answered(probe: TokenWriteProbe) -> list[str]:
    return [WITNESSES[name][0] for name in probe.shown]


def _by_scopes(token: Token, scopes: TokenScopes) -> Verdict:
    writing = sorted(scope for scope in scopes.granted if not reads_only(scope))
    seen: Seen = {"X-OAuth-Scopes": sorted(scopes.granted), "writing": writing}
    if not writing:
        return Passed("every scope only reads", seen)
    step = "Generate a fine-grained token with read permissions only, then delete this one"
    message = f"{count(len(writing), 'scope')} that can write: {', '.join(writing)}"
    return Failed(message, seen, fix=_least(token, step))


@check(
    "GHT107",
    "token-reach-minimal",
    title="GitHub token can read unrelated private repositories",
    severity=Severity.MEDIUM,
    since="0.1",
)
def token_reach_minimal(reach: TokenReach, targets: Targets, token: Token) -> Verdict:
    """The token reaches no private repository outside the targets.

    ## Why
    A stolen token exposes everything that it reaches. At Trivy that was the whole organization.

    ## Fix
    Generate a fine-grained token with "Only select repositories". Create a separate token for
    anything else that uses this one.

    ## Limits
    - Public repositories do not count.
    """
    outside = [name for name in reach.private_repositories if not targets.covers(name)]
    seen: Seen = {
        "private_repositories": len(reach.private_repositories),
        "outside_the_targets": sorted(outside),
    }
    if not outside:
        return Passed("no private repository outside the targets", seen)
    message = f"reaches {len(outside)} private repositories outside the targets"
    if len(outside) == 1:
        message = "reaches 1 private repository outside the targets"
    step = 'Generate a fine-grained token with "Only select repositories", then delete this one'
    return Failed(message, seen, fix=_least(token, step))


@check(
    "GHT108",
    "token-sees-everything",
    title="GitHub token cannot see everything the account owns",
    severity=Severity.INFO,
    since="0.1",
)
def token_sees_everything(sight: TokenVisibility, token: Token) -> Verdict:
    """The token shows every repository that the account owns.

    ## Why
    What the token does not show is not checked. This finding says how much that is.

    ## Fix
    Choose "All repositories" for the audit, or authorize the token with "Configure SSO".

    ## Limits
    - Compares numbers of the account's own repositories.
    - For daily use, a token for selected repositories is right.
    """
    seen: Seen = {"sso_hidden": list(sight.sso_hidden)}
    if sight.sso_hidden:
        return Failed(
            f"single sign-on hides {count(len(sight.sso_hidden), 'organization')}",
            seen,
            fix=Fix(
                'Choose "Configure SSO" next to the token and authorize it',
                page=page_of(token),
                needs="a member of the organization",
                undo="Deauthorize it in the same place",
            ),
        )
    seen |= {"visible": sight.visible, "owned": sight.owned}
    if sight.visible >= sight.owned:
        return Passed("the token shows every repository of the account", seen)
    return Failed(
        f"{sight.owned - sight.visible} of {sight.owned} own repositories are not visible",
        seen,
        fix=Fix(
            'Edit the token and choose "All repositories" for the time of the audit',
            page=page_of(token),
            needs=OWNER,
            undo='Choose "Only select repositories" again',
        ),
    )
