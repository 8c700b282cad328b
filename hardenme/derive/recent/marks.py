"""What looks like an attack: patterns of incidents, over what appeared or changed in the window."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from hardenme.derive.recent.found import Found
from hardenme.model.finding import Finding
from hardenme.model.inventory import InventoryItem
from hardenme.model.verdict import Failed

LOOT = re.compile(
    r"(?:^|[-_.])migration(?:$|[-_.])|shai-?hulud|sha1-?hulud|s1ngularity", re.IGNORECASE
)
RANDOM = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{18}")
"""Names of the public repositories into which worms of npm wrote what they stole (Shai-Hulud in
September and November 2025, s1ngularity in August 2025)."""
AT_ONCE = timedelta(minutes=1)
BURST, BURST_TIME = 4, timedelta(minutes=10)
"""Packages that come out so close together as none of them did before."""
ACCESS = frozenset(
    {"SSH key", "SSH signing key", "GPG key", "deploy key", "webhook", "app", "npm token"}
    | {"fine-grained token of a member", "pending invitation", "credential for single sign-on"}
)
"""What opens a way in or out."""
ACTIVE = "active"
RELEASES = "REL"
"""The family of the checks of releases: a failed one is a sign of an attack by itself."""
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
    if item.kind == "repository" and one.appeared and state.get("visibility") == "public":
        name = item.label.rpartition("/")[2]
        if LOOT.search(name) or RANDOM.fullmatch(name):
            yield "public, with a name that npm worms use"
    if item.kind.endswith("ruleset") and state.get("enforcement", ACTIVE) != ACTIVE:
        yield f"its rules are not in force ({state['enforcement']})"
    if item.kind == "changed workflow":
        yield from _workflow(one.beside)
    if item.kind == "push" and state.get("change") == "force_push" and one.on_default:
        yield "the history of the default branch was rewritten"
    if item.kind == "workflow run":
        yield "not a workflow of the default branch"
    added = one.added_people
    if added and one.by and one.by in added:
        yield "its publisher was not a maintainer at the version before"


def _workflow(file: InventoryItem | None) -> Iterator[str]:
    state = {} if file is None else file.state
    if state.get("all_secrets") is True:
        yield "a job gets every secret, as by toJSON(secrets)"
    if state.get("publishes_on_push") is True:
        yield "it publishes on push"


def _at_once(found: Sequence[Found]) -> Iterator[tuple[int, str]]:
    """Two ways in, or one in and one out, of different kinds within a minute."""
    ways = [
        (one.at, number, one.item)
        for number, one in enumerate(found)
        if one.appeared and one.item.kind in ACCESS
    ]
    for at, number, item in ways:
        for other_at, _, other in ways:
            if other.kind != item.kind and abs(other_at - at) <= AT_ONCE:
                yield number, f"{_a(other.kind)} was added in the same minute"


def _a(kind: str) -> str:
    vowel = kind[0].lower() in "aeiou" or kind.startswith(("SSH", "npm"))
    return f"{'an' if vowel else 'a'} {kind}"


def _burst(found: Sequence[Found]) -> Iterator[tuple[int, str]]:
    """Many packages at once, where nothing like it was usual."""
    versions = [(n, one) for n, one in enumerate(found) if one.item.kind == "version"]
    times = {(one.item.subject, one.at) for _, one in versions}
    earlier = {(subject, at) for _, one in versions for subject, at in one.earlier}
    for number, one in versions:
        here = _packages(times, one.at)
        usual = max((_packages(earlier, at) for _, at in earlier), default=0)
        if here >= BURST and here > 2 * usual:
            yield number, f"{here} packages were published within 10 minutes, as never before"


def _packages(times: Iterable[tuple[object, datetime]], around: datetime) -> int:
    """How many packages came out close to a time."""
    names = {
        str(subject).rpartition("@")[0] for subject, at in times if abs(at - around) <= BURST_TIME
    }
    return len(names)


def _alerts(findings: Iterable[Finding]) -> dict[str, list[str]]:
    """What failed of the checks of releases, by the version."""
    alerts: dict[str, list[str]] = {}
    for finding in findings:
        if finding.code.startswith(RELEASES) and finding.fails:
            outcome = finding.outcome
            if isinstance(outcome, Failed):
                said = outcome.message.partition(": ")[2] or outcome.message
                alerts.setdefault(str(finding.subject), []).append(
                    f"{finding.code} {said.partition(';')[0]}"
                )
    return alerts
