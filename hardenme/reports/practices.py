"""The eight safeguards of a maintainer: what a run says of each, and the next step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from hardenme.model.finding import Attested, Errored, Finding
from hardenme.model.report import Report
from hardenme.model.statement import attest_command
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Manual
from hardenme.reports.fixplan.plan import FixPlan, Step
from hardenme.reports.fixplan.step_kind import codes_of
from hardenme.reports.fixplan.words import command_of
from hardenme.reports.plain import counted

FAMILY = "ATT"
"""Checks of how people work."""
NOTHING = "Nothing is open."
NOT_IN_RUN = "This run asked nothing of it."


@dataclass(frozen=True, slots=True)
class Safeguard:
    """One of the safeguards.

    Attributes:
        key: names it, in links and in JSON.
        title: what it is, in a few words.
        codes: the checks that look at it or ask about it; empty for all that no other one names.
        command: the command that helps with it, in addition to settings; empty for none.
    """

    key: str
    title: str
    codes: frozenset[str] = frozenset()
    command: str = ""


SAFEGUARDS = (
    Safeguard(
        "mfa",
        "MFA and hardware keys",
        codes_of("ATT101-102 GHA101-102 GHO101-104 NPA101-104 NPA108 NPO101"),
    ),
    Safeguard("least-privilege", "Least privilege, separate publishing, approvals"),
    Safeguard(
        "requests", "Leadership requests", codes_of("ATT104"), command="hardenme verify-request"
    ),
    Safeguard(
        "pins",
        "Pins, locks, reproducible builds, audits",
        codes_of(
            "ATT110 GHR103-104 GHR107 GHR122-123 GHW101-102 GHW201 GHW205-206 GHW208"
            " LOC105 LOC107-108 NPP114-115"
        ),
    ),
    Safeguard(
        "integrity",
        "SBOM and integrity",
        codes_of("GHB111 GHO125 GHR115 GHR125 LOC111 NPP107 NPP113"),
    ),
    Safeguard(
        "monitoring",
        "Monitoring",
        codes_of("ATT109 GHB116 GHO124 GHR101-102 GHR105 GHR126 GHR129 NPP112 NPP117 REL101-111"),
    ),
    Safeguard("training", "Training", codes_of("ATT105"), command="hardenme drill"),
    Safeguard(
        "incident",
        "Incident plan",
        codes_of("ATT106 GHO105 GHR106 NPP111 PUB103"),
        command="hardenme drill incident",
    ),
)
NAMED = frozenset().union(*(one.codes for one in SAFEGUARDS))


def safeguard_of(code: str) -> Safeguard:
    """The safeguard that a check belongs to; each belongs to one."""
    found = next((one for one in SAFEGUARDS if code in one.codes), None)
    return found or next(one for one in SAFEGUARDS if not one.codes)


@dataclass(frozen=True, slots=True)
class SafeguardState:
    """What a run says of a safeguard.

    Attributes:
        counts: how many results there are of each kind.
        attested: which checks rest on a person's word, and until when the first of them does.
        asked: which checks wait for a person's answer.
        unknown: which checks are not known.
        step: the first step that closes a finding of it; None if none does.
        todo: what to do, in words; empty if the command says it.
        command: the command that does it, or shows it; empty for none.
    """

    safeguard: Safeguard
    counts: Counter[str]
    attested: tuple[tuple[str, datetime], ...]
    asked: tuple[str, ...]
    unknown: tuple[str, ...]
    step: Step | None
    todo: str
    command: str

    @property
    def checked(self) -> str:
        """What was checked, in numbers."""
        told = [
            f"{self.counts[name]:,} {name}"
            for name in ("failed", "passed", "waived")
            if self.counts[name]
        ]
        return ", ".join(told) or "nothing"

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """What is known about it, by label; where nothing is known, it says so."""
        until = [f"{code} until {end:%Y-%m-%d}" for code, end in self.attested]
        return (
            ("Checked", self.checked),
            ("Attested", ", ".join(until) or "nothing"),
            ("Asked", ", ".join(self.asked) or "nothing"),
            ("Unknown", _unknown(self.counts, self.unknown)),
        )


def _unknown(counts: Counter[str], codes: Sequence[str]) -> str:
    number = counts["unknown"] + counts["errored"]
    return f"{counted(number, 'result')} of {', '.join(codes)}" if number else "nothing"


def asks_practices(report: Report) -> bool:
    """Whether a run asked how people work: one of a package alone did not."""
    return any(one.code.startswith(FAMILY) for one in report.findings)


def standings(report: Report, plan: FixPlan) -> tuple[SafeguardState, ...]:
    """Each safeguard, in the order in which they are listed."""
    found: dict[str, list[Finding]] = {one.key: [] for one in SAFEGUARDS}
    for finding in report.findings:
        found[safeguard_of(finding.code).key].append(finding)
    return tuple(_standing(one, found[one.key], plan) for one in SAFEGUARDS)


def _standing(safeguard: Safeguard, findings: Sequence[Finding], plan: FixPlan) -> SafeguardState:
    attested: dict[str, datetime] = {}
    asked: dict[str, Finding] = {}
    unknown: dict[str, None] = {}
    for finding in findings:
        outcome = finding.outcome
        if isinstance(outcome, Attested):
            attested[finding.code] = min(attested.get(finding.code, outcome.until), outcome.until)
        elif isinstance(outcome, Manual):
            asked.setdefault(finding.code, finding)
        elif isinstance(outcome, Unknown | Errored):
            unknown[finding.code] = None
    failed = {one.code for one in findings if one.fails}
    step = next((one for one in plan.steps if not failed.isdisjoint(one.codes)), None)
    return SafeguardState(
        safeguard,
        Counter(one.result for one in findings),
        tuple(sorted(attested.items())),
        tuple(sorted(asked)),
        tuple(sorted(unknown)),
        step,
        *_next(safeguard, plan, step, asked, failed=failed, unknown=bool(unknown), of=findings),
    )


def _next(  # noqa: PLR0913 (what decides it, by name)
    safeguard: Safeguard,
    plan: FixPlan,
    step: Step | None,
    asked: dict[str, Finding],
    *,
    failed: Collection[str],
    unknown: bool,
    of: Sequence[Finding],
) -> tuple[str, str]:
    """What to do, in words and as a command."""
    if step is not None:
        return step.title, command_of(plan, f"fix {step.id}")
    if not of:
        return NOT_IN_RUN, ""
    if failed:
        return "", command_of(plan, f"show {min(failed)}")
    if asked and plan.demo:
        return f"Answer {counted(len(asked), 'question')}; of the demo no answer is kept", ""
    if asked:
        # What helps with a practice also records its answer, or asks for it.
        code, finding = min(asked.items())
        helps = safeguard.command if code.startswith(FAMILY) else ""
        return "", helps or attest_command(code, finding.subject)
    return ("", command_of(plan, "show --unknown")) if unknown else (NOTHING, "")


@dataclass(frozen=True, slots=True)
class MemberAnswers:
    """What one member answered and signed.

    Attributes:
        login: whose; with the address where that is not GitHub's own.
        yes: the checks that were answered with yes, and count.
        no: those that were answered with no.
        expired: those whose answer counts no more, or not yet.
        missing: those that were not answered.
        signed_by: the fingerprint of the key.
        verified_at: when the signature was verified.
    """

    login: str
    yes: tuple[str, ...]
    no: tuple[str, ...]
    expired: tuple[str, ...]
    missing: tuple[str, ...]
    signed_by: str
    verified_at: datetime

    @property
    def said(self) -> str:
        """The same in a sentence."""
        parts = (("yes", self.yes), ("no", self.no), ("expired", self.expired))
        told = [f"{word}: {', '.join(codes)}" for word, codes in parts if codes]
        told += [f"no answer: {', '.join(self.missing)}"] if self.missing else []
        signed = f"signed with {self.signed_by}, verified {self.verified_at:%Y-%m-%d}"
        return f"{'; '.join(told)} ({signed})"
