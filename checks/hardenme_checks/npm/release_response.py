"""The text about an unusual release, and what to do first."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hardenme.facts.npm.release import (
    APPROVED,
    BY_HAND,
    PROVENANCE,
    TRUSTED,
    LatestTag,
    Observed,
    Release,
)
from hardenme.model.commands import deprecated, lines, tag_moved
from hardenme.model.evidence import Seen
from hardenme.model.given import Now, SafeVersions
from hardenme.model.verdict import Failed, Fix, NotApplicable
from hardenme_checks.wording import CHANNEL, count, these

HOURS = timedelta(hours=2)
DAYS = timedelta(days=2)
MOST_TAGS = 5
SECURE = "Secure what published it, even if it is your own."
OF_ACCOUNT = (
    "check its email address. Change its password and 2FA methods, and revoke each token that `npm"
    " token list` shows."
)
OF_WORKFLOW = "find the run and who pushed its commit. Revoke the trusted publisher meanwhile."
REVOKED = "Revoke the trusted publisher until the run is explained."
OTHERS_ACCOUNT = "someone else may have the account"
RUN_NAMED = 'the page of the version names the run and its commit under "Provenance"'
RUN_NOT_NAMED = (
    "no provenance names the run: look for it at that time in the repository that the package is"
    " released from"
)
NOT_TAKEN = " Not taken as {}: {}."
NONE_SAFE = "No version is known to be safe to move {} to."


def seen_after(published: datetime, now: Now) -> str:
    """How long after a release it is looked at, like `seen 4 minutes after the release`."""
    age = max(now.time - published, timedelta())
    if age < HOURS:
        text = count(age // timedelta(minutes=1), "minute")
    elif age < DAYS:
        text = count(age // timedelta(hours=1), "hour")
    else:
        text = count(age.days, "day")
    return f"seen {text} after the release"


def first_release(release: Observed) -> NotApplicable:
    """The verdict where there is no release to compare it with."""
    return NotApplicable(
        "there is no earlier release to compare it with", {"version": release.version}
    )


def asked(release: Release) -> str:
    """Who is asked about a release: no program, and no account that may be an attacker's."""
    who, rank = _publisher(release), _rank(release)
    if rank == TRUSTED:
        return f"Find the run that published it, and ask who pushed its commit{CHANNEL}."
    if rank == APPROVED:
        return f"Ask {_approver(release) or 'who approved it'}{CHANNEL}: {OTHERS_ACCOUNT}."
    if not who:
        return f"Ask who published it{CHANNEL}: {OTHERS_ACCOUNT}."
    if release.says("maintains") and release.says("published_before"):
        return f"Ask {who}{CHANNEL}: {OTHERS_ACCOUNT}."
    return (
        f"Ask a maintainer whom you know how {who} could publish it. Do not ask {who}: the account"
        " may be an attacker's."
    )


def shown(release: Observed) -> str:
    """What npm shows of who published a release and how, and where more is seen, as a sentence."""
    who, rank = _publisher(release), _rank(release)
    at = f"{release.published_at:%Y-%m-%d %H:%M} UTC"
    if not who:
        read = release.npm("view", f"{release.package}@{release.version}", "_npmUser")
        return f"Who published it at {at} is not known here: `{read}` shows it."
    if rank == APPROVED:
        return f"npm shows that {who} staged it, and {_approver(release)} approved it at {at}."
    start = f"npm shows that {who} published it at {at}"
    if rank == BY_HAND:
        return f"{start}, by hand or with a token. It does not show from where."
    if rank == PROVENANCE:
        return f"{start}: {RUN_NAMED}."
    if rank == TRUSTED and "provenance" not in release.unknown_fields():
        run = RUN_NAMED if release.provenance else RUN_NOT_NAMED
        return f"{start}, as a trusted publisher: {run}."
    return f"{start}. If it has provenance, {RUN_NAMED}."


