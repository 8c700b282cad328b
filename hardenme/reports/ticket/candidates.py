"""Whom a change can name: the accounts of which the run knows that they could take a part in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import urlsplit

from hardenme.model.inventory import ACCESS, Place
from hardenme.model.pages import GITHUB_WEB, github_page
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.reports.fixplan.plan import Action
from hardenme.reports.fixplan.suspects import owned

REVIEWERS = re.compile(r"required reviewers", re.IGNORECASE)
CODE_OWNERS = re.compile(r"^Name two owners of ")
OWNER = re.compile(r"^Make one more member an owner")
RELEASERS = re.compile(r"\ba team of those who release\b")
"""How texts ask for people."""
REPOSITORY, ORGANIZATION, PACKAGE = "repo", "org", "package"
MEMBER, MAINTAINERS = "member", frozenset({"maintainer", "writer"})
MOST = 12
"""Names that are listed; a page has the others."""
CAN_PUSH = "Who: {} can push today"
ALONE = 'Who: only {} can push today. Name that account, and leave "Prevent self-review" unticked'
LISTS = "Who: {} lists everyone who can"
MEMBERS = "Who: members who are not owners yet: {}"
NO_MEMBER = "Who: {} lists the members. Invite someone whom you know, if each of them is an owner"
OWNS = "owner"
PUBLISH = "Who: {} can publish today"


class Candidates:
    """The accounts that a run saw, by what they may do where.

    Args:
        report: a run.
        suspects: accounts that signs of an attack name, in lower case: none of them is offered.
    """

    def __init__(self, report: Report, suspects: Collection[str] = ()) -> None:
        self._places = {one.subject: one for one in report.inventory}
        # Whose run it is knows what the own account did.
        self._suspects = {*suspects} - owned(report)

    def of(self, action: Action) -> str:
        """Whom an action can name, in a sentence; empty where it asks for no one."""
        text, page = action.fix.step, action.fix.page
        places = [*dict.fromkeys(at for one in action.closes for at in (one.within, one.subject))]
        if REVIEWERS.search(text) or CODE_OWNERS.match(text):
            return self._pushers(text, page, places)
        if OWNER.match(text):
            return self._members(page, places)
        if RELEASERS.search(text):
            return self._publishers(text, page)
        return ""

    def _pushers(self, text: str, page: str, places: Iterable[Subject]) -> str:
        repositories = [one for one in places if one.kind == REPOSITORY]
        # What closes the path of a package names the repository in its text.
        named = repositories or self._named(REPOSITORY, text)
        if len(named) != 1:
            return ""
        (repository,) = named
        found = self._without(self._of(repository))
        address = urlsplit(page)
        web = f"{address.scheme}://{address.netloc}" if address.netloc else GITHUB_WEB
        if not found:
            return LISTS.format(github_page(web, "repo-access", repo=repository.name))
        alone = len(self._of(repository)) == 1 and REVIEWERS.search(text)
        return (ALONE if alone else CAN_PUSH).format(_named(found))

    def _named(self, kind: str, text: str) -> list[Subject]:
        """The repositories, or packages, whose names are in a text."""
        places = (one for one in self._places if one.kind == kind)
        return [one for one in places if re.search(_whole(one.name), text)]

    def _of(self, repository: Subject) -> tuple[str, ...]:
        """Who can push to a repository; empty if that is not known."""
        place = self._places.get(repository)
        if place is None or place.lists.get(ACCESS) is not None:
            return ()
        found = (one.state.get("pushers") for one in place.items if one.kind == ACCESS)
        return next((one for one in found if isinstance(one, tuple)), ())

    def _members(self, page: str, places: Iterable[Subject]) -> str:
        organizations = [one for one in places if one.kind == ORGANIZATION]
        place = self._places.get(organizations[0]) if len(organizations) == 1 else None
        members = [one for one in place.items if one.kind == MEMBER] if place is not None else []
        offered = self._without(one.label for one in members if one.state.get("role") != OWNS)
        if not offered:
            # Others may be members, if not all of them were seen.
            return NO_MEMBER.format(page) if page else ""
        return MEMBERS.format(_named(offered))

    def _publishers(self, text: str, page: str) -> str:
        places = (self._places[one] for one in self._named(PACKAGE, text))
        found = self._without(name for place in places for name in _publishing(place))
        return PUBLISH.format(_named(found)) if found else LISTS.format(page)

    def _without(self, names: Iterable[str]) -> list[str]:
        return [one for one in dict.fromkeys(names) if one.lower() not in self._suspects]


def _publishing(place: Place) -> Iterator[str]:
    yield from (one.label for one in place.items if one.kind in MAINTAINERS)


def _named(names: Collection[str]) -> str:
    *first, last = [*names][:MOST]
    if len(names) > MOST:
        return f"{', '.join([*first, last])} and {len(names) - MOST} others"
    return f"{', '.join(first)} and {last}" if first else last


def _whole(name: str) -> str:
    """A pattern of a name that is not a part of another one."""
    return rf"(?<![\w@/-]){re.escape(name)}(?![\w/-])"
