"""Checks of an organization's policies for its repositories, tokens and OAuth apps."""

import json
import shlex
from collections.abc import Iterable

from hardenme.facts.github.organization import (
    ClassicTokenPolicy,
    OAuthAppPolicy,
    OrganizationImmutableReleases,
    OrganizationProfile,
    OrganizationRulesetReach,
    OrganizationVisibility,
    SecurityDefault,
    TokenApprovalRequests,
)
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.fact import Every
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed, Verdict
from hardenme_checks.github.branch_rule import FOR_ALL, NEW_RULESET
from hardenme_checks.wording import ONE_CONFIGURATION

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
    """GitHub has verified a domain of the organization.

    ## Why
    Anyone can create an organization with a similar name and picture. The verified badge shows
    which one is yours.

    ## Fix
    Add your website's domain and create the DNS record that GitHub shows. You can delete the record
    afterwards.

    ## Limits
    - Does not check how long the domain stays registered.
    """
    seen: Seen = {"is_verified": profile.verified}
    if profile.verified:
        return Passed("the organization has a verified domain", seen)
    return Failed(
        "the organization has no verified domain",
        seen,
        fix=Fix(
            "Verify the domain of the organization's website and email address",
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
    asks=True,
)
def org_classic_tokens_restricted(policy: ClassicTokenPolicy) -> Verdict:
    """Classic tokens cannot access the organization.

    ## Why
    A classic token reaches everything its owner reaches, and often never expires. Organization
    owners can neither see nor revoke it.

    ## Fix
    1. Replace classic tokens in use with fine-grained tokens or a GitHub App: they stop at once.
    2. Choose "Restrict access via personal access tokens (classic)" on the tab "Tokens (classic)".

    ## Limits
    - No token is shown this setting: passes if this run's classic token was refused. Otherwise you
      are asked.
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
        one.enforced and one.secret_scanning == ON and one.push_protection == ON for one in defaults
    )


@check(
    "GHO124",
    "org-security-configuration-enforced",
    title="Push protection is not enforced for new repositories",
    severity=Severity.MEDIUM,
    since="0.1",
)
def org_security_configuration_enforced(
    profile: OrganizationProfile, defaults: Every[SecurityDefault]
) -> Verdict:
    """New repositories get push protection from an enforced security configuration.

    ## Why
    A setting that a new repository lacks is rarely added later. Admins can turn off what is not
    enforced.

    ## Fix
    Enforce a security configuration with secret scanning and push protection. Make it the default
    for new repositories, and apply it to existing ones.

    ## Limits
    - GHR101 and GHR102 check existing repositories.
    - Private ones need GitHub Secret Protection, which is paid.
    """
    configurations = list(defaults)
    lacking = []
    for which, name in VISIBILITIES.items():
        meant = [item for item in configurations if item.which in {which, "all"}]
        if not meant or not _enforced(meant):
            lacking.append(name)
    seen: Seen = {"defaults": len(configurations), "not_enforced_for": ", ".join(lacking)}
    if not lacking:
        return Passed("new repositories get an enforced configuration with push protection", seen)
    return Failed(
        f"no enforced configuration with push protection is the default for new {lacking[0]}"
        " repositories"
        if len(lacking) == 1
        else "no enforced configuration with push protection is the default for new repositories",
        seen,
        fix=Fix(
            f"{ONE_CONFIGURATION}: enable Secret Protection. Enable Push protection. Make it the"
            f" default for new {' and '.join(lacking)} repositories",
            page=profile.page("org-security-configurations", org=profile.subject.name),
            needs=f"{OWNER}, or security manager",
            undo="Set the former default again on the same page",
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
    """Published releases of all repositories are immutable.

    ## Why
    A stolen account or workflow can otherwise replace files of an old release or move its tag.

    ## Fix
    Change "No policy" to "All repositories" under "Repository", "General", "Releases". Workflows
    must then upload to a draft and publish last.

    ## Limits
    - Applies to future releases only.
    - Does not show which repositories are selected.
    """
    enforced = policy.enforced
    seen: Seen = {"enforced_repositories": enforced}
    if enforced == "all":
        return Passed("releases are immutable in all repositories", seen)
    name = policy.subject.name
    return Failed(
        "published releases can be changed in all but the selected repositories"
        if enforced == "selected"
        else "published releases can be changed",
        seen,
        fix=Fix(
            'Choose "All repositories" under "Releases"',
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
            undo='Choose "Selected repositories" and the former ones on the same page'
            if enforced == "selected"
            else 'Choose "No policy" on the same page; immutable releases stay immutable',
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
    reach: OrganizationRulesetReach, sight: OrganizationVisibility | Unknown
) -> Verdict | Unknown:
    """An active organization ruleset covers every default branch.

    ## Why
    Repository admins can remove a repository's own rules. An organization's ruleset also covers new
    repositories.

    ## Fix
    Create an organization ruleset for all default branches. Start with "Restrict deletions" and
    "Block force pushes".

    ## Limits
    - Does not check its rules: GHB101 to GHB114 do.
    - Leaves out archived repositories.
    - Passes only if the token is shown all repositories.
    - Needs GitHub Team or Enterprise.
    """
    if reach.unbound:
        first = reach.unbound[0]
        return Failed(
            f"no organization ruleset covers the default branch of {first}",
            {"unbound": first},
            fix=_ruleset(reach),
        )
    if isinstance(sight, Unknown):
        return sight
    seen: Seen = {"default_branches": reach.branches, "unbound": 0, "all_shown": sight.whole}
    if reach.branches == 0:
        return NotApplicable("no repository has a default branch", seen)
    return Passed("an organization ruleset covers every default branch", seen)


def _ruleset(reach: OrganizationRulesetReach) -> Fix:
    """A new ruleset next to the existing ones: rulesets add up, so it removes nothing."""
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
        f"{FOR_ALL}: {NEW_RULESET[0].lower()}{NEW_RULESET[1:]}."
        ' Tick "Restrict deletions". Tick "Block force pushes"',
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
    asks=True,
)
def org_oauth_apps_restricted(policy: OAuthAppPolicy) -> Verdict:
    """OAuth apps need an owner's approval to access the organization.

    ## Why
    An OAuth app that one member authorizes gets that member's access to the organization.

    ## Fix
    Choose "Setup application access restrictions", then approve the apps that you need. Apps in use
    stop until they are approved.

    ## Limits
    - No token is shown this setting: passes if this run's OAuth app token was refused. Otherwise
      you are asked.
    """
    if policy.refused:
        return Passed("the restriction refused an OAuth app", {"refused": policy.refused})
    return Manual(
        "Do OAuth apps need an owner's approval to access the organization?",
        page=policy.page("org-oauth-policy", org=policy.subject.name),
    )


@check(
    "GHO132",
    "org-token-approval-required",
    title="Fine-grained tokens do not need an owner's approval",
    severity=Severity.MEDIUM,
    since="0.1",
    asks=True,
)
def org_token_approval_required(
    profile: OrganizationProfile, requests: TokenApprovalRequests | Unknown
) -> Verdict:
    """Fine-grained tokens need an owner's approval to access the organization.

    ## Why
    Otherwise any member can create a token for the organization's repositories without the owners
    knowing.

    ## Fix
    Choose "Require administrator approval" under "Fine-grained tokens". Have more than one owner
    watch the requests.

    ## Limits
    - Owners' own tokens need no approval.
    - No API shows the setting: passes if a GitHub App sees a pending request. Otherwise you are
      asked.
    """
    if not isinstance(requests, Unknown) and requests.waiting:
        return Passed("a token request is pending approval", {"waiting": True})
    return Manual(
        "Do fine-grained tokens need an owner's approval to access the organization?",
        page=profile.page("org-tokens", org=profile.subject.name),
    )
