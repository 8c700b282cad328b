"""Drifts to tell of: a usual week, three hundred releases, and one in which every name attacks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime

from hardenme.model.drift import Change, Drift, DriftStep, ItemChange, Turn
from hardenme.model.evidence import Atom
from hardenme.model.finding import Finding, Outcome
from hardenme.model.inventory import InventoryItem
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Passed
from tests.reports.sample import HOSTILE, maintainer

SINCE = datetime(2026, 11, 17, 16, 3, 5, tzinfo=UTC)
UNTIL = datetime(2026, 11, 24, 16, 3, 5, tzinfo=UTC)
ORG = Subject("github", "org", "acme")
TITLES = defaultdict(
    lambda: "Some problem",
    GHO101="Organization does not require 2FA",
    GHO102="Organization member has no 2FA",
    GHO105="Organization has too few or too many owners",
)
FIX = Fix("Close it.", page="https://github.example.test/settings")


def finding(code: str, slug: str, subject: Subject, outcome: Outcome, label: str = "") -> Finding:
    atom = Atom("GET /orgs/acme", 200, UNTIL)
    return Finding(
        *(code, slug, TITLES[code], subject, ORG, label or subject.name),
        *(outcome, Severity.HIGH, (atom,)),
    )


def failed(message: str = "it is open") -> Failed:
    return Failed(message, {"two_factor": False}, FIX)


def week() -> Drift:
    """Two findings that fail anew, one lost sight of, one fixed; a key, a role, a list."""
    member = Subject("github", "member", "acme/eve")
    owners = finding("GHO105", "org-few-owners", ORG, failed("4 owners"))
    no_factor = finding("GHO102", "members-two-factor", member, failed("eve has none"))
    lost = finding(
        "GHO101",
        "org-two-factor-required",
        ORG,
        Unknown(Reason.NOT_PERMITTED, "Ask as an owner of acme.", "null"),
    )
    known = finding(
        "GHO101", "org-two-factor-required", ORG, Passed("it is required", {"required": True})
    )
    key = InventoryItem(
        "SSH key", Subject("github", "ssh-key", "501"), "laptop", "501", {"read_only": False}
    )
    eve = InventoryItem("member", member, "eve", "9", {"role": "member", "two_factor": True})
    now = replace(eve, state={"role": "admin", "two_factor": False})
    return Drift(
        SINCE,
        UNTIL,
        (
            Change(DriftStep.NEW, "GHO105", ORG, None, owners),
            Change(DriftStep.NEW, "GHO102", member, None, no_factor),
            Change(DriftStep.LOST, "GHO101", ORG, known, lost),
            Change(DriftStep.FIXED, "GHO105", ORG, owners, None),
        ),
        (
            ItemChange(Turn.APPEARED, "SSH key", Subject("github", "user", "mallow"), None, key),
            ItemChange(Turn.CHANGED, "member", ORG, eve, now, ("role", "two_factor")),
            ItemChange(Turn.LOST, "runner", ORG, needed="Administration of acme, to read."),
        ),
        notes=("GHB103 was not selected last time, and is not compared.",),
    )


def releases(count: int) -> Drift:
    """So many new releases, each with a finding."""
    subjects = [Subject("npm", "release", f"left-pad-{one}@1.0.1") for one in range(count)]
    return Drift(
        SINCE,
        UNTIL,
        [
            Change(
                DriftStep.NEW, "REL101", one, None, finding("REL101", "usual-way", one, failed())
            )
            for one in subjects
        ],
        [
            ItemChange(
                Turn.APPEARED,
                "release",
                Subject("npm", "org", "acme"),
                None,
                InventoryItem("release", one, one.name, one.name),
            )
            for one in subjects
        ],
    )


ATTACKS = (
    "@everyone",
    "@HERE look",
    "<!channel> <@U123> <#C1> <users/all>",
    "[sign in](https://evil.example.test/login)",
    "]( x ) <b onclick=x>",
    "www.evil.example.test/WWW.x",
    ":warning: *bold* _it_ ~no~ `code` ||spoiler||",
    "\u202eexe.cod \u200b@everyone",
    *HOSTILE,
)


def hostile() -> Drift:
    """All that a provider lets people choose attacks whoever reads the message."""
    changes, items = [], []
    for place, text in enumerate(ATTACKS):
        subject = Subject("github", f"hook{place}", text)
        code = f"GHX{100 + place}"
        one = finding(code, "slug", subject, failed(f"see {text}"), text or "?")
        changes.append(Change(DriftStep.NEW, code, subject, None, one))
        item = InventoryItem(f"webhook {place}", subject, text, str(place), {"url": text})
        other = replace(item, state={"url": f"{text}2"})
        place_of = Subject("github", "repo", text)
        items.append(
            ItemChange(
                Turn.CHANGED, f"webhook {place}", place_of, item, other, ("url",), needed=text
            )
        )
    return Drift(SINCE, UNTIL, changes, items, notes=ATTACKS)


def report(targets: tuple[str, ...] = ("github:acme",)) -> Report:
    return replace(maintainer(), targets=targets)
