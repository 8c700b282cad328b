from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Accounts
from tests.reports.test_publishing_drawing import MERMAID


def test_each_format_tells_of_the_same_package(weak: Accounts) -> None:
    package = "mallow-trivet"
    codes = set()
    told = {}
    for form in ("table", "mermaid", "commands", "json"):
        ran = weak.check(f"npm:{package}", "--select", "PUB", "-f", form)
        codes.add(ran.code)
        told[form] = ran.out
    assert codes == {1}
    assert "person mallow" in told["table"]
    assert [one for one in told["mermaid"].splitlines() if not MERMAID.fullmatch(one)] == []
    assert f"package {package}" in told["mermaid"]
    # The registry is not npm's own, so that each command names it.
    for command in json.loads(told["json"])["publishing"]["packages"][0]["steps"]:
        text = command["command"]
        # What asks for a password is not run against whatever registry a report names.
        by_hand = text and text.startswith("npm profile ")
        line = f"#   {text}  (look at it first)" if by_hand else f"  run {text}"
        assert text is None or f"\n{line}\n" in told["commands"]
    assert f"npm access set mfa=publish {package} --registry {weak.npm.url}" in told["commands"]


def test_without_a_package_it_says_so_and_the_exit_code_is_as_usual(
    weak: Accounts, tmp_path: Path
) -> None:
    usual = weak.check("--select", "GHA101", "-f", "json")
    ran = weak.check("--select", "GHA101", "-f", "mermaid")
    empty = "flowchart LR\n  %% No package was looked at\n"
    assert (ran.code, ran.out) == (usual.code, empty)
    assert ran.told == [
        (
            "hardenme: this format shows who can publish, and no package was checked: name "
            "one, as npm:PACKAGE, and leave the PUB checks selected"
        )
    ]
    file = tmp_path / "steps.sh"
    ran = weak.check("--select", "GHA101", "-f", "commands", "-o", str(file))
    assert ran.code == usual.code
    assert "Turn on 2FA on GitHub" in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
