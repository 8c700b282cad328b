"""A part of a report: what is asked for, nothing else, and never the look of a whole run."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.engine.report_filter import (
    FilteredFindings,
    Named,
    ReportFilter,
    cut,
    cuts,
    each_member,
    each_place,
    of_member,
)
from hardenme.ground.errors import UsageError
from hardenme.model.finding import Finding
from hardenme.model.finding_summary import glances, picked, weight
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.reports import FORMATS, render
from hardenme.reports.reading import read
from tests.reports.rich_sample import rich
from tests.reports.sample import hostile, maintainer

LOST = Unknown(Reason.NOT_PERMITTED, "organization owner")
REPORTS = (rich(), maintainer(), hostile(), read(render(rich(), "json")))


def about(subject: str, within: str = "", code: str = "GHO102") -> Finding:
    one = Subject.parse(subject)
    upper = Subject.parse(within) if within else one
    return Finding(
        code, "some-check", "Something is open", one, upper, one.name, LOST, Severity.HIGH
    )


def some(report: Report, data: st.DataObject) -> ReportFilter:
    findings = list(report.findings)
    codes = data.draw(st.lists(st.sampled_from(sorted({one.code for one in findings})), max_size=3))
    subjects = sorted({str(one.subject) for one in findings if ":" in str(one.subject)})
    named = data.draw(st.lists(st.sampled_from(subjects), max_size=3))
    return ReportFilter(
        codes=tuple(codes),
        named=tuple(map(Named, named)),
        unknown=data.draw(st.booleans()),
        least=data.draw(st.none() | st.sampled_from(Severity)),
    )


@given(st.sampled_from(REPORTS), st.data())
def test_a_part_holds_what_is_taken_in_order_and_counts_it(
    report: Report, data: st.DataObject
) -> None:
    wanted = some(report, data)
    part = cut(report, wanted)
    taken = [one for one in report.findings if wanted.takes(one)]
    assert list(part.findings) == (taken if wanted else list(report.findings))
    if not wanted:
        assert part is report
        return
    assert part.coverage.asked == sum(one.result != "manual" for one in taken)
    unknown = sum(one.result in {"unknown", "errored"} for one in taken)
    assert part.coverage.asked - part.coverage.known == unknown
    assert part.coverage.checks == len({one.code for one in taken})
    assert set(part.checks) <= {one.code for one in taken}
    assert part.coverage.notes[0] == (
        f"This is a selection: {len(taken)} of the {len(report.findings)} results of the run"
    )
    assert (part.partial, part.halted, part.warnings) == (
        report.partial,
        report.halted,
        report.warnings,
    )


@given(st.sampled_from(REPORTS), st.data())
def test_what_is_chosen_is_as_the_findings_themselves(report: Report, data: st.DataObject) -> None:
    places = data.draw(st.sets(st.integers(0, len(report.findings) - 1)))
    chosen = FilteredFindings(report.findings, sorted(places))
    plain = [list(report.findings)[place] for place in sorted(places)]
    assert list(chosen) == plain
    assert len(chosen) == len(plain)
    assert list(chosen.glances()) == list(glances(plain))
    some_of = data.draw(st.sets(st.sampled_from(range(len(plain))))) if plain else set()
    assert list(picked(chosen, some_of)) == list(picked(plain, some_of))
    assert [chosen[at] for at in range(len(plain))] == plain


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_works_on_a_part(form: str) -> None:
    report = replace(rich(), partial="the rate limit is used up")
    part = cut(report, ReportFilter(codes=("GHB",)))
    assert 0 < len(part.findings) < len(report.findings)
    text = render(part, form)
    if form == "json":
        again = read(text)
        assert set(again.checks) == {one.code for one in part.findings}
        assert again.partial == report.partial
        assert again.coverage.notes == part.coverage.notes


@pytest.mark.parametrize(
    ("word", "subject", "within"),
    [
        ("github:acme", "github:org/acme", ""),
        ("github:ACME", "github:user/acme", ""),
        ("github:acme", "github:repo/Acme/web", ""),
        ("github:acme", "github:member/acme/hazel", "github:org/acme"),
        ("github:acme", "github:deploy-key/acme/web/71", "github:repo/acme/web"),
        ("github:acme/web", "github:repo/acme/WEB", "github:user/acme"),
        ("github:acme/web", "github:workflow/acme/web/x.yml", "github:repo/acme/web"),
        ("github:repo/acme/web", "github:deploy-key/acme/web/71", "github:repo/acme/web"),
        ("github:deploy-key/acme/web/71", "github:deploy-key/acme/web/71", "github:repo/acme/web"),
        ("github:repo/acme/*", "github:repo/acme/web", ""),
        ("npm:@acme", "npm:package/@acme/ui", "npm:user/ada"),
        ("npm:@acme", "npm:member/acme/ada", "npm:org/acme"),
        ("npm:@acme/ui", "npm:trusted-publisher/71", "npm:package/@acme/ui"),
        ("npm:left-pad", "npm:package/left-pad", ""),
        ("local", "local:npmrc/~", "local:workstation/this"),
        ("me", "npm:token/3f9c", "npm:user/ada"),
    ],
)
def test_a_word_names_what_lies_in_it(word: str, subject: str, within: str) -> None:
    one = about(subject, within)
    assert Named(word).covers(one.subject, one.within)


@pytest.mark.parametrize(
    ("word", "subject", "within"),
    [
        ("github:acme", "github:repo/acme-labs/web", ""),
        ("github:acme", "npm:package/acme", ""),
        ("github:acme/web", "github:member/acme/web", "github:org/acme"),
        ("github:acme/web", "github:repo/acme/web2", ""),
        ("github:acme/web", "github:org/acme", ""),
        ("github:org/acme", "github:repo/acme/web", ""),
        ("npm:@acme", "npm:package/@acme-labs/ui", ""),
        ("npm:@acme", "npm:package/acme", ""),
        ("npm:UI", "npm:package/ui", ""),
        ("npm:left-pad", "npm:package/left-pad2", ""),
        ("local", "github:user/local", ""),
    ],
)
def test_a_word_names_nothing_else(word: str, subject: str, within: str) -> None:
    one = about(subject, within)
    assert not Named(word).covers(one.subject, one.within)


@pytest.mark.parametrize("word", ["github:", "npm:@", "gitlab:x", "npm:a b"])
def test_what_names_nothing_is_refused(word: str) -> None:
    with pytest.raises(UsageError):
        Named(word)


@pytest.mark.parametrize(("name", "found"), [("web", 2), ("acme/WEB", 1), ("we", 0), ("acme", 0)])
def test_a_repository_goes_by_its_name_or_with_its_owner(name: str, found: int) -> None:
    findings = (
        about("github:repo/acme/web"),
        about("github:deploy-key/other/web/1", "github:repo/other/web"),
        about("github:repo/acme/website"),
    )
    part = cut(replace(maintainer(), findings=findings), ReportFilter(repositories=(name,)))
    assert len(part.findings) == found


def test_who_can_publish_stays_for_the_packages_that_are_named() -> None:
    whole = rich()
    assert whole.publishing
    name = whole.publishing.packages[0].package
    part = cut(whole, ReportFilter(named=(Named(f"npm:{name}"),)))
    assert part.publishing
    assert [one.package for one in part.publishing.packages] == [name]
    assert all(name in one.packages for one in part.publishing.reaches)
    by_code = cut(whole, ReportFilter(codes=("NP",)))
    assert by_code.publishing is None
    assert "Who can publish is left out of this selection" in by_code.coverage.notes


def test_a_member_comes_with_the_lists_that_are_lost() -> None:
    lost, mine = about("github:org/acme"), about("github:member/acme/Hazel")
    others = about("github:member/acme/rowan"), about("github:org/acme", code="GHO101")
    report = replace(maintainer(), findings=(lost, *others, mine))
    assert list(of_member(report, "hazel", {"GHO102"}).findings) == [lost, mine]
    assert list(of_member(report, "hazel").findings) == [mine]
    assert list(of_member(report, "nobody").findings) == []
    by_each = {login: list(part.findings) for login, part in each_member(report, {"GHO102"})}
    assert by_each == {"Hazel": [lost, mine], "rowan": [lost, others[0]]}


@given(st.sampled_from(REPORTS))
def test_by_each_member_is_by_each_one_alone(report: Report) -> None:
    lists = {"GHO102", "GHO104"}
    for login, part in each_member(report, lists):
        assert list(part.findings) == list(of_member(report, login, lists).findings)
        assert part.coverage == of_member(report, login, lists).coverage


@pytest.mark.parametrize("report", REPORTS, ids=["rich", "maintainer", "hostile", "read"])
def test_parts_of_one_run_share_it(report: Report) -> None:
    """The plan of a run is made once for all of its parts."""
    repositories = [one for one in {finding.within.name for finding in report.findings} if one]
    several = [ReportFilter(repositories=(name,)) for name in repositories]
    parts = [*cuts(report, several)]
    assert [[*part.findings] for part in parts] == [
        [*cut(report, wanted).findings] for wanted in several
    ]
    for shared in (
        parts,
        [part for _, part in each_place(report)],
        [part for _, part in each_member(report, ())],
    ):
        runs = {part.whole for part in shared}
        assert len(runs) == bool(shared)
        assert None not in runs


def test_severity_takes_what_a_failure_weighs() -> None:
    report = maintainer()
    part = cut(report, ReportFilter(least=Severity.HIGH))
    assert part.findings
    assert all(weight(one) >= Severity.HIGH for one in part.findings)
