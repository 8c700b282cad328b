"""Makes a runbook from a report: who acts first, what is revoked, and whom to inform."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from hardenme.derive.handover import PersonLeaving, handover
from hardenme.derive.handover.removing import ADMIN
from hardenme.derive.holders import linked
from hardenme.derive.holders.seen import SeenAccounts
from hardenme.derive.recent.wording import Hosts
from hardenme.derive.runbook import kinds
from hardenme.derive.runbook.containing import on_github, on_npm
from hardenme.derive.runbook.listing import RunbookLists
from hardenme.derive.runbook.own import incident, of_late
from hardenme.derive.runbook.returning import rolling_back
from hardenme.model.handover import Mode, Stage
from hardenme.model.incident import DAY
from hardenme.model.pages import GUIDES, github_page, npm_page
from hardenme.model.report import Report
from hardenme.model.runbook import Chapter, Runbook, RunbookItem, RunbookStep, ShownBy

LOOK_AT_CHANGES = "Look at what changed: did it start with an account, a workflow or a dependency?"
"""The step under which an incident has what changed after its frozen run."""


def runbook(
    report: Report,
    hosts: Hosts,
    release_checks: AbstractSet[str],
    suspicious: Iterable[str] = (),
    *,
    vouches: bool = True,
) -> Runbook:
    """What to do, in order, with everything that the run saw.

    Args:
        report: a run.
        hosts: whom commands and pages name.
        release_checks: the codes of all checks of releases.
        suspicious: who came lately or is named by a sign of an attack, and is not called.
        vouches: the run is from before the first sign; else nothing is moved to what it saw.
    """
    lists, accounts = RunbookLists(report, hosts, vouches), _Accounts(report, suspicious)
    later = (
        *on_npm(lists, accounts.npm),
        *on_github(lists),
        *rolling_back(lists, release_checks),
        *accounts.support(lists),
        *accounts.told(lists),
    )
    steps = (*accounts.first(lists, later), *later)
    return Runbook(steps, tuple(lists.missing()))


class _Accounts:
    """Whose runbook it is, and who else can act."""

    def __init__(self, report: Report, suspicious: Iterable[str]) -> None:
        self.report = report
        self.suspicious = {one.lower(): one for one in suspicious}
        self.seen = SeenAccounts.of(report)
        mine = {one.provider: one.login for one in report.identities if one.login}
        self.login = mine.get("github", "")
        links = {one.github.lower(): one.npm for one in linked(report)}
        self.npm = mine.get("npm", "") or links.get(self.login.lower(), "")

    def first(self, lists: RunbookLists, later: Sequence[RunbookStep]) -> Iterator[RunbookStep]:
        """From a clean device, by whom, and what was changed."""
        chapter = Chapter.FIRST
        yield RunbookStep(
            chapter,
            "Take a device that the attacker cannot have reached: no shared browser profile,"
            " password manager session or SSH agent",
            notes=("Leave the other device on, offline, for evidence.",),
        )
        yield RunbookStep(
            chapter,
            "Call someone who can act without your accounts, and let them lead",
            notes=(
                "Do not use issues, mail or chats that the stolen account can read or delete.",
                *self._not_called(),
                *self._unread_owners(lists),
                *lists.unread(kinds.PEOPLE_OF_PACKAGE, lists.places("npm:package")),
            ),
            items=tuple(self._others()),
        )
        yield RunbookStep(
            chapter,
            "Open an incident, which freezes what the last run saw",
            commands=(incident(self.report, "open", f"{self.report.started:{DAY}}"),),
            shown_by=ShownBy.INCIDENT,
        )
        yield RunbookStep(
            chapter,
            "Write down each step with the time in UTC, and who took it",
            commands=(incident(self.report, "note"),),
            shown_by=ShownBy.NOTE,
        )
        yield RunbookStep(
            chapter,
            LOOK_AT_CHANGES,
            commands=(of_late(self.report),),
        )
        yield from self._stolen(lists.hosts, later)

    def _unread_owners(self, lists: RunbookLists) -> Iterator[str]:
        # Without an organization no one lacks its owners.
        if places := lists.places("github:org"):
            yield from lists.unread(kinds.PEOPLE_OF_ORG, places)

    def _not_called(self) -> Iterator[str]:
        if self.suspicious:
            names = ", ".join(sorted(self.suspicious.values()))
            yield f"Do not call whom a sign of an attack names, or who was added lately: {names}."

    def _others(self) -> Iterator[RunbookItem]:
        for organization, owners in sorted(self.seen.owners.items()):
            left_out = {self.login.lower(), *self.suspicious}
            others = sorted(one for one in owners if one.lower() not in left_out)
            yield _who(f"organization {organization} on GitHub", "owners", others)
        for package in sorted(self.seen.packages):
            can = self.seen.publishers_of(package) - {self.npm}
            people = sorted(one for one in can if one.lower() not in self.suspicious)
            yield _who(f"package {package} on npm", "can publish", people)

    def _stolen(self, hosts: Hosts, later: Sequence[RunbookStep]) -> Iterator[RunbookStep]:
        """What another owner takes away, if it is this account."""
        if not self.login:
            return
        person = PersonLeaving(
            self.login, self.npm, Mode.STOLEN, web=hosts.web, registry=hosts.registry
        )
        # What a later step revokes is there: a second call of it would be refused.
        known = {one for step in later for item in step.items for one in item.commands}
        items = [
            RunbookItem(
                f"{task.text} (by: {task.needs})" if task.needs else task.text,
                task.commands,
                task.page,
            )
            for task in handover(self.report, person).tasks
            if task.stage is Stage.REMOVE and not known & {*task.commands}
        ]
        if items:
            yield RunbookStep(
                Chapter.FIRST,
                f"If the account of {self.login} was taken over, have another owner take its access"
                " away",
                "another owner, admin or maintainer",
                ("They do it on their own device, after npm login and gh auth login.",),
                tuple(items),
            )

    def support(self, lists: RunbookLists) -> Iterator[RunbookStep]:
        """Two channels, since one may not be read."""
        registry, chapter = lists.hosts.registry, Chapter.SUPPORT
        yield RunbookStep(
            chapter,
            "Ask npm to remove bad versions and to freeze the account: fill in the form, and report"
            " malware on the package's page",
            page=npm_page(registry, "support"),
        )
        yield RunbookStep(
            chapter,
            "Report the account as compromised to GitHub, from another account if yours is locked",
            notes=("Ask for an answer by phone or a second address: mail can end up in spam.",),
            page=GUIDES["github-support"],
        )

    def told(self, lists: RunbookLists) -> Iterator[RunbookStep]:
        """Advisories, then people."""
        packages: dict[str, list[str]] = {}
        for place in lists.places("npm:package"):
            for item in place.items:
                if item.kind == "published package" and item.state.get("repository"):
                    named = packages.setdefault(str(item.state["repository"]), [])
                    named.append(place.subject.name)
        hidden = {one.subject.name.lower() for one in lists.places("github:repo") if one.hidden}
        yield RunbookStep(
            Chapter.ADVISORIES,
            "Publish a security advisory for each package: affected versions, the good version, and"
            " what to rotate",
            ADMIN,
            () if packages else ("No repository of a package was seen in the run.",),
            tuple(
                _advisory(lists, one, sorted(names), seen=one.lower() not in hidden)
                for one, names in sorted(packages.items())
            ),
        )
        yield RunbookStep(
            Chapter.ADVISORIES,
            "Report the versions to the list of malicious packages, which scanners read",
            page=GUIDES["malicious-packages"],
        )
        chapter = Chapter.INFORM
        yield RunbookStep(chapter, "Inform the other owners and maintainers by phone or in person")
        yield RunbookStep(
            chapter,
            "Have another owner pin an issue in each repository: neutral words, versions, times in"
            " UTC",
        )
        yield RunbookStep(
            chapter,
            "Inform large users, your foundation's security contact and your national CERT",
        )


def _who(what: str, role: str, names: list[str]) -> RunbookItem:
    if names:
        return RunbookItem(f"{what}: {', '.join(names)} ({role})")
    return RunbookItem(f"{what}: the run saw no one else to call ({role})")


def _advisory(
    lists: RunbookLists, repository: str, packages: Sequence[str], *, seen: bool
) -> RunbookItem:
    """Where the advisory of packages is published: in the repository that they name, if seen."""
    if seen:
        page = github_page(lists.hosts.web, "repo-new-advisory", repo=repository)
        return RunbookItem(repository, page=page)
    text = f"{', '.join(packages)}: {repository} was not seen. Publish it where the code is now"
    page = npm_page(lists.hosts.registry, "package", package=packages[0])
    return RunbookItem(text, page=page)
