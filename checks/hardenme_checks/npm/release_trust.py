"""Who published, and in which way, compared with the releases before."""

from hardenme.facts.npm.release import APPROVED, BY_HAND, PROVENANCE, TRUSTED, Release
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits, Now, SafeVersions
from hardenme.model.severity import Severity
from hardenme.model.verdict import Passed, Verdict
from hardenme_checks.npm.release_response import alert, asked, first_release
from hardenme_checks.wording import CHANNEL, count

WAYS = {
    APPROVED: "from the staging queue, with a person's approval",
    TRUSTED: "by a trusted publisher",
    PROVENANCE: "with provenance",
    BY_HAND: "without provenance, by hand or with a token",
}

NO_RUN = "nothing shows that a workflow run made it: "


def _way(rank: int) -> str:
    return WAYS.get(rank, f"in way {rank}")


@check(
    "REL101",
    "release-trust-kept",
    title="Release was published in a less trusted way than before",
    severity=Severity.HIGH,
    since="0.1",
)
def release_trust_kept(release: Release, now: Now, safe: SafeVersions) -> Verdict:
    """The release was published in a way that is trusted no less than before.

    ## Why
    An attacker with an account publishes by hand what your workflow used to publish: no workflow
    run made the release. At axios in March 2026 this was visible within a minute.

    ## Fix
    Ask who published it, and from where. Then close the path that was used: disallow tokens for the
    package.

    ## Limits
    - Compares with the ten releases before it, stable ones or prereleases.
    - An intended step back, such as a manual release while the workflow is broken, looks the same.
      So does a version that one account stages and approves.
    - A compromised workflow keeps its rank.
    - Where no release had provenance, none shows which workflow run made it. A release without a
      tag shows then (REL105).
    """
    if release.first:
        return first_release(release)
    seen: Seen = {"_npmUser": _way(release.trust), "before": _way(release.trust_before)}
    if release.trust >= release.trust_before:
        return Passed(f"it was published {_way(release.trust)}", seen)
    return alert(
        release,
        now,
        safe,
        f"{NO_RUN if not release.trust else ''}it was published {_way(release.trust)}; releases"
        f" before it were published {_way(release.trust_before)}",
        seen,
        asked(release),
    )


@check(
    "REL102",
    "release-publisher-known",
    title="Release is from an unexpected publisher",
    severity=Severity.HIGH,
    since="0.1",
)
def release_publisher_known(
    release: Release, now: Now, safe: SafeVersions, limits: Limits
) -> Verdict:
    """The release is from someone who may publish, and who has done so before.

    ## Why
    A release from an unexpected account is how many attacks look. In June 2026 a former
    contributor's account published more than 140 Mastra packages after 16 months.

    ## Fix
    Ask that person over a channel that you already had. An account that no one knows may be an
    attacker's: ask the other maintainers about it. Remove maintainers who no longer release.

    ## Limits
    - The first week of releases by a new maintainer or trusted publisher fails: look once, and
      waive it.
    - Members of teams may be missing among the maintainers that npm shows.
    """
    if release.first:
        return first_release(release)
    who = release.publisher
    seen: Seen = {"_npmUser": who}
    if not release.maintains:
        message = f"{who} published it, and was not a maintainer then"
    elif not release.published_before:
        message = f"{who} had not published this package in this way before"
    elif release.away_days > limits.release_dormant_days:
        seen["away_days"] = release.away_days
        message = f"{who} had published nothing of it for {count(release.away_days, 'day')}"
    else:
        return Passed("its publisher has published before", seen)
    return alert(release, now, safe, message, seen, asked(release))


@check(
    "REL109",
    "maintainer-set-stable",
    title="Maintainers or their addresses changed before the release",
    severity=Severity.HIGH,
    since="0.1",
)
def maintainer_set_stable(release: Release, now: Now, safe: SafeVersions) -> Verdict:
    """No maintainer was added and no address changed since the releases before.

    ## Why
    An account's password is reset through its address, and the address was changed before the
    malicious axios releases. An added account keeps its access when the stolen one is recovered.

    ## Fix
    Ask a maintainer whom you know who added the account: it may be an attacker's. Ask those whose
    address changed, not at the new one. Remove accounts that no one knows.

    ## Limits
    - Compares with the newest release that was at least a week old.
    - If you added someone since, it looks the same.
    """
    if release.first:
        return first_release(release)
    added, changed = release.maintainers_added, release.addresses_changed
    seen: Seen = {"added": list(added), "address changed": list(changed)}
    if not added and not changed:
        return Passed("the maintainers and their addresses are unchanged", seen)
    added_by = "it" if len(added) == 1 else "them"
    look = [f"Ask a maintainer whom you know who added {', '.join(added)}. Do not ask {added_by}."]
    look = look if added else []
    if changed:
        look.append(f"Ask {', '.join(changed)}{CHANNEL}, not at the new address.")
    parts = [f"{', '.join(added)} became a maintainer"] if added else []
    parts += [f"the address of {', '.join(changed)} changed"] if changed else []
    return alert(
        release,
        now,
        safe,
        f"{' and '.join(parts)} since the releases before it",
        seen,
        " ".join(look),
    )
