"""The text about an item that appeared or changed, and the command that undoes it."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.derive.recent.found import FORCED, HEADS, STAGED, Found, text_of
from hardenme.model.finding import Finding
from hardenme.model.inventory import ARCHIVED
from hardenme.model.npm_address import REGISTRY
from hardenme.model.pages import GITHUB_WEB, github_page, npm_page
from hardenme.model.subject import Subject
from hardenme.model.text import short_id
from hardenme.model.verdict import Failed

SHORT = 12
"""Digits by which a commit is named."""


@dataclass(frozen=True, slots=True)
class Hosts:
    """Who is asked.

    Attributes:
        web: the address of GitHub's web pages.
        registry: the registry's address.
    """

    web: str = GITHUB_WEB
    registry: str = REGISTRY


def text(one: Found) -> str:
    """What happened, as a sentence without its place."""
    item, state = one.item, one.item.state
    if item.kind == "push":
        branch = text_of(state, "ref").removeprefix(HEADS)
        done = "force-pushed" if state.get("change") == FORCED else "pushed to"
        return f"{branch or 'a branch that is not known'} was {done}"
    if item.kind == "workflow run":
        branch = text_of(state, "branch")
        on = f" on {branch}" if branch else ""
        return f"{text_of(state, 'file')} ran{on}, by {text_of(state, 'event')}"
    if item.kind == "changed workflow":
        verb = "added" if state.get("added") is True else "changed"
        verb = "deleted" if state.get("removed") is True else verb
        verb = "changed and put back" if state.get("restored") is True else verb
        commit = text_of(state, "commit")[:SHORT]
        return f"workflow {item.label} {verb}" + (f" by commit {commit}" if commit else "")
    if item.kind == ARCHIVED:
        return f"{item.kind} {item.label}: {text_of(state, 'what')}"
    if item.kind == "version":
        joined = ", ".join(one.added_people)
        how = " by a trusted publisher" if text_of(state, "trusted_publisher") else ""
        more = f"; new maintainer {joined}" if joined else ""
        left = ", ".join(one.removed_people)
        more += f"; {left} is no longer a maintainer" if left else ""
        return f"{item.subject.name} published{how}{more}"
    verb = one.source.verb if one.appeared else "changed"
    visibility = text_of(state, "visibility") if item.kind == "repository" else ""
    name = short_id(item.label or item.identity)
    if item.kind == STAGED and one.appeared:
        return f"{item.kind} {name}"
    return f"{visibility} {item.kind} {name} {verb}".strip()


def allows(one: Found) -> str:
    """What it allows; empty if that goes without saying."""
    place = one.place.name
    if one.item.kind == "deploy key" and one.item.state.get("read_only") is False:
        return f"pushes to {place}"
    if one.item.kind == "app":
        held = one.item.state.get("permissions")
        names = held if isinstance(held, tuple) else ()
        writes = [name for name in names if not name.endswith(":read")]
        if writes:
            return f"can {', '.join(writes[:3])} in {place}"
    if one.item.kind == "pending invitation":
        role = text_of(one.item.state, "role") or text_of(one.item.state, "permissions")
        if role in {"admin", "owner"}:
            return f"makes the person who accepts it {role} of {place}"
    return one.source.allows.format(place=place)


def page(one: Found, hosts: Hosts) -> str:
    """Where it is undone by hand; empty if there is no page."""
    return page_of(one.source.page, one.place, hosts, one.item.identity, one.item.label)


def page_of(name: str, place: Subject, hosts: Hosts, identity: str = "", label: str = "") -> str:
    """The address of a page about a place; empty if none is named."""
    if not name:
        return ""
    if name == "org-installation" and not identity:
        name = "org-installations"
    if place.provider == "npm":
        names = {"user": place.name, "package": place.name, "org": place.name}
        return npm_page(hosts.registry, name, **names)
    if name.startswith("repo"):
        repository = place.name if place.kind == "repo" else label or place.name
        if place.kind == "org" and name == "repo-rules":
            return github_page(hosts.web, "org-rules", org=place.name)
        return github_page(hosts.web, name, repo=repository)
    return github_page(hosts.web, name, org=place.name, installation=identity)


def fixes_of(findings: tuple[Finding, ...]) -> dict[str, str]:
    """The commands of the checks of releases that failed, by the version; the longest counts."""
    found: dict[str, str] = {}
    for finding in findings:
        outcome = finding.outcome
        if finding.code.startswith("REL") and isinstance(outcome, Failed):
            command = outcome.fix.command
            subject = str(finding.subject)
            found[subject] = max(found.get(subject, ""), command, key=len)
    return found
