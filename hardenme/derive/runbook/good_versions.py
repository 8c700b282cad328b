"""Which versions of a package a run knows to be good, and which it knows to be suspect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from hardenme.derive.safe_version import CONNECTED, is_deprecated, is_settled, safe_version, why_not
from hardenme.derive.suspect_releases import ReleaseSigns, suspects
from hardenme.facts.npm.history import PastRelease, ReleaseHistory
from hardenme.facts.npm.lineage import SETTLED
from hardenme.model.commands import move_of_tag
from hardenme.model.inventory import InventoryItem, Place, State
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Reason, Unknown
from hardenme.model.verdict import Failed

NOT_KEPT = Unknown(Reason.NOT_ASKED, "the package's page on npm")
NOT_SUSPECT: Mapping[str, State] = {"suspect": False}
"""What a tag is to be where no version is known to be good: led to none that is suspect."""
KEPT = ("publisher", "trusted_publisher", "approver", "provenance", "deprecated")
PACKAGE = ("npm", "package")


@dataclass(slots=True)
class GoodVersions:
    """Which versions can be gone back to.

    Attributes:
        report: a run.
        release_checks: the codes of all checks of releases: what one of them did not look at is not
            known to be good.
        suspect: of each package, the versions that are suspect; accepted or not.
        moved: where a fix of the run moves a tag away from a version that a check marks, by
            package, tag and that version. The fix saw all releases, and a kept run has the newest.
    """

    report: Report
    release_checks: AbstractSet[str] = frozenset()
    suspect: Mapping[Subject, AbstractSet[str]] = field(init=False)
    moved: Mapping[tuple[Subject, str, str], str] = field(init=False)
    _histories: dict[Subject, ReleaseHistory] = field(init=False)

    def __post_init__(self) -> None:
        places = (
            one
            for one in self.report.inventory
            if (one.subject.provider, one.subject.kind) == PACKAGE
        )
        self._histories = {one.subject: _history(one) for one in places}
        self.suspect = dict(self._suspect())
        self.moved = dict(self._moved())

    @property
    def judged(self) -> bool:
        """Whether every check of releases took place, and the run went to its end."""
        report = self.report
        whole = not report.partial and report.halted is None
        return whole and self.release_checks <= report.checks.keys()

    def of(self, package: Place, tag: InventoryItem) -> str:
        """The version that a tag can be moved to; empty if none is known to be good."""
        now, current = self.report.started, str(tag.state.get("version") or "")
        if not self.judged or package.lists.get("dist-tag", NOT_KEPT) is not None:
            return ""
        history, suspect = self._histories[package.subject], self.suspect[package.subject]
        moved = self.moved.get((package.subject, tag.label, current), "")
        if moved and moved not in suspect:
            return moved
        own = next((one for one in history.releases if one.version == current), None)
        try:
            if own is not None and current not in suspect and not is_deprecated(own):
                quiet = not any(
                    one.version in suspect and now - one.published_at < SETTLED
                    for one in history.releases
                )
                if quiet or is_settled(own, now):
                    return current
            return safe_version(history, tag.label, current, now, suspect)
        except NotKnownError:
            return ""

    def why_moved(self, package: Place, tag: InventoryItem) -> str:
        """Why a tag does not stay where it is, in a few words; empty where that is not kept."""
        current = str(tag.state.get("version") or "")
        releases = self._histories[package.subject].releases
        own = next((one for one in releases if one.version == current), None)
        if own is None:
            return ""
        why = why_not(own, self.report.started, self.suspect[package.subject])
        return "a check of releases marks it" if why == CONNECTED else why

    def _moved(self) -> Iterator[tuple[tuple[Subject, str, str], str]]:
        """Where the fixes of marked releases move each tag.

        The first fix counts: one rule made them all.
        """
        found: dict[tuple[Subject, str, str], str] = {}
        for one in self.report.findings:
            outcome = one.outcome
            if one.code.startswith("REL") and isinstance(outcome, Failed):
                version = one.subject.name.rpartition("@")[2]
                for line in outcome.fix.command.split("\n"):
                    if (move := move_of_tag(line)) and move[0] == one.within.name:
                        found.setdefault((one.within, move[1], version), move[2])
        return iter(found.items())

    def _suspect(self) -> Mapping[Subject, AbstractSet[str]]:
        marked: dict[Subject, dict[str, set[str]]] = {one: {} for one in self._histories}
        for one in self.report.findings:
            if one.code.startswith("REL") and isinstance(one.outcome, Failed):
                version = one.subject.name.rpartition("@")[2]
                marked.setdefault(one.within, {}).setdefault(version, set()).add(one.code)
        found: dict[Subject, AbstractSet[str]] = {}
        for package, versions in marked.items():
            others = ReleaseSigns.of(
                (self._histories[one], more)
                for one, more in marked.items()
                if more and one != package and one in self._histories
            )
            history = self._histories.get(package)
            known = frozenset(versions)
            found[package] = suspects(history, versions, others) | known if history else known
        return found


def _history(package: Place) -> ReleaseHistory:
    """The releases of a package as far as a run keeps them: the newest."""
    releases = []
    for one in package.items:
        published = one.state.get("published_at")
        if one.kind == "version" and isinstance(published, str):
            values: dict[str, Any] = {item.name: NOT_KEPT for item in fields(PastRelease)}
            values |= {name: one.state[name] for name in KEPT if name in one.state}
            if isinstance(carried := one.state.get("carries"), tuple | list):
                # The digests cover scripts and addresses alike.
                values |= {"scripts": dict.fromkeys(map(str, carried), ""), "dependencies": {}}
            at = datetime.fromisoformat(published)
            releases.append(PastRelease(**values | {"version": one.label, "published_at": at}))
    tags = {
        one.label: str(one.state["version"])
        for one in package.items
        if one.kind == "dist-tag" and one.state.get("version")
    }
    return ReleaseHistory(
        subject=package.subject,
        within=package.subject,
        label=package.subject.name,
        package=package.subject.name,
        releases=tuple(sorted(releases, key=lambda one: one.published_at)),
        tags=tags,
        removed={},
    )
