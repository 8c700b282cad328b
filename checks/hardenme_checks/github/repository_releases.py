"""Checks of a repository's releases: immutability, and the OIDC subject of its workflows."""

from hardenme.facts.github.releases import ImmutableReleases, OidcSubject, OrganizationOidcSubject
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.site import full_name
from hardenme.facts.github.workflow import Workflow
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.fact import Every
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
    """Published releases and their tags are immutable.

    ## Why
    Anyone who can push can otherwise move a release's tag or replace its files, as in March 2025 at
    tj-actions.

    ## Fix
    Choose "Enable release immutability", ideally for the whole organization. Attach files to a
    draft first: published releases become immutable.

    ## Limits
    - Existing releases stay as they are.
    - GHB115 checks tags without a release.
    - Does not apply to archived repositories.
    """
    if repository.archived:
        return NotApplicable("archived: no one can release", {"isArchived": True})
    seen: Seen = {"enabled": releases.enabled}
    if releases.enabled:
        by = "the organization's" if releases.by_organization else "the repository's"
        return Passed(f"immutable by {by} setting", seen)
    name = full_name(releases)
    return Failed(
        "a published release can be changed",
        seen,
        fix=Fix(
            'Choose "Enable release immutability"',
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
        'Choose "All repositories" under "Releases"',
        page=releases.page("org-releases", org=owner),
        command=releases.gh("api", "-X", "PUT", path, "-f", "enforced_repositories=all"),
        needs="organization owner",
        undo='Choose "No policy" on the same page; immutable releases stay immutable',
    )


UNPROVEN = (
    ". A workflow here may publish, and npm may refuse it afterwards: that is contested"
    " (npm/cli#9969). Stage one release at once, and undo it if npm refuses"
)
"""The text for releases that may depend on it."""


@check(
    "GHR119",
    "repo-oidc-subject-immutable",
    title="OIDC subject identifies the repository by name only",
    severity=Severity.MEDIUM,
    since="0.1",
)
def repo_oidc_subject_immutable(
    subject: OidcSubject,
    above: OrganizationOidcSubject | Unknown,
    repository: Repository,
    workflows: Every[Workflow] | Unknown,
) -> Verdict | Unknown:
    """The OIDC subject of the repository's workflows contains its ID.

    ## Why
    After a rename or deletion, someone else can take the name that clouds and registries trust, but
    never the ID.

    ## Fix
    Have services that trust the subject accept the new format, then turn on immutable subjects.
    Services that expect the old format refuse the workflow. If the repository publishes to npm,
    stage one release at once: whether npm accepts every trusted publisher afterwards is contested.

    ## Limits
    - Does not show whether any service trusts the workflows.
    - It is the default for repositories created or renamed since mid-2026. GitHub Enterprise Server
      does not have it.
    - If the repository's value is off, the organization's is read. If they differ, the subject in
      use decides.
    - Does not apply to archived repositories.
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
            return Passed("the subject contains the repository's ID", seen)
    seen |= {"use_default": subject.default, "include_claim_keys": list(subject.claims)}
    if IMMUTABLE_CLAIM in subject.claims:
        return Passed(f"the subject contains {IMMUTABLE_CLAIM}", seen)
    if subject.default and repository.in_organization:
        if isinstance(above, Unknown):
            return above
        seen["organization_use_immutable_subject"] = above.immutable
        # Off may be the repository's own value, or mean that there is none: the subject in use
        # decides.
        if above.immutable and (not own or subject.numbered):
            return Passed(
                "the organization's setting adds the repository's ID to the subject", seen
            )
    else:
        seen["use_immutable_subject"] = subject.immutable
    name = full_name(subject)
    claims = [part for key in subject.claims for part in ("-f", f"include_claim_keys[]={key}")]
    releases = _may_publish(workflows)
    return Failed(
        "the subject contains only names",
        seen,
        fix=Fix(
            "Have services that trust the subject accept the new format, then turn on immutability"
            + (UNPROVEN if releases else ""),
            page=subject.page("repo-actions", repo=name),
            # No one stops releases by a line that is pasted with others.
            command=""
            if releases
            else subject.gh(
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
            undo="Set use_immutable_subject back to false",
        ),
    )


def _may_publish(workflows: Every[Workflow] | Unknown) -> bool:
    """Whether a workflow of the repository publishes, or may."""
    if isinstance(workflows, Unknown) or workflows.missing is not None:
        return True
    return any(
        "jobs" in one.unknown_fields() or any(job.publishes for job in one.jobs)
        for one in workflows.facts
    )
