"""The way back of each package: the last good version, its tags, and what npm allows."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from hardenme.derive.recent.wording import fixes_of
from hardenme.derive.runbook import kinds
from hardenme.derive.runbook.good_versions import NOT_SUSPECT, GoodVersions
from hardenme.derive.runbook.listing import RunbookLists, thing
from hardenme.derive.runbook.own import again
from hardenme.derive.safe_version import LATEST
from hardenme.model.commands import NO_COMMAND, deprecated, npm, present, signed_out, tag_moved
from hardenme.model.inventory import Place, State
from hardenme.model.pages import github_page, npm_page
from hardenme.model.runbook import Chapter, RunbookItem, RunbookStep, ShownBy
from hardenme.model.subject import Subject

LOOK_AT_MARKED = "Look at the versions that a check of releases marked in this run"
"""The step by which somebody attests that each of them was looked at."""
BAD = "VERSION"
"""Stands in a command for the version of the attacker."""
GOOD = (
    "A good version is not deprecated, and fails no check of releases.",
    "It shares no burst, new publisher or new install script with a version that fails one.",
    "It is at least 7 days old, or the tag pointed to it while no recent version was suspect.",
)
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


def rolling_back(lists: RunbookLists, release_checks: AbstractSet[str]) -> Iterator[RunbookStep]:
    """Tags first, since they decide what everybody installs; then the bad version itself."""
    registry, report = lists.hosts.registry, lists.report
    packages = lists.places("npm:package")
    good = GoodVersions(report, release_checks)
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
            *GOOD,
        ),
        tuple(_package(one, good, registry) for one in packages),
    )
    marked = sorted(fixes_of(tuple(report.findings)))
    if marked:
        yield RunbookStep(
            Chapter.BACK,
            LOOK_AT_MARKED,
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
            text, page = _about(f"{name}@{one.label}", command, registry)
            yield RunbookItem(text, present(command), page, (found,))
    command = npm(registry, *deprecated(name, BAD))
    text, page = _about(name, command, registry)
    yield RunbookItem(text, present(command), page)


def _about(what: str, command: str, registry: str) -> tuple[str, str]:
    """What an item is called, and its page, where npm may refuse a package's name."""
    if command:
        return what, ""
    return f"{what}: {NO_COMMAND}", npm_page(registry, "support")


def _unpublished(package: Place, registry: str) -> RunbookItem:
    """One package; npm refuses the command for one on which others depend."""
    name = package.subject.name
    used = next((one.state for one in package.items if one.kind == "use"), {})
    count = used.get("dependents")
    page = npm_page(registry, "package", package=name)
    if isinstance(count, int) and count:
        many = "1 package depends on it" if count == 1 else f"{count:,} packages depend on it"
        return RunbookItem(f"{name}: npm refuses, since {many}. Report malware", page=page)
    command = npm(registry, "unpublish", f"{name}@{BAD}")
    return RunbookItem(name if command else f"{name}: {NO_COMMAND}", present(command), page)


def _package(package: Place, good: GoodVersions, registry: str) -> RunbookItem:
    name = package.subject.name
    tags = [one for one in package.items if one.kind == "dist-tag"]
    tags.sort(key=lambda one: (one.label != LATEST, one.label))
    told, commands, things = [], [], []
    for tag in tags:
        current = str(tag.state.get("version") or "")
        found = good.of(package, tag)
        wants: Mapping[str, State] = {"version": found} if found else NOT_SUSPECT
        wanted = replace(thing(kinds.DIST_TAG, package.subject, tag), wants=wants)
        things.append(wanted)
        if found:
            told.append(f"{tag.label} to {found}")
            commands.append(npm(registry, *tag_moved(name, found, tag.label)))
        else:
            pointed = f"; it pointed to {current}" if current else ""
            told.append(f"{tag.label}: no version is known to be good{pointed}")
    text = f"{name}: {'; '.join(told) or 'no dist-tag was read'}"
    refused = "" in commands
    return RunbookItem(
        f"{text}; {NO_COMMAND}" if refused else text,
        present(*commands),
        npm_page(registry, "support") if refused else "",
        tuple(things),
    )
