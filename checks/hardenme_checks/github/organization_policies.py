"""Checks of what an organization decides for its repositories, and whom it lets in by token."""

import json
import shlex
from collections.abc import Iterable

from hardenme.facts.github.organization import (
    ClassicTokenPolicy,
    OAuthAppPolicy,
    OrganizationImmutableReleases,
    OrganizationProfile,
    OrganizationRulesetReach,
    OrganizationSight,
    SecurityDefault,
    TokenApprovalRequests,
)
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.fact import Every
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed, Verdict

OWNER = "organization owner"
ON = "enabled"
VISIBILITIES = {
    "public": "public",
    "private_and_internal": "private and internal",
}
"""What GitHub calls the two halves of new repositories, and what they are called here."""


@check(
    "GHO113",
    "org-domain-verified",
    title="Organization has no verified domain",
    severity=Severity.LOW,
    since="0.1",
)
def org_domain_verified(profile: OrganizationProfile) -> Verdict:
    """GitHub has verified the organization's domain.

    ## Why
    Anybody can make an organization of a similar name, with the same picture and website. The
    verified mark tells people which one is yours.

    ## Fix
    Add the domain of the website and of the public address in the settings, and put the record that
    GitHub shows into its DNS. The record can go once the domain is verified.

    ## Limits
    Whether the domain is registered for long is not looked at.
    """
    seen: Seen = {"is_verified": profile.verified}
    if profile.verified:
        return Passed("the organization's domain is verified", seen)
    return Failed(
        "no domain of the organization is verified",
        seen,
        fix=Fix(
            "Verify the domain of the organization's website and address",
            page=profile.page("org-domains", org=profile.subject.name),
            needs=f"{OWNER}, and the right to change the domain's DNS",
            undo="Remove the domain on the same page",
        ),
    )


@check(
    "GHO114",
    "org-classic-tokens-restricted",
    title="Classic tokens can access the organization",
    severity=Severity.MEDIUM,
    since="0.1",
)
def org_classic_tokens_restricted(policy: ClassicTokenPolicy) -> Verdict:
    """The organization does not let classic tokens in.

    ## Why
    A classic token reaches everything that its owner reaches, in every organization, often without
    an end. Owners neither see such tokens nor can they revoke them.

    ## Fix
    Give what uses a classic token a fine-grained one or a GitHub App first. Then, on the tab
    "Tokens (classic)", choose "Restrict access via personal access tokens (classic)".

    ## Limits
    GitHub shows the setting to no token. It passes where a classic token asks and is refused for
    being one; in any other case it is a question for a person.
    """
    if policy.refused:
        return Passed("a classic token was refused for being one", {"refused": policy.refused})
    return Manual(
        "Is access via personal access tokens (classic) restricted?",
        page=policy.page("org-tokens", org=policy.subject.name),
    )


def _enforced(defaults: Iterable[SecurityDefault]) -> bool:
    """Whether all of these are enforced, and stop secrets from being pushed."""
    return all(
        found.enforced and found.secret_scanning == ON and found.push_protection == ON
        for found in defaults
    )


@check(
    "GHO124",
    "org-security-configuration-enforced",
    title="New repositories get no enforced push protection",
    severity=Severity.MEDIUM,
    since="0.1",
)
def org_security_configuration_enforced(
    profile: OrganizationProfile, defaults: Every[SecurityDefault]
) -> Verdict:
    """New repositories get push protection by a security configuration that is enforced.

    ## Why
    A repository is made in a minute and forgotten as quickly. What it does not get at birth it
    rarely gets later, and what is not enforced its administrators can switch off.

    ## Fix
    Choose a security configuration with secret scanning and push protection, enforce it, and make
    it the default for all new repositories. Apply it to those that exist too.

    ## Limits
    It is about new repositories; GHR101 and GHR102 look at each that exists. For private ones
    GitHub Secret Protection has to be bought.
    """
    found = list(defaults)
    lacking = []
    for which, name in VISIBILITIES.items():
        meant = [item for item in found if item.which in {which, "all"}]
        if not meant or not _enforced(meant):
            lacking.append(name)
    seen: Seen = {"defaults": len(found), "not_enforced_for": ", ".join(lacking)}
    if not lacking:
        return Passed("an enforced configuration with push protection is the default", seen)
    return Failed(
        f"no enforced configuration with push protection is the default for new {lacking[0]}"
        " repositories"
        if len(lacking) == 1
        else "no enforced configuration with push protection is the default for new repositories",
        seen,
        fix=Fix(
            "Enforce a configuration with secret scanning and push protection, and make it the"
            f" default for new {' and '.join(lacking)} repositories",
            page=profile.page("org-security-configurations", org=profile.subject.name),
            needs=f"{OWNER}, or security manager",
            undo="Set the former default on the same page",
        ),
    )


