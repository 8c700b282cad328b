"""What a finding is about, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hardenme.model.subject import Subject
from hardenme.reports.grouping import name_of
from tests.reports.sample import no_provenance

MACHINE = Subject("local", "workstation", "this")


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (MACHINE, "this machine's workstation"),
        (Subject("local", "keyring", "this"), "this machine's keyring"),
        (
            Subject("local", "npm", "/usr/lib/node_modules/npm"),
            "npm /usr/lib/node_modules/npm on this machine",
        ),
        (Subject("local", "npmrc", "~/.npmrc"), "npmrc ~/.npmrc on this machine"),
    ],
    ids=lambda one: one.kind if isinstance(one, Subject) else "",
)
def test_a_thing_of_this_machine_says_so(subject: Subject, words: str) -> None:
    found = replace(no_provenance("cli"), subject=subject, within=MACHINE, label=subject.name)
    assert name_of(found) == words


def test_a_repository_with_such_a_name_is_none() -> None:
    place = Subject("github", "repo", "acme/this")
    found = replace(no_provenance("cli"), subject=place, within=place, label="acme/this")
    assert name_of(found) == "acme/this"
