"""The text about an unusual release, and what to do first."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hardenme.facts.npm.release import LatestTag, Observed
from hardenme.model.commands import deprecated, lines, tag_moved
from hardenme.model.evidence import Seen
from hardenme.model.given import Now, SafeVersions
from hardenme.model.verdict import Failed, Fix, NotApplicable
from hardenme_checks.wording import count, these

HOURS = timedelta(hours=2)
DAYS = timedelta(days=2)
MOST_TAGS = 5
SECURE = (
    "Secure what published it, even if it is your own. If an account did: check its email address."
    " Change its password and 2FA methods, and revoke each token that `npm token list` shows. If a"
    " workflow did: find the run and who pushed its commit. Revoke the trusted publisher meanwhile."
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
        step=f"{look} Unless someone you reach in person intended {what}, at once"
        f'{back if moves else ""} deprecate {which}, and choose "Report malware" on its page. npm'
        " takes the deprecation once it has scanned the version."
        f" {SECURE}{none if stuck else ''}{not_taken(release, safe, tuple(found))}",
        page=release.page("package", package=name),
        command=lines(commands),
        needs="write access to the package and 2FA",
        undo=_undo(release, versions, sorted(moves)),
    )
