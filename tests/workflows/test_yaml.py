"""YAML is read as GitHub reads it, and a hostile file is refused fast."""

from __future__ import annotations

import time

import pytest
from ruamel.yaml import YAML

from hardenme.ground.errors import ContentError
from hardenme.workflows.yaml import DEEPEST, LARGEST, load

QUICK = 2.0
"""Seconds that a refusal may take on a machine that is busy with other things."""


def test_a_workflow() -> None:
    text = """\
on:
  push:
    branches: [main, "release/**"]
  workflow_dispatch:
permissions: {}
jobs:
  build:
    steps:
      - run: |
          npm ci
          npm test
      - uses: actions/cache@v4 # a comment
        with: {key: 1.20, yes: no, empty: '', nothing: ~}
"""
    assert load(text) == {
        "on": {"push": {"branches": ["main", "release/**"]}, "workflow_dispatch": None},
        "permissions": {},
        "jobs": {
            "build": {
                "steps": [
                    {"run": "npm ci\nnpm test\n"},
                    {
                        "uses": "actions/cache@v4",
                        "with": {"key": "1.20", "yes": "no", "empty": "", "nothing": None},
                    },
                ]
            }
        },
    }


def test_on_is_a_key_and_off_a_word() -> None:
    assert load("on: off\ntrue: false\n") == {"on": "off", "true": "false"}


def test_what_only_the_newer_rules_allow() -> None:
    text = 'with: {registry-url: https://registry.example, "a": "b\\/c"}\n'
    assert load(text) == {"with": {"registry-url": "https://registry.example", "a": "b/c"}}


def test_an_anchor_is_used_again() -> None:
    assert load("a: &x {k: v}\nb: *x\nc: [*x, *x]\n") == {
        "a": {"k": "v"},
        "b": {"k": "v"},
        "c": [{"k": "v"}, {"k": "v"}],
    }


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        ("# only a comment\n", "it is empty"),
        ("a: [b\n", "it is not valid YAML"),
        ("a: b: c\n", "it is not valid YAML"),
        ("a: \x00\n", "it is not valid YAML"),
        ("a: 1\n---\nb: 2\n", "it holds more than one document"),
        ("a: 1\na: 2\n", "it has the same key twice"),
        ("jobs: {}\nJobs: {}\n", "it has the same key twice"),
        ("x: {a: 1, a: 2}\n", "it has the same key twice"),
        ("a: &x {k: v}\nb:\n  <<: *x\n", "it has a key that is not a plain name"),
        ("[a]: b\n", "it has a key that is not a plain name"),
        ("~: b\n", "it has a key that is not a plain name"),
        ("a: !!python/object/apply:os.getcwd []\n", "it has a tag"),
        ("a: !!str b\n", "it has a tag"),
        ("a: b # c\u2028d: e\n", "it contains a line break that parsers read differently"),
        ("a: *x\n", "it has an alias without an anchor before it"),
        ("a: &x [*x]\n", "it has an alias without an anchor before it"),
    ],
)
def test_what_is_not_read(text: str, why: str) -> None:
    with pytest.raises(ContentError, match=why):
        load(text)


def laughs(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param(laughs(9), "more than 50000 values", id="a billion laughs"),
        pytest.param("[" * 100_000, f"nested more than {DEEPEST} deep", id="deep lists"),
        pytest.param("{a: " * 50_000, f"nested more than {DEEPEST} deep", id="deep mappings"),
        pytest.param(
            "\n".join(f"{'  ' * n}a{n}:" for n in range(400)),
            f"nested more than {DEEPEST} deep",
            id="deep blocks",
        ),
        pytest.param("- a\n" * 60_000, "more than 50000 values", id="a long list"),
        pytest.param("a: " + "x" * LARGEST, "larger than 512 KiB", id="a large file"),
        pytest.param("a: " + "é" * (LARGEST // 2), "larger than 512 KiB", id="large in bytes"),
    ],
)
def test_a_hostile_file_is_refused_fast(text: str, why: str) -> None:
    start = time.process_time()
    with pytest.raises(ContentError, match=why):
        load(text)
    assert time.process_time() - start < QUICK


def test_deep_by_aliases_is_deep() -> None:
    chain = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, DEEPEST + 5)]
    with pytest.raises(ContentError, match="deep"):
        load("\n".join(chain))


def test_the_fast_parser_is_there() -> None:
    """Two thousand files are read in a sweep: the parser in C takes a tenth of the time."""
    assert YAML(typ="safe").Parser.__module__.startswith("ruamel.yaml.clib")
