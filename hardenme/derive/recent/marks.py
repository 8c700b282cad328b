"""What looks like an attack: patterns of incidents, over what appeared or changed in the window."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from hardenme.derive.recent.found import DIGEST, FORCED, Found, text_of
from hardenme.model.access import OWNERS
from hardenme.model.finding import Finding
from hardenme.model.finding_summary import weight
from hardenme.model.inventory import ARCHIVED, DELIVERY, OF_MEMBER, InventoryItem
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.verdict import Failed

LOOT = re.compile(
    r"(?:^|[-_.])migration(?:$|[-_.])|shai-?hulud|sha1-?hulud|s1ngularity", re.IGNORECASE
)
RANDOM = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{18}")
"""Names of the public repositories into which worms of npm wrote what they stole (Shai-Hulud in
September and November 2025, s1ngularity in August 2025)."""
AT_ONCE = timedelta(minutes=10)
"""Between two steps of one series: an attacker who waits longer leaves changes to confirm."""
BURST, BURST_TIME = 4, timedelta(minutes=10)
"""A burst: this many packages published within this time, where none were before."""
ACCESS = frozenset(
    {"SSH key", "SSH signing key", "GPG key", "deploy key", "webhook", "app", "npm token"}
    | {"fine-grained token of a member", "pending invitation", "credential for single sign-on"}
)
"""Kinds that give access in or out."""
CHANGED_ACCESS = frozenset({"webhook", "app"})
"""What can be changed to give more, and has the time at which it was."""
ADMINISTERS = frozenset(
    {"administration:write", "members:write", "organization_administration:write", "admin"}
)
"""Permissions by which an app or a person gives access to others."""
ACTIVE = "active"
WEBHOOK = "webhook"
UNHEARD = "whatever listens to it is sent nothing more"
"""Why a person has to know of a webhook that is switched off or gone."""
STAGED = "NPP112"
RELEASES = ("REL", "NPP117", STAGED)
"""How the checks begin of published, blocked and staged versions: one that failed is a sign of an
attack by itself. A staged version that only waits for long, which weighs little, is none."""
UNREAD: Mapping[str, Mapping[str, str]] = {
    "push": {
        "change": "whether it rewrote history is not known",
        "ref": "which branch it rewrote is not known",
    },
    "repository": {"visibility": "whether it is public is not known"},
    OF_MEMBER: {"visibility": "whether it is public is not known"},
}
"""Remarks to confirm for an unknown field, by kind. With one value of it an item looks like an
attack or has to be confirmed; with another it is ordinary."""
EVENTS_OF_REQUESTS = frozenset({"pull_request", "pull_request_target", "merge_group"})


def marked(found: Sequence[Found], findings: Iterable[Finding]) -> Mapping[int, tuple[str, ...]]:
    """Why things look like an attack, by their place in the list; nothing of what does not."""
    marks: dict[int, list[str]] = {}
    for number, one in enumerate(found):
        marks.setdefault(number, []).extend(_alone(one))
    for rule in (_at_once, _burst):
        for number, why in rule(found):
            marks[number].append(why)
    alerts = _alerts(findings)
    for number, one in enumerate(found):
        marks[number] += alerts.get(str(one.item.subject), [])
    return {number: tuple(dict.fromkeys(why)) for number, why in marks.items() if why}


def _alone(one: Found) -> Iterator[str]:
    """What shows by one thing itself."""
    item, state = one.item, one.item.state
    shown = item.kind in {"repository", OF_MEMBER} and state.get("visibility") == "public"
    if shown and one.appeared:
        name = item.label.rpartition("/")[2]
        if LOOT.search(name) or RANDOM.fullmatch(name):
            yield "public, with a name that npm worms use"
    if item.kind.endswith("ruleset") and state.get("enforcement", ACTIVE) != ACTIVE:
        yield f"its rules are not in force ({state['enforcement']})"
    if item.kind == "changed workflow" and state.get("restored") is not True:
        # What was put back is as before the window: what it was in between is not shown.
        yield from workflow_signs(one.beside)
    if item.kind == "push" and state.get("change") == FORCED and one.on_default:
        yield "the history of the default branch was rewritten"
    if item.kind == "workflow run" and _unlike(one):
        yield "not a workflow of the default branch"
    if one.appeared and one.staged and text_of(state, DIGEST) not in {"", *one.staged}:
        yield "its content is not what was staged"
    added = one.added_people
    if added and one.by and one.by in added:
        yield "its publisher was not a maintainer at the version before"


def workflow_signs(file: InventoryItem | None) -> Iterator[str]:
    """Why a workflow file that came or changed looks like an attack by itself."""
    state = {} if file is None else file.state
    if state.get("all_secrets") is True:
        yield "a job gets every secret, as by toJSON(secrets)"
    if state.get("publishes_on_push") is True:
        yield "it publishes on push"


def _at_once(found: Sequence[Found]) -> Iterator[tuple[int, str]]:
    """A series of new accesses of different kinds, each soon after the one before."""
    ways = sorted(
        (one.at, number, one.item.kind)
        for number, one in enumerate(found)
        if one.appeared and one.item.kind in ACCESS
    )
    series: list[tuple[datetime, int, str]] = []
    for way in (*ways, None):
        if way is not None and (not series or way[0] - series[-1][0] <= AT_ONCE):
            series.append(way)
            continue
        yield from _series(series)
        series = [] if way is None else [way]


def _series(series: Sequence[tuple[datetime, int, str]]) -> Iterator[tuple[int, str]]:
    kinds = list(dict.fromkeys(kind for _, _, kind in series))
    if len(kinds) > 1:
        for _, number, kind in series:
            other = next(one for one in kinds if one != kind)
            yield number, f"{_a(other)} was added within minutes"


def to_confirm(found: Sequence[Found]) -> Mapping[int, tuple[str, ...]]:
    """Why a person has to confirm that they know a thing, by its place in the list."""
    told = ((number, tuple(_known(one))) for number, one in enumerate(found))
    return {number: why for number, why in told if why}


def _known(one: Found) -> Iterator[str]:
    """Changes that are not signs by themselves, but an attacker's if no one knows of them."""
    item, state = one.item, one.item.state
    if one.appeared and item.kind in ACCESS:
        yield "it gives access" if not _admin(state) else "it gives all access"
    yield from _of_access(one)
    if item.kind == "environment" and not one.appeared:
        yield "it stands in the way of a change"
    if item.kind == ARCHIVED:
        yield "its repository is archived"
    if item.kind.endswith("ruleset"):
        yield "it stands in the way of a push"
    if item.kind == "changed workflow":
        yield _of_workflow(one)
    if item.kind == "workflow run":
        yield "its file is not as the default branch has it"
    if item.kind == "rule bypass":
        yield "a rule was bypassed"
    if item.kind == "repository" and one.appeared and state.get("visibility") == "public":
        yield "it is public"
    yield from _of_version(one)
    yield from _of_delivery(item)
    yield from _unread(one)


