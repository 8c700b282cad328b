"""`show --each-repository`: a file for each repository, package and account."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from hardenme.cli.show.folder import ENDINGS, place_name
from hardenme.model.finding import Attested, Finding, Outcome
from hardenme.model.subject import Subject
from hardenme.model.verdict import Manual, NotApplicable, Passed
from hardenme.model.waiver import Waiver
from hardenme.reports import pieces
from hardenme.store.runs import Runs
from tests.cli.command import Command, Ran
from tests.cli.show.test_each_member import STATE, failed, texts
from tests.reports.sample import (
    AT,
    HOSTILE,
    WEB,
    report_of,
    repository,
    unprotected,
    without_alerts,
)

pytestmark = pytest.mark.sampled(10)


def kept(command: Command, *findings: Finding) -> None:
    whole = report_of(findings)
    Runs(command.home / STATE).keep(whole, pieces(whole, "json"))


@pytest.mark.second_tier("a whole run with every file")
def test_every_finding_of_the_demo_is_in_one_file(
    command: Command, demonstrate: Callable[[Command], Ran]
) -> None:
    demonstrate(command)
    document = json.loads(command("show", "--demo", "-f", "json").out)
    ran = command("show", "--demo", "--each-repository", "todo", "-f", "markdown")
    assert ran.code == 0
    found = texts(command.folder / "todo")
    index = found.pop("README.md")
    assert re.findall(r"\[(\S+)\]\(\1\)", index)
    assert set(re.findall(r"\]\((\S+)\)", index)) == set(found)
    assert ran.told[-1] == f"hardenme: {len(found) + 1} files in todo, begin with README.md"
    failed = [one for one in document["findings"] if one["outcome"] == "failed"]
    last = [text.splitlines()[-2].partition(" failed")[0] for text in found.values()]
    assert sum(map(int, last)) == len(failed)
    unknown = [int(re.findall(r"· (\d+) unknown", text)[-1]) for text in found.values()]
    assert sum(unknown) == document["counts"]["unknown"] + document["counts"]["errored"]
    modes = {path.stat().st_mode & 0o777 for path in (command.folder / "todo").iterdir()}
    assert modes == {0o600}


@pytest.mark.second_tier("a whole run with every file")
def test_each_file_is_a_ticket_that_needs_no_hardenme(
    command: Command, demonstrate: Callable[[Command], Ran]
) -> None:
    demonstrate(command)
    assert command("show", "--demo", "--each-repository", "todo").code == 0
    document = json.loads(command("show", "--demo", "-f", "json").out)
    found = texts(command.folder / "todo")
    index = found.pop("README.md")
    assert {*re.findall(r"\]\((\S+)\)", index)} == {*found}
    # A command stands with its conditions alone.
    assert not re.findall(r"`(?:npm|gh|git|echo) [^`]*`", index)
    for name, text in found.items():
        assert re.search(r"^For: .+\.$", text, re.MULTILINE), name
        assert text.count("hardenme") == text.count("Made by hardenme") == 1, name
        of = "" if name.startswith("step-") else " of this list"
        assert re.search(rf"\nReference{of}: `[a-z2-7]{{6}}`, from the check of .+\n$", text), name
    referred = set(re.findall(r"\(reference (\w{6})\)", "".join(found.values()) + index))
    assert {f"step-{one}.md" for one in referred} == {one for one in found if "step-" in one[:5]}
    assert referred
    everything = re.sub(r"[\s`\\]", "", "".join(found.values()))
    titles = {one["title"] for one in document["findings"] if one["outcome"] == "failed"}
    assert [one for one in titles if re.sub(r"[\s`\\]", "", one) not in everything] == []


def test_places_where_nothing_is_to_do_have_no_file_and_are_counted(command: Command) -> None:
    fine = replace(without_alerts("fine"), outcome=unprotected("fine").outcome)
    kept(command, unprotected("web"), fine, unprotected("api"))
    assert command("show", "--each-repository", "todo").code == 0
    # Besides the places there is a file of each first step.
    assert len([one for one in texts(command.folder / "todo") if not one.startswith("step-")]) == 4


SEEN = {"a": 1}
WAIVED = Waiver("GHB101", "github:repo/acme/web", "archived soon", date(2027, 1, 1))


@pytest.mark.parametrize(
    "outcome", [Passed("x", SEEN), NotApplicable("x", SEEN), Attested("x", "mallow", AT), WAIVED]
)
def test_what_is_answered_or_accepted_is_nothing_to_do(
    command: Command, outcome: Outcome | Waiver
) -> None:
    waived = outcome if isinstance(outcome, Waiver) else None
    given = unprotected("web").outcome if isinstance(outcome, Waiver) else outcome
    kept(command, replace(unprotected("web"), outcome=given, waiver=waived))
    ran = command("show", "--each-repository", "todo")
    index = texts(command.folder / "todo")
    assert set(index) == {"README.md"}
    assert "1 more has nothing to do." in index["README.md"]
    assert ran.told[-1].endswith("1 file in todo, begin with README.md; 1 more has nothing to do")


def test_what_only_a_person_can_answer_is_counted(command: Command) -> None:
    asked = Manual("Look at it.", WEB)
    ones = (replace(unprotected(name), outcome=asked) for name in ("web", "api", "web"))
    kept(command, *(replace(one, code=f"GHB10{at}") for at, one in enumerate(ones, 1)))
    assert command("show", "--each-repository", "todo").code == 0
    index = texts(command.folder / "todo")["README.md"]
    assert re.findall(r"\b\d+ questions? in ", index) == ["1 question in ", "2 questions in "]


@pytest.mark.parametrize("form", ["json", "csv", "table"])
def test_another_format_is_written_as_well(command: Command, form: str) -> None:
    kept(command, unprotected("web"))
    assert command("show", "--each-repository", "todo", "-f", form).code == 0
    (name,) = set(texts(command.folder / "todo")) - {"README.md"}
    assert name.endswith({"table": "txt"}.get(form, form))


@pytest.mark.parametrize("form", ["sarif", "github"])
def test_formats_that_many_read_name_people_where_that_is_asked_for(
    command: Command, form: str
) -> None:
    kept(command, failed("hazel"), unprotected("web"))
    for more in ((), ("--with-members",)):
        asked = ("show", "--each-repository", "todo", "-f", form, *more)
        assert command(*asked).code == 0
        found = texts(command.folder / "todo")
        (ours,) = [text for name, text in found.items() if name.startswith("github-org-acme")]
        assert ("hazel" in ours) is bool(more)
        assert ("1 finding about a person is left out" in ours) is not bool(more)
    assert command("show", "--each-member", "people", "-f", form).code == 0
    assert "hazel" in (command.folder / "people" / f"hazel.{ENDINGS.get(form, form)}").read_text()


def test_one_line_each_holds_in_each_file(command: Command) -> None:
    kept(command, unprotected("web"))
    lines = {}
    for option in ("--quiet", "--lines"):
        assert command("show", "--each-repository", "todo", "-f", "table", option).code == 0
        (name,) = set(texts(command.folder / "todo")) - {"README.md"}
        lines[option] = texts(command.folder / "todo")[name].splitlines()
    assert lines["--lines"][0] == lines["--quiet"][0]
    assert len(lines["--lines"]) == len(lines["--quiet"]) - 1


def test_a_hostile_name_leads_nowhere_and_is_nobody_else_s(command: Command) -> None:
    names = [*HOSTILE, "../up", "..", "/etc/passwd", "x" * 100_000]
    files = {place_name(Subject("github", "repo", name)) for name in names}
    assert len(files) == len(set(names))
    for file in files:
        assert re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,95}", file), file
    kept(command, *(replace(unprotected("x"), subject=repository(name)) for name in HOSTILE))
    assert command("show", "--each-repository", "todo").code == 0
    assert {path.parent.name for path in (command.folder / "todo").iterdir()} == {"todo"}


def test_a_folder_that_cannot_be_made_and_other_wishes_are_told(command: Command) -> None:
    kept(command, unprotected("web"))
    assert command("show", "--each-repository", "a\0b").code == 2
    (command.folder / "file").write_text("x")
    assert command("show", "--each-repository", "file").code == 2
    for more in (("--unknown",), ("--each-member", "people"), ("-o", "x"), ("GHA101",)):
        ran = command("show", "--each-repository", "todo", *more)
        assert (ran.code, ran.out) == (2, "")
        assert "the whole run" in ran.err
