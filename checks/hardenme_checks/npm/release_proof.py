"""What is proved about a package's newest release: its provenance, its approval, its signature."""

from hardenme.facts.npm.access import PackageVisibility
from hardenme.facts.npm.package import NewestRelease, PackageRepository, WeeklyDownloads
from hardenme.facts.npm.provenance import (
    ABSENT,
    EXPIRED_KEY,
    OTHER_ARTIFACT,
    UNKNOWN_KEY,
    VALID,
    VERIFIED,
    RegistrySignature,
    ReleaseProvenance,
)
from hardenme.facts.npm.site import NpmFact
from hardenme.model.check import check
from hardenme.model.commands import REMOVED, deprecated
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.npm.impact import weight

BROKEN = {
    ABSENT: "the registry did not sign the newest release",
    UNKNOWN_KEY: "the newest release is signed with a key that is not the registry's",
    EXPIRED_KEY: "the newest release is signed with a key that had expired",
}
"""What is wrong with a signature, where it is not the signature itself."""


def _publish_by_workflow(fact: NpmFact, step: str) -> Fix:
    """A trusted publisher that stages releases for a person's approval."""
    name = fact.subject.name
    return Fix(
        step=step,
        page=fact.page("package-access", package=name),
        needs="write access to the package, 2FA, and npm 11.15 or newer",
        undo=f"{REMOVED.format(name)}.",
    )


def _warn_of(fact: NpmFact, version: str, step: str) -> Fix:
    """A warning to everyone who installs this version, until it is known what it is."""
    name = fact.subject.name
    return Fix(
        step=step,
        page=fact.page("package", package=name),
        command=fact.npm(*deprecated(name, version)),
        needs="write access to the package and 2FA",
        undo="Deprecate the same version with an empty text, which removes the warning.",
    )


@check(
    "NPP107",
    "package-provenance",
    title="Provenance of the newest release is missing or wrong",
    severity=Severity.MEDIUM,
    since="0.1",
)
def package_provenance(
    proof: ReleaseProvenance,
    named: PackageRepository | Unknown,
    visibility: PackageVisibility | Unknown,
    downloads: WeeklyDownloads | Unknown,
    limits: Limits,
) -> Verdict | Unknown:
    """The newest release has provenance: proof of its source and workflow.

    ## Why
    With provenance, anyone can see when a release did not come from your workflow. The malicious
    axios releases of March 2026 had none, visible within a minute.

    ## Fix
    Publish from a workflow as a trusted publisher, in a public repository: npm then adds provenance
    by itself. A published release cannot get it later; the next one passes. Investigate at once if
    provenance is false or names another repository.

    ## Limits
    - Proves where a release was built, not that you wanted it. Provenance of the TanStack attack of
      May 2026 was valid: the workflow itself was compromised.
    - Unknown: provenance of builds outside GitHub and GitLab.
    - Unknown: provenance whose log entry has no checkpoint, as in early 2023.
    - Whether a package is private is read with `--depth deep` only.
    """
    seen: Seen = {"version": proof.version, "provenance": proof.outcome}
    if proof.outcome == ABSENT:
        if not isinstance(visibility, Unknown) and _private(visibility):
            # The client refuses: "Can't generate provenance for new or private package".
            seen["public"] = False
            return NotApplicable("npm accepts no provenance for a private package", seen)
        return Failed(
            "the newest release has no provenance",
            seen,
            fix=_publish_by_workflow(
                proof, "Publish the next release from a workflow, as a trusted publisher."
            ),
            severity=weight(Severity.MEDIUM, downloads, limits),
        )
    if proof.outcome == VERIFIED:
        return _of_the_repository(proof, named, downloads, limits)
    other = proof.outcome == OTHER_ARTIFACT
    return Failed(
        f"the provenance of the newest release is {'of another archive' if other else 'false'}",
        seen | {"why": proof.why},
        fix=_warn_of(
            proof, proof.version, "Find out who published it, and deprecate it until then."
        ),
        severity=weight(Severity.HIGH, downloads, limits),
    )


