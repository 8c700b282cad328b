"""Incidents that happened, played again: what the checks of releases say of each, and when."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hardenme.model.finding import Finding
from hardenme.model.report import Report
from hardenme.model.verdict import Failed
from hardenme.reports.fixplan.confidence import ORDINARY, SHOWN, confidence
from hardenme.sandbox.npm.server import npm_sandbox
from tests.attended import AtHand
from tests.running import PATIENT, stage
from tests.sandbox.test_npm_client import Client
from tests.worlds.incidents import INCIDENTS, Incident

pytestmark = [pytest.mark.second_tier("replays whole incidents", one_of=16), pytest.mark.sampled(8)]

NAMES = tuple(INCIDENTS)
SOON = timedelta(minutes=5)
ALL_YEARS = 4000
WATCH = Path(__file__).parent.parent / "docs" / "watching.md"
SIGNS: Mapping[str, frozenset[str]] = {
    "eslint-config-prettier": frozenset({"REL104", "REL105", "REL106", "REL111"}),
    "nx": frozenset({"REL101", "REL104", "REL105", "REL107"}),
    "chalk": frozenset({"REL105", "REL107", "REL108", "REL111"}),
    "axios": frozenset({"REL101", "REL103", "REL105", "REL109"}),
    "tanstack": frozenset({"REL105", "REL107", "REL110", "REL111"}),
    "mastra": frozenset({"REL101", "REL102", "REL103", "REL105"}),
}
"""What is seen five minutes after the first release of each."""
CHANGES: Mapping[str, frozenset[str]] = {
    "axios": frozenset({"REL102"}),
    "mastra": frozenset({"REL102", "REL107"}),
}
"""What was said of honest releases: of the first by a new trusted publisher, and of the first that
all packages had together."""


@pytest.fixture(params=NAMES)
def incident(request: pytest.FixtureRequest) -> Incident:
    return INCIDENTS[request.param]


def looked_at(
    incident: Incident, now: datetime, *, days: int = 3, checks: tuple[str, ...] = ("REL",)
) -> Report:
    """The releases of an incident's packages, as they were seen at a time."""
    worlds = (incident.github(now), incident.npm(now))
    with stage(*worlds, incident.github_token, incident.session) as at:
        return at.audit(
            *(f"npm:{name}" for name in incident.packages),
            select_=checks,
            bounds=PATIENT,
            accounts=False,
            release_days=days,
        )


def alerts(findings: Iterable[Finding]) -> dict[str, set[str]]:
    """The codes of the checks that failed, by what they are about."""
    found = defaultdict(set)
    for finding in findings:
        if isinstance(finding.outcome, Failed):
            found[finding.subject.name].add(finding.code)
    return dict(found)


def test_worlds_as_they_were(incident: Incident) -> None:
    """Before it nothing of the attack is out, then some, and at its end all of it."""
    assert incident.attacks(incident.calm_at) == ()
    first, whole = incident.attacks(incident.attack_at), incident.attacks(incident.over_at)
    assert first
    assert set(first) <= set(incident.attacks(incident.attack_at + SOON)) <= set(whole)
    calm, after = incident.npm(incident.calm_at), incident.npm(incident.over_at)
    out = {f"{p.name}@{v.version}" for p in after.packages for v in p.versions}
    before = {f"{p.name}@{v.version}" for p in calm.packages for v in p.versions}
    assert out - before == set(whole)
    refs = {item.ref for line in incident.lines for item in line.issued if not item.attack}
    repositories = incident.github(incident.over_at).repositories
    assert {tag for repository in repositories for tag in repository.tags} == refs
    for line in incident.lines:
        times = [item.version.published_at for item in line.issued]
        assert times == sorted(times), line.name
        assert len({item.version.version for item in line.issued}) == len(times), line.name


@pytest.mark.needs("npm")
def test_read_by_the_real_client(tmp_path: Path) -> None:
    incident = INCIDENTS["axios"]
    with npm_sandbox(incident.npm(incident.over_at)) as registry:
        shown = Client(registry, tmp_path).view(incident.packages[0])
    names = {f"{shown['name']}@{version}" for version in shown["dist-tags"].values()}
    assert names == set(incident.attacks(incident.over_at))
    assert "@replay/plain-hash-js" in shown["dependencies"]
    assert "attestations" not in shown["dist"]
    assert shown["_npmUser"] == "axle-lead <axle-lead@letters.example>"


def test_every_release_of_an_attack_is_seen_within_five_minutes(incident: Incident) -> None:
    now = incident.attack_at + SOON
    found = alerts(looked_at(incident, now).findings)
    attacks = incident.attacks(now)
    latest = {f"{name}@latest" for name in incident.packages}
    assert set(attacks) == found.keys() - latest
    assert set().union(*found.values()) == SIGNS[incident.name]


