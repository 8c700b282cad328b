"""Questions for a person, settled by what is on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from hardenme.collectors.attested import Statements, publishing_access
from hardenme.collectors.fact_store import FactStore
from hardenme.engine.attested import account_name, accounts, login_of, settled
from hardenme.engine.catalogue import catalogue
from hardenme.engine.clients import Clients
from hardenme.engine.identity import Who
from hardenme.facts.attested import AccountFactors, PublishingAccess
from hardenme.facts.npm.site import REGISTRY
from hardenme.model.evidence import Atom
from hardenme.model.finding import Attested, Finding, question_in
from hardenme.model.severity import Severity
from hardenme.model.statement import Statement, Word, attest_command, key_of
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Manual, Passed
from hardenme.sandbox.github.server import GitHubServer
from hardenme.sandbox.http import Reply
from hardenme.sandbox.npm import scenarios as npm
from tests.factories.statements import no_tokens, statement, today
from tests.passing import ALARMING, ASKING, MANUAL, fine_grained
from tests.running import NOW, Stage

SUBJECT = Subject("npm", "package", "@hazel-grove/catkin")
WITHIN = Subject("npm", "user", "hazel")
SECOND = timedelta(seconds=1)
SAID = statement()
ASKED = Manual(SAID.question, "https://host.example.test/page")


def record(*said: Statement, account: str = "npm:hazel") -> Statements:
    found = Statements.of(said)
    found.account = lambda _within: account
    return found


def finding(outcome: Any = ASKED, **fields: Any) -> Finding:
    given = {
        "code": SAID.code,
        "slug": "some-check",
        "title": "Some problem",
        "subject": SUBJECT,
        "within": WITHIN,
        "label": "",
        "outcome": outcome,
        "severity": Severity.HIGH,
        "sources": (Atom("GET /x", 200, NOW),),
    }
    return Finding(**given | fields)


def outcome(statements: Statements, now: datetime = SAID.at, **fields: Any) -> Any:
    return settled(finding(**fields), statements, now).outcome


def test_yes_is_attested_and_never_passed() -> None:
    found = settled(finding(), record(SAID), SAID.at)
    assert found.outcome == Attested(f"yes: {SAID.question}", "hazel", SAID.until)
    assert found.sources[-1] == Atom(f"hardenme attest NPP106 {SUBJECT}", 200, SAID.at)


def test_no_fails_with_the_fix_of_the_question() -> None:
    no = replace(SAID, answer=Word.NO)
    verdict = outcome(record(no))
    assert isinstance(verdict, Failed)
    assert verdict.seen == {"answer": "no", "by": "hazel", "at": f"{SAID.at:%Y-%m-%d}"}
    assert verdict.fix.page == ASKED.page
    assert f"hardenme attest NPP106 {SUBJECT} --yes" in verdict.fix.step
    own = Fix("Choose it.", command="npm access")
    assert outcome(record(no), outcome=replace(ASKED, fix=own)).fix is own


@pytest.mark.parametrize("other", [Passed("it is so", {"a": 1}), Unknown(Reason.STALE, "more")])
def test_what_is_no_question_stays_as_it_is(other: Any) -> None:
    assert outcome(record(replace(SAID, answer=Word.NO)), outcome=other) is other


@pytest.mark.parametrize(
    "said",
    [
        (),
        (replace(SAID, code="NPP109"),),
        (replace(SAID, subject="npm:package/@hazel-grove/Catkin"),),
        (SAID, replace(SAID, answer=Word.WITHDRAWN)),
    ],
)
def test_a_question_without_an_answer_stays_one(said: tuple[Statement, ...]) -> None:
    assert outcome(record(*said)) is ASKED


def test_the_newest_answer_counts() -> None:
    no = replace(SAID, answer=Word.NO)
    assert isinstance(outcome(record(no, SAID)), Attested)
    assert isinstance(outcome(record(SAID, no)), Failed)
    assert isinstance(outcome(record(SAID, replace(no, answer=Word.WITHDRAWN), no)), Failed)


@pytest.mark.parametrize("answer", [Word.YES, Word.NO])
@pytest.mark.parametrize(
    ("now", "counts"),
    [
        (SAID.at - SECOND, False),
        (SAID.at, True),
        (SAID.until - SECOND, True),
        (SAID.until, False),
        (SAID.until + SECOND, False),
    ],
)
def test_an_answer_counts_to_the_second(answer: Word, now: datetime, counts: bool) -> None:  # noqa: FBT001 (a case)
    found = outcome(record(replace(SAID, answer=answer)), now)
    assert isinstance(found, Unknown) is not counts
    if isinstance(found, Unknown):
        assert found.reason is Reason.STALE
        assert found.needed == f"a new statement: {attest_command('NPP106', SUBJECT)}"


def test_an_answer_for_too_long_or_to_another_question_is_stale() -> None:
    for said in (
        replace(SAID, until=SAID.at + timedelta(days=181)),
        replace(SAID, until=SAID.at - SECOND),
        replace(SAID, question=SAID.question + "!"),
    ):
        assert outcome(record(said)).reason is Reason.STALE


@pytest.mark.parametrize(
    ("account", "counts"),
    [
        ("npm:hazel", True),
        ("npm:HAZEL", True),
        ("npm:mallow", False),
        ("github:hazel", False),
        ("npm:hazel@https://npm.example", False),
        ("", False),
    ],
)
def test_an_answer_is_of_the_account_that_asks(account: str, counts: bool) -> None:  # noqa: FBT001 (a case)
    found = outcome(record(SAID, account=account))
    assert isinstance(found, Attested) is counts
    if not counts:
        assert found.reason is Reason.INCOMPLETE
        assert "npm:hazel" in found.needed + found.seen


def test_where_the_record_is_not_whole_nothing_is_a_question() -> None:
    refused = Unknown(Reason.INCOMPLETE, "a record that is whole")
    assert outcome(Statements(refused=refused)) is refused
    token = Subject("github", "token", "fine-grained")
    assert outcome(Statements(refused=refused), subject=token) is ASKED


def test_an_answer_does_not_pass_on_to_another_token() -> None:
    token = Subject("github", "token", "fine-grained")
    said = replace(SAID, subject=str(token))
    assert outcome(record(said), subject=token) is ASKED


def test_names_on_github_have_no_case() -> None:
    said = replace(SAID, subject="github:org/Acme")
    assert isinstance(outcome(record(said), subject=Subject("github", "org", "acme")), Attested)


HAZEL = Subject("github", "user", "hazel")
UNSEEN = Unknown(Reason.NOT_PERMITTED, "the scope user (classic token)")
KEYS = statement(
    code="ATT101",
    subject="practice:user/hazel",
    question=AccountFactors.question,
    account="github:hazel",
)


def stood_in(
    *said: Statement, outcome: Any = UNSEEN, code: str = "GHA101", account: str = "github:hazel"
) -> Any:
    asked = finding(outcome, code=code, subject=HAZEL, within=HAZEL)
    return settled(asked, record(*said, account=account), KEYS.at)


def test_an_answer_stands_in_for_what_the_token_is_not_shown() -> None:
    found = stood_in(KEYS)
    assert found.outcome == Attested(f"yes: {KEYS.question}", "hazel", KEYS.until)
    assert found.sources[-1].endpoint == "hardenme attest ATT101 practice:user/hazel"


@pytest.mark.parametrize(
    ("said", "how"),
    [
        ((), {}),
        ((replace(KEYS, answer=Word.NO),), {}),
        ((KEYS, replace(KEYS, answer=Word.WITHDRAWN)), {}),
        ((replace(KEYS, until=KEYS.at),), {}),
        ((replace(KEYS, question="Is it so?"),), {}),
        ((replace(KEYS, code="NPP106"),), {}),
        ((KEYS,), {"account": "github:rowan"}),
        ((KEYS,), {"account": ""}),
        ((KEYS,), {"code": "GHA108"}),
        ((KEYS,), {"outcome": Unknown(Reason.UNREACHABLE, "run again")}),
        (
            (KEYS,),
            {
                "outcome": Failed(
                    "off", {"a": 1}, Fix("Turn it on.", page="https://host.example.test")
                )
            },
        ),
        ((KEYS,), {"outcome": Passed("on", {"a": 1})}),
    ],
)
def test_nothing_else_stands_in(said: tuple[Statement, ...], how: dict[str, Any]) -> None:
    assert stood_in(*said, **how).outcome is how.get("outcome", UNSEEN)


def test_hostile_texts_are_shown_as_escapes() -> None:
    said = replace(SAID, by="h\x1b[31m", account="npm:\u202eh", subject="npm:package/\x07")
    subject = Subject("npm", "package", "\x07")
    assert outcome(record(said, account=said.account), subject=subject).by == "h\\x1b[31m"
    for found in (
        outcome(record(said), subject=subject),
        outcome(record(said, account=""), subject=subject),
        outcome(record(said, account=said.account), said.until, subject=subject),
    ):
        assert not set("\x1b\x07\u202e") & set(found.needed + found.seen)


def test_the_checks_that_ask() -> None:
    named = {check.code for check in catalogue() if check.may_ask}
    sometimes = {"GHA104", "GHA110", "GHA112", "GHT106", "NPP106"}
    assert named >= MANUAL | ALARMING | ASKING | sometimes


def answers(stage: Stage, word: Word) -> Statements:
    """An answer to every question that a run puts."""
    stage.others = dict
    urls = {"npm": stage.npm.url, "github": stage.github.url}
    said = []
    for one in stage.audit(profile="team").findings:
        asked = question_in(one.outcome)
        if asked is not None:
            provider = one.within.provider
            account = account_name(provider, "hazel", urls[provider])
            said.append(
                statement(
                    code=one.code,
                    subject=str(one.subject),
                    question=asked.question,
                    account=account,
                    answer=word,
                )
            )
    return Statements.of(said)


@pytest.mark.second_tier("four whole runs")
def test_each_question_of_a_run_is_settled() -> None:
    with fine_grained() as stage:
        assert isinstance(stage.github, GitHubServer)
        for repository in stage.github.world.repositories:
            for environment in repository.environments:
                environment.admins_bypass = None
        for word, name in ((Word.YES, "attested"), (Word.NO, "failed")):
            statements = answers(stage, word)
            codes = {code for code, _ in statements.latest}
            assert codes >= {"NPA103", "NPA104", "NPA108", "NPP106", "GHR128", "ATT101"}
            stage.others = lambda said=statements: {"attested": said}  # type: ignore[misc]  # bound as it is now
            report = stage.audit(profile="team")
            found = {key_of(one.code, one.subject): one for one in report.findings}
            lasting = {key for key in statements.latest if key[0] != "GHT106"}
            assert {found[key].result for key in lasting} == {name}
            open_ = report.coverage.asked - report.coverage.known
            assert open_ == report.counts()["unknown"]


def test_a_clock_that_is_ahead_ends_it_and_one_that_is_behind_does_not_lengthen_it() -> None:
    registry = npm.hardened_maintainer(NOW)
    name = registry.packages[0].name
    with fine_grained() as stage:

        def result(*days: float, date: str = "") -> str:
            account = account_name("npm", "hazel", stage.npm.url)
            subject = f"npm:package/{name}"
            said = statement(
                subject=subject, account=account, at=today(days[0]), until=today(days[1])
            )
            stage.others = lambda: {"attested": Statements.of([said])}
            stage.npm.faults.clear()
            if date:
                stage.npm.fault(".*", edit=dated(date))
            report = stage.audit(f"npm:{name}", select_=("NPP106",))
            return next(one.result for one in report.findings if str(one.subject) == subject)

        assert result(-10, 80) == "attested"
        assert result(-10, 80, date="Fri, 01 Jan 2100 00:00:00 GMT") == "unknown"
        assert result(-10, -1) == "unknown"
        assert result(-10, -1, date="Mon, 01 Jan 2024 00:00:00 GMT") == "unknown"


def dated(date: str) -> Any:
    """Every answer with this date."""

    def edit(_request: Any, reply: Reply) -> Reply:
        reply.headers["Date"] = date
        return reply

    return edit


def test_warnings_about_the_record_reach_the_report() -> None:
    with fine_grained() as stage:
        stage.others = lambda: {"attested": Statements(warnings=("it is torn",))}
        assert stage.audit(select_=("NPA103",)).warnings == ("it is torn",)


def test_an_account_has_its_address_where_that_is_another() -> None:
    assert account_name("npm", "hazel", REGISTRY) == "npm:hazel"
    assert account_name("github", "hazel", "https://api.github.com") == "github:hazel"
    other = account_name("npm", "hazel", "https://npm.example/registry")
    assert other == "npm:hazel@https://npm.example"
    assert account_name("npm", "", REGISTRY) == ""
    assert {login_of(name) for name in ("npm:hazel", other, "github:hazel")} == {"hazel"}


def test_an_owner_with_a_token_of_its_own_has_its_own_account() -> None:
    with fine_grained() as stage:
        general = stage.clients()
        assert general.github is not None
        clients = Clients(general.github, general.npm, github_by_owner={"acme": general.github})
        known = {
            "github": Who("hazel"),
            "github/acme": Who("rowan"),
            "npm": Who("hazel", refused=Unknown(Reason.REJECTED, "another token")),
        }
        account = accounts(clients, known)
        at = f"@{stage.github.url}"
        assert account(Subject("github", "repo", "Acme/web")) == f"github:rowan{at}"
        assert account(Subject("github", "org", "acme")) == f"github:rowan{at}"
        assert account(Subject("github", "user", "hazel")) == f"github:hazel{at}"
        assert account(Subject("npm", "package", "acme")) == ""
        assert account(Subject("local", "npmrc", "~")) == ""


def test_the_fact_says_what_was_said_and_nothing_more() -> None:
    (answer,) = publishing_access(record(SAID), SUBJECT, FactStore())
    assert (answer.missing, answer.evidence) == (None, ())
    assert answer.facts[0].disallows_tokens is True
    assert answer.attested is not None
    assert (answer.attested.by, answer.attested.until) == ("hazel", SAID.until)
    (answer,) = publishing_access(record(replace(SAID, answer=Word.NO)), SUBJECT, FactStore())
    assert answer.facts[0].disallows_tokens is False
    for statements, reason in (
        (record(), Reason.NOT_ASKED),
        (record(SAID, account="npm:mallow"), Reason.INCOMPLETE),
        (record(replace(SAID, until=today(-1))), Reason.STALE),
        (Statements(refused=Unknown(Reason.INCOMPLETE, "more")), Reason.INCOMPLETE),
    ):
        (answer,) = publishing_access(statements, SUBJECT, FactStore())
        assert answer.facts == ()
        assert answer.missing is not None
        assert answer.missing.reason is reason
    assert SAID.question == PublishingAccess.question


def test_a_registry_that_calls_the_account_by_another_name_settles_nothing() -> None:
    with fine_grained() as stage:
        stage.npm.fault("/-/whoami", edit=lambda _q, _r: Reply(200, {"username": "mallow"}))
        report = stage.audit("npm:@hazel-grove/lantern", select_=("NPP106",))
        assert [one.result for one in report.findings] == ["unknown"]


@pytest.mark.parametrize("registry", ["https://npm.example", REGISTRY])
def test_what_was_said_of_another_registry_does_not_count_here(registry: str) -> None:
    with fine_grained() as stage:
        said = no_tokens("hazel", registry, ["@hazel-grove/lantern"])
        stage.others = lambda: {"attested": said}
        report = stage.audit("npm:@hazel-grove/lantern", select_=("NPP106",))
        assert [one.result for one in report.findings] == ["unknown"]
