"""What is proved of a package's newest release: its provenance, its approval, its signature."""

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
from hardenme.model.commands import UNDER_INVESTIGATION
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
    """A trusted publisher that hands in releases for a person's approval."""
    name = fact.subject.name
    return Fix(
        step=step,
        page=fact.page("package-access", package=name),
        command=fact.npm(
            *("trust", "github", name, "--repo=OWNER/REPO", "--file=release.yml"),
            *("--env=npm", "--allow-stage-publish"),
        ),
        needs="write access to the package, the second factor, and npm 11.15 or newer",
        undo="List publishers with npm trust list, end one with npm trust revoke.",
    )


def _warn_of(fact: NpmFact, version: str, step: str) -> Fix:
    """A warning to everybody who installs this version, until it is known what it is."""
    name = fact.subject.name
    return Fix(
        step=step,
        page=fact.page("package", package=name),
        command=fact.npm("deprecate", f"{name}@{version}", UNDER_INVESTIGATION),
        needs="write access to the package and the second factor",
        undo="Deprecate the same version with an empty text, which takes the warning away.",
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
    """The newest release proves from which source and by which workflow it was built.

    ## Why
    With provenance anyone sees when a release did not come from your workflow. The malicious axios
    releases of March 2026 had none: the sign was public within a minute.

    ## Fix
    Publish from a workflow as a trusted publisher, in a public repository: npm then adds the
    statement by itself. A release that is out cannot be given one; the next one passes. One that
    does not hold, or is of another repository, is to be looked into before anything else.

    ## Limits
    It proves where a release was built, not that you wanted it: those of the TanStack attack of May
    2026 held, since the workflow itself was taken over. Sigstore's library does not verify what npm
    before 11 wrote, so that stays unknown, as does what GitHub and GitLab did not build. Whether a
    package is private is asked at `--depth deep` only.
    """
    seen: Seen = {"version": proof.version, "provenance": proof.outcome}
    if proof.outcome == ABSENT:
        if not isinstance(visibility, Unknown) and _private(visibility):
            # The client refuses: "Can't generate provenance for new or private package".
            seen["public"] = False
            return NotApplicable("npm takes no provenance of a package that is private", seen)
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
        f"the provenance of the newest release {'is of another archive' if other else 'is false'}",
        seen | {"why": proof.why},
        fix=_warn_of(proof, proof.version, "Find out who released it, and warn of it until then."),
        severity=weight(Severity.HIGH, downloads, limits),
    )


def _private(visibility: PackageVisibility) -> bool:
    """Whether it is known that not everybody can see the package."""
    return "public" not in visibility.unknown_fields() and not visibility.public


def _of_the_repository(
    proof: ReleaseProvenance,
    named: PackageRepository | Unknown,
    downloads: WeeklyDownloads | Unknown,
    limits: Limits,
) -> Verdict | Unknown:
    """Whether a provenance that holds is of the repository that the package names."""
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
        return Passed("the newest release has provenance that holds", seen)
    if not named.named:
        return Failed(
            "the package names no repository to hold its provenance against",
            seen,
            fix=Fix(
                step="Name the repository in package.json, and release.",
                page=proof.page("package", package=proof.subject.name),
                command="npm pkg set repository.type=git repository.url=ADDRESS",
                needs="write access to the repository and the package",
                undo="Take it out of package.json again.",
            ),
            severity=weight(Severity.MEDIUM, downloads, limits),
        )
    return Failed(
        "the newest release was built in another repository than the package names",
        seen,
        fix=_warn_of(
            proof,
            proof.version,
            "If it is not yours, warn of the release; if it is, name it in package.json.",
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
    """A person approved the newest release before it came out.

    ## Why
    A staged release waits until somebody with a second factor has looked at it. A workflow or token
    that was taken over then hands in a release, and brings none out.

    ## Fix
    Let the workflow hand releases in with npm stage publish, approve them with npm stage approve,
    and let no other way in be open: the trusted publisher may stage only.

    ## Limits
    It looks at one release. That somebody approved it does not say how closely it was read.
    """
    seen: Seen = {"version": release.version, "approver": release.approver}
    if release.approver is not None:
        return Passed("a person approved the newest release", seen)
    return Failed(
        "nobody had to approve the newest release",
        seen,
        fix=_publish_by_workflow(
            release, "Let the workflow hand releases in only, and approve them yourself."
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
    """The registry's signature of the newest release holds.

    ## Why
    npm signs every release over its name, version and digest. Where the signature does not hold,
    what you see is not what was published: a proxy, a cache or an account changed it.

    ## Fix
    Compare what you get over another network and without a mirror. Where npm's own registry answers
    so, tell npm's support, and install nothing of that version until then.

    ## Limits
    The keys come from the registry that is asked, so a registry that lies as a whole is not seen.
    It does not fetch the archive: npm compares that with the digest when it installs it.
    """
    seen: Seen = {
        "version": signature.version,
        "signature": signature.outcome,
        "keyid": sorted(signature.keys),
    }
    if signature.outcome == VALID:
        seen |= {"expires": None if signature.expires is None else signature.expires.isoformat()}
        return Passed("the registry's signature of the newest release holds", seen)
    base = Severity.MEDIUM if signature.outcome == ABSENT else Severity.HIGH
    return Failed(
        BROKEN.get(signature.outcome, "the registry's signature of the newest release is false"),
        seen,
        fix=Fix(
            step="In a project that installs it, verify it again over another network.",
            page=signature.page("support"),
            command=signature.npm("audit", "signatures"),
            needs="nothing but the package installed",
            undo="Nothing is changed by it.",
        ),
        severity=weight(base, downloads, limits),
    )
