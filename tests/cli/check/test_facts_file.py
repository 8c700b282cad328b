"""What a run read is judged again from a file: the same verdicts, without a token or a network."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from hardenme.engine.replay import NOT_READ
from hardenme.sandbox.http import Reply, Request
from tests.cli.conftest import Accounts

pytestmark = pytest.mark.sampled(16)

DIFFERENT = ("warnings",)
"""What a report that was made again says otherwise."""


def verdicts(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text)
    assert document["findings"]
    return {name: value for name, value in document.items() if name not in DIFFERENT}


def saved(accounts: Accounts, file: Path, *arguments: str) -> str:
    """Run once, keep the facts; returns the report."""
    ran = accounts.check(*arguments, "-f", "json", "--save-facts", str(file))
    assert ran.code in {0, 1, 3}, ran.err
    assert f"what was read is in {file}" in ran.err
    return ran.out


def again(accounts: Accounts, file: Path, *arguments: str) -> Any:
    """Judge the file, with nobody there to be asked."""
    asked = accounts.asked
    ran = accounts.command("check", "--from-facts", str(file), *arguments)
    assert accounts.asked == asked
    return ran


@pytest.mark.sampled(4)
@pytest.mark.parametrize("targets", [("me",), ("github:bramble-labs",)], ids=str)
@pytest.mark.parametrize("depth", ["fast", "deep"])
@pytest.mark.second_tier("two whole runs a case")
def test_an_organization_is_judged_the_same(
    organizations: Accounts, tmp_path: Path, targets: tuple[str, ...], depth: str
) -> None:
    file = tmp_path / "facts.jsonl"
    first = saved(organizations, file, *targets, "--depth", depth)
    ran = again(organizations, file, "-f", "json")
    assert verdicts(ran.out) == verdicts(first)
    assert "judged again from facts that hardenme" in ran.out


@pytest.mark.second_tier("two whole runs")
def test_packages_and_what_people_stated_are_judged_the_same(
    weak: Accounts, tmp_path: Path
) -> None:
    file, shown = tmp_path / "facts.jsonl", weak.check("-f", "json", "--select", "NPA103")
    manual = next(item for item in json.loads(shown.out)["findings"] if item["outcome"] == "manual")
    stated = weak.command(
        "attest",
        *(manual["code"], manual["subject"], "--yes", "--by", "hazel", *weak.urls),
        **weak.tokens,
    )
    assert stated.code == 0, stated.err
    first = saved(weak, file)
    assert '"attested"' in first
    ran = again(weak, file, "-f", "json")
    assert verdicts(ran.out) == verdicts(first)
    assert json.loads(ran.out)["publishing"]["packages"]
    for token in weak.tokens.values():
        assert token not in file.read_text()


def test_other_choices_count_for_what_was_read(weak: Accounts, tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl"
    saved(weak, file, "--select", "GHA")
    ran = again(weak, file, "--select", "GHA104,NPT", "-f", "json", "--profile", "strict")
    document = json.loads(ran.out)
    assert {item["code"] for item in document["findings"]} == {"GHA104"}
    assert document["coverage"]["not_selected"][NOT_READ] > 1
    assert document["profile"] == {"name": "strict", "chosen": False}


def test_what_a_folder_selects_of_it_is_told(weak: Accounts, tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl"
    saved(weak, file, "--select", "GHA")
    (weak.command.folder / "hardenme.toml").write_text('select = ["GHA104"]\n')
    document = json.loads(again(weak, file, "-f", "json").out)
    assert {item["code"] for item in document["findings"]} == {"GHA104"}
    assert [why for why in document["coverage"]["not_selected"] if "hardenme.toml" in why]
    assert [note for note in document["warnings"] if "hardenme.toml" in note and "GHA104" in note]
    quiet = again(weak, file, "--quiet")
    assert "hardenme.toml" in quiet.err


def test_notes_on_the_files_of_then_are_not_those_of_now(weak: Accounts, tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl"
    (weak.command.folder / "hardenme.toml").write_text('select = ["GHA"]\n')
    assert "hardenme.toml" in saved(weak, file)
    (weak.command.folder / "hardenme.toml").unlink()
    assert "hardenme.toml" not in again(weak, file, "-f", "json").out


def test_one_file_is_not_for_both(weak: Accounts) -> None:
    ran = weak.check("--save-facts", "x.json", "-o", "./x.json", "-f", "json")
    assert (ran.code, ran.out, weak.asked) == (2, "", 0)
    assert "cannot hold both the report and what was read" in ran.err
    assert list(weak.command.folder.iterdir()) == []


def test_a_file_that_is_cut_is_not_judged(weak: Accounts, tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl"
    saved(weak, file, "--select", "GHA")
    text = file.read_text()
    file.write_text(text[: text.rindex("\n", 0, -1) - 10])
    ran = again(weak, file)
    assert (ran.code, ran.out) == (2, "")
    assert "was cut" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from-facts", "x", "me"), "leave out a target"),
        (("--from-facts", "x", "--depth", "deep", "--no-local"), "leave out --depth, --local"),
        (("--from-facts", "x"), "x cannot be read: No such file or directory"),
        (("--save-facts", "x", "--resume"), "--save-facts and --resume do not go together"),
        (("--save-facts", "x", "--plan"), "--plan reads nothing"),
        (("--save-facts", "no/such/folder"), "cannot be written"),
    ],
)
def test_what_does_not_go_together_is_said(
    weak: Accounts, arguments: tuple[str, ...], said: str
) -> None:
    ran = weak.command("check", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert weak.asked == 0


@pytest.mark.parametrize("days", [-500, 500])
def test_clocks_that_disagree_leave_every_age_unknown_also_when_judged_again(
    weak: Accounts, tmp_path: Path, days: int
) -> None:
    then = format_datetime(weak.github.world.now + timedelta(days=days), usegmt=True)

    def edit(_: Request, reply: Reply) -> Reply:
        reply.headers["date"] = then
        return reply

    aged = ("--select", "GHA105,GHT104,NPT101")
    known = json.loads(weak.check("-f", "json", *aged).out)
    assert {item["outcome"] for item in known["findings"]} & {"passed", "failed"}
    for server in (weak.github, weak.npm):
        server.fault(".*", edit=edit)
    file = tmp_path / "facts.jsonl"
    first = saved(weak, file, *aged)
    assert verdicts(again(weak, file, "-f", "json", *aged).out) == verdicts(first)
    assert {item["outcome"] for item in json.loads(first)["findings"]} == {"unknown"}
    ran = weak.check(*aged)
    assert ran.code == 3
    assert "No age is counted: set this machine's clock if it is wrong" in " ".join(ran.out.split())


NO_VALUES: tuple[Any, ...] = (..., {}, {"unknown": []}, {"unknown": None, "more": 1})
"""What no field of a fact can be; the first one stands for nothing at all."""
SPOILS = (*NO_VALUES, None, "yes", 1, [], [["a", "b"]])
"""What no field of a fact can be that is a yes or no."""


def spoiled(file: Path, value: Any) -> None:
    """Put a value in place of all that facts tell, and seal the file as hardenme does."""
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    for line in lines:
        for answer in [*line.get("above", ()), *line.get("late", ()), *line.get("answers", ())]:
            for fact in answer["facts"]:
                for name in fact.keys() - {"subject", "within", "label"}:
                    fact[name] = value
                    if value is ...:
                        del fact[name]
    text = "".join(f"{json.dumps(line)}\n" for line in lines[:-1])
    lines[-1]["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    file.write_text(f"{text}{json.dumps(lines[-1])}\n")


def test_facts_that_cannot_be_read_are_unknown_and_never_a_verdict(
    hardened: Accounts, tmp_path: Path
) -> None:
    kept, file = tmp_path / "kept.jsonl", tmp_path / "facts.jsonl"
    first = json.loads(saved(hardened, kept, "--no-local", "--select", "GHA101,NPA104,NPT101"))
    before = {one["code"]: one["outcome"] for one in first["findings"]}
    assert before["GHA101"] == "passed"
    for value in SPOILS:
        file.write_bytes(kept.read_bytes())
        spoiled(file, value)
        ran = again(hardened, file, "-f", "json")
        found = json.loads(ran.out)["findings"]
        assert {one["code"]: one["outcome"] for one in found if one["code"] == "GHA101"} == {
            "GHA101": "unknown"
        }, value
        known = {one["outcome"] for one in found} - {"unknown", "manual"}
        assert not known or value not in NO_VALUES, value
        assert ran.code == 3


@pytest.mark.parametrize("version", [1, 3, "2", None])
def test_a_file_of_another_version_is_not_judged(
    weak: Accounts, tmp_path: Path, version: Any
) -> None:
    file = tmp_path / "facts.jsonl"
    file.write_text(json.dumps({"hardenme_facts": version, "scene": {}}) + "\n")
    ran = again(weak, file)
    assert (ran.code, ran.out) == (2, "")
    assert f"{file} holds no facts that this version of hardenme reads: it" in ran.err
    assert ran.err.count("\n") == 1
