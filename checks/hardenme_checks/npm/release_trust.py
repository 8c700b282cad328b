"""Who released, and by which way, held against the releases before."""

from hardenme.facts.npm.release import Release
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits, Now, SafeVersions
from hardenme.model.severity import Severity
from hardenme.model.verdict import Passed, Verdict
from hardenme_checks.npm.release_response import alert, first_release
from hardenme_checks.wording import count

WAYS = {
    3: "with a person's approval out of the staging queue",
    2: "by a trusted publisher",
    1: "with provenance",
    0: "without provenance, by hand or with a token",
}


def _way(rank: int) -> str:
    return WAYS.get(rank, f"in way {rank}")


@check(
    "REL101",
    "release-trust-kept",
    title="Release was published in a less trusted way than before",
    severity=Severity.HIGH,
    since="0.2",
)
def release_trust_kept(release: Release, now: Now, safe: SafeVersions) -> Verdict:
    """A release came out in a way that is trusted no less than those before it.

    ## Why
    Who took over an account publishes by hand what your workflow used to publish. Of the axios
    releases of March 2026 this could be seen within a minute.

    ## Fix
    Ask who released it, and from where. Then close the way that was left open: let npm take no
    tokens for the package.

    ## Limits
    It is held against the ten releases before it, stable ones or prereleases. A planned step back,
    such as a release by hand while the workflow is broken, looks the same. So does one that an
    account hands in and approves itself. A workflow that was taken over keeps its rank.
    """
    if release.first:
        return first_release(release)
    seen: Seen = {"_npmUser": _way(release.trust), "before": _way(release.trust_before)}
    if release.trust >= release.trust_before:
        return Passed(f"it came out {_way(release.trust)}", seen)
    return alert(
        release,
        now,
        safe,
        f"it came out {_way(release.trust)}, while releases before it came out"
        f" {_way(release.trust_before)}",
        seen,
        "Ask who released it, and from where.",
    )


@check(
    "REL102",
    "release-publisher-known",
    title="Release is from an unexpected publisher",
    severity=Severity.HIGH,
    since="0.2",
)
def release_publisher_known(
    release: Release, now: Now, safe: SafeVersions, limits: Limits
) -> Verdict:
    """The release came from somebody who may release, and who has done so before.

    ## Why
    In June 2026 the account of somebody who had left 16 months before published more than 140
    Mastra packages. It was a maintainer all the time; it had only stopped releasing.

    ## Fix
    Ask that person over another channel. Remove who does not release any more.

    ## Limits
    The first week of a new maintainer's releases fails, and so does that of a new trusted
    publisher: look once, and accept it. Who releases for a team may be missing among the
    maintainers that npm shows.
    """
    if release.first:
        return first_release(release)
    who = release.publisher
    seen: Seen = {"_npmUser": who}
    if not release.maintains:
        message = f"{who} released it, and was no maintainer then"
    elif not release.published_before:
        message = f"{who} had not released this package before, in this way"
    elif release.away_days > limits.release_dormant_days:
        seen["away_days"] = release.away_days
        message = f"{who} had released nothing of it for {count(release.away_days, 'day')}"
    else:
        return Passed("its publisher has released before", seen)
    return alert(release, now, safe, message, seen, f"Ask {who}, over another channel.")


@check(
    "REL109",
    "maintainer-set-stable",
    title="Maintainers or their addresses changed before the release",
    severity=Severity.HIGH,
    since="0.2",
)
def maintainer_set_stable(release: Release, now: Now, safe: SafeVersions) -> Verdict:
    """Nobody was added and no address changed between the release and those before it.

    ## Why
    The address of an account is how its password is reset. It was changed before the malicious
    axios releases. An account that is added keeps its power when the stolen one is taken back.

    ## Fix
    Ask each of them, over a channel that you had before. Remove whom nobody knows.

    ## Limits
    It is held against the newest release that had stood for a week. That you added somebody since
    looks the same.
    """
    if release.first:
        return first_release(release)
    added, changed = release.maintainers_added, release.addresses_changed
    seen: Seen = {"added": list(added), "address changed": list(changed)}
    if not added and not changed:
        return Passed("the maintainers and their addresses are those of before", seen)
    parts = [f"{', '.join(added)} became a maintainer"] if added else []
    parts += [f"the address of {', '.join(changed)} changed"] if changed else []
    return alert(
        release,
        now,
        safe,
        f"{' and '.join(parts)} since the releases before it",
        seen,
        "Ask them, over a channel that you had before.",
    )
