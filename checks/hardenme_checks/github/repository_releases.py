"""Checks of a repository's releases: whether they can be changed, and what proves their origin."""

from hardenme.facts.github.releases import ImmutableReleases, OidcSubject, OrganizationOidcSubject
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.site import full_name
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict

ADMIN = "repository admin"
IMMUTABLE_CLAIM = "repository_id"
"""The claim that numbers the repository. GitHub never gives a number twice."""


@check(
    "GHR115",
    "repo-immutable-releases",
    title="Published GitHub releases can be changed",
    severity=Severity.MEDIUM,
    since="0.1",
)
def repo_immutable_releases(releases: ImmutableReleases, repository: Repository) -> Verdict:
    """A published release and its tag cannot be changed.

    ## Why
    Who gets to push can otherwise move the tag of a release, or put another file in its place, and
    everybody who trusts the version runs it. That is how tj-actions was taken in March 2025.

    ## Fix
    Enable release immutability, best for the whole organization. Releases that exist stay as they
    are; new ones get fixed when they are published, so attach their files to a draft first.

    ## Limits
    Tags without a release are another check's question: GHB115. Nobody can release from an archived
    repository, so there it does not apply.
    """
    if repository.archived:
        return NotApplicable("archived: nobody can release", {"isArchived": True})
    seen: Seen = {"enabled": releases.enabled}
    if releases.enabled:
        by = "the organization's" if releases.by_organization else "the repository's"
        return Passed(f"immutable by {by} setting", seen)
    name = full_name(releases)
    return Failed(
        "a published release can be changed",
        seen,
        fix=Fix(
            "Enable release immutability",
            page=releases.page("repo-settings", repo=name),
            command=releases.gh("api", "-X", "PUT", f"repos/{name}/immutable-releases"),
            needs=ADMIN,
            undo="Disable it on the same page",
            wider=_for_all(releases, name) if repository.in_organization else None,
        ),
    )


def _for_all(releases: ImmutableReleases, name: str) -> Fix:
    owner = name.partition("/")[0]
    path = f"orgs/{owner}/settings/immutable-releases"
    return Fix(
        "Set immutable releases to All repositories",
        page=releases.page("org-releases", org=owner),
        command=releases.gh("api", "-X", "PUT", path, "-f", "enforced_repositories=all"),
        needs="organization owner",
        undo="Choose No policy on the same page; releases that are immutable stay so",
    )


@check(
    "GHR119",
    "repo-oidc-subject-immutable",
    title="OIDC subject identifies the repository by name only",
    severity=Severity.MEDIUM,
    since="0.1",
)
def repo_oidc_subject_immutable(
    subject: OidcSubject, above: OrganizationOidcSubject | Unknown, repository: Repository
) -> Verdict | Unknown:
    """Tokens of the repository's workflows name it by a number, not only by its name.

    ## Why
    Clouds and registries trust a workflow by the subject of its token. Somebody else can have the
    name after the repository is renamed, moved or deleted; nobody gets its number.

    ## Fix
    Let whatever trusts the subject accept the new form first, then switch it on. What still expects
    the old form refuses the workflow from then on.

    ## Limits
    Does not see whether anything trusts the repository's workflows. GitHub made it the rule for
    repositories that were created or renamed since mid-2026. GitHub Enterprise Server does not have
    it. Where the repository's own value is not on, its organization's is read before it fails;
    where these differ, the subject in use decides. In an archived repository no workflow runs, so
    there it does not apply.
    """
    if repository.archived:
        return NotApplicable("archived: no workflow runs", {"isArchived": True})
    seen: Seen = {}
    # GitHub: "If not set at the repository level, falls back to the organization-level setting".
    # Not set may come as no key, or as False.
    unknown = subject.unknown_fields().get("immutable")
    own = unknown is None or not unknown.not_visible
    if own:
        seen["use_immutable_subject"] = subject.immutable
        if subject.immutable:
            return Passed("the subject holds the repository's number", seen)
    seen |= {"use_default": subject.default, "include_claim_keys": list(subject.claims)}
    if IMMUTABLE_CLAIM in subject.claims:
        return Passed(f"the subject is made of {IMMUTABLE_CLAIM} and others", seen)
    if subject.default and repository.in_organization:
        if isinstance(above, Unknown):
            return above
        seen["organization_use_immutable_subject"] = above.immutable
        # Off may be the repository's own word, or stand for none: the subject in use tells.
        if above.immutable and (not own or subject.numbered):
            return Passed("the organization's setting puts the number into the subject", seen)
    else:
        seen["use_immutable_subject"] = subject.immutable
    name = full_name(subject)
    claims = [part for key in subject.claims for part in ("-f", f"include_claim_keys[]={key}")]
    return Failed(
        "the subject holds names alone",
        seen,
        fix=Fix(
            "Let what trusts the subject accept the new form, then switch on immutable subjects",
            page=subject.page("repo-actions", repo=name),
            command=subject.gh(
                "api",
                "-X",
                "PUT",
                f"repos/{name}/actions/oidc/customization/sub",
                "-F",
                f"use_default={'true' if subject.default else 'false'}",
                *claims,
                "-F",
                "use_immutable_subject=true",
            ),
            needs=ADMIN,
            undo="Run the same with use_immutable_subject=false",
        ),
    )


CHECKS = (repo_immutable_releases, repo_oidc_subject_immutable)
