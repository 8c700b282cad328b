"""Waivers are applied to what failed and to nothing else, and their use is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hardenme.engine import waive
from hardenme.engine.catalogue import select
from hardenme.engine.filter import RepositoryFilter
from hardenme.engine.results import MemoryResultStore
from hardenme.engine.settle import exit_code
from hardenme.engine.waive import Waiving, unknown
from hardenme.ground.exit_code import Exit
from hardenme.model.finding import Attested, Errored, Finding, Outcome
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Manual, NotApplicable, Passed
from hardenme.model.waiver import Waiver, Waivers
from tests.engine.small import FIX, NOW, atom
from tests.engine.test_resumed import Broken
from tests.failing import weak, weak_organization
from tests.passing import organization
from tests.running import Stage

TODAY = NOW.time.date()
DAY = timedelta(days=1)
SEEN: dict[str, Any] = {"field": True}
FAILED = Failed("open", SEEN, FIX)
WEB = Subject("github", "repo", "acme/web")
OPEN: dict[str, Outcome] = {
    "unknown": Unknown(Reason.NOT_PERMITTED, "more"),
    "errored": Errored("KeyError"),
    "manual": Manual("Is it?", "https://host.example.test/page"),
}
DECIDED: dict[str, Outcome] = {
    "passed": Passed("in place", SEEN),
    "not_applicable": NotApplicable("no object", SEEN),
    "attested": Attested("stated", "hazel", NOW.time),
}
CHECKS = select(["GHR102"])
ORGANIZATION = Subject("github", "org", "Acme")


def waiver(
    subject: str = "github:repo/acme/web", check: str = "GHR102", until: date = TODAY + DAY
) -> Waiver:
    return Waiver(check, subject, "no secrets in it", until, "hazel")


def finding(
    outcome: Outcome = FAILED, subject: Subject = WEB, code: str = "GHR102", slug: str = "a-slug"
) -> Finding:
    return Finding(
        code, slug, "Some problem", subject, subject, "", outcome, Severity.HIGH, (atom(),)
    )


def settled(*waivers: Waiver, now: datetime = NOW.time, **of: Any) -> Finding:
    return Waiving(waivers).settled(finding(**of), now)


def ledger(waiving: Waiving, **more: Any) -> Waivers:
    return waiving.ledger(CHECKS, NOW.time, **more)


@pytest.mark.parametrize("name", ["GHR102", CHECKS[0].slug])
def test_a_failure_is_waived_by_the_code_or_the_slug(name: str) -> None:
    found = settled(waiver(check=name))
    assert found.result == "waived"
    assert not found.fails
    assert found.outcome is FAILED
    assert found.waiver == waiver(check=name)


@pytest.mark.parametrize("outcome", [*OPEN.values(), *DECIDED.values()], ids=[*OPEN, *DECIDED])
def test_nothing_but_a_failure_is_waived(outcome: Outcome) -> None:
    given = finding(outcome)
    assert Waiving([waiver()]).settled(given, NOW.time) is given


def test_another_check_or_subject_is_not() -> None:
    assert settled(waiver(check="GHR103")).fails
    assert settled(waiver("github:repo/acme/api")).fails


@pytest.mark.parametrize(
    ("moment", "result"),
    [
        (datetime(2026, 11, 29, 23, 59, 59, tzinfo=UTC), "waived"),
        (datetime(2026, 11, 30, tzinfo=UTC), "failed"),
        (datetime(2026, 12, 1, tzinfo=UTC), "failed"),
    ],
)
def test_it_ends_when_its_day_begins_in_utc(moment: datetime, result: str) -> None:
    found = settled(waiver(until=date(2026, 11, 30)), now=moment)
    assert found.result == result
    assert (found.lapsed is None) is (result == "waived")


def test_of_several_the_one_that_ends_last_counts() -> None:
    short, long = waiver(until=TODAY + DAY), waiver("github:repo/acme/*", until=TODAY + 9 * DAY)
    gone, older = waiver(until=TODAY), waiver(until=TODAY - DAY)
    assert settled(gone, short, long, older).waiver == long
    assert settled(older, gone).lapsed == gone


def test_what_every_waiver_covers_counts_as_used() -> None:
    waiving = Waiving([waiver(), waiver("github:repo/acme/*")])
    waiving.settled(finding(), NOW.time)
    assert ledger(waiving) == Waivers()


@pytest.mark.parametrize("name", DECIDED)
def test_unused_is_what_covers_something_that_does_not_fail(name: str) -> None:
    waiving = Waiving([waiver(), waiver("github:repo/acme/*")])
    waiving.settled(finding(DECIDED[name]), NOW.time)
    assert ledger(waiving, roots=(WEB,), whole=True).unused == (waiver(),), "there may be others"
    both = (waiver(), waiver("github:repo/acme/*"))
    assert ledger(waiving, roots=(ORGANIZATION,), whole=True).unused == both


@pytest.mark.parametrize("name", OPEN)
def test_it_is_not_unused_while_something_that_it_covers_is_open(name: str) -> None:
    waiving = Waiving([waiver(), waiver("github:repo/acme/*")])
    waiving.settled(finding(OPEN[name]), NOW.time)
    waiving.settled(finding(DECIDED["passed"], Subject("github", "repo", "acme/api")), NOW.time)
    assert ledger(waiving, roots=(ORGANIZATION,), whole=True) == Waivers()


def test_nothing_is_told_of_checks_that_did_not_run() -> None:
    waiving = Waiving([waiver(), waiver(until=TODAY)])
    assert waiving.ledger((), NOW.time) == Waivers()
    assert ledger(Waiving([waiver()])) == Waivers()


@pytest.mark.parametrize(
    ("subject", "root", "told"),
    [
        ("github:repo/acme/gone", ORGANIZATION, True),
        ("github:repo/ACME/gone*", ORGANIZATION, True),
        ("github:repo/other/gone", ORGANIZATION, False),
        ("github:repo/a*/gone", ORGANIZATION, False),
        ("github:deploy-key/acme/web/1", ORGANIZATION, False),
        ("github:repo/acme/gone", WEB, False),
        ("github:repo/acme/gone", Subject("github", "user", "acme"), False),
        ("npm:package/@acme/gone", Subject("npm", "user", "acme"), False),
    ],
)
def test_what_is_gone_is_told_where_all_was_looked_at(
    subject: str, root: Subject, *, told: bool
) -> None:
    waiving = Waiving([waiver(subject)])
    waiving.settled(finding(DECIDED["passed"]), NOW.time)
    assert bool(ledger(waiving, roots=(root,), whole=True).unused) is told
    assert not ledger(waiving, roots=(root,), whole=False).unused
    waiving.settled(finding(OPEN["unknown"]), NOW.time)
    assert not ledger(waiving, roots=(root,), whole=True).unused


def test_a_package_that_is_gone_from_its_scope_is_told() -> None:
    subject = "npm:package/@acme/gone"
    for kind in ("user", "org"):
        waiving = Waiving([waiver(subject, check="NPP101")])
        of = Subject("npm", "package", "@acme/web")
        waiving.settled(finding(DECIDED["passed"], of, "NPP101"), NOW.time)
        root = Subject("npm", kind, "acme")
        found = waiving.ledger(select(["NPP101"]), NOW.time, roots=(root,), whole=True)
        assert [one.subject for one in found.unused] == [subject]


def test_the_expired_are_told_whether_or_not_they_cover_something() -> None:
    gone, other = waiver(until=TODAY), waiver("github:repo/acme/api", until=TODAY - DAY)
    waiving = Waiving([gone, other])
    waiving.settled(finding(), NOW.time)
    assert ledger(waiving) == Waivers(expired=(gone, other))


def test_a_proposal_is_told_once_and_not_where_it_is_accepted() -> None:
    same = replace(waiver("github:repo/ACME/web", check=CHECKS[0].slug), by="eve")
    asked = waiver("github:repo/acme/api")
    assert ledger(Waiving([waiver()]), proposed=[same, asked, asked]).proposed == (asked,)
    assert ledger(Waiving([waiver(until=TODAY)]), proposed=[same]).proposed == (same,)
    assert Waiving().settled(finding(), NOW.time).fails


def test_an_unknown_check_is_told_with_a_suggestion() -> None:
    wrong = replace(waiver(check="GHR1002"), origin="hardenme.toml")
    (line,) = unknown([waiver(), wrong])
    assert line.startswith("hardenme.toml: ")
    assert "did you mean GHR1" in line


def test_a_finding_is_held_against_the_waivers_of_its_own_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held: list[str] = []
    monkeypatch.setattr(waive, "fits", lambda text, _pattern: held.append(text) or False)
    codes = [check.code for check in select()][:100]
    waivers = [waiver(f"github:repo/acme/{code}*", check=code) for code in codes]
    waivers += [waiver(f"github:repo/acme/r{number}", check="GHR102") for number in range(500)]
    waiving = Waiving(waivers)
    for number in range(500):
        of = Subject("github", "repo", f"acme/r{number}")
        assert waiving.settled(finding(FAILED, of, "GHR102"), NOW.time).result == "waived"
        assert waiving.settled(finding(FAILED, of, codes[0]), NOW.time).fails
    assert len(held) == 500 * (1 + ("GHR102" in codes)), "no other pattern, and no single subject"


def run(running: Stage, *waivers: Waiver, **order: Any) -> Report:
    return running.audit("me", select_=("GHA101", "GHA103"), waivers=waivers, **order)


def by_subject(report: Report, code: str) -> dict[str, str]:
    return {str(one.subject): one.result for one in report.findings if one.code == code}


def test_a_run_applies_them_counts_them_and_ends_by_them() -> None:
    today = NOW.time.date()
    off = waiver("github:user/MALLOW", "GHA101", today + 9 * DAY)
    keys = waiver("github:ssh-key/*5*", "GHA103", today + 9 * DAY)
    with weak() as running:
        store = MemoryResultStore()
        before = run(running, result_store=store)
        after = run(running, off, keys, result_store=store)
        expired = run(running, replace(off, until=today), proposed=(off,))
    assert exit_code(before) is Exit.FINDINGS
    assert exit_code(after) in {Exit.CLEAN, Exit.UNKNOWN}
    failed = before.counts()["failed"]
    assert (after.counts()["failed"], after.counts()["waived"]) == (0, failed)
    assert failed > 2
    assert (after.coverage.known, after.coverage.asked) == (
        before.coverage.known,
        before.coverage.asked,
    )
    assert not after.waivers
    assert set(by_subject(after, "GHA101").values()) == {"waived"}
    assert expired.counts() == before.counts()
    (lapsed,) = [one for one in expired.findings if one.lapsed]
    assert (lapsed.code, lapsed.fails) == ("GHA101", True)
    assert expired.waivers.expired == (replace(off, until=today),)
    assert expired.waivers.proposed == (off,)


def test_a_run_that_is_gone_on_with_goes_by_the_waivers_of_today() -> None:
    later = NOW.time.date() + 9 * DAY
    store = Broken()
    with weak_organization() as running:
        first = running.audit("github:bramble-labs", select_=("GHR101",), result_store=store)
        asked = len(running.github.requests)
        second = running.audit(
            "github:bramble-labs",
            select_=("GHR101",),
            result_store=store,
            waivers=(waiver("github:repo/Bramble-Labs/*", "GHR101", later),),
        )
        asked = len(running.github.requests) - asked
    assert asked < 8, "no repository is asked about again"
    failed = first.counts()["failed"]
    assert failed > 1
    assert (second.counts()["failed"], second.counts()["waived"]) == (0, failed)
    assert sum(one.result == "waived" for one in second.findings) == failed


@pytest.mark.second_tier("takes over half a second")
def test_a_path_to_publish_stays_open_whatever_is_waived() -> None:
    later = NOW.time.date() + 9 * DAY
    with weak() as running:
        first = running.audit("me", select_=("PUB101",))
        second = running.audit(
            "me",
            select_=("PUB101",),
            waivers=(waiver("npm:package/@acorn-labs/*", "PUB101", later),),
        )
    assert second.counts()["waived"] > 0
    assert first.publishing
    assert second.publishing == first.publishing


def test_a_run_over_all_of_an_organization_tells_what_is_not_there() -> None:
    later = NOW.time.date() + 9 * DAY
    gone = waiver("github:repo/Cedar-Labs/gone", "GHR101", later)
    elsewhere = waiver("github:repo/other/gone", "GHR101", later)
    with organization() as running:
        found = running.audit(
            "github:cedar-labs",
            select_=("GHR101",),
            waivers=(gone, elsewhere),
            chosen=RepositoryFilter(archived=True),
        )
        part = running.audit(
            "github:cedar-labs",
            select_=("GHR101",),
            waivers=(gone,),
            chosen=RepositoryFilter(archived=True, exclude=("seed*", "a*", "b*", "c*")),
        )
    assert found.waivers.unused == (gone,)
    assert not part.waivers.unused
