"""How a check fails, as its page has it, follows from the check alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from docs.making.failing import simplest
from docs.making.words import words
from hardenme.engine.catalogue import catalogue
from hardenme.facts.github.apps import AppInstallation
from hardenme.facts.github.repository import ActionsSecret, Repository
from hardenme.facts.github.workflow import Workflow
from hardenme.model.check import Check, check
from hardenme.model.fact import Every
from hardenme.model.given import Limits, Now
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual, Passed, Verdict

MARKS = ("red-mark", "blue-mark")
PASSED = Passed("it is fine", {"fine": True})


def failed(message: str) -> Failed:
    return Failed(message, {"fine": False}, fix=Fix("Mend it", page="https://github.com"))


def made(function: Callable[..., Verdict | Unknown]) -> Check:
    wrap = check("ABC101", "it-is-fine", title="It is bad", severity=Severity.LOW, since="0.1")
    return wrap(function)


@made
def flag(repository: Repository) -> Verdict:
    return failed(repository.full_name) if repository.archived else PASSED


@made
def word(secret: ActionsSecret) -> Verdict:
    return failed(secret.name) if secret.name == "a-word" else PASSED


def _marked(text: str) -> bool:
    return text in MARKS


@made
def word_of_what_it_calls(secret: ActionsSecret) -> Verdict:
    return failed(secret.name) if _marked(secret.name) else PASSED


@made
def what_a_set_is_asked_for(app: AppInstallation) -> Verdict:
    return failed(str(app.within)) if app.writes("joined") else PASSED


@made
def two_changes(secret: ActionsSecret, repository: Repository | Unknown, now: Now) -> Verdict:
    if isinstance(repository, Unknown) and now.days_until(secret.updated_at) > 0:
        return failed("to come")
    return PASSED


@made
def within_a_list(workflow: Workflow) -> Verdict:
    opaque = [name for job in workflow.jobs for name in job.opaque if job.cache_mode == "loose"]
    return failed(", ".join(opaque)) if opaque else PASSED


@made
def more_than_a_threshold(secrets: Every[ActionsSecret], limits: Limits) -> Verdict:
    return failed(str(len(secrets))) if len(secrets) > limits.npm_owners_most else PASSED


@made
def question(secret: ActionsSecret) -> Verdict:
    return Manual("Is it fine?", "https://github.com") if secret.name else PASSED


@made
def question_or_failure(secret: ActionsSecret) -> Verdict:
    return failed("empty") if not secret.name else Manual("Is it fine?", "https://github.com")


@made
def never(secret: ActionsSecret) -> Verdict:
    return failed("impossible") if secret.name == secret.name * 2 != "" else PASSED


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (flag, "OWNER/REPO"),
        (word, "a-word"),
        (word_of_what_it_calls, "blue-mark"),
        (what_a_set_is_asked_for, "github:org/ORG"),
        (two_changes, "to come"),
        (within_a_list, "OPAQUE"),
        (more_than_a_threshold, "12"),
        (question_or_failure, "empty"),
    ],
    ids=lambda one: getattr(getattr(one, "function", None), "__name__", ""),
)
def test_the_fewest_changes_that_make_it_fail_are_found(one: Check, says: str) -> None:
    verdict = simplest(one)
    assert isinstance(verdict, Failed)
    assert verdict.message == says


def test_a_check_that_never_fails_by_itself_asks() -> None:
    verdict = simplest(question)
    assert isinstance(verdict, Manual)
    with pytest.raises(LookupError, match="ABC101"):
        simplest(never)


def test_a_check_knows_no_word_of_another() -> None:
    assert "a-word" in words(word)
    assert set(MARKS) <= set(words(word_of_what_it_calls))
    assert not {*MARKS, "loose"} & set(words(word))


@pytest.mark.second_tier("judges a world for each check")
def test_a_check_of_the_catalogue_that_asks_may_ask() -> None:
    def only_asks(one: Check) -> Any:
        return isinstance(simplest(one), Manual)

    asking = {one.code for one in catalogue() if only_asks(one)}
    assert asking <= {one.code for one in catalogue() if one.may_ask}
    assert {one.code for one in catalogue() if one.family == "ATT"} <= asking
