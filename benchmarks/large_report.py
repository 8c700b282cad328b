"""A report on an organization of any size, for measuring what writes, reads and opens reports.

The checks are the catalogue's own. Each repository has a result of every check of repositories,
branches and workflows: a quarter failed, some not known, some waived, the rest passed or not
applicable. Findings are made anew at each pass, so that what is measured holds no list of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import overload

from benchmarks.large_inventory import Places
from hardenme.engine.catalogue import catalogue
from hardenme.model.check import Check
from hardenme.model.evidence import Atom
from hardenme.model.finding import Finding, Outcome
from hardenme.model.publishing import ClosingStep, Hop, PackagePaths, Publishing, PublishPath, State
from hardenme.model.report import CheckText, Coverage, Identity, Report, Traffic
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed
from hardenme.model.waiver import Waiver
from hardenme.model.way import Way

AT = datetime(2026, 11, 24, 16, 3, 5, tzinfo=UTC)
LOGIN = "acorn-labs"
WEB = "https://github.example.test"
ORG = Subject("github", "org", LOGIN)
MEMBERS, PACKAGES = 300, 40
WAIVER = Waiver("GHR103", f"github:repo/{LOGIN}/*", "an archive", date(2027, 1, 31), by="hazel")
FACTORS = (True, True, True, True, None, False)


class Findings(Sequence[Finding]):
    """The findings of so many repositories, and of the organization above them."""

    def __init__(self, repositories: int) -> None:
        self.repositories = repositories
        self._checks = [one for one in catalogue() if one.family in {"GHR", "GHB", "GHW"}]
        self._above = [one for one in catalogue() if one.family == "GHO"]

    def __iter__(self) -> Iterator[Finding]:
        for number, check in enumerate(self._above):
            if "member" not in check.slug:
                yield _finding(check, ORG, _outcome(check, LOGIN, number, wide=False), ORG, number)
        for number in range(MEMBERS):
            yield _member(number)
        for number in range(self.repositories):
            repository = Subject("github", "repo", f"{LOGIN}/service-{number:05}")
            for place, check in enumerate(self._checks):
                outcome = _outcome(check, repository.name, number * 7 + place * 13, wide=True)
                yield _finding(check, repository, outcome, repository, number)

    def __len__(self) -> int:
        above = sum("member" not in check.slug for check in self._above)
        return above + MEMBERS + self.repositories * len(self._checks)

    @overload
    def __getitem__(self, at: int) -> Finding: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Finding]: ...
    def __getitem__(self, at: int | slice) -> Finding | Sequence[Finding]:
        return list(self)[at]


def _finding(
    check: Check, subject: Subject, outcome: Outcome, within: Subject, number: int
) -> Finding:
    read = Atom(f"GET /repos/{within.name}/{check.slug}", 200, AT + timedelta(seconds=number // 8))
    waived = check.code == WAIVER.check and number % 9 == 0 and isinstance(outcome, Failed)
    return Finding(
        code=check.code,
        slug=check.slug,
        title=check.title,
        subject=subject,
        within=within,
        label="",
        outcome=outcome,
        severity=check.severity,
        sources=(read, Atom("POST /graphql", 200, AT + timedelta(seconds=number // 25))),
        waiver=WAIVER if waived else None,
    )


def _outcome(check: Check, name: str, turn: int, *, wide: bool) -> Outcome:
    kind = turn % 20
    seen = {check.slug.replace("-", "_"): False, "branch": "main", "rules": turn % 3}
    if kind < 5:  # noqa: PLR2004 (a quarter)
        page = f"{WEB}/{name}/settings/{check.slug}"
        command = f"gh api -X PUT repos/{name}/{check.slug} -F enabled=true"
        step = f"Enable {check.slug} in the settings of {name}"
        # Every third check has one step at the organization, as many settings do.
        wider = Fix(f"Enable {check.slug} for all repositories", f"{WEB}/organizations/{LOGIN}")
        fix = Fix(step, page, command, "repository admin", "Take it back on the same page")
        if wide and int(check.code[3:]) % 3 == 0:
            fix = Fix(step, page, command, fix.needs, fix.undo, wider)
        return Failed(f"{check.slug} is off, and {turn % 3} rules cover `main`", seen, fix)
    if kind == 5:  # noqa: PLR2004 (a twentieth)
        return Unknown(Reason.NOT_PERMITTED, "repository administration: read", "403 Forbidden")
    if kind == 6 and turn % 7 == 0:  # noqa: PLR2004 (a few)
        return Manual(f"Is {check.slug} as you want it?", f"{WEB}/{name}/settings")
    if kind < 10:  # noqa: PLR2004 (a sixth)
        return NotApplicable("the repository has none of it", seen)
    return Passed(f"{check.slug} is on", seen)


def _member(number: int) -> Finding:
    check = next(one for one in catalogue() if one.code == "GHO102")
    factor = FACTORS[number % len(FACTORS)]
    login = f"person-{number:03}"
    seen: dict[str, str | int | bool | float | list[str] | list[int] | None] = {
        "role": "admin" if number % 40 == 0 else "member",
        "teams": number % 7,
        "administers": number % 11,
        "activity": "a commit since 2026-08-24",
    }
    fix = Fix(f"Ask {login} to turn on the second factor", f"{WEB}/orgs/{LOGIN}/people")
    outcome: Outcome = Passed("on", seen)
    if factor is None:
        outcome = Unknown(Reason.NOT_PERMITTED, "the role of an owner")
    elif not factor:
        outcome = Failed(f"{login} has no second factor", seen, fix)
    return _finding(check, Subject("github", "member", f"{LOGIN}/{login}"), outcome, ORG, number)


def _package(number: int) -> PackagePaths:
    name = f"@{LOGIN}/part-{number:02}"
    where = f"{LOGIN}/service-{number:05}"
    publisher = (
        Hop("repository", where),
        Hop("workflow", "release.yml"),
        Hop("environment", "npm"),
    )
    return PackagePaths(
        name,
        number * 10_000,
        (
            PublishPath(
                f"token/{number}",
                Way.TOKEN,
                "ci-publish",
                State.OPEN,
                "publishes at once, without the second factor",
                hops=(
                    Hop("repository", where),
                    Hop("secret", "NPM_TOKEN"),
                    Hop("token", "ci-publish"),
                ),
            ),
            PublishPath(
                "person/teasel",
                Way.PERSON,
                "teasel",
                State.UNKNOWN,
                "its second factor is not shown",
            ),
            PublishPath("token/old", Way.TOKEN, "old", State.CLOSED, "may only install"),
            PublishPath(
                f"publisher/{number}",
                Way.PUBLISHER,
                where,
                State.OPEN,
                "a person lets each release out",
                intended=True,
                hops=publisher,
            ),
        ),
        steps=(
            ClosingStep(
                "token/ci-publish",
                Fix(
                    "Revoke the token ci-publish",
                    command="npm token revoke 3f9c",
                    needs="the owner",
                ),
                (f"token/{number}",),
                presence=True,
            ),
        ),
    )


def large_report(repositories: int) -> Report:
    """The report on an organization with so many repositories."""
    findings = Findings(repositories)
    kinds = Counter(type(one.outcome) for one in findings)
    asked = kinds.total() - kinds[Manual]
    return Report(
        version="0.1.0",
        started=AT,
        targets=(f"github:{LOGIN}",),
        profile="org",
        profile_chosen=False,
        identities=(
            Identity("github", "api.github.example.test", "hazel", "fine-grained", "the keyring"),
        ),
        findings=findings,
        checks={check.code: _text(check) for check in catalogue()},
        coverage=Coverage(asked - kinds[Unknown], asked, len(catalogue())),
        traffic=Traffic({"api.github.example.test": repositories * 5}, repositories, 212.0),
        fail_on=Severity.HIGH,
        publishing=Publishing(tuple(map(_package, range(PACKAGES)))),
        inventory=Places(LOGIN, repositories, MEMBERS),
    )


def _text(check: Check) -> CheckText:
    told = check.texts
    return CheckText(
        check.code,
        check.slug,
        check.title,
        check.severity,
        told["summary"],
        told["why"],
        told["fix"],
        told["limits"],
    )
