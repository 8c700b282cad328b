"""What one change explains is told with it, and nothing is told twice or not at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.derive.inventory import TABLE
from hardenme.engine.catalogue import catalogue
from hardenme.facts.github.branch import EffectiveBranchRules
from hardenme.facts.github.tag_rules import EffectiveTagRules
from hardenme.model.drift import Change, Drift, DriftStep, ItemChange, Turn
from hardenme.model.inventory import InventoryItem, State
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.reports.drift.causes import (
    BRANCHES,
    FIELDS,
    RULES,
    TAGS,
    DriftCause,
    drift_causes,
    rises,
)
from hardenme.reports.message.news import news
from tests.drift.compared import AT, ORG, WEB, finding
from tests.reports import drifted

KINDS = {source.kind for sources in TABLE.values() for source in sources}
MEMBER = Subject("github", "member", "acme/eve")


def change(
    step: DriftStep, code: str, subject: Subject, severity: Severity = Severity.HIGH
) -> Change:
    before = finding(
        "passed" if step in {DriftStep.NEW, DriftStep.LOST} else "failed", subject, code=code
    )
    result = {DriftStep.NEW: "failed", DriftStep.LOST: "unknown", DriftStep.FIXED: "passed"}.get(
        step
    )
    after = finding(result, subject, code=code, severity=severity) if result else None
    return Change(step, code, subject, before, after)


def item(
    turn: Turn,
    kind: str,
    subject: Subject,
    place: Subject = ORG,
    fields: tuple[str, ...] = (),
    **state: State,
) -> ItemChange:
    one = InventoryItem(kind, subject, "", subject.name, state)
    before = None if turn is Turn.APPEARED else one
    after = None if turn is Turn.VANISHED else one
    return ItemChange(turn, kind, place, before, after, fields)


def of(changes: tuple[Change, ...], items: tuple[ItemChange, ...]) -> list[DriftCause]:
    return drift_causes(Drift(AT, AT, changes, items))


def test_what_rules_decide_is_what_the_catalogue_reads_them_for() -> None:
    for kind, codes in ((EffectiveBranchRules, BRANCHES), (EffectiveTagRules, TAGS)):
        reading = {
            check.code
            for check in catalogue()
            if any(parameter.kind is kind for parameter in check.parameters)
        }
        assert reading
        assert reading <= codes
    known = {check.code for check in catalogue()}
    named = {*BRANCHES, *TAGS, *(code for codes in FIELDS.values() for code in codes)}
    # GHB114 judges pushes by the same rules; every other number in the range is a check, too.
    assert named <= known
    assert RULES.keys() | {kind for kind, _ in FIELDS} <= KINDS


def test_a_deleted_repository_takes_its_keys_and_findings_along() -> None:
    key = Subject("github", "deploy-key", "acme/web/7")
    changes = (change(DriftStep.GONE, "GHB101", WEB), change(DriftStep.GONE, "GHR108", key))
    gone = item(Turn.VANISHED, "repository", WEB)
    other = item(Turn.VANISHED, "repository", Subject("github", "repo", "acme/webber"))
    found = of(changes, (gone, other))
    assert [(one.lead, len(one.caused)) for one in found] == [(gone, 2), (other, 0)]


def test_a_member_who_left_takes_along_what_was_that_persons_alone() -> None:
    token = Subject("github", "org-token", "acme/88")
    other = Subject("github", "org-token", "acme/89")
    left = item(Turn.VANISHED, "member", MEMBER)
    kind = "fine-grained token of a member"
    items = (
        item(Turn.VANISHED, kind, token, login="Eve"),
        left,
        item(Turn.VANISHED, kind, other, login="ada"),
    )
    changes = (change(DriftStep.GONE, "GHO102", MEMBER), change(DriftStep.GONE, "GHO115", token))
    found = of(changes, items)
    assert [(one.lead, len(one.caused)) for one in found] == [(left, 3), (items[2], 0)]


@pytest.mark.parametrize("turned", [False, True])
def test_what_explains_each_other_is_told_once(turned: bool) -> None:  # noqa: FBT001 (a case)
    came = item(Turn.APPEARED, "member", MEMBER)
    went = item(Turn.VANISHED, "organization", ORG, login="eve")
    third = item(Turn.APPEARED, "repository", WEB)
    items = (third, went, came) if turned else (came, went, third)
    (found,) = of((), items)
    assert len(found.all) == 3
    assert found.lead is (went if turned else came)


@pytest.mark.parametrize("kind", ["branch ruleset", "tag ruleset", "branch protection"])
def test_rules_explain_what_they_decide_and_no_other_rules(kind: str) -> None:
    place = WEB if kind == "branch protection" else ORG
    subject = Subject("github", "ruleset", "acme/9")
    rules = item(Turn.CHANGED, kind, subject, place, ("enforcement",), enforcement="disabled")
    mine, others = ("GHB115", "GHB101") if kind == "tag ruleset" else ("GHB101", "GHB115")
    elsewhere = Subject("github", "repo", "other/web")
    changes = (
        change(DriftStep.NEW, mine, WEB),
        change(DriftStep.NEW, others, WEB),
        change(DriftStep.NEW, mine, elsewhere),
    )
    found = of(changes, (rules,))
    assert [one.caused for one in found if one.lead is rules] == [(changes[0],)]
    assert [one.lead for one in found if one.lead is not rules] == list(changes[1:])


def test_the_worst_of_what_follows_is_what_it_weighs() -> None:
    new = item(Turn.APPEARED, "repository", WEB, visibility="private")
    critical = change(
        DriftStep.NEW, "GHR126", Subject("github", "alert", "acme/web/1"), Severity.CRITICAL
    )
    [one] = of((critical,), (new,))
    assert (one.lead, one.severity, new.severity) == (new, Severity.CRITICAL, Severity.LOW)


SUBJECTS = st.sampled_from(
    [
        *(ORG, WEB, MEMBER, Subject("github", "repo", "acme/api")),
        *(Subject("github", "deploy-key", f"acme/web/{number}") for number in (1, 2)),
        *(Subject("github", "ruleset", "acme/9"), Subject("npm", "package", "@acme/web")),
        *(
            Subject("npm", "release", "@acme/web@1.0.0"),
            Subject("npm", "maintainer", "@acme/web/x"),
        ),
    ]
)
CHANGES = st.builds(
    change,
    st.sampled_from(list(DriftStep)),
    st.sampled_from(["GHB101", "GHB115", "GHO101", "GHO102", "GHO105", "GHR108", "NPP101"]),
    SUBJECTS,
    st.sampled_from(list(Severity)),
)
ITEMS = st.builds(
    item,
    st.sampled_from(list(Turn)),
    st.sampled_from(sorted(KINDS)),
    SUBJECTS,
    st.sampled_from([ORG, WEB, Subject("npm", "package", "@acme/web")]),
    st.sampled_from([(), ("role",), ("two_factor",), ("enforcement",), ("two_factor_required",)]),
    login=st.sampled_from(["eve", "ada"]),
)
LISTS = st.builds(
    ItemChange,
    st.sampled_from([Turn.LOST, Turn.SEEN]),
    st.sampled_from(sorted(KINDS)),
    SUBJECTS,
    needed=st.sampled_from(["", "a token"]),
)


@given(st.lists(CHANGES, max_size=12), st.lists(ITEMS | LISTS, max_size=12))
def test_every_change_is_told_exactly_once_and_nothing_weighs_less_for_it(
    changes: list[Change], items: list[ItemChange]
) -> None:
    found = drift_causes(Drift(AT, AT, changes, items))
    every = [one for group in found for one in group.all]
    assert Counter(map(id, every)) == Counter(map(id, [*changes, *items]))
    for group in found:
        assert group.severity >= group.lead.severity
        assert all(group.severity >= one.severity for one in group.caused if rises(one))
        lost = {
            one.step is DriftStep.LOST if isinstance(one, Change) else one.turn is Turn.LOST
            for one in group.all
        }
        assert len(lost) == 1, "what is out of sight is told apart from what is so"
    report = replace(drifted.report(), findings=())
    lines = news(Drift(AT, AT, changes, items), report)
    assert sum(one.count for one in lines) == len(changes) + len(items)
