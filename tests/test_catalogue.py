"""The catalogue as a whole: stable names, documentation, permissions, examples of each check."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields

import pytest

import hardenme_checks
from hardenme.cli.waive.subject import KINDS
from hardenme.collectors.github.batch import PARTS as BATCHED
from hardenme.collectors.registry import collectors, giving
from hardenme.engine.catalogue import ROOMS, catalogue, matches, select
from hardenme.engine.plan import DERIVED, derivations, plan, sources
from hardenme.model.check import SECTIONS, Check
from hardenme.model.fact import Fact
from hardenme.model.permission import SCOPE_CHILDREN, Scheme, expand_scopes
from hardenme.model.profile import PROFILES
from hardenme.model.verdict import Failed
from tests.catalogue_table import TABLE
from tests.each import each
from tests.failing import failing_findings
from tests.passing import ALARMING, ASKING, MANUAL, passing_cases
from tests.test_plain_words import begins_with_a_verb

CHECKS = each(catalogue(), lambda check: check.code)
CODES = [check.code for check in catalogue()]
FACTS = sorted(sources(kind for check in catalogue() for kind in check.facts), key=str)
WHOLE = (
    *("GHA", "GHT", "GHO", "GHB", "GHR", "GHW"),
    *("NPA", "NPT", "NPP", "NPO", "PUB", "REL"),
    *("LOC", "ATT"),
)
"""The families of which every code is built."""
PUBLIC = frozenset(
    {
        "Account",
        "Token",
        "TokenReach",
        "TokenScopes",
        "TokenWriteProbe",
        "OrganizationProfile",
        "ClassicTokenPolicy",
        "OAuthAppPolicy",
        "NpmAccount",
        "Package",
        "NewestRelease",
        "WeeklyDownloads",
        "ReleaseHistory",
        "DependencyAge",
        "PackageRepository",
        "RegistrySignature",
        "ReleaseProvenance",
        "AccountFactors",
        "AccountPractice",
        "PublishingAccess",
        "MailDomain",
        "DomainRegistration",
    }
)
"""Facts that anyone, or any valid token, may read."""
READING_SCOPES = frozenset(
    {
        "admin:org_hook",
        "admin:org",
        "read:public_key",
        "read:gpg_key",
        "read:ssh_signing_key",
        "repo",
        "user",
    }
)
"""What the whole catalogue asks of a classic token. GitHub has no reading form of the last two, nor
of the two of organizations."""
FLAT = frozenset({"admin:org_hook"})
"""Scopes that neither include nor are included."""
LEVELS = frozenset({"read", "write", "admin"})


def test_a_code_never_changes_its_slug_or_severity() -> None:
    assert {check.code: (check.slug, check.severity) for check in catalogue()} == {
        code: tuple(TABLE[code]) for code in CODES
    }


def test_no_check_is_lost() -> None:
    assert {code for code in TABLE if code[:3] in WHOLE} == set(CODES)


def test_codes_and_slugs_are_unique() -> None:
    slugs = [row.slug for row in TABLE.values()]
    assert len(set(slugs)) == len(slugs)
    assert len(set(CODES)) == len(CODES)
    assert list(hardenme_checks.MODULES) == sorted(set(hardenme_checks.MODULES))


@CHECKS
def test_a_check_is_documented(check: Check) -> None:
    texts = check.texts
    assert set(texts) == {"summary", *SECTIONS}, "a section that no reader looks for"
    assert texts["summary"].endswith(".")
    assert len(texts["summary"]) <= 100, "a summary is one line"
    assert texts["why"], "why it matters"
    assert texts["fix"], "how it is fixed"
    # The texts are shown to users as they stand: an unfinished one would be published.
    assert "TODO" not in " ".join(texts.values()), "a text that its author has not finished"
    assert re.fullmatch(r"\d+\.\d+", check.since)
    assert check.profiles <= PROFILES.keys()


def test_each_check_names_a_problem_of_its_own() -> None:
    titles = Counter(check.title.casefold() for check in catalogue())
    assert [title for title, number in titles.items() if number > 1] == []


@CHECKS
def test_a_title_names_the_problem_and_not_what_holds(check: Check) -> None:
    first, *_ = check.title.split()
    named = {"npm", "gh", "actions.lock", ".npmrc", "latest"}
    assert first[0].isupper() or first in named, "it heads a finding"
    assert check.title.casefold() != check.summary.rstrip(".").casefold()


@CHECKS
def test_a_check_is_called_as_its_slug(check: Check) -> None:
    assert check.function.__name__ == check.slug.replace("-", "_")


@CHECKS
def test_a_check_judges_one_fact_that_it_needs(check: Check) -> None:
    first = check.parameters[0]
    assert not first.given
    assert not first.every, "a check does not loop over its subjects"
    assert not first.optional, "what is judged is there"


@CHECKS
def test_codes_that_a_text_names_exist(check: Check) -> None:
    named = set(re.findall(r"\b[A-Z]{3}\d{3}\b", " ".join(check.texts.values())))
    assert named <= TABLE.keys()


@each(FACTS, lambda kind: kind.__name__)
def test_a_fact_says_where_it_is_read_and_what_that_takes(kind: type[Fact]) -> None:
    assert kind.source
    asks = bool(kind.requirement.alternatives)
    open_to_all = kind.__name__ in PUBLIC or ".facts.local." in kind.__module__
    assert asks is not open_to_all, "declare what it takes, or list it as public"
    for alternative in kind.requirement.alternatives:
        assert alternative, "an alternative that asks for nothing"
        for permission in alternative:
            if permission.scheme is Scheme.CLASSIC:
                known = SCOPE_CHILDREN.keys() | expand_scopes(SCOPE_CHILDREN) | FLAT
                assert permission.name in known, permission
            if permission.scheme is Scheme.FINE_GRAINED:
                name, _, level = permission.name.rpartition(":")
                assert re.fullmatch(r"[a-z_]+", name), permission
                assert level in LEVELS, permission


@each(FACTS, lambda kind: kind.__name__)
def test_a_fact_documents_each_field(kind: type[Fact]) -> None:
    own = [item.name for item in fields(kind) if item.name not in {"subject", "within", "label"}]
    documented = "".join(base.__doc__ or "" for base in kind.__mro__)
    missing = [name for name in own if not re.search(rf"^\s+{name}: ", documented, re.MULTILINE)]
    assert not missing


@each(FACTS, lambda kind: kind.__name__)
def test_a_fact_is_asked_for_once(kind: type[Fact]) -> None:
    givers = [collector for collector in collectors() if kind in collector.gives]
    assert givers
    starts = [root for collector in givers for root in (*collector.roots, *collector.of)]
    assert len(starts) == len(set(starts)), "two collectors ask the same of a subject"
    batched = any(kind in part.gives for part in BATCHED)
    shallowest = min(collector.depth for collector in givers)
    assert batched or shallowest <= kind.depth, "nothing asks at its depth"


def test_what_a_derived_fact_takes_is_what_its_sources_take() -> None:
    for kind in derivations():
        bases = sources([kind])
        asked = {
            permission
            for base in bases
            for alternative in base.requirement.alternatives
            for permission in alternative
        }
        told = {item for alternative in kind.requirement.alternatives for item in alternative}
        assert told <= asked, f"{kind.__name__} tells a right that nothing takes"


def test_the_whole_catalogue_takes_these_scopes() -> None:
    assert plan(catalogue()).least_scopes() == READING_SCOPES


@CHECKS
def test_a_check_has_a_passing_case(check: Check) -> None:
    passes = check.code not in MANUAL | ALARMING
    assert (check.code in passing_cases()) is passes, "does the sandbox answer for it?"


@CHECKS
def test_a_check_has_a_failing_case_with_a_fix(check: Check) -> None:
    if check.code in MANUAL | ASKING:
        assert check.code not in failing_findings()
        return
    assert check.code in failing_findings(), "no world fails it; does the sandbox answer for it?"
    finding = failing_findings()[check.code]
    subject = finding.subject
    assert subject.provider != "github" or subject.kind in KINDS, "`waive add` takes it for a login"
    assert isinstance(finding.outcome, Failed)
    assert finding.sources, "a verdict rests on answers"
    assert finding.reads, "a verdict rests on fields"
    fix = finding.outcome.fix
    assert begins_with_a_verb(fix.step)
    assert fix.needs, "who can do it"
    assert fix.undo, "how it is taken back"


def test_a_code_tells_in_which_room_its_check_is() -> None:
    """So that a selection of codes need not load the other rooms."""
    for begins, room in ROOMS.items():
        found = {
            check.function.__module__ for check in catalogue() if check.code.startswith(begins)
        }
        assert found
        assert all(name.startswith(f"hardenme_checks.{room}.") for name in found), begins


@pytest.mark.parametrize(
    "names", [("LOC101",), ("GHA", "npt101"), ("REL", "token-expires"), ("G",)]
)
def test_a_selection_is_the_same_as_of_the_whole_catalogue(names: tuple[str, ...]) -> None:
    whole = [c for c in catalogue() if any(matches(c.code, c.slug, name) for name in names)]
    assert list(select(names)) == whole


def test_what_is_asked_for_facts_is_all_that_gives_them() -> None:
    for kind in {kind for one in collectors() for kind in one.gives}:
        assert giving([kind]) == tuple(one for one in collectors() if kind in one.gives), kind


def test_a_derived_fact_says_so_and_no_other_does() -> None:
    assert all(kind.source.startswith(DERIVED) for kind in derivations())
    read = {kind for one in collectors() for kind in one.gives}
    assert not [kind for kind in read if kind.source.startswith(DERIVED)]
