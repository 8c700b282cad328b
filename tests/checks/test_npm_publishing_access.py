from __future__ import annotations

from typing import Any

import pytest

from hardenme.facts.attested import PublishingAccess
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Reason, Unknown
from hardenme.model.verdict import Failed, Manual, Passed, Verdict
from hardenme_checks.npm.publishing_access import package_disallows_tokens
from tests.factories.given import LOST, MISSING, NOW, TEAM, ago, ahead, every
from tests.factories.npm import PACKAGE, USER, npm_token, package, weekly_downloads

SUBJECT = Subject("npm", "package", PACKAGE)
OPEN = {"package_write": True, "bypass": True, "packages": frozenset({PACKAGE})}
UNASKED = Unknown(Reason.NOT_ASKED, "a person's answer")


def access(**overrides: Any) -> PublishingAccess:
    """What a person said: no tokens."""
    given = {"subject": SUBJECT, "within": USER, "package": PACKAGE, "disallows_tokens": True}
    return PublishingAccess(**given | overrides)


def judged(said: Any, *tokens: Any, missing: Unknown | None = None, **how: Any) -> Any:
    told: Verdict | Unknown = package_disallows_tokens(
        how.get("package", package()),
        said,
        every(*tokens, missing=missing),
        how.get("downloads", weekly_downloads()),
        NOW,
        TEAM,
    )
    return told


def test_yes_passes_whatever_tokens_there_are() -> None:
    assert isinstance(judged(access(), npm_token(**OPEN), missing=LOST), Passed)


def test_no_fails() -> None:
    verdict = judged(access(disallows_tokens=False))
    assert isinstance(verdict, Failed)
    assert verdict.severity is Severity.HIGH
    assert verdict.fix.command == f"npm access set mfa=publish {PACKAGE}"
    assert verdict.fix.page == f"https://www.npmjs.com/package/{PACKAGE}/access"
    assert f"npm access set mfa=automation {PACKAGE}" in verdict.fix.undo
    much = judged(access(disallows_tokens=False), downloads=weekly_downloads(weekly=5_000_000))
    assert much.severity is Severity.CRITICAL


@pytest.mark.parametrize(
    "names",
    [
        {},
        {"packages": frozenset(), "scopes": frozenset({"@hazel-grove"})},
        {"packages": frozenset(), "scopes": frozenset({"hazel-grove"})},
        {"packages": frozenset(), "unlimited": True},
        {"expires_at": ahead(1)},
        {"name": MISSING},
    ],
)
def test_no_is_critical_while_a_token_publishes_without_asking(names: dict[str, Any]) -> None:
    verdict = judged(access(disallows_tokens=False), npm_token(**OPEN | names), missing=LOST)
    assert isinstance(verdict, Failed)
    assert verdict.severity is Severity.CRITICAL
    assert verdict.seen["tokens"] == [npm_token().subject.name]


@pytest.mark.parametrize(
    "names",
    [
        {"bypass": False},
        {"package_write": False},
        {"packages": frozenset({"@hazel-grove/other"})},
        {"packages": frozenset(), "scopes": frozenset({"@hazel"})},
        {"revoked": True},
        {"expires_at": ago(1)},
        {"expires_at": NOW.time},
        *({name: MISSING} for name in ("bypass", "package_write", "packages", "scopes", "revoked")),
    ],
)
def test_a_token_of_which_that_is_not_known_does_not_raise_it(names: dict[str, Any]) -> None:
    verdict = judged(access(disallows_tokens=False), npm_token(**OPEN | names))
    assert verdict.severity is Severity.HIGH
    assert "tokens" not in verdict.seen


def test_without_an_answer_it_is_a_question() -> None:
    verdict = judged(UNASKED)
    assert isinstance(verdict, Manual)
    assert verdict.question == PublishingAccess.question
    assert verdict.page == f"https://www.npmjs.com/package/{PACKAGE}/access"
    assert verdict.fix is not None
    assert verdict.fix.command == f"npm access set mfa=publish {PACKAGE}"


@pytest.mark.parametrize("reason", sorted(set(Reason) - {Reason.NOT_ASKED}))
def test_an_answer_that_does_not_count_stays_unknown(reason: Reason) -> None:
    why = Unknown(reason, "a new statement")
    assert judged(why) is why


def test_what_is_not_known_is_no_verdict() -> None:
    for how in (
        {"said": access(disallows_tokens=MISSING)},
        {"said": access(), "package": package(subject=SUBJECT, name=MISSING)},
    ):
        with pytest.raises(NotKnownError):
            judged(how.pop("said"), **how)
