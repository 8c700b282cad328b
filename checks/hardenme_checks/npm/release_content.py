"""What is in a release, compared with the releases before."""

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
    since="0.1",
)
def release_dependency_aged(
    release: ReleaseDependencies, now: Now, safe: SafeVersions, limits: Limits
) -> Verdict:
    """A patch release adds no dependency that was first published days ago.

    ## Why
    The malicious axios releases added one package, made the day before, whose install script ran
    the malware. The code of axios itself was unchanged.

    ## Fix
    Look at the new dependency first, and do not install it anywhere.

    ## Limits
    - Releases that add a feature are left out: a project that splits off a package does that.
    - A patch release that splits off a package looks the same as an attack.
    """
    if release.first:
        return first_release(release)
    seen: Seen = {"dependencies": list(release.added)}
    if not release.added:
        return Passed("it adds no dependency", seen)
    if not release.patch:
        return Passed("it is not a patch release", seen)
    if not release.young:
        return Passed("the dependencies it adds are not new", seen)
    names = ", ".join(release.young)
    return alert(
        release,
        now,
        safe,
        f"this patch release adds {names}, first published less than"
        f" {limits.dependency_age_days} days before it",
        {"dependencies": list(release.young)},
        f"Look at {names}, and do not install it anywhere.",
    )


@check(
    "REL104",
    "release-install-script-expected",
    title="Release adds or changes an install script",
    severity=Severity.HIGH,
    since="0.1",
)
def release_install_script_expected(release: Release, now: Now, safe: SafeVersions) -> Verdict:
    """The release adds no install script and changes none.

    ## Why
    An install script runs at once on every user's machine. Most malicious releases added one, or a
    new dependency that has one.

    ## Fix
    Read the script, and ask who added it.

    ## Limits
    - Only the command is compared. Files that it calls may have changed.
    - npm runs node-gyp for a `binding.gyp` in the archive without any script. That is seen only if
      the release declares `gypfile`.
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
        "Read the script in the published archive, and do not run it.",
    )


@check(
    "REL110",
    "release-dependency-from-registry",
    title="Release takes a dependency from a new URL",
    severity=Severity.HIGH,
    since="0.1",
)
def release_dependency_from_registry(release: Release, now: Now, safe: SafeVersions) -> Verdict:
    """The release takes no dependency from a new URL.

    ## Why
    Code from a repository or an archive elsewhere is checked by no registry, and can change
    tomorrow. Attacks load what they need from there.

    ## Fix
    Look at the URL. Then take the dependency from the registry.

    ## Limits
    - A URL that changes with each release, such as a pinned commit, fails each time.
    """
    if release.first:
        return first_release(release)
    added = release.addresses_added
    seen: Seen = {"dependencies": list(added)}
    if not added:
        return Passed("no dependency comes from a new URL", seen)
    return alert(
        release,
        now,
        safe,
        f"it takes a dependency from a new URL: {', '.join(added)}",
        seen,
        "Look at that URL, and do not install from it.",
    )


@check(
    "REL111",
    "release-content-expected",
    title="Release is much larger or smaller than usual",
    severity=Severity.MEDIUM,
    since="0.1",
)
def release_content_expected(release: Release, now: Now, safe: SafeVersions) -> Verdict:
    """The release is about as large as the package's other releases.

    ## Why
    A worm adds its own program: small packages in the 2025 attacks grew to many times their size.

    ## Fix
    Compare the published archive with the previous one, file by file.

    ## Limits
    - It takes five releases to know what is usual.
    - Does not see a little code in a large package. A rewrite that doubles the size looks the same
      as an attack.
    """
    if release.first:
        return first_release(release)
    seen: Seen = {"releases compared": release.compared}
    if not release.compared and not release.outside:
        return NotApplicable("there are too few releases to know what is usual", seen)
    seen = {
        "unpackedSize": release.size,
        "usual size": release.usual_size,
        "fileCount": release.files,
        "usual files": release.usual_files,
    }
    if not release.outside:
        return Passed("its size is as usual", seen)
    return alert(
        release,
        now,
        safe,
        f"it has {release.files} files and {release.size} bytes; {release.usual_files}"
        f" and {release.usual_size} are usual",
        seen,
        "Compare its archive with the previous one, file by file.",
    )
