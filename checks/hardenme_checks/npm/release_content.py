"""What is in a release, held against the releases before."""

from hardenme.facts.npm.release import Release, ReleaseDependencies
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits, Now, SafeVersions
from hardenme.model.severity import Severity
from hardenme.model.verdict import NotApplicable, Passed, Verdict
from hardenme_checks.npm.release_response import alert, first_release


@check(
    "REL103",
    "release-dependency-aged",
    title="Patch release adds a dependency published days ago",
    severity=Severity.HIGH,
    since="0.2",
)
def release_dependency_aged(
    release: ReleaseDependencies, now: Now, safe: SafeVersions, limits: Limits
) -> Verdict:
    """A patch release needs nothing new that is itself only days old.

    ## Why
    The malicious axios releases changed no code of axios: they needed one new package, made the day
    before, which ran its script at installation.

    ## Fix
    Look at the new dependency before anything else, and install it nowhere.

    ## Limits
    Releases that add a feature are left out: a project that splits off a package does that. One
    that does it in a patch looks the same as an attack.
    """
    if release.first:
        return first_release(release)
    seen: Seen = {"dependencies": list(release.added)}
    if not release.added:
        return Passed("it needs nothing new", seen)
    if not release.patch:
        return Passed("it is no patch release", seen)
    if not release.young:
        return Passed("what it newly needs was there for long", seen)
    names = ", ".join(release.young)
    return alert(
        release,
        now,
        safe,
        f"this patch newly needs {names}, first released less than"
        f" {limits.dependency_age_days} days before",
        {"dependencies": list(release.young)},
        f"Look at {names}, and install it nowhere.",
    )


@check(
    "REL104",
    "release-install-script-expected",
    title="Release adds or changes an install script",
    severity=Severity.HIGH,
    since="0.2",
)
def release_install_script_expected(release: Release, now: Now, safe: SafeVersions) -> Verdict:
    """The release runs no other code at installation than the releases before it.

    ## Why
    An install script runs on every user's machine at once. Most malicious releases either brought
    one, or needed a new package that did.

    ## Fix
    Read the script, and ask who added it.

    ## Limits
    Only the command is compared. What a file holds that it calls may have changed unseen. npm runs
    node-gyp for a `binding.gyp` in the archive without any script: that is seen where the release
    says so with `gypfile`, and not where it only packs the file.
    """
    if release.first:
        return first_release(release)
    changed = release.scripts_changed
    seen: Seen = {"scripts": list(changed)}
    if not changed:
        return Passed("no install script is new or changed", seen)
    return alert(
        release,
        now,
        safe,
        f"its {', '.join(changed)} script is new or changed",
        seen,
        "Read the script in the published archive, and run it nowhere.",
    )


@check(
    "REL110",
    "release-dependency-from-registry",
    title="Release takes a dependency from a new URL",
    severity=Severity.HIGH,
    since="0.2",
)
def release_dependency_from_registry(release: Release, now: Now, safe: SafeVersions) -> Verdict:
    """The release takes no dependency from another address than those before it did.

    ## Why
    What is taken from a repository or as an archive from elsewhere is checked by no registry and
    can be another thing tomorrow. Attacks load what they need from there.

    ## Fix
    Look at the address. Take the dependency from the registry.

    ## Limits
    An address that moves with each release, as with a pinned commit, fails each time.
    """
    if release.first:
        return first_release(release)
    added = release.addresses_added
    seen: Seen = {"dependencies": list(added)}
    if not added:
        return Passed("no dependency comes from a new address", seen)
    return alert(
        release,
        now,
        safe,
        f"it takes from an address that is new: {', '.join(added)}",
        seen,
        "Look at that address, and install from it nowhere.",
    )


@check(
    "REL111",
    "release-content-expected",
    title="Release is much larger or smaller than usual",
    severity=Severity.MEDIUM,
    since="0.2",
)
def release_content_expected(release: Release, now: Now, safe: SafeVersions) -> Verdict:
    """The release is about as large as the package's releases are.

    ## Why
    A worm brings its own program along: the small packages of the attacks of 2025 grew by many
    times what they were.

    ## Fix
    Compare the published archive with the one before, file by file.

    ## Limits
    It takes five releases to tell what is usual. A little code in a large package is not seen, and
    a rewrite that doubles the size looks the same as an attack.
    """
    if release.first:
        return first_release(release)
    seen: Seen = {"releases compared": release.compared}
    if not release.compared and not release.outside:
        return NotApplicable("there are too few releases to tell what is usual", seen)
    seen = {
        "unpackedSize": release.size,
        "usual size": release.usual_size,
        "fileCount": release.files,
        "usual files": release.usual_files,
    }
    if not release.outside:
        return Passed("its size is within what is usual", seen)
    return alert(
        release,
        now,
        safe,
        f"it holds {release.files} files and {release.size} bytes, where {release.usual_files}"
        f" and {release.usual_size} are usual",
        seen,
        "Compare its archive with the one before, file by file.",
    )
