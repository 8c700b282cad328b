"""A check may be given any facts: it judges them, or says which of them it lacks."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardenme.engine.catalogue import catalogue
from hardenme.model.check import Check
from hardenme.model.fact import Every, Fact
from hardenme.model.given import Given, Limits, NeededScopes, Now, SafeVersions, Targets
from hardenme.model.profile import PROFILES
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Unknown
from hardenme.model.verdict import Failed, Manual, NotApplicable, Passed, Verdict
from tests.any_facts import UNKNOWNS, arguments
from tests.each import each
from tests.moment import NOW

CHECKS = pytest.mark.parametrize("check", catalogue(), ids=lambda check: check.code)
GIVEN: dict[type[Given], Given] = {
    Now: Now(NOW),
    Limits: PROFILES["team"].limits,
    NeededScopes: NeededScopes(frozenset({"repo"})),
    Targets: Targets(frozenset({"hazel"}), frozenset()),
    SafeVersions: SafeVersions(lambda *_: "1.4.0"),
}


def outcome(check: Check, facts: dict[str, Any]) -> Verdict | Unknown:
    """What the engine would make of the call; anything else that is raised is a fault."""
    try:
        return check(**facts)
    except NotKnownError as error:
        return error.unknown


def unknowns(facts: dict[str, Any]) -> list[Unknown]:
    """Everything unknown that the arguments hold."""
    found: list[Unknown] = []
    for argument in facts.values():
        if isinstance(argument, Unknown):
            found.append(argument)
        if isinstance(argument, Every) and argument.missing is not None:
            found.append(argument.missing)
        for fact in argument.facts if isinstance(argument, Every) else (argument,):
            if isinstance(fact, Fact):
                found.extend(fact.unknown_fields().values())
    return found


@pytest.mark.second_tier("takes long in all", one_of=2)
@pytest.mark.sampled(3)
@CHECKS
@given(data=st.data())
@settings(
    derandomize=True,
    max_examples=10,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_any_facts_are_judged_or_known_to_be_lacking(check: Check, data: st.DataObject) -> None:
    facts = data.draw(arguments(check))
    first = outcome(check, facts)
    assert isinstance(first, Passed | Failed | NotApplicable | Manual | Unknown)
    if isinstance(first, Unknown):
        assert any(first is unknown for unknown in unknowns(facts)), "an unknown of its own making"
    if isinstance(first, Failed):
        assert first.fix.page == "" or first.fix.page.startswith(("https://", "http://"))
    assert outcome(check, facts) == first, "the same facts, another verdict"


def blank(kind: type[Fact], why: Unknown) -> Fact:
    """A fact of which no field is known but those that the engine fills."""
    filled = {"subject", "within", "label", "web", "registry"}
    names = {item.name for item in fields(kind)}
    parts: dict[str, Any] = dict.fromkeys(names - filled, why)
    subject = Subject("github", "repo", "hazel/catkin")
    return kind(subject=subject, within=subject, **parts)


@each(catalogue(), lambda check: check.code)
def test_nothing_known_is_never_a_verdict(check: Check) -> None:
    given = {item.name: GIVEN[item.kind] for item in check.parameters if item.given}
    for why in UNKNOWNS:
        facts: dict[str, Any] = {
            item.name: (
                Every((), why) if item.every else why if item.optional else blank(item.kind, why)
            )
            for item in check.parameters
            if not item.given
        }
        result = outcome(check, facts | given)
        assert isinstance(result, Manual) or result is why, why.reason
