"""A redacted report counts what the report counts: pseudonyms change names, never numbers."""

from __future__ import annotations

import re
from typing import Any

import pytest

from hardenme.model.report import Report
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.pseudonyms import PROVIDERS, Pseudonyms, shared
from hardenme.reports.pseudonyms.findings import rounded
from hardenme.reports.pseudonyms.vocabulary import vocabulary
from hardenme.reports.screen.summary import summary_of
from tests.plans.audited import WORLDS, audited

pytestmark = [
    pytest.mark.second_tier("an audit of a whole world each"),
    pytest.mark.sampled(12, among="redacted worlds"),
]
KEY = b"a key that stays on this machine"
COUNT = re.compile(r"\b\d[\d,]*(?= [a-z]|$)")


def redacted(report: Report) -> Report:
    return shared(report, Pseudonyms(KEY, vocabulary()))


def steps_of(report: Report) -> list[tuple[Any, ...]]:
    """What a plan counts, step by step: no downloads, which are rounded, and no commands."""
    return [
        (
            (step.number, step.section, step.kind, step.who, step.codes, step.after),
            (dict(step.counts), sorted(step.stays.values()), step.unknown, len(step.held_for)),
            # Actions stand in the order of names.
            sorted(
                (len(one.closes), len(one.names), len(one.paths))
                for one in (*step.actions, *step.apart)
            ),
            (len(step.apart), step.reach.packages, step.reach.repositories),
            (step.releases, step.ordered, step.commits),
        )
        for step in plan_of(report).steps
    ]


def screen_of(report: Report) -> tuple[Any, ...]:
    """What the screen counts, with the kind of each target."""
    summary = summary_of(report, plan_of(report))
    lines = [line.partition(": ") for line in summary.targets]
    return (
        (summary.verdict, summary.severities, summary.unknown, summary.questions, summary.others),
        (COUNT.findall(summary.sentence), sorted(one.count for one in summary.causes)),
        sorted((name.partition(":")[0], counts) for name, _, counts in lines),
    )


@pytest.mark.parametrize("name", WORLDS)
def test_the_plan_counts_the_same(name: str) -> None:
    report = audited(name)
    assert steps_of(redacted(report)) == steps_of(report)


@pytest.mark.parametrize("name", WORLDS)
def test_the_screen_counts_the_same(name: str) -> None:
    report = audited(name)
    assert screen_of(redacted(report)) == screen_of(report)


@pytest.mark.parametrize("name", WORLDS)
def test_who_can_publish_is_counted_the_same_and_large_numbers_are_rounded(name: str) -> None:
    made = [one.publishing for one in (audited(name), redacted(audited(name)))]
    counted = [
        [
            ([path.state for path in one.paths], len(one.steps), rounded(one.weekly or 0))
            for one in (() if publishing is None else publishing.packages)
        ]
        for publishing in made
    ]
    assert counted[0] == counted[1]


@pytest.mark.parametrize("name", WORLDS)
def test_what_a_provider_calls_itself_stays(name: str) -> None:
    """Also where something is called like it, as an environment `npm` is."""
    names = Pseudonyms(KEY, vocabulary())
    for word in ("github", "npm"):
        names.learn(word)
    report = audited(name)
    for before, after in zip(report.findings, shared(report, names).findings, strict=True):
        assert str(after.outcome).count("GitHub") == str(before.outcome).count("GitHub")
    assert {one.partition(":")[0] for one in shared(report, names).targets} <= {"me", *PROVIDERS}
