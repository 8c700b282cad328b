"""Another trust root than the public one: only where it is named, and the report says so."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.run_config import run_config
from hardenme.cli.options.trust import LONGEST
from hardenme.cli.options.trust import trust_root as trust_root_in
from hardenme.ground.errors import UsageError
from hardenme.sandbox.npm.scenarios import hardened_maintainer
from hardenme.sandbox.npm.server import npm_sandbox
from hardenme.sandbox.npm.transparency import trust_root
from tests.cli.command import Command

PACKAGE = "npm:@hazel-grove/lantern"


def warnings(path: str) -> tuple[str, ...]:
    values = {"targets": (PACKAGE,), "sigstore_trust_root": path}
    return run_config(OptionValues(values)).warnings


def test_a_file_that_is_named_is_read_and_told(tmp_path: Path) -> None:
    file = tmp_path / "trusted_root.json"
    file.write_text(trust_root())
    assert json.loads(trust_root_in(str(file))) == json.loads(trust_root())
    (warning,) = warnings(str(file))
    assert str(file) in warning
    assert "not the public root" in warning
    assert trust_root_in("") == ""
    assert not warnings("")


@pytest.mark.parametrize("held", [b"", b"[]", b"{", b"\xff", b"{}" + b" " * LONGEST])
def test_a_file_that_holds_none_is_an_error(tmp_path: Path, held: bytes) -> None:
    file = tmp_path / "root.json"
    file.write_bytes(held)
    with pytest.raises(UsageError, match=r"trusted_root\.json"):
        trust_root_in(str(file))


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(UsageError, match="names no file"):
            trust_root_in(str(path))


def test_the_command_verifies_by_it(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "trusted_root.json"
    file.write_text(trust_root())
    now = datetime.now(UTC).replace(microsecond=0)
    with npm_sandbox(hardened_maintainer(now)) as registry:
        asked = ("check", PACKAGE, "--select", "NPP107", "-f", "json", "--no-cache")
        where = ("--npm-registry", registry.url)
        named = command(*asked, *where, "--sigstore-trust-root", str(file))
        public = command(*asked, *where)
    found = json.loads(named.out)
    assert [item["outcome"] for item in found["findings"]] == ["passed"], named.err
    assert any(str(file) in warning for warning in found["warnings"])
    unknown = json.loads(public.out)
    assert [item["outcome"] for item in unknown["findings"]] == ["unknown"], public.err
    assert not unknown["warnings"]
