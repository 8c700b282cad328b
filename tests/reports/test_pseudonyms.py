"""A report to share: no name of anybody is in it, in any format."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from urllib.parse import quote, unquote

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from hardenme.model.finding import Attested, Errored, Finding
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.last_known import LastKnown
from hardenme.model.publishing import (
    BlastRadius,
    ClosingStep,
    Hop,
    PackagePaths,
    Publishing,
    PublishPath,
    State,
)
from hardenme.model.report import Coverage, Identity, Report, Traffic
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed
from hardenme.model.waiver import Waiver, Waivers
from hardenme.model.way import Way
from hardenme.reports import FORMATS, render
from hardenme.reports.fixplan.build import plan_of as plan
from hardenme.reports.fixplan.titles import unusual
from hardenme.reports.jsonfile import SCHEMA
from hardenme.reports.pseudonyms import REDACTED, Pseudonyms, shared
from hardenme.reports.pseudonyms.vocabulary import vocabulary
from hardenme.reports.pseudonyms.words import PREFIX, words
from hardenme.reports.reading import read
from tests.reports.rich_sample import rich
from tests.reports.sample import AT, atom, finding, maintainer, report_of

pytestmark = pytest.mark.second_tier("whole reports in every format", one_of=3)

KEY = b"a key that stays on this machine"
NAMES = (
    "zorvex",  # an organization
    "quimble-labs",  # a scope
    "Frobnitz",  # a repository
    "snarfle_2",  # a package
    "hexadine",  # a person
    "grumbold@plimsy.example",  # an address
    "ghe.wazzock.example",  # a host
    "WIBBLE_DEPLOY_KEY",  # a secret
    "blorptop of Yendric",  # a key's label
    "/home/crumpet/.npmrc",  # a path
    "tresselform.yml",  # a workflow
    "vantibrook",  # an environment
    "gl\u00fchwurm\u65e5\u672c",  # not ASCII
    "0f754593-8e37-5503-bb2b-d00c1ff78d53",  # a token's number
    "73000017",  # a key's number
)
PARTS = sorted(
    {
        part.casefold()
        for name in NAMES
        for part in re.split(r"[^\w-]+", name)
        if part not in {"", "home", "npmrc", "yml", "example", "of", "ghe"}
    }
)
"""What must not be found. Common parts are words of our own."""


def pseudonyms(key: bytes = KEY) -> Pseudonyms:
    return Pseudonyms(key, vocabulary())


def fix_of(name: str) -> Fix:
    return Fix(
        step=f"Remove {name} from zorvex/Frobnitz, or ask hexadine.",
        page=f"https://ghe.wazzock.example/zorvex/{quote(name, safe='')}/settings",
        command=f"gh api -X DELETE repos/zorvex/Frobnitz/keys/{name} && npm owner rm {name} x",
        needs=f"the owner of {name}",
        undo=f'Add "{name}" again at https://github.com/{name}',
        wider=Fix(f"Do it for all of {name}.", f"https://github.com/organizations/{name}"),
    )


def about(name: str) -> Iterator[Finding]:
    """A name in every place of every outcome."""
    repo = Subject("github", "repo", "zorvex/Frobnitz")
    own = Subject("github", "deploy-key", f"zorvex/Frobnitz/{name}")
    failed = Failed(
        f"{name} can push, and `{name}` was used by {name}", {name: [name]}, fix_of(name)
    )
    outcomes = (
        failed,
        Passed(f"{name} is on", {"name": name}),
        NotApplicable(f"{name} is empty", {"name": name}),
        Manual(f"Is {name} yours?", f"https://npmjs.com/{quote(name)}", fix_of(name)),
        Unknown(Reason.NOT_PERMITTED, f"rights on {name}", f"404 {name}", (atom(f"GET /{name}"),)),
        Attested(f"{name} was looked at", name, AT),
        Errored("KeyError"),
    )
    for number, outcome in enumerate(outcomes):
        code = ("GHB101", "GHR102", "GHB103", "NPA103", "NPT106", "GHA104", "GHT102")[number]
        yield finding(code, own, outcome, within=repo, label=name, endpoint=f"GET /repos/{name}")
    waiver = Waiver(
        "GHB101", f"github:repo/{name}/*", f"since {name}", date(2027, 1, 1), name, name
    )
    yield replace(finding("GHB101", repo, failed, within=repo), waiver=replace(waiver, origin=name))


def named() -> Report:
    """Every name in every place."""
    report = report_of([one for name in NAMES for one in about(name)], partial=" ".join(NAMES))
    waiver = Waiver("GHB101", "github:org/zorvex", "zorvex", date(2027, 1, 1), "hexadine", "zorvex")
    paths = tuple(
        PublishPath(
            f"token/{name}", Way.TOKEN, name, State.OPEN, f"{name} publishes",
            hops=(Hop("token", name), Hop("repository", name)), needed=f"{name} is asked",
        )
        for name in NAMES
    )  # fmt: skip
    step = ClosingStep("trust/zorvex", fix_of("zorvex"), ("token/zorvex",), presence=True)
    packages = tuple(
        PackagePaths(name, 1_234_567, paths, (step,), (f"of {name}",)) for name in NAMES
    )
    return replace(
        report,
        targets=tuple(f"github:{name}" for name in NAMES),
        identities=tuple(
            Identity("github", f"https://ghe.wazzock.example:8443/{name}", name, "classic", name)
            for name in NAMES
        ),
        coverage=Coverage(1, 2, 3, dict.fromkeys(NAMES, 1), NAMES),
        traffic=Traffic({"ghe.wazzock.example": 3, "api.github.com": 1}, 0, 0.1),
        allowed_unknown=NAMES,
        warnings=tuple(f"certificates are checked against {name}" for name in NAMES),
        publishing=Publishing(packages, (BlastRadius(Way.TOKEN, "zorvex", NAMES, 7_654_321),)),
        waivers=Waivers((waiver,), (waiver,), (waiver,)),
        inventory=tuple(map(_place, NAMES)),
        carried=LastKnown(tuple(about("zorvex")), tuple(map(_place, NAMES))),
    )


def _place(name: str) -> Place:
    subject = Subject("github", "repo", f"zorvex/{name}")
    item = InventoryItem("deploy key", subject, name, name, {"login": name, "teams": (name, name)})
    return Place(subject, {"deploy key": Unknown(Reason.NOT_VISIBLE, f"see {name}")}, (item,))


def bare(text: str) -> str:
    """The text with its encodings taken off, one after the other."""
    for _ in range(2):
        text = unquote(re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text))
    return text.casefold() + " ".join(text.split()).replace(" ", "").casefold()


@pytest.mark.second_tier("takes long in all", one_of=4)
@pytest.mark.sampled(3)
@pytest.mark.parametrize("form", list(FORMATS))
def test_no_name_is_left_in_any_format(form: str) -> None:
    whole = bare(render(named(), form))
    assert "zorvex" in whole, "there was something to replace"
    found = bare(render(shared(named(), pseudonyms()), form))
    assert [part for part in PARTS if part in found] == []


@pytest.mark.second_tier("takes long in all", one_of=3)
@pytest.mark.parametrize("form", ["table", "markdown", "json"])
def test_one_vocabulary_or_none_makes_no_difference_for_names(form: str) -> None:
    found = bare(render(shared(named(), Pseudonyms(KEY, frozenset())), form))
    assert [part for part in PARTS if part in found] == []


def test_a_report_that_was_stored_is_redacted_the_same() -> None:
    text = render(rich(), "json")
    assert render(shared(read(text), pseudonyms()), "json") == render(
        shared(rich(), pseudonyms()), "json"
    )


def test_it_looks_as_it_did(snapshot: SnapshotAssertion) -> None:
    # The words of the sample stand for those of the catalogue, which grow.
    report = maintainer()
    own = {word for one in report.findings for word in words(f"{one.subject.name} {one.label}")}
    names = Pseudonyms(KEY, frozenset(words(render(report, "table", width=1000))) - own)
    assert render(shared(report, names), "table", width=100) == snapshot


def test_what_is_no_name_stays() -> None:
    before, after = rich(), shared(rich(), pseudonyms())
    assert after.counts() == before.counts()
    assert after.checks == before.checks
    assert after.standards == before.standards
    assert after.redacted == f"{REDACTED} The mark of the key: {pseudonyms().mark}."
    assert Pseudonyms(b"another key of thirty-two bytes!", frozenset()).mark not in after.redacted
    assert len(after.findings) == len(before.findings)
    for one, other in zip(before.findings, after.findings, strict=True):
        assert (one.code, one.slug, one.severity, one.result) == (
            other.code,
            other.slug,
            other.severity,
            other.result,
        )
        assert one.subject.kind == other.subject.kind
    text = render(after, "json")
    jsonschema.validate(json.loads(text), json.loads(SCHEMA.read_text("utf-8")))
    assert "two-factor authentication is off" in text
    assert "GET /repos/" in text
    assert "2026-11-24T16:03:05Z" in text


@pytest.mark.parametrize(
    ("release", "kept"),
    [
        ("0.9.1", "@0.9.1"),
        ("1.0.0-beta.2", "@1.0.0-beta.2"),
        ("2.0.0-rc.1", "@2.0.0-rc.1"),
        ("latest", "@latest"),
        ("next", "@next"),
        ("1.0.0-zorvex.3", "@1.0.0-name-"),
        ("zorvex", "@name-"),
        ("10.0.0.1", "@name-"),
    ],
)
def test_a_version_stays_and_what_is_in_it_of_a_name_does_not(release: str, kept: str) -> None:
    names = pseudonyms()
    package = f"@quimble-labs/snarfle@{release}"
    names.learn(package)
    for shown in (names.name(package), names.text(f"npm deprecate {package} here")):
        assert kept in shown
        assert not {"zorvex", "quimble", "snarfle"} & {*words(shown)}
        assert ("@name-" in shown.partition("/")[2]) is (kept == "@name-")
    assert names.text(f"back to {release}:").startswith(f"back to {kept[1:]}")


def test_what_a_title_counts_is_counted_the_same() -> None:
    for release in ("0.9.1", "latest", "2x", "1.0.0-zorvex.3", "zorvex"):
        subject = Subject("npm", "package", f"@quimble-labs/snarfle@{release}")
        one = finding("NPP107", subject, Failed("it is strange", {"x": 1}, fix_of("Frobnitz")))
        step = plan(report_of([one])).steps
        shown = plan(shared(report_of([one]), pseudonyms())).steps
        assert unusual(shown) == unusual(step)


def test_a_name_has_one_pseudonym_everywhere_and_in_every_report() -> None:
    names = pseudonyms()
    one = render(shared(named(), names), "json")
    mine = names.of("zorvex")
    assert re.fullmatch(rf"{PREFIX}[a-z]{{10}}", mine)
    assert mine == pseudonyms().of("ZORVEX") != pseudonyms(b"another key").of("zorvex")
    assert one.count(mine) > 50
    assert f"github:deploy-key/{mine}/" in one
    assert render(shared(named(), pseudonyms()), "json") == one
    other = report_of(about("zorvex"))
    assert mine in render(shared(other, pseudonyms()), "json")


def test_large_numbers_are_rounded() -> None:
    after = shared(named(), pseudonyms()).publishing
    assert after is not None
    assert {one.weekly for one in after.packages} == {1_000_000}
    assert after.reaches[0].weekly == 7_000_000


def test_steps_still_close_the_paths_that_they_closed() -> None:
    before, after = rich().publishing, shared(rich(), pseudonyms()).publishing
    assert before
    assert after
    for one, other in zip(before.packages, after.packages, strict=True):
        was = {path.key: number for number, path in enumerate(one.paths)}
        now = {path.key: number for number, path in enumerate(other.paths)}
        assert [[was.get(key) for key in step.closes] for step in one.steps] == [
            [now.get(key) for key in step.closes] for step in other.steps
        ]


def test_words_of_ours_go_where_they_stand_as_names() -> None:
    """A repository may be called like a word that every report holds."""
    names = pseudonyms()
    names.learn("settings/branch")
    told = names.text("The settings of settings/branch: see `branch`, a branch rule is missing.")
    org, repo = names.of("settings"), names.of("branch")
    assert told == f"The settings of {org}/{repo}: see `{repo}`, a branch rule is missing."


def accepted_by(login: str) -> Iterator[Report]:
    """Reports that hold a waiver of somebody in each place that there is for one."""
    waiver = Waiver("GHB101", "github:repo/zorvex/*", "an archive", date(2027, 1, 1), login)
    told = Failed(f"`{login}` can push", {"by": f"@{login}"}, fix_of("Frobnitz"))
    one = finding("GHB101", Subject("github", "repo", "zorvex/Frobnitz"), told)
    yield report_of([replace(one, waiver=waiver)])
    yield report_of([replace(one, lapsed=waiver)])
    for place in ("unused", "expired", "proposed"):
        yield replace(report_of([one]), waivers=replace(Waivers(), **{place: (waiver,)}))


def test_who_accepts_a_failure_is_a_name_though_it_is_a_word_of_vocabulary() -> None:
    assert "branch" in vocabulary()
    for report in accepted_by("branch"):
        (one,) = shared(report, pseudonyms()).findings
        assert isinstance(one.outcome, Failed)
        mine = pseudonyms().of("branch")
        assert one.outcome.message == f"`{mine}` can push"
        assert one.outcome.seen["by"] == f"@{mine}"


def test_hosts_of_everybody_stay_and_others_go() -> None:
    names = pseudonyms()
    for address in ("https://github.com/settings/keys", "https://www.npmjs.com/settings"):
        assert names.text(address) == address
    for host in ("10.1.2.3", "127.0.0.1", "code.security.org", "localhost", "github.com.evil.org"):
        told = names.text(f"see http://{host}:8080/settings")
        assert host not in told
        assert re.fullmatch(rf"see http://{PREFIX}[a-z]+\.invalid:8080/settings", told)


def test_a_name_cannot_pass_for_a_pseudonym() -> None:
    assert "name-zorvexcorp" not in pseudonyms().text("owned by name-zorvexcorp")
    assert "name-zorvexcorp" not in pseudonyms().name("name-zorvexcorp")


TEXT = st.text(alphabet=st.sampled_from("aZ9-_.@%/+ `\"'\u00e9\u202e\ud800:"), max_size=40)


@given(TEXT)
@settings(max_examples=200)
def test_no_word_of_any_text_is_left(text: str) -> None:
    names = Pseudonyms(KEY, frozenset())
    for told in (names.text(f"{text} zorvex/{text}"), names.name(f"{text}zorvex")):
        assert "zorvex" not in unquote(told)


def test_a_long_text_of_anything_is_taken() -> None:
    names = pseudonyms()
    for text in ("x", "a.", "a+", "a@", "%41", "%25", "25", "%", "`", "\u00e9", "\ud800", "a b "):
        told = names.text(f"%{text * (30_000 // len(text))}")
        assert len(told) < 500_000


def test_the_vocabulary_holds_our_words_and_no_example_of_the_documentation() -> None:
    assert {"two-factor", "repository", "NOT_PERMITTED", "HARDENME_GITHUB_TOKEN"} <= vocabulary()
    assert not {"acme", "octocat", "mallow", "zorvex"} & vocabulary()
