"""What is said of a release that stands out, and what to do first."""

from datetime import datetime, timedelta

from hardenme.facts.npm.release import Observed
from hardenme.model.evidence import Seen
from hardenme.model.given import Now
from hardenme.model.verdict import Failed, Fix, NotApplicable
from hardenme_checks.wording import count

HOURS = timedelta(hours=2)
DAYS = timedelta(days=2)
MOST_TAGS = 5


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
    """The verdict where there is no release to hold it against."""
    return NotApplicable(
        "no release before it is there to hold it against", {"version": release.version}
    )


def alert(release: Observed, now: Now, message: str, seen: Seen, look: str) -> Failed:
    """The failure of a release that stands out.

    Args:
        release: the one.
        now: when it is looked at.
        message: what stands out.
        seen: the fields that decided.
        look: what to look at first, as an imperative sentence.
    """
    told = f"{release.version}: {message}; {seen_after(release.published_at, now)}"
    return Failed(told, {"version": release.version, **seen}, fix=respond(release, look))


def respond(release: Observed, look: str) -> Fix:
    """What to do first: to look, and if nobody meant the release, to turn users away from it."""
    name = release.package
    bad, good = f"{name}@{release.version}", release.good
    commands = [
        release.npm("dist-tag", "add", f"{name}@{good}", tag)
        for tag in release.tags[:MOST_TAGS]
        if good
    ]
    commands.append(release.npm("deprecate", bad, "Do not use this version, it is looked into"))
    back = f" move its tags back to {good} and" if good and release.tags else ""
    return Fix(
        step=f"{look} Unless somebody whom you reach in person meant this release, at once{back}"
        " deprecate it, revoke all tokens of the account that released it, and report it to npm.",
        page=release.page("package", package=name),
        command=" && ".join(commands),
        needs="write access to the package and the second factor",
        undo="Deprecate it again with an empty text, and move the tags with npm dist-tag add.",
    )
