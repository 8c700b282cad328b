"""Where a release belongs: its tag in the repository, and the tag `latest`."""

from hardenme.facts.github.release_tags import ReleaseTag
from hardenme.facts.npm.release import LatestTag, Release
from hardenme.facts.npm.semver import version
from hardenme.model.check import check
from hardenme.model.commands import tag_moved
from hardenme.model.evidence import Seen
from hardenme.model.given import Now, SafeVersions
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.npm.release_response import NONE_SAFE, alert, asked, not_taken, seen_after


@check(
    "REL105",
    "release-tag-exists",
    title="Release has no tag in the repository",
    severity=Severity.MEDIUM,
    since="0.1",
)
def release_tag_exists(release: Release, tag: ReleaseTag, now: Now, safe: SafeVersions) -> Verdict:
    """The release has a tag in the repository.

    ## Why
    An attacker with a stolen token cannot tag the repository. The malicious axios and
    eslint-config-prettier releases had no tag and no code change behind them.

    ## Fix
    Ask who published it. If it was intended, tag the commit that it was built from.

    ## Limits
    - A tag proves nothing about what is in the release.
    - Tags of an unusual form are not found. A tag that is added later is missing until then.
    - Looks in the repository that the previous releases name.
    """
    if not tag.repository:
        return NotApplicable(
            "the package names no repository on GitHub", {"repository": tag.repository}
        )
    if tag.tag:
        return Passed(f"{tag.repository} has the tag {tag.tag}", {"ref": tag.tag})
    return alert(
        release,
        now,
        safe,
        f"{tag.repository} has no tag for it",
        {"repository": tag.repository, "looked for": list(tag.forms)},
        f"{asked(release)} Ask from which commit it was built.",
    )


@check(
    "REL106",
    "dist-tag-forward",
    title="Dist-tag latest is not on the newest stable version",
    severity=Severity.MEDIUM,
    since="0.1",
)
def dist_tag_forward(latest: LatestTag, now: Now, safe: SafeVersions) -> Verdict:
    """The dist-tag `latest` points to the newest stable version.

    ## Why
    Everyone who asks for no version gets this one, and an old version has vulnerabilities that were
    fixed since. Attackers have moved `latest` to a malicious version of an older line.

    ## Fix
    Look who published last, then move the tag to the newest safe version.

    ## Limits
    - A safe version was published at least a week ago, is not deprecated, and fails no check of
      releases. It also shares no burst, new publisher or new install script with a release that
      fails one. If no such version is above the tag, none is named.
    - npm does not show when a tag was moved.
    - A version may count as ahead although it is deprecated, or was published later under its own
      tag.
    - If you keep `latest` on an older line on purpose while a newer one was published first, waive
      this.
    """
    seen: Seen = {"dist-tags": f"latest: {latest.version}"}
    if latest.stable and not latest.ahead:
        return Passed("latest points to the newest stable version", seen)
    name = latest.package
    good = safe.find(latest.within, "latest", latest.version)
    if latest.stable and not _above(good, latest.version):
        good = ""
    told = f"latest points to {latest.version}, "
    told += f"behind {latest.ahead}" if latest.ahead else "a prerelease"
    then = f"Then move latest to {good}." if good else NONE_SAFE.format("latest")
    then += not_taken(latest, safe, ("latest",))
    return Failed(
        f"{told}; {seen_after(latest.published_at, now)}",
        seen | {"safe version": good},
        fix=Fix(
            step=f"Look who published last. {then}",
            page=latest.page("package", package=name),
            command=latest.npm(*tag_moved(name, good, "latest")) if good else "",
            needs="write access to the package and 2FA",
            undo="Move latest to the previous version with npm dist-tag add.",
        ),
    )


def _above(one: str, other: str) -> bool:
    ranks = version(one), version(other)
    return ranks[0] is not None and ranks[1] is not None and ranks[0] > ranks[1]