def _of_access(one: Found) -> Iterator[str]:
    """Why a person has to know of an app or a webhook that was changed."""
    if one.item.kind in CHANGED_ACCESS and not one.appeared:
        yield "it was changed, and gives access"
    if one.item.kind == WEBHOOK and one.item.state.get("active") is False:
        yield UNHEARD


def _of_delivery(item: InventoryItem) -> Iterator[str]:
    """Why a person has to know of a webhook's delivery."""
    if item.kind != DELIVERY:
        return
    host = item.state.get("elsewhere")
    if host:
        yield f"it went to {host}, which is not the webhook's host"
    elif host is None:
        yield "where it went is not known"
    if item.state.get("redelivery") is True:
        yield "someone had it sent again"
    if item.state.get("failing") is True:
        yield "none has arrived since"
    if host == "" and item.state.get("redelivery") is False and not item.state.get("failing"):
        yield "what it reports may have been undone since"


def _unread(one: Found) -> Iterator[str]:
    """What is not known of a thing that appeared, and decides whether it is ordinary."""
    for name, why in UNREAD.get(one.item.kind, {}).items():
        if one.appeared and name not in one.item.state:
            yield why


def _of_workflow(one: Found) -> str:
    """Why a person has to know of a workflow file that changed."""
    if one.item.state.get("restored") is True:
        return "what it was in between is not shown"
    return "it runs with secrets" if has_secrets(one.beside) else "it runs on your machines"


