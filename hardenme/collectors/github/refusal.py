"""Why GitHub did not answer: permission, visibility, single sign-on, plan or limits.

Source: GitHub's "Troubleshooting the REST API" and the messages that its answers carry.
"""

from __future__ import annotations

import re

from hardenme.collectors.github import sign_on
from hardenme.collectors.github.policies import Barred, barred
from hardenme.collectors.transport.response import Response
from hardenme.facts.github.token import CLASSIC, FINE_GRAINED, OAUTH
from hardenme.model.permission import Requirement, Scheme, expand_scopes
from hardenme.model.unknown import Reason, Unknown

ORGANIZATIONS = re.compile(r"organizations=([\d,]+)")
DENIED = ("only owners can use this filter", "must be an org", "requires authentication")
"""The words of a 422 answer about a missing right; 403 means it by itself."""
DENIES_OPENLY = re.compile(
    r"GET /(?:user/(?:keys|ssh_signing_keys|gpg_keys|emails|blocks)|repos/[^/]+/[^/]+/(?:"
    r"hooks|invitations|branches/.+/protection|environments/[^/]+/(?:secrets|variables)"
    r"|(?:actions|dependabot|codespaces)/(?:secrets|variables)"
    r"|(?:dependabot|code-scanning|secret-scanning)/alerts))(?:[?/].*)?"
)
"""Where a fine-grained token without the permission is answered by 403, never by 404.

Source: a table of 2026-10-04 that others published of their probes; they were not tried here.
"""


def refusal(response: Response, requirement: Requirement, kind: str) -> Unknown:
    """What an answer that is not 200 means for a fact with this requirement.

    Args:
        requirement: what the fact needs.
        kind: the token's kind; empty without a token.
    """
    status, said = response.status, response.message().lower()
    seen = f"{response.endpoint} answered {status}"
    evidence = (response.atom,)
    if status == 401:  # noqa: PLR2004 (HTTP's number, as all below)
        if "requires authentication" in said and not kind:
            return Unknown(Reason.NOT_PERMITTED, wanted(requirement, kind), seen, evidence)
        return Unknown(Reason.REJECTED, "a GitHub token that is accepted", seen, evidence)
    if sign_on.asked(response.headers):
        name = sign_on.organization(response.headers)
        whose = f"single sign-on of {name}" if name else "the organization's single sign-on"
        return Unknown(
            Reason.NEEDS_SSO,
            f'a token that is authorized for {whose}: "Configure SSO" next to it in your settings',
            seen,
            evidence,
        )
    if status in {302, 303}:
        # Another list in its place, such as the public part of it.
        return Unknown(Reason.NOT_PERMITTED, wanted(requirement, kind), seen, evidence)
    policy = barring(response)
    if policy is not None:
        return Unknown(policy.reason, policy.needed, seen, evidence)
    lacking = status == 403 or (status == 422 and any(text in said for text in DENIED))  # noqa: PLR2004
    if lacking or (status == 404 and lacks_scope(response, kind)):  # noqa: PLR2004
        return Unknown(Reason.NOT_PERMITTED, wanted(requirement, kind), seen, evidence)
    if status == 404:  # noqa: PLR2004
        # Where a missing permission is answered by 403, no permission is missing.
        told = kind == FINE_GRAINED and DENIES_OPENLY.fullmatch(response.endpoint)
        may_take = "" if told else f"; it may need {wanted(requirement, kind)}"
        return Unknown(Reason.NOT_VISIBLE, f"a token that can see it{may_take}", seen, evidence)
    return Unknown(
        Reason.MALFORMED, f"an answer to {response.endpoint} that hardenme can read", seen, evidence
    )


def wanted(requirement: Requirement, kind: str) -> str:
    """What a token of this kind must hold, in words; if this kind cannot, what any token must."""
    if not requirement.alternatives:
        return "a token that is accepted"
    scheme = Scheme.CLASSIC if kind in {CLASSIC, OAUTH} else Scheme.FINE_GRAINED
    own = requirement.within(scheme)
    return str(own if own.alternatives else requirement)


def barring(response: Response) -> Barred | None:
    """The policy by which an organization refuses a token; None if it is not such a refusal."""
    return barred(response.message()) if response.status == 403 else None  # noqa: PLR2004


def lacks_scope(response: Response, kind: str) -> bool:
    """Whether the headers prove that a classic token has none of the scopes that would do."""
    if kind not in {CLASSIC, OAUTH} or "x-oauth-scopes" not in response.headers:
        return False
    accepted = scopes(response.headers.get("x-accepted-oauth-scopes", ""))
    held = expand_scopes(scopes(response.headers["x-oauth-scopes"]))
    return bool(accepted) and not accepted & held


def scopes(header: str) -> frozenset[str]:
    """The scopes of a header, as listed."""
    return frozenset(part.strip() for part in header.split(",") if part.strip())


def partial_results(response: Response) -> tuple[str, ...]:
    """The numbers of the organizations that single sign-on left out of a list."""
    header = response.headers.get("x-github-sso", "")
    found = ORGANIZATIONS.search(header)
    if not header.startswith("partial-results"):
        return ()
    return tuple(found[1].split(",")) if found else ("?",)


def sso_left_out(response: Response) -> Unknown | None:
    """What single sign-on left out of an answer; None if nothing."""
    hidden = partial_results(response)
    if not hidden:
        return None
    return Unknown(
        Reason.NEEDS_SSO,
        "a token that is authorized for single sign-on of the organizations with the IDs "
        + ", ".join(hidden)
        + ': "Configure SSO" next to it in your settings',
        seen="a partial answer",
        evidence=(response.atom,),
    )