@check(
    "GHO125",
    "org-immutable-releases-enforced",
    title="Organization does not enforce immutable releases",
    severity=Severity.MEDIUM,
    since="0.1",
)
def org_immutable_releases_enforced(policy: OrganizationImmutableReleases) -> Verdict:
    """Releases of all repositories cannot be changed once they are published.

    ## Why
    Whoever takes over an account or a workflow can otherwise put other files into an old release,
    or move its tag: people who pin a version get what was never released.

    ## Fix
    Under "Repository", "General", "Releases" change "No policy" to "All repositories". Workflows
    that upload to a release after it was published must create a draft, upload, and publish last.

    ## Limits
    The policy applies to future releases only. Which repositories are selected, where only some
    are, is not looked at here.
    """
    enforced = policy.enforced
    seen: Seen = {"enforced_repositories": enforced}
    if enforced == "all":
        return Passed("releases are immutable in all repositories", seen)
    name = policy.subject.name
    return Failed(
        "releases can be changed in all but the selected repositories"
        if enforced == "selected"
        else "releases can be changed after they were published",
        seen,
        fix=Fix(
            'Under "Releases" choose "All repositories"',
            page=policy.page("org-releases", org=name),
            command=policy.gh(
                "api",
                "-X",
                "PUT",
                f"orgs/{name}/settings/immutable-releases",
                "-f",
                "enforced_repositories=all",
            ),
            needs=OWNER,
            undo="Choose Selected repositories, and these again, on the same page"
            if enforced == "selected"
            else "Choose No policy on the same page; releases that are immutable stay so",
        ),
    )


@check(
    "GHO127",
    "org-ruleset-on-default-branches",
    title="No organization ruleset covers every default branch",
    severity=Severity.LOW,
    since="0.1",
)
def org_ruleset_on_default_branches(
    reach: OrganizationRulesetReach, sight: OrganizationSight | Unknown
) -> Verdict | Unknown:
    """An active ruleset of the organization binds every default branch.

    ## Why
    A repository's own rules are as good as whoever set it up, and its administrators can take them
    away. The organization's hold everywhere, for new repositories too.

    ## Fix
    Add a ruleset for the default branches of all repositories. It may begin with what nobody
    misses: no deletion and no force push.

    ## Limits
    Which rules it holds, the checks of branches tell (GHB101 and on). Archived repositories are
    left out. That every branch is bound is known only to a token that shows all repositories.
    Rulesets of an organization take GitHub Team or Enterprise.
    """
    if reach.unbound:
        first = reach.unbound[0]
        return Failed(
            f"no ruleset of the organization binds the default branch of {first}",
            {"unbound": first},
            fix=_ruleset(reach),
        )
    if isinstance(sight, Unknown):
        return sight
    seen: Seen = {"default_branches": reach.branches, "unbound": 0, "all_shown": sight.whole}
    if reach.branches == 0:
        return NotApplicable("no repository has a default branch", seen)
    return Passed("a ruleset of the organization binds every default branch", seen)


def _ruleset(reach: OrganizationRulesetReach) -> Fix:
    """A new ruleset beside those that are there: rulesets add up, so it takes nothing away."""
    name = reach.subject.name
    body = {
        "name": "default branches: no deletion, no force push",
        "target": "branch",
        "enforcement": "active",
        "conditions": {
            "ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []},
            "repository_name": {"include": ["~ALL"], "exclude": []},
        },
        "rules": [{"type": "deletion"}, {"type": "non_fast_forward"}],
    }
    call = reach.gh("api", "-X", "POST", f"orgs/{name}/rulesets", "--input", "-")
    return Fix(
        "Add a branch ruleset for the default branches of all repositories, and set it to active",
        page=reach.page("org-rules", org=name),
        command=f"echo {shlex.quote(json.dumps(body))} | {call}",
        needs=f"{OWNER}, and GitHub Team or Enterprise",
        undo="Delete the ruleset on the same page",
    )


@check(
    "GHO131",
    "org-oauth-apps-restricted",
    title="OAuth apps do not need an owner's approval",
    severity=Severity.MEDIUM,
    since="0.1",
)
def org_oauth_apps_restricted(policy: OAuthAppPolicy) -> Verdict:
    """OAuth apps reach the organization only after an owner approved them.

    ## Why
    A member who lets an OAuth app in gives it the member's rights in the organization too. One
    careless click then opens every repository that the member sees.

    ## Fix
    Choose Setup application access restrictions, then approve the apps that are needed, one by
    one. What an app did until then stops until it is approved.

    ## Limits
    GitHub shows the setting to no token. It passes where an OAuth app's token asks and is refused
    for that restriction; in any other case it is a question for a person.
    """
    if policy.refused:
        return Passed("an OAuth app was refused by the restriction", {"refused": policy.refused})
    return Manual(
        "Are OAuth apps restricted to those that an owner approved?",
        page=policy.page("org-oauth-policy", org=policy.subject.name),
    )


@check(
    "GHO132",
    "org-token-approval-required",
    title="Fine-grained tokens do not need an owner's approval",
    severity=Severity.MEDIUM,
    since="0.1",
)
def org_token_approval_required(
    profile: OrganizationProfile, requests: TokenApprovalRequests | Unknown
) -> Verdict:
    """A fine-grained token reaches the organization only after an owner approved it.

    ## Why
    Otherwise each member gives away rights on the organization's repositories without anybody
    else knowing, for as long as the member likes.

    ## Fix
    Under "Fine-grained tokens" choose "Require administrator approval". Members then wait for an
    owner, so see that more than one looks at the requests.

    ## Limits
    Owners' own fine-grained tokens need no approval. No API shows the setting. A GitHub App sees
    the requests that wait, and one that does proves that approval was required when it was sent.
    Without one it is a question for a person.
    """
    if not isinstance(requests, Unknown) and requests.waiting:
        return Passed("a token waits for approval", {"waiting": True})
    return Manual(
        "Do fine-grained tokens have to be approved before they reach the organization?",
        page=profile.page("org-tokens", org=profile.subject.name),
    )


CHECKS = (
    org_domain_verified,
    org_classic_tokens_restricted,
    org_security_configuration_enforced,
    org_immutable_releases_enforced,
    org_ruleset_on_default_branches,
    org_oauth_apps_restricted,
    org_token_approval_required,
)