def _secured(release: Observed) -> str:
    """How what published a release is secured, whether that is known or not."""
    who, rank = _publisher(release), _rank(release)
    if who and rank == BY_HAND:
        return f"Secure the account {who}, even if it is your own: {OF_ACCOUNT}"
    if rank == TRUSTED:
        return REVOKED
    return f"{SECURE} If an account did: {OF_ACCOUNT} If a workflow did: {OF_WORKFLOW}"


def _publisher(release: Observed) -> str:
    """Who published it; empty if that is not known."""
    return "" if "publisher" in release.unknown_fields() else release.publisher


def _approver(release: Observed) -> str:
    """Who approved it; empty if that is not known."""
    return "" if "approver" in release.unknown_fields() else release.approver


def _rank(release: Observed) -> int | None:
    """How it was published; None if that is not known."""
    return None if "trust" in release.unknown_fields() else release.trust


def alert(  # noqa: PLR0913, PLR0917 (what an alert says)
    release: Observed,
    now: Now,
    safe: SafeVersions,
    message: str,
    seen: Seen,
    look: str,
    versions: Sequence[str] = (),
) -> Failed:
    """The failure of an unusual release.

    Args:
        safe: what its tags can be moved to.
        seen: the fields that decided.
        look: what to look at first, as an imperative sentence.
        versions: those of the package that share the sign, this one among them or not.
    """
    told = f"{release.version}: {message}; {seen_after(release.published_at, now)}"
    fix = respond(release, safe, look, tuple(dict.fromkeys((release.version, *versions))))
    return Failed(told, {"version": release.version, **seen}, fix=fix)


def _undo(release: Observed, versions: Sequence[str], moved: Sequence[str]) -> str:
    """The commands that undo it."""
    name = release.package
    commands = [release.npm("deprecate", f"{name}@{one}", "") for one in versions]
    commands += [release.npm("dist-tag", "add", f"{name}@{release.version}", tag) for tag in moved]
    return f"Run {' and '.join(f'`{one}`' for one in commands)}"


def not_taken(release: Observed | LatestTag, safe: SafeVersions, tags: Sequence[str]) -> str:
    """Which newer versions are not what tags are moved to, and why: a sentence a tag.

    Each begins with a space; empty for none.
    """
    version = release.version
    found = {tag: safe.passed_over(release.within, tag, version) for tag in tags}
    alike: dict[str, list[str]] = {}
    for tag, text in found.items():
        if text:
            alike.setdefault(text, []).append(tag)
    return "".join(NOT_TAKEN.format(" and ".join(those), text) for text, those in alike.items())


def respond(release: Observed, safe: SafeVersions, look: str, versions: Sequence[str]) -> Fix:
    """What to do first: to look, and if no one intended the versions, to warn users."""
    name, version = release.package, release.version
    found = {tag: safe.find(release.within, tag, version) for tag in release.tags[:MOST_TAGS]}
    moves = {tag: good for tag, good in found.items() if good}
    stuck = [tag for tag in found if tag not in moves]
    commands = [release.npm(*tag_moved(name, good, tag)) for tag, good in moves.items()]
    commands += [release.npm(*deprecated(name, one)) for one in versions]
    back = " move " + " and ".join(f"{tag} to {good}" for tag, good in moves.items()) + ","
    none = " " + NONE_SAFE.format(" and ".join(stuck))
    several = (these([*versions], 0, "version"), "each of them")
    what, which = several if len(versions) > 1 else ("this release", "it")
    return Fix(
        step=f"{look} {shown(release)} Unless someone you reach in person intended {what}, at once"
        f'{back if moves else ""} deprecate {which}, and choose "Report malware" on its page. npm'
        " takes the deprecation once it has scanned the version."
        f" {_secured(release)}{none if stuck else ''}{not_taken(release, safe, tuple(found))}",
        page=release.page("package-version", package=name, version=version),
        command=lines(commands),
        needs="write access to the package and 2FA",
        undo=_undo(release, versions, sorted(moves)),
    )
