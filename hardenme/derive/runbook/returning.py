"""The way back of each package: the last good version, its tags, and what npm allows."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, fields, replace
from datetime import datetime

from hardenme.derive.recent.wording import fixes_of
from hardenme.derive.runbook import kinds
from hardenme.derive.runbook.listing import RunbookLists, thing
from hardenme.derive.runbook.own import again
from hardenme.derive.safe_version import LATEST, is_settled, safe_version
from hardenme.facts.npm.history import PastRelease, ReleaseHistory
from hardenme.model.commands import deprecated, npm, signed_out, tag_moved
from hardenme.model.finding import Finding
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.pages import github_page, npm_page
from hardenme.model.runbook import Chapter, RunbookItem, RunbookStep, ShownBy
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Reason, Unknown
from hardenme.model.verdict import Failed

BAD = "VERSION"
"""Stands in a command for the version of the attacker."""
NOT_KEPT = Unknown(Reason.NOT_ASKED, "the package's page on npm")
SCAN = (
    "npm scans each version when it is published, and may hold or block it.",
    "It appears after about 5 minutes, 20 and more at peak.",
    "During the scan npm dist-tag works. These do not: npm deprecate, unpublish, stage approve.",
)
UNPUBLISH = (
    "npm allows it within 72 hours if no package depends on the version.",
    "Later it needs fewer than 300 downloads a week, one owner and no dependents.",
    "A version number can never be used again.",
    "Otherwise report malware on the package's page: npm removes it.",
)


@dataclass(slots=True)
class GoodVersions:
    """Which versions can be gone back to.

    Attributes:
        lists: what a run saw.
        release_checks: the codes of all checks of releases: what one of them did not look at is not
            known to be good.
        doubted: of each package, the versions for which a check of releases fails, accepted or not.
    """

    lists: RunbookLists
    release_checks: AbstractSet[str]
    doubted: Mapping[Subject, set[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.doubted = _doubted(self.lists.report.findings)

    @property
    def judged(self) -> bool:
        """Whether every check of releases took place, and the run went to its end."""
        report = self.lists.report
        whole = not report.partial and report.halted is None
        return whole and self.release_checks <= report.checks.keys()

    def of(self, package: Place, tag: InventoryItem) -> str:
        """The version that a tag can be moved to; empty where none is known to be good."""
        now, current = self.lists.report.started, str(tag.state.get("version") or "")
        if not self.judged or package.lists.get("dist-tag", NOT_KEPT) is not None:
            return ""
        history, doubted = _history(package), self.doubted.get(package.subject, set())
        own = next((one for one in history.releases if one.version == current), None)
        if own is not None and current not in doubted and is_settled(own, now):
            return current
        try:
            return safe_version(history, tag.label, current, now, doubted)
        except NotKnownError:
            return ""


def rolling_back(lists: RunbookLists, release_checks: AbstractSet[str]) -> Iterator[RunbookStep]:
    """Tags first, since they decide what everybody installs; then the bad version itself."""
    registry, report = lists.hosts.registry, lists.report
    packages = lists.places("npm:package")
    good = GoodVersions(lists, release_checks)
    notes = [*lists.unread(kinds.DIST_TAG, packages)]
    if packages and not good.judged:
        notes.append(
            "No version is known to be good: the run left out checks of releases. Run hardenme"
            " check for the packages."
        )
    yield RunbookStep(
        Chapter.BACK,
        "Move every dist-tag of each package that was attacked to its last good version",
        kinds.MAINTAINER,
        (
            *notes,
            (
                "A good version is at least 7 days old, is not deprecated, and fails no check of"
                " releases."
            ),
        ),
        tuple(_package(one, good, registry) for one in packages),
    )
    marked = sorted(fixes_of(tuple(report.findings)))
    if marked:
        yield RunbookStep(
            Chapter.BACK,
            "Look at the versions that a check of releases marked in this run",
            kinds.MAINTAINER,
            # What is done to them stands in the steps beside this one.
            items=tuple(RunbookItem(Subject.parse(one).name) for one in marked),
        )
    yield RunbookStep(
        Chapter.BACK,
        f"Deprecate each bad version, in neutral words; put it in place of {BAD}",
        kinds.MAINTAINER,
        SCAN,
        tuple(item for one in packages for item in _deprecated(one, registry, marked)),
    )
    yield RunbookStep(
        Chapter.BACK,
        f"Unpublish each bad version where npm allows it; put it in place of {BAD}",
        kinds.MAINTAINER,
        UNPUBLISH,
        tuple(_unpublished(one, registry) for one in packages),
    )
    yield RunbookStep(
        Chapter.BACK,
        "Look at what is left, with new tokens for hardenme",
        kinds.ACCOUNT,
        ("hardenme auth login takes them. What this run still sees is not ended.",),
        commands=(again(report),),
        shown_by=ShownBy.RUN,
    )
    yield RunbookStep(
        Chapter.BACK,
        "Sign out on this device, and revoke GitHub CLI on the page: its token lives on otherwise",
        "who ran the commands above",
        commands=(npm(registry, "logout"), signed_out(lists.hosts.web)),
        page=github_page(lists.hosts.web, "account-oauth-grants"),
    )


def _deprecated(package: Place, registry: str, marked: Container[str]) -> Iterator[RunbookItem]:
    """The versions of a package that are known to be bad, then any other."""
    name = package.subject.name
    for one in package.items:
        if one.kind == "version" and str(one.subject) in marked:
            found = replace(thing(kinds.VERSION, package.subject, one), wants={"deprecated": True})
            command = npm(registry, *deprecated(name, one.label))
            yield RunbookItem(f"{name}@{one.label}", (command,), things=(found,))
    yield RunbookItem(name, (npm(registry, *deprecated(name, BAD)),))


def _unpublished(package: Place, registry: str) -> RunbookItem:
    """One package; npm refuses the command for one on which others depend."""
    name = package.subject.name
    used = next((one.state for one in package.items if one.kind == "use"), {})
    count = used.get("dependents")
    page = npm_page(registry, "package", package=name)
    if isinstance(count, int) and count:
        many = "1 package depends on it" if count == 1 else f"{count:,} packages depend on it"
        return RunbookItem(f"{name}: npm refuses, since {many}. Report malware", page=page)
    return RunbookItem(name, (npm(registry, "unpublish", f"{name}@{BAD}"),), page)


def _package(package: Place, good: GoodVersions, registry: str) -> RunbookItem:
    name = package.subject.name
    tags = [one for one in package.items if one.kind == "dist-tag"]
    tags.sort(key=lambda one: (one.label != LATEST, one.label))
    told, commands, things = [], [], []
    for tag in tags:
        current = str(tag.state.get("version") or "")
        found = good.of(package, tag)
        # No version that there is has an empty name.
        wanted = replace(thing(kinds.DIST_TAG, package.subject, tag), wants={"version": found})
        things.append(wanted)
        if found:
            told.append(f"{tag.label} to {found}")
            commands.append(npm(registry, *tag_moved(name, found, tag.label)))
        else:
            pointed = f"; it pointed to {current}" if current else ""
            told.append(f"{tag.label}: no version is known to be good{pointed}")
    text = f"{name}: {'; '.join(told) or 'no dist-tag was read'}"
    return RunbookItem(text, tuple(commands), things=tuple(things))


def _doubted(findings: Iterable[Finding]) -> Mapping[Subject, set[str]]:
    found: dict[Subject, set[str]] = {}
    for one in findings:
        if one.code.startswith("REL") and isinstance(one.outcome, Failed):
            found.setdefault(one.within, set()).add(one.subject.name.rpartition("@")[2])
    return found


def _history(package: Place) -> ReleaseHistory:
    """The releases of a package as far as a run keeps them: the newest."""
    releases = []
    for one in package.items:
        published = one.state.get("published_at")
        if one.kind == "version" and isinstance(published, str):
            marked = one.state.get("deprecated")
            values = {
                "version": one.label,
                "published_at": datetime.fromisoformat(published),
                "deprecated": marked if isinstance(marked, bool) else NOT_KEPT,
            }
            rest = {item.name: NOT_KEPT for item in fields(PastRelease)}
            releases.append(PastRelease(**{**rest, **values}))  # type: ignore[arg-type]
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