def _private(visibility: PackageVisibility) -> bool:
    """Whether it is known that not everyone can see the package."""
    return "public" not in visibility.unknown_fields() and not visibility.public


def _of_the_repository(
    proof: ReleaseProvenance,
    named: PackageRepository | Unknown,
    downloads: WeeklyDownloads | Unknown,
    limits: Limits,
) -> Verdict | Unknown:
    """Whether valid provenance is of the repository that the package names."""
    if isinstance(named, Unknown):
        return named
    seen: Seen = {
        "version": proof.version,
        "provenance": proof.outcome,
        "built in": proof.address,
        "workflow": proof.workflow,
        "ref": proof.ref,
        "repository": named.named,
    }
    if proof.is_of(named):
        return Passed("the newest release has valid provenance", seen)
    if not named.named:
        return Failed(
            "the package names no repository to compare its provenance with",
            seen,
            fix=Fix(
                step="Name the repository in package.json, and publish a release.",
                page=proof.page("package", package=proof.subject.name),
                needs="write access to the repository and the package",
                undo="Remove it from package.json.",
            ),
            severity=weight(Severity.MEDIUM, downloads, limits),
        )
    return Failed(
        "the newest release was built in another repository than the package names",
        seen,
        fix=_warn_of(
            proof,
            proof.version,
            "Deprecate the release if that is not yours; if it is, name it in package.json.",
        ),
        severity=weight(Severity.HIGH, downloads, limits),
    )


@check(
    "NPP108",
    "package-staged-release",
    title="Newest release was published without approval",
    severity=Severity.LOW,
    since="0.1",
)
def package_staged_release(
    release: NewestRelease, downloads: WeeklyDownloads | Unknown, limits: Limits
) -> Verdict:
    """A person approved the newest release before it was published.

    ## Why
    Without approval, a compromised workflow or token publishes at once. A staged release waits
    until someone with 2FA has looked at it.

    ## Fix
    Restrict the trusted publisher to staging. Let the workflow run `npm stage publish`, approve
    with `npm stage approve`, and close every other path.

    ## Limits
    - Looks at one release only.
    - Does not know how closely the person looked.
    """
    seen: Seen = {"version": release.version, "approver": release.approver}
    if release.approver is not None:
        return Passed("a person approved the newest release", seen)
    return Failed(
        "no one had to approve the newest release",
        seen,
        fix=_publish_by_workflow(
            release,
            "Restrict the workflow to staging: its job runs `npm stage publish`. Approve each"
            " version with `npm stage approve`.",
        ),
        severity=weight(Severity.LOW, downloads, limits),
    )


@check(
    "NPP113",
    "package-signature-valid",
    title="Registry signature of the newest release is not valid",
    severity=Severity.HIGH,
    since="0.1",
)
def package_signature_valid(
    signature: RegistrySignature, downloads: WeeklyDownloads | Unknown, limits: Limits
) -> Verdict:
    """The registry's signature of the newest release is valid.

    ## Why
    If the signature is invalid, a proxy, a cache or an account changed what was published. npm
    signs the name, version and digest of every release.

    ## Fix
    Compare what you get over another network and without a mirror. If npm's own registry returns
    it, report it to npm support, and do not install that version until then.

    ## Limits
    - The keys come from the same registry, so a dishonest registry is not noticed.
    """
    seen: Seen = {
        "version": signature.version,
        "signature": signature.outcome,
        "keyid": sorted(signature.keys),
    }
    if signature.outcome == VALID:
        seen |= {"expires": None if signature.expires is None else signature.expires.isoformat()}
        return Passed("the registry's signature of the newest release is valid", seen)
    base = Severity.MEDIUM if signature.outcome == ABSENT else Severity.HIGH
    return Failed(
        BROKEN.get(
            signature.outcome, "the registry's signature of the newest release is not valid"
        ),
        seen,
        fix=Fix(
            step="Verify it again over another network, in a project that installs it.",
            page=signature.page("support"),
            command=signature.npm("audit", "signatures"),
            needs="a project with the package installed",
            undo="Nothing to undo: it changes nothing.",
        ),
        severity=weight(base, downloads, limits),
    )