@pytest.mark.sampled(6)
def test_so_is_all_of_it_in_the_end(incident: Incident) -> None:
    now = incident.over_at + SOON
    assert set(incident.attacks(now)) == alerts(looked_at(incident, now).findings).keys()


@pytest.mark.sampled(6)
def test_years_before_it_raise_no_alarm(incident: Incident) -> None:
    """Every honest release, held against those before it: only changes of the way are told."""
    # The tags of thousands of releases are looked for one by one: a few months of them will do.
    codes = tuple(f"REL{number}" for number in range(101, 112) if number != 105)
    report = looked_at(incident, incident.calm_at, days=ALL_YEARS, checks=codes)
    releases = {finding.subject.name for finding in report.findings}
    assert len(releases) >= 30
    assert report.coverage.known == report.coverage.asked
    found = alerts(report.findings)
    assert set().union(*found.values()) == CHANGES.get(incident.name, set())
    times = {
        f"{line.name}@{item.version.version}": item.version.published_at
        for line in incident.lines
        for item in line.issued
    }
    changed = [times[name] for name in found]
    assert not changed or max(changed) - min(changed) < timedelta(minutes=10)


COUNTED: Mapping[str, tuple[int, dict[str, int]]] = {
    "eslint-config-prettier": (29, {}),
    "nx": (240, {}),
    "chalk": (468, {}),
    "axios": (48, {"REL102": 1}),
    "tanstack": (1008, {}),
    "mastra": (1728, {"REL102": 12, "REL107": 12}),
}
"""How many honest releases each history has, and how many of them show a sign."""


@pytest.mark.sampled(3)
def test_how_often_ordinary_releases_show_a_sign_is_counted(incident: Incident) -> None:
    report = looked_at(incident, incident.calm_at, days=ALL_YEARS, checks=tuple(SHOWN))
    releases = {finding.subject.name for finding in report.findings}
    shown = Counter(one.code for one in report.findings if isinstance(one.outcome, Failed))
    assert (len(releases), dict(shown)) == COUNTED[incident.name]


def test_what_is_said_of_ordinary_releases_is_what_was_counted() -> None:
    assert sum(number for number, _ in COUNTED.values()) == ORDINARY
    total = sum((Counter(shown) for _, shown in COUNTED.values()), Counter[str]())
    assert {code: total[code] for code in SHOWN} == SHOWN
    assert confidence(("REL102", "REL104", "REL105")) == (
        "Of 3,521 ordinary releases in replayed histories, none shows REL104, 13 show REL102."
    )


@pytest.mark.sampled(3)
def test_honest_releases_have_their_tags(incident: Incident) -> None:
    report = looked_at(incident, incident.calm_at, days=100, checks=("REL105", "REL106"))
    results = {(finding.code, finding.result) for finding in report.findings}
    # Some packages had no release for years.
    assert results - {("REL105", "not_applicable")} == {("REL105", "passed"), ("REL106", "passed")}


@pytest.mark.parametrize("days", [5, 45, 100, 150, 300, 400, 600])
@pytest.mark.parametrize("name", ["axios", "eslint-config-prettier"])
def test_nothing_was_said_on_ordinary_days(name: str, days: int) -> None:
    incident = INCIDENTS[name]
    report = looked_at(incident, incident.attack_at - timedelta(days=days), days=30)
    assert alerts(report.findings) == {}
    assert report.coverage.known == report.coverage.asked


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("eslint-config-prettier", "publishes without 2FA"),
        ("nx", "publishes without 2FA"),
        ("chalk", "no trusted publisher is set up"),
        (
            "axios",
            "as at axios in March 2026",
        ),
        (
            "tanstack",
            "as at TanStack in May 2026",
        ),
        (
            "mastra",
            "as at axios in March 2026",
        ),
    ],
)
def test_the_open_way_was_there_to_be_seen_before(name: str, told: str) -> None:
    """A minute before, the publish paths of the package told how it would come."""
    incident = INCIDENTS[name]
    now = incident.calm_at
    worlds = (incident.github(now), incident.npm(now))
    with stage(*worlds, incident.github_token, incident.session) as at:
        at.person = AtHand()
        report = at.audit(f"npm:{incident.packages[0]}", select_=("PUB101",), bounds=PATIENT)
    (finding,) = report.findings
    assert isinstance(finding.outcome, Failed), finding.outcome
    assert told in finding.outcome.message
    assert told in WATCH.read_text(encoding="utf-8")


def test_the_page_has_what_was_seen() -> None:
    page = WATCH.read_text(encoding="utf-8")
    for name, codes in SIGNS.items():
        (row,) = (line for line in page.splitlines() if line.startswith(f"| {name} ("))
        assert set(row.replace(",", "").split()) & {f"REL{n}" for n in range(101, 112)} == codes
