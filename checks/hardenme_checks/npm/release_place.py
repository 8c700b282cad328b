"""Where a release belongs: its tag in the repository, and the tag `latest`."""

from hardenme.facts.github.release_tags import ReleaseTag
from hardenme.facts.npm.release import LatestTag, Release
from hardenme.facts.npm.semver import version
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Now, SafeVersions
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.npm.release_response import NONE_SAFE, alert, seen_after


@check(
    "REL105",
    "release-tag-exists",
    title="Release has no tag in the repository",
    severity=Severity.MEDIUM,
    since="0.2",
)
def release_tag_exists(release: Release, tag: ReleaseTag, now: Now, safe: SafeVersions) -> Verdict:
    """The release has a tag in the repository.

    ## Why
    Who published with a stolen token had no access to the repository: the malicious axios and
    eslint-config-prettier releases had no tag, and no change of the code behind them.

    ## Fix
    Ask who released it. If it was meant, tag the commit that it was made from.

    ## Limits
    A tag proves nothing of what is in the release. Tags of an unusual form are not found, and a tag
    that comes after the release is missing until then. It is looked for in the repository that the
    releases before it name.
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
        "Ask who released it, and from which commit.",
    )


@check(
    "REL106",
    "dist-tag-forward",
    title="Dist-tag latest is not on the newest stable version",
    severity=Severity.MEDIUM,
    since="0.2",
)
def dist_tag_forward(latest: LatestTag, now: Now, safe: SafeVersions) -> Verdict:
    """What `latest` points to is the newest stable version.

    ## Why
    Everybody who asks for no version gets this one. A malicious release of an older line reached
    all of them when it took the tag, and an old version brings its closed holes back.

    ## Fix
    Look who published last, then point the tag to the newest version that is safe.

    ## Limits
    A version is named as safe where it has been out for a week, is not deprecated, and fails no
    check of releases. Where there is none above the one that the tag points to, none is named.
    When a tag was moved is not told. A version that is deprecated, or that came out later under a
    tag of its own, may be ahead. Who keeps `latest` on an older line on purpose, while the newer
    one was out first, has to accept this.
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
    then = f"Then point latest to {good}." if good else NONE_SAFE.format("latest")
    return Failed(
        f"{told}; {seen_after(latest.published_at, now)}",
        seen | {"safe version": good},
        fix=Fix(
            step=f"Look who published last. {then}",
            page=latest.page("package", package=name),
            command=latest.npm("dist-tag", "add", f"{name}@{good}", "latest") if good else "",
            needs="write access to the package and the second factor",
            undo="Point latest to the former version with npm dist-tag add.",
        ),
    )


def _above(one: str, other: str) -> bool:
    ranks = version(one), version(other)
    return ranks[0] is not None and ranks[1] is not None and ranks[0] > ranks[1]
