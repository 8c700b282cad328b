"""The way back of each package: the last good version, its tags, and what npm allows."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta

from hardenme.derive.recent.wording import fixes_of
from hardenme.derive.runbook import kinds
from hardenme.derive.runbook.good_versions import NOT_SUSPECT, GoodVersions
from hardenme.derive.runbook.listing import RunbookLists, thing
from hardenme.derive.runbook.own import again
from hardenme.derive.safe_version import LATEST
from hardenme.model.commands import (
    NO_COMMAND,
    UNDER_INVESTIGATION,
    deprecated,
    npm,
    present,
    signed_out,
    tag_moved,
)
from hardenme.model.inventory import InventoryItem, Place, State
from hardenme.model.pages import github_page, npm_page
from hardenme.model.runbook import Chapter, RunbookItem, RunbookStep, ShownBy
from hardenme.model.subject import Subject

LOOK_AT_MARKED = "Look at the versions that a check of releases marked in this run"
"""The step by which someone attests that each of them was looked at."""
FRESH = timedelta(hours=72)
"""How old a version may be that npm lets its owner unpublish whatever its downloads are."""
DAY = len("2026-01-31")
NEWEST = 3
"""Versions that are named where no check marks one."""
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
DEPRECATE = (
    "A version that no check marks has no command: look up which ones you did not publish.",
    "Then run npm deprecate with the package, @ and the version in one word.",
    f'Give it the text "{UNDER_INVESTIGATION}".',
)
UNPUBLISH = (
    "npm allows it within 72 hours if no package depends on the version.",
    "Later it needs fewer than 300 downloads a week, one owner and no dependents.",
    "A version number can never be used again.",
    "Otherwise report malware on the package's page: npm removes it.",
)


def rolling_back(lists: RunbookLists, release_checks: AbstractSet[str]) -> Iterator[RunbookStep]:
    """Tags first, since they decide what everyone installs; then the bad version itself."""
    registry, report = lists.hosts.registry, lists.report
    packages = lists.places("npm:package")
    good = GoodVersions(report, release_checks)
    notes = [*lists.unread(kinds.DIST_TAG, packages)]
    if packages and not good.judged:
        notes.append(
            "No version is known to be good: the run left out checks of releases. Run"
            " `hardenme check` for the packages."
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
            # What is done to them is in the neighbouring steps.
            items=tuple(RunbookItem(Subject.parse(one).name) for one in marked),
        )
    yield RunbookStep(
        Chapter.BACK,
        "Deprecate each bad version, in neutral words",
        kinds.MAINTAINER,
        (*SCAN, *DEPRECATE),
        tuple(item for one in packages for item in _deprecated(one, registry, marked)),
    )
    yield RunbookStep(
        Chapter.BACK,
        "Unpublish each bad version where npm allows it",
        kinds.MAINTAINER,
        UNPUBLISH,
        tuple(
            item for one in packages for item in _unpublished(one, registry, marked, report.started)
        ),
    )
    yield RunbookStep(
        Chapter.BACK,
        "Look at what is left, with new tokens for hardenme",
        kinds.ACCOUNT,
        ("`hardenme auth login` takes them. What this run still sees is not ended.",),
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
    """The versions of a package that are known to be bad, then what to look up of the others."""
    name = package.subject.name
    for one in _bad(package, marked):
        found = replace(thing(kinds.VERSION, package.subject, one), wants={"deprecated": True})
        command = npm(registry, *deprecated(name, one.label))
        text, page = _about(f"{name}@{one.label}", command, registry)
        yield RunbookItem(text, present(command), page, (found,))
    versions = (one for one in package.items if one.kind == "version")
    others = [one for one in versions if str(one.subject) not in marked]
    others.sort(key=_published, reverse=True)
    named = ", ".join(f"{one.label} of {_published(one)[:DAY]}" for one in others[:NEWEST])
    text = f"{name}: {_others(package, marked)}"
    yield RunbookItem(
        f"{text}. The newest: {named}" if named else text,
        page=npm_page(registry, "package", package=name),
    )


def _bad(package: Place, marked: Container[str]) -> list[InventoryItem]:
    """The versions of a package that a check marks."""
    return [one for one in package.items if one.kind == "version" and str(one.subject) in marked]


def _published(version: InventoryItem) -> str:
    return str(version.state.get("published_at") or "")


def _about(what: str, command: str, registry: str) -> tuple[str, str]:
    """What an item is called, and its page, where npm may refuse a package's name."""
    if command:
        return what, ""
    return f"{what}: {NO_COMMAND}", npm_page(registry, "support")


def _unpublished(
    package: Place, registry: str, marked: Container[str], now: datetime
) -> Iterator[RunbookItem]:
    """The versions that npm is known to let go, and what to do about all others.

    Source: https://docs.npmjs.com/policies/unpublish
    """
    name = package.subject.name
    used = next((one.state for one in package.items if one.kind == "use"), {})
    count = used.get("dependents")
    page = npm_page(registry, "package", package=name)
    if isinstance(count, int) and count:
        many = "1 package depends on it" if count == 1 else f"{count:,} packages depend on it"
        yield RunbookItem(f"{name}: npm refuses, since {many}. Report malware", page=page)
        return
    for one in _bad(package, marked):
        at = _published(one)
        young = bool(at) and now - datetime.fromisoformat(at) < FRESH
        if count == 0 and young and (command := npm(registry, "unpublish", f"{name}@{one.label}")):
            yield RunbookItem(f"{name}@{one.label}", present(command), page)
        else:
            why = "npm may refuse: try it, or report malware"
            yield RunbookItem(f"{name}@{one.label}: {why}", page=page)
    yield RunbookItem(f"{name}: {_others(package, marked)}", page=page)


def _others(package: Place, marked: Container[str]) -> str:
    """What to look up next to the versions of a package that are listed, or without any."""
    other = "other " if _bad(package, marked) else ""
    return f"any {other}version that you did not publish"


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
            why = good.why_moved(package, tag) if found != current else ""
            told.append(f"{tag.label} to {found}{f' ({current}: {why})' if why else ''}")
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
