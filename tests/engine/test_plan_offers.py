"""A ruleset is printed only where the owner's plan is known to have it; else what it takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.engine.plan_offers import PAID, TEAM, offered
from hardenme.facts.github.organization import OrganizationPlan
from hardenme.model.commands import RULES_NOT_OFFERED
from hardenme.model.fact import Answer, Fact
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix
from tests.factories import github
from tests.reports.planned import failed
from tests.reports.sample import atom

UNREAD: Any = Unknown(Reason.NOT_ASKED, "an answer")
REPO, ORG = github.REPO, Subject("github", "org", "hazel")
STEP = "Add an active ruleset for the tags"
OFFERS = (True, False, UNREAD, None)


def post(place: str) -> str:
    return f"echo '{{}}' | gh api -X POST {place}/rulesets --input -"


def fix(wider: Fix | None = None) -> Fix:
    return Fix(STEP, command=post(f"repos/{REPO.name}"), page="https://x.example", wider=wider)


WIDER = Fix(STEP, command=post(f"orgs/{ORG.name}"), page="https://x.example")


def known(*facts: Fact) -> FactStore:
    store = FactStore()
    for fact in facts:
        store.put(Answer(type(fact), fact.subject, (fact,), (atom("GET /"),)))
    return store


def store(visibility: Any, plan: Any, branch: Any) -> FactStore:
    """What is known of the repository: None for no fact at all."""
    facts: list[Fact] = [github.repository(visibility=visibility)]
    if plan is not None:
        where = {"subject": ORG, "within": ORG, "label": ORG.name}
        facts.append(
            OrganizationPlan(**where, locks_actions=UNREAD, paid=plan, enterprise_cloud=UNREAD)
        )
    if branch is not None:
        facts.append(replace(github.no_classic(), offered=branch))
    return known(*facts)


def fitted(store: FactStore, given: Fix, code: str = "GHB115") -> Fix:
    outcome = offered(failed(code, f"github:repo/{REPO.name}", given), store).outcome
    assert isinstance(outcome, Failed)
    return outcome.fix


@pytest.mark.parametrize("branch", OFFERS)
@pytest.mark.parametrize("plan", OFFERS)
@pytest.mark.parametrize("visibility", ["public", "internal", "private", UNREAD])
def test_a_ruleset_of_a_repository(visibility: Any, plan: Any, branch: Any) -> None:
    found = fitted(store(visibility, plan, branch), fix(WIDER))
    # What the branch's own answer says counts before the name of the plan.
    says = branch if isinstance(branch, bool) else plan if isinstance(plan, bool) else None
    shared = visibility in {"public", "internal"}
    assert bool(found.command) == (shared or says is True)
    if not found.command:
        assert found.page
        assert found.step == (
            f"{STEP}. {PAID}" if says is None else f"{RULES_NOT_OFFERED}. Then a{STEP[1:]}"
        )
    # Who is not shown the plan is no owner; a plan that is known to have none prints none.
    if plan is False:
        assert found.wider is None
    elif found.command:
        assert found.wider == WIDER


@pytest.mark.parametrize("plan", OFFERS)
def test_a_ruleset_of_an_organization(plan: Any) -> None:
    found = fitted(store("private", plan, None), WIDER, "GHO127")
    assert bool(found.command) == (plan is not False)
    assert found.step == (f"{STEP}. {TEAM}" if plan is False else STEP)


def test_any_other_fix_stays_as_it_is() -> None:
    other = Fix(STEP, command="gh api -X PUT repos/hazel/catkin/vulnerability-alerts")
    assert fitted(store("private", plan=False, branch=False), other) is other