def _of_version(one: Found) -> Iterator[str]:
    """Who came and went with a version, and whether it is there and as it was staged."""
    state = one.item.state
    if one.added_people:
        yield "a new maintainer can publish"
    if one.removed_people:
        yield "a maintainer was removed"
    if one.appeared and one.staged is not None and not (one.staged and text_of(state, DIGEST)):
        yield "whether its content is what was staged is not known"
    if one.people_unread and one.appeared:
        yield "whether a new maintainer can publish is not known"
    if one.item.kind == "removed version":
        yield "it was published and is gone"


def _unlike(one: Found) -> bool:
    """Whether a run is a sign by itself: its file is not there, or was put back after the run."""
    requested = one.item.state.get("event") in EVENTS_OF_REQUESTS
    return not requested and (one.beside is None or one.on_default)


def has_secrets(file: InventoryItem | None) -> bool:
    """Whether the jobs of a workflow file get secrets, as far as it is known."""
    return file is None or file.state.get("secrets") is not False


def _admin(state: Mapping[str, object]) -> bool:
    """Whether a grant makes its holder an administrator, or lets it make others one."""
    held = state.get("permissions")
    names = held if isinstance(held, tuple) else (held,)
    return state.get("role") in OWNERS or not ADMINISTERS.isdisjoint(map(str, names))


def _a(kind: str) -> str:
    vowel = kind[0].lower() in "aeiou" or kind.startswith(("SSH", "npm"))
    return f"{'an' if vowel else 'a'} {kind}"


def _burst(found: Sequence[Found]) -> Iterator[tuple[int, str]]:
    """Many packages at once, where nothing like it was usual."""
    versions = [(n, one) for n, one in enumerate(found) if one.item.kind == "version"]
    together = packages_close_to({(one.item.subject, one.at) for _, one in versions})
    earlier = {release for _, one in versions for release in one.earlier}
    usual = max(packages_close_to(earlier).values(), default=0)
    for number, one in versions:
        here = together[one.at]
        if here >= BURST and here > 2 * usual:
            yield number, f"{here} packages were published within 10 minutes, as never before"


def packages_close_to(releases: Iterable[tuple[Subject, datetime]]) -> Mapping[datetime, int]:
    """How many packages were published close to each time."""
    ordered = sorted((at, str(subject).rpartition("@")[0]) for subject, at in releases)
    near: Counter[str] = Counter()
    first = after = 0
    counts = {}
    for at, _ in ordered:
        while after < len(ordered) and ordered[after][0] - at <= BURST_TIME:
            near[ordered[after][1]] += 1
            after += 1
        while at - ordered[first][0] > BURST_TIME:
            gone = ordered[first][1]
            near[gone] -= 1
            if not near[gone]:
                del near[gone]
            first += 1
        counts[at] = len(near)
    return counts


def _alerts(findings: Iterable[Finding]) -> dict[str, list[str]]:
    """The failed checks of releases, by the version."""
    alerts: dict[str, list[str]] = {}
    for finding in findings:
        faint = finding.code == STAGED and weight(finding) < Severity.MEDIUM
        if finding.code.startswith(RELEASES) and finding.fails and not faint:
            outcome = finding.outcome
            if isinstance(outcome, Failed):
                told = outcome.message.partition(": ")[2] or outcome.message
                if finding.code == STAGED:
                    # The change itself has the version and its account.
                    told = "without the right to stage it"
                alerts.setdefault(str(finding.subject), []).append(
                    f"{finding.code} {told.partition(';')[0]}"
                )
    return alerts
