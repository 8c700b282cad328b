"""Reports for the formats that machines read: every outcome, people, waivers, and a hostile one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hardenme.model.finding import Finding
from hardenme.model.report import CheckText, Report
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.model.verdict import Failed, Fix, Passed
from hardenme.model.waiver import Waiver, Waivers
from tests.reports.sample import (
    WEB,
    account_findings,
    finding,
    report_of,
    unprotected,
    without_alerts,
)

MEMBER = "teasel-of-acorn"
MAIL = "teasel@example.test"
WAIVER = Waiver(
    "GHB101",
    "github:repo/*",
    "moves in March",
    date(2027, 3, 1),
    "hazel",
    f"{WEB}/acorn/web/issues/7",
)
LAPSED = Waiver("GHR103", "github:repo/*", "was to move", date(2026, 10, 1), "hazel")
COMMANDS = (
    "::add-mask::mallow",
    "\r\n::set-env name=PATH::/tmp",
    "##[add-mask]mallow",
    "a ##[stop-commands]x",
    "\u00a0::error title=x::y",
    "100%0A::warning::x",
    "x,title=y:z",
)
"""Names that the runner of GitHub Actions would act on."""


def person(kind: str, name: str, code: str = "GHA101") -> Finding:
    """A failure of a person, whom the fix and the message name."""
    login = name.rpartition("/")[2]
    fix = Fix(f"Ask {login} to turn it on", f"{WEB}/orgs/acorn/people/{login}")
    return finding(
        code,
        Subject("github", kind, name),
        Failed(f"{login} has no second factor", {"2fa": False}, fix),
        within=Subject("github", "org", "acorn"),
        label=login,
    )


def naming(login: str) -> Finding:
    """A failure of a repository, whose texts name a person."""
    fix = Fix(f"Ask {login}.", f"{WEB}/acorn/web/people/{login}", f"gh api users/{login}")
    outcome = Failed(f"{login} (and @{login}) pushed; {login}s did not", {"by": login}, fix)
    return finding("GHB101", Subject("github", "repo", "acorn/web"), outcome)


def waived(name: str) -> Finding:
    """An accepted failure."""
    return replace(unprotected(name), waiver=WAIVER)


def everything() -> Report:
    """Every outcome there is, people, a waiver in force, one that expired, and a workflow."""
    low = Failed("low", {"a": 1}, Fix("Do it", WEB), severity=Severity.LOW)
    workflow = Subject("github", "workflow", "mallow/web/release build.yml")
    report = report_of(
        [
            *account_findings(),
            waived("tool"),
            replace(without_alerts("tool"), lapsed=LAPSED),
            unprotected("web"),
            without_alerts("web"),
            person("member", f"acorn/{MEMBER}"),
            person("outside-collaborator", "acorn/sorrel", "GHA104"),
            finding("GHA108", Subject("github", "email", MAIL), Passed("verified", {"a": True})),
            naming(MEMBER),
            finding("GHR102", workflow, low, within=Subject("github", "repo", "mallow/web")),
        ]
    )
    checks = dict(report.checks)
    checks["GHB101"] = replace(checks["GHB101"], controls=("osps:OSPS-AC-03.01", "slsa:L2"))
    return replace(
        report,
        checks=checks,
        waivers=Waivers(unused=(WAIVER,), expired=(LAPSED,)),
        warnings=("certificates are checked against another file",),
    )


def halted() -> Report:
    """A run that a rate limit ended."""
    return replace(everything(), halted=Reason.RATE_LIMITED)


def commanding() -> Report:
    """Names that would be commands, wherever a provider can fill them in."""
    findings = []
    for number, text in enumerate(COMMANDS):
        repo = Subject("github", "repo", f"mallow/{number}{text}")
        fix = Fix(text, text, text, text, text)
        findings.append(finding("GHB101", repo, Failed(text, {"a": text}, fix), label=text))
    report = report_of(findings, partial=COMMANDS[1])
    return replace(report, warnings=COMMANDS, targets=COMMANDS, redacted=COMMANDS[2])


def mapped(texts: dict[str, CheckText], number: int) -> dict[str, CheckText]:
    """The checks with so many controls each."""
    controls = tuple(f"osps:OSPS-XX-{one:02}.01" for one in range(number))
    return {code: replace(text, controls=controls) for code, text in texts.items()}
