"""One report that holds something of everything that a report can hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hardenme.model.finding import Finding
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.last_known import LastKnown
from hardenme.model.report import CheckText, Report
from hardenme.model.severity import Severity
from hardenme.model.standard import Control, Standard, Support
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed
from hardenme.model.waiver import Waiver, Waivers
from tests.reports import publishing_sample
from tests.reports.sample import (
    NPM_USER,
    NPM_WEB,
    USER,
    account_findings,
    deploy_key,
    finding,
    report_of,
    repository,
    unprotected,
)
from tests.reports.test_report_members import about, active, factor, method
from tests.reports.test_report_wider import closable

WAIVER = Waiver(
    check="GHB101",
    subject="github:repo/mallow/w*",
    reason="moves to another host",
    until=date(2027, 1, 31),
    by="hazel",
    issue="https://github.example.test/mallow/web/issues/7",
    origin="~/.config/hardenme/config.toml",
)
STANDARDS = (
    Standard(
        name="osps",
        title="Open Source Project Security Baseline",
        version="2026.02",
        page="https://baseline.example.test/",
        read=date(2026, 11, 1),
        controls=(
            Control("OSPS-AC-01.01", "two factors", Support.COVERED, ("GHA101",)),
            Control("OSPS-AC-02.01", "least rights", Support.PARTLY, ("GHT105",), "apps"),
            Control("OSPS-DO-01.01", "a guide", Support.NOT, gap="texts"),
        ),
    ),
)


PLACES = (
    Place(
        Subject("github", "org", "acorn"),
        {"member": None, "webhook": Unknown(Reason.NOT_PERMITTED, "organization owner")},
        (
            InventoryItem(
                "member",
                Subject("github", "member", "acorn/hazel"),
                "hazel",
                "3100",
                {"login": "hazel", "role": "admin", "teams": ("pruners",), "two_factor": True},
            ),
            InventoryItem("repository", Subject("github", "repo", "acorn/web"), "acorn/web", "R_1"),
        ),
    ),
    Place(
        Subject("github", "repo", "acorn/web"),
        {"self-hosted runners": None},
        (
            InventoryItem(
                "deploy key",
                Subject("github", "deploy-key", "acorn/web/71"),
                "mirror",
                "2025-01-02T03:04:05Z mirror",
                {"added_by": None, "count": 3, "read_only": False},
            ),
        ),
    ),
    Place(Subject("npm", "package", "@acorn/web"), {}, ()),
)


def findings() -> list[Finding]:
    """Every outcome, waived and lapsed ones, members, and steps that close several."""
    fix = Fix("Add a key.", page=f"{NPM_WEB}/settings", needs="you", undo="Remove it.")
    accepted, lapsed = unprotected("web"), unprotected("api")
    weighed = unprotected("docs")
    if isinstance(weighed.outcome, Failed):
        weighed = replace(weighed, outcome=replace(weighed.outcome, severity=Severity.LOW))
    return [
        *account_findings(),
        replace(accepted, waiver=WAIVER),
        replace(lapsed, lapsed=replace(WAIVER, until=date(2026, 11, 1), by="", issue="")),
        weighed,
        deploy_key(9001, "web", "deploy"),
        finding("NPA103", NPM_USER, Manual("Is it yours?", f"{NPM_WEB}/x", fix), label="own"),
        finding("GHR102", repository("web"), Unknown(Reason.STALE, "another try")),
        finding("GHR102", repository("api"), Passed("on", {"status": "enabled"})),
        finding("GHA101", USER, Failed("x", {"rate": 0.5, "many": [1, 2], "none": None}, fix)),
        factor("hazel", role="admin", teams=3, administers=4, administers_at_least=True),
        factor("sorrel", on=False),
        factor("tansy", role="member", activity="a commit since 2026-05-28"),
        factor("yarrow", role="member", activity="nothing seen since 2026-05-28"),
        method("hazel", insecure=True),
        method("tansy", insecure=False),
        active("hazel"),
        about("GHO122", "sorrel", NotApplicable("nothing seen", {"since": "2026-05-28"})),
        about("GHO102", "lovage", Unknown(Reason.NOT_PERMITTED, "organization owner", "403")),
        *map(closable, ("one", "two", "three")),
    ]


def rich() -> Report:
    """All of it."""
    report = report_of(findings(), partial="interrupted")
    texts = {
        code: CheckText(
            code,
            f"{code.lower()}-slug",
            f"{code} fails",
            Severity.HIGH,
            f"{code} holds.",
            "Why.",
            "",
            "",
        )
        for code in ("GHO102", "GHO103", "GHO122")
    }
    return replace(
        report,
        checks={
            code: replace(text, controls=("OSPS-AC-01.01",))
            for code, text in {**report.checks, **texts}.items()
        },
        allowed_unknown=("GHR102", "NOT_PERMITTED"),
        halted=Reason.RATE_LIMITED,
        warnings=("certificates are checked against /home/mallow/ca.pem",),
        publishing=publishing_sample.five().publishing,
        waivers=Waivers((WAIVER,), (replace(WAIVER, until=date(2026, 1, 1)),), (WAIVER,)),
        standards=STANDARDS,
        redacted="",
        inventory=PLACES,
        carried=LastKnown(
            (
                *account_findings()[:3],
                closable("four"),
                replace(finding("GHA101", USER, Passed("it was so", {"a": 1})), code="GHA999"),
            ),
            PLACES[:1],
        ),
    )
