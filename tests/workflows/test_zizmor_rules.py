"""Each audit of the installed zizmor is used, or left out for a reason."""

from __future__ import annotations

import re

from hardenme.collectors.zizmor import installed
from hardenme.engine.catalogue import catalogue
from hardenme.workflows.zizmor_rules import LEFT_OUT, USED

PAGE = re.compile(rb"docs\.zizmor\.sh/audits/#([a-z-]+)")


def test_no_audit_is_undecided() -> None:
    program = installed()
    assert program is not None
    # In the program a name is followed by what describes it, without anything between.
    found = {name.decode() for name in PAGE.findall(program.read_bytes())}
    decided = USED.keys() | LEFT_OUT.keys()
    assert found
    assert not [name for name in found if not any(name.startswith(known) for known in decided)]
    assert not [name for name in decided if not any(told.startswith(name) for told in found)]


def test_what_is_used_decides_a_check() -> None:
    assert not USED.keys() & LEFT_OUT.keys()
    assert set(USED.values()) <= {check.code for check in catalogue()}
    assert all(LEFT_OUT.values())
